"""Rules of single columns, one after the other; what cannot be cast is told without its value."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from changes import changes, prepared, values
from pyspark.sql import SparkSession

from cdc.errors import ConfigError
from cdc.model.config import Table
from cdc.model.rules import ColumnRule

pytestmark = pytest.mark.spark


def table(**rules: ColumnRule) -> Table:
    return Table("public", "people", ("id",), columns=rules)


def column(spark: SparkSession, kind: str, rule: ColumnRule, *given: Any, **options: Any) -> list[Any]:
    """What a rule makes of values that are inserted."""
    frame = changes(spark, f"id int, it {kind}", *[("I", place, value) for place, value in enumerate(given)])
    rows = prepared(frame, table(it=rule), **options)
    return values(rows, "it")


def test_blanks_at_both_ends_are_trimmed_and_those_within_are_not(spark: SparkSession) -> None:
    given = ["  Ann Lee\t", "\r\nBob", "", "   ", None, "Cid"]
    expected = [None if text is None else text.strip() for text in given]
    assert column(spark, "string", ColumnRule(trim=True), *given) == expected


def test_a_text_that_means_nothing_becomes_null_after_trimming_and_whatever_the_type(spark: SparkSession) -> None:
    assert column(spark, "string", ColumnRule(trim=True, null_if="n/a"), " n/a ", "n/a.", None) == [None, "n/a.", None]
    assert column(spark, "string", ColumnRule(null_if=""), "", " ") == [None, " "]
    assert column(spark, "int", ColumnRule(null_if="-1"), -1, 1) == [None, 1]


def test_a_cast_takes_what_is_of_the_type_and_the_default_fills_what_is_null(spark: SparkSession) -> None:
    rule = ColumnRule(trim=True, null_if="-", cast="int", default="7")
    assert column(spark, "string", rule, " 12 ", "-", None) == [12, 7, 7]
    assert column(spark, "string", ColumnRule(cast="date"), "2026-02-28") == [date(2026, 2, 28)]
    assert column(spark, "string", ColumnRule(cast="decimal(5,2)"), "12.5") == [Decimal("12.50")]
    assert column(spark, "bigint", ColumnRule(default="0"), None, 3) == [0, 3]


def test_the_mask_is_laid_over_what_the_rules_before_it_have_made(spark: SparkSession) -> None:
    rule = ColumnRule(trim=True, null_if="none", default="nobody", mask="sha256")
    expected = [hashlib.sha256(f"salt{text}".encode()).hexdigest() for text in ("Ann", "nobody", "nobody")]
    assert column(spark, "string", rule, " Ann ", "none", None, salt="salt") == expected


def test_each_mask_hides_all_but_what_it_says(spark: SparkSession) -> None:
    given = ["4111111111111111", "12", "", None]
    last = [None if text is None else "*" * max(len(text) - 4, min(len(text), 4)) for text in given]
    last[0] = "*" * 12 + "1111"
    assert column(spark, "string", ColumnRule(mask="last4"), *given) == last
    assert column(spark, "int", ColumnRule(mask="redact"), 5, None) == ["REDACTED", None]


@pytest.mark.parametrize(
    ("kind", "cast", "given"),
    [
        ("string", "int", ["12", "abc", "1.5", "99999999999", ""]),
        ("bigint", "int", [1, 2**40]),
        ("string", "date", ["2026-02-28", "2026-02-30"]),
        ("decimal(10,2)", "decimal(4,2)", [Decimal("99.99"), Decimal("100.00")]),
        ("string", "boolean", ["true", "perhaps"]),
    ],
)
def test_a_value_that_cannot_be_cast_rejects_its_row_and_a_null_does_not(
    spark: SparkSession, kind: str, cast: str, given: list[Any]
) -> None:
    rows = [("I", place, value) for place, value in enumerate([None, *given])]
    found = prepared(changes(spark, f"id int, it {kind}", *rows), table(it=ColumnRule(cast=cast)))
    reasons = values(found, "__cdc_reasons")
    # The first value of each list is the one that can be cast.
    assert reasons == [[], [], *[[f"it cannot be cast to {cast}"]] * (len(given) - 1)]
    assert values(found, "it")[2:] == [None] * (len(given) - 1)


def test_a_default_does_not_stand_for_a_value_that_cannot_be_cast(spark: SparkSession) -> None:
    rule = table(it=ColumnRule(cast="int", default="0"))
    assert values(prepared(changes(spark, "id int, it string", ("I", 1, "abc")), rule), "__cdc_reasons") == [
        ["it cannot be cast to int"]
    ]


def test_every_value_that_cannot_be_cast_is_a_reason_and_no_reason_has_a_value(spark: SparkSession) -> None:
    rule = ColumnRule(cast="int")
    frame = changes(spark, "id int, a string, b string", ("I", 1, "secret", "hidden"), ("I", 2, "1", "hidden"))
    found = values(prepared(frame, table(a=rule, b=rule)), "__cdc_reasons")
    assert found == [["a cannot be cast to int", "b cannot be cast to int"], ["b cannot be cast to int"]]


def test_what_a_delete_or_a_row_outside_the_filter_had_is_not_cast(spark: SparkSession) -> None:
    only = Table("public", "people", ("id",), filter="id < 10", columns={"it": ColumnRule(cast="int")})
    frame = changes(spark, "id int, it string", ("D", 1, "abc"), ("U", 20, "abc"))
    assert values(prepared(frame, only), "_op", "__cdc_reasons") == [("D", []), ("D", [])]


def test_both_halves_of_a_key_update_have_its_reasons(spark: SparkSession) -> None:
    frame = changes(spark, "id int, it string", ("U", 2, "abc", 1))
    found = values(prepared(frame, table(it=ColumnRule(cast="int"))), "_op", "id", "__cdc_reasons")
    reasons = ["it cannot be cast to int"]
    assert found == [("D", 1, reasons), ("I", 2, reasons)]


def test_a_default_does_not_overwrite_a_text_that_an_update_may_not_have_sent(spark: SparkSession) -> None:
    rules = {"it": ColumnRule(null_if="-", default="x"), "n": ColumnRule(default="0")}
    frame = changes(spark, "id int, it string, n int", ("I", 1, None, None), ("U", 2, None, None), ("U", 3, "-", 1))
    assert values(prepared(frame, table(**rules), unsent=["it"]), "it", "n") == [("x", 0), (None, 0), ("x", 1)]
    assert values(prepared(frame, table(**rules)), "it") == ["x", "x", "x"]


def test_a_null_that_a_rule_made_is_told_from_one_that_was_not_sent(spark: SparkSession) -> None:
    frame = changes(spark, "id int, it string", ("U", 1, "-"), ("U", 2, None), ("U", 3, "a"))
    assert values(prepared(frame, table(it=ColumnRule(null_if="-"))), "__cdc_nulled") == [["it"], [], []]


def test_a_dropped_column_is_in_no_row(spark: SparkSession) -> None:
    frame = changes(spark, "id int, it string, other string", ("I", 1, "secret", "shown"))
    found = prepared(frame, table(it=ColumnRule(mask="drop")))
    assert "it" not in found.columns
    assert values(found, "other") == ["shown"]
    assert "secret" not in str(found.collect())


def test_a_key_that_is_cast_is_cast_where_it_was_before_an_update_too(spark: SparkSession) -> None:
    frame = changes(spark, "id int, it string", ("U", 2, "a", 1), ("D", 2, None))
    found = values(prepared(frame, table(id=ColumnRule(cast="string"))), "_op", "id")
    assert found == [("D", "1"), ("I", "2"), ("D", "2")]


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"nothing": ColumnRule(trim=True)}, "has no column 'nothing'"),
        ({"it": ColumnRule(rename="OTHER")}, "rename of columns.it of public.people is 'OTHER', which is the name of"),
        ({"it": ColumnRule(cast="int", default="many")}, "default of columns.it .* is 'many', which is no int"),
        ({"day": ColumnRule(cast="int")}, "cast of columns.day of public.people is int, which a date cannot become"),
        ({"id": ColumnRule(cast="int")}, "cast of columns.id .* could make different keys of type bigint equal"),
    ],
)
def test_a_rule_that_does_not_fit_its_column_is_refused_by_name(
    spark: SparkSession, rules: dict[str, ColumnRule], message: str
) -> None:
    frame = changes(spark, "id bigint, it string, other string, day date", ("I", 1, "a", "b", date(2026, 1, 1)))
    with pytest.raises(ConfigError, match=message):
        prepared(frame, table(**rules))


def test_a_column_with_a_rule_that_the_source_dropped_later_stops_nothing(spark: SparkSession) -> None:
    frame = changes(spark, "id int, it string", ("I", 1, "a"))
    gone = table(secret=ColumnRule(mask="drop"), old=ColumnRule(cast="int"))
    assert values(prepared(frame, gone, known=True), "it") == ["a"]
