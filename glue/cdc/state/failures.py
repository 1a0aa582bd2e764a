"""What a table's state remembers of failures, and how long a table that failed is left alone."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime, timedelta

from cdc.model.table_state import Failure, TableState

#: After a first failure the next try waits so long, after others of the same kind twice as long each time.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


def failed(state: TableState, error: str, now: datetime) -> TableState:
    """The table's batch failed once more; each time in a row the pause before the next try is twice as long."""
    same = fingerprint(error)
    count = state.failure.count + 1 if state.failure is not None and state.failure.fingerprint == same else 1
    pause = min(FIRST_PAUSE * 2 ** min(count - 1, 20), LONGEST_PAUSE)
    return replace(state, failure=Failure(error, count, now, same, now + pause))


def is_known(state: TableState, error: str) -> bool:
    """Whether a table failed of the same before."""
    return state.failure is not None and state.failure.fingerprint == fingerprint(error)


def fingerprint(error: str) -> str:
    """A name of an error that stays when files, numbers and identifiers in it are others."""
    text = re.sub(r"[0-9a-fA-F]{6,}|\d+", "0", error)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
