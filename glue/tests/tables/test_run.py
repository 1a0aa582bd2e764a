"""How much a run takes on: batches of a bearable size, within its time, and once a day what came very late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pyspark.sql import SparkSession
from world import PEOPLE, Change, World, killed_at

from cdc.state.planner import Limits

pytestmark = pytest.mark.spark


def delivered(world: World, *names: str, first: int = 1, table: str = "public/people") -> None:
    """Files of one insert each, their keys counted up."""
    for number, name in enumerate(names, first):
        world.put(f"{name}.parquet", [Change("I", number, number, f"row {number}", number)], table)


def days_pass(world: World) -> None:
    """Makes the last whole listing two days old."""
    begun = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    world.set_state(sweep=world.state()["sweep"] | {"begun": begun})


def test_more_files_than_a_batch_may_have_become_several_in_their_order(spark: SparkSession) -> None:
    world = World(spark)
    names = [f"20260101-00000{number}000" for number in range(5)]
    delivered(world, *names)
    assert world.run(limits=Limits(files=2)) == 3
    ledger = [(row["_batch"], row["object_key"].rsplit("/", 1)[-1].split(".")[0]) for row in world.ledger()]
    assert ledger == list(zip([1, 1, 2, 2, 3], names, strict=True))
    assert len(world.people()) == len(names)


def test_files_with_more_rows_than_a_batch_may_have_are_cut_by_what_their_footers_say(spark: SparkSession) -> None:
    world = World(spark)
    for number in range(3):
        rows = [Change("I", 10 * number + row, 10 * number + row, "x", row) for row in range(1, 5)]
        world.put(f"20260101-00000{number}000.parquet", rows)
    assert world.run(limits=Limits(rows=8)) == 2
    assert [row["_batch"] for row in world.ledger()] == [1, 1, 2]
    assert len(world.people()) == 12
    assert len(world.log()) == 12


def test_a_run_whose_time_is_spent_carries_out_one_batch_and_says_that_work_is_left(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE, PEOPLE | {"name": "others"}])
    delivered(world, "20260101-000001000")
    delivered(world, "20260101-000001000", table="public/others")
    first = world.carry_out(time_budget=0)
    assert (first.finished, first.work_left) == (1, True)
    second = world.carry_out(time_budget=0)
    assert (second.finished, second.work_left) == (1, False)
    assert set(world.people()) == set(world.people("public_others")) == {1}


def test_a_table_that_ended_is_done_whatever_becomes_of_the_run_and_the_others(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE, PEOPLE | {"name": "others"}])
    delivered(world, "20260101-000001000")
    delivered(world, "20260101-000001000", table="public/others")
    killed_at(world, "done")
    done = [table for table in ("public.people", "public.others") if not world.state(table)["open"]]
    assert done
    assert world.run() == 2 - len(done)
    assert sorted(row["source_table"] for row in world.ledger()) == ["public.others", "public.people"]


def test_a_file_that_came_days_late_is_found_by_the_daily_listing_of_everything_and_no_other_again(
    spark: SparkSession,
) -> None:
    world = World(spark)
    delivered(world, "20260101-000001000", "20260110-000000000")
    assert world.run() == 1
    delivered(world, "20260102-000000000", first=3)
    assert world.run() == 0, "a short listing begins behind it"
    days_pass(world)
    assert world.run() == 1
    assert set(world.people()) == {1, 2, 3}
    keys = [row["object_key"] for row in world.ledger()]
    assert len(keys) == len(set(keys)) == 3
    days_pass(world)
    assert world.run() == 0


def test_more_late_files_than_a_batch_may_have_are_all_found_the_same_day(spark: SparkSession) -> None:
    world = World(spark)
    delivered(world, "20260110-000000000")
    world.run()
    delivered(world, *[f"2026010{day}-000000000" for day in range(1, 6)], first=10)
    days_pass(world)
    assert world.run(limits=Limits(files=2)) == 3
    assert set(world.people()) == {1, 10, 11, 12, 13, 14}


def test_a_name_in_the_future_does_not_hide_what_comes_after_it(spark: SparkSession) -> None:
    world = World(spark)
    delivered(world, "20260101-000001000")
    world.run()
    delivered(world, "20991231-000000000", first=2)
    world.run()
    delivered(world, "20260101-000002000", first=3)
    assert world.run() == 1
    assert set(world.people()) == {1, 2, 3}
