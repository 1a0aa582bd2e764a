"""What can go wrong, by name. Each message says what, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping


class CdcError(Exception):
    """Base of every error that this package raises itself."""


class ConfigError(CdcError):
    """The configuration is wrong; nothing was read or written."""


class ArgumentError(CdcError):
    """An argument of the job is unknown or malformed; nothing was read or written."""


class StorageError(CdcError):
    """S3 did a part of what it was asked, and says which part it did not."""


class StateError(CdcError):
    """A state object cannot be used by this job; its table is left as it is."""


class ContractError(CdcError):
    """A raw file is not as DMS must write it; its table's batch stays unfinished and nothing of it is lost."""


class SchemaChangedError(CdcError):
    """A raw file has other columns than its table; the batch stays unfinished until the table follows."""


class LookupFailedError(CdcError):
    """What a table looks columns up in cannot be used; its batch stays unfinished and is tried again."""


class ExpectationError(CdcError):
    """Rows break what the configuration says must hold; the batch stays unfinished and nothing of it is applied."""


class CommitLostError(CdcError):
    """Another writer committed to a table first."""


class BatchChangedError(CdcError):
    """The batch is not open any more, or another run cut it; this run must not carry it out."""


class TooManyRowsError(CdcError):
    """The files of a batch have more rows than one batch may have.

    Attributes:
        files: How many of them, from the first, a batch may have.
    """

    def __init__(self, files: int) -> None:
        self.files = files
        super().__init__(f"The batch has more rows than one may have; {files} of its files do not.")


class TablesFailedError(CdcError):
    """One or more tables failed; the others are done."""

    def __init__(self, failures: Mapping[str, Exception]) -> None:
        self.failures = dict(failures)
        reasons = "; ".join(f"{table}: {reason(failure)}" for table, failure in sorted(failures.items()))
        super().__init__(f"{len(failures)} table(s) failed, their batches come first in the next run. {reasons}")


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
