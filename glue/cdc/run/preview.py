"""What a run would do: planned, read, counted and decided as a run does, and nothing written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyspark.sql import functions as F

from cdc.changes.expectations import REASONS
from cdc.errors import TooManyRowsError, reason
from cdc.events import event
from cdc.model.batch import Batch, Kind
from cdc.model.config import Table
from cdc.model.table_state import TableState
from cdc.run import preparing
from cdc.run.reading import reading
from cdc.run.scan import Scanner
from cdc.run.surroundings import Surroundings
from cdc.run.task import decide
from cdc.state.store import StateStore
from cdc.tables import catalog


@dataclass(frozen=True)
class Preview:
    """What would become of one batch.

    Attributes:
        kind: What it is to its table: ``first``, ``changes``, ``replay``, ``ghosts`` and so on.
        rows, inserts, updates, deletes: Of its files.
        rejected_files, rejected_rows: What could not be taken.
        added: New columns with their types.
        widened: Columns that would change their type.
        error: What it would fail of; empty when it would not.
    """

    table: str
    batch: int
    kind: str
    files: tuple[str, ...]
    rows: int = 0
    inserts: int = 0
    updates: int = 0
    deletes: int = 0
    rejected_files: int = 0
    rejected_rows: int = 0
    added: tuple[str, ...] = ()
    widened: tuple[str, ...] = ()
    error: str = ""


def preview(around: Surroundings, store: StateStore, scanner: Scanner, tables: Iterable[Table]) -> list[Preview]:
    """Each table's next batch, told as an event each. Batches that follow it are planned when it is done."""
    found = []
    for table in tables:
        state = store.read(table).state
        if not state.open:
            state = scanner.planned(table, state) or state
        if not state.open:
            event("nothing to do", table=table.qualified)
            continue
        seen = _of_batch(around, table, state, state.open[0])
        _tell(seen)
        found.append(seen)
    return found


def _of_batch(around: Surroundings, table: Table, state: TableState, batch: Batch) -> Preview:
    files = tuple(item.key for item in batch.files)
    if batch.kind not in (Kind.FILES, Kind.AGAIN):
        return Preview(table.qualified, batch.number, batch.kind, files)
    try:
        return _read(around, table, state, batch, files)
    except TooManyRowsError as failure:
        text = f"it has more rows than one batch may have: {failure.files} of its files come first"
        return Preview(table.qualified, batch.number, batch.kind, files, error=text)
    except Exception as failure:  # what one table would fail of must not hide what others would do
        return Preview(table.qualified, batch.number, batch.kind, files, error=reason(failure))


def _read(around: Surroundings, table: Table, state: TableState, batch: Batch, files: tuple[str, ...]) -> Preview:
    log = catalog.find(around.spark, around.config.log(table))
    columns = [] if log is None else catalog.columns_of(log)
    known = preparing.known_columns(table, state, columns)
    taken = reading(around.spark, around.storage, around.config, table, batch.files, around.most_rows, known)
    with taken as read:
        counts = list(read.counted.values())
        task = decide(
            state,
            batch,
            read.counted,
            keys=table.primary_key,
            row_bytes=read.row_bytes,
            broadcast_bytes=around.broadcast_bytes,
        )
        rejected, added, widened = sum(item.rejected for item in counts), (), ()
        if any(item.rows > item.rejected for item in counts):
            prepared = preparing.prepare(around, table, read, columns, task)
            added = tuple(f"{item.name} {item.type}" for item in prepared.evolution.added)
            widened = tuple(f"{name} to {kind}" for name, kind in prepared.evolution.widened.items())
            if prepared.may_reject:
                rejected += prepared.rows.where(F.size(REASONS) > 0).count()
        return Preview(
            table.qualified,
            batch.number,
            task.kind,
            files,
            rows=sum(item.rows for item in counts),
            inserts=sum(item.inserts for item in counts),
            updates=sum(item.updates for item in counts),
            deletes=sum(item.deletes for item in counts),
            rejected_files=sum(item.rejected for item in read.others.values()),
            rejected_rows=rejected,
            added=added,
            widened=widened,
        )


def _tell(seen: Preview) -> None:
    if seen.error:
        event("would fail", table=seen.table, batch=seen.batch, files=len(seen.files), error=seen.error)
        return
    event(
        "would apply",
        table=seen.table,
        batch=seen.batch,
        kind=seen.kind,
        files=len(seen.files),
        rows=seen.rows,
        inserts=seen.inserts,
        updates=seen.updates,
        deletes=seen.deletes,
        rejected_files=seen.rejected_files,
        rejected_rows=seen.rejected_rows,
        added=", ".join(seen.added) or "nothing",
        widened=", ".join(seen.widened) or "nothing",
    )
    for key in seen.files:
        event("would read", table=seen.table, file=key)
