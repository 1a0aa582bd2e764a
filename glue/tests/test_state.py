"""What is planned and what is done survives every run, and a run reads only what is young or open."""

from __future__ import annotations

import pytest
from memory import MemoryStorage, config

from cdc import state as state_module
from cdc.batch import Batch, DoneMark, FileStatistics
from cdc.state import State, StateStore
from cdc.storage import StoredObject

PEOPLE, ORDERS = "public.people", "public.orders"


def file(table: str, day: int, etag: str = "e") -> StoredObject:
    return StoredObject(f"raw/{table.replace('.', '/')}/202601{day:02d}-000000000.parquet", etag, 10)


def batch(number: int, *tables: str) -> Batch:
    return Batch(number, {table: (file(table, number),) for table in tables})


def mark(number: int, table: str, sequence: str) -> DoneMark:
    item = file(table, number)
    return DoneMark(number, table, sequence, (FileStatistics(item.key, item.etag, item.size, 1, 1, 0, 0),))


def carried_out(store: StateStore, number: int, planned: tuple[str, ...], finished: tuple[str, ...]) -> State:
    """One run: a plan, some of its tables done, folded."""
    store.plan(batch(number, *planned))
    for table in finished:
        store.finish(mark(number, table, f"{number:035d}"))
    state = store.load()
    state.fold(config())
    store.checkpoint(state)
    return store.load()


def test_what_is_finished_is_known_to_the_next_run_and_not_to_be_done() -> None:
    storage = MemoryStorage()
    state = carried_out(StateStore(storage, config()), 1, (PEOPLE,), (PEOPLE,))
    assert state.unfinished() == []
    assert state.next_number == 2
    assert state.known(PEOPLE) == {file(PEOPLE, 1).key: "e"}
    assert state.mark(PEOPLE, 2) == f"{1:035d}"


def test_a_plan_takes_its_number_once() -> None:
    storage = MemoryStorage()
    assert StateStore(storage, config()).plan(batch(1, PEOPLE))
    assert not StateStore(storage, config()).plan(batch(1, ORDERS))
    assert list(StateStore(storage, config()).load().batches[1].files) == [PEOPLE]


def test_a_table_that_fails_for_ever_does_not_keep_the_others_out_of_the_checkpoint() -> None:
    store = StateStore(MemoryStorage(), config())
    carried_out(store, 1, (PEOPLE, ORDERS), (ORDERS,))
    for number in range(2, 6):
        state = carried_out(store, number, (ORDERS,), (ORDERS,))
    assert state.through == 5
    assert [(open_batch.number, list(open_batch.files)) for open_batch in state.unfinished()] == [(1, [PEOPLE])]
    assert list(state.batches) == [1]
    assert state.mark(ORDERS, 6) == f"{5:035d}"
    assert state.known(PEOPLE) == {file(PEOPLE, 1).key: "e"}


def test_an_open_table_that_is_finished_at_last_leaves_nothing_open() -> None:
    store = StateStore(MemoryStorage(), config())
    carried_out(store, 1, (PEOPLE, ORDERS), (ORDERS,))
    carried_out(store, 2, (ORDERS,), (ORDERS,))
    store.finish(mark(1, PEOPLE, "7" * 35))
    state = store.load()
    assert state.unfinished() == []
    state.fold(config())
    store.checkpoint(state)
    assert store.load().batches == {}
    assert store.load().mark(PEOPLE, 3) == "7" * 35


def test_the_marks_of_an_open_batch_are_kept_for_the_ledger() -> None:
    store = StateStore(MemoryStorage(), config())
    state = carried_out(store, 1, (PEOPLE, ORDERS), (ORDERS,))
    assert list(state.done) == [(1, ORDERS)]


def test_a_later_batch_of_a_table_waits_for_its_older_one() -> None:
    store = StateStore(MemoryStorage(), config())
    store.plan(batch(1, PEOPLE))
    store.plan(batch(2, PEOPLE, ORDERS))
    state = store.load()
    assert state.pending_tables(state.batches[1]) == [PEOPLE]
    assert state.pending_tables(state.batches[2]) == [ORDERS]


def test_a_file_that_came_again_stays_known_by_its_latest_bytes() -> None:
    store = StateStore(MemoryStorage(), config())
    carried_out(store, 1, (PEOPLE, ORDERS), (PEOPLE,))
    store.plan(Batch(2, {PEOPLE: (file(PEOPLE, 1, "again"),)}))
    store.finish(mark(2, PEOPLE, "2" * 35))
    state = store.load()
    for _ in range(2):
        state.fold(config())
        assert state.known(PEOPLE) == {file(PEOPLE, 1).key: "again"}


def test_old_plans_and_marks_go_but_those_that_are_open_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "KEPT_BATCHES", 3)
    storage = MemoryStorage()
    store = StateStore(storage, config())
    carried_out(store, 1, (PEOPLE, ORDERS), (ORDERS,))
    for number in range(2, 14):
        carried_out(store, number, (ORDERS,), (ORDERS,))
    numbers = sorted({int(key.split("/")[2][:10]) for _, key in storage.objects if key.startswith("_cdc/done/")})
    assert numbers[0] == 1
    assert 2 not in numbers
    assert numbers[-1] == 13
    assert [item.number for item in store.load().unfinished()] == [1]
