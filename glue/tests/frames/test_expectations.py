"""Derived columns, expectations and lookups see what the columns' rules have made, and nothing of what they hide."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from changes import changes, prepared, values
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdc.changes.lookups import COPIES, keyed
from cdc.errors import ConfigError
from cdc.model.config import Table
from cdc.model.rules import ColumnRule, Expectation, Lookup

pytestmark = pytest.mark.spark

COLUMNS = "id int, name string, amount int"


def table(**members: Any) -> Table:
    return Table("public", "people", ("id",), **members)


def test_a_broken_expectation_rejects_counts_or_stops_as_chosen(spark: SparkSession) -> None:
    expectations = {
        "positive": Expectation("amount > 0"),
        "small": Expectation("amount < 100", "count"),
        "named": Expectation("name IS NOT NULL", "stop"),
    }
    frame = changes(
        spark,
        COLUMNS,
        ("I", 1, "Ann", 5),
        ("I", 2, "Bob", -5),
        ("I", 3, "Cid", 500),
        ("I", 4, None, None),
        ("D", 5, None, -1),
    )
    found = prepared(frame, table(expectations=expectations))
    assert values(found, "__cdc_reasons", "__cdc_counted", "__cdc_stops") == [
        ([], [], []),
        (["the expectation positive is broken"], [], []),
        ([], ["small"], []),
        # What is NULL of a row is not broken.
        ([], [], ["named"]),
        ([], [], []),
    ]


def test_an_expectation_sees_cleansed_masked_and_derived_values(spark: SparkSession) -> None:
    rules = {"name": ColumnRule(trim=True, mask="redact"), "amount": ColumnRule(default="0", rename="sum")}
    expectations = {
        "hidden": Expectation("name = 'REDACTED'"),
        "filled": Expectation("amount IS NOT NULL"),
        "twice": Expectation("double = 2 * amount"),
        "sees": Expectation("name = ' Ann '", "count"),
    }
    members = {"columns": rules, "derived": {"double": "amount * 2"}, "expectations": expectations}
    found = prepared(changes(spark, COLUMNS, ("I", 1, " Ann ", None)), table(**members))
    assert values(found, "name", "amount", "double") == [("REDACTED", 0, 0)]
    assert values(found, "__cdc_reasons", "__cdc_counted") == [([], ["sees"])]


def test_derived_columns_see_masked_values_and_the_filter_sees_the_source(spark: SparkSession) -> None:
    members = {
        "filter": "name = 'Ann'",
        "columns": {"name": ColumnRule(mask="sha256")},
        "derived": {"initial": "left(name, 1)", "long": "length(name)"},
    }
    found = prepared(changes(spark, COLUMNS, ("I", 1, "Ann", 1), ("I", 2, "Bob", 2)), table(**members), "salt")
    hidden = hashlib.sha256(b"saltAnn").hexdigest()
    assert values(found, "name", "initial", "long") == [(hidden, hidden[0], 64)]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"derived": {"x": "left(secret, 1)"}}, r"derived.x of public.people .* the mask drop leaves out secret"),
        ({"expectations": {"e": Expectation("secret > 1")}}, r"expectations.e.must of public.people is no expression"),
        (
            {"expectations": {"e": Expectation("amount")}},
            "expectations.e.must .* is of type int; it must be a condition",
        ),
        ({"filter": "id +"}, "filter of public.people is no expression"),
        ({"filter": "id + 1"}, "filter of public.people is of type int; it must be a condition"),
        ({"derived": {"x": "explode(array(1, 2))"}}, "derived.x of public.people is not one value a row"),
        ({"derived": {"x": "row_number() OVER (ORDER BY id)"}}, "derived.x of public.people is not one value a row"),
        ({"derived": {"x": "*"}}, "derived.x of public.people is not one value a row"),
        ({"derived": {"x": "sum(amount)"}}, "derived.x of public.people is no"),
        ({"derived": {"x": "rand()"}}, "derived.x of public.people gives another value each time"),
        ({"derived": {"x": "to_json(struct(*))"}}, "derived.x of public.people names columns that the job needs"),
        ({"derived": {"x": "__cdc.before.k0"}}, "derived.x of public.people names columns that the job needs"),
        ({"filter": "__cdc.op = 'I'"}, "filter of public.people names columns that the job needs"),
        ({"derived": {"AMOUNT": "id"}}, "column 'AMOUNT' of public.people has the name of a source column"),
    ],
)
def test_an_expression_that_is_none_over_a_row_of_the_table_is_refused_by_name(
    spark: SparkSession, members: dict[str, Any], message: str
) -> None:
    rules = {"secret": ColumnRule(mask="drop"), "name": ColumnRule(mask="sha256")}
    frame = changes(spark, f"{COLUMNS}, secret string", ("I", 1, "Ann", 1, "s"))
    with pytest.raises(ConfigError, match=message):
        prepared(frame, table(columns=rules, **members), "salt")


def countries(spark: SparkSession) -> DataFrame:
    rows = [("1", "CH", "Bern"), ("2", "DE", None), ("x", "??", "nowhere"), (None, "NN", "none")]
    return spark.createDataFrame(rows, "number string, code string, capital string")


def test_a_lookup_adds_columns_by_equality_and_null_where_there_is_none(spark: SparkSession) -> None:
    lookup = Lookup("s3://bucket/countries.csv", {"amount": "number"}, {"country": "code", "capital": "capital"})
    ruled = table(lookups=(lookup,), derived={"label": "concat(country, ': ', capital)"})
    frame = changes(
        spark, COLUMNS, ("I", 1, "a", 1), ("I", 2, "b", 2), ("I", 3, "c", 9), ("I", 4, "d", None), ("D", 5, None, 1)
    )
    references = [keyed(countries(spark), ruled, lookup, frame.schema)]
    found = prepared(frame, ruled, references=references)
    assert values(found, "id", "country", "capital", "label") == [
        (1, "CH", "Bern", "CH: Bern"), (2, "DE", None, None), (3, None, None, None), (4, None, None, None),
        (5, None, None, None),
    ]  # fmt: skip


def test_a_key_that_is_there_twice_is_counted_and_doubles_no_row(spark: SparkSession) -> None:
    lookup = Lookup("s3://bucket/countries.csv", {"amount": "number"}, {"country": "code"})
    ruled, frame = table(lookups=(lookup,)), changes(spark, COLUMNS, ("I", 1, "a", 1))
    # As numbers these are one key.
    doubled = countries(spark).union(spark.createDataFrame([(" 1", "AT", "Wien")], countries(spark).schema))
    reference = keyed(doubled, ruled, lookup, frame.schema)
    assert sorted(row[COPIES] for row in reference.select(COPIES).collect()) == [1, 2]
    assert prepared(frame, ruled, references=[reference]).count() == 1


def test_a_lookup_by_a_masked_column_finds_what_is_masked_likewise(spark: SparkSession) -> None:
    lookup = Lookup("public.contacts", {"name": "who"}, {"phone": "phone"})
    ruled = table(columns={"name": ColumnRule(mask="sha256")}, lookups=(lookup,))
    frame = changes(spark, COLUMNS, ("I", 1, "Ann", 1), ("I", 2, "Bob", 2))
    hidden = hashlib.sha256(b"saltAnn").hexdigest()
    contacts = spark.createDataFrame([(hidden, "one"), ("Bob", "two")], "who string, phone string")
    references = [keyed(contacts, ruled, lookup, frame.schema)]
    assert values(prepared(frame, ruled, "salt", references=references), "phone") == ["one", None]


@pytest.mark.parametrize(
    ("on", "columns", "message"),
    [
        (
            {"amount": "nr"},
            {"country": "code"},
            "takes amount from the column 'nr', which is not there; there are number",
        ),
        ({"amount": "number"}, {"country": "land"}, "takes country from the column 'land', which is not there"),
        (
            {"sum": "number"},
            {"country": "code"},
            "is on the column 'sum', which the table does not have; it has id, name",
        ),
        ({"amount": "day"}, {"country": "code"}, "compares amount, which is int, with day, which is date"),
    ],
)
def test_a_lookup_that_names_what_is_not_there_is_refused_by_name(
    spark: SparkSession, on: dict[str, str], columns: dict[str, str], message: str
) -> None:
    lookup = Lookup("s3://bucket/countries.csv", on, columns)
    frame = changes(spark, COLUMNS, ("I", 1, "a", 1))
    reference = countries(spark).withColumn("day", F.lit("2026-01-01").cast("date"))
    with pytest.raises(ConfigError, match=f"The lookup of public.people from s3://bucket/countries.csv {message}"):
        keyed(reference, table(lookups=(lookup,)), lookup, frame.schema)
