"""The table that equals its source can be made anew from its log at any time."""

from __future__ import annotations

import uuid

import pytest
from oracle import fold
from pyspark.sql import SparkSession
from pyspark.sql.types import LongType, StringType
from world import PEOPLE, Change, World, dms_row, dms_schema, killed_at

from cdc.commands.rebuilding import rebuild
from cdc.errors import ArgumentError, StateError
from cdc.model.batch import Kind
from cdc.spark import LazySession
from cdc.state import again
from cdc.state.store import StateStore
from cdc.storage import Storage

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"


def at(second: int) -> str:
    return f"20260101-0000{second:02d}000.parquet"


def rebuilt(world: World, table: str = "public.people") -> None:
    rebuild(world.config, Storage(world.s3), LazySession(world.spark), table, uuid.uuid4().hex[:8]).raise_failures()


#: Deletes, new and old keys that pass each other in one transaction, a key that comes back, a chain.
CHANGES = [
    [Change("I", 0, key, f"old {key}", key) for key in (1, 2, 3, 4, 5)],
    [Change("U", 11, 1, "new 1", 10), Change("D", 12, 2), Change("I", 13, 6, "new 6", 6)],
    [
        Change("U", 21, 4, "was 3", 3, old_id=3, transaction=21),
        Change("U", 22, 3, "was 4", 4, old_id=4, transaction=21),
    ],
    [Change("I", 31, 2, "back 2", 22), Change("U", 32, 7, "was 5", 5, old_id=5)],
    [Change("U", 41, 8, "was 7", 7, old_id=7), Change("D", 42, 6)],
]


def filled(spark: SparkSession) -> World:
    world = World(spark)
    for number, changes in enumerate(CHANGES):
        world.put(at(number) if number else LOAD, changes)
        world.run()
    return world


def test_a_table_that_was_right_is_the_same_afterwards_and_every_damage_is_healed(
    spark: SparkSession, capsys: pytest.CaptureFixture[str]
) -> None:
    world = filled(spark)
    right, log = world.current(), world.log()
    assert world.people() == fold(change for changes in CHANGES for change in changes)
    rebuilt(world)
    assert sorted(world.current()) == sorted(right)
    assert "changed=0" in capsys.readouterr().out
    world.query("DELETE FROM {table} WHERE id = 1")
    world.query("UPDATE {table} SET name = 'damaged' WHERE id = 2")
    world.query("INSERT INTO {table} SELECT _seq, _position, _commit_ts, 99, name, amount FROM {table} WHERE id = 2")
    assert sorted(world.current()) != sorted(right)
    rebuilt(world)
    assert sorted(world.current()) == sorted(right)
    assert "changed=4" in capsys.readouterr().out
    assert world.log() == log
    # Later changes find their rows.
    world.put(at(9), [Change("U", 91, 1, "newest", 1), Change("D", 92, 2)])
    world.run()
    assert {key: row for key, row in world.people().items() if key < 3} == {1: ("newest", 1)}


def test_a_table_that_was_dropped_is_made_again(spark: SparkSession) -> None:
    world = filled(spark)
    right = world.current()
    world.query("DROP TABLE {table}")
    rebuilt(world)
    assert sorted(world.current()) == sorted(right)


def test_readers_see_one_step_and_a_rebuild_that_is_killed_is_ended_by_the_next_run(spark: SparkSession) -> None:
    world = filled(spark)
    world.query("UPDATE {table} SET name = 'damaged'")
    snapshots = len(world.query("SELECT * FROM {table}.snapshots"))
    store, (table,) = StateStore(Storage(world.s3), world.config), world.config.tables
    stored = store.read(table)
    store.change(
        table, stored, lambda state: again.plan(state, [], Kind.REBUILD, state.epoch, stored.state.settled, "r")
    )
    killed_at(world, "publish")
    assert len(world.query("SELECT * FROM {table}.snapshots")) == snapshots + 1
    assert world.run() == 1
    assert world.people() == fold(change for changes in CHANGES for change in changes)


def test_what_an_update_did_not_bring_is_found_in_the_log(spark: SparkSession) -> None:
    world = World(spark)
    columns = dms_schema(("id",), id=LongType(), note=StringType(), amount=LongType())
    long = "x" * 3000
    batches = [
        [dms_row("I", 0, 1, long, 1, before=(None,)), dms_row("I", 0, 5, long + "5", 1, before=(None,))],
        [dms_row("U", 11, 1, None, 2, before=(None,)), dms_row("U", 12, 6, None, 2, before=(5,))],
        [dms_row("U", 21, 7, None, 3, before=(6,))],
        [dms_row("U", 31, 7, None, 4, before=(None,))],
    ]
    for number, rows in enumerate(batches):
        world.put_rows(at(number) if number else LOAD, rows, columns, "public/people")
        world.run()
    right = world.current()
    assert {row["id"]: (row["note"], row["amount"]) for row in right} == {1: (long, 2), 7: (long + "5", 4)}
    rebuilt(world)
    assert sorted(world.current()) == sorted(right)


def test_a_mask_that_came_later_is_over_all_rows_and_none_can_be_taken_off(
    spark: SparkSession, capsys: pytest.CaptureFixture[str]
) -> None:
    world = filled(spark)
    world.tables = [PEOPLE | {"columns": {"name": {"mask": "last4"}}}]
    rebuilt(world)
    masked = {key: name for key, (name, _) in world.people().items()}
    assert masked[1] == "*ew 1" and masked[8] == "*as 7"
    assert "masked=name" in capsys.readouterr().out
    rebuilt(world)
    assert {key: name for key, (name, _) in world.people().items()} == masked


def test_what_cannot_be_rebuilt_is_refused_before_anything_is_planned(spark: SparkSession) -> None:
    world = filled(spark)
    number = world.state()["number"]
    with pytest.raises(ArgumentError, match=r"--rebuild names the table public\.pets, which is none of public\.people"):
        rebuilt(world, "public.pets")
    # Its deletes do not have the new key.
    world.tables = [PEOPLE | {"primary_key": ["amount"]}]
    with pytest.raises(StateError, match="have no value in a column of primary_key"):
        rebuilt(world)
    world.tables = [PEOPLE | {"primary_key": []}]
    with pytest.raises(ArgumentError, match="the table has no key"):
        rebuilt(world)
    assert world.state()["number"] == number
