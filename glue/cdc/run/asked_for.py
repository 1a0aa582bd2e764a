"""Batches that an operator asked for: a table made anew, keys erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from cdc.events import event
from cdc.model.batch import Batch, DoneMark, Kind
from cdc.model.config import Table
from cdc.model.table_state import TableState
from cdc.run.erase import erase
from cdc.run.rebuild import rebuild
from cdc.run.surroundings import Surroundings


def carry_out(
    around: Surroundings, table: Table, state: TableState, batch: Batch, is_open: Callable[[], None]
) -> DoneMark:
    """Does what the batch is for; doing it again gives the same.

    Args:
        is_open: Raises if this run must not carry out the batch any more.
    """
    mark = DoneMark(
        batch.number,
        table.qualified,
        around.run,
        state.mark,
        (),
        by_position=state.by_position,
        applied=datetime.now(UTC),
        kind=batch.kind,
    )
    if batch.kind is Kind.ERASE:
        erase(around, table, batch.number, is_open)
        return mark
    done = rebuild(around, table, batch.number, is_open)
    event(
        "rebuilt",
        run=around.run,
        table=table.qualified,
        rows=done.rows,
        changed=done.changed,
        masked=", ".join(done.masked) or "nothing new",
        text="the log keeps the values that it has",
    )
    return replace(mark, table_snapshot=done.snapshot)
