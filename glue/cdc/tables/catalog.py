"""Iceberg tables in the catalog: found, made, compared. The one door to Iceberg's Java classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdc.changes.evolve import TableColumn, table_column
from cdc.model.columns import BATCH, COMMIT_TIME, FILE, OPERATION, OWN, POSITION, ROW, SEQUENCE, UNSENT
from cdc.spark import java_class

_PROPERTIES = {
    "format-version": "2",
    "write.delete.mode": "merge-on-read",
    "write.update.mode": "merge-on-read",
    "write.merge.mode": "merge-on-read",
    # A batch is small beside its table; a shuffle before each write would cost more than it orders.
    "write.distribution-mode": "none",
    "write.merge.distribution-mode": "none",
    # A commit adds a manifest of one line, and every plan reads all manifests: a hundred, the default, cost seconds.
    "commit.manifest.min-count-to-merge": "10",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "50",
}

#: The tables' own columns.
OWN_COLUMNS = tuple(
    TableColumn(name, kind, name)
    for name, kind in {
        OPERATION: "string",
        SEQUENCE: "string",
        POSITION: "string",
        COMMIT_TIME: "timestamp",
        FILE: "string",
        ROW: "bigint",
        BATCH: "bigint",
        UNSENT: "array<string>",
    }.items()
)

#: A lost race must be seen here and begin again from main: Iceberg's own retry would publish over the other's commit.
_NO_RETRY = {"commit.retry.num-retries": "0"}


def find(spark: SparkSession, identifier: str) -> DataFrame | None:
    """The table, or None when the catalog has no such table."""
    try:
        return spark.table(identifier)
    except AnalysisException as refused:
        if refused.getErrorClass() == "TABLE_OR_VIEW_NOT_FOUND":
            return None
        raise


def create(
    spark: SparkSession, identifier: str, columns: Sequence[TableColumn], *, exact: Iterable[str], retries: bool
) -> None:
    """Makes an empty table, unless it is there.

    Args:
        exact: Columns by which rows are found, beside the tables' own: files keep their exact bounds, wherever in the
            table they are. By itself Iceberg does so for the first hundred columns, and for 16 characters of a text.
        retries: Whether Iceberg may try a commit again by itself.
    """
    bounds = [*[column.name for column in columns if column.name in OWN and column.name != UNSENT], *exact]
    properties = {f"write.metadata.metrics.column.{name}": "full" for name in bounds}
    nothing = spark.range(0).select(
        *[
            F.lit(None)
            .cast(column.type)
            .alias(column.name, metadata={} if column.comment is None else {"comment": column.comment})
            for column in columns
        ]
    )
    writer = nothing.writeTo(identifier).using("iceberg")
    for name, value in {**_PROPERTIES, **properties, **({} if retries else _NO_RETRY)}.items():
        writer = writer.tableProperty(name, value)
    try:
        writer.create()
    except AnalysisException as refused:
        if "ALREADY_EXISTS" not in str(refused):
            raise


def columns_of(table: DataFrame) -> list[TableColumn]:
    """A table's columns beside the tables' own, with the source's columns that they are of."""
    return [
        table_column(item.name, item.dataType.simpleString(), item.metadata.get("comment"))
        for item in table.schema
        if item.name not in OWN
    ]


def load(spark: SparkSession, identifier: str) -> Any:
    """Iceberg's own table, as the session knows it."""
    util = java_class(spark, "org.apache.iceberg.spark.Spark3Util")
    return util.loadIcebergTable(spark._jsparkSession, identifier)


def snapshot(spark: SparkSession, identifier: str) -> int | None:
    """The current snapshot of main as the session knows it; None for a table without one."""
    current = load(spark, identifier).currentSnapshot()
    return None if current is None else current.snapshotId()


def refresh(spark: SparkSession, identifier: str) -> None:
    """Makes the session see what others have committed."""
    spark.catalog.refreshTable(identifier)
    load(spark, identifier).refresh()


def literal(text: str) -> str:
    """The text as Spark SQL must spell it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
