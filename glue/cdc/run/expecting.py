"""Expectations that rows break: those that stop a table are raised, those that are counted are told."""

from __future__ import annotations

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from cdc.changes.expectations import COUNTED, STOPS
from cdc.errors import ExpectationError
from cdc.events import event, metric
from cdc.model.columns import FILE, ROW
from cdc.model.config import Table


def check(rows: DataFrame, table: Table) -> None:
    """Looks at a batch's rows before any of them is written.

    Args:
        rows: Prepared (``changes.rules``).

    Raises:
        ExpectationError: Rows break an expectation that stops the table.
    """
    chosen = {item.on_broken for item in table.expectations.values()}
    if "stop" in chosen and (broken := _broken(rows, STOPS)):
        first = broken[0]
        raise ExpectationError(
            f"{first['rows']} row(s) of {table.qualified} break the expectation {first['name']!r}, the first of them "
            f"row {first['first']['row'] // 2 + 1} of {first['first']['file']}. Mend the source and reload the table, "
            "or change its on_broken; the batch is kept, and nothing of it was applied."
        )
    for found in _broken(rows, COUNTED) if "count" in chosen else []:
        event(
            "warning",
            table=table.qualified,
            expectation=found["name"],
            rows=found["rows"],
            file=found["first"]["file"],
            row=found["first"]["row"] // 2 + 1,
            text="rows break an expectation; they are in the tables as they are",
        )
        metric("BrokenExpectations", found["rows"], "Count", table=table.qualified, expectation=found["name"])


def _broken(rows: DataFrame, kind: str) -> list[Row]:
    """For each broken expectation its name, how many changes break it and where the first of them is."""
    # Both halves of an update of a key have the same place, but for the last digit.
    place = F.struct(F.col(FILE).alias("file"), (F.floor(F.col(ROW) / 2) * 2).alias("row"))
    named = rows.select(F.explode(kind).alias("name"), place.alias("place"))
    by_name = named.groupBy("name").agg(F.countDistinct("place").alias("rows"), F.min("place").alias("first"))
    return by_name.orderBy("name").collect()
