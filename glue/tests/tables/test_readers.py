"""A reader that nobody here wrote gets from the bucket the rows that Spark gets, delete files included."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import boto3
import pytest
from node import bundled
from parquet_file import Physical
from pyspark.sql import SparkSession
from pyspark.sql.types import (
    BooleanType,
    DataType,
    DateType,
    DecimalType,
    DoubleType,
    IntegerType,
    LongType,
    StringType,
    TimestampType,
)
from world import World, dms_row, dms_schema

pytestmark = pytest.mark.spark

TYPES: dict[str, DataType] = {
    "small": IntegerType(),
    "big": LongType(),
    "name": StringType(),
    "is_new": BooleanType(),
    "price": DecimalType(10, 2),
    "weight": DoubleType(),
    "day": DateType(),
    "at": TimestampType(),
    "bytes": Physical(6),
}


def values(seed: int, name: str | None = "a") -> tuple[Any, ...]:
    # Days and microseconds since 1970, some of them before.
    day, stamp = 1000 * (seed - 4), 1_000_000_000_123_000 * (seed - 4)
    return (seed, 2**40 + seed, name, seed % 2 == 0, Decimal(seed) / 4, seed / 8, day, stamp, b"\xff\x00")


def put(world: World, file: str, types: dict[str, DataType], *rows: tuple[Any, ...]) -> None:
    """Rows are operation, number, the key before an update of it, the key, and values."""
    schema = dms_schema(("id",), id=LongType(), **types)
    world.put_rows(
        file, [dms_row(op, n, id, *rest, before=(old,)) for op, n, old, id, *rest in rows], schema, "public/people"
    )


def by_spark(world: World, table: str) -> list[dict[str, Any]]:
    """Rows in the forms that JSON and the reader have."""

    def shown(value: Any) -> Any:
        match value:
            case datetime():
                return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            case date():
                return f"{value.isoformat()}T00:00:00.000Z"
            case Decimal() | float():
                # JSON has one kind of number.
                return int(value) if value == int(value) else float(value)
            case bytearray():
                # It takes all bytes for text.
                return value.decode(errors="replace")
            case _:
                return value

    return [
        {name: shown(value) for name, value in row.asDict().items()}
        for row in world.query("SELECT * FROM {table}", table)
    ]


def by_icebird(world: World, table: str, endpoint: str) -> list[dict[str, Any]]:
    parameters = boto3.client("glue").get_table(DatabaseName=world.name, Name=table)["Table"]["Parameters"]
    question = {"endpoint": endpoint, "metadata": parameters["metadata_location"]}
    script = bundled("read_iceberg.js", "icebird@0.3.1")
    done = subprocess.run(["node", script], input=json.dumps(question), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def in_order(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def test_another_client_of_iceberg_reads_table_and_log_as_spark_does(spark: SparkSession, aws: str) -> None:
    world = World(spark)
    put(world, "LOAD00000001.parquet", TYPES, *[("I", 0, None, id, *values(id)) for id in range(1, 9)])
    world.run()
    put(
        world,
        "20260101-000001000.parquet",
        TYPES,
        ("U", 61, None, 1, *values(11)),
        ("D", 62, None, 2, *[None] * len(TYPES)),
        ("U", 63, 3, 30, *values(13)),
        ("I", 64, None, 9, *values(14, None)),
    )
    world.run()
    # A column is widened and one is added; the old files stay as they are.
    wider = {**TYPES, "small": LongType(), "later": StringType()}
    put(world, "20260101-000002000.parquet", wider, ("U", 71, None, 4, *values(15), "new"))
    world.run()
    deletes = world.query("SELECT count(*) AS files FROM {table}.delete_files", "public_people")
    assert deletes[0]["files"] > 0
    for table in ("public_people", "public_people_changes", "cdc_files"):
        rows = by_spark(world, table)
        assert len(rows) > 2
        assert in_order(by_icebird(world, table, aws)) == in_order(rows)
