"""The total order of changes, and what follows from it: the last change of a key, one copy of each change.

``sequence_by`` is the order as one value: the epoch and the log position, then the change sequence. Within it come file
and row. Never a time: every row of a transaction has the same one, and a clock may step back.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from cdc.model.columns import COMMIT_TIME, FILE, OPERATION, POSITION, ROW, SEQUENCE, TECHNICAL, quoted

#: Of a row of the log: a delete that is the old half of a key update.
FROM_KEY = f"{TECHNICAL}_from_key"

#: Of a row that changes the table only where its key is there.
IF_THERE = f"{TECHNICAL}_if_there"


def epoch_prefix(epoch: int) -> str:
    """What every position of an epoch begins with."""
    return f"{epoch:04d}:"


def sequence_by(of: str = "") -> Column:
    """The order as one value, text that sorts like it.

    Args:
        of: An alias of the frame and a point, or nothing.
    """
    # A blank sorts before everything a position can go on with.
    return F.concat_ws(" ", F.col(f"{of}{POSITION}"), F.col(f"{of}{SEQUENCE}"))


def sequence_by_sql(of: str) -> str:
    """The same as SQL."""
    return f"concat_ws(' ', {of}.{POSITION}, {of}.{SEQUENCE})"


def position_of(order: str) -> str:
    """The position of an order."""
    return order.split(" ", 1)[0]


def identity() -> Column:
    """With key and operation: what makes a change the same change when DMS writes it again.

    A position that tells the changes of a transaction apart does it alone; the counter of the sequence may be another
    after a resume.
    """
    return F.when(F.col(POSITION).contains("."), F.col(POSITION)).otherwise(sequence_by())


def once(rows: DataFrame, keys: Sequence[str]) -> DataFrame:
    """One copy of each change.

    Args:
        keys: Key columns. Rows of a table without them are told apart by ``identity`` alone, and loaded ones not at
            all.
    """
    copies = Window.partitionBy(identity(), *_columns(keys), F.col(OPERATION)).orderBy(FILE, ROW)
    copy = f"{TECHNICAL}_copy"
    first = F.col(copy) == 1
    numbered = rows.withColumn(copy, F.row_number().over(copies))
    return numbered.where(first if keys else first | (F.col(SEQUENCE) == "")).drop(copy)


def last(rows: DataFrame, keys: Sequence[str], *, key_updates: bool, conditional: bool) -> DataFrame:
    """One row a key: what its changes leave.

    Args:
        key_updates: As for ``latest``.
        conditional: Whether there are changes that count only where their row is there (``IF_THERE``). One that follows
            a change which leaves the row is like any other, and one that follows a delete is nothing; one with none
            before it stays what it is.
    """
    if not conditional:
        return latest(rows, keys, key_updates=key_updates)
    sure, place, counts = (f"{TECHNICAL}_{name}" for name in ("sure", "place", "counts"))
    both = latest(rows.where(~F.col(IF_THERE)), keys, key_updates=key_updates).withColumn(sure, F.lit(True))
    both = both.unionByName(
        latest(rows.where(F.col(IF_THERE)), keys, key_updates=False).withColumn(sure, F.lit(False))
    ).withColumn(place, F.struct(sequence_by(), FILE, ROW))
    of_key = Window.partitionBy(*_columns(keys))
    before = {name: F.max(F.when(F.col(sure), F.col(name))).over(of_key) for name in (OPERATION, place, IF_THERE)}
    follows = (before[OPERATION] != "D") & (F.col(place) > before[place])
    both = both.select(
        *[F.col(quoted(name)) for name in both.columns if name != IF_THERE],
        F.when(F.col(sure), F.col(IF_THERE)).otherwise(F.coalesce(before[IF_THERE], F.lit(True))).alias(IF_THERE),
        (~F.col(sure) & F.coalesce(follows, F.lit(True))).alias(counts),
    )
    both = both.withColumn(place, F.max(counts).over(of_key))
    return both.where(F.col(counts) | (F.col(sure) & ~F.col(place))).drop(sure, place, counts)


def latest(rows: DataFrame, keys: Sequence[str], *, key_updates: bool) -> DataFrame:
    """One row a key: its last change.

    Args:
        key_updates: Whether there are any. Two of them may pass each other in one transaction (``1 → 2`` while
            ``2 → 1``, possible with a deferrable key): key 2 then has an insert, and after it the delete of the row
            that was there before. That delete must not win.
    """
    by_order = [sequence_by().desc(), F.col(FILE).desc(), F.col(ROW).desc()]
    place = f"{TECHNICAL}_place"
    if not key_updates:
        window = Window.partitionBy(*_columns(keys)).orderBy(*by_order)
        return rows.withColumn(place, F.row_number().over(window)).where(F.col(place) == 1).drop(place)
    return _latest_of_passing(rows, keys, by_order)


def _latest_of_passing(rows: DataFrame, keys: Sequence[str], by_order: list[Column]) -> DataFrame:
    inside, place, of_kind, balance, there, passes = (
        f"{TECHNICAL}_{name}" for name in ("inside", "place", "of_kind", "balance", "there", "passes")
    )
    whole, until = (
        Window.partitionBy(*_columns(keys)).orderBy(*order) for order in (by_order, [sequence_by(), FILE, ROW])
    )
    transaction = Window.partitionBy(*_columns(keys), F.col(COMMIT_TIME))
    kind = Window.partitionBy(*_columns(keys), F.col(COMMIT_TIME), F.col(OPERATION))
    step = F.when(F.col(OPERATION) == "I", 1).when(F.col(OPERATION) == "D", -1).otherwise(0)
    head_leaves = F.first((F.col(OPERATION) == "D") & F.col(FROM_KEY)).over(transaction.orderBy(*by_order))
    rows = rows.select(
        "*",
        F.col(COMMIT_TIME).eqNullSafe(F.first(COMMIT_TIME).over(whole)).alias(inside),
        F.row_number().over(transaction.orderBy(*by_order)).alias(place),
        F.row_number().over(kind.orderBy(*by_order)).alias(of_kind),
        F.sum(step).over(transaction).alias(balance),
        (head_leaves & (F.max(F.when(F.col(OPERATION) == "I", 1)).over(transaction) == 1)).alias(passes),
    )
    # Whether a transaction leaves a row: as many came as went, and it is as it was before.
    leaves_row = (
        F.when(F.col(OPERATION) != "D", F.lit(True))
        .when(~F.col(FROM_KEY) | (F.col(balance) < 0), F.lit(False))
        .when(F.col(balance) > 0, F.lit(True))
    )
    rows = rows.withColumn(there, F.last(F.when(F.col(place) == 1, leaves_row), ignorenulls=True).over(until))
    # If the batch does not tell, the table will.
    unknown = (F.col(balance) == 0) & F.col(there).isNull()
    stays = F.coalesce(F.col(passes), F.lit(False)) & (
        (F.col(balance) > 0) | unknown | ((F.col(balance) == 0) & F.col(there))
    )
    chosen = F.when(stays, (F.col(OPERATION) == "I") & (F.col(of_kind) == 1)).otherwise(F.col(place) == 1)
    return (
        rows.where(F.col(inside) & chosen)
        .withColumn(IF_THERE, F.col(IF_THERE) | (stays & unknown))
        .drop(inside, place, of_kind, balance, there, passes)
    )


def _columns(names: Sequence[str]) -> list[Column]:
    return [F.col(quoted(name)) for name in names]
