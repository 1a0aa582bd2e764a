"""The total order of changes, and what follows from it: the last change of a key, one copy of each change."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from cdc.config import FILE, OPERATION, ROW, SEQUENCE, Table

#: Never by time: every row of a transaction has the same one.
ORDER = (SEQUENCE, FILE, ROW)


def latest(changes: DataFrame, keys: Sequence[str]) -> DataFrame:
    """One row a key: its last change."""
    place = Window.partitionBy(*keys).orderBy(*[F.col(name).desc_nulls_last() for name in ORDER])
    return changes.withColumn("_place", F.row_number().over(place)).where("_place = 1").drop("_place")


def identity(table: Table) -> tuple[str, ...]:
    """What makes a change the same change when DMS writes it again: sequence, key and operation."""
    return (SEQUENCE, *table.primary_key, OPERATION)


def once(changes: DataFrame, table: Table) -> DataFrame:
    """One copy of each change.

    Rows of a table without a key are told apart only by their sequence, and loaded ones not at all.
    """
    copies = Window.partitionBy(*identity(table)).orderBy(FILE, ROW)
    numbered = changes.withColumn("_copy", F.row_number().over(copies))
    first = F.col("_copy") == 1
    return numbered.where(first if table.primary_key else first | (F.col(SEQUENCE) == "")).drop("_copy")
