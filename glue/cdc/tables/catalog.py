"""Iceberg tables in the catalog: found, made, compared. The one door to Iceberg's Java classes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from cdc.errors import SchemaChangedError
from cdc.model.columns import OWN
from cdc.raw.types import kept_as
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


def create(frame: DataFrame, identifier: str, *, exact: Iterable[str], retries: bool) -> None:
    """Makes an empty table with the frame's columns, unless it is there.

    Args:
        exact: Columns by which rows are found, beside the tables' own: files keep their exact bounds, wherever in the
            table they are. By itself Iceberg does so for the first hundred columns, and for 16 characters of a text.
        retries: Whether Iceberg may try a commit again by itself.
    """
    bounds = [*[name for name in OWN if name in frame.columns], *exact]
    properties = {f"write.metadata.metrics.column.{name}": "full" for name in bounds}
    writer = frame.limit(0).writeTo(identifier).using("iceberg")
    for name, value in {**_PROPERTIES, **properties, **({} if retries else _NO_RETRY)}.items():
        writer = writer.tableProperty(name, value)
    try:
        writer.create()
    except AnalysisException as refused:
        if "ALREADY_EXISTS" not in str(refused):
            raise


def check_schema(frame: DataFrame, table: DataFrame, identifier: str) -> None:
    """Compares a frame's columns and types with its table's.

    Raises:
        SchemaChangedError: They differ; the message names the columns and both types.
    """
    ours, theirs = _types(frame), _types(table)
    differences = [
        *(f"{name} {ours[name]} is new" for name in ours.keys() - theirs.keys()),
        *(f"{name} {theirs[name]} is missing" for name in theirs.keys() - ours.keys()),
        *(
            f"{name} is {ours[name]}, in the table {theirs[name]}"
            for name in ours.keys() & theirs.keys()
            if ours[name] != theirs[name]
        ),
    ]
    if differences:
        raise SchemaChangedError(
            f"The raw files of {identifier} have other columns than the table: {', '.join(sorted(differences))}. "
            "Change this table and the one beside it likewise (ALTER TABLE) and start the job again; the batch is kept."
        )


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


def _types(frame: DataFrame) -> dict[str, str]:
    return {field.name: kept_as(field.dataType.simpleString()) for field in frame.schema}
