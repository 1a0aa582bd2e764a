"""What a batch leaves of each key, beside what the log already has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from cdc.changes import order, rules, supersede, unchanged
from cdc.model.batch import Batch
from cdc.model.config import Table
from cdc.run.rows import Prepared
from cdc.run.surroundings import Surroundings
from cdc.run.task import TableTask
from cdc.tables import current


@dataclass(frozen=True)
class LastRows:
    """What becomes of the table.

    Attributes:
        rows: One a key; kept on disk where they take more than a glance at the batch, for they are asked for twice.
        unsure: Columns whose value may be the table's (``changes.unchanged``).
        others: Whether there are keys among them that the batch does not have.
    """

    rows: DataFrame
    unsure: Sequence[str]
    others: bool = False


def find(
    around: Surroundings, table: Table, batch: Batch, taken: DataFrame, task: TableTask, prepared: Prepared
) -> LastRows:
    """The last row of each key.

    Args:
        taken: The batch's rows as the log gets them.
    """
    key, unsure = prepared.keys, prepared.unsure
    if not task.needs_supersede and not unsure:
        last = order.latest(taken, key, key_updates=task.key_updates)
        return LastRows(last.withColumn(supersede.LATE, F.lit(False)), unsure)
    if not task.needs_supersede:
        found = taken
        if task.key_updates:
            identifier = around.config.current(table)
            current.prepare(around.spark, identifier, prepared.columns, key)
            found = unchanged.follow(found, key, unsure, around.spark.table(identifier))
        found = unchanged.settle(found, key, unsure)
        last = order.last(found, key, key_updates=task.key_updates, conditional=table.filter is not None)
        last = last.withColumn(supersede.LATE, F.lit(False))
        return LastRows(last.persist(StorageLevel.DISK_ONLY) if task.key_updates else last, unsure)
    known = around.spark.table(around.config.log(table))
    # Of earlier changes other columns may not have been sent than of the batch's.
    named = {*unsure, *unchanged.named(known)}
    unsure = [column.name for column in prepared.columns if column.name in named]
    if not unsure:
        last = order.latest(taken, key, key_updates=task.key_updates)
        return LastRows(supersede.with_late(last, key, known, batch.number, task.first), unsure)
    # What an earlier change brought may be what a later one, applied already, left as it was.
    unknown = rules.unknown_of_log(known, table, {item.name: item.source for item in prepared.columns})
    unknown = F.lit(False) if unknown is None else unknown
    found, others = supersede.with_history(taken, key, known, batch.number, unknown)
    found = unchanged.settle(unchanged.follow(found, key, unsure, None), key, unsure)
    last = order.last(found, key, key_updates=True, conditional=table.filter is not None)
    last = last.withColumn(supersede.LATE, F.lit(False))
    return LastRows(last.persist(StorageLevel.DISK_ONLY), unsure, others)
