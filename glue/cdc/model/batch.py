"""A batch: the files of one table that are applied together, fixed once, whatever happens to the run that fixed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

#: Before every object.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

#: What became of a file: its rows were applied; another object took its key before it was read (that one is a file of
#: its own); it was gone; it could not be read; no task of ours wrote it for this table; an operator gave it up.
APPLIED, SUPERSEDED, GONE, UNREADABLE, FOREIGN, ABANDONED = (
    "applied",
    "superseded",
    "gone",
    "unreadable",
    "foreign",
    "abandoned",
)


@dataclass(frozen=True, order=True)
class StoredObject:
    """An object as a listing shows it: key, ETag without quotes, size in bytes, time of its last change in UTC."""

    key: str
    etag: str
    size: int
    modified: datetime = BEGINNING

    @property
    def name(self) -> str:
        """The last part of the key."""
        return self.key.rsplit("/", 1)[-1]


class Kind(StrEnum):
    """What a batch is made of."""

    #: Raw files.
    FILES = "files"
    #: Nothing: it makes the tables of a source table that has no rows.
    CREATE = "create"
    #: The rows that a complete load did not have and nothing touched since.
    GHOSTS = "ghosts"


@dataclass(frozen=True)
class Batch:
    """A plan.

    Attributes:
        number: Counts the batches of its table, from 1.
        files: In the order in which they apply.
        epoch: Counts the beginnings of the source's log: positions of different epochs cannot be compared.
        attempts: Runs that began it.
        planned: When it was fixed.
        run: The run that began it last.
        kind: What it is made of.
    """

    number: int
    files: tuple[StoredObject, ...]
    epoch: int = 0
    attempts: int = 1
    planned: datetime = BEGINNING
    run: str = ""
    kind: Kind = Kind.FILES

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(item.size for item in self.files)


@dataclass(frozen=True)
class FileStatistics:
    """What one raw file held and what became of it (``APPLIED`` and so on), for the ledger.

    Attributes:
        rejected_rows: Of ``rows`` those that could not be taken.
    """

    file: StoredObject
    rows: int = 0
    inserts: int = 0
    updates: int = 0
    deletes: int = 0
    rejected_rows: int = 0
    status: str = APPLIED
    reason: str = ""

    @property
    def rejected(self) -> bool:
        """Whether the file as a whole could not be taken."""
        return self.status in (GONE, UNREADABLE, FOREIGN, ABANDONED)


@dataclass(frozen=True)
class DoneMark:
    """A batch of a table that is finished.

    Attributes:
        mark: Highest order in the table's log (``changes.order``); None while it has no row.
        stale: Rows of newer files that were older than what the table or the log had.
        by_position: Whether the table is ordered by log positions; False from the first that could not be read.
        kind: What the batch was to its table: ``first``, ``changes``, ``ghosts`` and so on.
        log_snapshot, table_snapshot: Snapshots of the log and the table that have the batch; None where none was made.
    """

    batch: int
    table: str
    run: str
    mark: str | None
    files: tuple[FileStatistics, ...]
    stale: int = 0
    by_position: bool = True
    log_snapshot: int | None = None
    table_snapshot: int | None = None
    applied: datetime = BEGINNING
    kind: str = ""

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(item.rows for item in self.files)

    @property
    def rejected_rows(self) -> int:
        """Rows of all files that could not be taken."""
        return sum(item.rejected_rows for item in self.files)
