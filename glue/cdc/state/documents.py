"""The state's JSON forms.

<prefix>tables/<table>.json          what is planned and done, a table each; the truth
<prefix>done/<table>/<batch>.json    how a batch ended, for people and tools; the job never reads it
<prefix>loads/<table>/<start>.json   a full load, reported by who watches the task
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cdc.errors import StateError
from cdc.model.batch import Batch, DoneMark, Kind, StoredObject
from cdc.model.table_state import Failure, Load, LoadReport, Sweep, TableState

VERSION = 2


def of_state(state: TableState, database: str) -> dict[str, Any]:
    """The state as it is stored; file names without their folder, which the reader knows."""
    return {
        "version": VERSION,
        "database": database,
        "table": state.table,
        "number": state.number,
        "epoch": state.epoch,
        "mark": state.mark,
        "by_position": state.by_position,
        "applied": state.applied,
        "reached": state.reached,
        "settled": _text(state.settled),
        "known": [_of_file(item) for item in state.known.values()],
        "left": [_of_file(item) for item in state.left],
        "first_load": state.first_load,
        "last_load": state.last_load,
        "open": [_of_batch(batch) for batch in state.open],
        "load": state.load
        and {
            "epoch": state.load.epoch,
            "began": _text(state.load.began),
            "rows": state.load.rows,
            "complete": state.load.complete,
            "ghosts": state.load.ghosts,
        },
        "reported": state.reported,
        "made": state.made,
        "sweep": {
            "begun": _text(state.sweep.begun),
            "cursor": state.sweep.cursor,
            "compared": _text(state.sweep.compared),
        },
        "failure": state.failure
        and {
            "error": state.failure.error,
            "fingerprint": state.failure.fingerprint,
            "count": state.failure.count,
            "at": _text(state.failure.at),
            "not_before": _text(state.failure.not_before),
        },
    }


def to_state(document: Mapping[str, Any], database: str, folder: str, place: str) -> TableState:
    """Reads a stored state.

    Args:
        folder: The key prefix of the table's files.
        place: Where the document lies, for messages.

    Raises:
        StateError: The document is of another version of the job or of another database.
    """
    if document.get("version") != VERSION:
        raise StateError(
            f"{place} is of version {document.get('version')}, this job writes version {VERSION}. Deploy the job that "
            "wrote it, or, to begin this table anew, delete the object and drop the table and its log."
        )
    if document["database"] != database:
        raise StateError(
            f"{place} belongs to the database {document['database']}, not to {database}. Give each database a final "
            "bucket or a state prefix of its own."
        )
    sweep, failure, load = document["sweep"], document["failure"], document["load"]
    return TableState(
        table=document["table"],
        number=document["number"],
        epoch=document["epoch"],
        mark=document["mark"],
        by_position=document["by_position"],
        applied=document["applied"],
        reached=document["reached"],
        settled=_time(document["settled"]),
        known={item.name: item for item in (_to_file(file, folder) for file in document["known"])},
        left=tuple(_to_file(file, folder) for file in document["left"]),
        first_load=document["first_load"],
        last_load=document["last_load"],
        open=tuple(_to_batch(batch, folder) for batch in document["open"]),
        sweep=Sweep(_time(sweep["begun"]), sweep["cursor"], _time(sweep["compared"])),
        failure=failure
        and Failure(
            failure["error"],
            failure["count"],
            _time(failure["at"]),
            failure["fingerprint"],
            _time(failure["not_before"]),
        ),
        load=load and Load(load["epoch"], _time(load["began"]), load["rows"], load["complete"], load["ghosts"]),
        reported=document["reported"],
        made=document["made"],
    )


def of_mark(mark: DoneMark) -> dict[str, Any]:
    """A done mark as it is stored."""
    return {
        "version": VERSION,
        "table": mark.table,
        "batch": mark.batch,
        "run": mark.run,
        "applied_at": _text(mark.applied),
        "mark": mark.mark,
        "kind": mark.kind,
        "stale": mark.stale,
        "log_snapshot": mark.log_snapshot,
        "table_snapshot": mark.table_snapshot,
        "files": [
            {
                "key": item.file.key,
                "etag": item.file.etag,
                "size": item.file.size,
                "rows": item.rows,
                "inserts": item.inserts,
                "updates": item.updates,
                "deletes": item.deletes,
                "rejected_rows": item.rejected_rows,
                "status": item.status,
                "reason": item.reason,
            }
            for item in mark.files
        ],
    }


def to_report(document: Mapping[str, Any], item: StoredObject) -> LoadReport:
    """Reads a report of a load.

    Raises:
        StateError: It is of another version.
    """
    if document.get("version") != 1:
        raise StateError(f"{item.key} is of version {document.get('version')}, this job reads version 1.")
    complete = document["complete"]
    return LoadReport(
        item.name, _time(document["started"]), None if complete is None else _time(complete), document["rows"]
    )


def _of_batch(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch.number,
        "epoch": batch.epoch,
        "attempts": batch.attempts,
        "planned_at": _text(batch.planned),
        "run": batch.run,
        "kind": batch.kind,
        "files": [_of_file(item) for item in batch.files],
    }


def _of_file(item: StoredObject) -> list[Any]:
    return [item.name, item.etag, item.size, _text(item.modified)]


def _to_file(document: Sequence[Any], folder: str) -> StoredObject:
    name, etag, size, modified = document
    return StoredObject(folder + name, etag, size, _time(modified))


def _to_batch(document: Mapping[str, Any], folder: str) -> Batch:
    return Batch(
        document["batch"],
        tuple(_to_file(item, folder) for item in document["files"]),
        document["epoch"],
        document["attempts"],
        _time(document["planned_at"]),
        document["run"],
        Kind(document["kind"]),
    )


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds" if time.microsecond == 0 else "microseconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
