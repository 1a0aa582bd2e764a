"""A table's own rules: key updates as two changes, row filter, masks, derived columns."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from cdc.changes.order import FROM_KEY, IF_THERE, epoch_prefix
from cdc.errors import ConfigError
from cdc.model.columns import COMMIT_TIME, FILE, OPERATION, POSITION, ROW, SEQUENCE, TECHNICAL, quoted
from cdc.model.config import Table
from cdc.spark import driver_rows

REDACTED = "REDACTED"
_LAST = 4
_SALT, _KEPT, _OLD_KEY, _RESULT, _DERIVED = (
    f"{TECHNICAL}_{name}" for name in ("salt", "kept", "old_key", "result", "derived")
)


def prepare(
    changes: DataFrame, table: Table, names: Mapping[str, str], salt: str | None, *, epoch: int, by_position: bool
) -> DataFrame:
    """Turns changes as DMS wrote them into rows of the log, the tables' own columns first.

    An update of the key becomes a delete of the old key and an insert of the new one. A row that the filter refuses is
    a delete of its key, unless it is an insert, which then never enters; where the filter cannot tell, because a value
    that did not change was not sent, an update changes the row if the table has it (``IF_THERE``). A delete has its key
    and nothing else. Changes of a table without a key stay as they are, but for filter and masks.

    Args:
        names: Source column → its name in the tables.
        salt: What hashes are salted with; None if no column is hashed.
        epoch: Of the positions.
        by_position: False leaves the positions out of the order.

    Raises:
        ConfigError: A filter or a derived column is no expression over the table's columns.
    """
    source = [name for name in changes.columns if name != TECHNICAL]
    _check_names(table, source, names)
    kept = _checked(changes, table, "filter", table.filter) if table.filter else F.lit(True)
    derived = {name: _checked(changes, table, f"derived.{name}", text) for name, text in table.derived.items()}
    op = F.col(f"{TECHNICAL}.op")
    moved = F.col(f"{TECHNICAL}.before").isNotNull() & (op == "U") if table.primary_key else F.lit(False)
    halves = F.when(moved, F.array(F.lit(True), F.lit(False))).otherwise(F.array(F.lit(False)))
    rows = _with_salt(changes, table, salt).select(
        "*",
        kept.alias(_KEPT),
        *[value.alias(f"{_DERIVED}_{index}") for index, value in enumerate(derived.values())],
        F.explode(halves).alias(_OLD_KEY),
    )
    rows = rows.withColumn(_RESULT, _operation(table, moved)).where(F.col(_RESULT).isNotNull())
    lives = (F.col(_RESULT) != "D") | F.lit(not table.primary_key)
    position = F.coalesce(F.col(f"{TECHNICAL}.position"), F.lit("")) if by_position else F.lit("")
    return rows.select(
        F.col(_RESULT).alias(OPERATION),
        F.col(f"{TECHNICAL}.seq").alias(SEQUENCE),
        F.concat(F.lit(epoch_prefix(epoch)), position).alias(POSITION),
        F.col(f"{TECHNICAL}.commit_ts").alias(COMMIT_TIME),
        F.col(f"{TECHNICAL}.file").alias(FILE),
        (F.col(f"{TECHNICAL}.row") + F.when(moved & ~F.col(_OLD_KEY), 1).otherwise(0)).alias(ROW),
        *[_masked(table, name, _value(table, name, lives)).alias(names[name]) for name in source],
        *[F.when(lives, F.col(f"{_DERIVED}_{index}")).alias(name) for index, name in enumerate(derived)],
        F.col(_OLD_KEY).alias(FROM_KEY),
        ((F.col(_RESULT) == "U") & F.col(_KEPT).isNull()).alias(IF_THERE),
    )


def _check_names(table: Table, source: list[str], names: Mapping[str, str]) -> None:
    for name in [*table.primary_key, *table.masks]:
        if name not in source:
            raise ConfigError(
                f"{table.qualified} has no column {name!r} to mask or to use as key; it has {', '.join(source)}."
            )
    folded = {name.lower() for name in names.values()}
    if taken := sorted(name for name in table.derived if name.lower() in folded):
        raise ConfigError(f"derived.{taken[0]} of {table.qualified} has the name of a source column. Choose another.")


def _operation(table: Table, moved: Column) -> Column:
    """What a half of a change does to the table; NULL for nothing."""
    op, kept = F.col(f"{TECHNICAL}.op"), F.col(_KEPT)
    if not table.primary_key:
        return F.when(F.coalesce(kept, F.lit(False)) | (op == "D"), op)
    return (
        F.when(F.col(_OLD_KEY) | (op == "D"), F.lit("D"))
        .when(moved & F.coalesce(kept, F.lit(True)), F.lit("I"))
        .when(kept | (kept.isNull() & (op == "U")), op)
        .when((op == "U") & ~moved, F.lit("D"))
    )


def _value(table: Table, name: str, lives: Column) -> Column:
    value = F.col(quoted(name))
    if name not in table.primary_key:
        return F.when(lives, value)
    old = F.col(f"{TECHNICAL}.before.k{table.primary_key.index(name)}")
    return F.when(F.col(_OLD_KEY), F.coalesce(old, value)).otherwise(value)


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
            f"{field} of {table.qualified} is no expression over its columns (names are matched in their exact case): "
            f"{str(refused).splitlines()[0]}"
        ) from refused
    return F.expr(text)
