"""The states in S3: one object a table, replaced only as it was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from cdc.model.batch import DoneMark
from cdc.model.config import Config, Table
from cdc.model.table_state import TableState
from cdc.state.documents import of_mark, of_state, to_state
from cdc.storage import Storage

#: So many done marks of a table are kept, in whole thousands.
KEPT_MARKS = 1000


@dataclass(frozen=True)
class Stored:
    """A state and the ETag under which it was read; None for a table that has none yet."""

    state: TableState
    etag: str | None


class StateStore:
    """Reads and replaces states. A run that is late finds another ETag, and reads again what it should have known."""

    def __init__(self, storage: Storage, config: Config) -> None:
        self._storage, self._config = storage, config

    def read(self, table: Table) -> Stored:
        """A table's state.

        Raises:
            StateError: It was written by another version, or for another database.
        """
        key = self._key(table)
        found = self._storage.read_json(self._config.final_bucket, key)
        if found is None:
            return Stored(TableState(table.qualified), None)
        place = f"s3://{self._config.final_bucket}/{key}"
        state = to_state(found.value, self._config.database, self._config.raw_folder(table), place)
        return Stored(state, found.etag)

    def replace(self, table: Table, stored: Stored, state: TableState) -> Stored | None:
        """Stores a new state if the old one still is there; None when it is not, and nothing was stored."""
        document = of_state(state, self._config.database)
        etag = self._storage.replace_json(self._config.final_bucket, self._key(table), document, stored.etag)
        return None if etag is None else Stored(state, etag)

    def change(self, table: Table, stored: Stored, change: Callable[[TableState], TableState | None]) -> Stored:
        """Stores what a change makes of the state, made again of what another run stored meanwhile.

        Args:
            change: A pure function; None when there is nothing to change any more.

        Returns:
            What is stored now.
        """
        while True:
            state = change(stored.state)
            if state is None or state == stored.state:
                return stored
            if (done := self.replace(table, stored, state)) is not None:
                return done
            stored = self.read(table)

    def record(self, mark: DoneMark) -> None:
        """Writes how a batch ended, and removes marks that are long past."""
        self._storage.write_json(self._config.final_bucket, self._mark_key(mark.table, mark.batch), of_mark(mark))
        if mark.batch % KEPT_MARKS == 0 and mark.batch > KEPT_MARKS:
            old = range(mark.batch - 2 * KEPT_MARKS + 1, mark.batch - KEPT_MARKS + 1)
            self._storage.delete(self._config.final_bucket, [self._mark_key(mark.table, number) for number in old])

    def _key(self, table: Table) -> str:
        return f"{self._config.state_prefix}tables/{quote(table.qualified, safe='')}.json"

    def _mark_key(self, table: str, batch: int) -> str:
        return f"{self._config.state_prefix}done/{quote(table, safe='')}/{batch:010d}.json"
