"""The ledger for people: every raw file with what it held and the batch that carried it."""

from __future__ import annotations

from collections.abc import Iterable

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StringType, StructField, StructType

from cdc import catalog
from cdc.batch import DoneMark
from cdc.config import BATCH
from cdc.driver_rows import driver_rows

SCHEMA = StructType(
    [
        StructField("source_table", StringType()),
        StructField("object_key", StringType()),
        StructField("etag", StringType()),
        StructField("size", LongType()),
        StructField("rows", LongType()),
        StructField("inserts", LongType()),
        StructField("updates", LongType()),
        StructField("deletes", LongType()),
        StructField("rejected", LongType()),
        StructField(BATCH, LongType()),
    ]
)


def write(spark: SparkSession, identifier: str, batch: int, marks: Iterable[DoneMark]) -> None:
    """Replaces the batch's rows of the ledger by those of its finished tables."""
    rows = [
        {
            "source_table": mark.table,
            "object_key": item.key,
            "etag": item.etag,
            "size": item.size,
            "rows": item.rows,
            "inserts": item.inserts,
            "updates": item.updates,
            "deletes": item.deletes,
            "rejected": item.rejected,
            BATCH: batch,
        }
        for mark in marks
        for item in mark.files
    ]
    frame = driver_rows(spark, rows, SCHEMA).withColumn("applied_at", F.current_timestamp())
    if catalog.find(spark, identifier) is None:
        catalog.create(frame, identifier, retries=True)
    catalog.replace_rows(frame, identifier, F.col(BATCH) == batch)


def finished_keys(spark: SparkSession, identifier: str, table: str) -> dict[str, str]:
    """Key → ETag of every file of a table that ever was finished; for the daily sweep."""
    ledger = catalog.find(spark, identifier)
    if ledger is None:
        return {}
    rows = ledger.where(F.col("source_table") == table).groupBy("object_key").agg(F.max_by("etag", BATCH).alias("etag"))
    return {row["object_key"]: row["etag"] for row in rows.toLocalIterator()}
