"""A source table without rows has tables in the catalog, of the types that its first rows will have."""

from __future__ import annotations

import pytest
from parquet_file import time_millis
from pyspark.sql import SparkSession
from pyspark.sql.types import (
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    ShortType,
    StringType,
    TimestampType,
)
from world import PEOPLE, World, dms_row, dms_schema

pytestmark = pytest.mark.spark

#: PostgreSQL's type and what DMS writes.
COLUMNS = {
    "id": ("bigint", LongType()),
    "small": ("smallint", ShortType()),
    "whole": ("integer", IntegerType()),
    "price": ("numeric(12,2)", DecimalType(12, 2)),
    "weight": ("real", FloatType()),
    "height": ("double precision", DoubleType()),
    "name": ("character varying(40)", StringType()),
    "note": ("text", StringType()),
    "tags": ("text[]", StringType()),
    "born": ("date", DateType()),
    "at": ("timestamp(3) with time zone", TimestampType()),
    "hour": ("time without time zone", time_millis()),
    "alive": ("boolean", BooleanType()),
    "_deleted": ("boolean", BooleanType()),
}


def types(world: World, table: str) -> dict[str, str]:
    return {
        item.name: item.dataType.simpleString()
        for item in world.spark.table(f"glue_catalog.{world.name}.{table}").schema
    }


def test_its_tables_are_made_once_and_take_the_first_rows_without_a_change(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"columns": {"name": {"mask": "redact"}}, "derived": {"shout": "upper(note)"}}])
    world.put_source_schema([(name, kind) for name, (kind, _) in COLUMNS.items()], ["id"])
    assert world.run() == 1
    assert world.current() == [] and world.log() == []
    before = [types(world, table) for table in ("public_people", "public_people_changes")]
    assert {"source_deleted", "shout", "price"} <= before[0].keys()
    assert world.run() == 0
    columns = dms_schema(("id",), **{name: kind for name, (_, kind) in COLUMNS.items()})
    row = [1, 2, 3, None, 0.5, 0.25, "Ann", "x", "{a}", 0, 0, 0, True, False]
    world.put_rows("20260101-000001000.parquet", [dms_row("I", 61, *row, before=(None,))], columns, "public/people")
    world.run()
    assert [types(world, table) for table in ("public_people", "public_people_changes")] == before
    (found,) = world.current()
    assert (found["name"], found["shout"], found["hour"], found["whole"]) == ("REDACTED", "X", "00:00:00.000000", 3)


def test_a_table_of_which_nothing_is_recorded_is_not_made(spark: SparkSession) -> None:
    world = World(spark)
    assert world.run() == 0
    assert not spark.catalog.tableExists(f"glue_catalog.{world.name}.public_people")
