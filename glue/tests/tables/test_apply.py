"""Tables equal their source, whatever order files come in and however often."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession
from world import Change, World, sequence

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"
FIRST = "20260101-000001000.parquet"
SECOND = "20260101-000002000.parquet"
THIRD = "20260101-000003000.parquet"


@pytest.fixture
def world(spark: SparkSession) -> World:
    return World(spark)


def test_a_full_load_and_its_changes_become_the_table(world: World) -> None:
    world.put(LOAD, [Change("I", 0, 1, "Ann", 10), Change("I", 0, 2, "Bob", 20), Change("I", 0, 3, "Cid", 30)])
    world.put(FIRST, [Change("U", 61, 1, "Anna", 11), Change("D", 73, 2), Change("I", 85, 4, "Dot", 40)])
    assert world.run() == 1
    assert world.people() == {1: ("Anna", 11), 3: ("Cid", 30), 4: ("Dot", 40)}
    assert [row["_op"] for row in world.log()] == ["I", "I", "I", "U", "D", "I"]


def test_changes_after_the_load_are_applied_by_the_next_run(world: World) -> None:
    world.put(LOAD, [Change("I", 0, 1, "Ann", 10), Change("I", 0, 2, "Bob", 20)])
    world.run()
    world.put(FIRST, [Change("U", 61, 1, "Anna", 11), Change("D", 73, 2), Change("I", 85, 3, "Cid", 30)])
    world.run()
    assert world.people() == {1: ("Anna", 11), 3: ("Cid", 30)}


def test_three_operations_of_one_key_in_one_transaction_leave_the_last(world: World) -> None:
    world.put(FIRST, [Change("I", 61, 7, "a", 1), Change("U", 65, 7, "b", 2), Change("D", 69, 7)])
    world.run()
    assert world.people() == {}
    assert [row["_op"] for row in world.log()] == ["I", "U", "D"]


def test_files_that_arrive_in_reverse_order_give_the_same_table(world: World) -> None:
    world.put(SECOND, [Change("U", 73, 7, "late", 2)])
    world.run()
    world.put(FIRST, [Change("I", 61, 7, "early", 1), Change("I", 65, 8, "x", 1), Change("D", 69, 8)])
    world.run()
    assert world.people() == {7: ("late", 2)}


def test_a_late_delete_does_not_remove_the_row_inserted_after_it(world: World) -> None:
    world.put(SECOND, [Change("I", 73, 7, "again", 2)])
    world.run()
    world.put(FIRST, [Change("D", 61, 7)])
    world.run()
    assert world.people() == {7: ("again", 2)}
    assert world.done_mark(2)["stale"] == 0, "its file is older too"


def test_a_replayed_update_does_not_bring_back_a_deleted_row(world: World) -> None:
    world.put(FIRST, [Change("I", 61, 7, "a", 1), Change("U", 65, 7, "b", 2), Change("D", 69, 7)])
    world.run()
    world.put(SECOND, [Change("U", 65, 7, "b", 2)])
    world.run()
    assert world.people() == {}
    assert [row["_seq"] for row in world.log()] == [sequence(61), sequence(65), sequence(69)]


def test_a_delete_of_an_unknown_key_keeps_an_older_insert_away(world: World) -> None:
    world.put(SECOND, [Change("D", 69, 7)])
    world.run()
    world.put(FIRST, [Change("I", 61, 7, "a", 1)])
    world.run()
    assert world.people() == {}


def test_a_load_that_comes_after_the_changes_does_not_undo_them(world: World) -> None:
    world.put(FIRST, [Change("U", 61, 1, "new", 2), Change("D", 65, 2)])
    world.run()
    world.put(LOAD, [Change("I", 0, 1, "old", 1), Change("I", 0, 2, "gone", 1), Change("I", 0, 3, "kept", 1)])
    world.run()
    assert world.people() == {1: ("new", 2), 3: ("kept", 1)}


def test_a_file_delivered_twice_is_in_the_log_once(world: World) -> None:
    changes = [Change("I", 61, 1, "a", 1), Change("U", 65, 1, "b", 2)]
    world.put(FIRST, changes)
    world.put(SECOND, changes)
    world.run()
    world.put(THIRD, changes)
    world.run()
    assert [row["_seq"] for row in world.log()] == [sequence(61), sequence(65)]
    assert world.people() == {1: ("b", 2)}


def test_a_change_that_is_in_a_file_twice_is_in_the_log_once(world: World) -> None:
    insert, update = Change("I", 61, 1, "a", 1), Change("U", 65, 1, "b", 2)
    world.put(FIRST, [insert, update, insert, update])
    world.run()
    assert [row["_seq"] for row in world.log()] == [sequence(61), sequence(65)]
    assert world.people() == {1: ("b", 2)}


def test_a_key_update_is_a_delete_of_the_old_key_and_an_insert_of_the_new(world: World) -> None:
    world.put(LOAD, [Change("I", 0, 1, "Ann", 10), Change("I", 0, 2, "Bob", 20)])
    world.run()
    # A before-image that is the key itself makes the same two changes, and the row stays.
    world.put(FIRST, [Change("U", 61, 9, "Ann", 10, old_id=1), Change("U", 65, 2, "Bobby", 21, old_id=2)])
    world.run()
    assert world.people() == {9: ("Ann", 10), 2: ("Bobby", 21)}
    assert [(row["_op"], row["id"], row["_seq"]) for row in world.log()[2:]] == [
        ("D", 1, sequence(61)),
        ("I", 9, sequence(61)),
        ("D", 2, sequence(65)),
        ("I", 2, sequence(65)),
    ]


def test_a_key_that_moves_away_and_back_ends_where_it_began(world: World) -> None:
    world.put(
        FIRST, [Change("I", 61, 1, "a", 1), Change("U", 65, 2, "a", 1, old_id=1), Change("U", 69, 1, "a", 3, old_id=2)]
    )
    world.run()
    assert world.people() == {1: ("a", 3)}


def test_new_keys_that_come_twice_in_a_batch_are_inserted_once(world: World) -> None:
    world.put(LOAD, [Change("I", 0, 1, "a", 1)])
    world.run()
    world.put(FIRST, [Change("I", 61, 5, "x", 1), Change("U", 65, 5, "y", 2)])
    world.put(SECOND, [Change("U", 69, 5, "z", 3)])
    world.run()
    assert world.people() == {1: ("a", 1), 5: ("z", 3)}


def test_a_run_with_nothing_new_plans_nothing(world: World) -> None:
    world.put(LOAD, [Change("I", 0, 1, "a", 1)])
    world.run()
    steps: list[str] = []
    assert world.run(steps.append) == 0
    assert steps == []


def test_the_ledger_has_every_file_with_its_counts(world: World) -> None:
    world.put(LOAD, [Change("I", 0, 1, "a", 1), Change("I", 0, 2, "b", 1)])
    world.put(FIRST, [Change("U", 61, 1, "c", 2), Change("D", 65, 2)])
    world.run()
    rows = {
        row["object_key"].rsplit("/", 1)[1]: (row["rows"], row["inserts"], row["updates"], row["deletes"])
        for row in world.ledger()
    }
    assert rows == {LOAD: (2, 2, 0, 0), FIRST: (2, 0, 1, 1)}
