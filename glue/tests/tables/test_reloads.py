"""A table that is loaded again equals its source again: what the load did not have goes, what changed since stays."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from pyspark.sql import SparkSession
from world import PEOPLE, Change, KilledError, World

pytestmark = pytest.mark.spark

LOAD, SECOND_LOAD = "LOAD00000001.parquet", "LOAD00000002.parquet"


def at(second: int) -> str:
    return f"20260101-0000{second:02d}000.parquet"


def loaded(spark: SparkSession) -> World:
    """Rows 1 to 4 by the first load, and row 5 by a change."""
    world = World(spark)
    world.put(LOAD, [Change("I", 0, key, f"old {key}", key) for key in (1, 2, 3, 4)])
    world.put(at(1), [Change("I", 61, 5, "old 5", 5)])
    world.run()
    return world


def a_second_passes() -> datetime:
    """S3 tells times by the second: what is written from now on is told apart from what was written before."""
    begun = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    while datetime.now(UTC) < begun:
        time.sleep(0.02)
    return begun


def test_rows_that_a_reload_does_not_have_go_when_it_is_complete_and_the_log_says_so(spark: SparkSession) -> None:
    world = loaded(spark)
    begun = a_second_passes()
    world.put(LOAD, [Change("I", 0, 1, "new 1", 1), Change("I", 0, 3, "new 3", 3)])
    world.put(at(2), [Change("U", 72, 5, "changed", 5), Change("I", 73, 6, "new 6", 6)])
    world.run()
    ghostly = {2: ("old 2", 2), 4: ("old 4", 4)}
    right = {1: ("new 1", 1), 3: ("new 3", 3), 5: ("changed", 5), 6: ("new 6", 6)}
    assert world.people() == ghostly | right
    assert world.run() == 0
    world.report_load(begun, 2, datetime.now(UTC))
    assert world.run() == 1
    assert world.people() == right
    assert [(row["_op"], row["id"]) for row in world.log() if row["_op"] == "D"] == [("D", 2), ("D", 4)]
    assert world.run() == 0


def test_a_reload_is_not_complete_before_all_its_rows_are_there_whatever_is_said_of_an_earlier_one(
    spark: SparkSession,
) -> None:
    world = World(spark)
    first = a_second_passes()
    world.put(LOAD, [Change("I", 0, key, f"old {key}", key) for key in (1, 2)])
    world.run()
    world.report_load(first, 2, datetime.now(UTC))
    world.run()
    begun = a_second_passes()
    world.put(LOAD, [Change("I", 0, 1, "new 1", 1)])
    world.run()
    # The first load's report is of a time before.
    assert set(world.people()) == {1, 2}
    world.report_load(begun, 0, None)
    world.run()
    assert set(world.people()) == {1, 2}
    world.report_load(begun, 2, datetime.now(UTC) + timedelta(minutes=1))
    world.run()
    assert set(world.people()) == {1, 2}
    world.put(SECOND_LOAD, [Change("I", 0, 3, "new 3", 3)])
    world.run()
    assert world.people() == {1: ("new 1", 1), 3: ("new 3", 3)}


@pytest.mark.parametrize("step", ["plan", "log", "found", "publish", "ledger", "done"])
def test_a_run_that_is_killed_while_it_takes_ghosts_out_is_made_good(spark: SparkSession, step: str) -> None:
    world = loaded(spark)
    begun = a_second_passes()
    world.put(LOAD, [Change("I", 0, 1, "new 1", 1)])
    world.run()
    world.report_load(begun, 1, datetime.now(UTC))

    def kill(reached: str) -> None:
        if reached == step:
            raise KilledError

    with pytest.raises(KilledError):
        world.run(kill)
    world.run()
    assert world.people() == {1: ("new 1", 1)}
    deleted = [row["id"] for row in world.log() if row["_op"] == "D"]
    assert sorted(deleted) == [2, 3, 4, 5]


def test_a_first_load_that_begins_anew_leaves_no_rows_of_its_first_try(spark: SparkSession) -> None:
    world = World(spark)
    world.put(LOAD, [Change("I", 0, key, f"first {key}", key) for key in (1, 2)])
    world.run()
    # Written by the first try, and not looked at before the second began.
    world.put(SECOND_LOAD, [Change("I", 0, 3, "first 3", 3)])
    begun = a_second_passes()
    world.put(LOAD, [Change("I", 0, 1, "second 1", 1)])
    world.run()
    world.report_load(begun, 1, datetime.now(UTC))
    world.run()
    assert world.people() == {1: ("second 1", 1)}


def test_a_change_of_before_the_reload_that_comes_after_it_does_not_win(spark: SparkSession) -> None:
    world = loaded(spark)
    world.put(at(2), [Change("U", 71, 1, "before", 9)])
    a_second_passes()
    world.put(LOAD, [Change("I", 0, 1, "new 1", 1)])
    seen = []

    def hide(reached: str) -> None:
        if reached == "plan" and not seen:
            seen.append(reached)

    world.run(hide)
    assert world.people()[1] == ("new 1", 1)


def test_a_table_that_was_empty_when_it_was_loaded_again_is_empty(spark: SparkSession) -> None:
    world = loaded(spark)
    world.put(at(2), [Change("U", 71, 1, "before", 9)])
    begun = a_second_passes()
    world.report_load(begun, 0, begun)
    world.run()
    assert world.people() == {}
    # The task is another one: its log begins anew, at lower positions than the old one had.
    a_second_passes()
    world.put(at(3), [Change("I", 11, 1, "anew", 1), Change("U", 12, 1, "anew", 2)])
    world.run()
    assert world.people() == {1: ("anew", 2)}


def test_a_table_without_a_key_has_the_rows_of_both_loads_in_its_log_and_goes_on(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"primary_key": []}])
    world.put(LOAD, [Change("I", 0, 1, "a", 1)])
    world.run()
    begun = a_second_passes()
    world.put(LOAD, [Change("I", 0, 1, "a", 1), Change("I", 0, 2, "b", 1)])
    world.run()
    world.report_load(begun, 2, datetime.now(UTC))
    assert world.run() == 0
    assert [(row["_position"], row["id"]) for row in world.log()] == [("0000:", 1), ("0001:", 1), ("0001:", 2)]
