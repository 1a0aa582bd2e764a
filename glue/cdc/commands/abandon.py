"""Gives up an open batch whose files will never be right, so that the table goes on with the next."""

from __future__ import annotations

from datetime import UTC, datetime

from cdc.commands.names import table_named
from cdc.errors import ArgumentError
from cdc.events import event
from cdc.model.batch import ABANDONED, DoneMark, FileStatistics
from cdc.model.config import Config
from cdc.spark import LazySession
from cdc.state import planner
from cdc.state.store import StateStore
from cdc.storage import Storage
from cdc.tables import catalog, commit, ledger

_REASON = "Given up by --abandon: reload the table, or put its files again."


def abandon(config: Config, storage: Storage, session: LazySession, batch: int, table: str, run: str) -> DoneMark:
    """Ends an open batch without its files. What an earlier try of it wrote to the log is taken out.

    Args:
        table: Qualified name.
        run: Names a branch and the mark.

    Returns:
        The mark that says so; the ledger has the files with the status ``abandoned``.

    Raises:
        ArgumentError: There is no such table, or the batch is not open.
    """
    found = table_named(config, "--abandon", table)
    store = StateStore(storage, config)
    stored = store.read(found)
    plan = planner.open_batch(stored.state, batch)
    if plan is None:
        numbers = ", ".join(str(item.number) for item in stored.state.open) or "none"
        raise ArgumentError(f"Batch {batch} of {table} is not open; open is {numbers}.")
    spark = session.get()
    if (log := catalog.find(spark, config.log(found))) is not None:
        base = catalog.snapshot(spark, config.log(found))
        commit.replace_rows(log.limit(0), config.log(found), f"_batch = {batch}", base, batch, f"{run}_abandon")
    mark = DoneMark(
        batch,
        table,
        run,
        stored.state.mark,
        tuple(FileStatistics(item, status=ABANDONED, reason=_REASON) for item in plan.files),
        by_position=stored.state.by_position,
        applied=datetime.now(UTC),
    )
    ledger.write(spark, config.ledger, mark)
    store.record(mark)
    store.change(found, stored, lambda state: planner.finished(state, mark, plan))
    event("abandoned", run=run, batch=batch, table=table, files=len(plan.files))
    return mark
