"""One table of one batch: read, check, log, apply."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from cdc import apply, catalog, contract, key_range, log, read, rules
from cdc.batch import DoneMark, FileStatistics
from cdc.config import FILE, OPERATION, ROW, SEQUENCE, Config, Table
from cdc.logs import event
from cdc.read import BEFORE
from cdc.storage import StoredObject

#: Bytes of raw files up to which one task is faster than several.
_ONE_TASK = 8 * 1024 * 1024


@dataclass(frozen=True)
class Surroundings:
    """What every table of a run shares."""

    spark: SparkSession
    config: Config
    salt: str | None
    run: str
    on_step: Callable[[str], None]


def carry_out(
    around: Surroundings,
    table: Table,
    batch: int,
    files: Sequence[StoredObject],
    mark: str | None,
    is_open: Callable[[], bool],
) -> DoneMark:
    """Brings a batch's files into the table's log and into the table; doing it again gives the same.

    Args:
        mark: Highest sequence of the table's earlier batches, None when there was none.
        is_open: Whether no run has finished this table of the batch yet.

    Returns:
        The mark that says so, to be stored after the ledger.
    """
    with ThreadPoolExecutor(1, "beside") as beside:
        # The catalog remembers tables for a while; they are there when they are needed.
        beside.submit(_open, around, table)
        return _carry_out(around, table, batch, files, mark, is_open, beside)


def _carry_out(
    around: Surroundings,
    table: Table,
    batch: int,
    files: Sequence[StoredObject],
    mark: str | None,
    is_open: Callable[[], bool],
    beside: ThreadPoolExecutor,
) -> DoneMark:
    started = time.monotonic()
    size = sum(item.size for item in files)
    changes = read.changes(read.raw_files(around.spark, around.config, table, files), table, around.config.contract)
    # Reading a small file twice is faster than keeping it.
    changes = changes.coalesce(1) if size <= _ONE_TASK else changes.persist()
    kept: list[DataFrame] = [changes]
    try:
        counted = _count(changes, table)
        contract.check_rows(counted, table)
        done = _mark(table, batch, files, counted, mark)
        if not counted:
            return done
        first = min(row["first"] for row in counted)
        rows = log.rows_of_batch(
            rules.prepare(changes, table, around.salt),
            around.config,
            table,
            batch,
            # A task that lost its connection reads a transaction again, and may write it again to the same file.
            repeats=len(files) > 1 or done.mark > "",
            mark=mark,
            first=first,
        ).persist()
        kept.append(rows)
        written = beside.submit(_write_log, around, table, batch, rows)
        if table.primary_key:
            keys = key_range.of(changes, table, counted)
            adds = any(row["inserts"] or row["moves"] for row in counted)
            attempt = apply.Attempt(batch, around.run, size, keys, adds, is_open, written.result, around.on_step)
            apply.apply(rows, around.config, table, attempt, mark=mark, first=first)
        written.result()
        event(
            "applied",
            run=around.run,
            batch=batch,
            table=table.qualified,
            files=len(files),
            rows=sum(row["rows"] for row in counted),
            seconds=time.monotonic() - started,
        )
        return done
    finally:
        for frame in kept:
            frame.unpersist()


def _open(around: Surroundings, table: Table) -> None:
    catalog.find(around.spark, around.config.log(table))
    catalog.find(around.spark, around.config.current(table))


def _write_log(around: Surroundings, table: Table, batch: int, rows: DataFrame) -> None:
    started = time.monotonic()
    log.write(rows, around.config.log(table), batch)
    event("logged", run=around.run, batch=batch, table=table.qualified, seconds=time.monotonic() - started)
    around.on_step("log")


def _count(changes: DataFrame, table: Table) -> list[Row]:
    """One row a file: what it holds, and where each rule of the contract is broken first. One pass over the files."""
    operation = F.col(OPERATION)
    return (
        changes.groupBy(FILE)
        .agg(
            F.count("*").alias("rows"),
            F.count_if(operation == "I").alias("inserts"),
            F.count_if(operation == "U").alias("updates"),
            F.count_if(operation == "D").alias("deletes"),
            F.count_if((operation == "U") & F.col(BEFORE).isNotNull()).alias("moves"),
            F.min(SEQUENCE).alias("first"),
            F.max(SEQUENCE).alias("last"),
            *key_range.aggregates(changes, table),
            *[
                F.min(F.when(broken, F.col(ROW))).alias(f"broken_{rule}")
                for rule, broken in contract.violations(table).items()
            ],
        )
        .collect()
    )


def _mark(table: Table, batch: int, files: Sequence[StoredObject], counted: list[Row], mark: str | None) -> DoneMark:
    by_file = {row[FILE]: row for row in counted}
    if strange := by_file.keys() - {item.key for item in files}:
        raise AssertionError(
            f"Spark read {sorted(strange)[0]}, which is none of the batch's files of {table.qualified}."
        )
    empty = Row(rows=0, inserts=0, updates=0, deletes=0)
    statistics = []
    for item in files:
        row = by_file.get(item.key, empty)
        statistics.append(
            FileStatistics(item.key, item.etag, item.size, row["rows"], row["inserts"], row["updates"], row["deletes"])
        )
    last = max([row["last"] for row in counted], default=mark or "")
    return DoneMark(batch, table.qualified, last, tuple(statistics))
