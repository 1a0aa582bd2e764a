"""What is to be done with a batch: decided as a value, from what was counted, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cdc.changes.order import epoch_prefix
from cdc.model.batch import Batch
from cdc.model.table_state import TableState

#: What a byte of a raw file is estimated to take in memory while it is worked on.
_EXPANSION = 12


class Kind(StrEnum):
    """What a batch is to its table."""

    #: Nothing: its files have no rows that can be taken.
    EMPTY = "empty"
    #: The first rows that the table gets.
    FIRST = "first"
    #: All of it is later than what the log has.
    CHANGES = "changes"
    #: Some of it is not: a file that came late, a transaction that was read again.
    REPLAY = "replay"


@dataclass(frozen=True)
class FileCounts:
    """What one pass over a batch counted of a file.

    Attributes:
        key_updates: Updates that changed the key.
        unreadable: Changes whose log position could not be read.
        first, last: Lowest and highest ``position sequence`` (a blank between them).
        first_sequence, last_sequence: Lowest and highest change sequence.
        rejected: Rows that cannot be taken; of them nothing else is counted. The orders are None when all are.
    """

    rows: int
    inserts: int
    updates: int
    deletes: int
    key_updates: int
    unreadable: int
    first: str | None
    last: str | None
    first_sequence: str | None
    last_sequence: str | None
    rejected: int = 0


@dataclass(frozen=True)
class TableTask:
    """What to do.

    Attributes:
        kind: What the batch is to its table.
        epoch: Of its positions.
        by_position: Whether log positions are part of the order.
        first, last: Lowest and highest order of its rows.
        needs_dedupe: Whether a change may be there twice within the batch.
        needs_unseen: Whether other batches may have brought some of it.
        needs_supersede: Whether the log may have later changes of its keys.
        key_updates: Whether keys were updated.
        has_table: Whether there is a table beside the log.
        adds: Whether it ought to add rows to the table.
        broadcast: Whether it is small enough to be sent to every task.
    """

    kind: Kind
    epoch: int
    by_position: bool
    first: str
    last: str
    needs_dedupe: bool = False
    needs_unseen: bool = False
    needs_supersede: bool = False
    key_updates: bool = False
    has_table: bool = False
    adds: bool = False
    broadcast: bool = False


def decide(
    state: TableState,
    batch: Batch,
    counted: Mapping[str, FileCounts],
    *,
    keys: Sequence[str],
    row_bytes: int,
    broadcast_bytes: int,
) -> TableTask:
    """Decides a batch.

    Args:
        counted: By object key, of files that have rows.
        keys: The table's key columns.
        row_bytes: What a row is estimated to take in memory.
        broadcast_bytes: What a broadcast may take.
    """
    files = [item for item in counted.values() if item.rows > item.rejected]
    by_position = state.by_position and not any(item.unreadable for item in files)
    # Rows with and without a position cannot be compared: what comes from now on is later.
    epoch = batch.epoch + (state.by_position and not by_position and state.mark is not None)
    if not files:
        return TableTask(Kind.EMPTY, batch.epoch, state.by_position, "", "")
    prefix = epoch_prefix(epoch)
    if by_position:
        first, last = (
            prefix + min(item.first or "" for item in files),
            prefix + max(item.last or "" for item in files),
        )
    else:
        first = f"{prefix} {min(item.first_sequence or '' for item in files)}"
        last = f"{prefix} {max(item.last_sequence or '' for item in files)}"
    rows = sum(item.rows for item in files)
    key_updates = any(item.key_updates for item in files)
    replays = state.mark is not None and first <= state.mark
    return TableTask(
        kind=Kind.FIRST if state.mark is None else Kind.REPLAY if replays else Kind.CHANGES,
        epoch=epoch,
        by_position=by_position,
        first=first,
        last=last,
        # A task that lost its connection reads a transaction again, and may write it again to the same file.
        needs_dedupe=len(files) > 1 or any(item.last_sequence for item in files),
        needs_unseen=replays,
        needs_supersede=bool(keys) and state.mark is not None and first < state.mark,
        key_updates=key_updates,
        has_table=bool(keys),
        adds=key_updates or any(item.inserts for item in files),
        broadcast=rows * row_bytes <= broadcast_bytes,
    )


def memory_of(batch: Batch) -> int:
    """Bytes of memory that a batch is estimated to take while it is worked on, told before a file of it was read."""
    return batch.size * _EXPANSION
