"""Tables of every kind: composite keys, no key, odd names; and a table that fails beside others that do not."""

from __future__ import annotations

import datetime

import pytest
from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession
from pyspark.sql.types import IntegerType, LongType, StringType, StructType
from world import FILE_SCHEMA, PEOPLE, Change, World, dms_row, dms_schema, sequence

from cdc.errors import TablesFailedError, reason

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"
FIRST = "20260101-000001000.parquet"
SECOND = "20260101-000002000.parquet"


def test_a_composite_key_is_one_key(spark: SparkSession) -> None:
    world = World(spark, [{"schema": "public", "name": "lines", "primary_key": ["order_id", "line"]}])
    columns = dms_schema(("order_id", "line"), order_id=LongType(), line=IntegerType(), item=StringType())
    empty = (None, None)
    first = [dms_row("I", 0, 1, line, f"item {line}", before=empty) for line in (1, 2, 3)]
    world.put_rows(LOAD, first, columns, "public/lines")
    world.run()
    changes = [
        dms_row("U", 61, 1, 1, "new", before=empty),
        dms_row("D", 65, 1, 2, None, before=empty),
        dms_row("U", 69, 2, 3, "item 3", before=(1, 3)),
        dms_row("I", 73, 2, 1, "other", before=empty),
    ]
    world.put_rows(FIRST, changes, columns, "public/lines")
    world.run()
    rows = {(found["order_id"], found["line"]): found["item"] for found in world.current("public_lines")}
    assert rows == {(1, 1): "new", (2, 3): "item 3", (2, 1): "other"}


def test_a_table_without_a_key_has_a_log_of_inserts_each_once(spark: SparkSession) -> None:
    world = World(spark, [{"schema": "public", "name": "events", "primary_key": []}])
    columns = dms_schema(what=StringType())
    world.put_rows(LOAD, [dms_row("I", 0, "same"), dms_row("I", 0, "same")], columns, "public/events")
    world.put_rows(
        FIRST, [dms_row("I", 61, "a"), dms_row("I", 61, "a"), dms_row("I", 65, "b")], columns, "public/events"
    )
    world.run()
    world.put_rows(
        SECOND, [dms_row("I", 61, "a"), dms_row("I", 65, "b"), dms_row("I", 69, "c")], columns, "public/events"
    )
    world.run()
    assert [found["what"] for found in world.log("public_events")] == ["same", "same", "a", "b", "c"]
    assert not spark.catalog.tableExists(f"glue_catalog.{world.name}.public_events")


def test_names_with_blanks_and_signs_are_the_keys_of_s3_in_log_and_ledger(spark: SparkSession) -> None:
    name = "a b+c%41,é"
    world = World(spark, [PEOPLE | {"name": name}])
    world.put(FIRST, [Change("I", 61, 1, "Ann", 1)], f"public/{name}")
    assert world.run() == 1
    table = world.config.tables[0].catalog_name
    assert [found["_raw_file"] for found in world.log(table)] == [f"raw/public/{name}/{FIRST}"]
    assert [(found["object_key"], found["rows"]) for found in world.ledger()] == [(f"raw/public/{name}/{FIRST}", 1)]


def test_times_are_utc_wherever_the_job_runs(spark: SparkSession) -> None:
    world = World(spark)
    world.put(FIRST, [Change("I", 61, 1, "Ann", 1)])
    spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    try:
        world.run()
    finally:
        spark.conf.set("spark.sql.session.timeZone", "UTC")
    (found,) = world.query("SELECT unix_micros(_commit_ts) AS at FROM {table}")
    assert found["at"] == datetime.datetime(2026, 1, 1, 0, 0, 1, tzinfo=datetime.UTC).timestamp() * 1_000_000


BROKEN = {
    "an unknown operation": ([Change("X", 61, 1)], "the operation must be I, U or D"),
    "a key that is NULL": ([Change("I", 61, None)], "a column of the primary key is NULL"),
    "a change without a sequence": ([Change("I", 0, 2)], r"a change has 35 digits"),
}


def test_a_table_none_of_whose_first_rows_can_be_taken_fails_alone_and_names_the_file(spark: SparkSession) -> None:
    bad = [f"bad{index}" for index in range(len(BROKEN))]
    tables = [PEOPLE | {"name": name} for name in [*bad, "loaded", "narrow", "timed", "good"]]
    world = World(spark, tables)
    for name, (changes, _) in zip(bad, BROKEN.values(), strict=True):
        world.put(FIRST, changes, f"public/{name}")
    world.put(LOAD, [Change("I", 61, 1)], "public/loaded")
    # One file of two lacks a column that the other has.
    world.put(FIRST, [Change("I", 61, 1)], "public/narrow")
    narrow = StructType([field for field in FILE_SCHEMA if field.name != "dms_seq"])
    world.put_rows(SECOND, [("I", "2026-01-01 00:00:00.000000", 1, "a", 1, "0/3D.1", None)], narrow, "public/narrow")
    world.put_rows(FIRST, [("I", "yesterday", 1, "a", 1, sequence(61), "0/3D.1", None)], FILE_SCHEMA, "public/timed")
    world.put(FIRST, [Change("I", 61, 1, "Ann", 1)], "public/good")

    with pytest.raises(TablesFailedError) as failed:
        world.run()
    reasons = failed.value.failures
    expected = {f"public.{name}": message for name, (_, message) in zip(bad, BROKEN.values(), strict=True)} | {
        "public.loaded": "a row of a full load has none",
        "public.narrow": f"{SECOND} of public.narrow lacks dms_seq",
        "public.timed": "the commit time must read",
    }
    assert set(reasons) == set(expected)
    for name, message in expected.items():
        with pytest.raises(type(reasons[name]), match=message):
            raise reasons[name]
        assert FIRST in str(reasons[name]) or SECOND in str(reasons[name]) or LOAD in str(reasons[name])
    assert world.people("public_good") == {1: ("Ann", 1)}
    # The good table goes on; the others stay as they are, whole.
    world.put(SECOND, [Change("U", 65, 1, "Anna", 2)], "public/good")
    again = world.carry_out()
    assert set(again.failures) == set(expected)
    assert world.people("public_good") == {1: ("Anna", 2)}
    assert {found["source_table"] for found in world.ledger()} == {"public.good"}


def test_a_column_that_somebody_altered_in_the_table_alone_stops_it_and_is_named(spark: SparkSession) -> None:
    world = World(spark)
    world.put(FIRST, [Change("I", 61, 1, "Ann", 1)])
    world.run()
    world.query("ALTER TABLE {table} ADD COLUMN city int")
    wide = dms_schema(("id",), id=LongType(), name=StringType(), amount=LongType(), city=StringType())
    world.put_rows(SECOND, [dms_row("U", 65, 1, "Ann", 2, "Ulm", before=(None,))], wide, "public/people")
    with pytest.raises(TablesFailedError, match="public_people has city as int, and needs it as string"):
        world.run()
    world.query("ALTER TABLE {table} DROP COLUMN city")
    world.run()
    assert [(found["amount"], found["city"]) for found in world.current()] == [(2, "Ulm")]


def test_a_fault_of_java_is_named_by_its_root_cause(spark: SparkSession) -> None:
    with pytest.raises(Py4JJavaError) as failed:
        spark._jvm.java.util.ArrayList().get(3)
    assert reason(failed.value) == "IndexOutOfBoundsException: Index 3 out of bounds for length 0"
