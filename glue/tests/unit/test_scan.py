"""The slow listing of everything: a slice a run, each beginning where the one before ended, until all was compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from memory import MemoryStorage, config
from plans import EMPTY, done, file, planned

from cdc.model.table_state import Sweep, TableState
from cdc.run import scan
from cdc.run.scan import Scanner
from cdc.state.planner import Limits
from cdc.state.store import StateStore

CONFIG = config()
PEOPLE = CONFIG.tables[0]
NOW = datetime.now(UTC)


class FakeSession:
    """A session that nothing is asked of."""

    def get(self) -> None:
        return None

    def forget(self, _: Any) -> None:
        pass


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> MemoryStorage:
    """A table that is up to date, with an empty ledger and a sweep that is due."""
    storage = MemoryStorage()
    monkeypatch.setattr("cdc.tables.ledger.finished", lambda *_: set())
    latest = storage.put(CONFIG.raw_bucket, file(NOW).key, "x", NOW)
    store = StateStore(storage, CONFIG)  # type: ignore[arg-type]
    state = replace(done(planned(EMPTY, [latest])), sweep=Sweep(compared=NOW - timedelta(days=1)))
    store.replace(PEOPLE, store.read(PEOPLE), state)
    return storage


def a_scan(storage: MemoryStorage, limits: Limits) -> TableState:
    store = StateStore(storage, CONFIG)  # type: ignore[arg-type]
    scanner = Scanner(storage, store, CONFIG, FakeSession(), limits, "r", lambda _: None)  # type: ignore[arg-type]
    return scanner.scan(PEOPLE).state


def test_slices_follow_each_other_until_everything_was_compared(
    storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "SLICE", 3)
    old = [NOW - timedelta(days=10 - day) for day in range(7)]
    names = [storage.put(CONFIG.raw_bucket, file(at).key, "x", at).name for at in old]
    cursors = []
    while True:
        state = a_scan(storage, Limits())
        assert state.open == ()
        cursors.append(state.sweep.cursor)
        if state.sweep.cursor is None:
            break
    assert cursors == [names[2], names[5], None]
    assert state.sweep.compared == state.sweep.begun >= NOW


def test_late_files_that_do_not_fit_into_a_batch_are_found_by_the_next_slice(storage: MemoryStorage) -> None:
    late = [file(NOW - timedelta(days=10 - day), modified=NOW) for day in range(5)]
    names = [storage.put(CONFIG.raw_bucket, item.key, "x", NOW).name for item in late]
    store, seen = StateStore(storage, CONFIG), list[list[str]]()  # type: ignore[arg-type]
    while (state := a_scan(storage, Limits(files=2))).open:
        seen.append([item.name for item in state.open[0].files])
        store.change(PEOPLE, store.read(PEOPLE), done)
    assert seen == [names[:2], names[2:4], names[4:]]
    assert state.sweep.cursor is None
