"""The fingerprint of a table's rules changes with everything that changes values, and with nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from memory import config, table

from cdc.config.fingerprint import fingerprint

ARN = "arn:aws:secretsmanager:us-east-1:1:secret:salt"
RULES: dict[str, Any] = {
    "filter": "id > 1",
    "columns": {"a": {"trim": True, "cast": "int"}, "b": {"mask": "sha256"}},
    "derived": {"c": "id + 1", "d": "id + 2"},
    "lookups": [{"from": "s3://b/x.csv", "on": {"id": "id"}, "columns": {"e": "e"}}],
    "expectations": {"f": {"must": "id > 2"}},
}


def of(salt: str | None = "pepper", **changes: Any) -> str:
    read = config(tables=[table("people", **{**RULES, **changes})], mask_salt_secret_arn=ARN)
    return fingerprint(read.tables[0], salt)


def test_the_same_rules_have_the_same_fingerprint_in_whatever_order_and_however_plainly_they_are_written() -> None:
    backwards = {
        "columns": {"b": {"mask": "sha256", "trim": False}, "a": {"cast": " INT", "trim": True, "null_if": None}},
        "derived": {"d": "id + 2", "c": "id + 1"},
        "expectations": {"f": {"on_broken": "reject", "must": "id > 2"}},
    }
    assert of(**backwards) == of()


@pytest.mark.parametrize(
    "changes",
    [
        {"filter": None},
        {"filter": "id > 2"},
        {"columns": {"a": {"trim": True, "cast": "bigint"}, "b": {"mask": "sha256"}}},
        {"columns": {"a": {"trim": True, "cast": "int"}, "b": {"mask": "sha256", "rename": "z"}}},
        {"derived": {"c": "id + 1", "d": "id + 3"}},
        {"lookups": []},
        {"lookups": [{"from": "s3://b/y.csv", "on": {"id": "id"}, "columns": {"e": "e"}}]},
        {"expectations": {"f": {"must": "id > 2", "on_broken": "count"}}},
        {"salt": "another"},
    ],
)
def test_another_rule_or_another_salt_has_another_fingerprint(changes: dict[str, Any]) -> None:
    assert of(**changes) != of()


def test_the_salt_of_a_table_that_does_not_hash_changes_nothing() -> None:
    plain = {"columns": {"a": {"mask": "redact"}}}
    assert of(salt="one", **plain) == of(salt="two", **plain) == of(salt=None, **plain)


def test_what_changes_no_value_changes_no_fingerprint() -> None:
    assert of(on_incompatible="reject", replica_identity="full") == of()
