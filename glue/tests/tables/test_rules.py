"""Row filter, masks and derived columns, from the configuration to the tables."""

from __future__ import annotations

import hashlib

import boto3
import pytest
from pyspark.sql import SparkSession
from world import PEOPLE, Change, World, sequence

from cdc.changes import rules
from cdc.errors import TablesFailedError
from cdc.model.config import Table
from cdc.model.rules import ColumnRule

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"
FIRST = "20260101-000001000.parquet"


def operations(world: World) -> list[tuple[str, str, int, str | None]]:
    return [(row["_op"], row["_seq"], row["id"], row["name"]) for row in world.log()]


def test_a_row_that_leaves_the_filter_leaves_the_table_and_the_log_says_delete(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"filter": "name <> 'internal'"}])
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1), Change("I", 0, 2, "internal", 2), Change("I", 0, 3, None, 3)])
    world.run()
    world.put(FIRST, [Change("U", 61, 1, "internal", 4), Change("I", 65, 5, "Eve", 5), Change("I", 69, 6, "internal")])
    world.run()
    assert world.people() == {5: ("Eve", 5)}
    assert operations(world) == [("I", "", 1, "Ann"), ("D", sequence(61), 1, None), ("I", sequence(65), 5, "Eve")]


def test_an_update_of_which_the_filter_cannot_tell_changes_the_row_if_it_is_there_and_never_deletes_it(
    spark: SparkSession,
) -> None:
    world = World(spark, [PEOPLE | {"filter": "name <> 'internal'"}])
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1), Change("I", 0, 2, "internal", 2), Change("I", 0, 3, "Cid", 3)])
    world.run()
    # An unchanged TOASTed value is not sent.
    world.put(FIRST, [Change("U", 61, 1, None, 7), Change("U", 62, 2, None, 8), Change("U", 63, 9, None, 9, old_id=3)])
    world.run()
    assert world.people() == {1: (None, 7), 9: (None, 9)}


def test_a_key_update_out_of_the_filter_deletes_the_old_key_alone(spark: SparkSession) -> None:
    world = World(spark, [PEOPLE | {"filter": "name <> 'internal'"}])
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1)])
    world.run()
    world.put(FIRST, [Change("U", 61, 9, "internal", 1, old_id=1)])
    world.run()
    assert world.people() == {}
    assert operations(world) == [("I", "", 1, "Ann"), ("D", sequence(61), 1, None)]


def test_masks_hide_values_from_derived_columns_too(spark: SparkSession) -> None:
    secret = boto3.client("secretsmanager").create_secret(Name=f"salt-{World(spark).name}", SecretString="pepper")[
        "ARN"
    ]
    table = PEOPLE | {
        "columns": {"name": {"mask": "sha256"}, "amount": {"mask": "last4"}},
        "derived": {"initial": "left(name, 1)"},
    }
    world = World(spark, [table], salt_secret=secret)
    world.put(LOAD, [Change("I", 0, 1, "Ann", 123456), Change("I", 0, 2, None, 42)])
    world.run()
    hidden = hashlib.sha256(b"pepperAnn").hexdigest()
    rows = {row["id"]: (row["name"], row["amount"], row["initial"]) for row in world.current()}
    assert rows == {1: (hidden, "**3456", hidden[0]), 2: (None, "**", None)}
    assert {row["name"] for row in world.log()} == {hidden, None}


def test_a_masked_key_is_masked_in_its_before_image_too(spark: SparkSession) -> None:
    secret = boto3.client("secretsmanager").create_secret(Name=f"salt-{World(spark).name}", SecretString="pepper")[
        "ARN"
    ]
    world = World(spark, [PEOPLE | {"columns": {"id": {"mask": "sha256"}}}], salt_secret=secret)
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1), Change("I", 0, 2, "Bob", 2)])
    world.run()
    world.put(FIRST, [Change("U", 61, 9, "Ann", 1, old_id=1), Change("D", 65, 2)])
    world.run()
    assert [row["id"] for row in world.current()] == [hashlib.sha256(b"pepper9").hexdigest()]


@pytest.mark.parametrize("rule", [{"filter": "nothing_there = 1"}, {"derived": {"x": "left(name"}}])
def test_a_rule_that_is_no_expression_over_the_table_fails_the_table_and_says_where(
    spark: SparkSession, rule: dict[str, object]
) -> None:
    world = World(spark, [PEOPLE | rule])
    world.put(LOAD, [Change("I", 0, 1, "Ann", 1)])
    with pytest.raises(TablesFailedError, match=rf"({'|'.join(rule)}).*public\.people"):
        world.run()


def test_the_salt_is_in_no_plan_because_plans_are_logged(spark: SparkSession) -> None:
    technical = (
        "named_struct('op', 'I', 'seq', '', 'position', '', 'commit_ts', now(), 'file', 'f', 'row', 0L, "
        "'before', named_struct('k0', 1))"
    )
    changes = spark.sql(f"SELECT 1 AS id, 'Ann' AS name, {technical} AS __cdc")
    table = Table("public", "people", ("id",), columns={"name": ColumnRule(mask="sha256")})
    rows = rules.prepare(changes, table, "pepper-and-more", epoch=0, by_position=True)
    assert [row["name"] for row in rows.collect()] == [hashlib.sha256(b"pepper-and-moreAnn").hexdigest()]
    assert "pepper" not in rows._jdf.queryExecution().toString()
