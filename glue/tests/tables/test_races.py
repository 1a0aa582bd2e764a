"""Another program commits between our last look at a table and our commit: no row is lost, and none is there twice."""

from __future__ import annotations

from typing import Any

import pytest
from pyspark.sql import SparkSession
from world import Change, World, position, sequence

from cdc.tables import commit

pytestmark = pytest.mark.spark

FIRST, SECOND = "20260101-000001000.parquet", "20260101-000002000.parquet"


@pytest.fixture
def world(spark: SparkSession) -> World:
    """A table with one row, and a second catalog that knows nothing of what the first remembers."""
    for name, value in spark.sparkContext.getConf().getAll():
        if name.startswith("spark.sql.catalog.glue_catalog"):
            spark.conf.set(name.replace("glue_catalog", "another"), value)
    spark.conf.set("spark.sql.catalog.another.cache-enabled", "false")
    world = World(spark)
    world.put(FIRST, [Change("I", 61, 1, "A", 1)])
    world.run()
    return world


def another_inserts(world: World, key: int) -> None:
    values = f"('{sequence(99)}', '0000:{position(99)}', current_timestamp(), {key}, 'theirs', 0)"
    world.spark.sql(f"INSERT INTO another.{world.name}.public_people VALUES {values}")


class Gap:
    """An Iceberg table with which something happens after each look at what is there."""

    def __init__(self, table: Any, happens: Any) -> None:
        self._table, self._happens = table, happens

    def refresh(self) -> None:
        self._table.refresh()
        self._happens()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)


def test_a_commit_after_the_branch_was_made_and_main_looked_at_is_not_written_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put(SECOND, [Change("U", 65, 1, "A2", 2), Change("I", 66, 2, "B", 1)])
    load, inserted = commit.load, []

    def insert_once() -> None:
        if not inserted:
            inserted.append(7)
            another_inserts(world, 7)

    def loading(spark: SparkSession, identifier: str) -> Any:
        table = load(spark, identifier)
        return Gap(table, insert_once) if identifier.endswith("public_people") else table

    monkeypatch.setattr(commit, "load", loading)
    assert world.run() == 1
    assert inserted
    assert world.people() == {1: ("A2", 2), 2: ("B", 1), 7: ("theirs", 0)}


def test_a_row_that_another_inserted_meanwhile_is_not_inserted_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put(SECOND, [Change("I", 66, 2, "B", 1)])
    append, inserted = commit.append_after, []

    def appending(frame: Any, identifier: str, base: int | None) -> None:
        if not inserted:
            inserted.append(2)
            another_inserts(world, 2)
        append(frame, identifier, base)

    monkeypatch.setattr(commit, "append_after", appending)
    assert world.run() == 1
    assert world.people() == {1: ("A", 1), 2: ("theirs", 0)}
