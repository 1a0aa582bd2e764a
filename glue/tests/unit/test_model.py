"""Planner and state against any order of events: files that come, come late and come again, two runs at once, kills.

The table is a fake that commits as Iceberg does: a write is refused if rows of its batch were written since it looked.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from memory import MemoryStorage, config

from cdc.model.batch import APPLIED, SUPERSEDED, Batch, DoneMark, FileStatistics, Kind, StoredObject
from cdc.model.table_state import TableState
from cdc.raw import discover
from cdc.raw.names import is_load
from cdc.state import loads, planner
from cdc.state.outside import Outside
from cdc.state.planner import Limits
from cdc.state.store import StateStore, Stored

CONFIG = config()
TABLE = CONFIG.tables[0]
FOLDER = CONFIG.raw_folder(TABLE)
LIMITS = Limits(files=3)
SLICE = 4


class FakeTable:
    """The log as batch → files; each write of a batch has a version."""

    def __init__(self) -> None:
        self.rows: dict[int, frozenset[tuple[str, str]]] = {}
        self.versions: dict[int, int] = {}
        self.ledger: dict[int, frozenset[tuple[str, str]]] = {}
        self.ghosts_taken: list[int] = []

    def replace(self, batch: int, files: frozenset[tuple[str, str]], base: int) -> bool:
        if self.versions.get(batch, 0) != base:
            return False
        self.rows[batch] = files
        self.versions[batch] = base + 1
        return True


def a_run(name: str, storage: MemoryStorage, table: FakeTable) -> Generator[None, None, None]:
    """The steps of ``run.scan``, ``run.run`` and ``tables.log``; between any two of them anything may happen."""
    store = StateStore(storage, CONFIG)  # type: ignore[arg-type]
    while True:
        stored = store.read(TABLE)
        yield
        if not stored.state.open:
            planned = yield from _planned(name, storage, table, stored.state)
            if planned is None:
                return
            done = store.replace(TABLE, stored, planned)
            yield
            if done is None or not done.state.open:
                continue
            stored = done
        number = stored.state.open[0].number
        stored = store.change(TABLE, stored, lambda state, number=number: planner.begun(state, number, name))
        yield
        batch = planner.open_batch(stored.state, number)
        if batch is not None:
            yield from _carried_out(store, storage, table, stored, batch)


def _planned(
    name: str, storage: MemoryStorage, table: FakeTable, state: TableState
) -> Generator[None, None, TableState | None]:
    now, outside = storage.now, Outside(storage, CONFIG)  # type: ignore[arg-type]
    report = outside.latest_report(TABLE)
    listed = discover.listing(storage, CONFIG, TABLE, state)  # type: ignore[arg-type]
    yield
    before = state
    if report is not None and (version := f"{report.name} {report.etag}") != state.reported:
        told = outside.report(report)
        assert told is not None
        state = loads.reported(state, told, version, planner.fresh(state, listed)) or state
    if loads.has_ghosts(state):
        return planner.plan_other(state, Kind.GHOSTS, now, name)
    planned = planner.plan(state, listed, LIMITS, now, name)
    if planned is None and state != before:
        return state
    if planned is not None or not planner.sweep_is_due(state, now):
        return planned
    old = discover.old_files(storage, CONFIG, TABLE, state, SLICE)  # type: ignore[arg-type]
    yield
    known = frozenset().union(*table.ledger.values())
    late = [item for item in planner.late_candidates(state, old) if (item.key, item.etag) not in known]
    yield
    planned = planner.plan_late(state, late, LIMITS, now, name)
    cursor = old[-1].name if len(old) == SLICE else None
    if planned is not None and len(planned.open[-1].files) < len(late):
        cursor = planned.open[-1].files[-1].name
    return planner.swept(planned or state, cursor, now)


def _carried_out(
    store: StateStore, storage: MemoryStorage, table: FakeTable, stored: Stored, batch: Batch
) -> Generator[None, None, None]:
    if batch.kind is Kind.GHOSTS:
        _check_load_is_whole(storage, table, stored.state)
        yield
        ghosts = DoneMark(batch.number, TABLE.qualified, batch.run, stored.state.mark, (), kind="ghosts")
        store.change(TABLE, stored, lambda state: planner.finished(state, ghosts, batch))
        table.ghosts_taken.append(batch.epoch)
        yield
        return
    read = [item for item in batch.files if storage.etag(CONFIG.raw_bucket, item.key) == item.etag]
    yield
    while True:
        base = table.versions.get(batch.number, 0)
        yield
        now = planner.open_batch(store.read(TABLE).state, batch.number)
        if now is None or now.files != batch.files:
            return
        yield
        if table.replace(batch.number, frozenset((item.key, item.etag) for item in read), base):
            break
    yield
    files = tuple(FileStatistics(item, rows=1, status=APPLIED if item in read else SUPERSEDED) for item in batch.files)
    table.ledger[batch.number] = frozenset((item.key, item.etag) for item in batch.files)
    yield
    mark = DoneMark(batch.number, TABLE.qualified, batch.run, "0000: ", files)
    store.change(TABLE, stored, lambda state: planner.finished(state, mark, batch))
    yield


def _check_load_is_whole(storage: MemoryStorage, table: FakeTable, state: TableState) -> None:
    """What a load did not have may go only when all is there that it had when it was reported."""
    assert state.load is not None
    reports = [
        (item, json.loads(body))
        for (bucket, key), (body, item) in storage.objects.items()
        if bucket == CONFIG.final_bucket and "/loads/" in key
    ]
    complete = max((body["complete"] for _, body in reports), default="")
    finished = frozenset().union(*table.ledger.values())
    for (bucket, _), (_, item) in storage.objects.items():
        is_of_load = bucket == CONFIG.raw_bucket and is_load(item.name) and item.modified >= state.load.began
        if is_of_load and item.modified.isoformat() <= complete and state.load.rows:
            assert (item.key, item.etag) in finished


class Model(RuleBasedStateMachine):
    """Files come, runs step and die."""

    @initialize()
    def begin(self) -> None:
        self.storage, self.table = MemoryStorage(), FakeTable()
        self.runs: dict[str, Generator[None, None, None]] = {}
        self.started = 0

    @rule(hours=st.sampled_from([0, 0, 0, 1, 5, 11, 20, 30, 100, 240, -2, -20, -48]))
    def a_file_comes(self, hours: int) -> None:
        at = self.storage.now - timedelta(hours=hours)
        self._put(f"{at:%Y%m%d-%H%M%S}000.parquet")

    @rule(number=st.integers(1, 4))
    def a_load_file_comes_or_comes_again(self, number: int) -> None:
        self._put(f"LOAD{number:08X}.parquet")

    @rule(files=st.integers(1, 4), is_reported=st.booleans())
    def a_table_is_loaded_again(self, files: int, is_reported: bool) -> None:
        for number in range(1, files + 1):
            self._put(f"LOAD{number:08X}.parquet")
        if is_reported:
            self.a_load_is_reported(False)

    @rule(is_empty=st.sampled_from([False, False, True]))
    def a_load_is_reported(self, is_empty: bool) -> None:
        first = next((item for item in self._files() if item.name == "LOAD00000001.parquet"), None)
        if first is None or is_empty:
            started, rows = self.storage.now, 0
        else:
            started = first.modified - timedelta(seconds=1)
            rows = len([item for item in self._files() if is_load(item.name) and item.modified >= first.modified])
        self.storage.now += timedelta(seconds=1)
        body = {"version": 1, "started": started.isoformat(), "complete": self.storage.now.isoformat(), "rows": rows}
        key = f"{CONFIG.state_prefix}loads/{TABLE.qualified}/{started:%Y%m%dT%H%M%SZ}.json"
        self.storage.put(CONFIG.final_bucket, key, json.dumps(body))

    @rule(choice=st.integers(0, 99))
    def a_file_comes_again(self, choice: int) -> None:
        files = self._files()
        if files:
            self._put(files[choice % len(files)].name)

    @rule(which=st.sampled_from("ab"), steps=st.integers(1, 12))
    def a_run_steps(self, which: str, steps: int) -> None:
        if which not in self.runs:
            self.started += 1
            self.runs[which] = a_run(f"{which}{self.started}", self.storage, self.table)
        for _ in range(steps):
            try:
                next(self.runs[which])
            except StopIteration:
                del self.runs[which]
                return

    @rule(which=st.sampled_from("ab"))
    def a_run_is_killed(self, which: str) -> None:
        self.runs.pop(which, None)

    @rule(hours=st.sampled_from([1, 5, 30]))
    def time_passes(self, hours: int) -> None:
        self.storage.now += timedelta(hours=hours)

    @invariant()
    def no_file_is_in_two_batches_that_are_done(self) -> None:
        store = StateStore(self.storage, CONFIG)  # type: ignore[arg-type]
        open_now = {batch.number for batch in store.read(TABLE).state.open}
        logged = [file for batch, files in self.table.rows.items() if batch not in open_now for file in files]
        assert len(logged) == len(set(logged))

    def teardown(self) -> None:
        """In the end, a day later, undisturbed runs bring everything there is, each file once."""
        for run in self.runs.values():
            for _ in run:
                pass
        for _ in range(3):
            self.storage.now += timedelta(days=1, hours=1)
            for _ in range(40):
                self.started += 1
                for _ in a_run(f"last{self.started}", self.storage, self.table):
                    pass
                if not StateStore(self.storage, CONFIG).read(TABLE).state.open:  # type: ignore[arg-type]
                    break
        state = StateStore(self.storage, CONFIG).read(TABLE).state  # type: ignore[arg-type]
        assert not loads.has_ghosts(state), "a load that is complete leaves nothing behind"
        logged = [file for files in self.table.rows.values() for file in files]
        assert len(logged) == len(set(logged))
        assert {(item.key, item.etag) for item in self._files() if not self._is_replaced(item)} <= set(logged)

    def _is_replaced(self, item: StoredObject) -> bool:
        """Whether a file is of a load that another one replaced."""
        first = next((other for other in self._files() if other.name == "LOAD00000001.parquet"), None)
        return is_load(item.name) and first is not None and item.modified < first.modified

    def _put(self, name: str) -> None:
        self.storage.put(CONFIG.raw_bucket, FOLDER + name, "x")

    def _files(self) -> list[StoredObject]:
        return sorted(item for (bucket, _), (_, item) in self.storage.objects.items() if bucket == CONFIG.raw_bucket)


class TestModel(Model.TestCase):  # type: ignore[name-defined,misc]
    """2,000 histories; a failing one is printed as the calls that make it."""

    settings = settings(
        max_examples=2000,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
