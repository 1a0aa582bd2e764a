"""What tables must hold, computed in plain Python from the changes in the order of the source."""

from __future__ import annotations

from collections.abc import Iterable

from world import Change

Row = tuple[str | None, int | None]


def fold(changes: Iterable[Change]) -> dict[int | None, Row]:
    """The rows that live after all changes, as id → (name, amount).

    Rows are followed as such, not by their key: two may pass each other within a transaction and share a key for a
    moment. Of those that do, a change of a key is made to the one that had it first.
    """
    rows: list[tuple[int | None, Row]] = []
    for change in sorted(changes, key=lambda item: item.number):
        key = change.id if change.old_id is None else change.old_id
        place = next((index for index, (found, _) in enumerate(rows) if found == key), None)
        if change.op == "D":
            if place is not None:
                del rows[place]
            continue
        row = (change.id, (change.name, change.amount))
        if place is None or change.op == "I":
            rows.append(row)
        elif change.old_id is None:
            rows[place] = row
        else:
            del rows[place]
            rows.append(row)
    living = dict(rows)
    assert len(living) == len(rows), "the changes are no database's: a key is there twice"
    return living
