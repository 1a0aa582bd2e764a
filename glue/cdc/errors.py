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
        reasons = "; ".join(
            f"{table}: {type(reason).__name__}: {_first_line(reason)}" for table, reason in sorted(failures.items())
        )
        super().__init__(f"{len(failures)} table(s) failed, their batch comes first in the next run. {reasons}")


def _first_line(reason: Exception) -> str:
    return next(iter(str(reason).splitlines()), "")
