"""From a batch's files to rows of the log: what a run and a trial do alike, and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence

from cdc.changes.evolve import TableColumn
from cdc.model.config import Table
from cdc.model.table_state import TableState
from cdc.raw import source_schema
from cdc.run import rows
from cdc.run.erase import keep_out
from cdc.run.lookups import references
from cdc.run.reading import Reading
from cdc.run.rows import Prepared
from cdc.run.surroundings import Surroundings
from cdc.run.task import TableTask
from cdc.state import erased


def known_columns(table: Table, state: TableState, columns: Sequence[TableColumn]) -> list[str]:
    """The table's columns by their names in the source; none before its first row."""
    return [item.source for item in columns if item.source not in table.added] if state.mark is not None else []


def prepare(
    around: Surroundings,
    table: Table,
    read: Reading,
    columns: Sequence[TableColumn],
    task: TableTask,
    *,
    known: bool = False,
) -> Prepared:
    """The rows of the log that a batch's files are.

    Args:
        known: Whether earlier batches went through the same rules (``changes.rules``).
    """
    salt = around.salt() if table.hashes else None
    source = source_schema.read(around.storage, around.config, table)
    prepared = rows.prepare(
        table,
        read.groups,
        columns,
        task,
        salt,
        source,
        lambda schema: references(around.spark, around.config, table, schema),
        known=known,
    )
    return keep_out(prepared, erased.read(around.storage, around.config, table))
