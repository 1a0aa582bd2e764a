"""The table that equals its source made anew from its log, for readers in one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from cdc.changes import fold, masks, order, rules, unchanged
from cdc.changes.evolve import TableColumn
from cdc.errors import CommitLostError, StateError
from cdc.events import event
from cdc.model.columns import LOG_ONLY, quoted
from cdc.model.config import Table
from cdc.run.surroundings import Surroundings
from cdc.tables import catalog, commit, current

_ATTEMPTS = 5

#: What a hash looks like.
_HASH = "^[0-9a-f]{64}$"


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did.

    Attributes:
        snapshot: Of the table.
        rows: That it has now.
        changed: Rows that are other than before, came or went.
        masked: Columns to whose old values a mask was applied that came later.
    """

    snapshot: int | None
    rows: int
    changed: int
    masked: tuple[str, ...] = ()


def check(log: DataFrame, table: Table) -> list[TableColumn]:
    """The log's columns, if the table can be made from it.

    Raises:
        StateError: It cannot: the table has another key than the log's deletes.
    """
    columns = catalog.columns_of(log)
    missing = [key for key in table.primary_key if key not in {column.source for column in columns}]
    if missing:
        raise StateError(
            f"The log of {table.qualified} has no column {missing[0]}, which primary_key names: reload the table."
        )
    nulls = [F.col(quoted(key)).isNull() for key in _keys(columns, table)]
    without = log.where(F.array_contains(F.array(*nulls), F.lit(True))).count()
    if without:
        raise StateError(
            f"{without} row(s) of the log of {table.qualified} have no value in a column of primary_key "
            f"({', '.join(table.primary_key)}): they were written under another key, and whose they are is not told. "
            "Drop the table and its log, delete its state object, and reload it by DMS."
        )
    return columns


def rebuild(around: Surroundings, table: Table, batch: int, is_open: Callable[[], None]) -> Rebuilt:
    """Folds the log and puts the rows in the place of the table's; whoever writes to the table meanwhile loses.

    Args:
        is_open: Raises if this run must not carry out the batch any more; asked after the table's state was read.

    Raises:
        CommitLostError: Another writer was faster, again and again.
        StateError: The table cannot be made from its log.
    """
    spark, identifier = around.spark, around.config.current(table)
    log_table = around.config.log(table)
    if catalog.find(spark, log_table) is None:
        return Rebuilt(None, 0, 0)
    catalog.refresh(spark, log_table)
    log = spark.table(log_table)
    columns = check(log, table)
    keys = _keys(columns, table)
    named = unchanged.named(log)
    unsure = [item.name for item in columns if item.name in named]
    unknown = rules.unknown_of_log(log, table, {item.name: item.source for item in columns})
    if unknown is None:
        event("warning", table=table.qualified, text="the filter is not over the log's columns; it is not asked again")
        unknown = F.lit(False)
    changes = fold.as_changes(order.once(log, keys), unknown).persist(StorageLevel.DISK_ONLY)
    try:
        rows = fold.living(fold.with_unsent(changes, keys, unsure), keys).drop(*LOG_ONLY)
        rows, masked = _masked(rows, columns, table, around.salt)
        rows = rows.persist(StorageLevel.DISK_ONLY)
        try:
            current.prepare(spark, identifier, columns, keys)
            return _publish(around, identifier, rows, batch, is_open, masked)
        finally:
            rows.unpersist()
    finally:
        changes.unpersist()


def _publish(
    around: Surroundings,
    identifier: str,
    rows: DataFrame,
    batch: int,
    is_open: Callable[[], None],
    masked: tuple[str, ...],
) -> Rebuilt:
    spark = around.spark
    commit.drop_leftovers(spark, identifier, batch)
    for attempt in range(1, _ATTEMPTS + 1):
        catalog.refresh(spark, identifier)
        base = catalog.snapshot(spark, identifier)
        is_open()
        before = spark.table(identifier)
        names = [quoted(name) for name in before.columns]
        ours = rows.select(*[name for name in names if name.strip("`") in rows.columns])
        theirs = before.select(*ours.columns)
        changed = ours.exceptAll(theirs).unionByName(theirs.exceptAll(ours)).count()
        try:
            commit.replace_rows(rows, identifier, "true", base, batch, f"{around.run}_{attempt}")
            around.on_step("publish")
            return Rebuilt(catalog.snapshot(spark, identifier), rows.count(), changed, masked)
        except CommitLostError:
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _keys(columns: list[TableColumn], table: Table) -> list[str]:
    return [next(item.name for item in columns if item.source == key) for key in table.primary_key]


def _masked(
    rows: DataFrame, columns: list[TableColumn], table: Table, salt: Callable[[], str]
) -> tuple[DataFrame, tuple[str, ...]]:
    """Values behind the masks that the table has now; which columns had others.

    What was masked already stays as it is: no mask can be taken off.
    """
    kinds = {item.name: item.type for item in columns}
    asked = [item for item in columns if item.source in table.masks and item.source not in table.primary_key]
    if not asked:
        return rows, ()
    salted = masks.with_salt(rows, table, salt() if table.hashes else None)
    values = {item.name: _behind(table.masks[item.source], item.name, kinds[item.name]) for item in asked}
    other = [F.count_if(~F.col(quoted(name)).eqNullSafe(value)).alias(name) for name, value in values.items()]
    (counts,) = salted.agg(*other).collect()
    changed = tuple(name for name in values if counts[name])
    return salted.withColumns(values).select(*[quoted(name) for name in rows.columns]), changed


def _behind(mask: str, name: str, kind: str) -> Column:
    value = F.col(quoted(name))
    if mask == "drop" or kind != "string":
        # A column of another type is one from before the mask: its values have no masked form in it.
        return F.lit(None).cast(kind)
    if mask == "sha256":
        return F.when(value.rlike(_HASH), value).otherwise(masks.masked(mask, value))
    return masks.masked(mask, value)
