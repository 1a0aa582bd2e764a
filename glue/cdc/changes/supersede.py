"""What a change means beside those that the log already has."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import BooleanType, DataType
from pyspark.storagelevel import StorageLevel

from cdc.changes import fold, unchanged
from cdc.changes.order import identity, position_of, sequence_by
from cdc.model.columns import BATCH, FILE, OPERATION, POSITION, ROW, SEQUENCE, TECHNICAL, UNSENT, quoted

#: Of a row: the log has something later of its key.
LATE = f"{TECHNICAL}_late"

#: Of a row that an earlier batch brought: a file of this batch that has nothing later of its key.
LOST = f"{TECHNICAL}_lost"

_ID = f"{TECHNICAL}_identity"


def unseen(rows: DataFrame, keys: Sequence[str], log: DataFrame, batch: int, first: str) -> DataFrame:
    """Drops what other batches brought already: the same change, key and operation.

    Args:
        keys: Key columns. Loaded rows of a table without them cannot be told apart and stay.
        log: The log.
        batch: The rows' own batch; its rows in the log, left by an earlier try, do not count.
        first: Lowest order among the rows, so that only that part of the log is read.
    """
    others = log.where((F.col(BATCH) != batch) & (F.col(POSITION) >= position_of(first)))
    if not keys:
        others = others.where(F.col(SEQUENCE) != "")
    same = [*[F.col(quoted(key)).alias(f"{_ID}_{index}") for index, key in enumerate(keys)]]
    others = others.select(identity().alias(_ID), F.col(OPERATION).alias(f"{_ID}_op"), *same)
    condition = [identity() == F.col(_ID), F.col(OPERATION) == F.col(f"{_ID}_op")]
    condition += [F.col(quoted(key)).eqNullSafe(F.col(f"{_ID}_{index}")) for index, key in enumerate(keys)]
    return rows.join(others, condition, "left_anti")


def with_late(rows: DataFrame, keys: Sequence[str], log: DataFrame, batch: int, first: str) -> DataFrame:
    """Adds whether the log knows something later of a row's key, deletes included, as ``LATE``.

    So a change that DMS writes again never brings back a row that was deleted since, and the table needs no tombstones.
    """
    later = (
        log.where((F.col(BATCH) != batch) & (F.col(POSITION) >= position_of(first)) & (sequence_by() > first))
        .groupBy(*[F.col(quoted(key)).alias(f"{_ID}_{index}") for index, key in enumerate(keys)])
        .agg(F.max(sequence_by()).alias(_ID))
    )
    condition = [F.col(quoted(key)).eqNullSafe(F.col(f"{_ID}_{index}")) for index, key in enumerate(keys)]
    joined = rows.join(later, [*condition, F.col(_ID) > sequence_by()], "left")
    return joined.withColumn(LATE, F.col(_ID).isNotNull()).drop(_ID, *[f"{_ID}_{i}" for i in range(len(keys))])


def with_history(
    rows: DataFrame, keys: Sequence[str], log: DataFrame, batch: int, unknown: Column
) -> tuple[DataFrame, bool]:
    """Adds all that other batches brought of the rows' keys, as the log has it.

    A key counts with those that its row had before or got afterwards by an update which left long values out: a value
    that comes late may be theirs. Each row says as ``LOST`` which file of the batch has nothing later of its key; NULL
    for the batch's own rows.

    Args:
        unknown: Of a row of the log: whether the row filter cannot tell.

    Returns:
        The rows, and whether there are others than of the batch's keys among them.
    """
    others = log.where(F.col(BATCH) != batch)
    wanted = rows.select(*[F.col(quoted(key)).alias(f"{_ID}_{index}") for index, key in enumerate(keys)]).distinct()
    wanted, more = _with_kin(wanted, keys, others)
    same = [F.col(quoted(key)).eqNullSafe(F.col(f"{_ID}_{index}")) for index, key in enumerate(keys)]
    history = fold.as_changes(others.join(wanted, same, "left_semi"), unknown, others)
    technical = [item for item in rows.schema if item.name.startswith(TECHNICAL) and item.name not in history.columns]
    history = history.withColumns({item.name: _nothing(item.dataType) for item in technical})
    own, past = f"{_ID}_own", f"{_ID}_past"
    both = (
        rows.withColumn(past, F.lit(False))
        .unionByName(history.select(*[F.col(quoted(name)) for name in rows.columns], F.lit(True).alias(past)))
        .withColumn(own, F.max(F.when(~F.col(past), F.col(FILE))).over(Window.partitionBy(*[quoted(k) for k in keys])))
    )
    return both.withColumn(LOST, F.when(F.col(past), F.col(own))).drop(own, past), more


def _with_kin(wanted: DataFrame, keys: Sequence[str], log: DataFrame) -> tuple[DataFrame, bool]:
    """Adds the keys that a row of theirs had before or afterwards, where an update of the key left values out."""
    olds, news = ([f"{_ID}_{index}{which}" for index in range(len(keys))] for which in ("", "_new"))
    moved = log.where(unchanged.is_moved() & F.col(UNSENT).isNotNull())
    moved = moved.select(FILE, (F.col(ROW) - 1).alias(ROW), *_renamed(keys, news))
    left = log.where(F.col(OPERATION) == "D").select(FILE, ROW, *_renamed(keys, olds))
    moves = moved.join(left, [FILE, ROW]).select(*olds, *news).distinct().persist(StorageLevel.DISK_ONLY)
    try:
        if moves.isEmpty():
            return wanted, False
        ways = moves.unionByName(moves.select(*_renamed(news, olds), *_renamed(olds, news)))
        found, size, more = wanted, wanted.count(), False
        while True:
            reached = ways.join(found, olds, "left_semi").select(*_renamed(news, olds))
            found = found.unionByName(reached).distinct().localCheckpoint()
            if (count := found.count()) == size:
                return found, more
            size, more = count, True
    finally:
        moves.unpersist()


def _renamed(names: Sequence[str], others: Sequence[str]) -> list[Column]:
    return [F.col(quoted(name)).alias(other) for name, other in zip(names, others, strict=True)]


def _nothing(kind: DataType) -> Column:
    value = F.lit(False) if isinstance(kind, BooleanType) else F.array()
    return value.cast(kind)
