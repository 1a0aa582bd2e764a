"""Tells what a run would plan and decide, and writes nothing: no state, no table, no file."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cdc.model.config import Config, Table
from cdc.run.preview import Preview, preview
from cdc.run.scan import Scanner
from cdc.run.surroundings import Surroundings
from cdc.spark import LazySession, heap
from cdc.state.planner import Limits
from cdc.state.store import StateStore
from cdc.storage import Storage


def dry_run(
    config: Config,
    storage: Storage,
    session: LazySession,
    tables: Iterable[Table],
    run: str,
    salt: Callable[[], str],
    limits: Limits | None = None,
) -> list[Preview]:
    """Each table's next batch as a run would carry it out now.

    Args:
        salt: Asked for by tables that hash.
    """
    most = limits or Limits()
    store = StateStore(storage, config)
    spark = session.get()
    around = Surroundings(spark, storage, config, salt, run, heap(spark) // 10, most.rows, lambda _: None)
    scanner = Scanner(storage, store, config, session, most, run, lambda _: None)
    return preview(around, store, scanner, tables)
