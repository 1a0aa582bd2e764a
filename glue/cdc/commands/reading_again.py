"""Raw files that were read before are read again, as a batch of their own behind those that are open.

The log knows each change by its place, key and operation: what it has already is dropped, what is older than the
table's row of its key changes nothing there. So a file may be read any number of times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import functions as F

from cdc.commands.names import file_named
from cdc.errors import ArgumentError
from cdc.events import event
from cdc.model.batch import APPLIED, Kind, StoredObject
from cdc.model.columns import FILE, POSITION
from cdc.model.config import Config, Table
from cdc.model.table_state import TableState
from cdc.raw.names import in_order, is_load
from cdc.run.report import RunResult
from cdc.run.run import Run
from cdc.spark import LazySession
from cdc.state import again, planner
from cdc.state.planner import Limits
from cdc.state.store import StateStore
from cdc.storage import Storage
from cdc.tables import catalog, ledger


def from_file(
    config: Config, storage: Storage, session: LazySession, text: str, run: str, time_budget: float = 1500
) -> RunResult:
    """Reads one raw file, whatever the state says of it, in a run over its table.

    Args:
        text: Its key, or its location.

    Raises:
        ArgumentError: There is no such file, or reading it again could do harm.
    """
    table, file = file_named(config, storage, "--from_file", text)
    refusal = why_not(config, session, table, StateStore(storage, config).read(table).state, file)
    if refusal is not None:
        raise ArgumentError(f"--from_file {file.key} cannot be read again: {refusal}.")
    plan(config, storage, session, table, [file], run)
    return Run(config, storage, session, time_budget=time_budget, tables={table.qualified}, patient=False).carry_out()


def why_not(config: Config, session: LazySession, table: Table, state: TableState, file: StoredObject) -> str | None:
    """Why a file must not be read again; None when it may."""
    if state.number == 0:
        return "no run has planned a file of its table yet. Start the job without options: it reads all files"
    if not is_load(file.name):
        return None
    if any(item.key == file.key for item in planner.fresh(state, [file])):
        return "it is of a load that is not planned yet. Start the job without options: it takes the load as a whole"
    if not table.primary_key and _is_applied(config, session, table, file):
        return (
            "its table has no key, so its rows cannot be told from those that are in the log already. Reload the "
            "table, if rows are missing"
        )
    return None


@dataclass(frozen=True)
class Planned:
    """Batches of files that are read again.

    Attributes:
        numbers: Of the batches.
    """

    table: Table
    files: tuple[StoredObject, ...]
    numbers: tuple[int, ...]


def plan(
    config: Config,
    storage: Storage,
    session: LazySession,
    table: Table,
    files: Iterable[StoredObject],
    run: str,
    limits: Limits | None = None,
) -> Planned:
    """Fixes batches of the files, each file once more in the epoch that it was of."""
    ordered, now = in_order(files), datetime.now(UTC)
    epochs = _epochs(config, session, table, ordered)
    applied = _applied(config, session, table, ordered)
    numbers: list[int] = []

    def planned(state: TableState) -> TableState:
        numbers.clear()
        groups: dict[tuple[int, Kind], list[StoredObject]] = {}
        for item in ordered:
            # A file that was never taken is counted with its load; one that is read again was.
            kind = Kind.AGAIN if (item.key, item.etag) in applied else Kind.FILES
            groups.setdefault((epochs.get(item.key, again.epoch_by_time(state, item)), kind), []).append(item)
        for (epoch, kind), found in sorted(groups.items()):
            for portion in again.in_portions(found, limits or Limits()):
                state = again.plan(state, portion, kind, epoch, now, run)
                numbers.append(state.number)
        return state

    store = StateStore(storage, config)
    store.change(table, store.read(table), planned)
    for number in numbers:
        event("planned", run=run, batch=number, table=table.qualified, kind=Kind.AGAIN, files=len(ordered))
    return Planned(table, tuple(ordered), tuple(numbers))


def _epochs(config: Config, session: LazySession, table: Table, files: Sequence[StoredObject]) -> Mapping[str, int]:
    """The epochs of files of which the log has rows."""
    log = catalog.find(session.get(), config.log(table))
    if log is None:
        return {}
    of_file = log.where(F.col(FILE).isin([item.key for item in files])).groupBy(FILE)
    rows = of_file.agg(F.max(F.split_part(F.col(POSITION), F.lit(":"), F.lit(1)).cast("int")).alias("epoch")).collect()
    return {row[FILE]: row["epoch"] for row in rows}


def _applied(config: Config, session: LazySession, table: Table, files: Sequence[StoredObject]) -> set[tuple[str, str]]:
    keys = [item.key for item in files]
    return ledger.finished(session.get(), config.ledger, table.qualified, keys, status=APPLIED)


def _is_applied(config: Config, session: LazySession, table: Table, file: StoredObject) -> bool:
    return (file.key, file.etag) in _applied(config, session, table, [file])
