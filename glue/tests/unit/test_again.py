"""Files that are read again are batches behind those that are open, and no load grows by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from plans import EMPTY, LIMITS, NOON, done, file, load, mark, planned

from cdc.model.batch import Kind
from cdc.state import again, documents, planner
from cdc.state.planner import Limits


def test_files_that_are_read_again_wait_behind_open_batches_and_the_window_stays() -> None:
    first, second = file(NOON), file(NOON + timedelta(minutes=1))
    state = planned(done(planned(EMPTY, [first])), [first, second])
    after = again.plan(state, [first], Kind.AGAIN, 0, NOON, "r")
    assert [(batch.number, batch.kind, batch.files) for batch in after.open] == [
        (2, Kind.FILES, (second,)),
        (3, Kind.AGAIN, (first,)),
    ]
    assert (after.reached, after.settled, after.known) == (state.reached, state.settled, state.known)
    folder = "raw/public/people/"
    assert documents.to_state(documents.of_state(after, "d"), "d", folder, "p") == after


def test_a_load_that_is_read_again_is_no_larger_load() -> None:
    item = load(1, NOON)
    state = done(planned(EMPTY, [item]))
    assert state.load is not None
    state = again.plan(replace(state, load=replace(state.load, rows=7)), [item], Kind.AGAIN, 0, NOON, "r")
    (batch,) = state.open
    counted = mark(batch)
    counted = replace(counted, files=tuple(replace(one, rows=7) for one in counted.files))
    after = planner.finished(state, counted, batch)
    assert after is not None and after.load is not None and after.load.rows == 7
    # A file that was never taken does belong to it.
    first = replace(batch, kind=Kind.FILES)
    after = planner.finished(replace(state, open=(first,)), counted, first)
    assert after is not None and after.load is not None and after.load.rows == 14


def test_what_is_cut_from_files_that_are_read_again_is_read_again_and_not_new() -> None:
    files = [file(NOON + timedelta(minutes=number)) for number in range(4)]
    state = again.plan(done(planned(EMPTY, files)), files, Kind.AGAIN, 0, NOON, "r")
    after = planner.cut(state, 2, 1)
    assert [(batch.number, batch.kind, list(batch.files)) for batch in after.open] == [
        (2, Kind.AGAIN, files[:1]),
        (3, Kind.AGAIN, files[1:]),
    ]
    assert (after.left, after.number) == ((), 3)


def test_a_file_older_than_the_latest_load_is_of_the_time_before_it() -> None:
    item = load(1, NOON)
    state = done(planned(EMPTY, [item]))
    assert again.epoch_by_time(state, file(NOON - timedelta(hours=1))) == 0
    state = done(planned(state, [load(1, NOON + timedelta(hours=1), "other")]))
    assert again.epoch_by_time(state, file(NOON)) == 0
    assert again.epoch_by_time(state, file(NOON + timedelta(hours=2))) == 1


def test_portions_hold_what_one_batch_may() -> None:
    files = [file(NOON + timedelta(minutes=number), size=size) for number, size in enumerate((10, 10, 30, 5, 5, 5))]
    portions = again.in_portions(files, Limits(files=2, bytes=20))
    assert [[item.size for item in portion] for portion in portions] == [[10, 10], [30], [5, 5], [5]]
    assert again.in_portions(files, LIMITS) == [files]
    assert again.in_portions([], LIMITS) == []
