"""The change log of a table: every change once, whatever is repeated."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdc import catalog
from cdc.config import BATCH, SEQUENCE, Config, Table
from cdc.order import identity, once


def unseen(changes: DataFrame, table: Table, log: DataFrame, batch: int, first: str) -> DataFrame:
    """Drops what other batches of the log have already: the same sequence, key and operation.

    Args:
        changes: The batch's changes.
        table: Their table.
        log: The log.
        batch: The batch's own number; its rows in the log, left by an earlier try, do not count.
        first: Lowest sequence among the changes, so that only that part of the log is read.
    """
    others = log.where((F.col(BATCH) != batch) & (F.col(SEQUENCE) >= first)).select(*identity(table))
    if not table.primary_key:
        # Loaded rows of a table without a key cannot be told apart.
        others = others.where(F.col(SEQUENCE) != "")
    names = identity(table)
    condition = [changes[name].eqNullSafe(others[name]) for name in names]
    return changes.join(others, condition, "left_anti")


def write(
    changes: DataFrame, config: Config, table: Table, batch: int, *, several_files: bool, mark: str | None, first: str
) -> DataFrame:
    """Writes a batch into the log: a repeat, a crash or a race leave one copy.

    Returns:
        The batch as the log has it.
    """
    spark, identifier = changes.sparkSession, config.log(table)
    rows = changes.transform(once, table) if several_files else changes
    rows = rows.withColumn(BATCH, F.lit(batch).cast("long"))
    if catalog.exists(spark, identifier):
        catalog.check_schema(rows, identifier)
        if mark is not None and first <= mark:
            rows = rows.transform(unseen, table, spark.table(identifier), batch, first)
    else:
        catalog.create(rows, identifier, retries=True)
    catalog.replace_rows(rows, identifier, F.col(BATCH) == batch)
    return spark.table(identifier).where(F.col(BATCH) == batch)
