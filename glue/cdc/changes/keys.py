"""The range of a batch's keys, by which Iceberg leaves out the files of a table that cannot hold one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql.types import DateType, DecimalType, IntegralType

from cdc.changes.evolve import TableColumn
from cdc.model.columns import TECHNICAL, quoted
from cdc.model.config import Table

#: Types whose neighbours tend to be written together. A range of others, UUIDs say, leaves nothing out.
_ORDERED = (IntegralType, DecimalType, DateType)


@dataclass(frozen=True)
class KeyRange:
    """Bounds of key columns, both inclusive.

    Attributes:
        bounds: Column → lowest and highest value as SQL; columns that have no useful range are not there.
    """

    bounds: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def condition(self, alias: str) -> str:
        """SQL that is true of every row of a table that the changes can touch."""
        parts = [f"{alias}.{quoted(name)} BETWEEN {low} AND {high}" for name, (low, high) in self.bounds.items()]
        return " AND ".join(parts) or "true"


def aggregates(changes: DataFrame, table: Table) -> list[Column]:
    """Lowest and highest value of each key column of changes, old keys included, as ``low_<i>`` and ``high_<i>``.

    They are NULL where a range is of no use. Dates are counted in days from 1970: Python's end at the year 1.
    """
    kinds, columns = {field.name: field.dataType for field in changes.schema}, []
    for index, key in enumerate(table.primary_key):
        low, high = F.lit(None), F.lit(None)
        # A key that a rule changes is another value in the table.
        if table.keeps(key) and isinstance(kinds.get(key), _ORDERED):
            value, old = F.col(quoted(key)), F.col(f"{TECHNICAL}.before.k{index}")
            if isinstance(kinds[key], DateType):
                value, old = F.unix_date(value), F.unix_date(old)
            low, high = F.min(F.least(value, old)), F.max(F.greatest(value, old))
        columns += [low.alias(f"low_{index}"), high.alias(f"high_{index}")]
    return columns


def range_of(table: Table, counted: Sequence[Row], placed: Mapping[str, TableColumn]) -> KeyRange:
    """The range of changes.

    Args:
        counted: Rows with the aggregates, each of a part of the changes.
        placed: Source column → the table's.
    """
    bounds = {}
    for index, key in enumerate(table.primary_key):
        lows, highs = ([row[f"{name}_{index}"] for row in counted] for name in ("low", "high"))
        if not counted or None in lows or None in highs:
            continue
        column = placed[key]
        low, high = (_literal(value, column.type) for value in (min(lows), max(highs)))
        bounds[column.name] = (low, high)
    return KeyRange(bounds)


def _literal(value: int | Decimal, kind: str) -> str:
    return f"date_from_unix_date({value})" if kind == "date" else f"CAST('{value:f}' AS {kind})"
