"""A run that is killed anywhere leaves nothing that the next run does not put right."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from oracle import fold
from pyspark.sql import SparkSession
from world import Change, KilledError, World, sequence

pytestmark = pytest.mark.spark


@dataclass
class History:
    """A world that every test of this module moves on, and all changes that were delivered to it."""

    world: World
    changes: list[Change] = field(default_factory=list)
    files: int = 0

    def deliver(self) -> None:
        """A file with an update, an insert, a delete and a key update, each of a row that is there."""
        self.files += 1
        start, key = self.files * 100, self.files * 10
        rows = [
            Change("U", start + 1, key - 10, f"update {key}", 1),
            Change("D", start + 2, key - 9),
            Change("U", start + 3, key - 3, "moved", 3, old_id=key - 8),
            *[Change("I", start + 4 + offset, key + offset, f"insert {key}", offset) for offset in range(3)],
        ]
        self.changes += rows
        self.world.put(f"20260101-{self.files:06d}000.parquet", rows)

    def is_right(self) -> None:
        assert self.world.people() == fold(self.changes)
        logged = [(row["_seq"], row["_op"], row["id"]) for row in self.world.log()]
        assert sorted(logged) == sorted(
            entry
            for change in self.changes
            for entry in (
                [(sequence(change.number), "D", change.old_id), (sequence(change.number), "I", change.id)]
                if change.old_id is not None
                else [(sequence(change.number), change.op, change.id)]
            )
        )
        assert sum(row["rows"] for row in self.world.ledger()) == len(self.changes)


@pytest.fixture(scope="module")
def history(spark: SparkSession) -> History:
    history = History(World(spark))
    history.deliver()
    history.world.run()
    return history


@pytest.mark.parametrize("step", ["plan", "log", "merge", "insert", "publish", "ledger", "done"])
def test_the_run_after_one_that_was_killed_gives_the_same_as_without(history: History, step: str) -> None:
    def kill(reached: str) -> None:
        if reached == step:
            raise KilledError

    history.deliver()
    with pytest.raises(KilledError):
        history.world.run(kill)
    assert history.world.run() == (0 if step == "done" else 1)
    history.is_right()


def test_what_a_killed_run_planned_comes_before_what_came_since(history: History) -> None:
    def kill(reached: str) -> None:
        raise KilledError

    history.deliver()
    with pytest.raises(KilledError):
        history.world.run(kill)
    history.deliver()
    assert history.world.run() == 2
    batches = [row["_batch"] for row in history.world.ledger()]
    assert batches == sorted(set(batches)), "one file a batch, in the order of delivery"
    history.is_right()


def test_no_branch_of_a_killed_run_outlives_the_next_one_that_needs_a_branch(history: History) -> None:
    history.deliver()
    history.world.run()
    refs = history.world.query("SELECT name FROM {table}.refs")
    assert [row["name"] for row in refs] == ["main"]


@pytest.mark.parametrize("step", ["plan", "found", "log", "merge"])
def test_two_runs_at_once_apply_everything_once(history: History, step: str) -> None:
    history.deliver()
    inner: list[int] = []

    def run_another(reached: str) -> None:
        # The other run begins and ends while this one stands after a step.
        if reached == step and not inner:
            inner.append(0)
            inner[0] = history.world.run()

    history.world.run(run_another)
    assert inner == [1]
    history.is_right()


@pytest.mark.parametrize("step", ["found", "log"])
def test_a_run_that_comes_late_inserts_nothing_that_its_successor_deleted(history: History, step: str) -> None:
    history.deliver()
    key = history.files * 10
    late: list[str] = []

    def overtake(reached: str) -> None:
        if reached == step and not late:
            late.append(reached)
            deletion = Change("D", history.files * 100 + 50, key)
            history.changes.append(deletion)
            history.world.put(f"20260101-{history.files:06d}500.parquet", [deletion])
            history.world.run()

    history.world.run(overtake)
    assert key not in history.world.people()
    history.is_right()
