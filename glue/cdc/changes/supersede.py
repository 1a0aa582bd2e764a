"""What a change means beside those that the log already has."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import BooleanType, DataType

from cdc.changes.order import identity, position_of, sequence_by
from cdc.model.columns import BATCH, OPERATION, POSITION, SEQUENCE, TECHNICAL, quoted

#: Of a row: the log has something later of its key.
LATE = f"{TECHNICAL}_late"

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


def with_history(rows: DataFrame, keys: Sequence[str], log: DataFrame, batch: int) -> DataFrame:
    """Adds all that other batches brought of the rows' keys, as the log has it."""
    wanted = rows.select(*[F.col(quoted(key)).alias(f"{_ID}_{index}") for index, key in enumerate(keys)]).distinct()
    same = [F.col(quoted(key)).eqNullSafe(F.col(f"{_ID}_{index}")) for index, key in enumerate(keys)]
    history = log.where(F.col(BATCH) != batch).join(wanted, same, "left_semi")
    technical = [item for item in rows.schema if item.name.startswith(TECHNICAL)]
    history = history.withColumns({item.name: _nothing(item.dataType) for item in technical})
    return rows.unionByName(history.select(*[F.col(quoted(name)) for name in rows.columns]))


def _nothing(kind: DataType) -> Column:
    value = F.lit(False) if isinstance(kind, BooleanType) else F.array()
    return value.cast(kind)
