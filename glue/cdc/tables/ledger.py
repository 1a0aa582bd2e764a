"""The ledger for people: every raw file with what it held, what became of it and the batch that carried it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StringType, StructField, StructType

from cdc.changes.evolve import TableColumn
from cdc.errors import CommitLostError
from cdc.model.batch import GONE, DoneMark
from cdc.model.columns import BATCH
from cdc.spark import driver_rows
from cdc.tables import catalog, commit

_ATTEMPTS = 8

SCHEMA = StructType(
    [
        StructField(BATCH, LongType()),
        StructField("source_table", StringType()),
        StructField("object_key", StringType()),
        StructField("etag", StringType()),
        StructField("size", LongType()),
        StructField("rows", LongType()),
        StructField("inserts", LongType()),
        StructField("updates", LongType()),
        StructField("deletes", LongType()),
        StructField("rejected", LongType()),
        StructField("status", StringType()),
        StructField("reason", StringType()),
    ]
)


def write(spark: SparkSession, identifier: str, mark: DoneMark) -> None:
    """Replaces the ledger's rows of one batch of one table.

    Raises:
        CommitLostError: Other writers were faster, again and again.
    """
    rows = [
        {
            BATCH: mark.batch,
            "source_table": mark.table,
            "object_key": item.file.key,
            "etag": item.file.etag,
            "size": item.file.size,
            "rows": item.rows,
            "inserts": item.inserts,
            "updates": item.updates,
            "deletes": item.deletes,
            "rejected": int(item.rejected) + item.rejected_rows,
            "status": item.status,
            "reason": item.reason,
        }
        for item in mark.files
    ]
    frame = driver_rows(spark, rows, SCHEMA).withColumn("applied_at", F.lit(mark.applied).cast("timestamp"))
    if catalog.find(spark, identifier) is None:
        columns = [TableColumn(item.name, item.dataType.simpleString(), item.name) for item in frame.schema]
        catalog.create(spark, identifier, columns, exact=["source_table", "object_key"], retries=True)
    condition = f"{BATCH} = {mark.batch} AND source_table = {catalog.literal(mark.table)}"
    # Every table counts its own batches.
    owner = hashlib.md5(mark.table.encode(), usedforsecurity=False).hexdigest()[:8]
    for attempt in range(1, _ATTEMPTS + 1):
        base = catalog.snapshot(spark, identifier)
        try:
            commit.drop_leftovers(spark, identifier, mark.batch, owner)
            commit.replace_rows(frame, identifier, condition, base, mark.batch, f"{mark.run}_{attempt}", owner)
            return
        except CommitLostError:
            if attempt == _ATTEMPTS:
                raise
            catalog.refresh(spark, identifier)


def finished(spark: SparkSession, identifier: str, table: str, keys: Iterable[str]) -> set[tuple[str, str]]:
    """Key and ETag of those of a table's files that were finished before; asked for the few that the sweep doubts."""
    ledger = catalog.find(spark, identifier)
    if ledger is None:
        return set()
    asked = driver_rows(spark, [{"asked": key} for key in keys], StructType([StructField("asked", StringType())]))
    taken = ledger.where((F.col("source_table") == table) & (F.col("status") != GONE))
    rows = taken.join(F.broadcast(asked), F.col("object_key") == F.col("asked"))
    return {(row["object_key"], row["etag"]) for row in rows.select("object_key", "etag").distinct().collect()}
