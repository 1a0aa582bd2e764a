"""A mistyped option never becomes a run of everything."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cdc.arguments import Arguments, parse
from cdc.errors import ArgumentError

CONFIG = ["--config", "s3://b/k"]


def test_glues_own_arguments_are_left_alone() -> None:
    given = [
        *CONFIG,
        "--JOB_NAME",
        "shop",
        "--JOB_RUN_ID",
        "jr_1",
        "--enable-metrics",
        "true",
        "--TempDir",
        "s3://t",
        "--conf",
        "a=b",
    ]
    assert parse(given) == Arguments("s3://b/k", job="shop")


def test_ours_are_read() -> None:
    given = [*CONFIG, "--time_budget_seconds", "20", "--doorbell", "true", "--abandon", "7:public.people"]
    assert parse(given) == Arguments("s3://b/k", 20, abandon=(7, "public.people"))


@pytest.mark.parametrize("name", ["--tabels", "--cdc_tables", "--time_budget", "--abandn"])
@pytest.mark.parametrize("form", [[], ["x"]])
def test_one_that_looks_like_ours_and_is_not_is_refused(name: str, form: list[str]) -> None:
    with pytest.raises(ArgumentError, match=f"{name} is no argument of this job"):
        parse([*CONFIG, name, *form])


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["--tables", "a.b, c.d"], {"tables": ("a.b", "c.d")}),
        (["--tables", "a.b", "--dry_run"], {"tables": ("a.b",), "dry_run": True}),
        (["--dry_run", "true"], {"dry_run": True}),
        (["--from_file", "raw/a/b/LOAD00000001.parquet"], {"from_file": "raw/a/b/LOAD00000001.parquet"}),
        (["--replay_rejects"], {"replay_rejects": "all"}),
        (["--replay_rejects", "a.b"], {"replay_rejects": "a.b"}),
        (["--rebuild", "a.b"], {"rebuild": "a.b"}),
        (["--erase", "s3://b/keys", "--table", "a.b"], {"erase": "s3://b/keys", "table": "a.b"}),
    ],
)
def test_a_command_is_read(given: list[str], read: dict[str, Any]) -> None:
    assert parse([*CONFIG, *given]) == Arguments("s3://b/k", **read)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--rebuild", "a.b", "--dry_run"], "--dry_run and --rebuild cannot be done by one run"),
        (["--abandon", "1:a.b", "--from_file", "k"], "--abandon and --from_file cannot be done by one run"),
        (["--rebuild", "a.b", "--tables", "a.b"], "--rebuild names its own"),
        (["--erase", "s3://b/keys"], "--table SCHEMA.TABLE goes with --erase"),
        (["--table", "a.b"], "--table SCHEMA.TABLE goes with --erase"),
        (["--tables", "a"], "it takes SCHEMA.TABLE"),
        (["--dry_run", "yes"], "it takes true, or nothing"),
        (["--dry-run", "true"], "--dry-run is written --dry_run"),
    ],
)
def test_what_does_not_go_together_is_refused(given: list[str], told: str) -> None:
    with pytest.raises(ArgumentError, match=re.escape(told)):
        parse([*CONFIG, *given])


@pytest.mark.parametrize("text", ["7", "public.people", "x:public.people", "7:people"])
def test_a_malformed_batch_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError, match=r"must be BATCH:SCHEMA\.TABLE"):
        parse([*CONFIG, "--abandon", text])


def test_a_missing_configuration_is_named() -> None:
    with pytest.raises(ArgumentError, match="--config"):
        parse([])
