"""Commits hold whatever was compacted, left behind or named oddly, and whatever a table is wide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import IntegerType, LongType, StructType
from world import PEOPLE, Change, World, compact, dms_row, dms_schema, killed_at, position, sequence

from cdc.errors import TablesFailedError

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"


def name(second: int) -> str:
    return f"20260101-{second:06d}000.parquet"


def test_a_batch_is_repeated_on_a_log_that_was_compacted_in_between(spark: SparkSession) -> None:
    world = World(spark)
    world.put(name(1), [Change("I", 61, 1, "A", 1)])
    world.run()
    world.put(name(2), [Change("I", 65, 2, "B", 1), Change("U", 67, 1, "A2", 1)])
    killed_at(world, "merge")
    compact(world, "public_people_changes")
    assert world.run() == 1
    assert world.people() == {1: ("A2", 1), 2: ("B", 1)}
    assert [(row["_seq"], row["_batch"]) for row in world.log()] == [
        (sequence(61), 1),
        (sequence(65), 2),
        (sequence(67), 2),
    ]


def test_a_batch_is_repeated_on_a_ledger_that_was_compacted_in_between(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE, PEOPLE | {"name": "others"}])
    world.put(name(1), [Change("I", 61, 1, "A", 1)])
    world.put(name(1), [Change("I", 61, 1, "A", 1)], "public/others")
    world.run()
    world.put(name(2), [Change("I", 65, 2, "B", 1)])
    killed_at(world, "ledger")
    compact(world, "cdc_files")
    world.put(name(3), [Change("I", 65, 2, "B", 1)], "public/others")
    assert world.run() == 2
    assert sorted((row["source_table"], row["_batch"], row["rows"]) for row in world.ledger()) == [
        ("public.others", 1, 1),
        ("public.others", 2, 1),
        ("public.people", 1, 1),
        ("public.people", 2, 1),
    ]


def test_what_is_written_again_to_a_compacted_log_meets_no_reader_half_done(spark: SparkSession) -> None:
    world = World(spark)
    for second in (1, 2, 3):
        world.put(name(second), [Change("I", 60 + second, second, "A", 1)])
        world.run()
    world.put(name(4), [Change("U", 70, 1, "B", 1)])
    killed_at(world, "log")
    compact(world, "public_people_changes")
    world.run()
    history = world.query("SELECT snapshot_id FROM {table}.history", "public_people_changes")
    table = f"glue_catalog.{world.name}.public_people_changes"
    rows = [spark.read.option("snapshot-id", row["snapshot_id"]).table(table).count() for row in history]
    assert rows == sorted(rows)
    assert rows[-1] == 4


def wide(columns: int, keys: Sequence[str]) -> tuple[StructType, list[str]]:
    """A source table of so many columns with its keys last."""
    names = [f"c{index:04d}" for index in range(columns - len(keys))]
    return dms_schema(tuple(keys), **dict.fromkeys(names, IntegerType()), **dict.fromkeys(keys, LongType())), names


@pytest.mark.parametrize("columns", [100, 101, 300])
def test_a_wide_table_whose_keys_come_last_takes_batch_after_batch(spark: SparkSession, columns: int) -> None:
    _takes_batches(spark, columns)


@pytest.mark.timeout(1200)
def test_a_table_of_as_many_columns_as_postgresql_allows_takes_a_second_batch(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"primary_key": ["k1", "k2"]}])
    schema, names = wide(1600, ["k1", "k2"])
    for batch, file in ((1, LOAD), (2, name(1))):
        rows = [dms_row("I", 60 * (batch - 1), *[batch] * len(names), 1, batch, before=(None, None))]
        world.put_rows(file, rows, schema, "public/people")
        assert world.run() == 1
    found = world.query(f"SELECT k2, {names[0]}, {names[-1]} FROM {{table}} ORDER BY k2")
    assert [tuple(row) for row in found] == [(1, 1, 1), (2, 2, 2)]


def _takes_batches(spark: SparkSession, columns: int) -> None:
    world = World(spark, [PEOPLE | {"primary_key": ["k1", "k2"]}])
    schema, names = wide(columns, ["k1", "k2"])
    values = [7] * len(names)
    empty = (None, None)
    world.put_rows(LOAD, [dms_row("I", 0, *values, 1, key, before=empty) for key in (1, 2)], schema, "public/people")
    world.run()
    killed: list[str] = []
    changes = [
        dms_row("U", 61, *[8] * len(names), 1, 1, before=empty),
        dms_row("D", 62, *values, 1, 2, before=empty),
        dms_row("I", 63, *values, 1, 3, before=empty),
    ]
    world.put_rows(name(1), changes, schema, "public/people")
    killed_at(world, "log")
    world.run()
    assert killed == []
    first, last = names[0], names[-1]
    found = world.query(f"SELECT k2, {first}, {last} FROM {{table}} ORDER BY k2")
    assert [tuple(row) for row in found] == [(1, 8, 8), (3, 7, 7)]
    log = world.query("SELECT _op, k2 FROM {table} ORDER BY _position", "public_people_changes")
    assert [tuple(row) for row in log] == [("I", 1), ("I", 2), ("U", 1), ("D", 2), ("I", 3)]
    bounds = world.query(
        "SELECT readable_metrics._batch.lower_bound AS low, readable_metrics.k2.upper_bound AS high FROM {table}.files",
        "public_people_changes",
    )
    assert {(row["low"], row["high"]) for row in bounds} == {(1, 2), (2, 3)}


def test_the_tables_own_columns_come_first(spark: SparkSession) -> None:
    world = World(spark)
    world.put(name(1), [Change("I", 61, 1, "A", 1)])
    world.run()
    log = spark.table(f"glue_catalog.{world.name}.public_people_changes").columns
    own = ["_op", "_seq", "_position", "_commit_ts", "_raw_file", "_row", "_batch", "_unsent"]
    assert log == [*own, "id", "name", "amount"]
    current = spark.table(f"glue_catalog.{world.name}.public_people").columns
    assert current == ["_seq", "_position", "_commit_ts", "id", "name", "amount"]


def test_a_ledger_that_cannot_be_written_fails_its_table_alone(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cdc.tables import ledger

    world = World(spark, [PEOPLE, PEOPLE | {"name": "others"}])
    for table in ("people", "others"):
        world.put(name(1), [Change("I", 61, 1, "A", 1)], f"public/{table}")
    write = ledger.write

    def refusing(session: SparkSession, identifier: str, mark: ledger.DoneMark) -> None:
        if mark.table == "public.people":
            raise RuntimeError("the ledger is refused")
        write(session, identifier, mark)

    monkeypatch.setattr(ledger, "write", refusing)
    with pytest.raises(TablesFailedError, match=r"1 table\(s\) failed.*the ledger is refused"):
        world.run()
    monkeypatch.undo()
    world.put(name(2), [Change("U", 65, 1, "B", 2)], "public/others")
    assert world.run() == 2
    assert world.people("public_others") == {1: ("B", 2)}
    ledger_rows = sorted((row["source_table"], row["_batch"]) for row in world.ledger())
    assert ledger_rows == [("public.others", 1), ("public.others", 2), ("public.people", 1)]


def test_a_done_mark_tells_when_by_which_run_and_in_which_snapshots_a_batch_is(
    spark: SparkSession, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(spark)
    world.put(name(1), [Change("I", 61, 1, "A", 1), Change("I", 62, 2, "B", 1), Change("U", 63, 2, "C", 1)])
    before = datetime.now(UTC)
    world.run()
    mark = world.done_mark(1)
    for table, member in (("public_people_changes", "log_snapshot"), ("public_people", "table_snapshot")):
        *_, found = world.query("SELECT snapshot_id FROM {table}.history ORDER BY made_current_at", table)
        assert mark[member] == found["snapshot_id"]
    assert before <= datetime.fromisoformat(mark["applied_at"]) <= datetime.now(UTC)
    assert f" finished run={mark['run']} batch=1 table=public.people\n" in capsys.readouterr().out
    counts = ("rows", "inserts", "updates", "deletes", "status")
    assert [tuple(item[name] for name in counts) for item in mark["files"]] == [(3, 2, 1, 0, "applied")]
    assert mark["mark"] == f"0000:{position(63)} {sequence(63)}"
