"""How much a run takes on: whole batches of a bearable size, within its time, and once a day what came very late."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from pyspark.sql import SparkSession
from world import Change, KilledError, World

from cdc import run as run_module

pytestmark = pytest.mark.spark


def delivered(world: World, *names: str, first: int = 1) -> None:
    """Files of one insert each, their keys counted up."""
    for number, name in enumerate(names, first):
        world.put(f"{name}.parquet", [Change("I", number, number, f"row {number}", number)])


def days_pass(world: World) -> None:
    """Makes the last whole listing two days old."""
    place = {"Bucket": f"{world.name}-final", "Key": "_cdc/checkpoint.json"}
    checkpoint = json.loads(world.s3.get_object(**place)["Body"].read())
    checkpoint["swept"] = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    world.s3.put_object(**place, Body=json.dumps(checkpoint).encode())


def test_more_files_than_a_batch_may_have_become_several_in_their_order(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "_FILES_A_BATCH", 2)
    world = World(spark)
    names = [f"20260101-00000{number}000" for number in range(5)]
    delivered(world, *names)
    assert world.run() == 3
    ledger = [(row["_batch"], row["object_key"].rsplit("/", 1)[-1].split(".")[0]) for row in world.ledger()]
    assert ledger == list(zip([1, 1, 2, 2, 3], names, strict=True))
    assert len(world.people()) == len(names)


def test_a_run_whose_time_is_spent_ends_what_is_planned_and_begins_nothing(spark: SparkSession) -> None:
    def kill(reached: str) -> None:
        raise KilledError

    world = World(spark)
    delivered(world, "20260101-000001000")
    with pytest.raises(KilledError):
        world.run(kill)
    delivered(world, "20260101-000002000", first=2)
    assert world.run(time_budget=0) == 1
    assert set(world.people()) == {1}
    assert world.run() == 1
    assert set(world.people()) == {1, 2}


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
    assert world.run() == 0
