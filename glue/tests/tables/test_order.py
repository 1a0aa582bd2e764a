"""What wins is what came later in the source's log, whatever clocks, counters and loads do; and no change is twice."""

from __future__ import annotations

import pytest
from oracle import fold
from pyspark.sql import SparkSession
from pyspark.sql.types import StringType
from world import Change, World, dms_row, dms_schema, sequence

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"
FIRST, SECOND, THIRD, FOURTH = (f"20260101-00000{second}000.parquet" for second in (1, 2, 3, 4))


def test_a_clock_that_steps_back_loses_neither_update_nor_delete(spark: SparkSession) -> None:
    world = World(spark)
    changes = [Change("I", 61, 1, "a", 1), Change("I", 62, 2, "b", 1), Change("U", 65, 1, "b", 2)]
    world.put(FIRST, changes)
    world.run()
    later = [Change("U", 66, 1, "committed later", 3, sequence=63), Change("D", 67, 2, sequence=64)]
    world.put(SECOND, later)
    world.run()
    assert world.people() == fold([*changes, *later]) == {1: ("committed later", 3)}
    assert world.done_mark(2)["stale"] == 0


def test_a_transaction_that_is_read_again_with_another_counter_changes_nothing(spark: SparkSession) -> None:
    world = World(spark)
    world.put(FIRST, [Change("I", 61, 1, "a", 1), Change("U", 65, 1, "b", 2), Change("D", 69, 1)])
    world.run()
    again = [Change("I", 61, 1, "a", 1, sequence=161), Change("U", 65, 1, "b", 2, sequence=165)]
    for file in (SECOND, THIRD):
        world.put(file, again)
        world.run()
    assert world.people() == {}
    assert [row["_op"] for row in world.log()] == ["I", "U", "D"]


def test_the_very_last_change_that_comes_again_is_there_once_however_often(spark: SparkSession) -> None:
    world = World(spark)
    changes = [Change("I", 61, 1, "a", 1), Change("U", 65, 1, "b", 2)]
    world.put(FIRST, changes)
    world.run()
    for file in (SECOND, THIRD, FOURTH):
        world.put(file, changes[1:])
        world.run()
    world.put("20260101-000005000.parquet", changes[:1])
    world.run()
    assert [row["_seq"] for row in world.log()] == [sequence(61), sequence(65)]
    assert world.people() == {1: ("b", 2)}


def test_rows_of_a_newer_file_that_lose_are_counted_as_stale(spark: SparkSession) -> None:
    world = World(spark)
    world.put(FIRST, [Change("I", 61, 1, "a", 1), Change("U", 65, 1, "b", 2), Change("D", 69, 2)])
    world.run()
    world.put(SECOND, [Change("U", 63, 1, "older", 3), Change("U", 64, 2, "older", 3), Change("I", 70, 3, "c", 1)])
    world.run()
    assert world.done_mark(2)["stale"] == 2
    assert world.people() == {1: ("b", 2), 3: ("c", 1)}


def test_a_source_whose_log_begins_anew_wins_after_its_load_is_written_again(spark: SparkSession) -> None:
    world = World(spark)
    world.put(LOAD, [Change("I", 0, 1, "a", 1), Change("I", 0, 2, "b", 1)])
    world.run()
    world.put(FIRST, [Change("U", 900, 1, "before the restore", 2)])
    world.run()
    world.put(LOAD, [Change("I", 0, 1, "restored", 1), Change("I", 0, 2, "b", 1)])
    world.run()
    assert world.people() == {1: ("restored", 1), 2: ("b", 1)}
    world.put(SECOND, [Change("U", 5, 1, "after the restore", 3), Change("D", 6, 2)])
    world.run()
    assert world.people() == {1: ("after the restore", 3)}


def test_keys_that_pass_each_other_in_one_transaction_both_live(spark: SparkSession) -> None:
    world = World(spark)
    load = [Change("I", 0, 1, "A", 1), Change("I", 0, 2, "B", 2), Change("I", 0, 5, "E", 5)]
    world.put(LOAD, load)
    world.run()
    changes = [
        Change("U", 61, 2, "A", 1, old_id=1, transaction=61),
        Change("U", 62, 1, "B", 2, old_id=2, transaction=61),
        # Through a key that is free: nothing stays there.
        Change("U", 63, 6, "E", 5, old_id=5, transaction=61),
        Change("U", 64, 7, "E", 5, old_id=6, transaction=61),
    ]
    world.put(FIRST, changes)
    world.run()
    assert world.people() == fold([*load, *changes]) == {1: ("B", 2), 2: ("A", 1), 7: ("E", 5)}


def test_every_key_counted_up_by_one_in_one_statement_loses_no_row(spark: SparkSession) -> None:
    world = World(spark)
    load = [Change("I", 0, key, f"row {key}", key) for key in (1, 2, 3)]
    world.put(LOAD, load)
    world.run()
    changes = [Change("U", 60 + key, key + 1, f"row {key}", key, old_id=key, transaction=61) for key in (1, 2, 3)]
    world.put(FIRST, changes)
    world.run()
    assert world.people() == fold([*load, *changes]) == {2: ("row 1", 1), 3: ("row 2", 2), 4: ("row 3", 3)}


def test_positions_that_cannot_be_read_fall_back_to_the_sequence_once_with_a_warning(
    spark: SparkSession, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(spark)
    columns = dms_schema(("id",), id=StringType(), name=StringType())

    def put(file: str, *rows: tuple[str, int, str]) -> None:
        raw = [(*dms_row(op, number, "1", name)[:5], "?", None) for op, number, name in rows]
        world.put_rows(file, raw, columns, "public/people")

    put(FIRST, ("I", 61, "a"), ("U", 65, "b"))
    world.run()
    put(SECOND, ("U", 64, "older"))
    world.run()
    put(THIRD, ("U", 66, "newer"))
    world.run()
    assert [row["name"] for row in world.current()] == ["newer"]
    assert capsys.readouterr().out.count("a log position could not be read") == 1


def test_updates_and_deletes_of_a_table_without_a_key_are_in_its_log_as_they_are(spark: SparkSession) -> None:
    world = World(spark, [{"schema": "public", "name": "events", "primary_key": []}])
    columns = dms_schema(what=StringType())
    rows = [dms_row("I", 61, "a"), dms_row("U", 62, "b"), dms_row("D", 63, "b")]
    world.put_rows(FIRST, rows, columns, "public/events")
    assert world.run() == 1
    assert [(row["_op"], row["what"]) for row in world.log("public_events")] == [("I", "a"), ("U", "b"), ("D", "b")]
    assert not spark.catalog.tableExists(f"glue_catalog.{world.name}.public_events")
