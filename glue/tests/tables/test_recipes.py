"""History as SQL over the log equals the source's own, kept by a program that makes its transactions."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from node import bundled
from pyspark.sql import SparkSession
from recipes import names, recipe
from world import Change, World

LOAD = "LOAD00000001.parquet"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

Values = tuple[str, int]


class Version(NamedTuple):
    """What was at a key, from the transaction that put it there until the one that touched it next."""

    id: int
    values: Values
    valid_from: datetime
    valid_to: datetime | None


class Source:
    """Rows that keep being the same row, whatever key they have, and a list of what was done to them."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[int, Values]] = {}
        self.changes: list[Change] = []
        self.versions: list[Version] = []
        self._open: dict[int, tuple[Values, datetime]] = {}
        self._names, self._transaction, self._first = 0, 0, 0

    def insert(self, id: int) -> int:
        self._names += 1
        row, values = self._names, (f"row {self._names}", 0)
        self.rows[row] = (id, values)
        self._change("I", id, values)
        return row

    def insert_again(self, row: int) -> None:
        """The insert of a row that the load has seen already."""
        self._change("I", *self.rows[row])

    def update(self, row: int) -> None:
        id, (name, amount) = self.rows[row]
        self.rows[row] = (id, (name, amount + 1))
        self._change("U", id, self.rows[row][1])

    def move(self, row: int, id: int) -> None:
        old, values = self.rows[row]
        self.rows[row] = (id, values)
        self._change("U", id, values, old)

    def delete(self, row: int) -> None:
        id, _ = self.rows.pop(row)
        self._change("D", id)

    def swap(self, one: int, two: int) -> None:
        first, second = self.rows[one][0], self.rows[two][0]
        self.move(one, second)
        self.move(two, first)

    def commit(self) -> None:
        now = BEGINNING + timedelta(seconds=self._transaction)
        touched = {id for change in self.changes[self._first :] for id in (change.id, change.old_id or change.id)}
        there = dict(self.rows.values())
        assert len(there) == len(self.rows), "two rows have one key"
        for id in touched:
            assert id is not None
            if id in self._open:
                values, since = self._open.pop(id)
                self.versions.append(Version(id, values, since, now))
            if id in there:
                self._open[id] = (there[id], now)
        self._first, self._transaction = len(self.changes), self._transaction + 1

    def history(self) -> set[Version]:
        return {*self.versions, *(Version(id, *opened, None) for id, opened in self._open.items())}

    def _change(self, op: str, id: int, values: Values | None = None, old: int | None = None) -> None:
        number = 0 if self._transaction == 0 else 100 + len(self.changes)
        self.changes.append(Change(op, number, id, *(values or (None, None)), old, transaction=self._transaction))


def eventful() -> Source:
    """Each kind of trouble at its own keys."""
    source = Source()
    plain, swapped, other, passing, deleted, moved, reborn, overlapping = (source.insert(id) for id in range(1, 9))
    source.commit()
    for _ in range(3):
        source.update(plain)
    source.commit()
    for one, two in ((swapped, other), (swapped, other), (other, swapped)):
        source.swap(one, two)
        source.commit()
    source.move(passing, 20)
    source.move(passing, 21)
    source.commit()
    source.delete(deleted)
    source.commit()
    source.move(moved, 30)
    source.commit()
    source.insert(6)
    source.update(moved)
    source.commit()
    source.delete(reborn)
    source.insert(7)
    source.commit()
    source.move(plain, 40)
    source.delete(plain)
    source.commit()
    source.insert(5)
    source.commit()
    source.insert_again(overlapping)
    source.delete(overlapping)
    source.commit()
    return source


def lively(seed: int) -> Source:
    """Transactions of anything, at few keys, so that each meets all others."""
    chance, source = random.Random(seed), Source()
    for id in range(1, 5):
        source.insert(id)
    source.commit()
    for _ in range(55):
        for _ in range(chance.randint(1, 4)):
            rows, free = sorted(source.rows), sorted({*range(1, 8)} - {id for id, _ in source.rows.values()})
            kind = chance.choice(["insert", "update", "move", "delete", "swap"])
            if kind == "insert" and free:
                source.insert(chance.choice(free))
            elif kind == "update" and rows:
                source.update(chance.choice(rows))
            elif kind == "move" and rows and free:
                source.move(chance.choice(rows), chance.choice(free))
            elif kind == "delete" and rows:
                source.delete(chance.choice(rows))
            elif kind == "swap" and len(rows) > 1:
                source.swap(*chance.sample(rows, 2))
        source.commit()
    return source


def logged(spark: SparkSession, source: Source) -> World:
    world = World(spark)
    world.put(LOAD, [change for change in source.changes if change.number == 0])
    changes = [change for change in source.changes if change.number]
    middle = len(changes) // 2
    world.put("20260101-000001000.parquet", changes[:middle])
    world.put("20260101-000002000.parquet", changes[middle:])
    world.run()
    return world


@pytest.mark.spark
@pytest.mark.parametrize("source", [eventful(), lively(7), lively(8)], ids=["eventful", "lively-7", "lively-8"])
def test_every_version_of_every_row_the_rows_of_any_moment_and_the_table_are_the_sources(
    spark: SparkSession, source: Source
) -> None:
    world, expected = logged(spark, source), source.history()
    assert world.people() == dict(source.rows.values())
    log = f"glue_catalog.{world.name}.public_people_changes"
    found = spark.sql(recipe("scd2", log=log, key="id")).collect()
    versions = [
        Version(row["id"], (row["name"], row["amount"]), *(
            time and time.astimezone(UTC) for time in (row["valid_from"], row["valid_to"])
        ))
        for row in found
    ]  # fmt: skip
    assert sorted(map(str, versions)) == sorted(map(str, expected))
    assert {row["id"] for row in found if row["is_current"]} == {item.id for item in expected if item.valid_to is None}

    for moment in (BEGINNING + timedelta(seconds=second) for second in (0, 0.5, 3, 5, 9, 30)):
        text = f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC"
        rows = spark.sql(recipe("as_of", log=log, key="id", moment=text)).collect()
        then = {
            item.id: item.values
            for item in expected
            if item.valid_from <= moment and (item.valid_to is None or item.valid_to > moment)
        }
        assert sorted((row["id"], (row["name"], row["amount"])) for row in rows) == sorted(then.items())


def test_the_recipes_are_sql_of_trino_too() -> None:
    """By the grammar alone: no Trino, and no Athena, has run them here."""
    statements = {
        name: recipe(name, log="shop.public_people_changes", key="id, region", moment="2026-01-01 00:00:00 UTC")
        for name in names()
    }
    assert set(statements) == {"as_of", "scd2"}
    # What is Spark's alone the parser must refuse, or it would say nothing.
    statements["wrong"] = "SELECT * FROM a LEFT ANTI JOIN b ON a.id = b.id"
    script = bundled("parse_trino.js", "dt-sql-parser@4.5.1")
    done = subprocess.run(["node", script], input=json.dumps(statements), capture_output=True, text=True, check=True)
    errors = json.loads(done.stdout)
    assert errors.pop("wrong")
    assert errors == {name: [] for name in names()}
