"""The job's configuration: one JSON document, made by Terraform from the typed list of tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cdc.errors import ConfigError
from cdc.model.columns import wished
from cdc.model.config import MASKS, Config, Contract, Table

SUPPORTED_VERSION = 1


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
        raw_retention_days=raw.optional("retention_days", int),
    )
    _check_tables(config)
    return config


def _table(reader: _Reader) -> Table:
    masks: dict[str, str] = {}
    for column, rule in (reader.optional("columns", dict) or {}).items():
        rules = _Reader(rule, f"{reader.where}.columns.{column}")
        if unknown := set(rules.document) - {"mask"}:
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
        on_incompatible=reader.optional("on_incompatible", str) or "new_column",
        on_unchanged_lob=reader.optional("on_unchanged_lob", str) or "keep",
        on_truncated_lob=reader.optional("on_truncated_lob", str) or "keep",
    )
    for name in table.primary_key:
        if masks.get(name) in ("redact", "last4"):
            raise ConfigError(
                f"{reader.where}.columns.{name}.mask is {masks[name]!r}, which makes different keys equal, but "
                f"{name} is of the primary key. Mask it by sha256."
            )
    for name in table.derived:
        if wished(name) != name:
            raise ConfigError(
                f"{reader.where}.derived.{name} has a name that the job itself uses, or Iceberg or Spark. "
                "Choose another."
            )
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
