"""The ledger for people: every raw file with what it held and the batch that carried it."""

from __future__ import annotations

from collections.abc import Iterable

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StringType, StructField, StructType, TimestampType

from cdc import catalog
from cdc.batch import DoneMark
from cdc.config import BATCH

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
        (
            mark.table,
            item.key,
            item.etag,
            item.size,
            item.rows,
            item.inserts,
            item.updates,
            item.deletes,
            item.rejected,
            batch,
        )
        for mark in marks
        for item in mark.files
    ]
    frame = (
        spark.createDataFrame(rows, SCHEMA)
        .coalesce(1)
        .withColumn("applied_at", F.current_timestamp().cast(TimestampType()))
    )
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
