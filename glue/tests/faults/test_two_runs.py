"""Two runs at once, late runs, and batches too big to broadcast: everything once, nothing back from the dead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from oracle import fold
from pyspark.sql import SparkSession
from world import PEOPLE, Change, KilledError, World

from cdc.run import run as run_module

pytestmark = pytest.mark.spark

FIRST, SECOND, THIRD = (f"20260101-00000{second}000.parquet" for second in (1, 2, 3))

INSERT, UPDATE = Change("I", 61, 2, "B", 1), Change("U", 62, 1, "A2", 2)


def once_at(step: str, act: Callable[[], object]) -> Callable[[str], None]:
    """Does something the first time that a run reaches a step."""
    done: list[str] = []

    def reach(reached: str) -> None:
        if reached == step and not done:
            done.append(step)
            act()

    return reach


def test_two_runs_that_each_finish_tables_of_their_own_leave_every_file_in_the_ledger(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"name": "x"}, PEOPLE | {"name": "y"}])
    for table in ("x", "y"):
        world.put(FIRST, [Change("I", 61, 1, table, 1)], f"public/{table}")
    world.run(once_at("publish", world.run))
    assert sorted((row["source_table"], row["_batch"], row["rows"]) for row in world.ledger()) == [
        ("public.x", 1, 1),
        ("public.y", 1, 1),
    ]
    assert world.people("public_x") == {1: ("x", 1)}
    assert world.people("public_y") == {1: ("y", 1)}
    assert len(world.log("public_x")) == len(world.log("public_y")) == 1


@pytest.mark.parametrize("batch", [[INSERT], [UPDATE], [INSERT, UPDATE]], ids=["inserts", "updates", "both"])
@pytest.mark.parametrize("step", ["found", "log"])
def test_a_late_run_brings_nothing_back_that_its_successor_deleted(
    spark: SparkSession, batch: list[Change], step: str
) -> None:
    world = World(spark)
    first = [Change("I", 1, 1, "A", 1)]
    world.put(FIRST, first)
    world.run()
    world.put(SECOND, batch)
    deletion = [Change("D", 71, batch[0].id)]

    def overtake() -> None:
        world.run()
        world.put(THIRD, deletion)
        world.run()

    world.run(once_at(step, overtake))
    assert world.people() == fold([*first, *batch, *deletion])
    assert len(world.log()) == len([*first, *batch, *deletion])
    assert [row["_batch"] for row in world.ledger()] == [1, 2, 3]


def test_a_run_that_still_carries_out_a_batch_that_was_cut_meanwhile_leaves_each_change_once(
    spark: SparkSession,
) -> None:
    world = World(spark)
    changes = [Change("I", 60 + number, number, "A", number) for number in range(1, 5)]
    for number, change in enumerate(changes, 1):
        world.put(f"20260101-00000{number}000.parquet", [change])

    def kill(reached: str) -> None:
        raise KilledError

    def begin_in_vain() -> None:
        with pytest.raises(KilledError):
            world.run(kill)

    def others() -> None:
        # Two runs begin the batch in vain, the third takes half of it.
        begin_in_vain()
        begin_in_vain()
        world.run()

    world.run(once_at("found", others))
    assert world.people() == fold(changes)
    assert [row["id"] for row in world.log()] == [1, 2, 3, 4]
    keys = [row["object_key"] for row in world.ledger()]
    assert len(keys) == len(set(keys)) == 4


def test_a_batch_that_is_too_big_to_be_broadcast_gives_the_same(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "_BROADCAST_MOST", 0)
    world = World(spark)
    first = [Change("I", key, key, f"n{key}", key) for key in range(1, 6)]
    world.put(FIRST, first)
    world.run()
    changes = [
        Change("U", 61, 1, "u", 9),
        Change("D", 62, 2),
        Change("I", 63, 7, "i", 7),
        Change("U", 64, 8, "m", 3, old_id=3),
    ]
    world.put(SECOND, changes)
    world.run()
    assert world.people() == fold([*first, *changes])
