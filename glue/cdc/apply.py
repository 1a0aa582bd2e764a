"""A batch of the log applied to the table that equals its source.

One MERGE with an INSERT branch would be a right outer join, which shuffles and sorts the whole table. Here the batch is
broadcast: find which keys are there, change those by a MERGE that only matches, and insert the others. Both happen on a
branch that main is moved to at the end.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdc import catalog
from cdc.config import BATCH, FILE, OPERATION, ROW, SEQUENCE, Config, Table
from cdc.errors import MainMovedError
from cdc.order import latest

_LOG_ONLY = (OPERATION, FILE, ROW, BATCH)
_ATTEMPTS = 5

#: Bytes of raw files up to which a batch is sent to every task rather than shuffled.
BROADCAST_LIMIT = 512 * 1024 * 1024


def not_superseded(rows: DataFrame, log: DataFrame, table: Table, batch: int, first: str) -> DataFrame:
    """Drops rows of whose key the log knows something later, deletes included.

    So a change that DMS writes again never brings back a row that was deleted since, and the table needs no tombstones.
    """
    later = (
        log.where((F.col(BATCH) != batch) & (F.col(SEQUENCE) > first))
        .groupBy(*table.primary_key)
        .agg(F.max(SEQUENCE).alias("_later"))
    )
    condition = [rows[name].eqNullSafe(later[name]) for name in table.primary_key] + [later["_later"] > rows[SEQUENCE]]
    return rows.join(later, condition, "left_anti")


def apply(
    log_rows: DataFrame, config: Config, table: Table, batch: int, run: str, *, mark: str | None, first: str, size: int
) -> None:
    """Applies a batch of the log to the current table.

    Args:
        log_rows: The batch as the log has it.
        config, table: What it belongs to.
        batch, run: Name the branch, so that two runs never share one.
        mark: Highest sequence of earlier batches, None when there was none.
        first: Lowest sequence of the batch.
        size: Bytes of its raw files.

    Raises:
        MainMovedError: Another writer was faster, again and again.
    """
    spark, identifier = log_rows.sparkSession, config.current(table)
    rows = latest(log_rows, table.primary_key)
    if mark is not None and first < mark:
        rows = rows.transform(not_superseded, spark.table(config.log(table)), table, batch, first)
    rows = rows.persist()
    try:
        if not catalog.exists(spark, identifier):
            catalog.create(rows.drop(*_LOG_ONLY), identifier, retries=False)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with catalog.racing(identifier):
                    _apply_once(
                        spark, rows, identifier, table, f"b{batch}_{run}_{attempt}", broadcast=size <= BROADCAST_LIMIT
                    )
                return
            except MainMovedError:
                if attempt == _ATTEMPTS:
                    raise
                spark.catalog.refreshTable(identifier)
    finally:
        rows.unpersist()


def _apply_once(
    spark: SparkSession, rows: DataFrame, identifier: str, table: Table, name: str, *, broadcast: bool
) -> None:
    base = catalog.snapshot(spark, identifier)
    if base is None:
        # Nothing to match and nobody reads half of one commit.
        rows.where(F.col(OPERATION) != "D").transform(_as_current, spark.table(identifier).columns).writeTo(
            identifier
        ).append()
        return
    # Every attempt reads the same main, however often the catalog is asked.
    current = spark.read.option("snapshot-id", base).table(identifier)
    small = F.broadcast(rows) if broadcast else rows
    present = current.select(*table.primary_key, F.col(SEQUENCE).alias("_present")).join(
        small.select(*table.primary_key, F.col(SEQUENCE).alias("_given"), OPERATION), list(table.primary_key)
    )
    hits = present.persist()
    try:
        stale = hits.where("_given > _present").count()
        fresh = (
            rows.where(F.col(OPERATION) != "D")
            .join(F.broadcast(hits) if broadcast else hits, list(table.primary_key), "left_anti")
            .transform(_as_current, current.columns)
            .persist()
        )
        try:
            if not stale and fresh.isEmpty():
                return
            with catalog.branch(spark, identifier, name, base) as target:
                if stale:
                    _merge(spark, small, target, table, current.columns)
                if not fresh.isEmpty():
                    fresh.writeTo(target).append()
                catalog.publish(spark, identifier, name)
        finally:
            fresh.unpersist()
    finally:
        hits.unpersist()


def _merge(spark: SparkSession, rows: DataFrame, target: str, table: Table, columns: Sequence[str]) -> None:
    rows.createOrReplaceTempView(view := "cdc_" + target.replace(".", "_"))
    on = " AND ".join(f"t.`{key}` = s.`{key}`" for key in table.primary_key)
    values = ", ".join(f"t.`{column}` = s.`{column}`" for column in columns)
    spark.sql(
        f"MERGE INTO {target} t USING (SELECT * FROM {view}) s ON {on} "
        f"WHEN MATCHED AND s.{OPERATION} = 'D' AND s.{SEQUENCE} > t.{SEQUENCE} THEN DELETE "
        f"WHEN MATCHED AND s.{SEQUENCE} > t.{SEQUENCE} THEN UPDATE SET {values}"
    )
    spark.catalog.dropTempView(view)


def _as_current(rows: DataFrame, columns: Sequence[str]) -> DataFrame:
    return rows.select(*[F.col(f"`{column}`") for column in columns])
