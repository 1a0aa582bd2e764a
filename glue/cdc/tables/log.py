"""The change log of a table: every change once, whatever is repeated."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdc.changes.evolve import TableColumn
from cdc.errors import CommitLostError
from cdc.model.columns import BATCH, OWN, TECHNICAL, quoted
from cdc.tables import catalog, commit, schema
from cdc.tables.catalog import OWN_COLUMNS

_ATTEMPTS = 5


def rows_of_batch(rows: DataFrame, batch: int) -> DataFrame:
    """The rows with their batch, as the log has them: what only the job needs of a row is left out."""
    own = [F.lit(batch).cast("long").alias(BATCH) if name == BATCH else F.col(name) for name in OWN]
    others = [F.col(quoted(name)) for name in rows.columns if name not in OWN and not name.startswith(TECHNICAL)]
    return rows.select(*own, *others)


def prepare(
    spark: SparkSession, identifier: str, columns: Sequence[TableColumn], keys: Sequence[str]
) -> DataFrame | None:
    """The log with such columns, made if there is none; None when it has just been made.

    Raises:
        SchemaChangedError: Somebody else altered a column of it.
    """
    log = catalog.find(spark, identifier)
    if log is None:
        catalog.create(spark, identifier, [*OWN_COLUMNS, *columns], exact=keys, retries=True)
        return None
    schema.evolve(spark, identifier, columns)
    return spark.table(identifier)


def write(rows: DataFrame, identifier: str, batch: int, run: str, is_open: Callable[[], None]) -> int | None:
    """Puts a batch's rows into the log: a repeat, a crash or a race leave one copy.

    Args:
        is_open: Raises if this run must not write the batch any more; asked after the log's state was read, so that
            whoever wrote between the question and the commit is found out by the commit.

    Returns:
        The snapshot that has them.

    Raises:
        CommitLostError: Another writer was faster, again and again.
        BatchChangedError: From ``is_open``.
    """
    spark = rows.sparkSession
    for attempt in range(1, _ATTEMPTS + 1):
        base = catalog.snapshot(spark, identifier)
        is_open()
        try:
            commit.drop_leftovers(spark, identifier, batch)
            commit.replace_rows(rows, identifier, f"{BATCH} = {batch}", base, batch, f"{run}_{attempt}")
            return catalog.snapshot(spark, identifier)
        except CommitLostError:
            if attempt == _ATTEMPTS:
                raise
            catalog.refresh(spark, identifier)
    raise AssertionError("unreachable")
