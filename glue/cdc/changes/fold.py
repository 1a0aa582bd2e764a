"""A log folded into the rows that live after all of its changes, with no table to ask."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdc.changes import order, unchanged
from cdc.changes.order import FROM_KEY, IF_THERE
from cdc.model.columns import FILE, OPERATION, ROW, TECHNICAL, quoted

_PARTNER = f"{TECHNICAL}_partner"


def as_changes(log: DataFrame, unknown: Column, whole: DataFrame | None = None) -> DataFrame:
    """Rows of the log with what they had beside them when they were applied.

    The new half of an update of the key stands directly behind its old half; where the filter refused the new half, the
    old one is a delete like any other.

    Args:
        unknown: Whether the row filter cannot tell of an update, because a value was not sent.
        whole: The log, where ``log`` is only a part of it.
    """
    halves = (log if whole is None else whole).where(unchanged.is_moved())
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
    return unchanged.settle(unchanged.follow(rows, keys, unsure, None), keys, unsure).drop(unchanged.KEEP)


def living(rows: DataFrame, keys: Sequence[str]) -> DataFrame:
    """One row a key that lives: its last values.

    Args:
        rows: From ``as_changes``, the whole log, each change once.
    """
    last = order.last(rows, keys, key_updates=True, conditional=True)
    last = last.where((F.col(OPERATION) != "D") & ~F.col(IF_THERE))
    return last.drop(FROM_KEY, IF_THERE)
