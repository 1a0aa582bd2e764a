"""A batch touches the data files that can hold one of its keys, and no others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import urlparse

import boto3
import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import DateType, DecimalType, StringType, StructField, StructType
from world import Change, World

from cdc.changes import keys
from cdc.changes.evolve import TableColumn
from cdc.model.config import Table
from cdc.model.rules import ColumnRule

pytestmark = pytest.mark.spark

LOAD, SECOND_LOAD = "LOAD00000001.parquet", "LOAD00000002.parquet"
FIRST = "20260101-000001000.parquet"


@pytest.fixture
def far_apart(spark: SparkSession) -> World:
    """Two data files: keys 1 and 2, and keys 1000 and 1001."""
    world = World(spark)
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1), Change("I", 0, 2, "Bob", 2)])
    world.run()
    world.put(SECOND_LOAD, [Change("I", 0, 1000, "Cid", 3), Change("I", 0, 1001, "Dan", 4)])
    world.run()
    return world


def test_a_file_that_cannot_hold_a_key_of_the_batch_is_not_read(far_apart: World) -> None:
    (far,) = far_apart.query("SELECT DISTINCT _file AS path FROM {table} WHERE id >= 1000")
    place = urlparse(far["path"])
    boto3.client("s3").delete_object(Bucket=place.netloc, Key=place.path.lstrip("/"))
    far_apart.put(FIRST, [Change("U", 61, 1, "Anna", 1), Change("D", 65, 2, "Bob", 2), Change("I", 69, 3, "Eve", 3)])
    far_apart.run()
    left = far_apart.query("SELECT id, name FROM {table} WHERE id < 1000 ORDER BY id")
    assert [tuple(row) for row in left] == [(1, "Anna"), (3, "Eve")]


def test_a_key_that_moves_far_away_leaves_nothing_at_its_old_place(far_apart: World) -> None:
    far_apart.put(FIRST, [Change("U", 61, 5000, "Ann", 1, old_id=1)])
    far_apart.run()
    assert far_apart.people() == {2: ("Bob", 2), 1000: ("Cid", 3), 1001: ("Dan", 4), 5000: ("Ann", 1)}


def test_the_range_is_of_the_columns_that_have_an_order_worth_it(spark: SparkSession) -> None:
    key = StructType(
        [
            StructField("price", DecimalType(12, 2)),
            StructField("day", DateType()),
            StructField("code", StringType()),
            StructField("hidden", DateType()),
        ]
    )
    rows = [
        ((Decimal("-1.50"), date(2026, 1, 2), "x", date(2026, 1, 1)), None),
        ((Decimal("7.00"), date(2025, 12, 31), "y", date(2026, 1, 1)), (Decimal("9.25"), date(2026, 2, 1), "z", None)),
    ]
    before = StructType([StructField(f"k{index}", field.dataType) for index, field in enumerate(key.fields)])
    schema = StructType([*key.fields, StructField("__cdc", StructType([StructField("before", before)]))])
    changes = spark.createDataFrame([(*values, (old,)) for values, old in rows], schema)
    table = Table("public", "prices", tuple(key.names), columns={"hidden": ColumnRule(mask="sha256")})
    counted = changes.agg(*keys.aggregates(changes, table)).collect()
    placed = {item.name: TableColumn(item.name, item.dataType.simpleString(), item.name) for item in key}
    found = keys.range_of(table, counted, placed)
    assert set(found.bounds) == {"price", "day"}

    (bounds,) = spark.sql(f"SELECT {', '.join(sql for pair in found.bounds.values() for sql in pair)}").collect()
    assert list(bounds) == [Decimal("-1.50"), Decimal("9.25"), date(2025, 12, 31), date(2026, 2, 1)]
