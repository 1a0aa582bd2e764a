"""What could not be taken, for people: each row and each whole file, where it is, why, and how to tell it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, LongType, StringType, StructField, StructType

from cdc.changes.evolve import TableColumn
from cdc.errors import CommitLostError
from cdc.model.batch import DoneMark
from cdc.model.columns import BATCH, TECHNICAL, quoted
from cdc.spark import driver_rows
from cdc.tables import catalog, commit

_ATTEMPTS = 8
_TEXT = StringType()

#: ``row`` is the place in the file, from 1; a file that is rejected as a whole has none. ``columns`` has as JSON those
#: values of the source that no rule masks.
SCHEMA = StructType(
    [
        StructField(BATCH, LongType()),
        StructField("source_table", _TEXT),
        StructField("object_key", _TEXT),
        StructField("row", LongType()),
        StructField("operation", _TEXT),
        StructField("sequence", _TEXT),
        StructField("position", _TEXT),
        StructField("reasons", ArrayType(_TEXT)),
        StructField("columns", _TEXT),
    ]
)


def rows(changes: DataFrame, table: str, batch: int, reasons: Column, shown: Iterable[str]) -> DataFrame:
    """Changes as rejects.

    Args:
        changes: As ``raw.parquet`` makes them.
        reasons: Why each of them cannot be taken.
        shown: Columns that no rule masks.
    """
    values = [F.col(quoted(name)).cast("string").alias(name) for name in shown]
    return changes.select(
        F.lit(batch).cast("long").alias(BATCH),
        F.lit(table).alias("source_table"),
        F.col(f"{TECHNICAL}.file").alias("object_key"),
        (F.floor(F.col(f"{TECHNICAL}.row") / 2) + 1).alias("row"),
        F.col(f"{TECHNICAL}.op").alias("operation"),
        F.col(f"{TECHNICAL}.seq").alias("sequence"),
        F.col(f"{TECHNICAL}.position").alias("position"),
        reasons.alias("reasons"),
        (F.to_json(F.struct(*values)) if values else F.lit("{}")).alias("columns"),
    )


def files(spark: SparkSession, mark: DoneMark) -> DataFrame:
    """The files of a batch that could not be taken as a whole."""
    found = [
        {BATCH: mark.batch, "source_table": mark.table, "object_key": item.file.key, "reasons": [item.reason]}
        for item in mark.files
        if item.rejected
    ]
    return driver_rows(spark, found, SCHEMA)


def write(rejected: DataFrame, identifier: str, mark: DoneMark) -> None:
    """Replaces the rejects of one batch of one table.

    Raises:
        CommitLostError: Other writers were faster, again and again.
    """
    spark = rejected.sparkSession
    frame = rejected.withColumn("rejected_at", F.lit(mark.applied).cast("timestamp"))
    if catalog.find(spark, identifier) is None:
        columns = [TableColumn(item.name, item.dataType.simpleString(), item.name) for item in frame.schema]
        catalog.create(spark, identifier, columns, exact=["source_table", "object_key"], retries=True)
    owner = hashlib.md5(mark.table.encode(), usedforsecurity=False).hexdigest()[:8]
    condition = f"{BATCH} = {mark.batch} AND source_table = {catalog.literal(mark.table)}"
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
