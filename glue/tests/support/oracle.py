"""What tables must hold, computed in plain Python from the changes in the order of the source."""

from __future__ import annotations

from collections.abc import Iterable

from world import Change


def fold(changes: Iterable[Change]) -> dict[int | None, tuple[str | None, int | None]]:
    """The rows that live after all changes, as id → (name, amount)."""
    rows: dict[int | None, tuple[str | None, int | None]] = {}
    for change in sorted(changes, key=lambda item: item.number):
        if change.op == "D":
            rows.pop(change.id, None)
            continue
        if change.old_id is not None:
            rows.pop(change.old_id, None)
        rows[change.id] = (change.name, change.amount)
    return rows
