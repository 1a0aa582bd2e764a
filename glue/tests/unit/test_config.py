"""A configuration that is wrong is refused before anything is read, and the message says where."""

from __future__ import annotations

from typing import Any

import pytest
from memory import config, document, table

from cdc.config.parse import parse
from cdc.errors import ConfigError


def test_tables_have_lower_case_names_that_athena_takes() -> None:
    read = config(tables=[table("Order Lines", schema="Sales")])
    assert read.current(read.tables[0]) == "glue_catalog.shop.sales_order_lines"
    assert read.log(read.tables[0]) == "glue_catalog.shop.sales_order_lines_changes"
    assert read.raw_folder(read.tables[0]) == "raw/Sales/Order Lines/"


def test_a_prefix_may_lack_its_last_slash() -> None:
    read = config(final={"bucket": "b", "state_prefix": "_cdc"})
    assert read.state_prefix == "_cdc/"


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
        ({"tables": [table("x", columns={"a": {"round": 2}})]}, r"columns.a has the rule 'round'"),
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
