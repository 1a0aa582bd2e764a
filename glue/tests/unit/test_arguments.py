"""A mistyped option never becomes a run of everything."""

from __future__ import annotations

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
    assert parse(given) == Arguments("s3://b/k", 20, None, (7, "public.people"))


@pytest.mark.parametrize("name", ["--tabels", "--cdc_tables", "--time_budget", "--abandn"])
@pytest.mark.parametrize("form", [[], ["x"]])
def test_one_that_looks_like_ours_and_is_not_is_refused(name: str, form: list[str]) -> None:
    with pytest.raises(ArgumentError, match=f"{name} is no argument of this job"):
        parse([*CONFIG, name, *form])


@pytest.mark.parametrize("text", ["7", "public.people", "x:public.people", "7:people"])
def test_a_malformed_batch_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError, match=r"must be BATCH:SCHEMA\.TABLE"):
        parse([*CONFIG, "--abandon", text])


def test_a_missing_configuration_is_named() -> None:
    with pytest.raises(ArgumentError, match="--config"):
        parse([])
