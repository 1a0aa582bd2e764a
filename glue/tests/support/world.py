"""A pipeline in small: a raw bucket that tests write DMS files to, and the job over it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import boto3
import pytest
from parquet_file import parquet_file
from pyspark.sql import Row, SparkSession
from pyspark.sql.types import LongType, StringType, StructField, StructType

from cdc.config.parse import parse
from cdc.model.config import Config
from cdc.run.report import RunResult
from cdc.run.run import Run
from cdc.spark import LazySession
from cdc.state.planner import Limits
from cdc.storage import Storage

CONTRACT = {
    "op_column": "Op",
    "timestamp_column": "dms_commit_ts",
    "sequence_column": "dms_seq",
    "position_column": "dms_position",
    "before_prefix": "dms_before_",
}

#: The table of most tests: a key, a name, an amount.
PEOPLE = {"schema": "public", "name": "people", "primary_key": ["id"]}


def sequence(number: int) -> str:
    """A change sequence that sorts like its number."""
    return f"2026010100000000{number:019d}"


def position(number: int) -> str:
    """What the job makes of the log position of a change."""
    return f"{number:016X}.0000000001"


def dms_schema(before: tuple[str, ...] = (), **source: Any) -> StructType:
    """A DMS file's columns around those of a source table."""
    text = StringType()
    columns = {"Op": text, "dms_commit_ts": text, **source, "dms_seq": text, "dms_position": text}
    columns |= {f"dms_before_{name}": source[name] for name in before}
    return StructType([StructField(name, kind) for name, kind in columns.items()])


def dms_row(op: str, number: int, *source: Any, before: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    """A row for ``dms_schema``; ``number`` 0 is a full-load row."""
    seq, place = (sequence(number), f"0/{number:X}.1") if number else (None, None)
    return (op, "2026-01-01 00:00:00.000000", *source, seq, place, *before)


class KilledError(BaseException):
    """Ends a run at a step. Not an Exception, so that no part of the job gets to tidy up."""


@dataclass(frozen=True)
class Change:
    """A row of a DMS file. ``number`` 0 is a full-load row, which has no sequence.

    Attributes:
        number: Place in the order of the source; also the sequence, unless ``sequence`` says another counter.
        transaction: Number of its transaction, by which its commit time is told; by itself each change has its own.
    """

    op: str
    number: int
    id: int | None
    name: str | None = None
    amount: int | None = None
    old_id: int | None = None
    sequence: int | None = None
    transaction: int | None = None

    def row(self) -> tuple[Any, ...]:
        stamp = f"2026-01-01 00:00:{(self.transaction or self.number) % 60:02d}.000000"
        seq = sequence(self.sequence or self.number) if self.number else None
        position = f"00000000/{self.number:08X}.1" if self.number else None
        return (self.op, stamp, self.id, self.name, self.amount, seq, position, self.old_id)


FILE_SCHEMA = StructType(
    [
        StructField("Op", StringType()),
        StructField("dms_commit_ts", StringType()),
        StructField("id", LongType()),
        StructField("name", StringType()),
        StructField("amount", LongType()),
        StructField("dms_seq", StringType()),
        StructField("dms_position", StringType()),
        StructField("dms_before_id", LongType()),
    ]
)


@dataclass
class World:
    """Buckets and a database of one test."""

    spark: SparkSession
    tables: list[dict[str, Any]] = field(default_factory=lambda: [PEOPLE])
    salt_secret: str | None = None
    contract: dict[str, Any] = field(default_factory=dict)
    name: str = field(default_factory=lambda: "t" + uuid.uuid4().hex[:10])

    def __post_init__(self) -> None:
        self.s3 = boto3.client("s3")
        self.s3.create_bucket(Bucket=f"{self.name}-raw")
        self.s3.create_bucket(Bucket=f"{self.name}-final")
        boto3.client("glue").create_database(DatabaseInput={"Name": self.name})

    @property
    def config(self) -> Config:
        return parse(
            {
                "version": 1,
                "raw": {"bucket": f"{self.name}-raw", "prefix": "raw/", "format": "parquet"},
                "final": {"bucket": f"{self.name}-final", "state_prefix": "_cdc/"},
                "catalog": "glue_catalog",
                "database": self.name,
                "contract": CONTRACT | self.contract,
                "mask_salt_secret_arn": self.salt_secret,
                "tables": self.tables,
            }
        )

    def put(self, file: str, changes: Iterable[Change], table: str = "public/people") -> None:
        """Writes a DMS file; a full-load row has no sequence."""
        self.put_rows(file, [change.row() for change in changes], FILE_SCHEMA, table)

    def put_rows(self, file: str, rows: list[tuple[Any, ...]], schema: StructType, table: str) -> None:
        """Writes rows as one Parquet file; as DMS does, in one piece."""
        self.put_bytes(file, parquet_file(rows, schema), table)

    def put_bytes(self, file: str, body: bytes, table: str = "public/people") -> None:
        self.s3.put_object(Bucket=f"{self.name}-raw", Key=f"raw/{table}/{file}", Body=body)

    def report_load(
        self, started: datetime, rows: int, complete: datetime | None, table: str = "public.people"
    ) -> None:
        """What `make start` records of a full load."""
        document = {
            "version": 1,
            "table": table,
            "started": started.isoformat(),
            "complete": None if complete is None else complete.isoformat(),
            "rows": rows,
            "task": "arn:aws:dms:us-east-1:123456789012:task:T",
        }
        place = {"Bucket": f"{self.name}-final", "Key": f"_cdc/loads/{table}/{started:%Y%m%dT%H%M%SZ}.json"}
        self.s3.put_object(**place, Body=json.dumps(document).encode())

    def put_source_schema(
        self,
        columns: Iterable[tuple[str, str]],
        primary_key: Iterable[str],
        replica_identity: str = "default",
        table: str = "public.people",
    ) -> None:
        """What `make start` records of a table of the source; columns are name and PostgreSQL's type."""
        document = {
            "version": 1,
            "table": table,
            "read_at": "2026-01-01T00:00:00+00:00",
            "columns": [{"name": name, "type": kind, "nullable": True} for name, kind in columns],
            "primary_key": list(primary_key),
            "replica_identity": replica_identity,
        }
        place = {"Bucket": f"{self.name}-final", "Key": f"_cdc/schemas/{table}.json"}
        self.s3.put_object(**place, Body=json.dumps(document).encode())

    def carry_out(
        self,
        on_step: Callable[[str], None] = lambda _: None,
        *,
        time_budget: float = 600,
        limits: Limits | None = None,
        session: LazySession | None = None,
        patient: bool = False,
    ) -> RunResult:
        return Run(
            self.config,
            Storage(self.s3),
            session or LazySession(self.spark),
            time_budget=time_budget,
            limits=limits,
            patient=patient,
            on_step=on_step,
        ).carry_out()

    def run(self, on_step: Callable[[str], None] = lambda _: None, **options: Any) -> int:
        """A run that must not fail; the number of batches that it finished."""
        result = self.carry_out(on_step, **options)
        result.raise_failures()
        return result.finished

    def state(self, table: str = "public.people") -> dict[str, Any]:
        """The table's state object."""
        place = {"Bucket": f"{self.name}-final", "Key": f"_cdc/tables/{table}.json"}
        return json.loads(self.s3.get_object(**place)["Body"].read())

    def done_mark(self, batch: int, table: str = "public.people") -> dict[str, Any]:
        """How a batch ended."""
        place = {"Bucket": f"{self.name}-final", "Key": f"_cdc/done/{table}/{batch:010d}.json"}
        return json.loads(self.s3.get_object(**place)["Body"].read())

    def set_state(self, table: str = "public.people", **members: Any) -> None:
        """Puts other values into the table's state object."""
        place = {"Bucket": f"{self.name}-final", "Key": f"_cdc/tables/{table}.json"}
        self.s3.put_object(**place, Body=json.dumps(self.state(table) | members).encode())

    def delete(self, file: str, table: str = "public/people") -> None:
        self.s3.delete_object(Bucket=f"{self.name}-raw", Key=f"raw/{table}/{file}")

    def current(self, table: str = "public_people") -> list[Row]:
        return self._rows(table)

    def people(self, table: str = "public_people") -> dict[int, tuple[str | None, int | None]]:
        """The current table as id → (name, amount); an id that is there twice fails."""
        rows = self.current(table)
        ids = [row["id"] for row in rows]
        assert len(ids) == len(set(ids)), f"a key is there twice: {sorted(ids)}"
        return {row["id"]: (row["name"], row["amount"]) for row in rows}

    def log(self, table: str = "public_people") -> list[Row]:
        return self._rows(f"{table}_changes", "ORDER BY _position, _seq, _raw_file, _row")

    def ledger(self) -> list[Row]:
        return self._rows("cdc_files", "ORDER BY _batch, object_key")

    def rejects(self) -> list[Row]:
        return self._rows("cdc_rejects", "ORDER BY _batch, object_key, row")

    def query(self, sql: str, table: str = "public_people") -> list[Row]:
        """Runs a statement in which ``{table}`` stands for a table of this world."""
        identifier = f"glue_catalog.{self.name}.{table}"
        self.spark.catalog.refreshTable(identifier)
        return self.spark.sql(sql.format(table=identifier)).collect()

    def _rows(self, table: str, order: str = "") -> list[Row]:
        return self.query(f"SELECT * FROM {{table}} {order}", table)


def killed_at(world: World, step: str) -> None:
    """A run that is killed at a step."""

    def kill(reached: str) -> None:
        if reached == step:
            raise KilledError

    with pytest.raises(KilledError):
        world.run(kill)


def compact(world: World, table: str) -> None:
    """What AWS's own table optimizer does at any moment."""
    world.spark.sql(
        f"CALL glue_catalog.system.rewrite_data_files(table => '{world.name}.{table}', "
        "options => map('min-input-files', '2', 'rewrite-all', 'true'))"
    )
