"""Storage in memory, for tests of what is planned and what is done."""

from __future__ import annotations

import bisect
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any

from cdc.config.parse import parse
from cdc.model.batch import StoredObject
from cdc.model.config import Config
from cdc.storage import Document, Page

PAGE = 1000


class MemoryStorage:
    """The methods of ``cdc.storage.Storage`` over a dictionary; documents go through JSON as in S3.

    Attributes:
        calls: Every request in its order, as (operation, key).
        now: The time at which the next object is written; a second more each time.
    """

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], tuple[str, StoredObject]] = {}
        self.calls: list[tuple[str, str]] = []
        self.now = datetime(2026, 6, 1, tzinfo=UTC)
        self._writes = 0
        self._keys: dict[str, list[str]] = {}

    def put(self, bucket: str, key: str, body: str, modified: datetime | None = None) -> StoredObject:
        self._writes += 1
        self.now += timedelta(seconds=1)
        item = StoredObject(key, f"etag-{self._writes}", len(body), modified or self.now)
        if (bucket, key) not in self.objects:
            keys = self._keys.setdefault(bucket, [])
            # Most names come in their order.
            keys.append(key) if not keys or key > keys[-1] else bisect.insort(keys, key)
        self.objects[bucket, key] = (body, item)
        return item

    def pages(self, bucket: str, prefix: str, start_after: str = "") -> Iterator[Page]:
        keys = self._keys.get(bucket, [])
        first = max(bisect.bisect_left(keys, prefix), bisect.bisect_right(keys, start_after))
        names = takewhile(lambda key: key.startswith(prefix), islice(keys, first, None))
        found = [self.objects[bucket, key][1] for key in names]
        for start in range(0, max(len(found), 1), PAGE):
            self.calls.append(("list", prefix))
            yield Page(tuple(found[start : start + PAGE]), start + PAGE >= len(found))

    def listing(self, bucket: str, prefix: str, start_after: str = "") -> Iterator[StoredObject]:
        for page in self.pages(bucket, prefix, start_after):
            yield from page.objects

    def etag(self, bucket: str, key: str) -> str | None:
        self.calls.append(("head", key))
        found = self.objects.get((bucket, key))
        return None if found is None else found[1].etag

    def read_json(self, bucket: str, key: str) -> Document | None:
        self.calls.append(("get", key))
        found = self.objects.get((bucket, key))
        return None if found is None else Document(json.loads(found[0]), found[1].etag)

    def write_json(self, bucket: str, key: str, document: Any) -> None:
        self.calls.append(("put", key))
        self.put(bucket, key, json.dumps(document))

    def replace_json(self, bucket: str, key: str, document: Any, etag: str | None) -> str | None:
        self.calls.append(("put", key))
        found = self.objects.get((bucket, key))
        if (None if found is None else found[1].etag) != etag:
            return None
        return self.put(bucket, key, json.dumps(document)).etag

    def delete(self, bucket: str, keys: Iterable[str]) -> None:
        for key in keys:
            self.calls.append(("delete", key))
            if self.objects.pop((bucket, key), None) is not None:
                self._keys[bucket].remove(key)


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
