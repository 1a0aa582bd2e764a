"""The grammar of raw files' names, their order, and where a listing must begin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cdc.model.batch import StoredObject

#: ``yyyyMMdd-HHmmssSSS`` and an extension; DMS writes three digits of milliseconds, older engines four.
_CHANGES = re.compile(r"(\d{8}-\d{6})\d{3,4}\.(?:parquet|csv)(?:\.gz)?")
_LOAD = re.compile(r"LOAD[0-9A-Fa-f]{8}\.(?:parquet|csv)(?:\.gz)?")

#: The same for Java, over whole keys.
LOAD_KEY = rf"(^|/){_LOAD.pattern}$"
STAMP = "%Y%m%d-%H%M%S"

#: Sorts behind every change file and before every full-load file.
BEFORE_LOADS = "A"

#: How far behind the latest change file a late one may be; older ones are found by the sweep. A file a minute in half a
#: day is one page of a listing.
SLACK = timedelta(hours=12)

#: How far ahead of the time at which it was written a name may be; more must not move the window.
AHEAD = timedelta(hours=3)


def is_load(name: str) -> bool:
    """Whether DMS gives full-load files such a name."""
    return _LOAD.fullmatch(name) is not None


def is_raw_file(name: str) -> bool:
    """Whether DMS gives files such a name; anything else in a table's folder is not ours."""
    return is_load(name) or _CHANGES.fullmatch(name) is not None


def named_time(name: str) -> datetime | None:
    """The time that a change file's name says; None for other names and for digits that are no time."""
    if (match := _CHANGES.fullmatch(name)) is None:
        return None
    try:
        return datetime.strptime(match.group(1), STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def is_of_the_future(item: StoredObject) -> bool:
    """Whether a name says a time long after the object was written: it must not move the window."""
    time = named_time(item.name)
    return time is not None and time > item.modified + AHEAD


def reached(files: Iterable[StoredObject], before: str) -> str:
    """The latest time that names say, names of the future left out, as names spell it.

    Args:
        before: What was reached before.
    """
    times = [time for item in files if not is_of_the_future(item) and (time := named_time(item.name)) is not None]
    return max([before, *(time.strftime(STAMP) for time in times)])


def window_start(reached: str) -> str:
    """The name after which a listing begins: a while before what was reached; empty for everything.

    Full-load files (``LOAD…``) sort behind every date, so a listing from here has them too.
    """
    if not reached:
        return ""
    return (datetime.strptime(reached, STAMP) - SLACK).strftime(STAMP)


def in_order(files: Iterable[StoredObject]) -> list[StoredObject]:
    """Files in the order in which they apply: full loads first, then changes by name."""
    return sorted(files, key=lambda item: (not is_load(item.name), item.name))
