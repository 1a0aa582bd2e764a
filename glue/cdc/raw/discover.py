"""What lies in a table's folder of the raw bucket."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from cdc.model.batch import StoredObject
from cdc.model.config import Config, Table
from cdc.model.table_state import TableState
from cdc.raw.names import BEFORE_LOADS, is_load, is_raw_file, window_start
from cdc.storage import Storage


def listing(storage: Storage, config: Config, table: Table, state: TableState) -> list[StoredObject]:
    """The raw files that may be new: change files of the window, and full-load files.

    Of many full-load files only the first page and those behind the latest planned one are listed, unless the first
    one was written again.
    """
    folder = config.raw_folder(table)
    found: list[StoredObject] = []
    for page in storage.pages(config.raw_bucket, folder, folder + window_start(state.reached)):
        found += [item for item in page.objects if is_raw_file(item.name)]
        loads = [item for item in found if is_load(item.name)]
        if loads and not page.is_last and state.last_load and loads[0].etag == state.first_load:
            found += _files(storage.listing(config.raw_bucket, folder, folder + state.last_load))
            break
    return list({item.key: item for item in found}.values())


def old_files(storage: Storage, config: Config, table: Table, state: TableState, most: int) -> list[StoredObject]:
    """A slice of what lies before the window: up to so many files behind the sweep's cursor, in order of names."""
    folder = config.raw_folder(table)
    end = folder + (window_start(state.reached) or BEFORE_LOADS)
    objects = storage.listing(config.raw_bucket, folder, folder + (state.sweep.cursor or ""))
    before = (item for item in _until(objects, end) if is_raw_file(item.name))
    return list(islice(before, most))


def _until(objects: Iterator[StoredObject], end: str) -> Iterator[StoredObject]:
    for item in objects:
        if item.key >= end:
            return
        yield item


def _files(objects: Iterator[StoredObject]) -> list[StoredObject]:
    return [item for item in objects if is_raw_file(item.name)]
