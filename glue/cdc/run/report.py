"""What a run did, and what it has to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import Row

from cdc.changes.evolve import Evolution, TableColumn
from cdc.errors import TablesFailedError
from cdc.events import event, metric
from cdc.model.config import Config, Table

_DAY = 86_400


@dataclass(frozen=True)
class RunResult:
    """How a run ended.

    Attributes:
        finished: Batches that were finished.
        failures: Table → what it failed of.
        work_left: Whether a table that did not fail has a batch for which no time was left: another run should come.
        known: Tables that failed of what they failed of before.
        paused: How many tables were left alone because they failed a while ago.
    """

    finished: int
    failures: Mapping[str, Exception]
    work_left: bool
    known: frozenset[str] = frozenset()
    paused: int = 0

    def raise_failures(self) -> None:
        """Raises what failed of something new: what is known was told when it was new.

        Raises:
            TablesFailedError: At least one table failed; all others are done.
        """
        new = {table: failure for table, failure in self.failures.items() if table not in self.known}
        if new:
            raise TablesFailedError(new)


def tell_evolution(table: Table, columns: Sequence[TableColumn], evolution: Evolution) -> None:
    """Prints what becomes of a table's columns.

    Args:
        columns: Those that it has; none before it is made.
    """
    if renamed := [
        column for column in evolution.added if column.name != column.source and column not in evolution.split
    ]:
        text = ", ".join(f"{column.source} to {column.name}" for column in renamed)
        event("renamed", table=table.qualified, columns=text)
    if columns and evolution.added:
        added = ", ".join(f"{column.name} {column.type}" for column in evolution.added)
        event("evolved", table=table.qualified, added=added)
    if evolution.widened:
        event("evolved", table=table.qualified, widened=", ".join(f"{k} to {v}" for k, v in evolution.widened.items()))
    for column in evolution.split:
        event(
            "warning",
            table=table.qualified,
            text=f"the type of {column.source} became {column.type}, which its column cannot hold: its values go to "
            f"{column.name} from now on",
        )
        metric("SplitColumns", 1, "Count", table=table.qualified)


def tell_truncated(table: Table, counted: Sequence[Row]) -> None:
    """Warns of values that the LOB limit has cut, as far as one can see it.

    Args:
        counted: What was counted of a batch's files.
    """
    found = [row for row in counted if row["truncated"]]
    if found:
        rows = sum(row["truncated"] for row in found)
        event(
            "warning",
            table=table.qualified,
            rows=rows,
            file=found[0]["file"],
            text="rows have a value as long as the LOB limit, which cuts what is longer: raise the limit and reload "
            "the table",
        )
        metric("TruncatedRows", rows, "Count", table=table.qualified)


def tell_retention(config: Config, oldest_open: int) -> None:
    """Warns before raw files are deleted that a batch still needs.

    Args:
        oldest_open: Seconds for which a batch is open.
    """
    days = config.raw_retention_days
    if days is not None and oldest_open >= days * _DAY / 2:
        event(
            "warning",
            oldest_open_seconds=oldest_open,
            text=f"a batch is open for more than half of the {days} days after which raw files are deleted: mend "
            "its table, or give the batch up by --abandon",
        )
