"""A run without Spark: what it asks of S3 when there is nothing to do, and what it leaves to the next run."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from memory import MemoryStorage, config, table
from plans import EMPTY, done, file, planned

from cdc.model.table_state import Sweep
from cdc.run.report import tell_retention
from cdc.run.run import Run
from cdc.state import planner
from cdc.state.planner import Limits
from cdc.state.store import StateStore

TABLES = 200


class NoSpark:
    """A session that must not be asked for."""

    def get(self) -> Any:
        raise AssertionError("Spark was started for nothing")

    def forget(self, _: Any) -> None:
        pass


def a_day_of_files(storage: MemoryStorage, names: list[str]) -> None:
    """Every table with a day of files, one a minute, all of them done."""
    cfg = config(tables=[table(name) for name in names])
    store = StateStore(storage, cfg)  # type: ignore[arg-type]
    start = storage.now
    day = [file(start + timedelta(minutes=minute)) for minute in range(1440)]
    for item in cfg.tables:
        for each in day:
            storage.put(cfg.raw_bucket, cfg.raw_folder(item) + each.name, "x", each.modified)
    listed = storage.listing(cfg.raw_bucket, cfg.raw_folder(cfg.tables[0]))
    state = done(planned(EMPTY, list(listed), Limits(files=10_000)))
    # The slow listing is not due, whatever the day is.
    state = replace(state, sweep=Sweep(begun=start + timedelta(days=400_000)))
    for item in cfg.tables:
        # The tables' files differ in their ETags.
        there = {each.name: each for each in storage.listing(cfg.raw_bucket, cfg.raw_folder(item))}
        known = {name: there[name] for name in state.known}
        store.replace(item, store.read(item), replace(state, table=item.qualified, known=known))


def test_a_run_without_work_reads_and_lists_each_table_once_and_starts_no_spark() -> None:
    names = [f"t{index:03d}" for index in range(TABLES)]
    storage = MemoryStorage()
    a_day_of_files(storage, names)
    sizes = [len(body) for (bucket, _), (body, _) in storage.objects.items() if bucket == "final-bucket"]
    assert len(sizes) == TABLES
    assert max(sizes) < 100_000
    storage.calls.clear()
    started = time.process_time()
    run = Run(config(tables=[table(name) for name in names]), storage, NoSpark())  # type: ignore[arg-type]
    result = run.carry_out()
    seconds = time.process_time() - started
    assert (result.finished, result.work_left, dict(result.failures)) == (0, False, {})
    # One after the other are a table's two; before them the job reads its configuration: three in sequence.
    # What others wrote is listed once for all.
    assert Counter(operation for operation, _ in storage.calls) == {"get": TABLES, "list": TABLES + 2}
    assert set(Counter(storage.calls).values()) == {1}
    assert seconds < 3, "about half a second on an idle machine"


def test_a_listing_of_everything_that_finds_nothing_late_starts_no_spark(capsys: pytest.CaptureFixture[str]) -> None:
    storage, cfg = MemoryStorage(), config(tables=[table("people")])
    store, now = StateStore(storage, cfg), datetime.now(UTC)  # type: ignore[arg-type]
    people, times = cfg.tables[0], [now - timedelta(days=days) for days in range(9, 0, -1)]
    listed = [storage.put(cfg.raw_bucket, file(at).key, "x", at + timedelta(minutes=1)) for at in times]
    store.replace(people, store.read(people), done(planned(EMPTY, listed)))
    assert Run(cfg, storage, NoSpark()).carry_out().finished == 0  # type: ignore[arg-type]
    assert '"OldestOpenBatchAge": 0' in capsys.readouterr().out
    assert store.read(people).state.sweep.begun >= now, "it was due, and is through"


def test_tables_are_looked_at_beside_each_other() -> None:

    together = threading.Barrier(4)

    class Meeting(MemoryStorage):
        def read_json(self, bucket: str, key: str) -> Any:
            together.wait(20)
            return super().read_json(bucket, key)

    names = [f"t{index}" for index in range(4)]
    Run(config(tables=[table(name) for name in names]), Meeting(), NoSpark()).carry_out()  # type: ignore[arg-type]
    assert together.broken is False


def test_tables_that_are_idle_are_looked_at_again_while_others_work_but_not_all_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage, cfg = MemoryStorage(), config()
    run = Run(cfg, storage, NoSpark())  # type: ignore[arg-type]
    people, orders = cfg.tables
    for item in (people, orders):
        storage.put(cfg.raw_bucket, f"{cfg.raw_folder(item)}{file(storage.now).name}", "x")
    (busy,) = [work for work in run._scan() if work.table is people]
    storage.put(cfg.raw_bucket, f"{cfg.raw_folder(orders)}{file(storage.now).name}", "x")
    assert run._look([busy]) == [], "a moment after the listing"
    monkeypatch.setattr(run, "_scanned", run._scanned - 11)
    assert [work.table for work in run._look([busy])] == [orders]
    assert run._look([busy]) == []
    monkeypatch.setattr(run, "_scanned", run._scanned - 11)
    monkeypatch.setattr(run, "_deadline", 0)
    assert run._look([busy]) == [], "there is no time to begin anything"


@pytest.mark.parametrize(("days", "warned"), [(None, False), (7, True), (30, False)])
def test_a_batch_that_is_open_for_half_of_the_retention_of_raw_files_is_warned_of(
    days: int | None, warned: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    storage, raw = MemoryStorage(), {"bucket": "raw-bucket", "prefix": "raw/", "format": "parquet"}
    cfg = config(raw=raw | ({} if days is None else {"retention_days": days}))
    store, people = StateStore(storage, cfg), cfg.tables[0]  # type: ignore[arg-type]
    since = datetime.now(UTC) - timedelta(days=4)
    state = planner.plan(EMPTY, [file(since)], Limits(), since, "r")
    assert state is not None
    store.replace(people, store.read(people), state)
    run = Run(cfg, storage, NoSpark())  # type: ignore[arg-type]
    run._scan()
    tell_retention(cfg, run._scanner.oldest_open(datetime.now(UTC)))
    assert ("of the 7 days after which raw files are deleted" in capsys.readouterr().out) == warned


def test_a_state_that_cannot_be_read_fails_its_table_and_no_other() -> None:
    storage = MemoryStorage()
    storage.put("final-bucket", "_cdc/tables/public.people.json", '{"version": 7}')
    result = Run(config(), storage, NoSpark()).carry_out()  # type: ignore[arg-type]
    assert list(result.failures) == ["public.people"]
    assert "is of version 7" in str(result.failures["public.people"])
    assert ("list", "raw/public/orders/") in storage.calls
