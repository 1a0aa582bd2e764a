"""Files, states and marks of one table, for tests of what is planned and done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cdc.model.batch import Batch, DoneMark, FileStatistics, StoredObject
from cdc.model.table_state import TableState
from cdc.state import planner
from cdc.state.planner import Limits

FOLDER = "raw/public/people/"
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
LIMITS = Limits()


def file(at: datetime, etag: str = "e", modified: datetime | None = None, size: int = 10) -> StoredObject:
    """A change file of a time, written a second later unless said otherwise."""
    return StoredObject(f"{FOLDER}{at:%Y%m%d-%H%M%S}000.parquet", etag, size, modified or at + timedelta(seconds=1))


def load(number: int, modified: datetime, etag: str = "e") -> StoredObject:
    return StoredObject(f"{FOLDER}LOAD{number:08X}.parquet", etag, 10, modified)


def planned(state: TableState, listed: Sequence[StoredObject], limits: Limits = LIMITS, run: str = "r") -> TableState:
    state_after = planner.plan(state, listed, limits, NOON, run)
    assert state_after is not None
    return state_after


def mark(batch: Batch, order: str | None = "0000: 1", status: str = "applied") -> DoneMark:
    files = tuple(FileStatistics(item, status=status) for item in batch.files)
    return DoneMark(batch.number, "public.people", batch.run, order, files)


def done(state: TableState, order: str = "0000: 1") -> TableState:
    for batch in state.open:
        after = planner.finished(state, mark(batch, order), batch)
        assert after is not None
        state = after
    return state


EMPTY = TableState("public.people")
