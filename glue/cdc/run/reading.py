"""A batch's files read once, counted, and known to have been those that were planned."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import BinaryType, StringType
from pyspark.storagelevel import StorageLevel

from cdc.changes import keys
from cdc.errors import TooManyRowsError
from cdc.model.batch import GONE, SUPERSEDED, FileStatistics, StoredObject
from cdc.model.columns import TECHNICAL, quoted
from cdc.model.config import Config, Table
from cdc.raw import contract, parquet
from cdc.raw.footers import NO_LONGER_THERE, BadFile, RawFile, broken_pages, read_footers, unreadable
from cdc.run.task import FileCounts
from cdc.storage import Storage

#: Bytes of raw files up to which one task is faster than several.
_ONE_TASK = 8 * 1024 * 1024
_HEADS = 32

#: What a row takes in memory beside its texts: a value each, and what the tables add.
_VALUE_BYTES, _OWN_BYTES = 20, 250


@dataclass(frozen=True)
class Reading:
    """What was read.

    Attributes:
        changes: The rows as ``raw.parquet`` has them, kept on disk; None when no file could be taken.
        counted: By object key, of files with rows.
        rows: The aggregates of ``changes.keys``, a row a file.
        others: Files that could not be taken, and why.
        row_bytes: What a row takes in memory, by its columns and the measured width of its texts.
    """

    changes: DataFrame | None
    counted: Mapping[str, FileCounts]
    rows: Sequence[Row] = ()
    others: Mapping[str, FileStatistics] = field(default_factory=dict)
    row_bytes: int = 0


@contextmanager
def reading(
    spark: SparkSession, storage: Storage, config: Config, table: Table, files: Sequence[StoredObject], most_rows: int
) -> Generator[Reading]:
    """Reads the files for the time of the block.

    What was overwritten since it was planned is left out: it is another file, which is planned for itself. Both footers
    and rows are read before that is looked at, so what is in the frame is what was planned.

    Raises:
        ContractError, SchemaChangedError: A file is not as it must be.
        TooManyRowsError: The files have more rows than one batch may have.
    """
    others: dict[str, FileStatistics] = {}
    while True:
        wanted = [item for item in files if item.key not in others]
        found = read_footers(spark, config.raw_bucket, wanted) if wanted else []
        good = [item for item in found if isinstance(item, RawFile)]
        changes: DataFrame | None = None
        try:
            changes, counted, failure = _read(spark, config, table, files, good, most_rows)
            changed = _changed(storage, config.raw_bucket, wanted)
            others |= {item.stored.key: _statistics(item) for item in found if isinstance(item, BadFile)} | changed
            if not changed.keys() & {item.stored.key for item in good}:
                if failure is not None and (broken := _broken(spark, config, table, good, failure)):
                    others |= {item.stored.key: _statistics(item) for item in broken}
                    continue
                if failure is not None:
                    raise failure
                contract.check_rows(counted, table)
                yield Reading(changes, _counts(counted), counted, others, _row_bytes(good, counted))
                return
        finally:
            if changes is not None:
                changes.unpersist()


def _read(
    spark: SparkSession,
    config: Config,
    table: Table,
    planned: Sequence[StoredObject],
    files: Sequence[RawFile],
    most_rows: int,
) -> tuple[DataFrame | None, list[Row], Exception | None]:
    """The frame and its counts, or what went wrong: a file that was overwritten may be the reason."""
    if not files:
        return None, [], None
    changes: DataFrame | None = None
    try:
        for file in files:
            contract.check_columns(file, table, config.contract)
        contract.check_alike(files, table)
        _check_rows(planned, files, most_rows)
        changes = parquet.changes(spark, config, table, files)
        if sum(file.stored.size for file in files) <= _ONE_TASK:
            changes = changes.coalesce(1)
        # On disk: in memory it would drive out what Iceberg has broadcast.
        changes = changes.persist(StorageLevel.DISK_ONLY)
        counted = _count(changes, table)
    except Exception as failure:  # judged by the caller, who knows whether the files are still the same
        if changes is not None:
            changes.unpersist()
        return None, [], failure
    if strange := {row["file"] for row in counted} - {file.stored.key for file in files}:
        raise AssertionError(f"Spark read {sorted(strange)[0]}, which is none of the batch's files.")
    return changes, counted, None


def _broken(
    spark: SparkSession, config: Config, table: Table, files: Sequence[RawFile], failure: Exception
) -> list[BadFile]:
    """The files behind whose sound footers lies what is no Parquet, if that is what reading failed of."""
    if not broken_pages(failure):
        return []
    found = []
    for file in files:
        try:
            parquet.changes(spark, config, table, [file]).write.format("noop").mode("overwrite").save()
        except Exception as alone:
            if not broken_pages(alone):
                raise
            found.append(unreadable(file.stored, "a page of it cannot be decoded"))
    return found


def _check_rows(planned: Sequence[StoredObject], files: Sequence[RawFile], most_rows: int) -> None:
    rows_of, total = {file.stored.key: file.rows for file in files}, 0
    for index, item in enumerate(planned):
        total += rows_of.get(item.key, 0)
        if total > most_rows and index > 0:
            raise TooManyRowsError(index)


def _changed(storage: Storage, bucket: str, files: Sequence[StoredObject]) -> dict[str, FileStatistics]:
    """The files that are other objects by now, or none."""
    if not files:
        return {}
    with ThreadPoolExecutor(min(_HEADS, len(files)), "etags") as pool:
        etags = pool.map(lambda item: storage.etag(bucket, item.key), files)
    verdicts = {}
    for item, etag in zip(files, etags, strict=True):
        if etag is None:
            verdicts[item.key] = FileStatistics(item, status=GONE, reason=NO_LONGER_THERE)
        elif etag != item.etag:
            verdicts[item.key] = FileStatistics(item, status=SUPERSEDED, reason=f"The key now has the object {etag}.")
    return verdicts


def _statistics(bad: BadFile) -> FileStatistics:
    return FileStatistics(bad.stored, status=bad.status, reason=bad.reason)


def _count(changes: DataFrame, table: Table) -> list[Row]:
    """One row a file: what it holds, and where each rule of the contract is broken first. One pass over the files."""
    operation, position, sequence = (F.col(f"{TECHNICAL}.{name}") for name in ("op", "position", "seq"))
    order = F.concat_ws(" ", F.coalesce(position, F.lit("")), sequence)
    moves = (operation == "U") & F.col(f"{TECHNICAL}.before").isNotNull()
    sums: list[Column] = [
        F.count("*").alias("rows"),
        F.count_if(operation == "I").alias("inserts"),
        F.count_if(operation == "U").alias("updates"),
        F.count_if(operation == "D").alias("deletes"),
        F.count_if(moves).alias("key_updates"),
        F.count_if(position.isNull()).alias("unreadable"),
        F.min(order).alias("first"),
        F.max(order).alias("last"),
        F.min(sequence).alias("first_sequence"),
        F.max(sequence).alias("last_sequence"),
        F.sum(_text_bytes(changes)).alias("text_bytes"),
    ]
    broken = [
        F.min(F.when(breaks, F.col(f"{TECHNICAL}.row"))).alias(f"broken_{rule}")
        for rule, breaks in contract.violations(table).items()
    ]
    by_file = changes.groupBy(F.col(f"{TECHNICAL}.file").alias("file"))
    return by_file.agg(*sums, *keys.aggregates(changes, table), *broken).collect()


def _counts(counted: Sequence[Row]) -> dict[str, FileCounts]:
    names = FileCounts.__dataclass_fields__
    return {row["file"]: FileCounts(**{name: row[name] for name in names}) for row in counted}


def _text_bytes(changes: DataFrame) -> Column:
    """Bytes of a row's texts and binaries: what a file's size says little of, where a codec or a dictionary is good."""
    texts = [field.name for field in changes.schema if isinstance(field.dataType, StringType | BinaryType)]
    return reduce(add, [F.coalesce(F.octet_length(quoted(name)), F.lit(0)) for name in texts], F.lit(0))


def _row_bytes(files: Sequence[RawFile], counted: Sequence[Row]) -> int:
    rows = sum(row["rows"] for row in counted)
    if not rows:
        return 0
    texts = sum(row["text_bytes"] for row in counted) // rows
    return _OWN_BYTES + _VALUE_BYTES * len(files[0].schema.names) + texts
