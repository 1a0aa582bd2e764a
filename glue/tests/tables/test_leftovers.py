"""Branches that a killed run left pin no snapshots: the next batch drops them, whether it needs a branch or not."""

from __future__ import annotations

from typing import Any

import pytest
from pyspark.sql import SparkSession
from world import Change, KilledError, World, compact, killed_at

from cdc.tables import commit

pytestmark = pytest.mark.spark

FIRST, SECOND, THIRD = (f"20260101-00000{second}000.parquet" for second in (1, 2, 3))

#: Branches that are nobody's leftovers: a user's own, and one of another table's batches in the ledger.
OTHERS = {"audit", "cdc00000000_1_run"}


def refs(world: World, table: str) -> set[str]:
    return {row["name"] for row in world.query("SELECT name FROM {table}.refs", table)}


def test_a_branch_in_the_table_is_gone_after_the_next_batch_even_if_that_needs_none(spark: SparkSession) -> None:
    world = World(spark)
    world.put(FIRST, [Change("I", 61, 1, "A", 1)])
    world.run()
    for name in OTHERS:
        world.query(f"ALTER TABLE {{table}} CREATE BRANCH `{name}`")
    world.put(SECOND, [Change("I", 65, 2, "B", 1), Change("U", 67, 1, "B", 1)])
    killed_at(world, "merge")
    assert len(refs(world, "public_people")) == len(OTHERS) + 2
    world.run()
    world.put(THIRD, [Change("I", 71, 3, "C", 1)])
    world.run()
    assert refs(world, "public_people") == {"main"} | OTHERS


@pytest.mark.parametrize("table", ["public_people_changes", "cdc_files"])
def test_a_branch_in_log_or_ledger_is_gone_after_the_next_batch(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    world = World(spark)
    world.put(FIRST, [Change("I", 61, 1, "A", 1)])
    world.run()
    for name in OTHERS:
        world.query(f"ALTER TABLE {{table}} CREATE BRANCH `{name}`", table)
    world.put(SECOND, [Change("I", 65, 2, "B", 1)])
    killed_at(world, "ledger")
    # What is written again to a compacted table goes to a branch.
    compact(world, table)
    publish = commit.publish

    def killed(spark: Any, identifier: str, name: str) -> None:
        if identifier.endswith(table):
            raise KilledError
        publish(spark, identifier, name)

    monkeypatch.setattr(commit, "publish", killed)
    with pytest.raises(KilledError):
        world.run()
    monkeypatch.undo()
    assert len(refs(world, table)) == len(OTHERS) + 2
    assert world.run() == 1
    world.put(THIRD, [Change("I", 71, 3, "C", 1)])
    world.run()
    assert refs(world, table) == {"main"} | OTHERS
    assert [(row["_batch"], row["rows"]) for row in world.ledger()] == [(1, 1), (2, 1), (3, 1)]
    assert [row["id"] for row in world.log()] == [1, 2, 3]
