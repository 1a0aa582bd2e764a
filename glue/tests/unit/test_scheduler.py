"""Tables at once: none waits for another, together they stay within the memory, and what failed is tried once alone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from cdc.run.scheduler import TABLES_AT_ONCE, Outcome, work_off


@dataclass
class Watch:
    """Sees which pieces run beside which."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    running: set[str] = field(default_factory=set)
    beside: dict[str, set[str]] = field(default_factory=dict)
    peak: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    def begin(self, piece: str) -> None:
        with self.lock:
            self.running.add(piece)
            self.peak = max(self.peak, len(self.running))
            for other in self.running:
                self.beside.setdefault(other, set()).update(self.running - {other})

    def end(self, piece: str) -> None:
        with self.lock:
            self.running.remove(piece)

    def fail(self, piece: str, failure: Exception) -> None:
        self.failed.append((piece, str(failure)))


def test_a_slow_table_does_not_hold_up_the_next_batches_of_others() -> None:
    fast_is_through, done = threading.Event(), []

    def do(piece: tuple[str, int]) -> Outcome[tuple[str, int]]:
        name, batch = piece
        if name == "slow":
            assert fast_is_through.wait(20), "the slow table's end came first"
        done.append(piece)
        if name == "fast" and batch == 3:
            fast_is_through.set()
            return Outcome()
        return Outcome((name, batch + 1)) if name == "fast" else Outcome()

    left = work_off(
        [("slow", 1), ("fast", 1)],
        do,
        weight=lambda _: 1,
        memory=10,
        may_begin=lambda: True,
        on_failure=lambda *_: None,
    )
    assert left == []
    assert done == [("fast", 1), ("fast", 2), ("fast", 3), ("slow", 1)]


def test_what_comes_for_others_meanwhile_does_not_wait_for_the_slowest() -> None:
    late_is_through, asked = threading.Event(), list[list[str]]()

    def do(piece: str) -> Outcome[str]:
        if piece == "slow":
            assert late_is_through.wait(20), "the slow table's end came first"
        if piece == "late":
            late_is_through.set()
        return Outcome()

    def look(busy: Sequence[str]) -> list[str]:
        asked.append(sorted(busy))
        return ["late"] if len(asked) == 1 else []

    pieces = ["slow", "fast"]
    work_off(pieces, do, weight=lambda _: 1, memory=10, may_begin=lambda: True, on_failure=lambda *_: None, look=look)
    assert asked[0] == ["slow"]
    assert late_is_through.is_set()


def test_no_more_run_at_once_than_allowed_and_all_do_that_may() -> None:
    watch, together = Watch(), threading.Barrier(TABLES_AT_ONCE)

    def do(piece: str) -> Outcome[str]:
        watch.begin(piece)
        together.wait(20)
        watch.end(piece)
        return Outcome()

    pieces = [f"t{index}" for index in range(2 * TABLES_AT_ONCE)]
    work_off(pieces, do, weight=lambda _: 1, memory=100, may_begin=lambda: True, on_failure=watch.fail)
    assert watch.peak == TABLES_AT_ONCE


def test_pieces_that_do_not_fit_into_the_memory_together_do_not_run_together() -> None:
    watch = Watch()
    weights = {"huge": 500, "half": 50, "other": 60}
    two_at_once = threading.Event()

    def do(piece: str) -> Outcome[str]:
        watch.begin(piece)
        if len(watch.running) > 1:
            two_at_once.set()
        # Long enough for a scheduler that would begin another beside it.
        two_at_once.wait(0.3)
        watch.end(piece)
        return Outcome()

    work_off(weights, do, weight=weights.__getitem__, memory=100, may_begin=lambda: True, on_failure=watch.fail)
    assert watch.beside == {"huge": set(), "half": set(), "other": set()}


def test_what_failed_is_tried_once_more_when_nothing_else_runs() -> None:
    watch, tries = Watch(), dict.fromkeys(("frail", "broken", "sound", "refused"), 0)
    frail_again = threading.Event()

    def do(piece: str) -> Outcome[str]:
        watch.begin(piece)
        tries[piece] += 1
        if piece == "frail" and tries[piece] == 2:
            frail_again.set()
            assert watch.running == {"frail"}
        if piece == "sound":
            # Long enough for a scheduler that would try again beside it.
            frail_again.wait(0.3)
        watch.end(piece)
        if piece == "sound" or (piece == "frail" and tries[piece] == 2):
            return Outcome()
        return Outcome(failure=RuntimeError(piece), again=piece != "refused")

    work_off(tries, do, weight=lambda _: 1, memory=100, may_begin=lambda: True, on_failure=watch.fail)
    assert tries == {"frail": 2, "broken": 2, "sound": 1, "refused": 1}
    assert sorted(watch.failed) == [("broken", "broken"), ("refused", "refused")]


def test_what_may_not_begin_any_more_is_left() -> None:
    allowed = iter([True, False, False, False])
    left = work_off(
        ["a", "b"],
        lambda _: Outcome(),
        weight=lambda _: 1,
        memory=1,
        may_begin=lambda: next(allowed),
        on_failure=lambda *_: None,
    )
    assert left == ["b"]
