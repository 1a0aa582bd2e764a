"""How a raw column's type is kept: Parquet's is Spark's by Spark's own rules, and Iceberg lacks the narrow integers."""

from __future__ import annotations

_KEPT_AS = {"tinyint": "int", "smallint": "int"}


def kept_as(spark_type: str) -> str:
    """The type that a table has for a column of this type (both as ``simpleString`` spells them)."""
    return _KEPT_AS.get(spark_type, spark_type)
