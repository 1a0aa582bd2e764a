"""A run: unfinished batches first, then what is new, until nothing is or the time is spent."""

from __future__ import annotations

import time
import traceback
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

from cdc import discover
from cdc.batch import Batch, DoneMark, limited
from cdc.config import Config, Table
from cdc.errors import CdcError, TablesFailedError, reason
from cdc.logs import event
from cdc.session import LazySession
from cdc.state import StateStore
from cdc.storage import Storage, StoredObject, read_secret

#: Tables that are worked on at the same time; while one plans or commits, another computes.
_TABLES_AT_ONCE = 4

#: Files of one table in one batch. More wait for the next, so that one batch stays of a size that a run can carry.
_FILES_A_BATCH = 1000


class Run:
    """One run of the job.

    Args:
        config: The checked configuration.
        storage: S3.
        session: Spark, started when it is needed.
        time_budget: Seconds after which no further batch begins.
        on_step: Called with the name of each step when it is over; tests end a run there.
    """

    def __init__(
        self,
        config: Config,
        storage: Storage | None = None,
        session: LazySession | None = None,
        *,
        time_budget: float = 1500,
        on_step: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._config = config
        self._storage = storage or Storage()
        self._store = StateStore(self._storage, config)
        self._session = session or LazySession()
        self._deadline = time.monotonic() + time_budget
        self._on_step = on_step
        self._salt: Future[str] | None = None
        self.name = uuid.uuid4().hex[:8]

    def carry_out(self) -> int:
        """Works until nothing is left or the time is spent.

        Returns:
            The number of batches that were finished.

        Raises:
            TablesFailedError: At least one table failed; all others are done.
        """
        started = time.monotonic()
        self._state = self._store.load()
        failures: dict[str, Exception] = {}
        finished = 0
        while True:
            for batch in self._state.unfinished():
                finished += self._carry_out(batch, failures)
            if time.monotonic() >= self._deadline or not self._plan(failures):
                break
        event("run", run=self.name, batches=finished, failed=len(failures), seconds=time.monotonic() - started)
        if failures:
            raise TablesFailedError(failures)
        return finished

    def _plan(self, failures: Mapping[str, Exception]) -> bool:
        """Fixes the next batch, or finds that another run did; False when there is nothing new."""
        state = self._state
        sweep = state.sweep_is_due(datetime.now(UTC))
        found = {
            table.qualified: self._new_files(table, sweep)
            for table in self._config.tables
            if table.qualified not in failures
        }
        if sweep:
            state.swept = datetime.now(UTC)
        files = limited(found, _FILES_A_BATCH)
        if not files:
            if sweep:
                self._store.checkpoint(state)
            return False
        batch = Batch(state.next_number, files)
        if not self._store.plan(batch):
            # What the other run planned comes first, and may be just these files.
            event("lost", run=self.name, batch=batch.number)
            self._state = self._store.load()
            tables = self._config.tables
            self._session.forget([*map(self._config.log, tables), *map(self._config.current, tables)])
            return True
        state.batches[batch.number] = batch
        count = sum(len(items) for items in files.values())
        event("planned", run=self.name, batch=batch.number, files=count, bytes=batch.size)
        self._on_step("plan")
        return True

    def _new_files(self, table: Table, sweep: bool) -> list[StoredObject]:
        folder, name = self._config.raw_folder(table), table.qualified
        start = "" if sweep else discover.window_start(folder, self._state.last_change_file(name))
        listed = self._storage.listing(self._config.raw_bucket, folder, start)
        fresh = discover.new_files(listed, self._state.known(name))
        if sweep and fresh:
            from cdc import ledger

            # Files older than the checkpoint remembers are told apart by the ledger.
            fresh = discover.new_files(fresh, ledger.finished_keys(self._session.get(), self._config.ledger, name))
        return fresh

    def _carry_out(self, batch: Batch, failures: dict[str, Exception]) -> int:
        from cdc import ledger

        state, started = self._state, time.monotonic()
        names = [name for name in state.pending_tables(batch) if name not in failures]
        if not names:
            return 0
        with ThreadPoolExecutor(max_workers=_TABLES_AT_ONCE, thread_name_prefix="table") as pool:
            if self._salt is None and any(table.hashes for table in self._config.tables if table.qualified in names):
                # Asked for while Spark starts.
                self._salt = pool.submit(read_secret, self._config.salt_secret)
            spark = self._session.size_for(batch.size)
            results = dict(zip(names, pool.map(lambda name: self._try(name, batch), names), strict=True))
        marks = [result for result in results.values() if isinstance(result, DoneMark)]
        for name, result in results.items():
            if isinstance(result, Exception):
                event("failed", run=self.name, batch=batch.number, table=name, error=reason(result))
                traceback.print_exception(result)
                failures[name] = result
        if marks:
            earlier = [mark for (number, _), mark in state.done.items() if number == batch.number]
            ledger.write(spark, self._config.ledger, batch.number, [*earlier, *marks])
            self._on_step("ledger")
            for mark in marks:
                self._store.finish(mark)
                state.done[batch.number, mark.table] = mark
            self._on_step("done")
        finished = state.is_finished(batch)
        state.fold(self._config)
        self._store.checkpoint(state)
        if finished:
            event("finished", run=self.name, batch=batch.number, seconds=time.monotonic() - started)
        return int(finished)

    def _try(self, name: str, batch: Batch) -> DoneMark | Exception:
        from cdc.table_batch import Surroundings, carry_out

        table = next((item for item in self._config.tables if item.qualified == name), None)
        try:
            if table is None:
                raise CdcError(
                    f"Batch {batch.number} holds files of {name}, which the configuration no longer names. "
                    "Put it back until the batch is done."
                )
            salt = self._salt.result() if table.hashes and self._salt else None
            around = Surroundings(self._session.get(), self._config, salt, self.name, self._on_step)
            mark, number = self._state.mark(name, batch.number), batch.number
            return carry_out(around, table, number, batch.files[name], mark, lambda: self._store.is_open(number, name))
        except Exception as failure:  # any fault of one table must leave the others their way
            return failure
