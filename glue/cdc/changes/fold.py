"""A log folded into the rows that live after all of its changes, with no table to ask."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdc.changes import order, unchanged
from cdc.changes.order import FROM_KEY, IF_THERE
from cdc.model.columns import FILE, OPERATION, ROW, TECHNICAL, UNSENT, quoted

_PARTNER = f"{TECHNICAL}_partner"


def as_changes(log: DataFrame, unknown: Column) -> DataFrame:
    """Rows of the log with what they had beside them when they were applied.

    The new half of an update of the key stands directly behind its old half; where the filter refused the new half, the
    old one is a delete like any other.

    Args:
        unknown: Whether the row filter cannot tell of an update, because a value was not sent.
    """
    halves = log.where((F.col(OPERATION) == "I") & (F.col(ROW) % 2 == 1))
    halves = halves.select(F.col(FILE), (F.col(ROW) - 1).alias(ROW), F.lit(True).alias(_PARTNER)).distinct()
    paired = log.join(halves, [FILE, ROW], "left").select(*[F.col(quoted(name)) for name in log.columns], _PARTNER)
    return (
        paired.withColumn(FROM_KEY, (F.col(OPERATION) == "D") & F.col(_PARTNER).isNotNull())
        .withColumn(IF_THERE, (F.col(OPERATION) == "U") & unknown)
        .drop(_PARTNER)
    )


def with_unsent(rows: DataFrame, keys: Sequence[str], unsure: Sequence[str]) -> DataFrame:
    """Gives values that were not sent what the row had before, however often its key changed since.

    Args:
        rows: From ``as_changes``, the whole log.
        unsure: Columns that the log's ``UNSENT`` names.
    """
    if not unsure:
        return rows
    left = _moved_without_value(rows, unsure)
    while left:
        rows = unchanged.with_old_keys(rows, keys, unsure, None).localCheckpoint(eager=True)
        still = _moved_without_value(rows, unsure)
        if still == left:
            break
        left = still
    return unchanged.settle(rows, keys, unsure).drop(unchanged.KEEP)


def living(rows: DataFrame, keys: Sequence[str]) -> DataFrame:
    """One row a key that lives: its last values.

    Args:
        rows: From ``as_changes``, the whole log, each change once.
    """
    # What changes a row only where it is there neither makes it nor ends it.
    sure = order.latest(rows.where(~F.col(IF_THERE)), keys, key_updates=True)
    alive = sure.where((F.col(OPERATION) != "D") & ~F.col(IF_THERE))
    conditional = rows.where(F.col(IF_THERE)).join(
        alive.select(*[quoted(key) for key in keys]), list(keys), "left_semi"
    )
    conditional = conditional.select(*[quoted(name) for name in alive.columns])
    last = order.latest(alive.unionByName(conditional), keys, key_updates=False)
    return last.drop(FROM_KEY, IF_THERE)


def _moved_without_value(rows: DataFrame, unsure: Sequence[str]) -> int:
    """Values that new halves of updates of the key lack."""
    moved = (F.col(OPERATION) == "I") & (F.col(ROW) % 2 == 1)
    lacks = [moved & F.array_contains(UNSENT, name) & F.col(quoted(name)).isNull() for name in unsure]
    (counts,) = rows.agg(*[F.count_if(item).alias(f"lacks{index}") for index, item in enumerate(lacks)]).collect()
    return sum(counts)
