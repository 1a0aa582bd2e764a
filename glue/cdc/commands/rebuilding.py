"""The table that equals its source is made anew from its log, in a batch of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from cdc.commands.names import table_named
from cdc.errors import ArgumentError
from cdc.model.batch import Kind
from cdc.model.config import Config
from cdc.run import rebuild as rebuilding
from cdc.run.report import RunResult
from cdc.run.run import Run
from cdc.spark import LazySession
from cdc.state import again
from cdc.state.store import StateStore
from cdc.storage import Storage
from cdc.tables import catalog


def rebuild(
    config: Config, storage: Storage, session: LazySession, name: str, run: str, time_budget: float = 1500
) -> RunResult:
    """Makes a table anew, in a run over it.

    It is a batch like any other: other runs wait for it or finish it, and readers see the table before or after it.

    Args:
        name: Qualified name of the table.

    Raises:
        ArgumentError: There is no such table, or it has no key or no log.
        StateError: It cannot be made from its log.
    """
    table = table_named(config, "--rebuild", name)
    if not table.primary_key:
        raise ArgumentError(f"--rebuild {name}: the table has no key, so there is only its log and nothing to rebuild.")
    spark = session.get()
    log = catalog.find(spark, config.log(table))
    if log is None:
        raise ArgumentError(f"--rebuild {name}: there is no {config.log(table)} to make it from. Reload it by DMS.")
    catalog.refresh(spark, config.log(table))
    # Before anything is planned: a batch that can never end would hold the table up.
    rebuilding.check(spark.table(config.log(table)), table)
    store = StateStore(storage, config)
    now = datetime.now(UTC)
    store.change(table, store.read(table), lambda state: again.plan(state, [], Kind.REBUILD, state.epoch, now, run))
    return Run(config, storage, session, time_budget=time_budget, tables={name}, patient=False).carry_out()
