"""Columns from other replicated tables and from files, and rules of columns, from the configuration to the tables."""

from __future__ import annotations

from typing import Any

import pytest
from parquet_file import parquet_file
from pyspark.sql import SparkSession
from pyspark.sql.types import LongType, StringType, StructField, StructType
from world import FILE_SCHEMA, PEOPLE, Change, World

from cdc.errors import TablesFailedError

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"
FIRST = "20260101-000001000.parquet"
CODES = [(1, "CH"), (2, "DE")]


def code_file(ending: str, rows: list[tuple[int, str]]) -> bytes:
    if ending == "parquet":
        schema = StructType([StructField("number", LongType()), StructField("code", StringType())])
        return parquet_file(rows, schema)
    lines = ["number,code", *[f'{number},"{code}"' for number, code in rows]]
    if ending == "jsonl":
        lines = [f'{{"number": {number}, "code": "{code}"}}' for number, code in rows]
    return ("\n".join(lines) + "\n").encode()


def with_file(world: World, ending: str, rows: list[tuple[int, str]] | None = None) -> World:
    place = f"reference/codes.{ending}"
    world.s3.put_object(Bucket=f"{world.name}-raw", Key=place, Body=code_file(ending, rows or CODES))
    lookup = {"from": f"s3://{world.name}-raw/{place}", "on": {"amount": "number"}, "columns": {"country": "code"}}
    world.tables = [PEOPLE | {"lookups": [lookup]}]
    return world


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_column_is_looked_up_in_a_file(spark: SparkSession, ending: str) -> None:
    world = with_file(World(spark), ending)
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1), Change("I", 0, 2, "Bob", 2), Change("I", 0, 3, "Cid", 3)])
    world.run()
    world.put(FIRST, [Change("U", 61, 1, "Ann", 2), Change("D", 62, 2)])
    world.run()
    codes = dict(CODES)
    amounts = {1: 2, 3: 3}
    assert {row["id"]: row["country"] for row in world.current()} == {id: codes.get(n) for id, n in amounts.items()}
    assert [row["country"] for row in world.log()] == ["CH", "DE", None, "DE", None]


def test_a_column_is_looked_up_in_another_tables_rows_as_they_are_at_the_batch(spark: SparkSession) -> None:
    lookup = {"from": "public.people", "on": {"amount": "id"}, "columns": {"owner": "who"}}
    people = PEOPLE | {"columns": {"name": {"rename": "who", "trim": True}}}
    pets: dict[str, Any] = {"schema": "public", "name": "pets", "primary_key": ["id"], "lookups": [lookup]}
    world = World(spark, [people])
    world.put(LOAD, [Change("I", 0, 1, " Ann ", 1), Change("I", 0, 2, "Bob", 2)])
    world.run()
    world.tables = [people, pets]
    world.put(LOAD, [Change("I", 0, 10, "Rex", 1), Change("I", 0, 11, "Tom", 9)], "public/pets")
    world.run()
    world.put(FIRST, [Change("U", 61, 1, "Eve", 1)])
    world.run()
    world.put(FIRST, [Change("I", 71, 12, "Kim", 1)], "public/pets")
    world.run()
    # A row keeps what was true when it came.
    assert {row["id"]: row["owner"] for row in world.current("public_pets")} == {10: "Ann", 11: None, 12: "Eve"}


def test_a_key_that_is_twice_in_the_reference_fails_the_table_until_it_is_mended(spark: SparkSession) -> None:
    world = with_file(World(spark), "csv", [*CODES, (2, "AT")])
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1)])
    with pytest.raises(TablesFailedError, match=r"lookup of public\.people from s3:.* 1 key\(s\) twice .* in number"):
        world.run()
    with_file(world, "csv")
    world.run()
    assert [row["country"] for row in world.current()] == ["CH"]


def test_a_file_that_is_not_there_fails_the_table_and_says_which(spark: SparkSession) -> None:
    world = with_file(World(spark), "csv")
    world.s3.delete_object(Bucket=f"{world.name}-raw", Key="reference/codes.csv")
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1)])
    with pytest.raises(TablesFailedError, match=r"from s3://.*codes.csv cannot read the file: PATH_NOT_FOUND"):
        world.run()


def test_a_table_whose_reference_has_no_table_yet_waits(spark: SparkSession) -> None:
    lookup = {"from": "public.owners", "on": {"amount": "id"}, "columns": {"owner": "name"}}
    owners: dict[str, Any] = {"schema": "public", "name": "owners", "primary_key": ["id"]}
    world = World(spark, [PEOPLE | {"lookups": [lookup]}, owners])
    world.put(LOAD, [Change("I", 0, 1, "Ann", 7)])
    with pytest.raises(TablesFailedError, match=r"has no table to look in yet: .*public_owners is made when"):
        world.run()
    world.put(LOAD, [Change("I", 0, 7, "Zoe", 0)], "public/owners")
    world.carry_out()
    world.carry_out()
    assert [row["owner"] for row in world.current()] == ["Zoe"]


def test_a_column_is_renamed_and_another_left_out_in_both_tables_and_every_file(spark: SparkSession) -> None:
    rules = {"name": {"mask": "drop"}, "amount": {"rename": "total", "default": "0"}, "id": {"rename": "key"}}
    world = World(spark, [PEOPLE | {"columns": rules}])
    world.put_rows(
        LOAD,
        [Change("I", 0, 1, "hush-hush", None).row(), Change("I", 0, 2, "b", 2).row()],
        FILE_SCHEMA,
        "public/people",
    )
    world.run()
    world.put(FIRST, [Change("U", 61, 9, "hush-hush", 5, old_id=1), Change("D", 62, 2)])
    world.run()
    assert [(row["key"], row["total"]) for row in world.current()] == [(9, 5)]
    assert [(row["_op"], row["key"], row["total"]) for row in world.log()] == [
        ("I", 1, 0), ("I", 2, 2), ("D", 1, None), ("I", 9, 5), ("D", 2, None),
    ]  # fmt: skip
    for table in ("public_people", "public_people_changes"):
        assert {"name", "id", "amount"}.isdisjoint(world.query("SELECT * FROM {table} LIMIT 1", table)[0].asDict())
    pages = world.s3.get_paginator("list_objects_v2").paginate(Bucket="warehouse")
    keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    files = [f"s3://warehouse/{key}" for key in keys if f"{world.name}.db/" in key and key.endswith(".parquet")]
    columns = {column for file in files for column in spark.read.parquet(file).columns}
    assert "name" not in columns and {"key", "total"} < columns


def test_a_broken_expectation_that_stops_leaves_the_table_as_it_was(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"expectations": {"positive": {"must": "amount > 0", "on_broken": "stop"}}}])
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1)])
    world.run()
    world.put(
        FIRST, [Change("I", 61, 2, "Bob", 2), Change("U", 62, 3, "Ann", -3, old_id=1), Change("U", 63, 2, "B", 0)]
    )
    with pytest.raises(TablesFailedError, match=rf"2 row\(s\) .* expectation 'positive', .* row 2 of .*{FIRST}"):
        world.run()
    assert world.people() == {1: ("Ann", 1)}
    assert len(world.log()) == 1


def test_a_broken_expectation_that_is_counted_is_told_and_changes_nothing(
    spark: SparkSession, capfd: pytest.CaptureFixture[str]
) -> None:
    world = World(spark, [PEOPLE | {"expectations": {"positive": {"must": "amount > 0", "on_broken": "count"}}}])
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1), Change("I", 0, 2, "hidden-name", -1)])
    world.run()
    assert world.people() == {1: ("Ann", 1), 2: ("hidden-name", -1)}
    told = capfd.readouterr().out
    assert "warning table=public.people expectation=positive rows=1" in told and "row=2" in told
    assert '"BrokenExpectations": 1' in told and "hidden-name" not in told
