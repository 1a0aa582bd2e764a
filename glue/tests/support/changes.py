"""Changes of a table as ``raw.parquet`` makes them, without files."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession

from cdc.changes import rules
from cdc.model.config import Table
from cdc.spark import LazySession

_TECHNICAL = (
    "struct<op: string, seq: string, position: string, commit_ts: timestamp, file: string, row: bigint, "
    "before: struct<k0: {key}>>"
)


def changes(spark: SparkSession, columns: str, *rows: tuple[Any, ...]) -> DataFrame:
    """A row is an operation, the values and, of an update of the key, the old key behind them.

    Args:
        columns: Name and type of the source's columns; the first is the key.
    """
    LazySession(spark)
    source = spark.createDataFrame([], columns).schema
    technical = _TECHNICAL.format(key=source.fields[0].dataType.simpleString())
    found = []
    for place, (op, *values) in enumerate(rows):
        width = len(source.fields)
        old = (values[width],) if len(values) > width else None
        stamp = datetime(2026, 1, 1, tzinfo=UTC)
        found.append((*values[:width], (op, f"{place:035d}", f"{place:016X}", stamp, "f", place * 2, old)))
    return spark.createDataFrame(found, f"{columns}, __cdc {technical}")


def prepared(frame: DataFrame, table: Table, salt: str | None = None, **options: Any) -> DataFrame:
    """What the table's rules make of changes."""
    return rules.prepare(frame, table, salt, epoch=0, by_position=True, **options)


def values(rows: DataFrame, *columns: str) -> list[Any]:
    """The columns of the rows in their order, each row a tuple; one column alone as it is."""
    found: list[Row] = rows.orderBy("_row").select(*[f"`{name}`" for name in columns]).collect()
    return [row[0] if len(columns) == 1 else tuple(row) for row in found]
