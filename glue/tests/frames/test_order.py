"""The order as one value, positions in every form, one copy of each change, the last change of a key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdc.changes import order, supersede
from cdc.raw.parquet import position

pytestmark = pytest.mark.spark

ROWS = (
    "_op string, _seq string, _position string, _commit_ts timestamp, _raw_file string, _row bigint, id int, "
    "name string, __cdc_from_key boolean, __cdc_if_there boolean"
)


def row(
    op: str, place: int, key: int, name: str = "", *, transaction: int = 0, old: bool = False, **more: Any
) -> tuple[Any, ...]:
    stamp = datetime(2026, 1, 1, second=transaction, tzinfo=UTC)
    suffix = more.get("suffix", ".0000000001")
    return (
        op,
        f"{more.get('sequence', place):035d}",
        f"0000:{place:016X}{suffix}",
        stamp,
        more.get("file", "f"),
        place,
        key,
        name,
        old,
        False,
    )


def frame(spark: SparkSession, *rows: tuple[Any, ...]) -> DataFrame:
    return spark.createDataFrame(list(rows), ROWS)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("0/12345AB", "00000000012345AB"),
        ("00000000/012345ab", "00000000012345AB"),
        ("A/0", "0000000A00000000"),
        ("00000001/00000002.7", "0000000100000002.0000000007"),
        ("0000004A/8D86B2D0.4.0000004A/8D86B278", "0000004A8D86B2D0.0000000004.0000004A/8D86B278"),
        ("1/2;x", "0000000100000002.x"),
        ("19088811", "00000000012345AB"),
        (" 1/2 ", "0000000100000002"),
        ("mysql-bin-changelog.000003:154", None),
        ("12345AB", None),
        ("", None),
        (None, None),
    ],
)
def test_a_position_is_read_in_every_form_that_it_can_take(
    spark: SparkSession, text: str | None, read: str | None
) -> None:
    rows = spark.createDataFrame([(text, "1"), (text, None)], "position string, sequence string")
    found = rows.select(position(F.col("position"), F.col("sequence")).alias("read")).collect()
    assert [item["read"] for item in found] == [read, ""]


def test_positions_as_text_sort_like_the_log_and_a_load_before_its_epochs_changes(spark: SparkSession) -> None:
    texts = [None, "0/F", "0/10", "0/10.2", "0/10.10", "0/FFFFFFFF", "1/0"]
    rows = spark.createDataFrame([(text, "1" if text else "") for text in texts], "position string, _seq string")
    prefixed = rows.select(
        F.concat(F.lit("0000:"), position(F.col("position"), F.col("_seq"))).alias("_position"), "_seq"
    )
    orders = [item["o"] for item in prefixed.select(order.sequence_by().alias("o")).collect()]
    assert orders == sorted(orders)
    assert len(set(orders)) == len(orders)
    assert max(orders) < f"{order.epoch_prefix(1)} "
    assert order.position_of(orders[-1]) == "0000:0000000100000000"


def test_the_last_change_of_a_key_is_by_position_then_sequence_then_file_then_row(spark: SparkSession) -> None:
    rows = frame(
        spark,
        row("I", 5, 1, "position wins", sequence=1),
        row("U", 4, 1, "clock was ahead", sequence=9),
        row("I", 7, 2, "first"),
        row("U", 7, 2, "file wins", file="g"),
        row("I", 8, 3, "sequence wins", sequence=2),
        row("I", 8, 3, "same position", sequence=1, file="z"),
    )
    found = {item["id"]: item["name"] for item in order.latest(rows, ["id"], key_updates=False).collect()}
    assert found == {1: "position wins", 2: "file wins", 3: "sequence wins"}


def test_a_change_that_comes_again_with_another_counter_is_the_same_change(spark: SparkSession) -> None:
    rows = frame(spark, row("U", 5, 1, "a"), row("U", 5, 1, "a", sequence=99, file="g"), row("D", 5, 1), row("U", 5, 2))
    assert sorted((item["_op"], item["id"]) for item in order.once(rows, ["id"]).collect()) == [
        ("D", 1),
        ("U", 1),
        ("U", 2),
    ]


def test_positions_that_do_not_tell_changes_apart_are_told_apart_by_the_sequence(spark: SparkSession) -> None:
    first, second = row("U", 5, 1, "a", suffix=""), row("U", 5, 1, "b", suffix="", sequence=6)
    assert order.once(frame(spark, first, second, first), ["id"]).count() == 2


def passing(*halves: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
    return halves


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # 1 → 2 while 2 → 1: what is at 2 before is for the table to say.
        (
            passing(row("D", 61, 1, old=True), row("I", 61, 2, "A"), row("D", 65, 2, old=True), row("I", 65, 1, "B")),
            {1: ("I", "B", False), 2: ("I", "A", True)},
        ),
        # The same when the batch itself has the rows before.
        (
            passing(
                row("I", 1, 1, "A", transaction=1), row("I", 2, 2, "B", transaction=1),
                row("D", 61, 1, transaction=2, old=True), row("I", 61, 2, "A", transaction=2),
                row("D", 65, 2, transaction=2, old=True), row("I", 65, 1, "B", transaction=2),
            ),
            {1: ("I", "B", False), 2: ("I", "A", False)},
        ),
        # 1 ↔ 2, and back: what the first transaction left is what the second finds.
        (
            passing(
                row("I", 1, 1, "A", transaction=1), row("I", 2, 2, "B", transaction=1),
                row("D", 61, 1, transaction=2, old=True), row("I", 61, 2, "A", transaction=2),
                row("D", 65, 2, transaction=2, old=True), row("I", 65, 1, "B", transaction=2),
                row("D", 71, 1, transaction=3, old=True), row("I", 71, 2, "B", transaction=3),
                row("D", 75, 2, transaction=3, old=True), row("I", 75, 1, "A", transaction=3),
            ),
            {1: ("I", "A", False), 2: ("I", "B", False)},
        ),
        # 2 was deleted before: the row only passed through it.
        (
            passing(
                row("D", 2, 2, transaction=1),
                row("D", 61, 1, transaction=2, old=True), row("I", 61, 2, "A", transaction=2),
                row("D", 65, 2, transaction=2, old=True), row("I", 65, 3, "A", transaction=2),
            ),
            {1: ("D", "", False), 2: ("D", "", False), 3: ("I", "A", False)},
        ),
        # In another transaction a delete is a delete.
        (
            passing(row("I", 61, 2, "A", transaction=1), row("D", 65, 2, transaction=2, old=True)),
            {2: ("D", "", False)},
        ),
        # A delete that is no half of a key update wins over the insert before it.
        (passing(row("I", 61, 2, "A"), row("D", 65, 2)), {2: ("D", "", False)}),
    ],
    ids=["swap", "swap-within", "swap-and-back", "passed-through", "other-transaction", "plain-delete"],
)  # fmt: skip
def test_a_delete_from_a_before_image_loses_against_a_row_that_came_in_the_same_transaction(
    spark: SparkSession, rows: tuple[tuple[Any, ...], ...], expected: dict[int, tuple[str, str, bool]]
) -> None:
    found = order.latest(frame(spark, *rows), ["id"], key_updates=True).collect()
    assert {item["id"]: (item["_op"], item["name"], item["__cdc_if_there"]) for item in found} == expected


def test_what_other_batches_brought_is_dropped_and_what_the_batch_itself_wrote_is_not(spark: SparkSession) -> None:
    rows = frame(spark, row("U", 5, 1), row("U", 6, 1), row("D", 5, 1))
    log = frame(spark, row("U", 5, 1, sequence=99), row("U", 6, 1)).withColumn("_batch", F.expr("if(_row = 5, 1, 2)"))
    left = supersede.unseen(rows, ["id"], log, 2, "0000:")
    assert sorted((item["_op"], item["_row"]) for item in left.collect()) == [("D", 5), ("U", 6)]


def test_a_row_is_late_when_another_batch_has_something_later_of_its_key(spark: SparkSession) -> None:
    rows = frame(spark, row("U", 5, 1), row("U", 5, 2), row("U", 9, 3))
    log = frame(spark, row("D", 7, 1), row("D", 8, 2), row("U", 7, 3)).withColumn("_batch", F.expr("if(id = 2, 2, 1)"))
    found = supersede.with_late(rows, ["id"], log, 2, "0000:")
    assert {item["id"]: item["__cdc_late"] for item in found.collect()} == {1: True, 2: False, 3: False}
    assert found.columns == [*rows.columns, "__cdc_late"]
