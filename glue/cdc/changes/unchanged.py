"""Values that an update may not have brought because they did not change: a NULL that is none.

PostgreSQL does not log a value that is stored apart (TOAST) and that an update leaves as it is, unless the table's
replica identity is full; DMS writes NULL for it. Of such a column a NULL in an update is unsure, and the log says so
(``UNSENT``). It is settled by the change of the same row before it, in the batch, or it leaves what the table has.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from cdc.changes.order import sequence_by
from cdc.model.columns import FILE, OPERATION, ROW, TECHNICAL, UNSENT, quoted

#: Of a row: names of the columns whose value the table has.
KEEP = f"{TECHNICAL}_keep"

_DEFINITE, _ORDER, _OLD = (f"{TECHNICAL}_{name}" for name in ("definite", "order", "old"))


def settle(rows: DataFrame, keys: Sequence[str], unsure: Sequence[str]) -> DataFrame:
    """Gives unsure values what an earlier row of their key has, and says as ``KEEP`` which remain.

    Args:
        rows: Rows of the log with all changes of a key that a batch has.
        keys: Key columns.
        unsure: Columns of which a NULL in an update is unsure.
    """
    before = (
        Window.partitionBy(*[F.col(quoted(key)) for key in keys])
        .orderBy(sequence_by(), FILE, ROW)
        .rowsBetween(Window.unboundedPreceding, Window.currentRow)
    )
    found = {
        name: F.last(F.when(_is_sure(name), F.struct(F.col(quoted(name)).alias("value"))), ignorenulls=True).over(
            before
        )
        for name in unsure
    }
    settled = rows.select(
        *[F.col(quoted(name)) for name in rows.columns if name not in unsure],
        *[value.alias(name) for name, value in found.items()],
    )
    kept = F.filter(
        F.array(*[F.when(F.col(quoted(name)).isNull(), F.lit(name)) for name in unsure]), lambda name: name.isNotNull()
    )
    return settled.withColumn(KEEP, kept).select(
        *[
            F.col(f"{quoted(name)}.value").alias(name) if name in unsure else F.col(quoted(name))
            for name in rows.columns
        ],
        KEEP,
    )


def named(log: DataFrame) -> set[str]:
    """Columns of which an update may not have brought the value, as the log says."""
    return {row[0] for row in log.select(F.explode(UNSENT)).distinct().collect()}


def follow(rows: DataFrame, keys: Sequence[str], unsure: Sequence[str], table: DataFrame | None) -> DataFrame:
    """Gives unsure values of rows that got another key what the row had under its old one, however often it changed.

    Args:
        table: The table before the rows; None when they are all that there was.
    """
    left = _moved_without_value(rows, unsure)
    while left:
        # Each step brings a value one key further.
        rows = with_old_keys(rows, keys, unsure, table).localCheckpoint(eager=True)
        still = _moved_without_value(rows, unsure)
        if still == left:
            break
        left = still
    return rows


def with_old_keys(rows: DataFrame, keys: Sequence[str], unsure: Sequence[str], table: DataFrame | None) -> DataFrame:
    """Gives unsure values of rows that got another key what the row had directly before, under its old one.

    Args:
        table: As for ``follow``.
    """
    asks = is_moved() & F.col(UNSENT).isNotNull()
    old = rows.where(F.col(OPERATION) == "D").select(
        F.col(FILE).alias(f"{_OLD}_file"),
        (F.col(ROW) + 1).alias(f"{_OLD}_row"),
        *[F.col(quoted(key)).alias(f"{_OLD}_{index}") for index, key in enumerate(keys)],
    )
    new = rows.where(asks).select(FILE, ROW, sequence_by().alias(_ORDER))
    asked = new.join(old, (F.col(FILE) == F.col(f"{_OLD}_file")) & (F.col(ROW) == F.col(f"{_OLD}_row")))
    values = [F.col(quoted(name)).alias(f"{_OLD}_v{index}") for index, name in enumerate(unsure)]
    given = [F.col(quoted(key)).alias(f"{_OLD}_k{index}") for index, key in enumerate(keys)]
    known = rows.where(F.col(OPERATION) != "D").select(
        *given,
        *values,
        sequence_by().alias(f"{_OLD}_order"),
        # A row begins with an insert: what its key had before is another row's, though the value is not found yet.
        F.array(*[(F.col(OPERATION) == "I") | _was_sent(name) for name in unsure]).alias(_DEFINITE),
    )
    if table is not None:
        sure = F.array(*[F.lit(True) for _ in unsure]).alias(_DEFINITE)
        of_table = table.select(*given, *values, sequence_by().alias(f"{_OLD}_order"), sure)
        wanted = asked.select(*[F.col(f"{_OLD}_{index}").alias(f"{_OLD}_k{index}") for index in range(len(keys))])
        known = known.unionByName(
            of_table.join(wanted, [f"{_OLD}_k{index}" for index in range(len(keys))], "left_semi")
        )
    same = F.col(f"{_OLD}_order") < F.col(_ORDER)
    for index in range(len(keys)):
        same = same & (F.col(f"{_OLD}_{index}") == F.col(f"{_OLD}_k{index}"))
    found = (
        asked.join(known, same)
        .groupBy(FILE, ROW)
        .agg(
            *[
                F.max_by(F.col(f"{_OLD}_v{index}"), F.when(F.col(_DEFINITE)[index], F.col(f"{_OLD}_order"))).alias(
                    f"{_OLD}_f{index}"
                )
                for index in range(len(unsure))
            ]
        )
    )
    joined = rows.join(found, [FILE, ROW], "left")
    place = {name: index for index, name in enumerate(unsure)}
    return joined.select(
        *[
            F.coalesce(F.col(quoted(name)), F.col(f"{_OLD}_f{place[name]}")).alias(name)
            if name in place
            else F.col(quoted(name))
            for name in rows.columns
        ]
    )


def unsent(names: Sequence[str], known: Column) -> Column:
    """For the log: those columns of a row whose value may not have been sent; NULL for none.

    Args:
        names: Columns of which a NULL in an update is unsure.
        known: Names of those of a row that are NULL for another reason.
    """
    if not names:
        return F.lit(None).cast("array<string>")
    empty = [F.when(F.col(quoted(name)).isNull(), F.lit(name)) for name in names]
    found = F.filter(F.array(*empty), lambda name: name.isNotNull() & ~F.array_contains(known, name))
    return F.when(((F.col(OPERATION) == "U") | is_moved()) & (F.size(found) > 0), found)


def is_moved() -> Column:
    """Whether a row of the log is the new half of an update of the key."""
    return (F.col(OPERATION) == "I") & (F.col(ROW) % 2 == 1)


def _moved_without_value(rows: DataFrame, unsure: Sequence[str]) -> int:
    lacks = [is_moved() & ~_was_sent(name) & F.col(quoted(name)).isNull() for name in unsure]
    (counts,) = rows.agg(*[F.count_if(item).alias(f"lacks{index}") for index, item in enumerate(lacks)]).collect()
    return sum(counts)


def _was_sent(name: str) -> Column:
    return ~F.array_contains(F.coalesce(F.col(UNSENT), F.array().cast("array<string>")), name)


def _is_sure(name: str) -> Column:
    # The new half of an update of the key has got by now what its old key had.
    return (F.col(OPERATION) != "U") | _was_sent(name)
