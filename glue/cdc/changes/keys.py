"""The range of a batch's keys, by which Iceberg leaves out the files of a table that cannot hold one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql.types import DateType, DecimalType, IntegralType

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
    """Lowest and highest value of each key column of changes, old keys included, as ``low_<i>`` and ``high_<i>``."""
    columns: list[Column] = []
    for index in _ordered(changes, table):
        key, old = F.col(quoted(table.primary_key[index])), F.col(f"{TECHNICAL}.before.k{index}")
        columns += [
            F.min(F.least(key, old)).alias(f"low_{index}"),
            F.max(F.greatest(key, old)).alias(f"high_{index}"),
        ]
    return columns


def range_of(changes: DataFrame, table: Table, counted: Sequence[Row], names: Mapping[str, str]) -> KeyRange:
    """The range of changes.

    Args:
        counted: Rows with the aggregates, each of a part of the changes.
        names: Source column → its name in the tables.
    """
    bounds = {}
    for index in _ordered(changes, table):
        key = table.primary_key[index]
        kind = changes.schema[key].dataType.simpleString()
        low, high = min(row[f"low_{index}"] for row in counted), max(row[f"high_{index}"] for row in counted)
        bounds[names[key]] = (f"CAST('{low}' AS {kind})", f"CAST('{high}' AS {kind})")
    return KeyRange(bounds)


def _ordered(changes: DataFrame, table: Table) -> list[int]:
    kinds = {field.name: field.dataType for field in changes.schema}
    # A key that a rule changes is another value in the table.
    return [
        index
        for index, name in enumerate(table.primary_key)
        if table.keeps(name) and isinstance(kinds.get(name), _ORDERED)
    ]
