"""What of a batch could not be taken: gathered, written, counted."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from cdc.changes.expectations import REASONS
from cdc.model.batch import DoneMark
from cdc.model.columns import FILE, ROW, TECHNICAL
from cdc.model.config import Config, Table
from cdc.raw import contract
from cdc.run.reading import Reading
from cdc.tables import rejects


def with_rejects(
    spark: SparkSession, config: Config, table: Table, read: Reading, rejected: DataFrame | None, mark: DoneMark
) -> DoneMark:
    """Writes what could not be taken, and counts it in the mark.

    Args:
        rejected: Rows of the log with reasons (``run.rows``); None when there can be none.
    """
    shown = [name for group in read.groups for name in group.changes.columns if name != TECHNICAL]
    shown = [name for name in dict.fromkeys(shown) if name not in table.masks]
    broken = F.col(f"{TECHNICAL}.reasons")
    parts = [
        rejects.rows(
            group.changes.where(F.size(broken) > 0),
            table.qualified,
            mark.batch,
            F.transform(broken, lambda rule: _sentence(rule)),
            [name for name in shown if name in group.changes.columns],
        )
        for group in read.groups
        if any(row["rejected"] for row in group.rows)
    ]
    if rejected is not None:
        why = rejected.select(
            F.col(FILE).alias("object_key"), (F.floor(F.col(ROW) / 2) + 1).alias("row"), F.col(REASONS)
        ).distinct()
        counted = {row["object_key"]: row["count"] for row in why.groupBy("object_key").count().collect()}
        mark = replace(
            mark,
            files=tuple(
                replace(item, rejected_rows=item.rejected_rows + counted.get(item.file.key, 0)) for item in mark.files
            ),
        )
        for group in read.groups if counted else ():
            names = [name for name in shown if name in group.changes.columns]
            all_rows = rejects.rows(group.changes, table.qualified, mark.batch, F.lit(None), names)
            parts.append(
                all_rows.drop("reasons")
                .join(F.broadcast(why), ["object_key", "row"])
                .withColumnRenamed(REASONS, "reasons")
            )
    if any(item.rejected for item in mark.files):
        parts.append(rejects.files(spark, mark))
    if parts:
        rejects.write(reduce(DataFrame.unionByName, parts), config.rejects, mark)
    return mark


def _sentence(rule: Column) -> Column:
    return reduce(lambda found, item: F.when(rule == item[0], item[1]).otherwise(found), contract.RULES.items(), rule)
