"""What a table's rules are, as one value that changes with them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from cdc.model.config import Table

#: What the rules do to values; one more whenever the same rules do something else.
_MEANING = 1


def fingerprint(table: Table, salt: str | None) -> str:
    """SHA-256 of everything in a table's configuration that decides what values its rows get.

    Two configurations that mean the same have the same, in whatever order their members are written.

    Args:
        salt: What hashes are salted with. Only its own hash goes in, and only for a table that hashes.
    """
    document = {
        "meaning": _MEANING,
        "filter": table.filter,
        "columns": {name: asdict(rule) for name, rule in table.columns.items()},
        "derived": dict(table.derived),
        "lookups": [asdict(item) for item in table.lookups],
        "expectations": {name: asdict(item) for name, item in table.expectations.items()},
        "salt": _digest(salt) if table.hashes and salt is not None else None,
    }
    return _digest(json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
