"""One batch of one table carried out: read, decide, log, apply. Doing it again gives the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from cdc.changes import keys, order, rules, supersede
from cdc.events import event
from cdc.model.batch import Batch, DoneMark, FileStatistics
from cdc.model.columns import TECHNICAL, catalog_names
from cdc.model.config import Config, Table
from cdc.model.table_state import TableState
from cdc.run import expecting
from cdc.run.lookups import references
from cdc.run.reading import Reading, reading
from cdc.run.task import Kind, TableTask, decide
from cdc.storage import Storage
from cdc.tables import catalog, current, log


@dataclass(frozen=True)
class Surroundings:
    """What every table of a run shares.

    Attributes:
        salt: Of hashes; asked for by tables that hash.
        broadcast_bytes: What a broadcast may take.
        most_rows: What one batch may have.
        on_step: Called with the name of each step when it is over.
    """

    spark: SparkSession
    storage: Storage
    config: Config
    salt: Callable[[], str]
    run: str
    broadcast_bytes: int
    most_rows: int
    on_step: Callable[[str], None]


def carry_out(
    around: Surroundings, table: Table, state: TableState, batch: Batch, is_open: Callable[[], None]
) -> DoneMark:
    """Brings a batch's files into the table's log and into the table.

    Args:
        state: The table's, with the batch open.
        is_open: Raises if this run must not carry out the batch any more.

    Returns:
        What was done, to be stored after the ledger.
    """
    with ThreadPoolExecutor(1, "beside") as beside:
        # The catalog remembers tables for a while; they are there when they are needed.
        beside.submit(_open, around, table)
        files = reading(around.spark, around.storage, around.config, table, batch.files, around.most_rows)
        with files as read:
            task = decide(
                state,
                batch,
                read.counted,
                keys=table.primary_key,
                row_bytes=read.row_bytes,
                broadcast_bytes=around.broadcast_bytes,
            )
            if read.changes is None or task.kind is Kind.EMPTY:
                return _mark(around, table, state, batch, read, task)
            return _do(around, table, state, batch, read, read.changes, task, is_open, beside)


def _do(
    around: Surroundings,
    table: Table,
    state: TableState,
    batch: Batch,
    read: Reading,
    changes: DataFrame,
    task: TableTask,
    is_open: Callable[[], None],
    beside: ThreadPoolExecutor,
) -> DoneMark:
    started = time.monotonic()
    names = catalog_names(name for name in changes.columns if name != TECHNICAL)
    if renamed := {name: kept for name, kept in names.items() if name != kept}:
        event("renamed", table=table.qualified, columns=", ".join(f"{old} to {new}" for old, new in renamed.items()))
    names |= table.renames
    if not task.by_position and state.by_position:
        event(
            "warning",
            table=table.qualified,
            text="a log position could not be read; the table is ordered by change sequence from now on",
        )
    logged, applied = _rows(around, table, batch, changes, task, names), current.Applied(None, 0)
    try:
        expecting.check(logged, table)
        written = beside.submit(_write_log, around, table, batch, logged, is_open)
        if task.has_table:
            applied = current.apply(
                _last_rows(around, table, batch, logged, task, names),
                current.Attempt(
                    identifier=around.config.current(table),
                    keys=[names[key] for key in table.primary_key],
                    batch=batch.number,
                    run=around.run,
                    broadcast=task.broadcast,
                    range=keys.range_of(changes, table, read.rows, names),
                    adds=task.adds,
                    newer_than=around.config.raw_folder(table) + state.applied,
                    is_open=is_open,
                    logged=written.result,
                    on_step=around.on_step,
                ),
            )
        snapshot = written.result()
    finally:
        logged.unpersist()
    mark = _mark(around, table, state, batch, read, task, applied.stale, snapshot, applied.snapshot)
    event(
        "applied",
        run=around.run,
        batch=batch.number,
        table=table.qualified,
        kind=task.kind,
        files=len(batch.files),
        rows=mark.rows,
        rejected=sum(item.rejected for item in mark.files),
        stale=applied.stale,
        seconds=time.monotonic() - started,
    )
    return mark


def _rows(
    around: Surroundings,
    table: Table,
    batch: Batch,
    changes: DataFrame,
    task: TableTask,
    names: Mapping[str, str],
) -> DataFrame:
    """The rows of the log that the changes are, each once, without those that other batches brought; kept on disk."""
    salt = around.salt() if table.hashes else None
    rows = rules.prepare(
        changes,
        table,
        names,
        salt,
        epoch=task.epoch,
        by_position=task.by_position,
        references=references(around.spark, around.config, table, changes.schema),
    )
    key = [names[name] for name in table.primary_key]
    if task.needs_dedupe:
        rows = rows.transform(order.once, key)
    known = log.prepare(log.rows_of_batch(rows, batch.number), around.config.log(table), key)
    if known is not None and task.needs_unseen:
        rows = rows.transform(supersede.unseen, key, known, batch.number, task.first)
    return rows.persist(StorageLevel.DISK_ONLY)


def _last_rows(
    around: Surroundings, table: Table, batch: Batch, rows: DataFrame, task: TableTask, names: Mapping[str, str]
) -> DataFrame:
    key = [names[name] for name in table.primary_key]
    last = order.latest(rows, key, key_updates=task.key_updates)
    if not task.needs_supersede:
        return last.withColumn(supersede.LATE, F.lit(False))
    known = around.spark.table(around.config.log(table))
    return last.transform(supersede.with_late, key, known, batch.number, task.first)


def _open(around: Surroundings, table: Table) -> None:
    catalog.find(around.spark, around.config.log(table))
    catalog.find(around.spark, around.config.current(table))


def _write_log(
    around: Surroundings, table: Table, batch: Batch, rows: DataFrame, is_open: Callable[[], None]
) -> int | None:
    started = time.monotonic()
    logged = log.rows_of_batch(rows, batch.number)
    snapshot = log.write(logged, around.config.log(table), batch.number, around.run, is_open)
    seconds = time.monotonic() - started
    event("logged", run=around.run, batch=batch.number, table=table.qualified, seconds=seconds)
    around.on_step("log")
    return snapshot


def _mark(
    around: Surroundings,
    table: Table,
    state: TableState,
    batch: Batch,
    read: Reading,
    task: TableTask,
    stale: int = 0,
    log_snapshot: int | None = None,
    table_snapshot: int | None = None,
) -> DoneMark:
    files = []
    for item in batch.files:
        if (other := read.others.get(item.key)) is not None:
            files.append(other)
        elif (counts := read.counted.get(item.key)) is not None:
            files.append(FileStatistics(item, counts.rows, counts.inserts, counts.updates, counts.deletes))
        else:
            files.append(FileStatistics(item))
    return DoneMark(
        batch.number,
        table.qualified,
        around.run,
        max(filter(None, [state.mark, task.last]), default=None),
        tuple(files),
        stale,
        task.by_position,
        log_snapshot,
        table_snapshot,
        datetime.now(UTC),
    )
