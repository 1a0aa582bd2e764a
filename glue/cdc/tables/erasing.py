"""Rows that must be nowhere: neither in a table nor in a file that once was a part of it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from pyspark.sql import SparkSession

from cdc.errors import CommitLostError
from cdc.spark import java_class
from cdc.tables import catalog, commit

_ATTEMPTS = 5


def delete(spark: SparkSession, identifier: str, condition: str) -> int:
    """Deletes the rows of a condition; how many they were.

    Raises:
        CommitLostError: Another writer was faster, again and again.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        catalog.refresh(spark, identifier)
        count = spark.table(identifier).where(condition).count()
        if not count:
            return 0
        try:
            with commit.racing(identifier):
                spark.sql(f"DELETE FROM {identifier} WHERE {condition}")
            return count
        except CommitLostError:
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def rewrite(spark: SparkSession, identifier: str, batch: int) -> int:
    """Rewrites every data file of which rows were deleted, forgets all earlier snapshots and deletes their files.

    Returns:
        How many files are gone.

    Raises:
        CommitLostError: Another writer was faster, again and again.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        catalog.refresh(spark, identifier)
        try:
            commit.drop_leftovers(spark, identifier, batch)
            with commit.racing(identifier):
                _rewrite_files(spark, identifier)
                return _forget(spark, identifier)
        except CommitLostError:
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _rewrite_files(spark: SparkSession, identifier: str) -> None:
    name, _, table = identifier.partition(".")
    options = "map('delete-file-threshold', '1', 'remove-dangling-deletes', 'true')"
    spark.sql(f"CALL {name}.system.rewrite_data_files(table => {catalog.literal(table)}, options => {options})")
    # Manifests keep the bounds of files that are deleted: a commit that changes nothing leaves such manifests out.
    for _ in range(2):
        catalog.refresh(spark, identifier)
        commit.append_after(spark.table(identifier).limit(0), identifier, catalog.snapshot(spark, identifier))
    catalog.refresh(spark, identifier)


def _forget(spark: SparkSession, identifier: str) -> int:
    """Expires every snapshot but the last, then deletes what lies in the table's folder and belongs to nothing."""
    name, _, table = identifier.partition(".")
    (expired,) = spark.sql(
        f"CALL {name}.system.expire_snapshots(table => {catalog.literal(table)}, "
        f"older_than => TIMESTAMP '{datetime.now(UTC) + timedelta(seconds=1):%Y-%m-%d %H:%M:%S}', retain_last => 1)"
    ).collect()
    catalog.refresh(spark, identifier)
    actions: Any = java_class(spark, "org.apache.iceberg.spark.actions.SparkActions").get()
    # The procedure refuses times within a day, for the sake of writers at work: of this table there are none.
    orphans = actions.deleteOrphanFiles(catalog.load(spark, identifier)).olderThan(int(time.time() * 1000) + 1000)
    lost = sum(1 for _ in orphans.execute().orphanFileLocations())
    return sum(expired.asDict().values()) + lost
