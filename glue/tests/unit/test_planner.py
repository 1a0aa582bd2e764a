"""What a table's state becomes: every file once, whatever is late, written again, cut or killed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from plans import EMPTY, LIMITS, NOON, done, file, load, mark, planned

from cdc.model.batch import GONE, SUPERSEDED
from cdc.raw.names import window_start
from cdc.state import failures, planner
from cdc.state.planner import Limits


def test_what_is_done_is_not_planned_again() -> None:
    files = [file(NOON - timedelta(minutes=minutes)) for minutes in (3, 2, 1)]
    state = done(planned(EMPTY, files))
    assert state.number == 1
    assert planner.plan(state, files, LIMITS, NOON, "r") is None


def test_what_is_planned_is_not_planned_again() -> None:
    files = [file(NOON)]
    assert planner.fresh(planned(EMPTY, files), files) == []


def test_a_key_that_comes_again_with_other_bytes_is_new() -> None:
    state = done(planned(EMPTY, [file(NOON, "first")]))
    again = file(NOON, "second", NOON + timedelta(minutes=1))
    assert planner.fresh(state, [again]) == [again]


def test_a_file_that_was_overwritten_before_it_was_read_is_planned_as_the_file_it_is_now() -> None:
    state = planned(EMPTY, [file(NOON, "first")])
    (batch,) = state.open
    after = planner.finished(state, mark(batch, status=SUPERSEDED), batch)
    assert after is not None
    now = file(NOON, "second", NOON + timedelta(seconds=9))
    assert [item.etag for item in planned(after, [now]).open[0].files] == ["second"]


def test_a_late_name_within_the_window_is_new() -> None:
    state = done(planned(EMPTY, [file(NOON)]))
    late = file(NOON - timedelta(hours=10), modified=NOON + timedelta(minutes=1))
    assert planner.fresh(state, [late, file(NOON)]) == [late]


def test_an_upload_that_appears_hours_after_it_began_is_still_new() -> None:
    state = done(planned(EMPTY, [file(NOON)]))
    slow = file(NOON - timedelta(hours=2), modified=NOON - timedelta(hours=2, minutes=50))
    assert planner.fresh(state, [file(NOON), slow]) == [slow]


def test_a_batch_has_no_more_files_and_bytes_than_allowed_and_the_rest_comes_next() -> None:
    files = [file(NOON + timedelta(minutes=minute), size=100) for minute in range(5)]
    for limits, sizes in ((Limits(files=2), [2, 2, 1]), (Limits(bytes=250), [2, 2, 1]), (Limits(bytes=1), [1] * 5)):
        state, seen = EMPTY, []
        while (after := planner.plan(state, files, limits, NOON, "r")) is not None:
            seen.append([item.name for item in after.open[0].files])
            state = done(after)
        assert [len(names) for names in seen] == sizes
        assert [name for names in seen for name in names] == [item.name for item in files]


def test_what_was_not_taken_stays_above_the_watermark_however_old_it_is() -> None:
    files = [file(NOON - timedelta(days=30 - day)) for day in range(30)]
    state, seen = EMPTY, 0
    while (after := planner.plan(state, files, Limits(files=7), NOON, "r")) is not None:
        seen += len(after.open[0].files)
        state = done(after)
    assert seen == 30


def test_a_batch_that_was_begun_in_vain_twice_is_halved_and_the_rest_planned_for_itself() -> None:
    files = [file(NOON + timedelta(minutes=minute)) for minute in range(8)]
    state = planned(EMPTY, files, run="a")
    state = planner.begun(state, 1, "a")
    assert len(state.open[0].files) == 8
    state = planner.begun(state, 1, "b")
    assert (len(state.open[0].files), state.open[0].attempts) == (8, 2)
    state = planner.begun(state, 1, "c")
    assert (len(state.open[0].files), state.open[0].number) == (4, 1)
    state = planner.begun(state, 1, "d")
    assert len(state.open[0].files) == 2
    state = planned(done(state), files)
    assert [item.name for item in state.open[0].files] == [item.name for item in files[2:]]
    assert planner.plan(done(state), files, LIMITS, NOON, "r") is None


def test_what_was_cut_off_a_batch_is_planned_however_old_it_is() -> None:
    files = [file(NOON - timedelta(days=10 - day)) for day in range(4)]
    state = planner.cut(planned(EMPTY, files), 1, 1)
    assert state.settled > files[1].modified
    state = planned(done(state), [files[3]])
    assert [item.name for item in state.open[0].files] == [item.name for item in files[1:]]
    assert planner.fresh(done(state), files) == []


def test_a_run_that_did_the_whole_of_a_batch_that_was_cut_meanwhile_does_not_finish_it() -> None:
    state = planned(EMPTY, [file(NOON), file(NOON + timedelta(minutes=1))])
    (whole,) = state.open
    cut = planner.cut(state, 1, 1)
    assert planner.finished(cut, mark(whole), whole) is None
    assert planner.finished(done(cut), mark(whole), whole) is None


def test_the_mark_of_a_table_never_falls() -> None:
    state = done(planned(EMPTY, [file(NOON)]), "0000:9 9")
    state = done(planned(state, [file(NOON + timedelta(minutes=1))]), "0000:1 1")
    assert state.mark == "0000:9 9"


def test_a_load_that_is_written_again_begins_an_epoch_behind_what_came_before_it() -> None:
    state = done(planned(EMPTY, [load(1, NOON), load(2, NOON)]))
    assert state.epoch == 0
    before = file(NOON + timedelta(minutes=5))
    again = load(1, NOON + timedelta(minutes=10), "new")
    after = file(NOON + timedelta(minutes=15))
    state = planned(state, [before, after, again, load(2, NOON)])
    assert [(item.name, state.open[0].epoch) for item in state.open[0].files] == [(before.name, 0)]
    state = planned(done(state), [before, after, again, load(2, NOON)])
    assert [item.name for item in state.open[0].files] == [again.name, after.name]
    assert state.open[0].epoch == state.epoch == 1
    assert state.last_load == again.name, "the files of the load before are looked for again"


def test_further_files_of_the_first_load_begin_no_epoch() -> None:
    state = done(planned(EMPTY, [load(2, NOON)]))
    state = done(planned(state, [load(1, NOON), load(2, NOON)]))
    state = done(planned(state, [load(1, NOON), load(2, NOON), load(3, NOON + timedelta(minutes=1))]))
    assert state.epoch == 0


def test_a_file_that_was_gone_is_new_when_it_is_put_again() -> None:
    state = planned(EMPTY, [file(NOON, "first")])
    (batch,) = state.open
    after = planner.finished(state, mark(batch, None, GONE), batch)
    assert after is not None
    assert after.mark is None
    for etag in ("first", "second"):
        again = file(NOON, etag, NOON + timedelta(hours=1))
        assert planner.fresh(after, [again]) == [again]


def test_the_sweep_is_due_a_day_after_it_began_and_as_long_as_something_is_left() -> None:
    state = done(planned(EMPTY, [file(NOON)]))
    assert not planner.sweep_is_due(state, NOON + timedelta(hours=23))
    tomorrow = NOON + timedelta(days=1)
    assert planner.sweep_is_due(state, tomorrow)
    half = planner.swept(state, "20260101-000000000.parquet", tomorrow)
    assert planner.sweep_is_due(half, tomorrow)
    through = planner.swept(half, None, tomorrow + timedelta(hours=2))
    assert not planner.sweep_is_due(through, tomorrow + timedelta(hours=3))
    assert planner.sweep_is_due(through, tomorrow + timedelta(days=1))
    assert through.sweep.compared == tomorrow


def test_the_sweep_doubts_only_files_that_came_hours_after_their_name() -> None:
    state = done(planned(EMPTY, [file(NOON)]))
    in_time = file(NOON - timedelta(days=9), modified=NOON - timedelta(days=9) + timedelta(hours=5))
    late = file(NOON - timedelta(days=9), modified=NOON - timedelta(hours=1))
    assert planner.late_candidates(state, [in_time, late]) == [late]
    compared = planner.swept(planner.swept(state, None, NOON + timedelta(days=1)), None, NOON + timedelta(days=2))
    assert planner.late_candidates(compared, [late]) == []
    # An upload that began before the round, and may not have been there yet.
    began = replace(late, modified=compared.sweep.compared - timedelta(hours=2))
    assert planner.late_candidates(compared, [began]) == [began]


def test_whatever_a_window_leaves_out_behind_a_name_ahead_of_its_time_is_doubted_by_the_sweep() -> None:
    for ahead in (timedelta(hours=hours) for hours in (1, 3, 4, 20, 48)):
        state = done(planned(EMPTY, [file(NOON + ahead, modified=NOON)]))
        for lag in (timedelta(hours=hours) for hours in range(15)):
            # Written since, but shown by S3 with the time at which its upload began.
            item = file(NOON - lag, modified=NOON - planner.SETTLES)
            in_window = item.name > window_start(state.reached)
            assert in_window or planner.late_candidates(state, [item]) == [item]


def test_late_files_that_do_not_fit_are_planned_by_the_next_slice() -> None:
    state = done(planned(EMPTY, [file(NOON)]))
    late = [file(NOON - timedelta(days=day), modified=NOON) for day in (5, 4, 3)]
    first = planner.plan_late(state, late, Limits(files=2), NOON, "r")
    assert first is not None
    assert [item.name for item in first.open[0].files] == [item.name for item in late[:2]]
    assert first.reached == state.reached
    assert planner.plan_late(first, late[:2], LIMITS, NOON, "r") is None


def test_failures_of_one_kind_are_counted_and_paused_for_longer_until_one_goes_well() -> None:
    state = planned(EMPTY, [file(NOON)])
    pauses = []
    for count in range(1, 10):
        state = failures.failed(state, f"file {count}000000 of batch {count} is wrong", NOON)
        assert state.failure is not None
        assert state.failure.count == count
        assert failures.is_known(state, "file 77 of batch 123 is wrong")
        pauses.append((state.failure.not_before - NOON).total_seconds() / 60)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert not failures.is_known(state, "a column is wrong")
    state = failures.failed(state, "a column is wrong", NOON)
    assert state.failure is not None
    assert (state.failure.error, state.failure.count) == ("a column is wrong", 1)
    assert done(state).failure is None


def test_positions_that_cannot_be_read_any_more_begin_an_epoch() -> None:
    state = done(planned(EMPTY, [file(NOON)]))
    state = planned(state, [file(NOON + timedelta(minutes=1))])
    (batch,) = state.open
    after = planner.finished(state, replace(mark(batch), by_position=False), batch)
    assert after is not None
    assert (after.by_position, after.epoch) == (False, 1)
    # They stay out of the order, whatever a later batch's mark says; and no further epoch begins.
    again = done(planned(after, [file(NOON + timedelta(minutes=2))]), "0001: 2")
    assert (again.by_position, again.epoch) == (False, 1)
