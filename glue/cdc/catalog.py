"""Iceberg tables: made, written and committed to. The one place that knows of branches and snapshots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from cdc.errors import MainMovedError, SchemaChangedError, reason

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

_BRANCH = re.compile(r"cdc_(\d+)_")

_LOST_RACE = ("CommitFailedException", "ValidationException", "not an ancestor", "ConcurrentModificationException")


def find(spark: SparkSession, identifier: str) -> DataFrame | None:
    """The table, or None when the catalog has no such table."""
    try:
        return spark.table(identifier)
    except AnalysisException as refused:
        if refused.getErrorClass() == "TABLE_OR_VIEW_NOT_FOUND":
            return None
        raise


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


def replace_rows(frame: DataFrame, identifier: str, condition: Column) -> None:
    """Replaces exactly the rows of the condition, in one commit."""
    frame.select(*frame.sparkSession.table(identifier).columns).writeTo(identifier).overwrite(condition)


def snapshot(spark: SparkSession, identifier: str) -> int | None:
    """The current snapshot of main; None for a table without one."""
    current = _load(spark, identifier).currentSnapshot()
    return None if current is None else current.snapshotId()


def append_after(frame: DataFrame, identifier: str, base: int | None) -> None:
    """Appends to main, unless anybody added rows since a snapshot; the commit then fails as one that lost a race.

    Args:
        base: The snapshot; None for the table before its first one.
    """
    # An append checks nothing. An overwrite of no rows does, and adds the same rows.
    writer = frame.writeTo(identifier).option("isolation-level", "serializable")
    if base is not None:
        writer = writer.option("validate-from-snapshot-id", str(base))
    writer.overwrite(F.lit(False))


@contextmanager
def branch(spark: SparkSession, identifier: str, batch: int, name: str, base: int) -> Iterator[str]:
    """A branch made fresh from a snapshot of main, for the time of the block; yields its name.

    The caller publishes; after a failure the branch is dropped. Branches that killed runs of earlier batches left are
    dropped too.
    """
    table = _load(spark, identifier)
    own, change = f"cdc_{batch}_{name}", table.manageSnapshots()
    for left in list(table.refs().keySet()):
        if (match := _BRANCH.match(left)) and int(match.group(1)) < batch:
            change = change.removeBranch(left)
    change.createBranch(own, base).commit()
    try:
        yield own
    except Exception:
        table.refresh()
        if table.refs().get(own) is not None:
            table.manageSnapshots().removeBranch(own).commit()
        raise


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
    except Exception as failure:
        text = str(failure)
        if any(sign in text for sign in _LOST_RACE):
            raise MainMovedError(f"Another writer committed to {identifier} meanwhile: {reason(failure)}") from failure
        raise


def _types(frame: DataFrame) -> dict[str, str]:
    # Iceberg has no integer below 32 bits.
    narrow = {"tinyint": "int", "smallint": "int"}
    types = {field.name: field.dataType.simpleString() for field in frame.schema}
    return {name: narrow.get(kind, kind) for name, kind in types.items()}


def _load(spark: SparkSession, identifier: str) -> Any:
    return spark._jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, identifier)
