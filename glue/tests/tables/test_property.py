"""Whatever the source does and however DMS delivers it, the tables are right."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import fold
from pyspark.sql import SparkSession
from world import Change, World

pytestmark = pytest.mark.spark

operations = st.lists(st.tuples(st.sampled_from("IUDM"), st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=12)


def as_the_source_would(choices: list[tuple[str, int, int]]) -> list[Change]:
    """Changes that a database can have made: inserts of what is not there, updates and deletes of what is."""
    live: set[int] = set()
    changes = []
    for number, (op, key, other) in enumerate(choices, start=1):
        if op == "M" and key in live and other not in live:
            live ^= {key, other}
            changes.append(Change("U", number, other, f"n{number}", number, old_id=key))
        elif op == "D" and key in live:
            live.remove(key)
            changes.append(Change("D", number, key))
        else:
            changes.append(Change("U" if key in live else "I", number, key, f"n{number}", number))
            live.add(key)
    return changes


@settings(
    max_examples=4,
    phases=[Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(choices=operations, seed=st.integers(0, 1000))
def test_any_split_order_and_repetition_of_files_gives_the_source_table(
    spark: SparkSession, choices: list[tuple[str, int, int]], seed: int
) -> None:
    changes, dice = as_the_source_would(choices), random.Random(seed)
    world = World(spark)
    cuts = sorted(dice.sample(range(len(changes) + 1), min(2, len(changes))))
    files = [part for part in (changes[: cuts[0]], changes[cuts[0] : cuts[-1]], changes[cuts[-1] :]) if part]
    delivered = [*files, dice.choice(files)]
    dice.shuffle(delivered)
    for index, part in enumerate(delivered):
        world.put(f"20260101-{dice.randrange(24):02d}0000{index:03d}.parquet", part)
        if index + 1 == len(delivered) or dice.random() < 0.4:
            world.run()
    assert world.people() == fold(changes)
    assert len(world.log()) == sum(1 if change.old_id is None else 2 for change in changes)
