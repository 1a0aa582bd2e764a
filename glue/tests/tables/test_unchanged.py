"""A long value that an update did not touch arrives as NULL; it must not take the place of what is there."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import LongType, StringType
from world import PEOPLE, World, dms_row, dms_schema

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"
COLUMNS = dms_schema(("id",), id=LongType(), n=LongType(), note=StringType(), more=StringType())


def at(second: int) -> str:
    return f"20260101-0000{second:02d}000.parquet"


def put(world: World, file: str, *rows: tuple[Any, ...]) -> None:
    """Rows are operation, number, id, n, note, more and, of a key update, the old id."""
    written = [
        dms_row(op, number, *values[:4], before=(values[4] if len(values) > 4 else None,))
        for op, number, *values in rows
    ]
    world.put_rows(file, written, COLUMNS, "public/people")


def found(world: World) -> dict[int, tuple[int, str | None, str | None]]:
    rows = world.current()
    assert len(rows) == len({row["id"] for row in rows})
    return {row["id"]: (row["n"], row["note"], row["more"]) for row in rows}


def test_an_update_that_does_not_bring_a_long_value_leaves_what_the_table_has(spark: SparkSession) -> None:
    world = World(spark)
    put(world, LOAD, ("I", 0, 1, 1, "long", "more"), ("I", 0, 2, 1, None, "more"))
    world.run()
    put(world, at(1), ("U", 61, 1, 2, None, "other"), ("U", 62, 2, 2, "new", None))
    world.run()
    assert found(world) == {1: (2, "long", "other"), 2: (2, "new", "more")}
    assert [(row["_op"], row["note"], row["more"]) for row in world.log()][2:] == [
        ("U", None, "other"),
        ("U", "new", None),
    ]


def test_it_leaves_what_an_earlier_change_of_the_same_batch_brought(spark: SparkSession) -> None:
    world = World(spark)
    put(
        world,
        at(1),
        ("I", 61, 1, 1, "long", None),
        ("U", 62, 1, 2, None, "set"),
        ("U", 63, 1, 3, None, None),
        ("I", 64, 2, 1, "gone", "gone"),
        ("D", 65, 2, None, None, None),
        ("I", 66, 2, 2, None, "back"),
        ("U", 67, 2, 3, None, None),
    )
    world.run()
    assert found(world) == {1: (3, "long", "set"), 2: (3, None, "back")}


def test_it_survives_a_change_of_the_key_from_the_table_and_from_the_batch(spark: SparkSession) -> None:
    world = World(spark)
    put(world, LOAD, ("I", 0, 1, 1, "one", "x"), ("I", 0, 2, 1, "two", "y"))
    world.run()
    put(
        world,
        at(1),
        ("U", 61, 11, 2, None, "z", 1),
        ("U", 62, 2, 2, "new", None),
        ("U", 63, 12, 3, None, None, 2),
        ("D", 64, 11, None, None, None),
        ("I", 65, 11, 5, None, None),
        ("U", 66, 13, 6, None, None, 11),
    )
    world.run()
    # Row 2 took its values along: one from the batch, the other from the table.
    assert found(world)[12] == (3, "new", "y")
    assert found(world)[13] == (6, None, None)
    assert set(found(world)) == {12, 13}


def test_a_value_that_comes_late_reaches_the_row_that_left_it_as_it_was(spark: SparkSession) -> None:
    world = World(spark)
    put(world, LOAD, ("I", 0, 1, 1, "old", "x"))
    world.run()
    put(world, at(2), ("U", 72, 1, 3, None, None))
    world.run()
    put(world, at(1), ("U", 71, 1, 2, "new", None))
    world.run()
    assert found(world) == {1: (3, "new", "x")}


def test_a_replay_after_a_delete_brings_nothing_back(spark: SparkSession) -> None:
    world = World(spark)
    put(world, LOAD, ("I", 0, 1, 1, "old", "x"), ("I", 0, 2, 1, "old", "x"))
    put(world, at(1), ("U", 61, 1, 2, None, None))
    put(world, at(2), ("D", 62, 1, None, None, None))
    world.run()
    put(world, at(3), ("U", 61, 1, 2, None, None), ("U", 60, 2, 2, None, None))
    world.run()
    assert found(world) == {2: (2, "old", "x")}


def test_a_null_is_a_null_where_the_table_says_so(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"on_unchanged_lob": "null"}])
    put(world, LOAD, ("I", 0, 1, 1, "long", "more"))
    world.run()
    put(world, at(1), ("U", 61, 1, 2, None, "other"))
    world.run()
    assert found(world) == {1: (2, None, "other")}


@pytest.mark.parametrize(
    ("identity", "kind", "expected"),
    [("full", "text", None), ("default", "text", "long"), ("default", "character varying(20)", None)],
)
def test_a_null_is_a_null_where_the_source_is_known_to_send_every_value(
    spark: SparkSession, identity: str, kind: str, expected: str | None
) -> None:
    world = World(spark)
    columns = [("id", "bigint"), ("n", "bigint"), ("note", kind), ("more", "character varying(20)")]
    world.put_source_schema(columns, ["id"], identity)
    put(world, LOAD, ("I", 0, 1, 1, "long", "more"))
    world.run()
    put(world, at(1), ("U", 61, 1, 2, None, "other"))
    world.run()
    assert found(world) == {1: (2, expected, "other")}


def test_any_order_of_files_gives_the_rows_of_a_source_that_does_not_send_what_did_not_change(
    spark: SparkSession,
) -> None:
    dice = random.Random(7)
    world, live, sent = World(spark), dict[int, list[Any]](), []
    for number in range(61, 91):
        key = dice.randrange(1, 5)
        if key not in live:
            live[key] = [number, dice.choice(["a", None]), f"m{number}"]
            sent.append(("I", number, key, *live[key]))
        elif dice.random() < 0.2:
            del live[key]
            sent.append(("D", number, key, None, None, None))
        else:
            row = live[key]
            row[0] = number
            change: list[Any] = [number, None, None]
            for column in (1, 2):
                # A value that changes is sent; a NULL would not be told from one that did not.
                if dice.random() < 0.3:
                    row[column] = change[column] = f"v{number}"
            sent.append(("U", number, key, *change))
    parts = [sent[start : start + 6] for start in range(0, 30, 6)]
    order = list(range(5))
    dice.shuffle(order)
    for step, index in enumerate(order):
        put(world, at(index + 1), *parts[index])
        if step % 2:
            world.run()
    world.run()
    assert found(world) == {key: tuple(row) for key, row in live.items()}


def test_values_follow_a_row_through_several_keys_of_one_batch_and_not_a_key_to_its_next_row(
    spark: SparkSession,
) -> None:
    world = World(spark)
    put(world, LOAD, ("I", 0, 1, 1, "one", "x"), ("I", 0, 5, 1, None, "five"), ("I", 0, 6, 1, "six", "y"))
    world.run()
    put(
        world,
        at(1),
        ("U", 61, 2, 2, None, None, 1),
        ("U", 62, 3, 2, None, None, 2),
        ("U", 63, 4, 3, None, None, 3),
        ("D", 64, 6, None, None, None),
        ("U", 65, 6, 4, None, None, 5),
        ("U", 66, 7, 5, None, None, 6),
    )
    world.run()
    # Row 5 had no note, and that of the row that was 6 before it is none of its.
    assert found(world) == {4: (3, "one", "x"), 7: (5, None, "five")}


def test_a_change_that_comes_late_reaches_the_row_under_the_keys_that_it_got_since(spark: SparkSession) -> None:
    world = World(spark)
    put(world, LOAD, ("I", 0, 1, 1, "old", "x"), ("I", 0, 900, 1, "other", "z"))
    world.run()
    put(world, at(5), ("U", 75, 40, 5, None, None, 1))
    put(world, at(6), ("U", 76, 700, 6, None, "y", 40))
    world.run()
    put(world, at(1), ("U", 71, 1, 2, "late", None))
    world.run()
    assert found(world) == {700: (6, "late", "y"), 900: (1, "other", "z")}


def test_a_change_of_the_key_that_comes_late_takes_the_values_that_the_row_had_then(spark: SparkSession) -> None:
    world = World(spark)
    put(world, LOAD, ("I", 0, 1, 1, "one", "x"))
    world.run()
    # The key is another row's by now.
    put(world, at(5), ("I", 75, 1, 9, "another", "w"))
    world.run()
    put(world, at(1), ("U", 71, 2, 2, None, None, 1))
    world.run()
    assert found(world) == {1: (9, "another", "w"), 2: (2, "one", "x")}


def test_a_filter_that_cannot_tell_loses_neither_the_row_nor_its_deletion(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"filter": "note <> 'hidden'"}])
    put(world, LOAD, ("I", 0, 1, 1, "shown", "x"), ("I", 0, 2, 1, "shown", "x"), ("I", 0, 3, 1, "hidden", "x"))
    world.run()
    put(
        world,
        at(1),
        ("U", 61, 1, 2, None, "y"),
        ("U", 62, 2, 2, "hidden", None),
        ("U", 63, 2, 3, None, "y"),
        ("U", 64, 3, 2, None, "y"),
        ("I", 65, 4, 1, "shown", "x"),
        ("U", 66, 4, 2, None, "y"),
        ("D", 67, 1, None, None, None),
        ("U", 68, 5, 3, None, None, 4),
        ("I", 69, 6, 1, "shown", "x"),
        ("D", 70, 6, None, None, None),
        ("I", 71, 7, 1, "hidden", "x"),
        ("U", 72, 7, 2, None, "y"),
    )
    world.run()
    assert found(world) == {5: (3, "shown", "y")}
    # What comes late is read beside all that came before.
    put(world, at(2), ("U", 73, 5, 4, None, None))
    world.run()
    put(world, "20260101-000000500.parquet", ("I", 60, 8, 1, "hidden", "x"), ("U", 74, 3, 7, None, "z"))
    world.run()
    assert found(world) == {5: (4, "shown", "y")}


def test_a_row_leaves_by_a_null_that_was_sent(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"filter": "n > 0"}])
    put(world, LOAD, ("I", 0, 1, 1, "one", "x"), ("I", 0, 2, 1, "two", "x"))
    world.run()
    put(world, at(1), ("U", 61, 1, None, None, "y"))
    world.run()
    assert found(world) == {2: (1, "two", "x")}


def test_what_comes_late_under_another_definition_loses_no_value_of_a_column_that_went(spark: SparkSession) -> None:
    world = World(spark)
    put(world, LOAD, ("I", 0, 1, 1, "long", "x"))
    put(world, at(5), ("U", 75, 2, 2, None, None, 1))
    without = dms_schema(("id",), id=LongType(), n=LongType(), more=StringType())
    world.put_rows(at(9), [dms_row("I", 90, 3, 9, "z", before=(None,))], without, "public/people")
    world.run()
    # The row that had this key before is read again with it.
    world.put_rows(at(1), [dms_row("I", 80, 1, 8, "y", before=(None,))], without, "public/people")
    world.run()
    assert found(world) == {1: (8, None, "y"), 2: (2, "long", "x"), 3: (9, None, "z")}
