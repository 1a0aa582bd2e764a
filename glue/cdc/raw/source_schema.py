"""What is recorded of a source table (``_cdc/schemas/``), and what DMS makes of PostgreSQL's types."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from cdc.errors import StateError
from cdc.model.config import Config, Table
from cdc.storage import Storage

VERSION = 1

#: PostgreSQL's type without modifiers → Spark's; everything else is text. DMS's table of types: DMS user guide, "Source
#: data types for PostgreSQL" and "Target data types for S3 Parquet".
_TYPES = {
    "smallint": "int",
    "integer": "int",
    "bigint": "bigint",
    "real": "float",
    "double precision": "double",
    "money": "decimal(38,4)",
    "boolean": "boolean",
    "bytea": "binary",
    "date": "date",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamp",
}

_MODIFIERS = re.compile(r"\((\d+)(?:,\s*(-?\d+))?\)")

#: The most digits that DMS writes as a number; and what it makes of a number without a limit.
_MOST_DIGITS, _UNBOUNDED = 38, "decimal(28,6)"

#: From this width on PostgreSQL stores values of a row apart (TOAST_TUPLE_THRESHOLD, for pages of 8 kB); those narrower
#: than a pointer to such a value never are.
_THRESHOLD, _POINTER = 2032, 18

#: Bytes of a value beside its content, and of a character at the most.
_HEADER, _CHARACTER = 4, 4

#: Widths of types that are never stored apart, whatever the row's is.
_FIXED = {
    "smallint": 2,
    "integer": 4,
    "bigint": 8,
    "real": 4,
    "double precision": 8,
    "money": 8,
    "boolean": 1,
    "date": 4,
    "timestamp without time zone": 8,
    "timestamp with time zone": 8,
    "time without time zone": 8,
    "time with time zone": 12,
    "interval": 16,
    "uuid": 16,
    "enum": 4,
    "inet": 22,
    "cidr": 22,
    "macaddr": 6,
    "macaddr8": 8,
    "oid": 4,
    "point": 16,
    "box": 32,
    "lseg": 32,
    "line": 24,
    "circle": 24,
    "pg_lsn": 8,
    "name": 64,
}


@dataclass(frozen=True)
class SourceColumn:
    """A column as PostgreSQL's ``format_type`` spells its type; enums are ``enum``, domains their base type."""

    name: str
    type: str
    nullable: bool = True


@dataclass(frozen=True)
class SourceSchema:
    """A source table.

    Attributes:
        columns: In order.
        primary_key: Its columns in order.
        replica_identity: ``default``, ``full``, ``index`` or ``nothing``.
    """

    columns: tuple[SourceColumn, ...]
    primary_key: tuple[str, ...]
    replica_identity: str


def read(storage: Storage, config: Config, table: Table) -> SourceSchema | None:
    """What is recorded of a table; None when nothing is.

    Raises:
        StateError: It is of another version.
    """
    key = f"{config.state_prefix}schemas/{quote(table.qualified, safe='')}.json"
    found = storage.read_json(config.final_bucket, key)
    if found is None:
        return None
    document = found.value
    if document.get("version") != VERSION:
        raise StateError(
            f"s3://{config.final_bucket}/{key} is of version {document.get('version')}, this job reads version "
            f"{VERSION}. Deploy job and commands together, then run make start."
        )
    return SourceSchema(
        tuple(SourceColumn(item["name"], item["type"], item["nullable"]) for item in document["columns"]),
        tuple(document["primary_key"]),
        document["replica_identity"],
    )


def spark_type(postgresql_type: str) -> str:
    """What a column of a PostgreSQL type is in Spark, after DMS and Parquet."""
    name, numbers = _taken_apart(postgresql_type)
    if name == "numeric":
        if not numbers:
            return _UNBOUNDED
        digits, scale = numbers[0], numbers[1] if len(numbers) > 1 else 0
        return f"decimal({digits},{scale})" if digits <= _MOST_DIGITS and 0 <= scale <= digits else "string"
    return _TYPES.get(name, "string")


def may_be_unsent(names: Iterable[str], table: Table, source: SourceSchema | None) -> list[str]:
    """Of columns those whose NULL in an update may be a value that did not change and was not sent.

    Without a record of the source that is every text and binary that is no key. With one, none where the replica
    identity is full, nor in a table whose rows are too narrow to have values stored apart.

    Args:
        names: Text and binary columns.
    """
    asked = [name for name in names if name not in table.primary_key]
    if table.on_unchanged_lob == "null" or not table.primary_key:
        return []
    if source is None:
        return asked
    widths = {column.name: _most_bytes(column.type) for column in source.columns}
    total = sum(width for width in widths.values() if width is not None)
    if source.replica_identity == "full" or (None not in widths.values() and total < _THRESHOLD):
        return []
    kinds = {column.name: _taken_apart(column.type)[0] for column in source.columns}
    return [name for name in asked if _may_be_apart(kinds.get(name), widths.get(name))]


def _may_be_apart(kind: str | None, width: int | None) -> bool:
    return kind not in _FIXED and (width is None or width > _POINTER)


def _most_bytes(postgresql_type: str) -> int | None:
    """What a value takes at the most; None where there is no limit worth the name."""
    name, numbers = _taken_apart(postgresql_type)
    if name in _FIXED:
        return _FIXED[name]
    if name in ("character varying", "character") and numbers:
        return _HEADER + _CHARACTER * numbers[0]
    if name in ("bit", "bit varying") and numbers:
        return _HEADER * 2 + numbers[0] // 8 + 1
    if name == "numeric" and numbers:
        return _HEADER * 2 + numbers[0]
    return None


def _taken_apart(postgresql_type: str) -> tuple[str, tuple[int, ...]]:
    match = _MODIFIERS.search(postgresql_type)
    if match is None or postgresql_type.endswith("]"):
        return postgresql_type.strip(), ()
    name = re.sub(r"\s+", " ", postgresql_type[: match.start()] + postgresql_type[match.end() :]).strip()
    return name, tuple(int(number) for number in match.groups() if number is not None)
