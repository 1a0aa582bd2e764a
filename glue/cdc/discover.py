"""What lies in the raw bucket and is not yet planned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from cdc.storage import StoredObject

_CHANGE_FILE = re.compile(r"(\d{8}-\d{6})\d{3,4}\.[a-z.]+$")
#: Full-load files; Java reads the pattern likewise.
LOAD_FILE = re.compile(r"LOAD[0-9A-Fa-f]{8}\.[a-z.]+$")
_STAMP = "%Y%m%d-%H%M%S"

#: How far behind the last change file a late one may be; older ones are found by the daily sweep.
SLACK = timedelta(days=1)


def is_raw_file(key: str) -> bool:
    """Whether DMS gives files such a name; anything else in a table's folder is not ours."""
    return bool(_CHANGE_FILE.search(key) or LOAD_FILE.search(key))


def window_start(folder: str, last_change_file: str | None) -> str:
    """The key after which a listing begins: a day before the last change file.

    Full-load files (``LOAD…``) sort behind every date, so a listing from here always has them.
    """
    match = _CHANGE_FILE.search(last_change_file or "")
    if match is None:
        return ""
    try:
        return folder + (datetime.strptime(match.group(1), _STAMP) - SLACK).strftime(_STAMP)
    except ValueError:
        # Digits that are no time: nothing can be left out by it.
        return ""


def last_change_file(keys: Iterable[str]) -> str | None:
    """The change file with the latest name."""
    return max((key for key in keys if _CHANGE_FILE.search(key)), key=_name, default=None)


def recent(files: Mapping[str, str], folder: str) -> dict[str, str]:
    """What must be remembered of the finished files (key → ETag): those that the next listing will show again."""
    start = window_start(folder, last_change_file(files))
    return {key: etag for key, etag in files.items() if key > start}


def new_files(listed: Iterable[StoredObject], known: Mapping[str, str]) -> list[StoredObject]:
    """The listed raw files whose identity (key and ETag) is not known, in the order in which they apply."""
    fresh = [item for item in listed if is_raw_file(item.key) and known.get(item.key) != item.etag]
    return sorted(fresh, key=lambda item: (not LOAD_FILE.search(item.key), _name(item.key)))


def _name(key: str) -> str:
    return key.rsplit("/", 1)[-1]
