"""A run: every table's unfinished batch first, then what is new, until nothing is or the time is spent."""

from __future__ import annotations

import time
import traceback
import uuid
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from cdc.errors import BatchChangedError, CdcError, CommitLostError, TooManyRowsError, reason
from cdc.events import event, metric
from cdc.model.batch import Batch, DoneMark
from cdc.model.config import Config, Table
from cdc.model.table_state import TableState
from cdc.run.report import RunResult, tell_retention
from cdc.run.scan import Scanner
from cdc.run.scheduler import Outcome, work_off
from cdc.run.task import memory_of
from cdc.spark import LazySession, heap
from cdc.state import failures, planner
from cdc.state.planner import Limits
from cdc.state.store import StateStore, Stored
from cdc.storage import CONNECTIONS, Storage, read_secret

#: Of the driver's memory, what the tables of a run may take at once; and what one of them may broadcast.
_MEMORY_SHARE, _BROADCAST_SHARE, _BROADCAST_MOST = 0.5, 0.1, 256 * 1024 * 1024

#: Seconds after which tables that had nothing to do are looked at again while others work.
_LOOK_EVERY = 10


@dataclass(frozen=True)
class _Work:
    table: Table
    stored: Stored
    batch: Batch


class Run:
    """One run of the job.

    Args:
        config: The checked configuration.
        storage: S3.
        session: Spark, started when it is needed.
        time_budget: Seconds after which no further batch begins; one always does.
        limits: What one batch may hold.
        tables: Qualified names of the tables to look at; None for all.
        patient: Whether tables that failed before are left alone for a while; an operator who asks for them is not.
        on_step: Called with the name of each step when it is over; tests end a run there.
    """

    def __init__(
        self,
        config: Config,
        storage: Storage | None = None,
        session: LazySession | None = None,
        *,
        time_budget: float = 1500,
        limits: Limits | None = None,
        tables: Collection[str] | None = None,
        patient: bool = True,
        on_step: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.name = uuid.uuid4().hex[:8]
        self._config, self._on_step = config, on_step
        self._storage, self._session = storage or Storage(), session or LazySession()
        self._limits = limits or Limits()
        self._store = StateStore(self._storage, config)
        self._scanner = Scanner(self._storage, self._store, config, self._session, self._limits, self.name, on_step)
        self._deadline = time.monotonic() + time_budget
        self._tables, self._patient = tables, patient
        self._failures: dict[str, Exception] = {}
        self._known: set[str] = set()
        self._paused: dict[str, TableState] = {}
        self._finished = self._begun = 0
        self._scanned = 0.0

    def carry_out(self) -> RunResult:
        """Works until nothing is left or the time is spent. A table that fails does not hold up the others."""
        started, left = time.monotonic(), []
        while True:
            ready = self._scan()
            before = self._finished
            if ready:
                left = work_off(
                    ready,
                    self._do,
                    weight=lambda work: memory_of(work.batch),
                    memory=int(heap(self._session.get()) * _MEMORY_SHARE),
                    may_begin=self._may_begin,
                    on_failure=self._fail,
                    look=self._look,
                )
            if left or self._finished == before:
                break
        result = RunResult(self._finished, self._failures, bool(left), frozenset(self._known), len(self._paused))
        for name, state in sorted(self._paused.items()):
            if state.failure is not None:
                event("paused", table=name, failures=state.failure.count, until=state.failure.not_before.isoformat())
        oldest_open = self._scanner.oldest_open(datetime.now(UTC))
        tell_retention(self._config, oldest_open)
        metric("OldestOpenBatchAge", oldest_open, "Seconds", database=self._config.database)
        event(
            "run",
            run=self.name,
            batches=result.finished,
            failed=len(result.failures),
            known=len(result.known),
            paused=result.paused,
            work_left=result.work_left,
            oldest_open_seconds=oldest_open,
            seconds=time.monotonic() - started,
        )
        return result

    def _look(self, busy: Sequence[_Work]) -> list[_Work]:
        """What came for tables that had nothing to do, while others work."""
        now = time.monotonic()
        if now - self._scanned < _LOOK_EVERY or now >= self._deadline:
            return []
        return self._scan({work.table.qualified for work in busy})

    def _scan(self, busy: Collection[str] = ()) -> list[_Work]:
        """Every table's next batch, looked for at once."""
        self._scanned = time.monotonic()
        out = {*self._failures, *self._paused, *busy}
        asked = self._tables
        tables = [
            item
            for item in self._config.tables
            if item.qualified not in out and (asked is None or item.qualified in asked)
        ]
        with ThreadPoolExecutor(min(CONNECTIONS, max(1, len(tables))), "scan") as pool:
            return [work for work in pool.map(self._next, tables) if work is not None]

    def _next(self, table: Table, stored: Stored | None = None) -> _Work | None:
        try:
            stored = self._scanner.scan(table, stored)
        except Exception as failure:  # any fault of one table must leave the others their way
            self._failed(table, failure)
            return None
        state = stored.state
        if self._patient and state.failure is not None and datetime.now(UTC) < state.failure.not_before:
            self._paused[table.qualified] = state
            return None
        return _Work(table, stored, state.open[0]) if state.open else None

    def _may_begin(self) -> bool:
        # One batch always begins: a run that rings for the next must have done something.
        if self._begun and time.monotonic() >= self._deadline:
            return False
        self._begun += 1
        return True

    def _do(self, work: _Work) -> Outcome[_Work]:
        table, number, stored = work.table, work.batch.number, work.stored
        try:
            stored = self._store.change(table, stored, lambda state: planner.begun(state, number, self.name))
            batch = planner.open_batch(stored.state, number)
            if batch is not None:
                stored = self._carry_out(table, stored, batch)
            return Outcome(self._next(table, stored))
        except BatchChangedError:
            event("lost", run=self.name, batch=number, table=table.qualified)
            self._session.forget([self._config.log(table), self._config.current(table)])
            return Outcome(self._next(table))
        except TooManyRowsError as failure:
            files = failure.files
            event("cut", run=self.name, batch=number, table=table.qualified, files=files)
            stored = self._store.change(table, stored, lambda state: planner.cut(state, number, files))
            return Outcome(self._next(table, stored))
        except Exception as failure:  # any fault of one table must leave the others their way
            again = isinstance(failure, CommitLostError) or not isinstance(failure, CdcError)
            if again:
                event("again", run=self.name, batch=number, table=table.qualified, error=reason(failure))
            return Outcome(failure=failure, again=again)

    def _carry_out(self, table: Table, stored: Stored, batch: Batch) -> Stored:
        from cdc.run.execute import Surroundings, carry_out
        from cdc.tables import ledger

        def is_open() -> None:
            now = planner.open_batch(self._store.read(table).state, batch.number)
            if now is None or now.files != batch.files:
                raise BatchChangedError(f"Batch {batch.number} of {table.qualified} is not open any more as it was.")

        spark = self._session.size_for(batch.size)
        around = Surroundings(
            spark,
            self._storage,
            self._config,
            lambda: self._salt,
            self.name,
            min(_BROADCAST_MOST, int(heap(spark) * _BROADCAST_SHARE)),
            self._limits.rows,
            self._on_step,
        )
        failure = stored.state.failure
        mark = carry_out(around, table, stored.state, batch, is_open)
        ledger.write(spark, self._config.ledger, mark)
        self._on_step("ledger")
        done = self._finish(table, stored, batch, mark)
        if failure is not None:
            event("recovered", run=self.name, table=table.qualified, failures=failure.count)
            metric("Recovered", 1, "Count", table=table.qualified)
        return done

    def _finish(self, table: Table, stored: Stored, batch: Batch, mark: DoneMark) -> Stored:
        self._store.record(mark)
        stored = self._store.change(table, stored, lambda state: planner.finished(state, mark, batch))
        self._on_step("done")
        self._finished += 1
        for item in mark.files:
            if item.rejected:
                event("rejected", table=table.qualified, file=item.file.key, status=item.status, reason=item.reason)
        if mark.stale:
            event(
                "warning",
                table=table.qualified,
                stale=mark.stale,
                text=f"rows of batch {batch.number} are older than what earlier files brought, and changed nothing",
            )
        event("finished", run=self.name, batch=batch.number, table=table.qualified)
        return stored

    def _fail(self, work: _Work, failure: Exception) -> None:
        now, error = datetime.now(UTC), reason(failure)
        stored = self._store.read(work.table)
        self._failed(work.table, failure, is_known=failures.is_known(stored.state, error))
        self._store.change(work.table, stored, lambda state: failures.failed(state, error, now))

    def _failed(self, table: Table, failure: Exception, *, is_known: bool = False) -> None:
        self._failures[table.qualified] = failure
        if is_known:
            # One line: what is new must not drown in what is known.
            self._known.add(table.qualified)
            event("failed again", run=self.name, table=table.qualified, error=reason(failure))
            return
        event("failed", run=self.name, table=table.qualified, error=reason(failure))
        metric("NewFailures", 1, "Count", table=table.qualified)
        traceback.print_exception(failure)

    @cached_property
    def _salt(self) -> str:
        return read_secret(self._config.salt_secret or "")
