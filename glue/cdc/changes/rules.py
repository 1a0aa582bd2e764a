"""A table's own rules applied to changes: filter, columns, lookups, derived columns, expectations, in this order.

A rule names a column of the source by its name there; names change last. The filter sees the source's values and shows
none. All that comes after the columns' rules sees what they leave: a masked value is nowhere seen without its mask, a
dropped column not at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from cdc.changes.cleansing import NULLED, OLD_KEY, cleansed
from cdc.changes.expectations import COUNTED, REASONS, STOPS, judged
from cdc.changes.expressions import expression
from cdc.changes.lookups import looked_up
from cdc.changes.masks import with_salt
from cdc.changes.order import FROM_KEY, IF_THERE, epoch_prefix
from cdc.errors import ConfigError
from cdc.model.columns import COMMIT_TIME, FILE, OPERATION, POSITION, ROW, SEQUENCE, TECHNICAL, UNSENT, quoted
from cdc.model.config import Table

_KEPT, _OLD_HALF, _RESULT = (f"{TECHNICAL}_{name}" for name in ("kept", "old_half", "result"))


def prepare(
    changes: DataFrame,
    table: Table,
    salt: str | None,
    *,
    epoch: int,
    by_position: bool,
    references: Sequence[DataFrame] = (),
    unsent: Collection[str] = (),
    known: bool = False,
) -> DataFrame:
    """Turns changes as DMS wrote them into rows of the log: the tables' own columns, then those of source and rules.

    An update of the key becomes a delete of the old key and an insert of the new one. A row that the filter refuses is
    a delete of its key, unless it is an insert, which then never enters; where the filter cannot tell, because a value
    that did not change was not sent, an update changes the row if it is there (``IF_THERE``). A delete has its key and
    nothing else. Changes of a table without a key stay as they are, but for filter and rules of columns.

    Beside the log's columns a row has ``REASONS``, ``COUNTED`` and ``STOPS`` (``changes.expectations``), both halves of
    an update of the key the same, and ``NULLED`` (``changes.cleansing``).

    Args:
        salt: What hashes are salted with; None if no column is hashed.
        epoch: Of the positions.
        by_position: False leaves the positions out of the order.
        references: What ``lookups.keyed`` makes of each lookup.
        unsent: Columns of which a NULL in an update may be a value that did not change.
        known: Whether earlier batches went through the same rules: a column that is not there was dropped then, and is
            no mistake.

    Raises:
        ConfigError: A rule does not fit the table's columns.
    """
    source = [name for name in changes.columns if name != TECHNICAL]
    _check_names(table, source, known)
    rows = cleansed(with_salt(changes.withColumn(_KEPT, _kept(changes, table, unsent)), table, salt), table, unsent)
    rows = _derived(looked_up(rows, table, references), table)
    op = F.col(f"{TECHNICAL}.op")
    taken = F.coalesce(op != "D", F.lit(False)) & F.coalesce(F.col(_KEPT), F.lit(True))
    rows = judged(rows, table, taken)
    moved = F.col(f"{TECHNICAL}.before").isNotNull() & (op == "U") if table.primary_key else F.lit(False)
    halves = F.when(moved, F.array(F.lit(True), F.lit(False))).otherwise(F.array(F.lit(False)))
    rows = rows.select("*", F.explode(halves).alias(_OLD_HALF))
    rows = rows.withColumn(_RESULT, _operation(table, moved)).where(F.col(_RESULT).isNotNull())
    lives = (F.col(_RESULT) != "D") | F.lit(not table.primary_key)
    position = F.coalesce(F.col(f"{TECHNICAL}.position"), F.lit("")) if by_position else F.lit("")
    return rows.select(
        F.col(_RESULT).alias(OPERATION),
        F.col(f"{TECHNICAL}.seq").alias(SEQUENCE),
        F.concat(F.lit(epoch_prefix(epoch)), position).alias(POSITION),
        F.col(f"{TECHNICAL}.commit_ts").alias(COMMIT_TIME),
        F.col(f"{TECHNICAL}.file").alias(FILE),
        (F.col(f"{TECHNICAL}.row") + F.when(moved & ~F.col(_OLD_HALF), 1).otherwise(0)).alias(ROW),
        *[_value(table, name, lives).alias(name) for name in source if name not in table.dropped],
        *[F.when(lives, F.col(quoted(name))).alias(name) for name in table.added],
        F.col(_OLD_HALF).alias(FROM_KEY),
        ((F.col(_RESULT) == "U") & F.col(_KEPT).isNull()).alias(IF_THERE),
        *[F.col(name) for name in (REASONS, COUNTED, STOPS, NULLED)],
    )


def unknown_of_log(log: DataFrame, table: Table, sources: Mapping[str, str]) -> Column | None:
    """Whether the filter could not tell of a row of the log (``prepare``).

    Args:
        sources: Column of the log → of the source.

    Returns:
        None where the log cannot be asked: the filter is not over its columns.
    """
    if table.filter is None:
        return F.lit(False)
    if any(name in table.filter for name in table.masks) or any(name != source for name, source in sources.items()):
        return None
    try:
        log.select(F.expr(table.filter))
    except AnalysisException:
        return None
    return F.col(UNSENT).isNotNull() & F.expr(table.filter).isNull()


def may_reject(table: Table) -> bool:
    """Whether a rule of the table may reject rows."""
    casts = any(rule.cast is not None for rule in table.columns.values())
    return casts or any(item.on_broken == "reject" for item in table.expectations.values())


def _kept(changes: DataFrame, table: Table, unsent: Collection[str]) -> Column:
    """Whether the filter keeps a row; NULL where it cannot tell, because a value it names may not have been sent."""
    if not table.filter:
        return F.lit(True)
    kept = expression(changes, table, "filter", table.filter, is_condition=True)
    named = [name for name in unsent if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", table.filter, re.IGNORECASE)]
    missing = [F.col(quoted(name)).isNull() for name in named]
    if not missing:
        return F.coalesce(kept, F.lit(False))
    return F.when(F.array_contains(F.array(*missing), F.lit(True)), kept).otherwise(F.coalesce(kept, F.lit(False)))


def _check_names(table: Table, source: list[str], known: bool) -> None:
    needed = [*table.primary_key, *([] if known else table.columns)]
    for name in needed:
        if name not in source:
            raise ConfigError(
                f"{table.qualified} has no column {name!r} that a rule or the key could be of; it has "
                f"{', '.join(source)}. Correct the name (in its exact case), or take the rule away."
            )
    # The catalog does not tell names apart by case.
    folded = {name.lower() for name in source}
    if taken := [name for name in table.added if name.lower() in folded]:
        raise ConfigError(
            f"The derived or looked-up column {taken[0]!r} of {table.qualified} has the name of a source column. "
            "Choose another."
        )
    for name, new in table.renames.items():
        if not known and new.lower() in folded:
            raise ConfigError(
                f"rename of columns.{name} of {table.qualified} is {new!r}, which is the name of another column. "
                "Choose another."
            )


def _derived(rows: DataFrame, table: Table) -> DataFrame:
    dropped = sorted(table.dropped)
    values = {
        name: expression(rows, table, f"derived.{name}", text, dropped=dropped) for name, text in table.derived.items()
    }
    return rows.withColumns(values) if values else rows


def _operation(table: Table, moved: Column) -> Column:
    """What a half of a change does to the table; NULL for nothing."""
    op, kept = F.col(f"{TECHNICAL}.op"), F.col(_KEPT)
    if not table.primary_key:
        return F.when(F.coalesce(kept, F.lit(False)) | (op == "D"), op)
    return (
        F.when(F.col(_OLD_HALF) | (op == "D"), F.lit("D"))
        .when(moved & F.coalesce(kept, F.lit(True)), F.lit("I"))
        .when(kept | (kept.isNull() & (op == "U")), op)
        .when((op == "U") & ~moved, F.lit("D"))
    )


def _value(table: Table, name: str, lives: Column) -> Column:
    value = F.col(quoted(name))
    if name not in table.primary_key:
        return F.when(lives, value)
    old = F.col(f"{OLD_KEY}{table.primary_key.index(name)}")
    return F.when(F.col(_OLD_HALF), F.coalesce(old, value)).otherwise(value)
