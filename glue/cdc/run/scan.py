"""What a table has to do next: its open batch, or what is new in the raw bucket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from cdc.events import event
from cdc.model.batch import Kind, StoredObject
from cdc.model.config import Config, Table
from cdc.model.table_state import TableState
from cdc.raw import discover
from cdc.raw.names import is_load, is_of_the_future
from cdc.spark import LazySession
from cdc.state import loads, planner
from cdc.state.outside import Outside
from cdc.state.planner import Limits
from cdc.state.store import StateStore, Stored
from cdc.storage import Storage

#: Names that a slice of the slow listing compares.
SLICE = 5000


class Scanner:
    """Looks at tables; used by many threads at once, a table by one.

    Args:
        limits: What one batch may hold.
        run: Name of the run.
    """

    def __init__(
        self,
        storage: Storage,
        store: StateStore,
        config: Config,
        session: LazySession,
        limits: Limits,
        run: str,
        on_step: Callable[[str], None],
    ) -> None:
        self._storage, self._store, self._config = storage, store, config
        self._outside = Outside(storage, config)
        self._session, self._limits, self._run, self._on_step = session, limits, run, on_step
        self._open_since: dict[str, datetime] = {}
        self._warned: set[str] = set()

    def scan(self, table: Table, stored: Stored | None = None) -> Stored:
        """The table's state, with an open batch if there is work.

        Args:
            stored: The state as it was left a moment ago; None reads it.
        """
        stored = self._store.read(table) if stored is None else stored
        while not stored.state.open:
            planned = self._planned(table, stored.state)
            if planned is None:
                break
            done = self._store.replace(table, stored, planned)
            if done is None:
                # What the other run planned comes first, and may be just these files.
                event("lost", run=self._run, table=table.qualified, batch=planned.number)
                stored = self._store.read(table)
                self._session.forget([self._config.log(table), self._config.current(table)])
                continue
            stored = done
            if not planned.open:
                # A slice of the sweep found nothing, or a load was reported that needs nothing; the next run goes on.
                break
            batch = planned.open[0]
            event(
                "planned",
                run=self._run,
                batch=batch.number,
                table=table.qualified,
                kind=batch.kind,
                files=len(batch.files),
                bytes=batch.size,
            )
            self._on_step("plan")
        self._remember(table, stored.state)
        return stored

    def oldest_open(self, now: datetime) -> int:
        """Seconds since the oldest batch was planned that is still open; 0 when none is."""
        return max([0, *(int((now - since).total_seconds()) for since in self._open_since.values())])

    def _planned(self, table: Table, state: TableState) -> TableState | None:
        now = datetime.now(UTC)
        listed = discover.listing(self._storage, self._config, table, state)
        self._warn(table, [item for item in listed if item.name > state.reached and not is_load(item.name)])
        told = self._reported(table, state, listed) or state
        if loads.has_ghosts(told):
            if table.primary_key:
                return planner.plan_other(told, Kind.GHOSTS, now, self._run)
            told = loads.without_ghosts(told)
        planned = planner.plan(told, listed, self._limits, now, self._run)
        if planned is None and not told.made and self._outside.has_schema(table):
            planned = planner.plan_other(told, Kind.CREATE, now, self._run)
        if planned is None and planner.sweep_is_due(told, now):
            return self._swept(table, told, now)
        return planned or (told if told != state else None)

    def _reported(self, table: Table, state: TableState, listed: list[StoredObject]) -> TableState | None:
        """The state after what is reported of the table's loads."""
        item = self._outside.latest_report(table)
        if item is None or (version := f"{item.name} {item.etag}") == state.reported:
            return None
        report = self._outside.report(item)
        return None if report is None else loads.reported(state, report, version, planner.fresh(state, listed))

    def _swept(self, table: Table, state: TableState, now: datetime) -> TableState:
        """A slice of the slow listing compared, with a batch of what came late."""
        old = discover.old_files(self._storage, self._config, table, state, SLICE)
        late = planner.late_candidates(state, old)
        if late:
            from cdc.tables import ledger

            keys = [item.key for item in late]
            done = ledger.finished(self._session.get(), self._config.ledger, table.qualified, keys)
            late = [item for item in late if (item.key, item.etag) not in done]
        planned = planner.plan_late(state, late, self._limits, now, self._run)
        cursor = old[-1].name if len(old) == SLICE else None
        if planned is not None and len(planned.open[-1].files) < len(late):
            cursor = planned.open[-1].files[-1].name
        return planner.swept(planned or state, cursor, now)

    def _warn(self, table: Table, listed: list[StoredObject]) -> None:
        for item in listed:
            if item.key not in self._warned and is_of_the_future(item):
                self._warned.add(item.key)
                event(
                    "warning",
                    table=table.qualified,
                    file=item.key,
                    text="its name says a time after it was written; it is applied, and does not move the window",
                )

    def _remember(self, table: Table, state: TableState) -> None:
        if state.open:
            self._open_since[table.qualified] = state.open[0].planned
        else:
            self._open_since.pop(table.qualified, None)
