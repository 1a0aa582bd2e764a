"""What a table's state becomes: pure functions of the state and of what was seen.

Files are told apart by key and ETag. All that was last changed before the watermark is known, so what must be
remembered is only what finished within ``SETTLES``: an upload shows the time at which it began, and may appear later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from cdc.model.batch import APPLIED, GONE, Batch, DoneMark, Kind, StoredObject
from cdc.model.table_state import Load, Sweep, TableState
from cdc.raw.names import AHEAD, SLACK, in_order, is_load, named_time, reached
from cdc.state.loads import is_first_load, load_after, without_old_loads

#: An upload takes less than this; so long a finished file is remembered by name.
SETTLES = timedelta(hours=3)

#: How often everything is listed, a slice a run.
SWEEP_EVERY = timedelta(days=1)

#: Runs that may begin a batch whole; each later one takes half of what is left of it.
WHOLE_ATTEMPTS = 2


@dataclass(frozen=True)
class Limits:
    """What one batch may hold, one file at the least."""

    files: int = 1000
    bytes: int = 256 * 1024 * 1024
    rows: int = 10_000_000


def fresh(state: TableState, listed: Iterable[StoredObject]) -> list[StoredObject]:
    """The listed files that are neither done nor planned, and those left over, in the order in which they apply."""
    planned = _planned(state)
    found = {
        item.key: item
        for item in listed
        if item.modified >= state.settled
        and not ((known := state.known.get(item.name)) and known.etag == item.etag)
        and (item.key, item.etag) not in planned
    }
    left = {item.key: item for item in state.left}
    return in_order((left | found).values())


def plan(
    state: TableState, listed: Sequence[StoredObject], limits: Limits, now: datetime, run: str
) -> TableState | None:
    """Fixes the table's next batch; None when nothing is new.

    Args:
        listed: The raw files of the window, all of them.
    """
    found = fresh(state, listed)
    if not found:
        return None
    state, found = without_old_loads(state, found)
    if not found:
        return None
    epoch, candidates = _of_one_epoch(state, found)
    taken = _limited(candidates, limits)
    chosen = {item.key for item in taken}
    rest = [item.modified for item in found if item.key not in chosen]
    youngest = max((item.modified for item in listed), default=state.settled)
    # What was not taken must stay above the watermark.
    settled = max(state.settled, min([youngest - SETTLES, *rest], default=state.settled))
    known = {name: item for name, item in state.known.items() if item.modified >= settled}
    return _with_batch(replace(state, settled=settled, known=known), taken, epoch, now, run)


def plan_other(state: TableState, kind: Kind, now: datetime, run: str) -> TableState:
    """Fixes a batch without files."""
    epoch = state.load.epoch if kind is Kind.GHOSTS and state.load is not None else state.epoch
    return _with_batch(state, [], epoch, now, run, kind)


def plan_late(
    state: TableState, late: Sequence[StoredObject], limits: Limits, now: datetime, run: str
) -> TableState | None:
    """Fixes a batch of files that the sweep found; None when it found none. The window does not move."""
    known = _planned(state)
    found = [item for item in in_order(late) if (item.key, item.etag) not in known]
    if not found:
        return None
    # The cursor goes behind the last one that is taken, so none before it may be left out.
    epoch = _epoch_of(state, found[0])
    candidates = list(takewhile(lambda item: _epoch_of(state, item) == epoch, found))
    return _with_batch(state, _limited(candidates, limits), epoch, now, run)


def begun(state: TableState, number: int, run: str) -> TableState:
    """A run begins an open batch; one that was begun in vain too often is cut in half, the rest planned anew.

    The number stays: a late run that still carries out the whole batch meets the smaller one in the log, and loses.
    """
    batch = open_batch(state, number)
    if batch is None or batch.run == run:
        return state
    attempts = batch.attempts + 1
    kept = len(batch.files) if attempts <= WHOLE_ATTEMPTS else max(1, len(batch.files) // 2)
    return _cut(state, replace(batch, attempts=attempts, run=run), kept)


def cut(state: TableState, number: int, files: int) -> TableState:
    """Leaves so many files in an open batch; the others are planned anew."""
    batch = open_batch(state, number)
    return state if batch is None else _cut(state, batch, files)


def finished(state: TableState, mark: DoneMark, batch: Batch) -> TableState | None:
    """The batch is done as it was carried out; None when it is not open any more, or is another one by now."""
    still = open_batch(state, mark.batch)
    if still is None or still.files != batch.files:
        return None
    # A file that was gone is welcome when it is back, even with the same bytes.
    there = [item.file for item in mark.files if item.status != GONE]
    done = {item.name: item for item in there if item.modified >= state.settled}
    first = [item.file.etag for item in mark.files if is_first_load(item.file) and item.status == APPLIED]
    switched = state.by_position and not mark.by_position
    return replace(
        state,
        mark=mark.mark if state.mark is None or mark.mark is None else max(state.mark, mark.mark),
        by_position=state.by_position and mark.by_position,
        # Rows by position and rows without one cannot be compared: what comes from now on is later.
        epoch=state.epoch + 1 if switched and state.mark is not None else state.epoch,
        applied=max([state.applied, *(item.file.name for item in mark.files if not is_load(item.file.name))]),
        known={**state.known, **done},
        first_load=first[-1] if first else state.first_load,
        open=tuple(item for item in state.open if item.number != mark.batch),
        load=load_after(state, mark, batch),
        made=True,
        failure=None,
    )


def open_batch(state: TableState, number: int) -> Batch | None:
    """The open batch of a number."""
    return next((batch for batch in state.open if batch.number == number), None)


def sweep_is_due(state: TableState, now: datetime) -> bool:
    """Whether a slice of the slow listing is due: once a day, and as long as a round is not through."""
    return bool(state.reached) and (state.sweep.cursor is not None or now - state.sweep.begun >= SWEEP_EVERY)


def late_candidates(state: TableState, old: Iterable[StoredObject]) -> list[StoredObject]:
    """Of a slice of old names those that no listing of a window can have shown, nor the round before.

    A window begins ``SLACK`` before the latest name, which may be ``AHEAD`` of its time; and a file may appear
    ``SETTLES`` after the time that it shows. So far behind that time a name was still in the window.
    """
    surely_listed = SLACK - AHEAD - SETTLES
    return [
        item
        for item in old
        if item.modified >= state.sweep.compared - SETTLES
        and ((named := named_time(item.name)) is None or item.modified - named >= surely_listed)
    ]


def swept(state: TableState, cursor: str | None, now: datetime) -> TableState:
    """A slice was compared.

    Args:
        cursor: The last name that was; None when the round is through.
    """
    begun = state.sweep.begun if state.sweep.cursor is not None else now
    compared = begun if cursor is None else state.sweep.compared
    return replace(state, sweep=Sweep(begun, cursor, compared))


def _of_one_epoch(state: TableState, found: list[StoredObject]) -> tuple[int, list[StoredObject]]:
    again = next((item for item in found if is_first_load(item) and state.first_load), None)
    if again is not None:
        # The table is loaded anew. What DMS wrote before still belongs to the time before.
        before = [item for item in found if not is_load(item.name) and item.modified < again.modified]
        return (state.epoch, before) if before else (state.epoch + 1, found)
    epoch = min(_epoch_of(state, item) for item in found)
    return epoch, [item for item in found if _epoch_of(state, item) == epoch]


def _epoch_of(state: TableState, item: StoredObject) -> int:
    """Of a file that begins no load: one written before the latest load began is of the time before it."""
    load = state.load
    is_late = load is not None and load.epoch > 0 and not is_load(item.name) and item.modified < load.began
    return load.epoch - 1 if load is not None and is_late else state.epoch


def _limited(files: Sequence[StoredObject], limits: Limits) -> list[StoredObject]:
    taken: list[StoredObject] = []
    size = 0
    for item in files:
        size += item.size
        if taken and (len(taken) == limits.files or size > limits.bytes):
            break
        taken.append(item)
    return taken


def _with_batch(
    state: TableState,
    files: Sequence[StoredObject],
    epoch: int,
    now: datetime,
    run: str,
    kind: Kind = Kind.FILES,
) -> TableState:
    batch = Batch(state.number + 1, tuple(files), epoch, planned=now, run=run, kind=kind)
    loads, keys = [item.name for item in files if is_load(item.name)], {item.key for item in files}
    sweep = state.sweep if state.number else Sweep(begun=now, compared=state.sweep.compared)
    load = state.load
    first = [item.modified for item in files if is_load(item.name)]
    if first and (load is None or epoch > load.epoch):
        load = Load(epoch, min(first))
    return replace(
        state,
        number=batch.number,
        epoch=max(epoch, state.epoch),
        load=load,
        reached=reached(files, state.reached),
        left=tuple(item for item in state.left if item.key not in keys),
        last_load=max([state.last_load if epoch == state.epoch else "", *loads]),
        open=(*state.open, batch),
        sweep=sweep,
    )


def _cut(state: TableState, batch: Batch, kept: int) -> TableState:
    shorter = replace(batch, files=batch.files[:kept])
    batches = tuple(shorter if item.number == batch.number else item for item in state.open)
    return replace(state, left=(*state.left, *batch.files[kept:]), open=batches)


def _planned(state: TableState) -> set[tuple[str, str]]:
    return {(item.key, item.etag) for batch in state.open for item in batch.files}
