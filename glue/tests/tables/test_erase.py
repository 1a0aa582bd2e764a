"""An erased key is in no file of the final bucket, and nothing brings it back."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from buckets import decoded
from pyspark.sql import SparkSession
from pyspark.sql.types import LongType, StringType
from world import World, dms_row, dms_schema, killed_at

from cdc.commands.erasing import erase, read_keys
from cdc.commands.reading_again import from_file
from cdc.commands.rebuilding import rebuild
from cdc.errors import ArgumentError
from cdc.model.batch import BEGINNING, Kind
from cdc.spark import LazySession
from cdc.state import again
from cdc.state import erased as state_of_erased
from cdc.state.store import StateStore
from cdc.storage import Storage

pytestmark = pytest.mark.spark

LOAD = "LOAD00000001.parquet"
KEY, SECRET = "zebedee-4711", "quuxington"
TABLE = {"schema": "public", "name": "people", "primary_key": ["id"]}
COLUMNS = dms_schema(("id",), id=StringType(), name=StringType(), amount=LongType())


def at(second: int) -> str:
    return f"20260101-0000{second:02d}000.parquet"


def row(op: str, number: int, key: str | None, name: str | None, before: str | None = None) -> tuple[Any, ...]:
    return dms_row(op, number, key, name, number, before=(before,))


def filled(spark: SparkSession) -> World:
    """The key loaded, updated twice, deleted and inserted again; with others; and in a reject."""
    world = World(spark, [TABLE])
    batches = [
        [row("I", 0, KEY, f"{SECRET} 0"), row("I", 0, "ann", "Ann"), row("I", 0, "bob", "Bob")],
        [row("U", 11, KEY, f"{SECRET} 1"), row("U", 12, "ann", "Anna")],
        [row("D", 21, KEY, None), row("I", 22, "cid", "Cid"), row("X", 23, KEY, f"{SECRET} 2")],
        [row("I", 31, KEY, f"{SECRET} 3"), row("D", 32, "bob", None)],
    ]
    for number, rows in enumerate(batches):
        world.put_rows(at(number) if number else LOAD, rows, COLUMNS, "public/people")
        world.run()
    return world


def erased(world: World, keys: Any, salt: str = "salt") -> None:
    run = uuid.uuid4().hex[:8]
    erase(
        world.config, Storage(world.s3), LazySession(world.spark), keys, "public.people", run, lambda: salt
    ).raise_failures()


def places(world: World, *values: str) -> set[str]:
    """The objects of the final bucket and of the world's warehouse that have one of the values."""
    buckets = [(f"{world.name}-final", ""), ("warehouse", f"w/{world.name}.db/")]
    return {
        key
        for bucket, prefix in buckets
        for key, body in decoded(world.spark, world.s3, bucket, prefix)
        for value in values
        if value.encode() in body
    }


def test_after_an_erasure_the_key_and_its_values_are_in_no_object(
    spark: SparkSession, capsys: pytest.CaptureFixture[str]
) -> None:
    world = filled(spark)
    found = places(world, KEY, SECRET)
    # Data, manifests with their bounds, rejects.
    assert {key.rsplit(".", 1)[1] for key in found} == {"parquet", "avro"}
    assert any("cdc_rejects" in key for key in found)
    capsys.readouterr()
    erased(world, [KEY])
    assert places(world, KEY, SECRET) == set()
    told = capsys.readouterr().out
    assert KEY not in told and SECRET not in told
    assert {row["id"] for row in world.current()} == {"ann", "cid"}
    assert [(row["_op"], row["id"]) for row in world.log()] == [
        ("I", "ann"), ("I", "bob"), ("U", "ann"), ("I", "cid"), ("D", "bob"),
    ]  # fmt: skip
    assert [row["columns"] for row in world.rejects()] == ["{}"]
    for file in (LOAD, at(1), at(2), at(3)):
        assert f"still in raw table=public.people file=raw/public/people/{file}" in told
    kept = json.loads(
        world.s3.get_object(Bucket=f"{world.name}-final", Key="_cdc/erased/public.people.json")["Body"].read()
    )
    assert len(kept["hashes"]) == 1 and len(kept["raw_files"]) == 4


def test_neither_a_replay_nor_a_change_nor_a_rebuild_brings_an_erased_key_back(spark: SparkSession) -> None:
    world = filled(spark)
    erased(world, [KEY])
    session, storage = LazySession(spark), Storage(world.s3)
    from_file(world.config, storage, session, f"raw/public/people/{at(3)}", "r").raise_failures()
    rows = [
        row("U", 51, KEY, f"{SECRET} 5"),
        row("U", 52, KEY, f"{SECRET} 6", before="ann"),
        ("I", "yesterday", KEY, SECRET, 1, "zzz", "0/50.1", None),
        row("I", 53, "dan", "Dan"),
    ]
    world.put_rows(at(5), rows, COLUMNS, "public/people")
    world.run()
    rebuild(world.config, storage, session, "public.people", "r").raise_failures()
    assert {row["id"] for row in world.current()} == {"cid", "dan"}
    assert [row["reasons"] for row in world.rejects() if row["object_key"].endswith(at(3))] == [["erased"]]
    assert [len(row["reasons"]) for row in world.rejects() if row["object_key"].endswith(at(5))] == [1, 1, 2]
    assert places(world, KEY, SECRET) == set()


def test_an_erasure_that_is_killed_is_ended_by_the_next_run(spark: SparkSession) -> None:
    world = filled(spark)
    storage, (table,) = Storage(world.s3), world.config.tables
    state_of_erased.add(storage, world.config, table, [[KEY]])
    store = StateStore(storage, world.config)
    store.change(table, store.read(table), lambda state: again.plan(state, [], Kind.ERASE, state.epoch, BEGINNING, "r"))
    killed_at(world, "erased")
    assert places(world, KEY, SECRET) != set()
    assert world.run() == 1
    assert places(world, KEY, SECRET) == set()


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"id": 1}, "the document must be a JSON list of keys"),
        ([], "the document must be a JSON list of keys"),
        ([[1]], "key 1 of the list must have a text or a number"),
        ([{"id": 1}, {"name": "x"}], "key 2 of the list must have a text or a number for each of id"),
        ([1, "one"], "key 2 of the list is no value of id bigint"),
    ],
)
def test_a_list_of_keys_that_cannot_be_right_is_refused_without_showing_it(
    spark: SparkSession, keys: Any, told: str
) -> None:
    world = World(spark, [TABLE])
    columns = dms_schema(("id",), id=LongType(), name=StringType())
    world.put_rows(LOAD, [dms_row("I", 0, 1, "a", before=(None,))], columns, "public/people")
    world.run()
    with pytest.raises(ArgumentError, match=told) as refused:
        erased(world, keys)
    assert "one" not in str(refused.value).replace("none", "")
    assert world.state()["number"] == 1


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("4711", "takes the location of the keys"),
        ("s3://bucket", "takes the location of the keys"),
        ("s3://warehouse/nothing", "there is no such object"),
    ],
)
def test_the_keys_are_never_given_as_an_argument(spark: SparkSession, location: str, told: str) -> None:
    world = World(spark, [TABLE])
    with pytest.raises(ArgumentError, match=told):
        read_keys(location, Storage(world.s3), lambda arn: arn)


def test_keys_come_from_an_object_or_from_a_secret(spark: SparkSession) -> None:
    world = World(spark, [TABLE])
    world.s3.put_object(Bucket=f"{world.name}-final", Key="keys", Body=b'["a"]')
    assert read_keys(f"s3://{world.name}-final/keys", Storage(world.s3), lambda arn: arn) == ["a"]
    arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:keys"
    assert read_keys(arn, Storage(world.s3), lambda asked: json.dumps([asked])) == [arn]
    with pytest.raises(ArgumentError, match="is no JSON"):
        read_keys(arn, Storage(world.s3), lambda asked: "4711, 4712x")
