"""Every type that a file can have is read, and every value kept as DMS wrote it."""

from __future__ import annotations

import struct
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from parquet_file import interval_bytes, time_micros, time_millis, time_nanos, timestamp_nanos, uuid_bytes
from pyspark.sql import SparkSession
from pyspark.sql.types import BooleanType, DataType, DateType, DoubleType, LongType, StringType, TimestampType
from world import PEOPLE, World, dms_row, dms_schema

pytestmark = pytest.mark.spark

LOAD, FIRST = "LOAD00000001.parquet", "20260101-000001000.parquet"

DAY = timedelta(days=1)
UUID = uuid.UUID("0b0e3c56-1111-4222-8333-444455556666")

#: Parquet's type, what is stored, and the text that it becomes.
UNKNOWN: list[tuple[str, DataType, Any, str]] = [
    ("time in milliseconds", time_millis(), (13 * 3600 + 4 * 60 + 5) * 1000 + 678, "13:04:05.678000"),
    ("midnight at the end of a day", time_millis(), 86_400_000, "24:00:00.000000"),
    ("time in microseconds", time_micros(), 1, "00:00:00.000001"),
    ("time in nanoseconds", time_nanos(), 86_399_999_999_999, "23:59:59.999999999"),
    ("timestamp in nanoseconds", timestamp_nanos(), -1, "1969-12-31 23:59:59.999999999"),
    ("uuid", uuid_bytes(), UUID.bytes, str(UUID)),
    ("interval", interval_bytes(), struct.pack("<III", 14, 3, 5000), "0e0000000300000088130000"),
]


def put(world: World, file: str, columns: dict[str, DataType], *rows: tuple[Any, ...]) -> None:
    schema = dms_schema(("id",), id=LongType(), **columns)
    written = [dms_row(op, number, *values, before=(None,)) for op, number, *values in rows]
    world.put_rows(file, written, schema, "public/people")


@pytest.mark.parametrize(("kind", "stored", "text"), [row[1:] for row in UNKNOWN], ids=[row[0] for row in UNKNOWN])
def test_a_type_that_spark_does_not_know_becomes_text_and_the_other_columns_are_as_ever(
    spark: SparkSession, kind: DataType, stored: Any, text: str
) -> None:
    world = World(spark)
    put(world, LOAD, {"v": kind, "w": StringType()}, ("I", 0, 1, stored, "a"), ("I", 0, 2, None, "b"))
    world.run()
    put(world, FIRST, {"v": kind, "w": StringType()}, ("U", 61, 2, stored, "c"))
    world.run()
    assert {row["id"]: (row["v"], row["w"]) for row in world.current()} == {1: (text, "a"), 2: (text, "c")}
    assert [row["v"] for row in world.log()] == [text, None, text]


def days(text: str) -> int:
    """Days from 1970 in the calendar that today's is, also before 1582."""
    year, month, day = (int(part) for part in text.split("-"))
    return (date(year, month, day) - date(1970, 1, 1)).days


OLD_DAYS = ["0001-01-01", "1000-02-28", "1582-10-04", "1582-10-14", "1582-10-15", "1899-12-31", "9999-12-31"]
OLD_TIMES = ["0001-01-01 00:00:00", "1582-10-10 12:00:00", "1899-12-31 23:59:59.999999", "9999-12-31 23:59:59"]


def micros(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1)) // timedelta(microseconds=1)


def test_dates_and_times_of_any_year_stay_as_they_were_written_in_log_table_and_as_keys(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"primary_key": ["day"]}])
    columns = dms_schema(("day",), day=DateType(), at=TimestampType())
    rows = [
        dms_row("I", 0, days(day), micros(OLD_TIMES[index % len(OLD_TIMES)]), before=(None,))
        for index, day in enumerate(OLD_DAYS)
    ]
    # 44 BC, which no date of Python's is.
    rows.append(
        dms_row("I", 0, days("0001-01-01") - 16000, micros(OLD_TIMES[0]) - 16000 * 86_400_000_000, before=(None,))
    )
    world.put_rows(LOAD, rows, columns, "public/people")
    world.run()
    changed = dms_row("U", 61, days("0001-01-01"), micros("1600-01-01"), before=(None,))
    gone = dms_row("D", 62, days("1582-10-04"), None, before=(None,))
    world.put_rows(FIRST, [changed, gone], columns, "public/people")
    world.run()
    texts = "SELECT cast(day AS string) AS day, cast(at AS string) AS at, _op FROM {table} ORDER BY _position, day"
    stamps = {day: OLD_TIMES[index % len(OLD_TIMES)] for index, day in enumerate(OLD_DAYS)}
    log = {
        (row["_op"], row["day"], row["at"])
        for row in world.query(texts, "public_people_changes")
        if row["day"][0] != "-"
    }
    assert log == {
        *(("I", day, at) for day, at in stamps.items()),
        ("U", "0001-01-01", "1600-01-01 00:00:00"),
        ("D", "1582-10-04", None),
    }
    del stamps["1582-10-04"]
    stamps["0001-01-01"] = "1600-01-01 00:00:00"
    current = world.query("SELECT cast(day AS string) AS day, cast(at AS string) AS at FROM {table}")
    assert {row["day"]: row["at"] for row in current if row["day"][0] != "-"} == stamps
    assert len([row for row in current if row["day"][0] == "-"]) == 1


KEYS: list[tuple[str, DataType, list[Any]]] = [
    ("texts with blanks behind them", StringType(), ["a", "a ", "a  ", " a"]),
    ("texts that look alike", StringType(), ["\u00e9", "e\u0301", "E\u0301"]),
    ("booleans", BooleanType(), [True, False]),
    ("timestamps", TimestampType(), [micros("1582-10-10"), 0, 1, -1]),
    ("doubles", DoubleType(), [0.5, 1e300, -1e-300, float("inf")]),
]


@pytest.mark.parametrize(("kind", "values"), [row[1:] for row in KEYS], ids=[row[0] for row in KEYS])
def test_keys_of_any_type_are_told_apart_and_found_again(
    spark: SparkSession, kind: DataType, values: list[Any]
) -> None:
    world = World(spark, [PEOPLE | {"primary_key": ["k"]}])
    columns = dms_schema(("k",), k=kind, n=LongType())
    load = [dms_row("I", 0, value, index, before=(None,)) for index, value in enumerate(values)]
    world.put_rows(LOAD, load, columns, "public/people")
    world.run()
    assert sorted(row["n"] for row in world.current()) == list(range(len(values)))
    updates = [dms_row("U", 61 + index, value, 100 + index, before=(None,)) for index, value in enumerate(values[1:])]
    deleted = dms_row("D", 80, values[0], None, before=(None,))
    world.put_rows(FIRST, [*updates, deleted], columns, "public/people")
    world.run()
    assert sorted(row["n"] for row in world.current()) == [100 + index for index in range(len(values) - 1)]


def test_zero_and_minus_zero_are_one_key_and_so_is_nan_as_in_the_source(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"primary_key": ["k"]}])
    columns = dms_schema(("k",), k=DoubleType(), n=LongType())
    nan = float("nan")
    load = [dms_row("I", 0, value, index, before=(None,)) for index, value in enumerate([0.0, nan])]
    world.put_rows(LOAD, load, columns, "public/people")
    world.run()
    changes = [dms_row("U", 61, -0.0, 10, before=(None,)), dms_row("U", 62, nan, 11, before=(None,))]
    world.put_rows(FIRST, changes, columns, "public/people")
    world.run()
    assert sorted(row["n"] for row in world.current()) == [10, 11]
