"""One table of one batch: read, check, log, apply."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from cdc import apply, log, read, rules
from cdc.batch import DoneMark, FileStatistics
from cdc.config import FILE, OPERATION, SEQUENCE, Config, Table
from cdc.logs import event
from cdc.storage import StoredObject

#: Bytes of raw files up to which one task is faster than several.
_ONE_TASK = 8 * 1024 * 1024

_SEQUENCE_FORM = "^([0-9]{35})?$"


@dataclass(frozen=True)
class Surroundings:
    """What every table of a run shares."""

    spark: SparkSession
    config: Config
    salt: str | None
    run: str


def carry_out(
    around: Surroundings, table: Table, batch: int, files: Sequence[StoredObject], mark: str | None
) -> DoneMark:
    """Brings a batch's files into the table's log and into the table; doing it again gives the same.

    Args:
        mark: Highest sequence of the table's earlier batches, None when there was none.

    Returns:
        The mark that says so, to be stored after the ledger.
    """
    started = time.monotonic()
    size = sum(item.size for item in files)
    raw = read.raw_files(around.spark, around.config, [item.key for item in files])
    changes = read.changes(raw, table, around.config.contract)
    if size <= _ONE_TASK:
        changes = changes.coalesce(1)
    changes = changes.persist()
    try:
        counted = _count(changes, table)
        rows = sum(row["rows"] for row in counted)
        done = _mark(table, batch, files, counted, mark)
        if rows:
            first = min(row["first"] for row in counted)
            prepared = rules.prepare(changes, table, around.salt)
            logged = log.write(
                prepared, around.config, table, batch, several_files=len(files) > 1, mark=mark, first=first
            )
            event(
                "logged",
                run=around.run,
                batch=batch,
                table=table.qualified,
                files=len(files),
                rows=rows,
                seconds=time.monotonic() - started,
            )
            if table.primary_key:
                apply.apply(logged, around.config, table, batch, around.run, mark=mark, first=first, size=size)
                event("applied", run=around.run, batch=batch, table=table.qualified, seconds=time.monotonic() - started)
        return done
    finally:
        changes.unpersist()


def _count(changes: DataFrame, table: Table) -> list[Row]:
    """Rows by file and operation, and how many of them break the contract: one pass over the files."""
    operation = F.col(OPERATION)
    null_key = F.lit(False)
    for key in table.primary_key:
        null_key = null_key | F.col(f"`{key}`").isNull()
    broken = {
        "an operation other than I, U, D": operation.isNull() | ~operation.isin("I", "U", "D"),
        "a key column that is NULL": null_key,
        "a malformed change sequence": ~F.col(SEQUENCE).rlike(_SEQUENCE_FORM),
        "no change sequence though it is no insert": (operation != "I") & (F.col(SEQUENCE) == ""),
    }
    aliases = {reason: f"bad{index}" for index, reason in enumerate(broken)}
    counted = (
        changes.groupBy(FILE)
        .agg(
            F.count("*").alias("rows"),
            F.count_if(operation == "I").alias("inserts"),
            F.count_if(operation == "U").alias("updates"),
            F.count_if(operation == "D").alias("deletes"),
            F.min(SEQUENCE).alias("first"),
            F.max(SEQUENCE).alias("last"),
            *[F.count_if(condition).alias(aliases[reason]) for reason, condition in broken.items()],
        )
        .collect()
    )
    bad = {reason: sum(row[alias] for row in counted) for reason, alias in aliases.items()}
    sample = next((row[FILE] for row in counted if any(row[alias] for alias in aliases.values())), None)
    rules.check_rows(bad, table, sample)
    return counted


def _mark(table: Table, batch: int, files: Sequence[StoredObject], counted: list[Row], mark: str | None) -> DoneMark:
    by_file = {row[FILE]: row for row in counted}
    empty = Row(rows=0, inserts=0, updates=0, deletes=0)
    statistics = []
    for item in files:
        row = by_file.get(item.key, empty)
        statistics.append(
            FileStatistics(item.key, item.etag, item.size, row["rows"], row["inserts"], row["updates"], row["deletes"])
        )
    last = max([row["last"] for row in counted], default=mark or "")
    return DoneMark(batch, table.qualified, last, tuple(statistics))
