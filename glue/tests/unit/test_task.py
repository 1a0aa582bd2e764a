"""What is to be done with a batch is decided from counts alone."""

from __future__ import annotations

from dataclasses import replace

from plans import EMPTY, NOON, file

from cdc.model.batch import Batch
from cdc.model.table_state import TableState
from cdc.run.task import FileCounts, Kind, TableTask, decide, memory_of

LOAD = FileCounts(10, 10, 0, 0, 0, 0, " ", " ", "", "")
FIRST = FileCounts(3, 1, 1, 1, 0, 0, "05.1 7", "09.1 9", "7", "9")
KNOWN = replace(EMPTY, mark="0000:07.1 8")


def decided(
    state: TableState,
    *counted: FileCounts,
    keys: tuple[str, ...] = ("id",),
    row_bytes: int = 10,
    broadcast_bytes: int = 1000,
    epoch: int = 0,
) -> TableTask:
    files = {f"f{index}": counts for index, counts in enumerate(counted)}
    batch = Batch(4, (file(NOON),), epoch)
    return decide(state, batch, files, keys=keys, row_bytes=row_bytes, broadcast_bytes=broadcast_bytes)


def test_files_without_rows_are_nothing_to_do() -> None:
    assert decided(EMPTY).kind is Kind.EMPTY


def test_a_single_file_of_a_first_load_needs_no_look_at_anything() -> None:
    task = decided(EMPTY, LOAD)
    assert task == TableTask(Kind.FIRST, 0, True, "0000: ", "0000: ", has_table=True, adds=True, broadcast=True)


def test_files_together_may_have_a_change_twice() -> None:
    assert decided(EMPTY, LOAD, LOAD).needs_dedupe
    assert decided(EMPTY, FIRST).needs_dedupe


def test_a_batch_behind_the_mark_is_not_looked_for_in_the_log() -> None:
    task = decided(replace(EMPTY, mark="0000:04.1 6"), FIRST)
    assert (task.kind, task.needs_unseen, task.needs_supersede) == (Kind.CHANGES, False, False)
    assert (task.first, task.last) == ("0000:05.1 7", "0000:09.1 9")


def test_a_batch_that_begins_at_the_mark_may_repeat_it_but_cannot_be_superseded() -> None:
    task = decided(replace(EMPTY, mark="0000:05.1 7"), FIRST)
    assert (task.kind, task.needs_unseen, task.needs_supersede) == (Kind.REPLAY, True, False)


def test_a_batch_that_begins_before_the_mark_may_be_superseded() -> None:
    task = decided(KNOWN, FIRST)
    assert (task.kind, task.needs_unseen, task.needs_supersede) == (Kind.REPLAY, True, True)


def test_a_table_without_a_key_has_a_log_alone() -> None:
    task = decided(KNOWN, FIRST, keys=())
    assert (task.has_table, task.needs_unseen, task.needs_supersede) == (False, True, False)


def test_a_later_epoch_is_behind_every_mark_of_the_earlier() -> None:
    assert decided(KNOWN, FIRST, epoch=1).kind is Kind.CHANGES


def test_a_position_that_cannot_be_read_orders_the_table_by_sequence_in_an_epoch_of_its_own() -> None:
    unreadable = replace(FIRST, unreadable=1)
    first = decided(EMPTY, unreadable)
    assert (first.by_position, first.epoch, first.first, first.last) == (False, 0, "0000: 7", "0000: 9")
    later = decided(KNOWN, unreadable)
    assert (later.by_position, later.epoch, later.kind) == (False, 1, Kind.CHANGES)
    stays = decided(replace(KNOWN, by_position=False, epoch=1, mark="0001: 8"), FIRST, epoch=1)
    assert (stays.by_position, stays.epoch, stays.kind) == (False, 1, Kind.REPLAY)


def test_a_broadcast_is_decided_by_rows_and_their_width() -> None:
    assert decided(EMPTY, FIRST, row_bytes=10, broadcast_bytes=30).broadcast
    assert not decided(EMPTY, FIRST, row_bytes=11, broadcast_bytes=30).broadcast


def test_updates_of_keys_add_rows_and_need_to_be_looked_at_together() -> None:
    moves = replace(FIRST, inserts=0, key_updates=1)
    task = decided(KNOWN, moves)
    assert (task.adds, task.key_updates) == (True, True)
    assert not decided(KNOWN, replace(FIRST, inserts=0)).adds


def test_a_batch_takes_many_times_the_memory_of_its_files() -> None:
    assert memory_of(Batch(1, (file(NOON, size=10), file(NOON, "f", size=5)))) >= 10 * 15
