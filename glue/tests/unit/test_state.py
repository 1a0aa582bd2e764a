"""States as objects: one a table, replaced only as they were read, of a bounded size."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from memory import MemoryStorage, config
from plans import EMPTY, NOON, done, file, load, mark, planned

from cdc.errors import StateError
from cdc.model.batch import StoredObject
from cdc.state import failures, planner
from cdc.state.planner import Limits
from cdc.state.store import StateStore

PEOPLE = config().tables[0]
KEY = ("final-bucket", "_cdc/tables/public.people.json")


def test_a_state_is_read_as_it_was_stored() -> None:
    store = StateStore(MemoryStorage(), config())
    state = done(planned(EMPTY, [load(1, NOON), file(NOON)], run="a"), "0000:1 2")
    state = planned(state, [file(NOON + timedelta(minutes=minute)) for minute in (1, 2)])
    state = failures.failed(planner.cut(planner.swept(state, "x", NOON), 2, 1), "Oh: no", NOON)
    store.change(PEOPLE, store.read(PEOPLE), lambda _: state)
    assert StateStore(store._storage, config()).read(PEOPLE).state == state


def test_a_stale_run_cannot_write_over_a_newer_state() -> None:
    store = StateStore(MemoryStorage(), config())
    stale = store.read(PEOPLE)
    first = store.replace(PEOPLE, stale, planned(EMPTY, [file(NOON)]))
    assert first is not None
    assert store.replace(PEOPLE, stale, planned(EMPTY, [file(NOON, "other")])) is None
    assert store.replace(PEOPLE, first, done(first.state)) is not None
    assert store.replace(PEOPLE, first, first.state) is None
    assert store.read(PEOPLE).state.open == ()


def test_two_runs_that_plan_the_same_number_fix_one_plan() -> None:
    store = StateStore(MemoryStorage(), config())
    one, two = store.read(PEOPLE), store.read(PEOPLE)
    plans = [planned(EMPTY, [file(NOON)], run=run) for run in ("one", "two")]
    results = [store.replace(PEOPLE, stored, plan) for stored, plan in zip((one, two), plans, strict=True)]
    assert [result is not None for result in results] == [True, False]
    assert [batch.run for batch in store.read(PEOPLE).state.open] == ["one"]


def test_a_change_is_made_again_of_what_another_run_stored_meanwhile() -> None:
    store = StateStore(MemoryStorage(), config())
    stale = store.change(PEOPLE, store.read(PEOPLE), lambda _: planned(EMPTY, [file(NOON)]))
    store.change(PEOPLE, stale, lambda state: failures.failed(state, "failure 1", NOON))
    after = store.change(PEOPLE, stale, lambda state: failures.failed(state, "failure 2", NOON))
    assert after.state.failure is not None
    assert after.state.failure.count == 2
    assert store.read(PEOPLE).state == after.state


def test_a_batch_that_another_run_finished_is_finished_once() -> None:
    store = StateStore(MemoryStorage(), config())
    stale = store.change(PEOPLE, store.read(PEOPLE), lambda _: planned(EMPTY, [file(NOON)]))
    (batch,) = stale.state.open
    for _ in range(2):
        after = store.change(PEOPLE, stale, lambda state: planner.finished(state, mark(batch), batch))
    assert (after.state.open, after.state.number) == ((), 1)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            {"version": 1},
            "is of version 1.*this job writes version 2. Deploy the job that wrote it, or.*delete",
        ),
        ({"database": "x"}, "belongs to the database x"),
    ],
)
def test_a_state_of_another_version_or_database_is_refused_with_what_to_do(
    members: dict[str, object], message: str
) -> None:
    storage = MemoryStorage()
    store = StateStore(storage, config())
    store.change(PEOPLE, store.read(PEOPLE), lambda _: planned(EMPTY, [file(NOON)]))
    found = storage.read_json(*KEY)
    assert found is not None
    storage.write_json(*KEY, found.value | members)
    with pytest.raises(StateError, match=message):
        store.read(PEOPLE)


def test_the_state_of_a_table_with_a_file_a_minute_stays_below_100_kB_whatever_its_history() -> None:
    storage = MemoryStorage()
    store = StateStore(storage, config())
    stored, start = store.read(PEOPLE), datetime(2026, 1, 1, tzinfo=UTC)
    listed: list[StoredObject] = [load(number, start) for number in range(1, 500)]
    sizes = []
    for hour in range(72):
        listed += [
            file(start + timedelta(hours=hour, minutes=minute), "9b2cf535f27731c974343645a3985328")
            for minute in range(60)
        ]
        after = done(planner.plan(stored.state, listed[-1500:], Limits(), NOON, "r") or stored.state)
        stored = store.replace(PEOPLE, stored, after) or stored
        sizes.append(len(storage.objects[KEY][0]))
    assert sizes[-1] < 100_000
    assert sizes[-1] <= max(sizes[5:30]), "it does not grow with history"


def test_done_marks_are_kept_by_the_thousand() -> None:
    storage = MemoryStorage()
    store = StateStore(storage, config())
    (batch,) = planned(EMPTY, [file(NOON)]).open
    for number in (1, 999, 1000, 1001, 2000):
        store.record(replace(mark(batch), batch=number))
    kept = sorted(int(key.rsplit("/", 1)[1][:10]) for _, key in storage.objects if "/done/" in key)
    assert kept == [1001, 2000]
