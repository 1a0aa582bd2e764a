"""What rows must fulfil, and which of it they break."""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdc.changes.cleansing import FAILED, texts
from cdc.changes.expressions import expression
from cdc.model.columns import TECHNICAL
from cdc.model.config import Table

#: Of a row: why it is rejected, in words that name rules and columns and have no value. Never NULL.
REASONS = f"{TECHNICAL}_reasons"

#: Of a row: the expectations that it breaks and that are counted. Never NULL.
COUNTED = f"{TECHNICAL}_counted"

#: Of a row: the expectations that it breaks and that stop its table. Never NULL.
STOPS = f"{TECHNICAL}_stops"


def judged(rows: DataFrame, table: Table, taken: Column) -> DataFrame:
    """The rows with ``REASONS``, ``COUNTED`` and ``STOPS``.

    An expectation that is NULL of a row is not broken: what was not sent cannot be told.

    Args:
        rows: Cleansed, with derived and looked-up columns.
        taken: Whether a row's values go to the tables; those of others may be anything.

    Raises:
        ConfigError: An expectation is no condition over the columns.
    """
    breaks = {
        name: taken
        & ~expression(
            rows, table, f"expectations.{name}.must", item.must, is_condition=True, dropped=sorted(table.dropped)
        )
        for name, item in table.expectations.items()
    }

    def broken(on_broken: str, say: Callable[[str], str]) -> Column:
        chosen = [name for name, item in table.expectations.items() if item.on_broken == on_broken]
        return texts({name: F.when(breaks[name], F.lit(say(name))) for name in chosen})

    failed = F.when(taken, F.col(FAILED)).otherwise(F.array().cast("array<string>"))
    return rows.select(
        "*",
        F.concat(failed, broken("reject", lambda name: f"the expectation {name} is broken")).alias(REASONS),
        broken("count", str).alias(COUNTED),
        broken("stop", str).alias(STOPS),
    )
