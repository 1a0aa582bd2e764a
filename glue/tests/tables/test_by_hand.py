"""What operators ask a run for: some tables, one file, a trial, the rejects once more."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import LongType, StringType
from world import FILE_SCHEMA, PEOPLE, Change, World, dms_row, dms_schema

from cdc.commands.dry_run import dry_run
from cdc.commands.reading_again import from_file
from cdc.commands.replay_rejects import Replayed, replay_rejects
from cdc.errors import ArgumentError
from cdc.model.batch import APPLIED
from cdc.run.preview import Preview
from cdc.run.run import Run
from cdc.spark import LazySession
from cdc.storage import Storage

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"


def at(second: int) -> str:
    return f"20260101-0000{second:02d}000.parquet"


def loaded(spark: SparkSession, **table: Any) -> World:
    world = World(spark, [PEOPLE | table])
    world.put(LOAD, [Change("I", 0, key, f"old {key}", key) for key in (1, 2)])
    world.put(at(1), [Change("U", 61, 1, "new 1", 10), Change("D", 62, 2), Change("I", 63, 3, "new 3", 3)])
    world.run()
    return world


def again(world: World, key: str) -> None:
    from_file(world.config, Storage(world.s3), LazySession(world.spark), key, "r").raise_failures()


def trial(world: World, s3: Any = None) -> list[Preview]:
    storage = Storage(s3 or world.s3)
    return dry_run(world.config, storage, LazySession(world.spark), world.config.tables, "r", lambda: "salt")


def replay(world: World) -> Replayed:
    done = replay_rejects(
        world.config, Storage(world.s3), LazySession(world.spark), list(world.config.tables), uuid.uuid4().hex[:8]
    )
    done.result.raise_failures()
    return done


def objects(world: World) -> set[tuple[str, str]]:
    """Every object of the world's buckets and of its part of the warehouse."""
    places = [(f"{world.name}-raw", ""), (f"{world.name}-final", ""), ("warehouse", f"w/{world.name}.db/")]
    return {(item.key, item.etag) for bucket, prefix in places for item in Storage(world.s3).listing(bucket, prefix)}


def test_a_run_over_some_tables_leaves_the_others_alone(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE, PEOPLE | {"name": "pets"}])
    for folder in ("public/people", "public/pets"):
        world.put(LOAD, [Change("I", 0, 1, "Ann", 1)], folder)
    run = Run(world.config, Storage(world.s3), LazySession(spark), tables={"public.pets"}, patient=False)
    run.carry_out().raise_failures()
    assert world.people("public_pets") == {1: ("Ann", 1)}
    assert {row["source_table"] for row in world.ledger()} == {"public.pets"}


@pytest.mark.parametrize("file", [LOAD, at(1)])
def test_a_file_that_is_read_again_changes_nothing(spark: SparkSession, file: str) -> None:
    world = loaded(spark)
    people, log = world.people(), world.log()
    for _ in range(2):
        again(world, f"raw/public/people/{file}")
    assert world.people() == people == {1: ("new 1", 10), 3: ("new 3", 3)}
    assert world.log() == log
    # The batches were carried out, and a load that is read again is no larger load.
    assert world.state()["number"] == 3
    assert world.state()["load"]["rows"] == 2
    assert [row["status"] for row in world.ledger() if row["object_key"].endswith(file)] == [APPLIED] * 3


def test_a_file_that_is_read_again_brings_back_what_log_and_table_lost(spark: SparkSession) -> None:
    world = loaded(spark)
    people, log = world.people(), [row.asDict() | {"_batch": 0} for row in world.log()]
    world.query("DELETE FROM {table} WHERE id = 3", "public_people_changes")
    world.query("DELETE FROM {table} WHERE id = 3")
    again(world, f"s3://{world.name}-raw/raw/public/people/{at(1)}")
    assert world.people() == people
    assert [row.asDict() | {"_batch": 0} for row in world.log()] == log


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("raw/public/pets/LOAD00000001.parquet", "is no raw file of a table: its folder must be one of"),
        ("raw/public/people/notes.txt", "is no raw file of a table"),
        ("raw/public/people/LOAD00000009.parquet", "has no such object"),
        ("s3://elsewhere/raw/public/people/LOAD00000001.parquet", "is not in the raw bucket"),
        ("raw/public/people/LOAD00000002.parquet", "of a load that is not planned yet"),
    ],
)
def test_a_file_that_must_not_be_read_alone_is_refused(spark: SparkSession, key: str, told: str) -> None:
    world = loaded(spark)
    world.put("LOAD00000002.parquet", [Change("I", 0, 9)])
    before = objects(world)
    with pytest.raises(ArgumentError, match=told):
        again(world, key)
    assert objects(world) == before


def test_loaded_rows_of_a_table_without_a_key_are_not_read_again(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"primary_key": []}])
    columns = dms_schema(id=LongType(), name=StringType())
    world.put_rows(LOAD, [dms_row("I", 0, 1, "a"), dms_row("I", 0, 1, "a")], columns, "public/people")
    world.run()
    with pytest.raises(ArgumentError, match="has no key, so its rows cannot be told"):
        again(world, f"raw/public/people/{LOAD}")
    assert len(world.log()) == 2


def test_a_trial_tells_what_a_run_then_does_and_writes_nothing(spark: SparkSession) -> None:
    world = loaded(spark)
    wider = dms_schema(("id",), id=LongType(), name=StringType(), amount=LongType(), note=StringType())
    rows = [
        dms_row("I", 71, 7, "a", 1, "n", before=(None,)),
        dms_row("U", 72, 1, "b", 1, "n", before=(None,)),
        dms_row("D", 73, 3, None, None, None, before=(None,)),
        dms_row("X", 74, 4, "c", 1, "n", before=(None,)),
    ]
    world.put_rows(at(2), rows, wider, "public/people")
    world.put_bytes(at(3), b"no parquet")
    before, state = objects(world), world.state()
    calls: list[str] = []
    world.s3.meta.events.register("before-call.s3.*", lambda model, **_: calls.append(model.name))
    (seen,) = trial(world)
    assert calls and {name for name in calls if not name.startswith(("Get", "Head", "List"))} == set()
    assert (objects(world), world.state()) == (before, state)
    assert (seen.kind, len(seen.files), seen.rows) == ("changes", 2, 4)
    assert (seen.inserts, seen.updates, seen.deletes) == (1, 1, 1)
    assert (seen.rejected_files, seen.rejected_rows, seen.added) == (1, 1, ("note string",))
    assert world.run() == 1
    told = [row for row in world.ledger() if row["_batch"] == seen.batch]
    assert {row["object_key"] for row in told} == set(seen.files)
    assert sum(row["rejected"] for row in told) == seen.rejected_files + seen.rejected_rows
    assert trial(world) == []


def test_a_trial_tells_what_a_table_would_fail_of(spark: SparkSession) -> None:
    world = loaded(spark, on_incompatible="stop")
    other = dms_schema(("id",), id=LongType(), name=LongType())
    world.put_rows(at(2), [dms_row("I", 71, 2, 7, before=(None,))], other, "public/people")
    (seen,) = trial(world)
    assert "has name as string, and its files as bigint" in seen.error


def test_rejected_rows_are_applied_in_their_own_place_after_a_fix_and_leave_the_rejects(spark: SparkSession) -> None:
    world = loaded(spark, on_incompatible="reject")
    other = dms_schema(("id",), id=LongType(), name=LongType(), amount=LongType())
    rows = [
        dms_row("U", 71, 1, 711, 71, before=(None,)),
        dms_row("I", 72, 4, 724, 72, before=(None,)),
        dms_row("X", 73, 5, 735, 73, before=(None,)),
    ]
    world.put_rows(at(2), rows, other, "public/people")
    world.put(at(3), [Change("U", 81, 1, "newest 1", 81)])
    world.run()
    assert [row["row"] for row in world.rejects()] == [1, 2, 3]
    # Nothing was mended: all stay, each once.
    assert (replay(world).after, len(world.rejects())) == (3, 3)
    world.tables = [PEOPLE | {"on_incompatible": "new_column"}]
    done = replay(world)
    assert (done.before, done.after) == (3, 1)
    assert [(row["row"], row["operation"]) for row in world.rejects()] == [(3, "X")]
    assert list(done.still) == [
        "the operation must be I, U or D, and I in a full load. Set IncludeOpForFullLoad of the endpoint"
    ]
    # The update is older than what the table has of its key, the insert is new.
    found = {row["id"]: (row["name"], row["amount"], row["name_2"]) for row in world.current()}
    assert found == {1: ("newest 1", 81, None), 3: ("new 3", 3, None), 4: (None, 72, 724)}
    assert [row["_seq"][-2:] for row in world.log()][-3:] == ["71", "72", "81"]


def test_rows_without_sequence_or_key_and_loads_without_a_key_are_counted_and_stay(
    spark: SparkSession, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(spark, [PEOPLE, PEOPLE | {"name": "heap", "primary_key": []}])
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1)])
    world.run()
    bad = [("I", "2026-01-01 00:00:00.000000", 6, "x", 5, None, "0/50.1", None), Change("I", 72, None).row()]
    world.put_rows(at(1), bad, FILE_SCHEMA, "public/people")
    world.run()
    heap = dms_schema(id=LongType())
    world.put_rows(LOAD, [dms_row("I", 0, 1), dms_row("X", 0, 1)], heap, "public/heap")
    world.run()
    done = replay(world)
    assert (done.before, done.after) == (3, 3)
    told = capsys.readouterr().out
    assert '"its table has no key, so its rows cannot be told from those that are in the log already.' in told
    assert sorted(text[:20] for text in done.still) == [
        "a change has 35 digi",
        "a column of the prim",
        "the operation must b",
    ]
    assert len(world.log("public_heap")) == 1


def test_a_file_that_was_rejected_whole_is_taken_after_a_fix(spark: SparkSession) -> None:
    world = World(spark)
    wide = dms_schema(("id",), id=LongType(), a=StringType(), b=StringType(), c=StringType())
    world.put_rows(LOAD, [dms_row("I", 0, 1, "a", "b", "c", before=(None,))], wide, "public/people")
    world.run()
    foreign = dms_schema(("id",), key=LongType(), id=LongType(), a=StringType())
    world.put_bytes(at(1), b"PAR1")
    world.run()
    assert [row["row"] for row in world.rejects()] == [None]
    assert replay(world).after == 1
    world.put_rows(at(1), [dms_row("I", 61, 5, 6, "x", before=(None,))], foreign, "public/people")
    assert replay(world).after == 0
    assert sorted(row["id"] for row in world.current()) == [1, 6]
