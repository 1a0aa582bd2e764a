"""A batch of the log applied to the table that equals its source.

One MERGE with an INSERT branch would be a right outer join, which shuffles and sorts the whole table. Here the batch
is broadcast: find which keys are there, change those by a MERGE that only matches, and insert the others. A batch that
does one of the two does it by one commit; a batch that does both, on a branch that main is moved to at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdc import catalog
from cdc.config import BATCH, FILE, OPERATION, ROW, SEQUENCE, Config, Table
from cdc.errors import MainMovedError
from cdc.key_range import KeyRange
from cdc.order import latest

_LOG_ONLY = (OPERATION, FILE, ROW, BATCH)
_PRESENT = "_present"
_ATTEMPTS = 5

#: Bytes of raw files up to which a batch is sent to every task rather than shuffled.
BROADCAST_LIMIT = 512 * 1024 * 1024


@dataclass(frozen=True)
class Attempt:
    """What an apply must know beside its rows.

    Attributes:
        batch: Number of the batch.
        run: Name of the run; it and the number name the branch, so that two runs never share one.
        size: Bytes of the batch's raw files.
        keys: Range of the batch's keys.
        adds: Whether the batch has changes that ought to add rows; a guess that decides only what is kept in memory.
        is_open: Whether the batch still is to be done; asked after the table's state was read.
        logged: Returns when the batch is in the log, and raises what the log raised. Nothing is written before it.
        on_step: Called with the name of each step when it is over.
    """

    batch: int
    run: str
    size: int
    keys: KeyRange
    adds: bool
    is_open: Callable[[], bool]
    logged: Callable[[], None]
    on_step: Callable[[str], None]


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


def apply(log_rows: DataFrame, config: Config, table: Table, attempt: Attempt, *, mark: str | None, first: str) -> None:
    """Applies a batch of the log to the current table; doing it again changes nothing.

    What the table has of the batch's keys is looked up while the log is still being written.

    Args:
        log_rows: The batch as the log has it, or will have it.
        mark: Highest sequence of earlier batches, None when there was none.
        first: Lowest sequence of the batch.

    Raises:
        MainMovedError: Another writer was faster, again and again.
        SchemaChangedError: The current table has other columns or types than the log.
    """
    spark, identifier = log_rows.sparkSession, config.current(table)
    rows = latest(log_rows, table.primary_key)
    if mark is not None and first < mark:
        rows = rows.transform(not_superseded, spark.table(config.log(table)), table, attempt.batch, first)
    current = catalog.find(spark, identifier)
    if current is None:
        attempt.logged()
        catalog.create(rows.drop(*_LOG_ONLY), identifier, retries=False)
    else:
        catalog.check_schema(rows.drop(*_LOG_ONLY), current, identifier)
    for number in range(1, _ATTEMPTS + 1):
        base = catalog.snapshot(spark, identifier)
        if not attempt.is_open():
            # Another run finished the batch. Its successors may be in the table by now, and ours would come too late.
            return
        with _found(rows, identifier, table, attempt, base) as found:
            attempt.on_step("found")
            attempt.logged()
            try:
                with catalog.racing(identifier):
                    _write(found, identifier, table, attempt, base, number)
                return
            except MainMovedError:
                if number == _ATTEMPTS:
                    raise
                spark.catalog.refreshTable(identifier)


@dataclass(frozen=True)
class _Found:
    """What a batch does to a table.

    Attributes:
        rows: The batch's rows, one a key.
        added: Those whose keys are not there, deletes left out.
        has_changed: Whether rows are newer than the table's.
        has_added: Whether ``added`` has rows.
    """

    rows: DataFrame
    added: DataFrame
    has_changed: bool
    has_added: bool


@contextmanager
def _found(rows: DataFrame, identifier: str, table: Table, attempt: Attempt, base: int | None) -> Iterator[_Found]:
    located = rows.withColumn(_PRESENT, F.lit(None).cast("string"))
    if base is not None:
        # Every attempt reads the same main, however often the catalog is asked.
        main = rows.sparkSession.read.option("snapshot-id", base).table(identifier)
        located = _locate(rows, main, table, attempt)
    if attempt.adds:
        located = located.persist()
    try:
        stale = f"{_PRESENT} < {SEQUENCE}"
        fresh = f"{_PRESENT} IS NULL AND {OPERATION} <> 'D'"
        (counts,) = located.agg(
            F.count_if(F.expr(stale)).alias("stale"), F.count_if(F.expr(fresh)).alias("fresh")
        ).collect()
        yield _Found(rows, located.where(fresh), counts["stale"] > 0, counts["fresh"] > 0)
    finally:
        located.unpersist()


def _write(found: _Found, identifier: str, table: Table, attempt: Attempt, base: int | None, number: int) -> None:
    spark = found.rows.sparkSession
    columns = spark.table(identifier).columns
    added = found.added.select(*[F.col(f"`{column}`") for column in columns])
    if found.has_changed and found.has_added:
        with catalog.branch(spark, identifier, attempt.batch, f"{attempt.run}_{number}", base) as branch:
            _merge(found.rows, f"{identifier}.branch_{branch}", table, columns, attempt)
            attempt.on_step("merge")
            added.writeTo(f"{identifier}.branch_{branch}").append()
            attempt.on_step("insert")
            catalog.publish(spark, identifier, branch)
    elif found.has_changed:
        # Only matching rows and only by newer ones: right whatever was committed since.
        _merge(found.rows, identifier, table, columns, attempt)
    elif found.has_added:
        catalog.append_after(added, identifier, base)
    attempt.on_step("publish")


def _locate(rows: DataFrame, current: DataFrame, table: Table, attempt: Attempt) -> DataFrame:
    """Adds to each row the sequence that the table has for its key; NULL where the key is not there."""
    keys = list(table.primary_key)
    small = _small(rows.select(*keys), attempt)
    near = current.alias("t").where(attempt.keys.condition("t"))
    hits = near.select(*keys, F.col(SEQUENCE).alias(_PRESENT)).join(small, keys, "left_semi")
    return rows.join(_small(hits, attempt), keys, "left")


def _merge(rows: DataFrame, target: str, table: Table, columns: Sequence[str], attempt: Attempt) -> None:
    view = f"cdc_{table.catalog_name}_{attempt.batch}_{attempt.run}"
    _small(rows, attempt).createOrReplaceTempView(view)
    on = " AND ".join([attempt.keys.condition("t"), *(f"t.`{key}` = s.`{key}`" for key in table.primary_key)])
    values = ", ".join(f"t.`{column}` = s.`{column}`" for column in columns)
    try:
        rows.sparkSession.sql(
            f"MERGE INTO {target} t USING {view} s ON {on} "
            f"WHEN MATCHED AND s.{OPERATION} = 'D' AND s.{SEQUENCE} > t.{SEQUENCE} THEN DELETE "
            f"WHEN MATCHED AND s.{SEQUENCE} > t.{SEQUENCE} THEN UPDATE SET {values}"
        )
    finally:
        rows.sparkSession.catalog.dropTempView(view)


def _small(rows: DataFrame, attempt: Attempt) -> DataFrame:
    return F.broadcast(rows) if attempt.size <= BROADCAST_LIMIT else rows
