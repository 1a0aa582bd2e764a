"""What others write for the job: reports of loads, definitions of the source's tables."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from urllib.parse import quote

from cdc.model.batch import StoredObject
from cdc.model.config import Config, Table
from cdc.model.table_state import LoadReport
from cdc.state.documents import to_report
from cdc.storage import Storage


class Outside:
    """Their objects below the state's prefix, listed once for all tables of a run."""

    def __init__(self, storage: Storage, config: Config) -> None:
        self._storage, self._config = storage, config
        self._lock = Lock()
        self._listed: list[StoredObject] | None = None

    def latest_report(self, table: Table) -> StoredObject | None:
        """The latest report of a load of the table."""
        folder = f"{self._config.state_prefix}loads/{quote(table.qualified, safe='')}/"
        found = [item for item in self._all() if item.key.startswith(folder) and item.name.endswith(".json")]
        return max(found, key=lambda item: item.name, default=None)

    def report(self, item: StoredObject) -> LoadReport | None:
        """A report of a load; None when it is gone.

        Raises:
            StateError: It is of another version.
        """
        found = self._storage.read_json(self._config.final_bucket, item.key)
        return None if found is None else to_report(found.value, item)

    def has_schema(self, table: Table) -> bool:
        """Whether the table's definition in the source is recorded."""
        key = f"{self._config.state_prefix}schemas/{quote(table.qualified, safe='')}.json"
        return any(item.key == key for item in self._all())

    def _all(self) -> list[StoredObject]:
        with self._lock:
            if self._listed is None:
                folders = (f"{self._config.state_prefix}{name}/" for name in ("loads", "schemas"))
                with ThreadPoolExecutor(2, "outside") as pool:
                    bucket = self._config.final_bucket
                    pages = pool.map(lambda folder: list(self._storage.listing(bucket, folder)), folders)
                    self._listed = [item for page in pages for item in page]
            return self._listed
