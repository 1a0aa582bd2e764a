"""Batches that operators ask for: files that are read again, tables that are made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cdc.model.batch import Batch, Kind, StoredObject
from cdc.model.table_state import TableState
from cdc.state.planner import Limits


def plan(
    state: TableState, files: Sequence[StoredObject], kind: Kind, epoch: int, now: datetime, run: str
) -> TableState:
    """Fixes one more batch, behind those that are open. What is new in the raw bucket stays new."""
    batch = Batch(state.number + 1, tuple(files), epoch, planned=now, run=run, kind=kind)
    keys = {item.key for item in files}
    left = tuple(item for item in state.left if item.key not in keys)
    return replace(state, number=batch.number, left=left, open=(*state.open, batch))


def epoch_by_time(state: TableState, item: StoredObject) -> int:
    """The epoch of a file none of whose rows is in the log: one written before the latest load is of the time before
    it."""
    load = state.load
    is_old = load is not None and load.epoch > 0 and item.modified < load.began
    return load.epoch - 1 if load is not None and is_old else state.epoch


def in_portions(files: Sequence[StoredObject], limits: Limits) -> list[list[StoredObject]]:
    """The files in order, as many at once as one batch may have."""
    portions: list[list[StoredObject]] = []
    size = 0
    for item in files:
        if not portions or len(portions[-1]) == limits.files or size + item.size > limits.bytes:
            portions.append([])
            size = 0
        portions[-1].append(item)
        size += item.size
    return portions
