"""Keys that were erased, as salted hashes: what a replay or a reload must not bring back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from cdc.errors import StateError
from cdc.model.config import Config, Table
from cdc.storage import Storage

VERSION = 1

#: Between the texts of a key's columns; no text of PostgreSQL's has it.
SEPARATOR = "\0"


@dataclass(frozen=True)
class Erased:
    """Erased keys of a table.

    Attributes:
        salt: Before the texts of a key when it is hashed.
        hashes: SHA-256 in hexadecimal digits.
        raw_files: Keys of the raw files that had rows of them when they were erased.
    """

    salt: str
    hashes: frozenset[str]
    raw_files: tuple[str, ...] = ()

    def hash(self, texts: Iterable[str]) -> str:
        """The hash of a key, its columns as texts."""
        return hashlib.sha256((self.salt + SEPARATOR + SEPARATOR.join(texts)).encode()).hexdigest()


def read(storage: Storage, config: Config, table: Table) -> Erased | None:
    """The erased keys of a table; None when there are none.

    Raises:
        StateError: The object is of another version.
    """
    found = _read(storage, config, table)
    return None if found is None else found[0]


def add(
    storage: Storage, config: Config, table: Table, keys: Sequence[Sequence[str]], raw_files: Iterable[str] = ()
) -> Erased:
    """Adds keys to those that are erased, and what is known of the raw files that have them.

    Args:
        keys: For each the texts of its columns.
    """
    while True:
        found = _read(storage, config, table)
        old, etag = (Erased(secrets.token_hex(16), frozenset()), None) if found is None else found
        files = tuple(sorted({*old.raw_files, *raw_files}))
        new = Erased(old.salt, old.hashes | {old.hash(key) for key in keys}, files)
        document = {"version": VERSION, "table": table.qualified, "salt": new.salt, "hashes": sorted(new.hashes)}
        document |= {"raw_files": list(files)}
        if storage.replace_json(config.final_bucket, _key(config, table), document, etag) is not None:
            return new


def _read(storage: Storage, config: Config, table: Table) -> tuple[Erased, str] | None:
    found = storage.read_json(config.final_bucket, _key(config, table))
    if found is None:
        return None
    document = found.value
    if document.get("version") != VERSION:
        raise StateError(
            f"s3://{config.final_bucket}/{_key(config, table)} is of version {document.get('version')}, this job reads "
            f"version {VERSION}. Deploy the job that wrote it: without it, erased keys would come back."
        )
    return Erased(document["salt"], frozenset(document["hashes"]), tuple(document["raw_files"])), found.etag


def _key(config: Config, table: Table) -> str:
    return f"{config.state_prefix}erased/{quote(table.qualified, safe='')}.json"
