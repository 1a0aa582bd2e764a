"""A batch's files read once, counted, and known to have been those that were planned."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.storagelevel import StorageLevel

from cdc.errors import ContractError, TooManyRowsError
from cdc.model.batch import FOREIGN, GONE, SUPERSEDED, FileStatistics, StoredObject
from cdc.model.config import Config, Table
from cdc.raw import contract, parquet
from cdc.raw.footers import NO_LONGER_THERE, BadFile, RawFile, broken_pages, read_footers, unreadable
from cdc.run.counting import count, counts_of, row_bytes
from cdc.run.task import FileCounts
from cdc.storage import Storage

#: Bytes of raw files up to which one task is faster than several.
_ONE_TASK = 8 * 1024 * 1024
_HEADS = 32


@dataclass(frozen=True)
class Group:
    """Files of a batch with the same columns of the same types.

    Attributes:
        changes: Their rows as ``raw.parquet`` has them, kept on disk.
        files: In the order in which they apply.
        rows: What was counted (``run.counting``), a row a file.
    """

    changes: DataFrame
    files: tuple[RawFile, ...]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Reading:
    """What was read.

    Attributes:
        groups: The rows, by what their files declare, in the order of each one's first file; none when no file could
            be taken.
        counted: By object key, of files with rows.
        others: Files that could not be taken, and why.
        row_bytes: What a row takes in memory, by its columns and the measured width of its texts.
    """

    groups: tuple[Group, ...]
    counted: Mapping[str, FileCounts]
    others: Mapping[str, FileStatistics] = field(default_factory=dict)
    row_bytes: int = 0


@contextmanager
def reading(
    spark: SparkSession,
    storage: Storage,
    config: Config,
    table: Table,
    files: Sequence[StoredObject],
    most_rows: int,
    known: Sequence[str],
) -> Generator[Reading]:
    """Reads the files for the time of the block.

    What was overwritten since it was planned is left out: it is another file, which is planned for itself. Both footers
    and rows are read before that is looked at, so what is in the frames is what was planned.

    Args:
        known: The table's columns by their names in the source; empty before its first row.

    Raises:
        ContractError: None of the first files of a table is as it must be.
        TooManyRowsError: The files have more rows than one batch may have.
    """
    others: dict[str, FileStatistics] = {}
    while True:
        wanted = [item for item in files if item.key not in others]
        found = read_footers(spark, config.raw_bucket, wanted) if wanted else []
        good = [item for item in found if isinstance(item, RawFile)]
        groups: list[Group] = []
        failure: Exception | None = None
        foreign: dict[str, FileStatistics] = {}
        try:
            try:
                foreign = _foreign(config, table, good, known)
                good = [item for item in good if item.stored.key not in foreign]
                _check_rows(files, good, most_rows)
                for alike in _alike(good):
                    groups.append(_read(spark, config, table, alike, known))
            except Exception as caught:  # a file that was overwritten may be the reason
                failure = caught
            changed = _changed(storage, config.raw_bucket, wanted)
            bad = {item.stored.key: _statistics(item) for item in found if isinstance(item, BadFile)}
            others |= bad | foreign | changed
            if not changed.keys() & {item.stored.key for item in found if isinstance(item, RawFile)}:
                if failure is not None and (broken := _broken(spark, config, table, good, known, failure)):
                    others |= {item.stored.key: _statistics(item) for item in broken}
                    continue
                if failure is not None:
                    raise failure
                counted = [row for group in groups for row in group.rows]
                if not known:
                    _check_any(table, counted)
                yield Reading(tuple(groups), counts_of(counted), others, row_bytes(good, counted))
                return
            # What was foreign may be another object by now.
            others = {key: item for key, item in others.items() if key not in foreign or key in changed}
        finally:
            for group in groups:
                group.changes.unpersist()


def _foreign(config: Config, table: Table, files: Sequence[RawFile], known: Sequence[str]) -> dict[str, FileStatistics]:
    """The files that no task of ours wrote for this table. Before the table's first row that is a task's fault."""
    found = {}
    for file in files:
        reason = contract.fault(file, table, config.contract, known)
        if reason is not None and not known:
            raise ContractError(
                f"{file.stored.key} of {table.qualified} {reason}, then reload the table and give up this batch by "
                "--abandon."
            )
        if reason is not None:
            found[file.stored.key] = FileStatistics(file.stored, status=FOREIGN, reason=f"It {reason}.")
    return found


def _alike(files: Sequence[RawFile]) -> list[tuple[RawFile, ...]]:
    groups: dict[str, list[RawFile]] = {}
    for file in files:
        declared = file.declared
        groups.setdefault(f"{declared.schema.json()}{declared.raw}", []).append(file)
    return [tuple(group) for group in groups.values()]


def _read(spark: SparkSession, config: Config, table: Table, files: tuple[RawFile, ...], known: Sequence[str]) -> Group:
    changes = parquet.changes(spark, config, table, files, known)
    if sum(file.stored.size for file in files) <= _ONE_TASK:
        changes = changes.coalesce(1)
    # On disk: in memory it would drive out what Iceberg has broadcast.
    changes = changes.persist(StorageLevel.DISK_ONLY)
    try:
        counted = count(changes, table, config.contract)
    except BaseException:
        changes.unpersist()
        raise
    if strange := {row["file"] for row in counted} - {file.stored.key for file in files}:
        raise AssertionError(f"Spark read {sorted(strange)[0]}, which is none of the batch's files.")
    return Group(changes, files, counted)


def _broken(
    spark: SparkSession,
    config: Config,
    table: Table,
    files: Sequence[RawFile],
    known: Sequence[str],
    failure: Exception,
) -> list[BadFile]:
    """The files behind whose sound footers lies what is no Parquet, if that is what reading failed of."""
    if not broken_pages(failure):
        return []
    found = []
    for file in files:
        try:
            alone = parquet.changes(spark, config, table, [file], known)
            alone.write.format("noop").mode("overwrite").save()
        except Exception as refused:
            if not broken_pages(refused):
                raise
            found.append(unreadable(file.stored, "a page of it cannot be decoded"))
    return found


def _check_rows(planned: Sequence[StoredObject], files: Sequence[RawFile], most_rows: int) -> None:
    rows_of, total = {file.stored.key: file.rows for file in files}, 0
    for index, item in enumerate(planned):
        total += rows_of.get(item.key, 0)
        if total > most_rows and index > 0:
            raise TooManyRowsError(index)


def _check_any(table: Table, counted: Sequence[Row]) -> None:
    rejected = [row for row in counted if row["rejected"]]
    if rejected and all(row["rejected"] == row["rows"] for row in counted):
        broken = sorted({rule for row in rejected for rule in row["broken"]})
        raise contract.refuse_all(table, rejected[0]["file"], broken)


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
