"""Files that are gone, overwritten or unreadable are rejects of a file, and stop nothing."""

from __future__ import annotations

import uuid

import pytest
from parquet_file import parquet_file
from pyspark.sql import SparkSession
from pyspark.sql.types import StringType
from world import FILE_SCHEMA, Change, KilledError, World, dms_row, dms_schema

from cdc.commands.abandon import abandon
from cdc.errors import ArgumentError, TablesFailedError
from cdc.spark import LazySession
from cdc.storage import Storage

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"
FIRST, SECOND, THIRD = (f"20260101-00000{second}000.parquet" for second in (1, 2, 3))


def at_plan(world: World, act: object) -> int:
    """A run during which something happens to the raw bucket after the plan was fixed."""
    happened: list[str] = []

    def happen(reached: str) -> None:
        if reached == "plan" and not happened:
            happened.append(reached)
            act()  # type: ignore[operator]

    return world.run(happen)


def statuses(world: World) -> list[tuple[str, str, int, int]]:
    return [
        (row["object_key"].rsplit("/", 1)[1], row["status"], row["rows"], row["rejected"]) for row in world.ledger()
    ]


def test_a_file_that_is_gone_is_a_reject_and_the_table_goes_on(spark: SparkSession) -> None:
    world = World(spark)
    world.put(FIRST, [Change("I", 61, 1, "A", 1)])
    world.put(SECOND, [Change("I", 65, 2, "B", 1)])
    assert at_plan(world, lambda: world.delete(FIRST)) == 1
    assert world.people() == {2: ("B", 1)}
    assert statuses(world) == [(FIRST, "gone", 0, 1), (SECOND, "applied", 1, 0)]
    assert world.run() == 0
    world.put(FIRST, [Change("I", 61, 1, "A", 1)])
    assert world.run() == 1
    assert world.people() == {1: ("A", 1), 2: ("B", 1)}


def test_a_batch_whose_only_file_is_gone_ends(spark: SparkSession) -> None:
    world = World(spark)
    world.put(FIRST, [Change("I", 61, 1, "A", 1)])
    assert at_plan(world, lambda: world.delete(FIRST)) == 1
    assert statuses(world) == [(FIRST, "gone", 0, 1)]
    assert world.state()["open"] == []


def test_a_file_that_is_no_parquet_is_a_reject_until_the_right_one_takes_its_place(spark: SparkSession) -> None:
    world = World(spark)
    world.put_bytes(FIRST, b"no Parquet at all")
    world.put(SECOND, [Change("U", 65, 1, "B", 2)])
    assert world.run() == 1
    assert world.people() == {1: ("B", 2)}
    assert statuses(world) == [(FIRST, "unreadable", 0, 1), (SECOND, "applied", 1, 0)]
    (reason,) = {row["reason"] for row in world.ledger() if row["rejected"]}
    assert "no readable Parquet file" in reason
    world.put(FIRST, [Change("I", 61, 1, "A", 1), Change("I", 62, 7, "C", 1)])
    assert world.run() == 1
    assert world.people() == {1: ("B", 2), 7: ("C", 1)}


def test_a_file_whose_pages_are_broken_behind_a_sound_footer_is_a_reject_too(spark: SparkSession) -> None:
    world = World(spark)
    whole = parquet_file([Change("I", 61, 1, "A", 1).row()], FILE_SCHEMA)
    world.put_bytes(FIRST, whole[:4] + b"\xff" * 24 + whole[28:])
    world.put(SECOND, [Change("I", 65, 2, "B", 2)])
    assert world.run() == 1
    assert world.people() == {2: ("B", 2)}
    assert statuses(world) == [(FIRST, "unreadable", 0, 1), (SECOND, "applied", 1, 0)]


def test_a_file_that_is_overwritten_between_plan_and_read_is_read_once_as_what_it_is(spark: SparkSession) -> None:
    world = World(spark, [{"schema": "public", "name": "events", "primary_key": []}])
    columns = dms_schema(what=StringType())
    world.put_rows(LOAD, [dms_row("I", 0, "x")], columns, "public/events")

    def again() -> None:
        world.put_rows(LOAD, [dms_row("I", 0, "x"), dms_row("I", 0, "y")], columns, "public/events")

    assert at_plan(world, again) == 2
    assert [row["what"] for row in world.log("public_events")] == ["x", "y"]
    assert statuses(world) == [(LOAD, "superseded", 0, 0), (LOAD, "applied", 2, 0)]


def test_a_file_that_is_overwritten_by_one_with_other_columns_fails_nothing(spark: SparkSession) -> None:
    world = World(spark, [{"schema": "public", "name": "events", "primary_key": []}])
    one, other = dms_schema(what=StringType()), dms_schema(what=StringType(), more=StringType())
    world.put_rows(LOAD, [dms_row("I", 0, "x")], one, "public/events")
    world.put_rows(FIRST, [dms_row("I", 61, "y")], one, "public/events")

    def again() -> None:
        world.put_rows(FIRST, [dms_row("I", 61, "y", "z")], other, "public/events")

    assert at_plan(world, again) == 2
    assert [(row["what"], row["more"]) for row in world.log("public_events")] == [("x", None), ("y", "z")]


def test_a_batch_that_can_never_be_right_is_given_up_and_the_table_goes_on(spark: SparkSession) -> None:
    world = World(spark)
    world.put(FIRST, [Change("I", 61, 1, "A", 1)])
    world.run()
    other = dms_schema(("id",), id=StringType())
    world.put_rows(SECOND, [dms_row("I", 65, "x", before=(None,))], other, "public/people")
    with pytest.raises(TablesFailedError, match="has id as bigint, and its files as string"):
        world.run()
    assert world.state()["failure"]["count"] == 1
    give_up(world, 2)
    world.put(THIRD, [Change("U", 69, 1, "C", 3)])
    assert world.run() == 1
    assert world.people() == {1: ("C", 3)}
    assert statuses(world)[1] == (SECOND, "abandoned", 0, 1)
    with pytest.raises(ArgumentError, match=r"Batch 2 of public.people is not open; open is none"):
        give_up(world, 2)


def test_a_file_that_broke_the_contract_is_repaired_in_place_and_the_ledger_has_both(spark: SparkSession) -> None:
    world = World(spark)
    world.put(FIRST, [Change("X", 61, 1, "A", 1)])
    with pytest.raises(TablesFailedError, match="the operation must be I, U or D"):
        world.run()
    world.put(FIRST, [Change("I", 61, 1, "A", 1)])
    assert world.run() == 2
    assert world.people() == {1: ("A", 1)}
    assert statuses(world) == [(FIRST, "superseded", 0, 0), (FIRST, "applied", 1, 0)]
    assert world.state()["failure"] is None


def test_what_a_given_up_batch_wrote_to_the_log_is_taken_out(spark: SparkSession) -> None:
    def kill(reached: str) -> None:
        if reached == "log":
            raise KilledError

    world = World(spark)
    world.put(FIRST, [Change("I", 61, 1, "A", 1)])
    world.run()
    world.put(SECOND, [Change("I", 65, 2, "B", 1)])
    with pytest.raises(KilledError):
        world.run(kill)
    give_up(world, 2)
    assert [row["id"] for row in world.log()] == [1]
    assert world.run() == 0


def give_up(world: World, batch: int) -> None:
    session = LazySession(world.spark)
    abandon(world.config, Storage(world.s3), session, batch, "public.people", uuid.uuid4().hex[:8])
