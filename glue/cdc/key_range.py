"""The range of a batch's keys, by which Iceberg leaves out the files of a table that cannot hold one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql.types import DateType, DecimalType, IntegralType

from cdc.config import Table
from cdc.read import BEFORE

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
        parts = [f"{alias}.`{name}` BETWEEN {low} AND {high}" for name, (low, high) in self.bounds.items()]
        return " AND ".join(parts) or "true"


def aggregates(changes: DataFrame, table: Table) -> list[Column]:
    """Lowest and highest value of each key column of changes, old keys included, as ``_low_<i>`` and ``_high_<i>``."""
    columns: list[Column] = []
    for index, name in enumerate(_columns(changes, table)):
        key, old = F.col(f"`{name}`"), F.col(f"{BEFORE}.`{name}`")
        columns += [
            F.min(F.least(key, old)).alias(f"_low_{index}"),
            F.max(F.greatest(key, old)).alias(f"_high_{index}"),
        ]
    return columns


def of(changes: DataFrame, table: Table, counted: Sequence[Row]) -> KeyRange:
    """The range of changes.

    Args:
        counted: Rows with the aggregates, each of a part of the changes.
    """
    bounds = {}
    for index, name in enumerate(_columns(changes, table)):
        kind = changes.schema[name].dataType.simpleString()
        low, high = min(row[f"_low_{index}"] for row in counted), max(row[f"_high_{index}"] for row in counted)
        bounds[name] = (f"CAST('{low}' AS {kind})", f"CAST('{high}' AS {kind})")
    return KeyRange(bounds)


def _columns(changes: DataFrame, table: Table) -> list[str]:
    kinds = {field.name: field.dataType for field in changes.schema}
    # A masked key is another value in the table.
    return [
        name
        for name in table.primary_key
        if name not in table.masks and "`" not in name and isinstance(kinds.get(name), _ORDERED)
    ]
