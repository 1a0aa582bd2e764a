"""Every raw file is found once, however late or often it comes, by short listings."""

from __future__ import annotations

import pytest

from cdc.discover import is_raw_file, new_files, recent, window_start
from cdc.storage import StoredObject

FOLDER = "raw/public/people/"


def stored(name: str, etag: str = "e") -> StoredObject:
    return StoredObject(FOLDER + name, etag, 1)


@pytest.mark.parametrize("name", ["LOAD00000001.parquet", "LOAD0000000A.parquet", "20260131-235959123.parquet"])
def test_names_that_dms_gives_are_raw_files(name: str) -> None:
    assert is_raw_file(FOLDER + name)


@pytest.mark.parametrize("name", ["", "_SUCCESS", "notes.txt", "LOAD1.parquet", "2026-01-31.parquet"])
def test_other_names_are_not(name: str) -> None:
    assert not is_raw_file(FOLDER + name)


def test_a_listing_begins_a_day_before_the_last_change_file_and_has_every_load_file() -> None:
    start = window_start(FOLDER, FOLDER + "20260301-120000123.parquet")
    assert FOLDER + "20260228-115959999.parquet" < start < FOLDER + "20260228-120001000.parquet"
    assert start < FOLDER + "LOAD00000001.parquet"


def test_the_first_listing_is_whole() -> None:
    assert window_start(FOLDER, None) == ""


def test_a_name_of_digits_that_are_no_time_leaves_nothing_out() -> None:
    assert window_start(FOLDER, FOLDER + "20260231-250000123.parquet") == ""


def test_loads_come_before_changes_and_changes_in_order_of_their_names() -> None:
    files = [stored("20260102-000000000.parquet"), stored("20260101-000000000.parquet"), stored("LOAD00000001.parquet")]
    assert [item.key[len(FOLDER) :][:8] for item in new_files(files, {})] == ["LOAD0000", "20260101", "20260102"]


def test_a_name_that_comes_again_with_other_bytes_is_new() -> None:
    known = {FOLDER + "LOAD00000001.parquet": "first", FOLDER + "LOAD00000002.parquet": "first"}
    listed = [stored("LOAD00000001.parquet", "second"), stored("LOAD00000002.parquet", "first")]
    assert new_files(listed, known) == [listed[0]]


def test_only_what_the_next_listing_shows_again_is_remembered() -> None:
    names = [f"202601{day:02d}-000000000.parquet" for day in range(1, 31)] + ["LOAD00000001.parquet"]
    kept = recent({FOLDER + name: "e" for name in names}, FOLDER)
    start = window_start(FOLDER, FOLDER + names[29])
    assert set(kept) == {FOLDER + name for name in names if FOLDER + name > start}
    assert len(kept) == 3
