"""The job's configuration: one JSON document, made by Terraform from the typed list of tables."""

from __future__ import annotations

from typing import Any

from cdc.config.reader import Reader
from cdc.config.tables import check_references, table
from cdc.errors import ConfigError
from cdc.model.config import RAW_FORMATS, Config, Contract

SUPPORTED_VERSION = 1


def parse(document: Any) -> Config:
    """Reads and checks a configuration document.

    Raises:
        ConfigError: Something is missing, of the wrong type or contradictory; the message names the field.
    """
    root = Reader(document, "configuration")
    version = root.value("version", int)
    if version != SUPPORTED_VERSION:
        raise ConfigError(
            f"configuration.version is {version}, this job reads version {SUPPORTED_VERSION}. "
            "Deploy job and modules together."
        )
    raw, final, contract = root.child("raw"), root.child("final"), root.child("contract")
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
            lob_max_size_kb=_size(contract),
        ),
        salt_secret=root.optional("mask_salt_secret_arn", str),
        tables=tuple(table(item) for item in root.children("tables")),
        raw_retention_days=raw.optional("retention_days", int),
        raw_format=raw.choice("format", RAW_FORMATS, "parquet"),
    )
    _check_tables(config)
    return config


def _size(contract: Reader) -> float | None:
    size = contract.number("lob_max_size_kb")
    if size is not None and size <= 0:
        raise ConfigError(f"{contract.where}.lob_max_size_kb is {size}; it must be more than 0, as the task has it.")
    return size


def _check_tables(config: Config) -> None:
    if not config.tables:
        raise ConfigError("configuration.tables is empty. Name at least one table.")
    names: dict[str, str] = {"cdc_files": "the ledger", "cdc_rejects": "the table of rejects"}
    for item in config.tables:
        for name in (item.catalog_name, f"{item.catalog_name}_changes"):
            if name in names:
                raise ConfigError(
                    f"Table {item.qualified} and {names[name]} would both be {name} in the catalog. "
                    "Rename one or leave it out."
                )
            names[name] = f"table {item.qualified}"
        if item.hashes and config.salt_secret is None:
            raise ConfigError(
                f"Table {item.qualified} masks by sha256, but mask_salt_secret_arn is null. "
                "Without a salt a hash can be guessed."
            )
    check_references(config.tables)


def _folder(prefix: str) -> str:
    return prefix if prefix.endswith("/") else prefix + "/"
