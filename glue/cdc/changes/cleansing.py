"""Rules of single columns: trimmed, made NULL, cast, filled, masked, in this order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import BinaryType, DataType, DoubleType, FloatType, IntegralType, StringType

from cdc.changes.masks import masked
from cdc.errors import ConfigError
from cdc.model.columns import TECHNICAL, quoted
from cdc.model.config import Table
from cdc.model.rules import ColumnRule

#: The columns of a frame that have a key's value before an update; the column's place in the key stands behind.
OLD_KEY = f"{TECHNICAL}_old_key_"

#: A sentence for each value of a row that cannot be cast; never NULL.
FAILED = f"{TECHNICAL}_failed"

#: The columns of a row that are NULL because a rule says so, though the source has a value; never NULL.
NULLED = f"{TECHNICAL}_nulled"

_MISSING = f"{TECHNICAL}_missing_"
_BLANKS = " \t\r\n\f\v"


def cleansed(changes: DataFrame, table: Table, unsent: Collection[str] = ()) -> DataFrame:
    """Changes with the values that the tables get, their old keys as ``OLD_KEY``, and ``FAILED`` and ``NULLED``.

    A value that cannot be cast becomes NULL, and its row has a reason. A column that is dropped is left out. Where an
    update may lack a text because it did not change, no default stands for it.

    Args:
        changes: As ``raw.parquet`` makes them, with the salt (``masks.with_salt``) where the table hashes.
        unsent: Columns of which a NULL in an update may be a value that did not change.

    Raises:
        ConfigError: A rule is not one for its column's type.
    """
    olds = {f"{OLD_KEY}{index}": name for index, name in enumerate(table.primary_key)}
    before = [F.col(f"{TECHNICAL}.before.k{index}").alias(old) for index, old in enumerate(olds)]
    rows = changes.select("*", *before)
    kinds = {field.name: field.dataType for field in rows.schema}
    rules = {name: rule for name, rule in table.columns.items() if name in kinds and not table.keeps(name)}
    _check(rows, table, rules, kinds)
    # An old key is what its key would be.
    rules |= {old: rules[name] for old, name in olds.items() if name in rules}
    kept = [name for name in rows.columns if name not in table.dropped]
    emptied = {name: _emptied(name, rules.get(name), kinds[name]) for name in kept}
    nulled = {
        name: _column(name).isNotNull() & emptied[name].isNull()
        for name, rule in rules.items()
        if rule.null_if is not None and rule.default is None
    }
    update = F.coalesce(F.col(f"{TECHNICAL}.op") == "U", F.lit(False))
    missing = {
        name: update & _column(name).isNull()
        for name, rule in rules.items()
        if rule.default is not None and name in unsent
    }
    rows = rows.select(
        *[value.alias(name) for name, value in emptied.items()],
        texts({name: F.when(is_null, F.lit(name)) for name, is_null in nulled.items()}).alias(NULLED),
        *[is_missing.alias(_MISSING + name) for name, is_missing in missing.items()],
    )
    failed = {name: _column(name).isNotNull() & _cast(name, rule).isNull() for name, rule in rules.items() if rule.cast}
    return rows.select(
        *[_filled(name, rules.get(name), kinds[name], missing.keys()).alias(name) for name in kept],
        texts(
            {
                name: F.when(is_failed, F.lit(f"{name} cannot be cast to {rules[name].cast}"))
                for name, is_failed in failed.items()
            }
        ).alias(FAILED),
        NULLED,
    )


def texts(of: Mapping[str, Column]) -> Column:
    """Those texts that are not NULL, as an array that is never NULL."""
    if not of:
        return F.array().cast("array<string>")
    return F.filter(F.array(*of.values()), lambda text: text.isNotNull())


def _emptied(name: str, rule: ColumnRule | None, kind: DataType) -> Column:
    value = _column(name)
    if rule is None:
        return value
    # A column of another type has no blanks; it may have been a text before the source was altered.
    if rule.trim and isinstance(kind, StringType):
        value = F.btrim(value, F.lit(_BLANKS))
    return value if rule.null_if is None else F.when(value.cast("string") != rule.null_if, value)


def _filled(name: str, rule: ColumnRule | None, kind: DataType, missing: Iterable[str]) -> Column:
    if rule is None:
        return _column(name)
    value = _cast(name, rule)
    if rule.default is not None:
        default = F.lit(rule.default).cast(rule.cast or kind.simpleString())
        here = _column(_MISSING + name) if name in missing else F.lit(False)
        value = F.coalesce(value, F.when(~here, default))
    return masked(rule.mask, value)


def _cast(name: str, rule: ColumnRule) -> Column:
    # An ordinary cast takes a number that is too big by its lower bits, and 1.5 as the integer 1.
    return _column(name) if rule.cast is None else F.expr(f"try_cast({quoted(name)} AS {rule.cast})")


def _column(name: str) -> Column:
    return F.col(quoted(name))


def _check(rows: DataFrame, table: Table, rules: Mapping[str, ColumnRule], kinds: Mapping[str, DataType]) -> None:
    for name, rule in rules.items():
        place, kind = f"columns.{name} of {table.qualified}", kinds[name].simpleString()
        if rule.cast is not None:
            try:
                rows.select(_cast(name, rule))
            except AnalysisException as refused:
                raise ConfigError(
                    f"cast of {place} is {rule.cast}, which a {kind} cannot become. Choose another type."
                ) from refused
            if name in table.primary_key and not _keeps_apart(kinds[name], rule.cast):
                raise ConfigError(
                    f"cast of {place} is {rule.cast}, which could make different keys of type {kind} equal. Cast a key "
                    "to string or, if it is whole, to bigint, or make a derived column of it."
                )
        if rule.default is not None and not _is_of(rows, rule.default, rule.cast or kind):
            raise ConfigError(
                f"default of {place} is {rule.default!r}, which is no {rule.cast or kind}. Correct it, or cast the "
                "column to a type that has it."
            )


def _keeps_apart(kind: DataType, cast: str) -> bool:
    if cast == "string":
        return not isinstance(kind, BinaryType | FloatType | DoubleType)
    return isinstance(kind, IntegralType) and cast == "bigint"


def _is_of(rows: DataFrame, text: str, kind: str) -> bool:
    if kind == "string":
        return True
    try:
        (found,) = rows.sparkSession.sql(
            f"SELECT try_cast(:text AS {kind}) IS NOT NULL AS fits", args={"text": text}
        ).collect()
    except AnalysisException:
        return False
    return bool(found["fits"])
