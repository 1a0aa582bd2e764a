"""The source's definition changes while its rows come: the tables follow by themselves, and no row waits or is lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import (
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    ShortType,
    StringType,
)
from world import PEOPLE, World, compact, dms_row, dms_schema, killed_at

from cdc.errors import TablesFailedError

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"


def at(second: int) -> str:
    return f"20260101-0000{second:02d}000.parquet"


def put(world: World, file: str, columns: dict[str, DataType], *rows: tuple[Any, ...]) -> None:
    """Rows are operation, number and the values of the columns, the key ``id`` first."""
    schema = dms_schema(("id",), id=LongType(), **columns)
    written = [dms_row(op, number, *values, before=(None,)) for op, number, *values in rows]
    world.put_rows(file, written, schema, "public/people")


def found(world: World, *columns: str) -> dict[int, Any]:
    rows = {row["id"]: tuple(row[column] for column in columns) for row in world.current()}
    return {key: value[0] if len(value) == 1 else value for key, value in rows.items()}


def types(world: World, table: str = "public_people") -> dict[str, str]:
    frame = world.spark.table(f"glue_catalog.{world.name}.{table}")
    return {item.name: item.dataType.simpleString() for item in frame.schema if not item.name.startswith("_")}


def test_columns_that_come_and_go_within_one_batch_are_followed_in_log_and_table(spark: SparkSession) -> None:
    world = World(spark)
    text = StringType()
    put(world, LOAD, {"name": text}, ("I", 0, 1, "Ann"), ("I", 0, 2, "Bob"))
    put(world, at(1), {"name": text, "city": text}, ("U", 61, 1, "Ann", "Oslo"), ("I", 62, 3, "Cid", "Rome"))
    put(world, at(2), {"city": text}, ("U", 71, 3, "Bern"))
    put(world, at(3), {"city": text, "name": text}, ("I", 81, 4, "Lund", "Dan"))
    assert world.run() == 1
    assert found(world, "name", "city") == {
        1: ("Ann", "Oslo"),
        2: ("Bob", None),
        3: (None, "Bern"),
        4: ("Dan", "Lund"),
    }
    assert types(world) == types(world, "public_people_changes") == {"id": "bigint", "name": "string", "city": "string"}
    assert [(row["id"], row["name"], row["city"]) for row in world.log()][2:] == [
        (1, "Ann", "Oslo"),
        (3, "Cid", "Rome"),
        (3, None, "Bern"),
        (4, "Dan", "Lund"),
    ]


def test_a_column_that_comes_a_batch_later_is_added_and_one_that_went_stays_and_is_null(spark: SparkSession) -> None:
    world = World(spark)
    text = StringType()
    put(world, LOAD, {"name": text, "old": text}, ("I", 0, 1, "Ann", "x"), ("I", 0, 2, "Bob", "y"))
    world.run()
    put(world, at(1), {"name": text, "new": IntegerType()}, ("U", 61, 1, "Ann", 5))
    world.run()
    assert found(world, "name", "old", "new") == {1: ("Ann", None, 5), 2: ("Bob", "y", None)}


WIDER: list[tuple[DataType, Any, DataType, Any, str]] = [
    (IntegerType(), 7, LongType(), 2**40, "bigint"),
    (ShortType(), 7, LongType(), 2**40, "bigint"),
    (ShortType(), 7, IntegerType(), 2**20, "int"),
    (FloatType(), 0.5, DoubleType(), 0.1, "double"),
    (DecimalType(8, 2), Decimal("1.25"), DecimalType(14, 2), Decimal("123456789012.25"), "decimal(14,2)"),
]


@pytest.mark.parametrize(("before", "old", "after", "new", "kept"), WIDER, ids=[row[4] + str(row[0]) for row in WIDER])
def test_a_type_that_became_wider_widens_its_column_and_narrower_values_still_fit(
    spark: SparkSession, before: DataType, old: Any, after: DataType, new: Any, kept: str
) -> None:
    world = World(spark)
    put(world, LOAD, {"v": before}, ("I", 0, 1, old))
    world.run()
    put(world, at(1), {"v": after}, ("I", 61, 2, new))
    world.run()
    # Late: written before the type changed.
    put(world, at(2), {"v": before}, ("I", 60, 3, old))
    world.run()
    assert types(world)["v"] == types(world, "public_people_changes")["v"] == kept
    assert found(world, "v") == {1: old, 2: new, 3: old}


def test_the_key_may_become_wider(spark: SparkSession) -> None:
    world = World(spark)
    narrow = dms_schema(("id",), id=IntegerType(), v=StringType())
    world.put_rows(LOAD, [dms_row("I", 0, 1, "a", before=(None,))], narrow, "public/people")
    world.run()
    put(world, at(1), {"v": StringType()}, ("U", 61, 1, "b"), ("I", 62, 2**40, "c"))
    put(world, at(2), {"v": StringType()}, ("D", 71, 2**40, None))
    world.run()
    assert found(world, "v") == {1: "b"}


OTHER: list[tuple[DataType, Any, DataType, Any, str]] = [
    (IntegerType(), 7, StringType(), "abc", "string"),
    (StringType(), "12", IntegerType(), 12, "int"),
    (DecimalType(8, 2), Decimal("1.25"), DecimalType(8, 4), Decimal("1.1234"), "decimal(8,4)"),
    (LongType(), 2**40, IntegerType(), 5, ""),
    (DoubleType(), 0.1, LongType(), 2**60, "bigint"),
]


@pytest.mark.parametrize(("before", "old", "after", "new", "kind"), OTHER, ids=[f"{r[0]}-{r[2]}" for r in OTHER])
def test_a_type_that_its_column_cannot_become_gets_a_column_of_its_own_and_nothing_is_cast(
    spark: SparkSession, before: DataType, old: Any, after: DataType, new: Any, kind: str
) -> None:
    world = World(spark)
    text = StringType()
    put(world, LOAD, {"v": before, "w": text}, ("I", 0, 1, old, "a"), ("I", 0, 2, old, "b"))
    world.run()
    put(world, at(1), {"v": after, "w": text}, ("U", 61, 1, new, "c"), ("I", 62, 3, new, "d"))
    world.run()
    if kind:
        assert types(world)["v_2"] == kind
        assert found(world, "v", "v_2", "w") == {1: (None, new, "c"), 2: (old, None, "b"), 3: (None, new, "d")}
    else:
        assert found(world, "v", "w") == {1: (new, "c"), 2: (old, "b"), 3: (new, "d")}
        assert "v_2" not in types(world)
    # The type is changed back: the first column takes the values again.
    put(world, at(2), {"v": before, "w": text}, ("U", 71, 1, old, "e"))
    world.run()
    assert found(world, "v", "w")[1] == (old, "e")
    assert "v_3" not in types(world)


def test_a_new_column_of_a_name_that_a_split_one_has_gets_another(spark: SparkSession) -> None:
    world = World(spark)
    put(world, LOAD, {"v": IntegerType()}, ("I", 0, 1, 7))
    put(world, at(1), {"v": StringType()}, ("U", 61, 1, "a"))
    world.run()
    put(world, at(2), {"v": StringType(), "v_2": StringType()}, ("U", 71, 1, "b", "mine"))
    world.run()
    assert found(world, "v", "v_2", "v_2_2") == {1: (None, "b", "mine")}


def test_incompatible_rows_are_rejected_where_the_table_says_so_and_all_else_goes_on(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"on_incompatible": "reject"}])
    put(world, LOAD, {"v": IntegerType()}, ("I", 0, 1, 7))
    world.run()
    put(world, at(1), {"v": StringType()}, ("U", 61, 1, "a"), ("I", 62, 2, None))
    world.run()
    assert found(world, "v") == {1: 7, 2: None}
    (reject,) = world.rejects()
    assert (reject["object_key"], reject["row"], reject["operation"]) == (f"raw/public/people/{at(1)}", 1, "U")
    assert reject["reasons"] == ["v has a type that its column cannot hold"]
    assert [row["rejected"] for row in world.ledger()] == [0, 1]


@pytest.mark.parametrize("policy", ["stop", "new_column"])
def test_a_table_that_shall_stop_stops_and_says_why_and_so_does_one_whose_key_became_another(
    spark: SparkSession, policy: str
) -> None:
    world = World(spark, [PEOPLE | {"on_incompatible": policy}])
    put(world, LOAD, {"v": IntegerType()}, ("I", 0, 1, 7))
    world.run()
    if policy == "stop":
        put(world, at(1), {"v": StringType()}, ("U", 61, 1, "a"))
        message = "has v as int, and its files as string.*on_incompatible"
    else:
        columns = dms_schema(("id",), id=StringType(), v=IntegerType())
        world.put_rows(at(1), [dms_row("I", 61, "x", 1, before=(None,))], columns, "public/people")
        message = "has id as bigint, and its files as string.*Rows are found by it"
    with pytest.raises(TablesFailedError, match=message):
        world.run()
    assert found(world, "v") == {1: 7}


def test_order_and_case_of_columns_do_not_matter_and_the_key_is_found_in_any_case(spark: SparkSession) -> None:
    world = World(spark)
    put(world, LOAD, {"name": StringType(), "n": IntegerType()}, ("I", 0, 1, "Ann", 1))
    world.run()
    columns = dms_schema((), N=IntegerType(), NAME=StringType(), ID=LongType(), dms_before_ID=LongType())
    world.put_rows(at(1), [dms_row("U", 61, 2, "Bob", 1, None)], columns, "public/people")
    world.run()
    assert found(world, "name", "n") == {1: ("Bob", 2)}
    assert types(world) == {"id": "bigint", "name": "string", "n": "int"}


def test_a_rule_over_a_column_that_came_later_or_went_is_no_error(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"filter": "coalesce(state, 'on') = 'on'", "derived": {"big": "upper(name)"}}])
    text = StringType()
    put(world, LOAD, {"name": text, "state": text}, ("I", 0, 1, "Ann", "on"), ("I", 0, 2, "Bob", "off"))
    world.run()
    put(world, at(1), {"name": text}, ("I", 61, 3, "Cid"))
    world.run()
    put(world, at(2), {"name": text, "state": text}, ("I", 71, 4, "Dan", "off"), ("I", 72, 5, "Eve", None))
    world.run()
    assert found(world, "name", "big") == {1: ("Ann", "ANN"), 3: ("Cid", "CID"), 5: ("Eve", "EVE")}


def test_a_masked_column_is_masked_whatever_its_type_becomes(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"columns": {"v": {"mask": "redact"}}}])
    put(world, LOAD, {"v": IntegerType()}, ("I", 0, 1, 7))
    put(world, at(1), {"v": StringType()}, ("I", 61, 2, "secret"))
    world.run()
    assert found(world, "v") == {1: "REDACTED", 2: "REDACTED"}


@pytest.mark.parametrize("step", ["plan", "log", "found", "merge", "insert", "publish", "ledger", "done"])
def test_a_run_killed_at_any_step_of_a_change_of_definition_is_made_good(spark: SparkSession, step: str) -> None:
    world = World(spark)
    put(world, LOAD, {"v": IntegerType()}, ("I", 0, 1, 7), ("I", 0, 2, 8))
    world.run()
    put(world, at(1), {"v": LongType(), "w": StringType()}, ("U", 61, 1, 2**40, "a"), ("I", 62, 3, 5, "b"))
    killed_at(world, step)
    compact(world, "public_people_changes")
    world.run()
    assert found(world, "v", "w") == {1: (2**40, "a"), 2: (8, None), 3: (5, "b")}
    assert [(row["_op"], row["id"]) for row in world.log()] == [("I", 1), ("I", 2), ("U", 1), ("I", 3)]


def test_columns_that_somebody_added_to_the_tables_by_hand_stay_theirs(spark: SparkSession) -> None:
    world = World(spark)
    put(world, LOAD, {"v": IntegerType()}, ("I", 0, 1, 7))
    world.run()
    for table in ("public_people", "public_people_changes"):
        world.query("ALTER TABLE {table} ADD COLUMN note string", table)
    put(world, at(1), {"v": IntegerType()}, ("U", 61, 1, 8), ("I", 62, 2, 9))
    world.run()
    assert found(world, "v", "note") == {1: (8, None), 2: (9, None)}
