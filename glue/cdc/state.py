"""What is planned and what is done: small objects in the final bucket, folded into one checkpoint.

    <prefix>checkpoint.json             all batches up to ``through``: what is done, and the plans of what is not
    <prefix>batches/<n>.json            the plan of batch n, put only if it is not there
    <prefix>done/<n>/<schema.table>.json   table of batch n is finished

A run reads the checkpoint and what is younger, so its cost does not grow with history. A table that fails again and
again stays open in the checkpoint; the others go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cdc.batch import Batch, DoneMark
from cdc.config import Config
from cdc.discover import last_change_file, recent
from cdc.storage import Storage, StoredObject

#: Plans and marks this far behind the checkpoint stay, so that a stale checkpoint never makes a number be used twice.
KEPT_BATCHES = 1000


@dataclass
class TableState:
    """What a run must know of a table.

    Attributes:
        mark: Highest sequence that its log has; None before its first batch.
        files: Finished files that a listing may show again, key → ETag.
    """

    mark: str | None = None
    files: dict[str, str] = field(default_factory=dict)


@dataclass
class State:
    """Checkpoint and everything after it.

    Attributes:
        through: All batches up to this number are folded: what they finished is in ``tables``, what not, is in
            ``batches``.
        tables: By qualified name.
        batches: Plans that are not folded, or not whole, by number.
        done: Finished tables of those, by number and qualified name.
        swept: When the raw bucket was last listed whole.
    """

    through: int
    tables: dict[str, TableState]
    batches: dict[int, Batch]
    done: dict[tuple[int, str], DoneMark]
    swept: datetime

    def table(self, name: str) -> TableState:
        """A table's state; a new one for a table that never had a batch."""
        return self.tables.setdefault(name, TableState())

    def mark(self, name: str, before: int) -> str | None:
        """Highest sequence of the table's batches before the given one."""
        marks = [done.mark for (number, table), done in self.done.items() if table == name and number < before]
        folded = self.table(name).mark
        return max([*marks, *([] if folded is None else [folded])], default=None)

    def known(self, name: str) -> dict[str, str]:
        """Key → ETag of the table's files that are planned or done."""
        known = dict(self.table(name).files)
        for _, batch in sorted(self.batches.items()):
            known.update({item.key: item.etag for item in batch.files.get(name, ())})
        return known

    def unfinished(self) -> list[Batch]:
        """Batches with a table that is not done, oldest first."""
        return [batch for number, batch in sorted(self.batches.items()) if not self.is_finished(batch)]

    def is_finished(self, batch: Batch) -> bool:
        """Whether every table of the batch is done."""
        return all((batch.number, table) in self.done for table in batch.files)

    def pending_tables(self, batch: Batch) -> list[str]:
        """The batch's tables that are not done and have no older open batch: a table's batches apply in order."""
        blocked = {
            table
            for number, older in self.batches.items()
            if number < batch.number
            for table in older.files
            if (number, table) not in self.done
        }
        return [table for table in batch.files if (batch.number, table) not in self.done and table not in blocked]

    @property
    def next_number(self) -> int:
        """The number of the next batch."""
        return max([self.through, *self.batches]) + 1

    def sweep_is_due(self, now: datetime) -> bool:
        """Whether a whole listing is due."""
        return now - self.swept >= timedelta(days=1)

    def fold(self, config: Config) -> None:
        """Moves what is finished into ``tables``; batches that are not whole keep their open tables."""
        folders = {table.qualified: config.raw_folder(table) for table in config.tables}
        for number, batch in sorted(self.batches.items()):
            for name in [name for name in batch.files if (number, name) in self.done]:
                table, mark = self.table(name), self.done[number, name].mark
                table.mark = mark if table.mark is None else max(table.mark, mark)
                table.files.update({item.key: item.etag for item in batch.files[name]})
            still_open = {name: files for name, files in batch.files.items() if (number, name) not in self.done}
            if still_open:
                self.batches[number] = Batch(number, still_open)
            else:
                del self.batches[number]
            self.through = max(self.through, number)
        self.done = {key: mark for key, mark in self.done.items() if key[0] in self.batches}
        for name, table in self.tables.items():
            table.files = recent(table.files, folders.get(name, ""))

    def last_change_file(self, name: str) -> str | None:
        """The latest change file of a table that is planned or done."""
        return last_change_file(self.known(name))


class StateStore:
    """The state's objects."""

    def __init__(self, storage: Storage, config: Config) -> None:
        self._storage, self._bucket, self._prefix = storage, config.final_bucket, config.state_prefix
        self._loaded_through = 0

    def load(self) -> State:
        """Reads the checkpoint and everything after it."""
        checkpoint: Mapping[str, Any] = self._storage.read_json(self._bucket, f"{self._prefix}checkpoint.json") or {}
        through = self._loaded_through = checkpoint.get("through", 0)
        carried = [Batch.from_document(document) for document in checkpoint.get("open", [])]
        younger = [Batch.from_document(self._document(item)) for item in self._after("batches/", through)]
        marked = [
            *(item for batch in carried for item in self._listing(f"done/{batch.number:010d}/")),
            *self._after("done/", through),
        ]
        done = [DoneMark.from_document(self._document(item)) for item in marked]
        return State(
            through=through,
            tables={
                name: TableState(table["mark"], dict(table["files"]))
                for name, table in checkpoint.get("tables", {}).items()
            },
            batches={batch.number: batch for batch in [*carried, *younger]},
            done={(mark.batch, mark.table): mark for mark in done},
            swept=datetime.fromisoformat(checkpoint["swept"]) if "swept" in checkpoint else datetime.now(UTC),
        )

    def is_open(self, batch: int, table: str) -> bool:
        """Whether no run has finished a table of a batch yet."""
        return self._storage.read_json(self._bucket, self._done_key(batch, table)) is None

    def plan(self, batch: Batch) -> bool:
        """Stores a plan; False when its number is taken, and then nothing was stored."""
        return self._storage.create_json(
            self._bucket, f"{self._prefix}batches/{batch.number:010d}.json", batch.to_document()
        )

    def finish(self, mark: DoneMark) -> None:
        """Stores that a table of a batch is finished."""
        self._storage.write_json(self._bucket, self._done_key(mark.batch, mark.table), mark.to_document())

    def checkpoint(self, state: State) -> None:
        """Stores the folded state and removes plans and marks that are long folded."""
        tables = {name: {"mark": table.mark, "files": table.files} for name, table in state.tables.items()}
        self._storage.write_json(
            self._bucket,
            f"{self._prefix}checkpoint.json",
            {
                "through": state.through,
                "tables": tables,
                "open": [
                    batch.to_document() for number, batch in sorted(state.batches.items()) if number <= state.through
                ],
                "swept": state.swept.isoformat(),
            },
        )
        if state.through // KEPT_BATCHES > max(self._loaded_through // KEPT_BATCHES, 1):
            self._prune(state.through - KEPT_BATCHES, state.batches)
            self._loaded_through = state.through

    def _prune(self, through: int, still_open: Iterable[int]) -> None:
        kept = {f"{number:010d}" for number in still_open}
        for folder in ("batches/", "done/"):
            start, last = len(self._prefix + folder), self._behind(folder, through)
            old = [item.key for item in self._listing(folder) if item.key < last]
            self._storage.delete(self._bucket, [key for key in old if key[start : start + 10] not in kept])

    def _done_key(self, batch: int, table: str) -> str:
        return f"{self._prefix}done/{batch:010d}/{table}.json"

    def _listing(self, folder: str) -> Iterable[StoredObject]:
        return self._storage.listing(self._bucket, self._prefix + folder)

    def _after(self, folder: str, through: int) -> list[StoredObject]:
        return list(self._storage.listing(self._bucket, f"{self._prefix}{folder}", self._behind(folder, through)))

    def _behind(self, folder: str, number: int) -> str:
        # Sorts behind everything of the number ('.' and '/' come before '0') and before the next number.
        return f"{self._prefix}{folder}{number:010d}0"

    def _document(self, item: StoredObject) -> Mapping[str, Any]:
        return self._storage.read_json(self._bucket, item.key) or {}
