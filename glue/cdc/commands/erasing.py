"""Right to erasure: keys whose rows must be nowhere, and must not come back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from cdc.changes import masks
from cdc.commands.names import table_named
from cdc.errors import ArgumentError
from cdc.events import event
from cdc.model.batch import Kind
from cdc.model.columns import FILE, quoted
from cdc.model.config import Config, Table
from cdc.run.erase import is_erased, key_columns
from cdc.run.report import RunResult
from cdc.run.run import Run
from cdc.spark import LazySession, driver_rows
from cdc.state import again, erased
from cdc.state.store import StateStore
from cdc.storage import Storage
from cdc.tables import catalog

_FORM = 'a JSON list of keys: [4711, 4712], or of an object each where the key has several columns: [{"a": 1, "b": 2}]'


def erase(
    config: Config,
    storage: Storage,
    session: LazySession,
    keys: Any,
    name: str,
    run: str,
    salt: Callable[[], str],
    time_budget: float = 1500,
) -> RunResult:
    """Erases keys in a run over their table.

    Their hashes are stored first: from then on no run brings them back, and any run can end what this one began.

    Args:
        keys: The document: a list of keys.
        name: Qualified name of the table.
        salt: Of hashed columns; asked for where the key is hashed.

    Raises:
        ArgumentError: The table or the keys are not such that rows can be found by them.
    """
    table = table_named(config, "--table", name)
    if not table.primary_key:
        raise ArgumentError(f"--erase of {name}: the table has no key to find rows by.")
    spark = session.get()
    log = catalog.find(spark, config.log(table))
    if log is None:
        raise ArgumentError(f"--erase of {name}: there is no {config.log(table)} yet, so there is nothing to erase.")
    catalog.refresh(spark, config.log(table))
    log = spark.table(config.log(table))
    texts = _texts(log, table, _read_keys(keys, table), salt)
    asked = erased.add(storage, config, table, texts)
    columns = key_columns(log, table)
    # Told before anything is deleted: afterwards nobody knows it any more.
    rows = log.where(is_erased(columns, asked)).select(FILE).distinct().collect()
    kept = erased.add(storage, config, table, [], [row[FILE] for row in rows])
    for file in kept.raw_files:
        event("still in raw", table=name, file=file, text="a raw file has rows of an erased key: delete or rewrite it")
    event(
        "erasing",
        run=run,
        table=name,
        keys=len(texts),
        raw_files=len(kept.raw_files),
        text="queries that are running on earlier snapshots of table, log and rejects fail, and work when they are "
        "started again; time travel to before now is over",
    )
    store, now = StateStore(storage, config), datetime.now(UTC)
    store.change(table, store.read(table), lambda state: again.plan(state, [], Kind.ERASE, state.epoch, now, run))
    return Run(config, storage, session, time_budget=time_budget, tables={name}, patient=False).carry_out()


def read_keys(location: str, storage: Storage, read_secret: Callable[[str], str]) -> Any:
    """The document with the keys: an object in S3 or a secret. The arguments of a run are shown to many, these are not.

    Raises:
        ArgumentError: There is no such object, or what is there is no JSON.
    """
    try:
        if location.startswith("arn:") and ":secretsmanager:" in location:
            return json.loads(read_secret(location))
        bucket, slash, key = location.removeprefix("s3://").partition("/")
        if not location.startswith("s3://") or not slash or not key:
            raise ArgumentError(
                "--erase takes the location of the keys, s3://bucket/key or the ARN of a secret, and not the keys: "
                f"everybody who may see the job sees its arguments. There must be {_FORM}."
            )
        found = storage.read_json(bucket, key)
    except ValueError:
        # Without the reason, which shows what is there.
        raise ArgumentError(f"--erase: what lies at the given location is no JSON; it must be {_FORM}.") from None
    if found is None:
        raise ArgumentError(f"--erase {location}: there is no such object. Put there {_FORM}.")
    return found.value


def _read_keys(document: Any, table: Table) -> list[list[str]]:
    names = table.primary_key
    if not isinstance(document, list) or not document:
        raise ArgumentError(f"--erase of {table.qualified}: the document must be {_FORM}.")
    keys: list[list[str]] = []
    for place, item in enumerate(document, 1):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        given: Any = {names[0]: item} if len(names) == 1 and not isinstance(item, dict) else item
        values = [given.get(name) for name in names] if isinstance(given, dict) else []  # pyright: ignore
        if len(values) != len(names) or any(isinstance(value, list | dict | None) for value in values):
            raise ArgumentError(
                f"--erase of {table.qualified}: key {place} of the list must have a text or a number for each of "
                f"{', '.join(names)}; the document must be {_FORM}."
            )
        keys.append([value if isinstance(value, str) else json.dumps(value) for value in values])
    return keys


def _texts(log: DataFrame, table: Table, keys: Sequence[Sequence[str]], salt: Callable[[], str]) -> list[list[str]]:
    """The keys as the tables have them, as text."""
    hidden = {name: mask for name, mask in table.masks.items() if name in table.primary_key}
    if lossy := [name for name, mask in hidden.items() if mask != "sha256"]:
        raise ArgumentError(
            f"--erase of {table.qualified}: {lossy[0]} is masked by {hidden[lossy[0]]}, so rows of several keys look "
            "alike and none can be found by it."
        )
    kinds = {item.name: item.dataType.simpleString() for item in log.schema}
    schema = StructType([StructField(f"k{index}", StringType()) for index in range(len(table.primary_key))])
    frame = driver_rows(
        log.sparkSession, [{f"k{index}": text for index, text in enumerate(key)} for key in keys], schema
    )
    salted = masks.with_salt(frame, table, salt() if hidden else "")
    values = [
        masks.masked(hidden[source], F.col(f"k{index}"))
        if source in hidden
        else F.expr(f"CAST(try_cast({quoted(f'k{index}')} AS {kinds[name]}) AS STRING)")
        for index, (source, name) in enumerate(zip(table.primary_key, key_columns(log, table), strict=True))
    ]
    rows = salted.select(*[value.alias(f"v{index}") for index, value in enumerate(values)]).collect()
    for place, row in enumerate(rows, 1):
        if None in tuple(row):
            wanted = ", ".join(f"{name} {kinds[name]}" for name in key_columns(log, table))
            raise ArgumentError(f"--erase of {table.qualified}: key {place} of the list is no value of {wanted}.")
    return [list(row) for row in rows]
