"""One batch of one table carried out: read, decide, log, apply. Doing it again gives the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from pyspark.sql import DataFrame
from pyspark.storagelevel import StorageLevel

from cdc.changes import keys, order, supersede
from cdc.changes.evolve import TableColumn
from cdc.config.fingerprint import fingerprint
from cdc.events import event
from cdc.model.batch import Batch, DoneMark, FileStatistics
from cdc.model.batch import Kind as Batches
from cdc.model.config import Table
from cdc.model.table_state import TableState
from cdc.run import asked_for, expecting, last_rows, preparing, rows, without_files
from cdc.run.reading import Reading, reading
from cdc.run.rejecting import with_rejects
from cdc.run.report import tell_evolution, tell_position, tell_rules, tell_truncated
from cdc.run.rows import Prepared
from cdc.run.surroundings import Surroundings
from cdc.run.task import Kind, TableTask, decide
from cdc.tables import catalog, current, log


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
    if batch.kind not in (Batches.FILES, Batches.AGAIN):
        return _without_files(around, table, state, batch, is_open)
    with ThreadPoolExecutor(1, "beside") as beside:
        # The catalog remembers tables for a while; they are there when they are needed.
        beside.submit(catalog.find, around.spark, around.config.current(table))
        log_table = catalog.find(around.spark, around.config.log(table))
        columns = [] if log_table is None else catalog.columns_of(log_table)
        files = reading(
            around.spark,
            around.storage,
            around.config,
            table,
            batch.files,
            around.most_rows,
            preparing.known_columns(table, state, columns),
        )
        with files as read:
            task = decide(
                state,
                batch,
                read.counted,
                keys=table.primary_key,
                row_bytes=read.row_bytes,
                broadcast_bytes=around.broadcast_bytes,
            )
            if task.kind is Kind.EMPTY:
                empty = _mark(around, table, state, batch, read, task)
                return with_rejects(around, table, read, None, empty)
            return _do(around, table, state, batch, read, columns, task, is_open, beside)


def _without_files(
    around: Surroundings, table: Table, state: TableState, batch: Batch, is_open: Callable[[], None]
) -> DoneMark:
    if batch.kind in (Batches.REBUILD, Batches.ERASE):
        return asked_for.carry_out(around, table, state, batch, is_open)
    if batch.kind is Batches.CREATE:
        salt = around.salt() if table.hashes else None
        return without_files.create(around.spark, around.storage, around.config, table, batch, around.run, salt)
    ghosts = without_files.Ghosts(
        around.config, table, batch, around.run, around.broadcast_bytes, is_open, around.on_step
    )
    return without_files.take_ghosts(around.spark, state, ghosts)


def _do(
    around: Surroundings,
    table: Table,
    state: TableState,
    batch: Batch,
    read: Reading,
    columns: Sequence[TableColumn],
    task: TableTask,
    is_open: Callable[[], None],
    beside: ThreadPoolExecutor,
) -> DoneMark:
    started = time.monotonic()
    if not task.by_position and state.by_position:
        tell_position(table)
    print_of_rules = fingerprint(table, around.salt() if table.hashes else None)
    tell_rules(table, batch.number, state.rules, print_of_rules)
    prepared = preparing.prepare(around, table, read, columns, task, known=print_of_rules == state.rules)
    tell_evolution(table, columns, prepared.evolution)
    tell_truncated(table, [row for group in read.groups for row in group.rows])
    kept, applied = _kept(around, table, batch, prepared, task), current.Applied(None, 0)
    try:
        expecting.check(kept, table)
        taken, rejected = rows.split(kept) if prepared.may_reject else (kept, None)
        written = beside.submit(_write_log, around, table, batch, taken, is_open)
        if task.has_table:
            last = last_rows.find(around, table, batch, taken, task, prepared)
            counted = [row for group in read.groups for row in group.rows]
            try:
                applied = current.apply(
                    last.rows,
                    current.Attempt(
                        identifier=around.config.current(table),
                        columns=prepared.columns,
                        keys=prepared.keys,
                        unsure=last.unsure,
                        again=bool(last.unsure) and task.needs_supersede,
                        batch=batch.number,
                        run=around.run,
                        broadcast=task.broadcast,
                        range=keys.KeyRange() if last.others else keys.range_of(table, counted, prepared.placed),
                        adds=task.adds,
                        newer_than=around.config.raw_folder(table) + state.applied,
                        is_open=is_open,
                        logged=written.result,
                        on_step=around.on_step,
                    ),
                )
            finally:
                last.rows.unpersist()
        snapshot = written.result()
        mark = _mark(around, table, state, batch, read, task, applied.stale, snapshot, applied.snapshot)
        mark = with_rejects(around, table, read, rejected, replace(mark, rules=print_of_rules))
    finally:
        kept.unpersist()
    event(
        "applied",
        run=around.run,
        batch=batch.number,
        table=table.qualified,
        kind=task.kind,
        files=len(batch.files),
        rows=mark.rows,
        rejected_files=sum(item.rejected for item in mark.files),
        rejected_rows=mark.rejected_rows,
        stale=applied.stale,
        seconds=time.monotonic() - started,
    )
    return mark


def _kept(around: Surroundings, table: Table, batch: Batch, prepared: Prepared, task: TableTask) -> DataFrame:
    """The rows, each once, without those that other batches brought; kept on disk."""
    found = prepared.rows
    if task.needs_dedupe:
        found = found.transform(order.once, prepared.keys)
    known = log.prepare(around.spark, around.config.log(table), prepared.columns, prepared.keys)
    if known is not None and task.needs_unseen:
        found = found.transform(supersede.unseen, prepared.keys, known, batch.number, task.first)
    return found.persist(StorageLevel.DISK_ONLY)


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
            files.append(
                FileStatistics(
                    item, counts.rows, counts.inserts, counts.updates, counts.deletes, rejected_rows=counts.rejected
                )
            )
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
        task.kind,
    )
