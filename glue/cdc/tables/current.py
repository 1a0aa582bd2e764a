"""A batch of the log applied to the table that equals its source.

One MERGE with an INSERT branch would be a right outer join, which shuffles and sorts the whole table. Here the batch
is broadcast: find which keys are there, change those by a MERGE that only matches, and insert the others. A batch that
does one of the two does it by one commit; a batch that does both, on a branch that main is moved to at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from cdc.changes.evolve import TableColumn
from cdc.changes.keys import KeyRange
from cdc.changes.order import IF_THERE, sequence_by, sequence_by_sql
from cdc.changes.supersede import LATE
from cdc.changes.unchanged import KEEP
from cdc.errors import CommitLostError
from cdc.model.columns import FILE, LOG_ONLY, OPERATION, TECHNICAL, quoted
from cdc.tables import catalog, commit, schema

_PRESENT = f"{TECHNICAL}_present"
_ATTEMPTS = 5


@dataclass(frozen=True)
class Attempt:
    """What an apply must know beside its rows.

    Attributes:
        identifier: The table.
        columns: Its columns beside the tables' own.
        keys: Its key columns.
        unsure: Columns whose value may be the table's (``changes.unchanged``).
        again: Whether rows count that the table has already: values of theirs may be known only now.
        batch: Number of the batch.
        run: Name of the run; it and the number name the branch, so that two runs never share one.
        broadcast: Whether the batch is sent to every task rather than shuffled.
        range: Range of the batch's keys.
        adds: Whether the batch has changes that ought to add rows; a guess that decides only what is kept.
        newer_than: Raw files with a later key must not lose against the table.
        is_open: Raises if this run must not apply the batch any more; asked after the table's state was read.
        logged: Returns when the batch is in the log, and raises what the log raised. Nothing is written before it.
        on_step: Called with the name of each step when it is over.
    """

    identifier: str
    columns: Sequence[TableColumn]
    keys: Sequence[str]
    unsure: Sequence[str]
    again: bool
    batch: int
    run: str
    broadcast: bool
    range: KeyRange
    adds: bool
    newer_than: str
    is_open: Callable[[], None]
    logged: Callable[[], object]
    on_step: Callable[[str], None]


@dataclass(frozen=True)
class Applied:
    """What an apply did: the snapshot that has it, and the rows of newer files that lost against older ones."""

    snapshot: int | None
    stale: int


def apply(rows: DataFrame, attempt: Attempt) -> Applied:
    """Applies the last rows of keys to the current table; doing it again changes nothing.

    What the table has of the batch's keys is looked up while the log is still being written.

    Args:
        rows: One row a key, as ``changes.order.latest`` and ``changes.supersede.with_late`` make them.

    Raises:
        CommitLostError: Another writer was faster, again and again.
        SchemaChangedError: Somebody else altered a column of the table.
    """
    spark, identifier = rows.sparkSession, attempt.identifier
    if prepare(spark, identifier, attempt.columns, attempt.keys):
        commit.drop_leftovers(spark, identifier, attempt.batch)
    for number in range(1, _ATTEMPTS + 1):
        base = catalog.snapshot(spark, identifier)
        # Another run may have finished the batch. Its successors may be in the table by now; ours would come too late.
        attempt.is_open()
        with _found(rows, attempt, base) as found:
            attempt.on_step("found")
            attempt.logged()
            try:
                with commit.racing(identifier):
                    _write(found, attempt, base, number)
                return Applied(catalog.snapshot(spark, identifier), found.stale)
            except CommitLostError:
                if number == _ATTEMPTS:
                    raise
                catalog.refresh(spark, identifier)
    raise AssertionError("unreachable")


def prepare(spark: SparkSession, identifier: str, columns: Sequence[TableColumn], keys: Sequence[str]) -> bool:
    """Makes the table or gives it the columns that it lacks; whether it was there.

    Raises:
        SchemaChangedError: Somebody else altered a column of it.
    """
    if catalog.find(spark, identifier) is None:
        own = [column for column in catalog.OWN_COLUMNS if column.name not in LOG_ONLY]
        catalog.create(spark, identifier, [*own, *columns], exact=keys, retries=False)
        return False
    schema.evolve(spark, identifier, columns)
    return True


@dataclass(frozen=True)
class _Found:
    """What a batch does to a table.

    Attributes:
        rows: The batch's rows, one a key.
        added: Those whose keys are not there, deletes left out.
        has_changed: Whether rows are newer than the table's.
        has_added: Whether ``added`` has rows.
        stale: Rows of newer files that lost.
    """

    rows: DataFrame
    added: DataFrame
    has_changed: bool
    has_added: bool
    stale: int


@contextmanager
def _found(rows: DataFrame, attempt: Attempt, base: int | None) -> Generator[_Found]:
    located = rows.withColumn(_PRESENT, F.lit(None).cast("string"))
    if base is not None:
        # Every attempt reads the same main, however often the catalog is asked.
        main = rows.sparkSession.read.option("snapshot-id", base).table(attempt.identifier)
        located = _locate(rows, main, attempt)
    if attempt.adds:
        located = located.persist(StorageLevel.DISK_ONLY)
    try:
        present, wins = F.col(_PRESENT), ~F.col(LATE)
        changed = wins & ((present <= sequence_by()) if attempt.again else (present < sequence_by()))
        added = wins & present.isNull() & (F.col(OPERATION) != "D") & ~F.col(IF_THERE)
        lost = (F.col(LATE) | (present > sequence_by())) & (F.col(FILE) > attempt.newer_than)
        (counts,) = located.agg(
            *[F.count_if(kind).alias(name) for name, kind in (("changed", changed), ("added", added), ("lost", lost))]
        ).collect()
        yield _Found(
            rows.where(wins), located.where(added), counts["changed"] > 0, counts["added"] > 0, int(counts["lost"])
        )
    finally:
        located.unpersist()


def _write(found: _Found, attempt: Attempt, base: int | None, number: int) -> None:
    spark, identifier = found.rows.sparkSession, attempt.identifier
    there = spark.table(identifier).schema
    # What somebody added by hand is none of ours.
    columns = [item.name for item in there if item.name in found.rows.columns]
    added = found.added.select(
        *[
            F.col(quoted(item.name)) if item.name in columns else F.lit(None).cast(item.dataType).alias(item.name)
            for item in there
        ]
    )
    if found.has_changed and found.has_added and base is not None:
        with commit.branch(spark, identifier, attempt.batch, f"{attempt.run}_{number}", base) as branch:
            _merge(found.rows, f"{identifier}.branch_{branch}", columns, attempt)
            attempt.on_step("merge")
            added.writeTo(f"{identifier}.branch_{branch}").append()
            attempt.on_step("insert")
            commit.publish(spark, identifier, branch)
    elif found.has_changed:
        # Only matching rows and only by newer ones: right whatever was committed since.
        _merge(found.rows, identifier, columns, attempt)
    elif found.has_added:
        commit.append_after(added, identifier, base)
    attempt.on_step("publish")


def _locate(rows: DataFrame, current: DataFrame, attempt: Attempt) -> DataFrame:
    """Adds to each row the order that the table has for its key; NULL where the key is not there."""
    keys = list(attempt.keys)
    small = _small(rows.select(*[quoted(key) for key in keys]), attempt)
    near = current.alias("t").where(attempt.range.condition("t"))
    hits = near.select(*[quoted(key) for key in keys], sequence_by().alias(_PRESENT))
    hits = hits.join(small, keys, "left_semi")
    return rows.join(_small(hits, attempt), keys, "left")


def _merge(rows: DataFrame, target: str, columns: Sequence[str], attempt: Attempt) -> None:
    view = f"cdc_{attempt.identifier.rsplit('.', 1)[-1]}_{attempt.batch}_{attempt.run}"
    _small(rows, attempt).createOrReplaceTempView(view)
    same = [f"t.{quoted(key)} = s.{quoted(key)}" for key in attempt.keys]
    on = " AND ".join([attempt.range.condition("t"), *same])
    values = ", ".join(f"t.{quoted(column)} = {_new_value(column, attempt)}" for column in columns)
    newer = f"{sequence_by_sql('s')} {'>=' if attempt.again else '>'} {sequence_by_sql('t')}"
    try:
        rows.sparkSession.sql(
            f"MERGE INTO {target} t USING {view} s ON {on} "
            f"WHEN MATCHED AND s.{OPERATION} = 'D' AND {newer} THEN DELETE "
            f"WHEN MATCHED AND {newer} THEN UPDATE SET {values}"
        )
    finally:
        rows.sparkSession.catalog.dropTempView(view)


def _new_value(column: str, attempt: Attempt) -> str:
    new = f"s.{quoted(column)}"
    if column not in attempt.unsure:
        return new
    return f"CASE WHEN array_contains(s.{KEEP}, {catalog.literal(column)}) THEN t.{quoted(column)} ELSE {new} END"


def _small(rows: DataFrame, attempt: Attempt) -> DataFrame:
    return F.broadcast(rows) if attempt.broadcast else rows
