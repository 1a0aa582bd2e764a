"""What can go wrong, by name. Each message says what, where, and what to do."""


class CdcError(Exception):
    """Base of every error that this package raises itself."""


class ConfigError(CdcError):
    """The configuration is wrong; nothing was read or written."""


class ContractError(CdcError):
    """A raw file is not as DMS must write it; its table's batch stays unfinished and nothing of it is lost."""


class SchemaChangedError(CdcError):
    """A raw file has other columns than its table; the batch stays unfinished until the table follows."""


class MainMovedError(CdcError):
    """Another writer committed to a table while a batch was applied, more often than it was tried again."""


class TablesFailedError(CdcError):
    """One or more tables of a batch failed; the others are done."""

    def __init__(self, failures: dict[str, Exception]) -> None:
        self.failures = failures
        reasons = "; ".join(f"{table}: {reason(failure)}" for table, failure in sorted(failures.items()))
        super().__init__(f"{len(failures)} table(s) failed, their batch comes first in the next run. {reasons}")


def reason(failure: BaseException) -> str:
    """One line that says what a failure is: its kind and message, and for one of Java's those of its root cause."""
    java = getattr(failure, "java_exception", None)
    if java is None:
        return f"{type(failure).__name__}: {_first_line(str(failure))}"
    # "An error occurred while calling o81.overwrite" is all that py4j says in its first line.
    while (cause := java.getCause()) is not None:
        java = cause
    return f"{java.getClass().getSimpleName()}: {_first_line(java.getMessage() or '')}"


def _first_line(text: str) -> str:
    return next(iter(text.splitlines()), "")
