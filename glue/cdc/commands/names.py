"""Tables and files as operators name them."""

from __future__ import annotations

from cdc.errors import ArgumentError
from cdc.model.batch import StoredObject
from cdc.model.config import Config, Table
from cdc.raw.names import is_raw_file
from cdc.storage import Storage


def table_named(config: Config, option: str, name: str) -> Table:
    """The configured table of a qualified name.

    Raises:
        ArgumentError: There is none.
    """
    found = next((item for item in config.tables if item.qualified == name), None)
    if found is None:
        names = ", ".join(item.qualified for item in config.tables)
        raise ArgumentError(f"{option} names the table {name}, which is none of {names}.")
    return found


def file_named(config: Config, storage: Storage, option: str, text: str) -> tuple[Table, StoredObject]:
    """A raw file and its table.

    Args:
        text: Its key in the raw bucket, or its location ``s3://bucket/key``.

    Raises:
        ArgumentError: It lies in no table's folder, has no raw file's name, or is not there.
    """
    root = f"s3://{config.raw_bucket}/"
    if "://" in text and not text.startswith(root):
        raise ArgumentError(f"{option} {text} is not in the raw bucket: give a key of it, or {root}KEY.")
    key = text.removeprefix(root)
    folder, _, name = key.rpartition("/")
    table = next((item for item in config.tables if config.raw_folder(item) == f"{folder}/"), None)
    if table is None or not is_raw_file(name):
        folders = ", ".join(config.raw_folder(item) for item in config.tables)
        raise ArgumentError(
            f"{option} {key} is no raw file of a table: its folder must be one of {folders}, and its name one that DMS "
            "gives (LOAD00000001.parquet, 20260101-120000000.parquet)."
        )
    found = next((item for item in storage.listing(config.raw_bucket, key) if item.key == key), None)
    if found is None:
        raise ArgumentError(f"{option} {key}: {config.raw_bucket} has no such object. Put it back, or name another.")
    return table, found
