"""A table's own rules: key updates as two changes, row filter, masks, derived columns."""

from __future__ import annotations

from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from cdc.config import COMMIT_TIME, FILE, OPERATION, ROW, SEQUENCE, Table
from cdc.driver_rows import driver_rows
from cdc.errors import ConfigError
from cdc.read import BEFORE

REDACTED = "REDACTED"
_LAST = 4
_SALT, _KEPT, _OLD_KEY = "_mask_salt", "_kept", "_old_key"
_ADDED = (OPERATION, SEQUENCE, COMMIT_TIME, FILE, ROW, BEFORE)


def prepare(changes: DataFrame, table: Table, salt: str | None) -> DataFrame:
    """Turns changes as DMS wrote them into rows of the log.

    An update of the key becomes a delete of the old key and an insert of the new one. A row that the filter drops
    is a delete of its key, unless it is an insert, which then never enters. A delete has its key and nothing else.

    Raises:
        ConfigError: A filter or a derived column is no expression over the table's columns.
    """
    source = [name for name in changes.columns if name not in _ADDED]
    for name in [*table.primary_key, *table.masks]:
        if name not in source:
            raise ConfigError(
                f"{table.qualified} has no column {name!r} to mask or to use as key; it has {', '.join(source)}."
            )
    folded = {name.lower() for name in source}
    if taken := sorted(name for name in table.derived if name.lower() in folded):
        raise ConfigError(f"derived.{taken[0]} of {table.qualified} has the name of a source column. Choose another.")
    kept = _checked(changes, table, "filter", table.filter) if table.filter else F.lit(True)
    derived = {name: _checked(changes, table, f"derived.{name}", text) for name, text in table.derived.items()}

    moved = F.col(f"{BEFORE}").isNotNull() & (F.col(OPERATION) == "U") if table.primary_key else F.lit(False)
    rows = _with_salt(changes, table, salt).select(
        "*",
        F.coalesce(kept, F.lit(False)).alias(_KEPT),
        *[value.alias(f"_derived_{index}") for index, value in enumerate(derived.values())],
        F.explode(F.when(moved, F.array(F.lit(True), F.lit(False))).otherwise(F.array(F.lit(False)))).alias(_OLD_KEY),
    )
    operation = (
        F.when(F.col(_OLD_KEY) | (F.col(OPERATION) == "D"), "D")
        .when(F.col(_KEPT) & moved, "I")
        .when(F.col(_KEPT), F.col(OPERATION))
        .when((F.col(OPERATION) == "U") & ~moved, "D")
    )
    rows = rows.withColumn("_result", operation).where(F.col("_result").isNotNull())
    lives = F.col("_result") != "D"
    keys = set(table.primary_key)
    return rows.select(
        *[
            _masked(table, name, _key(name) if name in keys else F.when(lives, F.col(f"`{name}`"))).alias(name)
            for name in source
        ],
        *[F.when(lives, F.col(f"_derived_{index}")).alias(name) for index, name in enumerate(derived)],
        F.col("_result").alias(OPERATION),
        F.col(SEQUENCE),
        F.col(COMMIT_TIME),
        F.col(FILE),
        F.when(moved & ~F.col(_OLD_KEY), F.col(ROW) + 1).otherwise(F.col(ROW)).alias(ROW),
    )


def _key(name: str) -> Column:
    return F.when(F.col(_OLD_KEY), F.coalesce(F.col(f"{BEFORE}.`{name}`"), F.col(f"`{name}`"))).otherwise(
        F.col(f"`{name}`")
    )


def _with_salt(rows: DataFrame, table: Table, salt: str | None) -> DataFrame:
    if not table.hashes:
        return rows
    # A joined row and not a literal: Spark writes literals into plans, and plans into event logs.
    schema = StructType([StructField(_SALT, StringType())])
    return rows.crossJoin(F.broadcast(driver_rows(rows.sparkSession, [{_SALT: salt}], schema)))


def _masked(table: Table, name: str, value: Column) -> Column:
    text = value.cast("string")
    match table.masks.get(name):
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


def _checked(rows: DataFrame, table: Table, field: str, text: str) -> Column:
    try:
        rows.select(F.expr(text))
    except (AnalysisException, ParseException) as refused:
        raise ConfigError(
            f"{field} of {table.qualified} is no expression over its columns: {str(refused).splitlines()[0]}"
        ) from refused
    return F.expr(text)
