"""Iceberg tables: made, written and committed to. The one place that knows of branches and snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession

from cdc.errors import MainMovedError, SchemaChangedError

_PROPERTIES = {
    "format-version": "2",
    "write.delete.mode": "merge-on-read",
    "write.update.mode": "merge-on-read",
    "write.merge.mode": "merge-on-read",
    # A batch is small beside its table; a shuffle before each write would cost more than it orders.
    "write.distribution-mode": "none",
    "write.merge.distribution-mode": "none",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "50",
}

#: A lost race must be seen here and begin again from main: Iceberg's own retry would publish over the other's commit.
_NO_RETRY = {"commit.retry.num-retries": "0"}

_LOST_RACE = ("CommitFailedException", "ValidationException", "not an ancestor", "ConcurrentModificationException")


def exists(spark: SparkSession, identifier: str) -> bool:
    """Whether the catalog has the table."""
    return spark.catalog.tableExists(identifier)


def create(frame: DataFrame, identifier: str, *, retries: bool) -> None:
    """Makes an empty table with the frame's columns, unless it is there."""
    writer = frame.limit(0).writeTo(identifier).using("iceberg")
    for name, value in (_PROPERTIES if retries else _PROPERTIES | _NO_RETRY).items():
        writer = writer.tableProperty(name, value)
    try:
        writer.create()
    except AnalysisException as refused:
        if "ALREADY_EXISTS" not in str(refused):
            raise


def check_schema(frame: DataFrame, identifier: str) -> None:
    """Compares a frame's columns with its table's.

    Raises:
        SchemaChangedError: They differ; the message names the columns.
    """
    table = set(frame.sparkSession.table(identifier).columns)
    missing, new = table - set(frame.columns), set(frame.columns) - table
    if missing or new:
        raise SchemaChangedError(
            f"The raw files of {identifier} have other columns than the table: new {sorted(new)}, missing {sorted(missing)}. "
            "Change the table likewise (ALTER TABLE … ADD COLUMN) and start the job again; the batch is kept."
        )


def replace_rows(frame: DataFrame, identifier: str, condition: Column) -> None:
    """Replaces exactly the rows of the condition, in one commit."""
    frame.select(*frame.sparkSession.table(identifier).columns).writeTo(identifier).overwrite(condition)


def snapshot(spark: SparkSession, identifier: str) -> int | None:
    """The current snapshot of main; None for a table without one."""
    current = _load(spark, identifier).currentSnapshot()
    return None if current is None else current.snapshotId()


@contextmanager
def branch(spark: SparkSession, identifier: str, name: str, base: int) -> Iterator[str]:
    """A branch made fresh from a snapshot of main, for the time of the block; yields the identifier to write to.

    The caller publishes; whatever happens, the branch is gone afterwards.
    """
    table = _load(spark, identifier)
    if table.refs().get(name) is not None:
        table.manageSnapshots().removeBranch(name).commit()
    table.manageSnapshots().createBranch(name, base).commit()
    try:
        yield f"{identifier}.branch_{name}"
    finally:
        table.refresh()
        if table.refs().get(name) is not None:
            table.manageSnapshots().removeBranch(name).commit()


def publish(spark: SparkSession, identifier: str, name: str) -> None:
    """Moves main to the branch and drops the branch, in one commit: readers see all of it or nothing."""
    table = _load(spark, identifier)
    table.refresh()
    table.manageSnapshots().fastForwardBranch("main", name).removeBranch(name).commit()


@contextmanager
def racing(identifier: str) -> Iterator[None]:
    """Turns a commit that lost a race into ``MainMovedError``; everything else passes."""
    try:
        yield
    except (Py4JJavaError, Exception) as failure:
        text = str(failure)
        if any(sign in text for sign in _LOST_RACE):
            raise MainMovedError(
                f"Another writer committed to {identifier} meanwhile: {text.splitlines()[0]}"
            ) from failure
        raise


def _load(spark: SparkSession, identifier: str) -> Any:
    return spark._jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, identifier)
