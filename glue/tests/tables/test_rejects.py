"""A row or a file that cannot be taken is put aside with its place and reason, and nothing waits for it."""

from __future__ import annotations

import json

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import LongType, StringType
from world import FILE_SCHEMA, PEOPLE, Change, World, dms_row, dms_schema, killed_at, sequence

from cdc.errors import TablesFailedError

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"


def at(second: int) -> str:
    return f"20260101-0000{second:02d}000.parquet"


def test_rows_that_break_the_contract_are_put_aside_one_by_one_and_all_others_are_applied(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"columns": {"name": {"mask": "redact"}}}])
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1)])
    world.run()
    stamp, position = "2026-01-01 00:00:00.000000", "0/50.1"
    rows = [
        Change("X", 71, 2, "secret", 2).row(),
        Change("I", 72, None, "secret", 3).row(),
        Change("U", 73, 1, "secret", 4).row(),
        ("I", stamp, 5, "secret", 5, "zzz", position, None),
        ("I", stamp, 6, "secret", 6, None, position, None),
        ("I", "yesterday", 7, "secret", 7, sequence(74), position, None),
        (None, "yesterday", None, "secret", 8, None, position, None),
        Change("I", 75, 9, "secret", 9).row(),
    ]
    world.put_rows(at(1), rows, FILE_SCHEMA, "public/people")
    assert world.run() == 1
    assert world.people() == {1: ("REDACTED", 4), 9: ("REDACTED", 9)}
    found = {row["row"]: row for row in world.rejects()}
    assert {row: len(reject["reasons"]) for row, reject in found.items()} == {1: 1, 2: 1, 4: 1, 5: 1, 6: 1, 7: 4}
    assert found[1]["reasons"][0].startswith("the operation must be I, U or D")
    assert found[2]["reasons"][0].startswith("a column of the primary key is NULL")
    assert found[4]["reasons"][0].startswith("a change has 35 digits")
    assert found[6]["reasons"][0].startswith("the commit time must read")
    assert json.loads(found[1]["columns"]) == {"id": "2", "amount": "2"}
    assert {reject["object_key"] for reject in found.values()} == {f"raw/public/people/{at(1)}"}
    assert [(row["rows"], row["inserts"], row["updates"], row["rejected"]) for row in world.ledger()][1] == (8, 1, 1, 6)
    # What was put aside has no say in the order: the next change is no replay.
    world.put(at(2), [Change("U", 76, 1, "more", 5)])
    world.run()
    assert world.people()[1] == ("REDACTED", 5)
    assert world.done_mark(3)["kind"] == "changes"


def test_a_file_that_no_task_of_ours_wrote_is_put_aside_whole(spark: SparkSession) -> None:
    world = World(spark)
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1)])
    world.run()
    no_operation = [field for field in FILE_SCHEMA if field.name != "Op"]
    world.put_rows(at(1), [Change("I", 71, 2).row()[1:]], type(FILE_SCHEMA)(no_operation), "public/people")
    world.put_bytes(at(2), b"")
    world.put_bytes(at(3), b"PAR1" + b"\0" * 100)
    other = dms_schema(("id",), id=LongType(), a=StringType(), b=StringType())
    world.put_rows(at(4), [dms_row("I", 74, 4, "a", "b", before=(None,))], other, "public/people")
    world.put(at(5), [Change("I", 75, 5, "Eve", 5)])
    assert world.run() == 1
    # Two columns are too few to tell a table by: the fourth file's are taken for new ones.
    assert set(world.people()) == {1, 4, 5}
    found = [(row["object_key"].rsplit("/", 1)[1], row["row"], row["reasons"][0]) for row in world.rejects()]
    assert [(name, row) for name, row, _ in found] == [(at(1), None), (at(2), None), (at(3), None)]
    assert "lacks Op (comes from IncludeOpForFullLoad = true)" in found[0][2]
    assert {row["status"] for row in world.ledger()} == {"applied", "foreign", "unreadable"}


def test_a_file_of_another_table_is_put_aside_where_there_are_columns_to_tell_it_by(spark: SparkSession) -> None:
    world = World(spark)
    wide = dms_schema(("id",), id=LongType(), a=StringType(), b=StringType(), c=StringType())
    world.put_rows(LOAD, [dms_row("I", 0, 1, "a", "b", "c", before=(None,))], wide, "public/people")
    world.run()
    other = dms_schema(("id",), id=LongType(), x=StringType(), y=StringType())
    world.put_rows(at(1), [dms_row("I", 71, 2, "x", "y", before=(None,))], other, "public/people")
    world.run()
    (reject,) = world.rejects()
    assert "shares no column with the table but its key" in reject["reasons"][0]
    assert [row["id"] for row in world.current()] == [1]


@pytest.mark.parametrize("step", ["log", "publish", "ledger"])
def test_a_run_that_is_killed_leaves_each_reject_once(spark: SparkSession, step: str) -> None:
    world = World(spark)
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1)])
    world.run()
    world.put(at(1), [Change("X", 71, 2), Change("U", 72, 1, "Anna", 2)])
    killed_at(world, step)
    world.run()
    assert [(row["row"], row["operation"]) for row in world.rejects()] == [(1, "X")]
    assert world.people() == {1: ("Anna", 2)}


def test_a_known_failure_is_told_once_and_then_passed_by_for_longer_and_longer(
    spark: SparkSession, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(spark, [PEOPLE | {"on_incompatible": "stop"}, PEOPLE | {"name": "good"}])
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1)])
    world.run()
    other = dms_schema(("id",), id=LongType(), name=LongType())
    world.put_rows(at(1), [dms_row("I", 61, 2, 7, before=(None,))], other, "public/people")
    with pytest.raises(TablesFailedError, match="has name as string, and its files as bigint"):
        world.run(patient=True)
    world.put(at(1), [Change("I", 61, 1, "Ann", 1)], "public/good")
    # It waits, and is not even begun; the run succeeds.
    result = world.carry_out(patient=True)
    assert (result.finished, result.paused, dict(result.failures)) == (1, 1, {})
    result.raise_failures()
    # Tried again it fails of the same, which is one line and no failure of the run.
    capsys.readouterr()
    result = world.carry_out()
    assert result.known == {"public.people"}
    result.raise_failures()
    told = capsys.readouterr()
    assert "failed again" in told.out and "Traceback" not in told.err
    failure = world.state()["failure"]
    assert failure["count"] == 2
    # A new reason is told.
    world.put_rows(
        at(1), [dms_row("I", 61, "x", before=(None,))], dms_schema(("id",), id=StringType()), "public/people"
    )
    with pytest.raises(TablesFailedError, match="has id as bigint"):
        world.carry_out().raise_failures()
        world.carry_out().raise_failures()
    capsys.readouterr()
    world.put(at(1), [Change("U", 61, 1, "Anna", 1)])
    world.carry_out().raise_failures()
    assert "recovered" in capsys.readouterr().out
    assert world.people() == {1: ("Anna", 1)}


@pytest.mark.parametrize("choice", ["keep", "reject"])
def test_values_as_long_as_the_lob_limit_are_counted_and_kept_or_put_aside(
    spark: SparkSession, choice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(spark, [PEOPLE | {"on_truncated_lob": choice}], contract={"lob_max_size_kb": 1})
    # A kilobyte is 512 UTF-16 units; a smiley is two of them, and is not cut in two.
    values = ["x" * 511 + "é", "x" * 510, "\U0001f600" * 256, "x" + "\U0001f600" * 255, "x" * 600, "é" * 300, None]
    world.put(LOAD, [Change("I", 0, key, value, key) for key, value in enumerate(values)])
    world.run()
    cut = {0, 2, 3}
    assert "rows=3" in capsys.readouterr().out
    assert set(world.people()) == set(range(7)) - (cut if choice == "reject" else set())
    if choice == "reject":
        assert [(row["row"], row["reasons"][0][:21]) for row in world.rejects()] == [
            (key + 1, "a value is as long as") for key in sorted(cut)
        ]
