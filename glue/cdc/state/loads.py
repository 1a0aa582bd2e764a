"""What a table's state says of its full loads: which is the latest, whether it is complete, what it left behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cdc.model.batch import APPLIED, Batch, DoneMark, Kind, StoredObject
from cdc.model.table_state import Load, LoadReport, TableState
from cdc.raw.names import is_load


def reported(state: TableState, report: LoadReport, version: str, fresh: Iterable[StoredObject]) -> TableState | None:
    """What a report of a load says of the table; None when it says nothing yet.

    A load without rows has no file to begin its epoch. All that was written before it belongs to the time before, and
    must be planned first.

    Args:
        version: Name and ETag of the report.
        fresh: The raw files that are not planned yet.
    """
    load, seen = state.load, replace(state, reported=version)
    if report.complete is None or (load is not None and report.complete < load.began):
        return seen
    if load is None or report.started > load.began:
        # With rows it is known by its files, which are not planned yet.
        return _begun_without_rows(state, report, version, fresh) if report.rows == 0 else None
    if load.complete:
        return seen
    waits = load.rows < report.rows or any(is_load(item.name) for item in fresh)
    return None if waits else replace(seen, load=replace(load, complete=True))


def _begun_without_rows(
    state: TableState, report: LoadReport, version: str, fresh: Iterable[StoredObject]
) -> TableState | None:
    if any(item.modified < report.started for item in fresh):
        return None
    epoch = state.epoch + 1 if state.number else state.epoch
    load = Load(epoch, report.started, complete=True)
    return replace(state, epoch=epoch, load=load, reported=version, first_load="", last_load="")


def has_ghosts(state: TableState) -> bool:
    """Whether rows of a time before the latest load may still be in the table, and the load is complete."""
    return state.load is not None and state.load.complete and not state.load.ghosts and state.load.epoch > 0


def without_ghosts(state: TableState) -> TableState:
    """The latest load has left nothing behind: there is no table but the log."""
    return state if state.load is None else replace(state, load=replace(state.load, ghosts=True))


def without_old_loads(state: TableState, found: list[StoredObject]) -> tuple[TableState, list[StoredObject]]:
    """Files of a load that another load replaced before they were planned count as known."""
    again = next((item for item in found if is_first_load(item) and state.first_load), None)
    if again is None:
        return state, found
    old = {item.name: item for item in found if is_load(item.name) and item.modified < again.modified}
    return replace(state, known={**state.known, **old}), [item for item in found if item.name not in old]


def load_after(state: TableState, mark: DoneMark, batch: Batch) -> Load | None:
    """The latest load when a batch is done."""
    load = state.load
    if load is None or batch.epoch != load.epoch:
        return load
    if batch.kind is Kind.GHOSTS:
        return replace(load, ghosts=True)
    rows = sum(item.rows for item in mark.files if is_load(item.file.name) and item.status == APPLIED)
    return replace(load, rows=load.rows + rows)


def is_first_load(item: StoredObject) -> bool:
    """Whether a file is the first of a full load."""
    return is_load(item.name) and int(item.name[4:12], 16) == 1
