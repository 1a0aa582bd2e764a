"""The change log of a table: every change once, whatever is repeated."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdc import catalog
from cdc.config import BATCH, SEQUENCE, Config, Table
from cdc.order import identity, once


def unseen(changes: DataFrame, table: Table, log: DataFrame, batch: int, first: str) -> DataFrame:
    """Drops what earlier batches brought already: the same sequence, key and operation.

    Args:
        changes: The batch's changes.
        table: Their table.
        log: The log.
        batch: The batch's own number; its rows in the log, left by an earlier try, do not count.
        first: Lowest sequence among the changes, so that only that part of the log is read.
    """
    others = log.where((F.col(BATCH) < batch) & (F.col(SEQUENCE) >= first)).select(*identity(table))
    if not table.primary_key:
        # Loaded rows of a table without a key cannot be told apart.
        others = others.where(F.col(SEQUENCE) != "")
    condition = [changes[name].eqNullSafe(others[name]) for name in identity(table)]
    return changes.join(others, condition, "left_anti")


def rows_of_batch(
    changes: DataFrame, config: Config, table: Table, batch: int, *, repeats: bool, mark: str | None, first: str
) -> DataFrame:
    """The rows of the log that a batch's changes are: each change once, without those that earlier batches brought.

    Makes the log if there is none.

    Args:
        repeats: Whether a change may be there more than once.
        mark: Highest sequence of earlier batches, None when there was none.
        first: Lowest sequence among the changes.

    Raises:
        SchemaChangedError: The log has other columns or types.
    """
    spark, identifier = changes.sparkSession, config.log(table)
    rows = changes.transform(once, table) if repeats else changes
    rows = rows.withColumn(BATCH, F.lit(batch).cast("long"))
    log = catalog.find(spark, identifier)
    if log is None:
        catalog.create(rows, identifier, retries=True)
        return rows
    catalog.check_schema(rows, log, identifier)
    if mark is not None and first <= mark:
        rows = rows.transform(unseen, table, log, batch, first)
    return rows


def write(rows: DataFrame, identifier: str, batch: int) -> None:
    """Puts a batch's rows into the log: a repeat, a crash or a race leave one copy."""
    catalog.replace_rows(rows, identifier, F.col(BATCH) == batch)
