"""Columns looked up in other tables or files: one row a key there, NULL where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from cdc.errors import ConfigError
from cdc.model.columns import TECHNICAL, quoted
from cdc.model.config import Table
from cdc.model.rules import Lookup

#: Of a row that ``keyed`` makes: how many rows the reference has of its key.
COPIES = f"{TECHNICAL}_copies"

_ON, _FOUND = f"{TECHNICAL}_on_", f"{TECHNICAL}_found"


def keyed(reference: DataFrame, table: Table, lookup: Lookup, changes: StructType) -> DataFrame:
    """A reference as its lookup needs it: a row a key, in the key's type of the changes, with the new columns.

    Args:
        reference: The table or the file.
        changes: The source's columns.

    Raises:
        ConfigError: The changes or the reference lack a column that the lookup names, or their types never meet.
    """
    where = f"The lookup of {table.qualified} from {lookup.reference}"
    for name, there in [*lookup.on.items(), *lookup.columns.items()]:
        if there not in reference.columns:
            raise ConfigError(
                f"{where} takes {name} from the column {there!r}, which is not there; there are "
                f"{', '.join(reference.columns)}. Correct its on or columns."
            )
    if missing := [name for name in lookup.on if name not in changes.names]:
        raise ConfigError(
            f"{where} is on the column {missing[0]!r}, which the table does not have; it has "
            f"{', '.join(name for name in changes.names if not name.startswith(TECHNICAL))}. Correct its on."
        )
    keys = {f"{_ON}{index}": item for index, item in enumerate(lookup.on.items())}
    columns = []
    for key, (name, there) in keys.items():
        kind = _kind(table, name, changes)
        column = F.expr(f"try_cast({quoted(there)} AS {kind})").alias(key)
        try:
            reference.select(column)
        except AnalysisException as refused:
            raise ConfigError(
                f"{where} compares {name}, which is {kind}, with {there}, which is "
                f"{reference.schema[there].dataType.simpleString()}. Cast one of them to the other's type."
            ) from refused
        columns.append(column)
    values = [F.col(quoted(there)).alias(new) for new, there in lookup.columns.items()]
    found = reference.select(*columns, F.struct(*values).alias(_FOUND)).dropna(subset=[*keys])
    return found.groupBy(*keys).agg(F.count("*").alias(COPIES), F.first(_FOUND).alias(_FOUND))


def looked_up(rows: DataFrame, table: Table, references: Sequence[DataFrame]) -> DataFrame:
    """The rows with the columns of every lookup.

    Args:
        references: What ``keyed`` makes, one a lookup, in their order.
    """
    for lookup, reference in zip(table.lookups, references, strict=True):
        same = F.lit(True)
        for index, name in enumerate(lookup.on):
            same = same & (rows[quoted(name)] == reference[f"{_ON}{index}"])
        rows = rows.join(reference, same, "left").select(
            *[rows[quoted(name)] for name in rows.columns],
            *[reference[_FOUND][name].alias(name) for name in lookup.columns],
        )
    return rows


def _kind(table: Table, name: str, changes: StructType) -> str:
    """The type of a column as its rule leaves it."""
    rule = table.columns.get(name)
    if rule is not None and rule.mask is not None:
        return "string"
    if rule is not None and rule.cast is not None:
        return rule.cast
    return changes[name].dataType.simpleString()
