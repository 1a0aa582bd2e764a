"""Batches without files: tables for a source table that has no rows; and the rows that a complete load did not have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from cdc.changes import unchanged
from cdc.changes.evolve import TableColumn
from cdc.changes.keys import KeyRange
from cdc.changes.order import FROM_KEY, IF_THERE, epoch_prefix
from cdc.changes.supersede import LATE
from cdc.events import event
from cdc.model.batch import Batch, DoneMark, Kind
from cdc.model.columns import (
    BATCH,
    COMMIT_TIME,
    FILE,
    OPERATION,
    OWN,
    POSITION,
    ROW,
    SEQUENCE,
    TECHNICAL,
    UNSENT,
    quoted,
)
from cdc.model.config import Config, Table
from cdc.model.table_state import TableState
from cdc.raw import parquet, source_schema
from cdc.raw.contract import before_images
from cdc.run import rows
from cdc.run.lookups import references
from cdc.run.reading import Group
from cdc.run.task import Kind as TaskKind
from cdc.run.task import TableTask
from cdc.storage import Storage
from cdc.tables import catalog, current, log


def create(
    spark: SparkSession, storage: Storage, config: Config, table: Table, batch: Batch, run: str, salt: str | None
) -> DoneMark:
    """Makes log and table as a file without rows would, from what is recorded of the source's table."""
    source = source_schema.read(storage, config, table)
    if source is not None:
        contract = config.contract
        text = dict.fromkeys([contract.op, contract.timestamp, contract.sequence, contract.position], "string")
        types = {column.name: source_schema.spark_type(column.type) for column in source.columns}
        images = before_images(table, contract)
        types |= text | {image: types.get(key, "string") for key, image in images.items()}
        nothing = spark.range(0).select(*[F.lit(None).cast(kind).alias(name) for name, kind in types.items()])
        changes = parquet.as_changes(nothing, table, contract, F.lit(""), F.lit(0).cast("bigint"))
        task = TableTask(TaskKind.EMPTY, batch.epoch, True, "", "")
        prepared = rows.prepare(
            table,
            [Group(changes, (), ())],
            [],
            task,
            salt,
            source,
            lambda schema: references(spark, config, table, schema),
        )
        log.prepare(spark, config.log(table), prepared.columns, prepared.keys)
        if table.primary_key:
            current.prepare(spark, config.current(table), prepared.columns, prepared.keys)
        event("made", run=run, table=table.qualified, columns=len(prepared.columns))
    return _mark(table, batch, run, None)


@dataclass(frozen=True)
class Ghosts:
    """What taking ghosts out needs beside the session.

    Attributes:
        broadcast_bytes: What a broadcast may take.
        is_open: Raises if this run must not carry out the batch any more.
        on_step: Called with the name of each step when it is over.
    """

    config: Config
    table: Table
    batch: Batch
    run: str
    broadcast_bytes: int
    is_open: Callable[[], None]
    on_step: Callable[[str], None]


def take_ghosts(spark: SparkSession, state: TableState, around: Ghosts) -> DoneMark:
    """Deletes the rows that a complete load did not have and that no change has touched since; the log says so.

    They are of an earlier epoch than the load: whatever came by the load or after it is of a later one.
    """
    config, table, batch = around.config, around.table, around.batch
    identifier, log_table = config.current(table), config.log(table)
    there = catalog.find(spark, identifier)
    if there is None or state.load is None:
        return _mark(table, batch, around.run, state.mark)
    columns = catalog.columns_of(spark.table(log_table))
    keys = [next(item.name for item in columns if item.source == key) for key in table.primary_key]
    ghosts = _ghosts(spark, there, columns, keys, state, around).persist(StorageLevel.DISK_ONLY)
    try:
        count = ghosts.count()
        if not count:
            return _mark(table, batch, around.run, state.mark)
        logged = log.rows_of_batch(ghosts, batch.number)
        log_snapshot = log.write(logged, log_table, batch.number, around.run, around.is_open)
        around.on_step("log")
        applied = current.apply(
            ghosts,
            current.Attempt(
                identifier=identifier,
                columns=columns,
                keys=keys,
                unsure=(),
                again=False,
                batch=batch.number,
                run=around.run,
                broadcast=count * 1000 <= around.broadcast_bytes,
                range=KeyRange(),
                adds=False,
                newer_than="",
                is_open=around.is_open,
                logged=lambda: None,
                on_step=around.on_step,
            ),
        )
    finally:
        ghosts.unpersist()
    event("ghosts", run=around.run, batch=batch.number, table=table.qualified, rows=count)
    return _mark(table, batch, around.run, state.mark, log_snapshot, applied.snapshot)


def _ghosts(
    spark: SparkSession,
    there: DataFrame,
    columns: Sequence[TableColumn],
    keys: Sequence[str],
    state: TableState,
    around: Ghosts,
) -> DataFrame:
    assert state.load is not None
    prefix, began = epoch_prefix(state.load.epoch), state.load.began
    own = {
        OPERATION: F.lit("D"),
        SEQUENCE: F.lit(""),
        POSITION: F.lit(prefix),
        COMMIT_TIME: F.lit(began).cast("timestamp"),
        FILE: F.lit(f"{around.config.state_prefix}loads/{around.table.qualified}"),
        ROW: F.lit(0).cast("bigint"),
        BATCH: F.lit(around.batch.number).cast("bigint"),
        UNSENT: F.lit(None).cast("array<string>"),
    }
    values = [
        (F.col(quoted(item.name)) if item.name in keys else F.lit(None).cast(item.type)).alias(item.name)
        for item in columns
    ]
    technical = [
        F.lit(False).alias(FROM_KEY),
        F.lit(False).alias(IF_THERE),
        F.lit(False).alias(LATE),
        F.array().cast("array<string>").alias(unchanged.KEEP),
    ]
    found = there.where(F.col(POSITION) < prefix).select(
        *[value.alias(name) for name, value in own.items()], *values, *technical
    )
    # An earlier try of this batch may have logged them, and deleted some.
    before = spark.table(around.config.log(around.table)).where(F.col(BATCH) == around.batch.number)
    names = [*OWN, *[item.name for item in columns]]
    logged = before.select(*[F.col(quoted(name)) for name in names], *technical)
    new = found.join(logged.select(*[quoted(key) for key in keys]), list(keys), "left_anti")
    order = [quoted(name) for name in [*names, *[name for name in found.columns if name.startswith(TECHNICAL)]]]
    return logged.select(*order).unionByName(new.select(*order))


def _mark(
    table: Table,
    batch: Batch,
    run: str,
    mark: str | None,
    log_snapshot: int | None = None,
    table_snapshot: int | None = None,
) -> DoneMark:
    return DoneMark(
        batch.number,
        table.qualified,
        run,
        mark,
        (),
        log_snapshot=log_snapshot,
        table_snapshot=table_snapshot,
        applied=datetime.now(UTC),
        kind=Kind.GHOSTS if batch.kind is Kind.GHOSTS else Kind.CREATE,
    )
