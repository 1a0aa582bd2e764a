"""A configuration that is wrong is refused before anything is read, and the message says where."""

from __future__ import annotations

from typing import Any

import pytest
from memory import config, document, table

from cdc.config.parse import parse
from cdc.errors import ConfigError
from cdc.model.config import Table
from cdc.model.rules import ColumnRule, Expectation


def test_tables_have_lower_case_names_that_athena_takes() -> None:
    read = config(tables=[table("Order Lines", schema="Sales")])
    assert read.current(read.tables[0]) == "glue_catalog.shop.sales_order_lines"
    assert read.log(read.tables[0]) == "glue_catalog.shop.sales_order_lines_changes"
    assert read.raw_folder(read.tables[0]) == "raw/Sales/Order Lines/"


def test_a_prefix_may_lack_its_last_slash() -> None:
    read = config(final={"bucket": "b", "state_prefix": "_cdc"})
    assert read.state_prefix == "_cdc/"


def lookup(**changes: Any) -> dict[str, Any]:
    return {"from": "s3://b/path/y.csv", "on": {"a": "a"}, "columns": {"b": "b"}} | changes


def test_every_rule_is_read_and_what_is_left_out_is_at_its_default() -> None:
    rules = {
        "filter": "id > 1",
        "columns": {
            "a": {
                "trim": True,
                "null_if": "",
                "cast": "DECIMAL(10, 2)",
                "default": "0",
                "mask": "last4",
                "rename": "z",
            },
            "b": {"mask": "drop"},
        },
        "derived": {"c": "id + 1"},
        "lookups": [lookup(on={"a": "k"}, columns={"d": "v"}), lookup(**{"from": "public.y", "columns": {"e": "v"}})],
        "expectations": {"f": {"must": "id > 2", "on_broken": "stop"}, "g": {"must": "true"}},
        "on_incompatible": "reject",
        "on_unchanged_lob": "null",
        "on_truncated_lob": "reject",
        "replica_identity": "full",
    }
    read = config(
        tables=[table("x", **rules), table("y")], contract={**document()["contract"], "lob_max_size_kb": 32.5}
    )
    first, second = read.tables
    assert first.columns["a"] == ColumnRule(True, "", "decimal(10,2)", "0", "last4", "z")
    assert (first.masks, first.dropped, first.renames) == ({"a": "last4", "b": "drop"}, {"b"}, {"a": "z"})
    assert first.added == ("d", "e", "c")
    assert [(item.reference, item.is_file) for item in first.lookups] == [
        ("s3://b/path/y.csv", True),
        ("public.y", False),
    ]
    assert (first.lookups[0].on, first.lookups[0].columns) == ({"a": "k"}, {"d": "v"})
    assert first.expectations == {"f": Expectation("id > 2", "stop"), "g": Expectation("true", "reject")}
    assert (first.on_incompatible, first.on_unchanged_lob, first.on_truncated_lob) == ("reject", "null", "reject")
    assert read.contract.lob_max_size_kb == 32.5
    assert second == Table("public", "y", ("id",))
    assert (second.on_incompatible, second.on_unchanged_lob, second.on_truncated_lob) == ("new_column", "keep", "keep")
    assert (config().contract.lob_max_size_kb, config().raw_format) == (None, "parquet")


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "json", "jsonl", "jsonl.gz", "parquet", "parquet/"])
def test_a_reference_file_is_read_by_its_ending(ending: str) -> None:
    place = f"s3://b/path/y.{ending}"
    assert config(tables=[table("x", lookups=[lookup(**{"from": place})])]).tables[0].lookups[0].reference == place


def test_a_table_may_look_up_in_one_that_looks_up_in_a_third() -> None:
    chain = [
        table("x", lookups=[lookup(**{"from": "public.y"})]),
        table("y", lookups=[lookup(**{"from": "public.z"})]),
        table("z"),
    ]
    assert len(config(tables=chain).tables) == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"version": 2}, "configuration.version is 2"),
        ({"raw": {"prefix": "raw/", "format": "parquet"}}, "configuration.raw.bucket is missing"),
        ({"raw": {"bucket": "b", "prefix": "raw/", "format": "csv"}}, "configuration.raw.format is 'csv'"),
        ({"contract": []}, "configuration.contract must be of type dict, not list"),
        ({"tables": []}, "configuration.tables is empty"),
        ({"tables": ["people"]}, r"configuration.tables\[0\] must be an object, not str"),
        ({"tables": [{"schema": "public", "name": "x"}]}, r"configuration.tables\[0\].primary_key is missing"),
        ({"tables": [table("x", primary_key=["id", "id"])]}, r"tables\[0\].primary_key must be names of different"),
        ({"tables": [table("x", columns={"a": {"mask": "md5"}})]}, r"columns.a.mask is 'md5'"),
        (
            {"tables": [table("x", columns={"a": {"round": 2}})]},
            r"columns.a has the rule 'round', which there is not; ",
        ),
        (
            {"tables": [table("x", masks={})]},
            r"tables\[0\] has the member 'masks', which there is not; there are schema",
        ),
        ({"tables": [table("x", filter=" ")]}, r"tables\[0\].filter is empty"),
        ({"tables": [table("x", on_incompatible="split")]}, "on_incompatible is 'split'; it must be one of new_column"),
        ({"tables": [table("x", on_unchanged_lob="")]}, "on_unchanged_lob is ''; it must be one of keep, null"),
        ({"tables": [table("x", on_truncated_lob="null")]}, "on_truncated_lob is 'null'; it must be one of keep, rej"),
        ({"tables": [table("x", replica_identity="index")]}, "replica_identity is 'index'; it must be one of default"),
        ({"tables": [table("x", columns={"a": {"trim": "yes"}})]}, "columns.a.trim must be of type bool, not str"),
        ({"tables": [table("x", columns={"a": {"default": 0}})]}, "columns.a.default must be of type str, not int"),
        ({"tables": [table("x", columns={"a": {"cast": "money"}})]}, "columns.a.cast is 'money'; it must be one of bo"),
        ({"tables": [table("x", columns={"a": {"cast": "decimal(39,2)"}})]}, "cast is 'decimal.39,2.'; it must be"),
        ({"tables": [table("x", columns={"a": {"cast": "decimal(4,5)"}})]}, "cast is 'decimal.4,5.'; it must be"),
        (
            {"tables": [table("x", columns={"a": {"rename": "_seq"}})]},
            "columns.a.rename has a name that the job itself",
        ),
        ({"tables": [table("x", columns={"a": {"rename": "__CDC_x"}})]}, "columns.a.rename has a name that the job"),
        ({"tables": [table("x", columns={"a": {"rename": "ID"}})]}, "columns.a.rename has the name of the column id"),
        (
            {"tables": [table("x", columns={"a": {"rename": "z"}, "b": {"rename": "Z"}})]},
            "columns.b.rename has the name of columns.a.rename: 'Z'",
        ),
        ({"tables": [table("x", columns={"a": {"rename": "z"}}, derived={"z": "1"})]}, "derived.z has the name of col"),
        (
            {"tables": [table("x", columns={"a": {"mask": "drop", "trim": True}})]},
            "columns.a is left out of the tables",
        ),
        ({"tables": [table("x", columns={"id": {"mask": "drop"}})]}, "columns.id.mask is 'drop'"),
        ({"tables": [table("x", columns={"id": {"trim": True}})]}, "columns.id.trim could make different keys equal"),
        ({"tables": [table("x", columns={"id": {"null_if": ""}})]}, "columns.id.null_if could make different keys"),
        ({"tables": [table("x", columns={"id": {"default": "1"}})]}, "columns.id.default could make different keys"),
        ({"tables": [table("x", expectations={"e": {}})]}, "expectations.e.must is missing"),
        ({"tables": [table("x", expectations={"e": {"must": "a", "on_broken": "warn"}})]}, "on_broken is 'warn'; it"),
        (
            {"tables": [table("x", expectations={"e": {"must": "a", "then": "b"}})]},
            "expectations.e has the member 'then'",
        ),
        ({"tables": [table("x", lookups={})]}, "lookups must be of type list, not dict"),
        ({"tables": [table("x", lookups=[lookup(**{"from": "public.y"})])]}, "from 'public.y', which is no table of"),
        (
            {"tables": [table("x", lookups=[lookup(**{"from": "s3://b/y.xml"})])]},
            r"lookups\[0\].from is 's3://b/y.xml'",
        ),
        ({"tables": [table("x", lookups=[lookup(**{"from": "https://b/y.csv"})])]}, "from is 'https://b/y.csv'; a ref"),
        ({"tables": [table("x", lookups=[lookup(on={})])]}, r"lookups\[0\].on is empty"),
        ({"tables": [table("x", lookups=[lookup(columns={})])]}, r"lookups\[0\].columns is empty"),
        ({"tables": [table("x", lookups=[lookup(columns={"id": "a"})])]}, "lookups.columns.id has the name of the col"),
        (
            {"tables": [table("x", lookups=[lookup()], columns={"a": {"mask": "drop"}})]},
            r"lookups\[0\].on names 'a', which the mask drop leaves out",
        ),
        ({"tables": [table("x", lookups=[lookup(**{"from": "public.x"})])]}, "lookups of public.x from public.x lead"),
        (
            {
                "tables": [
                    table("x", lookups=[lookup(**{"from": "public.y"})]),
                    table("y", lookups=[lookup(**{"from": "public.x"})]),
                ]
            },
            "lookups of public.. from public.. from public.. lead back to where they begin",
        ),
        (
            {"contract": {**document()["contract"], "lob_max_size_kb": 0}},
            "contract.lob_max_size_kb is 0; it must be mo",
        ),
        ({"contract": {**document()["contract"], "lob_max_size_kb": True}}, "lob_max_size_kb must be a number, not bo"),
        ({"tables": [table("x", columns={"a": {"mask": "sha256"}})]}, "mask_salt_secret_arn is null"),
        ({"tables": [table("x", columns={"id": {"mask": "redact"}})]}, "columns.id.mask is 'redact'"),
        ({"tables": [table("x", columns={"id": {"mask": "last4"}})]}, "columns.id.mask is 'last4'"),
        ({"tables": [table("x", derived={"_seq": "1"})]}, r"derived._seq has a name that the job itself uses"),
        ({"tables": [table("a b"), table("a_b")]}, "both be public_a_b in the catalog"),
        ({"tables": [table("a"), table("a_changes")]}, "both be public_a_changes in the catalog"),
        ({"tables": [table("files", schema="cdc")]}, "both be cdc_files in the catalog"),
    ],
)
def test_a_wrong_member_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse(document(**changes))
