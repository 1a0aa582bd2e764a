"""Tables at once, each with its own next batch: none waits for another, and together they stay within the memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

#: Tables that are worked on at the same time; while one plans or commits, another computes.
TABLES_AT_ONCE = 4

W = TypeVar("W")


@dataclass(frozen=True)
class Outcome(Generic[W]):
    """How a piece of work ended.

    Attributes:
        following: The same table's next piece; None when it has none.
        failure: What it failed of.
        again: Whether it may go well when nothing else runs beside it.
    """

    following: W | None = None
    failure: Exception | None = None
    again: bool = False


def work_off(
    ready: Iterable[W],
    do: Callable[[W], Outcome[W]],
    *,
    weight: Callable[[W], int],
    memory: int,
    may_begin: Callable[[], bool],
    on_failure: Callable[[W, Exception], None],
    look: Callable[[Sequence[W]], Sequence[W]] = lambda _: (),
) -> list[W]:
    """Works off pieces until there are none, or none may begin any more.

    What failed although it may go well alone is tried once more, when everything else has ended.

    Args:
        do: Called in threads of its own; what it throws ends everything.
        weight: Bytes of memory that a piece is estimated to take.
        memory: Bytes that all pieces at once may take; a bigger piece runs alone.
        may_begin: Asked before each piece.
        look: Asked after a piece ended for further ones, given those that run or wait: what had nothing to do at first
            must not wait for the slowest.

    Returns:
        What was not begun.
    """
    waiting, alone = deque(ready), deque[tuple[W, Exception]]()
    running: dict[Future[Outcome[W]], W] = {}
    tried: set[int] = set()
    with ThreadPoolExecutor(TABLES_AT_ONCE, "table") as pool:
        while True:
            while waiting and len(running) < TABLES_AT_ONCE and may_begin():
                taken = sum(min(weight(item), memory) for item in running.values())
                if running and taken + min(weight(waiting[0]), memory) > memory:
                    break
                piece = waiting.popleft()
                running[pool.submit(do, piece)] = piece
            if not running and alone and may_begin():
                piece, _ = alone.popleft()
                tried.add(id(piece))
                running[pool.submit(do, piece)] = piece
            if not running:
                for piece, failure in alone:
                    on_failure(piece, failure)
                return [*waiting]
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                piece = running.pop(future)
                outcome = future.result()
                if outcome.following is not None:
                    waiting.append(outcome.following)
                elif outcome.failure is not None and outcome.again and id(piece) not in tried:
                    alone.append((piece, outcome.failure))
                elif outcome.failure is not None:
                    on_failure(piece, outcome.failure)
            waiting.extend(look([*running.values(), *waiting, *(piece for piece, _ in alone)]))
