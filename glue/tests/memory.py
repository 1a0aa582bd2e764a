"""Storage in memory, for tests of what is planned and what is done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from cdc.config import Config, parse
from cdc.storage import StoredObject


class MemoryStorage:
    """The methods of ``cdc.storage.Storage`` over a dictionary; documents go through JSON as in S3."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], str] = {}

    def listing(self, bucket: str, prefix: str, start_after: str = "") -> Iterator[StoredObject]:
        for (where, key), body in sorted(self.objects.items()):
            if where == bucket and key.startswith(prefix) and key > start_after:
                yield StoredObject(key, f"etag-{hash(body)}", len(body))

    def read_json(self, bucket: str, key: str) -> Any | None:
        body = self.objects.get((bucket, key))
        return None if body is None else json.loads(body)

    def write_json(self, bucket: str, key: str, document: Any) -> None:
        self.objects[bucket, key] = json.dumps(document)

    def create_json(self, bucket: str, key: str, document: Any) -> bool:
        if (bucket, key) in self.objects:
            return False
        self.write_json(bucket, key, document)
        return True

    def delete(self, bucket: str, keys: Iterable[str]) -> None:
        for key in keys:
            del self.objects[bucket, key]


def document(**changes: Any) -> dict[str, Any]:
    """A configuration document that is right, with some members changed."""
    return {
        "version": 1,
        "raw": {"bucket": "raw-bucket", "prefix": "raw/", "format": "parquet"},
        "final": {"bucket": "final-bucket", "state_prefix": "_cdc/"},
        "catalog": "glue_catalog",
        "database": "shop",
        "contract": {
            "op_column": "Op",
            "timestamp_column": "dms_commit_ts",
            "sequence_column": "dms_seq",
            "position_column": "dms_position",
            "before_prefix": "dms_before_",
        },
        "mask_salt_secret_arn": None,
        "tables": [table("people"), table("orders")],
    } | changes


def table(name: str, **changes: Any) -> dict[str, Any]:
    return {"schema": "public", "name": name, "primary_key": ["id"]} | changes


def config(**changes: Any) -> Config:
    return parse(document(**changes))
