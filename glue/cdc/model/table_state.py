"""What a run knows of a table from the runs before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cdc.model.batch import BEGINNING, Batch, StoredObject


@dataclass(frozen=True)
class Sweep:
    """How far the slow listing of everything is that finds files which came days late.

    Attributes:
        begun: When this round began.
        cursor: The name behind which the next slice begins; None between two rounds.
        compared: When the round before began: what was there then was compared by it.
    """

    begun: datetime = BEGINNING
    cursor: str | None = None
    compared: datetime = BEGINNING


@dataclass(frozen=True)
class Failure:
    """The last failure of a table whose batch is still open.

    Attributes:
        error: One line.
        fingerprint: The same for errors that differ in numbers and names alone.
        count: How often in a row.
        at: When.
        not_before: Until then no run tries again.
    """

    error: str
    count: int
    at: datetime
    fingerprint: str = ""
    not_before: datetime = BEGINNING


@dataclass(frozen=True)
class Load:
    """The latest full load of a table.

    Attributes:
        epoch: Of its rows.
        began: When its first file was written; a load without rows: when DMS began it.
        rows: Of its files that are finished.
        complete: Whether all of it is known to be finished.
        ghosts: Whether what it did not have was taken out of the table.
    """

    epoch: int
    began: datetime
    rows: int = 0
    complete: bool = False
    ghosts: bool = False


@dataclass(frozen=True)
class LoadReport:
    """What who watches the task wrote of a load (``_cdc/loads/``): when DMS began and ended it, and its rows."""

    name: str
    started: datetime
    complete: datetime | None
    rows: int


@dataclass(frozen=True)
class TableState:
    """What is planned and done, as a watermark with exceptions.

    A file is known if it was last changed before ``settled``, or is in ``known``, or belongs to an open batch; but not
    if it is in ``left``.

    Attributes:
        table: Qualified name.
        number: Number of the latest batch.
        epoch: Of files that are planned next.
        mark: Highest order in the log (``changes.order``); None before its first row.
        by_position: Whether log positions could be read so far.
        applied: Name of the latest change file that is finished.
        reached: Time of the latest change file as names spell it; listings begin a while before it.
        settled: The watermark, a time of last change.
        known: Name → finished file, of those that are younger than the watermark.
        left: Files that were taken out of a batch that proved too big, and wait for their next.
        first_load: ETag of the first full-load file that was applied; another one under that name is a reload.
        last_load: Name of the latest full-load file that is planned.
        open: Batches that are not finished, oldest first.
        load: The latest full load; None before the first.
        reported: Name and ETag of the latest report of a load that was looked at.
        made: Whether the tables are there.
        sweep: The slow listing.
        failure: The latest failure; None when the latest attempt went well.
    """

    table: str
    number: int = 0
    epoch: int = 0
    mark: str | None = None
    by_position: bool = True
    applied: str = ""
    reached: str = ""
    settled: datetime = BEGINNING
    known: Mapping[str, StoredObject] = field(default_factory=dict)
    left: tuple[StoredObject, ...] = ()
    first_load: str = ""
    last_load: str = ""
    open: tuple[Batch, ...] = ()
    load: Load | None = None
    reported: str = ""
    made: bool = False
    sweep: Sweep = field(default_factory=Sweep)
    failure: Failure | None = None
