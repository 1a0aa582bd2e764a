"""The job's configuration: one JSON document, made by Terraform from the typed list of tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cdc.errors import ConfigError

SUPPORTED_VERSION = 1
MASKS = ("sha256", "redact", "last4")

#: Columns that the tables have beside those of the source.
SEQUENCE, COMMIT_TIME, OPERATION, FILE, ROW, BATCH = "_seq", "_commit_ts", "_op", "_raw_file", "_row", "_batch"
RESERVED = (SEQUENCE, COMMIT_TIME, OPERATION, FILE, ROW, BATCH)


@dataclass(frozen=True)
class Contract:
    """Names of the columns that DMS adds to those of the source."""

    op: str
    timestamp: str
    sequence: str
    position: str
    before_prefix: str


@dataclass(frozen=True)
class Table:
    """One replicated table and its rules.

    Attributes:
        schema, name: As in the source, and so in the raw bucket's folders.
        primary_key: Key columns in order; empty for a table of which only the change log exists.
        filter: Spark SQL condition over the source's columns; rows for which it is true are kept.
        masks: Column name → one of ``MASKS``.
        derived: New column name → Spark SQL expression over the source's columns.
    """

    schema: str
    name: str
    primary_key: tuple[str, ...]
    filter: str | None = None
    masks: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)

    @property
    def hashes(self) -> bool:
        """Whether a column is masked by a salted hash."""
        return "sha256" in self.masks.values()

    @property
    def qualified(self) -> str:
        """Name for people and for state objects: ``schema.name``."""
        return f"{self.schema}.{self.name}"

    @property
    def catalog_name(self) -> str:
        """Name in the catalog: lower case, as Athena wants it, of letters, digits and underscores."""
        return re.sub(r"[^a-z0-9_]", "_", f"{self.schema}_{self.name}".lower())


@dataclass(frozen=True)
class Config:
    """The whole configuration."""

    raw_bucket: str
    raw_prefix: str
    final_bucket: str
    state_prefix: str
    catalog: str
    database: str
    contract: Contract
    salt_secret: str | None
    tables: tuple[Table, ...]

    def raw_folder(self, table: Table) -> str:
        """The key prefix of a table's files."""
        return f"{self.raw_prefix}{table.schema}/{table.name}/"

    def current(self, table: Table) -> str:
        """Identifier of the table that equals its source."""
        return self.identifier(table.catalog_name)

    def log(self, table: Table) -> str:
        """Identifier of the change log."""
        return self.identifier(f"{table.catalog_name}_changes")

    def identifier(self, name: str) -> str:
        """Identifier of a table of the catalog by its bare name."""
        return f"{self.catalog}.{self.database}.{name}"

    @property
    def ledger(self) -> str:
        """Identifier of the ledger of files."""
        return self.identifier("cdc_files")


def parse(document: Any) -> Config:
    """Reads and checks a configuration document.

    Raises:
        ConfigError: Something is missing, of the wrong type or contradictory; the message names the field.
    """
    root = _Reader(document, "configuration")
    version = root.value("version", int)
    if version != SUPPORTED_VERSION:
        raise ConfigError(
            f"configuration.version is {version}, this job reads version {SUPPORTED_VERSION}. "
            "Deploy job and modules together."
        )
    raw, final, contract = root.child("raw"), root.child("final"), root.child("contract")
    if (data_format := raw.value("format", str)) != "parquet":
        raise ConfigError(
            f"configuration.raw.format is {data_format!r}; parquet is read. Set the endpoint's data_format to parquet."
        )
    config = Config(
        raw_bucket=raw.value("bucket", str),
        raw_prefix=_folder(raw.value("prefix", str)),
        final_bucket=final.value("bucket", str),
        state_prefix=_folder(final.value("state_prefix", str)),
        catalog=root.value("catalog", str),
        database=root.value("database", str),
        contract=Contract(
            op=contract.value("op_column", str),
            timestamp=contract.value("timestamp_column", str),
            sequence=contract.value("sequence_column", str),
            position=contract.value("position_column", str),
            before_prefix=contract.value("before_prefix", str),
        ),
        salt_secret=root.optional("mask_salt_secret_arn", str),
        tables=tuple(_table(item) for item in root.children("tables")),
    )
    _check_tables(config)
    return config


def _table(reader: _Reader) -> Table:
    masks: dict[str, str] = {}
    for column, rule in (reader.optional("columns", dict) or {}).items():
        rules = _Reader(rule, f"{reader.where}.columns.{column}")
        if unknown := set(rule) - {"mask"}:
            raise ConfigError(f"{rules.where} has the rule {sorted(unknown)[0]!r}; mask is the one there is.")
        if (mask := rules.optional("mask", str)) is not None:
            if mask not in MASKS:
                raise ConfigError(f"{rules.where}.mask is {mask!r}; it must be one of {', '.join(MASKS)}.")
            masks[column] = mask
    table = Table(
        schema=reader.value("schema", str),
        name=reader.value("name", str),
        primary_key=_key(reader),
        filter=reader.optional("filter", str),
        masks=masks,
        derived=dict(reader.optional("derived", dict) or {}),
    )
    for name in table.primary_key:
        if masks.get(name) in ("redact", "last4"):
            raise ConfigError(
                f"{reader.where}.columns.{name}.mask is {masks[name]!r}, which makes different keys equal, but "
                f"{name} is of the primary key. Mask it by sha256."
            )
    for name in table.derived:
        if name.lower() in RESERVED:
            raise ConfigError(f"{reader.where}.derived.{name} has a name that the job itself uses. Choose another.")
    return table


def _key(reader: _Reader) -> tuple[str, ...]:
    names = reader.value("primary_key", list)
    if not all(isinstance(name, str) for name in names) or len(set(names)) != len(names):
        raise ConfigError(f"{reader.where}.primary_key must be names of different columns, not {names!r}.")
    return tuple(names)


def _check_tables(config: Config) -> None:
    if not config.tables:
        raise ConfigError("configuration.tables is empty. Name at least one table.")
    names: dict[str, str] = {"cdc_files": "the ledger", "cdc_rejects": "the table of rejects"}
    for table in config.tables:
        for name in (table.catalog_name, f"{table.catalog_name}_changes"):
            if name in names:
                raise ConfigError(
                    f"Table {table.qualified} and {names[name]} would both be {name} in the catalog. "
                    "Rename one or leave it out."
                )
            names[name] = f"table {table.qualified}"
        if table.hashes and config.salt_secret is None:
            raise ConfigError(
                f"Table {table.qualified} masks by sha256, but mask_salt_secret_arn is null. "
                "Without a salt a hash can be guessed."
            )


def _folder(prefix: str) -> str:
    return prefix if prefix.endswith("/") else prefix + "/"


@dataclass(frozen=True)
class _Reader:
    """Reads members of a JSON object; errors name the member's path."""

    document: Any
    where: str

    def __post_init__(self) -> None:
        if not isinstance(self.document, dict):
            raise ConfigError(f"{self.where} must be an object, not {type(self.document).__name__}.")

    def value(self, name: str, kind: type) -> Any:
        found = self.optional(name, kind)
        if found is None:
            raise ConfigError(f"{self.where}.{name} is missing.")
        return found

    def optional(self, name: str, kind: type) -> Any:
        found = self.document.get(name)
        if found is not None and not isinstance(found, kind):
            raise ConfigError(f"{self.where}.{name} must be of type {kind.__name__}, not {type(found).__name__}.")
        return found

    def child(self, name: str) -> _Reader:
        return _Reader(self.value(name, dict), f"{self.where}.{name}")

    def children(self, name: str) -> list[_Reader]:
        return [_Reader(item, f"{self.where}.{name}[{index}]") for index, item in enumerate(self.value(name, list))]
