"""Columns of the source keep name and value whatever they are called, or are refused by name before the first write."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import LongType, StringType, StructField, StructType
from world import PEOPLE, World, dms_row, dms_schema

from cdc.changes.evolve import evolve
from cdc.errors import TablesFailedError

pytestmark = pytest.mark.spark

FIRST, SECOND = "20260101-000001000.parquet", "20260101-000002000.parquet"

#: Source name → name in the tables.
ODD = {
    **dict.fromkeys(["_result", "_place", "_copy", "_kept", "_before", "_present", "_later", "_old_key", "_mask_salt"]),
    **dict.fromkeys(["dms_before_note", "op", "a.b", "blank and é", "quote'd", "file", "row", "t", "s"]),
    "_deleted": "source_deleted",
    "_pos": "source_pos",
    "_file": "source_file",
    "_partition": "source_partition",
    "_metadata": "source_metadata",
    "tick`ed": "tick_ed",
    "Name": "Name",
    "name": "name_2",
}
KEPT = {name: kept or name for name, kept in ODD.items()}


def test_the_rule_of_names_is_the_stated_one() -> None:
    placed = evolve([], [dict.fromkeys(["id", *ODD], "string")]).placed[0]
    assert {source: column.name for source, column in placed.items()} == {"id": "id"} | KEPT


def test_every_odd_name_keeps_its_values_through_load_update_and_delete(spark: SparkSession) -> None:
    world = World(spark)
    columns = dms_schema(("id",), id=LongType(), **dict.fromkeys(ODD, StringType()))
    first = [dms_row("I", 60 + key, key, *[f"{name} {key}" for name in ODD], before=(None,)) for key in (1, 2)]
    world.put_rows(FIRST, first, columns, "public/people")
    world.run()
    changes = [
        dms_row("U", 71, 1, *[f"{name} new" for name in ODD], before=(None,)),
        dms_row("D", 72, 2, *[None for _ in ODD], before=(None,)),
        dms_row("I", 73, 3, *[f"{name} 3" for name in ODD], before=(None,)),
    ]
    world.put_rows(SECOND, changes, columns, "public/people")
    world.run()
    found = {row["id"]: {kept: row[kept] for kept in KEPT.values()} for row in world.current()}
    assert found == {
        1: {kept: f"{name} new" for name, kept in KEPT.items()},
        3: {kept: f"{name} 3" for name, kept in KEPT.items()},
    }
    assert [row["_op"] for row in world.log()] == ["I", "I", "U", "D", "I"]


def test_a_key_may_have_an_odd_name_too(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"primary_key": ["order.id", "_file"]}])
    columns = dms_schema(("order.id", "_file"), **{"order.id": LongType(), "_file": StringType(), "v": StringType()})
    empty = (None, None)
    world.put_rows(FIRST, [dms_row("I", 61, key, "x", "a", before=empty) for key in (1, 2)], columns, "public/people")
    world.run()
    changes = [
        dms_row("U", 71, 1, "x", "b", before=empty),
        dms_row("U", 72, 3, "y", "a", before=(2, "x")),
        dms_row("I", 73, 9, "x", "c", before=empty),
    ]
    world.put_rows(SECOND, changes, columns, "public/people")
    world.run()
    found = sorted((row["order.id"], row["source_file"], row["v"]) for row in world.current())
    assert found == [(1, "x", "b"), (3, "y", "a"), (9, "x", "c")]


def test_a_source_column_with_the_name_of_one_that_dms_adds_is_refused_by_name(spark: SparkSession) -> None:
    world = World(spark)
    columns = StructType([*dms_schema(("id",), id=LongType()).fields, StructField("Op", StringType())])
    world.put_rows(FIRST, [(*dms_row("I", 61, 1, before=(None,)), "open")], columns, "public/people")
    with pytest.raises(TablesFailedError, match="has the column Op twice"):
        world.run()
    assert not spark.catalog.tableExists(f"glue_catalog.{world.name}.public_people_changes")


@pytest.mark.parametrize("name", ["_op", "_SEQ", "_position", "_batch", "__cdc", "__cdc_kept"])
def test_a_name_that_the_tables_add_is_refused_before_anything_is_written(spark: SparkSession, name: str) -> None:
    world = World(spark)
    columns = dms_schema(("id",), id=LongType(), **{name: StringType()})
    world.put_rows(FIRST, [dms_row("I", 61, 1, "x", before=(None,))], columns, "public/people")
    with pytest.raises(TablesFailedError, match=rf"has the column {name}, and a column of this name is added"):
        world.run()
    for table in ("public_people", "public_people_changes"):
        assert not spark.catalog.tableExists(f"glue_catalog.{world.name}.{table}")
