"""The grammar of raw files' names, and where a listing begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cdc.model.batch import StoredObject
from cdc.raw.names import in_order, is_load, is_of_the_future, is_raw_file, reached, window_start


def stored(name: str, modified: datetime = datetime(2026, 3, 1, 13, tzinfo=UTC)) -> StoredObject:
    return StoredObject("raw/public/people/" + name, "e", 1, modified)


@pytest.mark.parametrize(
    "name", ["LOAD00000001.parquet", "LOAD0000000A.csv.gz", "20260131-235959123.parquet", "20260131-2359591234.csv"]
)
def test_names_that_dms_gives_are_raw_files(name: str) -> None:
    assert is_raw_file(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "_SUCCESS",
        "notes.txt",
        "LOAD1.parquet",
        "2026-01-31.parquet",
        "x20260131-235959123.parquet",
        "20260131-235959123.parquet.tmp",
        "XLOAD00000001.parquet",
        "LOAD00000001.parquet.part",
    ],
)
def test_names_that_only_contain_such_a_name_are_not(name: str) -> None:
    assert not is_raw_file(name)


def test_a_listing_begins_half_a_day_before_what_was_reached_and_has_every_load_file() -> None:
    start = window_start(reached([stored("20260301-120000123.parquet")], ""))
    assert "20260228-235959999.parquet" < start < "20260301-000001000.parquet"
    assert start < "LOAD00000001.parquet"


def test_the_first_listing_is_whole() -> None:
    assert window_start("") == ""


def test_what_was_reached_never_falls() -> None:
    assert reached([stored("20260101-000000000.parquet")], "20260301-120000") == "20260301-120000"


def test_a_name_hours_after_the_file_was_written_moves_nothing() -> None:
    future = stored("20991231-000000000.parquet")
    assert is_of_the_future(future)
    assert reached([future, stored("20260301-120000000.parquet")], "") == "20260301-120000"
    near = stored("20260301-153000000.parquet")
    assert not is_of_the_future(near)
    assert is_of_the_future(StoredObject(near.key, "e", 1, near.modified - timedelta(hours=1)))


def test_digits_that_are_no_time_move_nothing() -> None:
    assert reached([stored("20260231-250000123.parquet")], "") == ""


def test_loads_come_before_changes_and_changes_in_order_of_their_names() -> None:
    files = [stored("20260102-000000000.parquet"), stored("20260101-000000000.parquet"), stored("LOAD00000001.parquet")]
    assert [item.name[:8] for item in in_order(files)] == ["LOAD0000", "20260101", "20260102"]
    assert [is_load(item.name) for item in in_order(files)] == [True, False, False]
