"""Values that are hidden. A mask of NULL is NULL."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from cdc.model.columns import TECHNICAL
from cdc.model.config import Table
from cdc.spark import driver_rows

REDACTED = "REDACTED"
_LAST = 4
_SALT = f"{TECHNICAL}_salt"


def with_salt(rows: DataFrame, table: Table, salt: str | None) -> DataFrame:
    """The rows with what ``masked`` needs beside them."""
    if not table.hashes:
        return rows
    # A joined row and not a literal: Spark writes literals into plans, and plans into event logs.
    schema = StructType([StructField(_SALT, StringType())])
    return rows.crossJoin(F.broadcast(driver_rows(rows.sparkSession, [{_SALT: salt}], schema)))


def masked(mask: str | None, value: Column) -> Column:
    """The value behind its mask, as text; without a mask as it is."""
    text = value.cast("string")
    match mask:
        case "sha256":
            return F.sha2(F.concat(F.col(_SALT), text), 256)
        case "redact":
            return F.when(value.isNotNull(), F.lit(REDACTED))
        case "last4":
            # Every character that has four behind it becomes a star; a shorter text becomes stars alone.
            return F.when(F.length(text) > _LAST, F.regexp_replace(text, f"(?s).(?=.{{{_LAST}}})", "*")).otherwise(
                F.regexp_replace(text, "(?s).", "*")
            )
        case _:
            return value
