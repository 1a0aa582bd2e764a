"""The oracle of the other tests, on histories whose end is plain to see."""

from __future__ import annotations

from oracle import fold
from world import Change

TWO = [Change("I", 1, 1, "A", 1), Change("I", 2, 2, "B", 2)]


def test_rows_that_pass_each_other_in_a_transaction_both_live() -> None:
    swap = [Change("U", 61, 2, "A", 1, old_id=1), Change("U", 65, 1, "B", 2, old_id=2)]
    assert fold([*TWO, *swap]) == {1: ("B", 2), 2: ("A", 1)}


def test_a_chain_of_keys_moves_every_row_by_one() -> None:
    chain = [Change("U", 61, 2, "A", 1, old_id=1), Change("U", 65, 3, "B", 2, old_id=2)]
    assert fold([*TWO, *chain]) == {2: ("A", 1), 3: ("B", 2)}


def test_a_row_that_passes_through_a_free_key_leaves_nothing_there() -> None:
    through = [Change("U", 61, 3, "A", 1, old_id=1), Change("U", 65, 4, "A", 1, old_id=3)]
    assert fold([*TWO, *through]) == {2: ("B", 2), 4: ("A", 1)}
