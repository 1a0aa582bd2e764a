"""What is listed of a table's folder: the window, every load file once, and slices of what is older."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from memory import PAGE, MemoryStorage, config
from plans import EMPTY, FOLDER, NOON, file

from cdc.model.batch import StoredObject
from cdc.raw import discover

CONFIG = config()
PEOPLE = CONFIG.tables[0]
LOADS = [f"LOAD{number:08X}.parquet" for number in range(1, 2 * PAGE)]


def listed(storage: MemoryStorage, **state: str) -> list[str]:
    found = discover.listing(storage, CONFIG, PEOPLE, replace(EMPTY, **state))  # type: ignore[arg-type]
    return [item.name for item in found]


def with_loads() -> tuple[MemoryStorage, list[StoredObject]]:
    storage = MemoryStorage()
    return storage, [storage.put(CONFIG.raw_bucket, FOLDER + name, "x") for name in LOADS]


def test_a_first_listing_has_everything_that_is_a_raw_file() -> None:
    storage, _ = with_loads()
    storage.put(CONFIG.raw_bucket, f"{FOLDER}notes.txt", "x")
    late = storage.put(CONFIG.raw_bucket, file(NOON).key, "x")
    assert listed(storage) == [late.name, *LOADS]


def test_of_many_load_files_that_are_planned_only_the_first_page_is_listed_again() -> None:
    storage, loads = with_loads()
    storage.calls.clear()
    found = listed(storage, first_load=loads[0].etag, last_load=LOADS[-1])
    assert found == LOADS[:PAGE]
    assert len(storage.calls) == 2


def test_load_files_behind_the_latest_planned_one_are_listed() -> None:
    storage, loads = with_loads()
    found = listed(storage, first_load=loads[0].etag, last_load=LOADS[1500])
    assert found == [*LOADS[:PAGE], *LOADS[1501:]]


def test_when_the_first_load_file_was_written_again_all_are_listed() -> None:
    storage, _ = with_loads()
    assert listed(storage, first_load="another", last_load=LOADS[-1]) == LOADS


def test_slices_of_what_is_older_than_the_window_follow_each_other_and_end_before_it() -> None:
    storage = MemoryStorage()
    files = [file(NOON - timedelta(days=day)) for day in (6, 5, 4, 3, 0)]
    for item in files:
        storage.put(CONFIG.raw_bucket, item.key, "x")
    state, seen = replace(EMPTY, reached=f"{NOON:%Y%m%d-%H%M%S}"), list[list[str]]()
    while True:
        found = discover.old_files(storage, CONFIG, PEOPLE, state, 3)  # type: ignore[arg-type]
        seen.append([item.name for item in found])
        if len(found) < 3:
            break
        state = replace(state, sweep=replace(state.sweep, cursor=found[-1].name))
    assert seen == [[item.name for item in files[:3]], [files[3].name]]
