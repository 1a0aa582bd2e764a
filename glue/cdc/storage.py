"""All that this package reads from and writes to S3 and Secrets Manager by itself, without Spark."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class StoredObject:
    """An object as a listing shows it: key, ETag without quotes, size in bytes."""

    key: str
    etag: str
    size: int


class Storage:
    """S3 through boto3; the client finds credentials, region and endpoint as every AWS client does."""

    def __init__(self, client: Any | None = None) -> None:
        if client is None:
            import boto3  # here, because a test that brings its own client should not wait for it

            client = boto3.client("s3")
        self._s3 = client

    def listing(self, bucket: str, prefix: str, start_after: str = "") -> Iterator[StoredObject]:
        """Yields the objects below a prefix in key order, however many pages they take."""
        after = {"StartAfter": start_after} if start_after else {}
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, **after):
            for item in page.get("Contents", []):
                yield StoredObject(item["Key"], item["ETag"].strip('"'), item["Size"])

    def read_json(self, bucket: str, key: str) -> Any | None:
        """The object's document, or None when there is no such object."""
        try:
            return json.loads(self._s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        except self._s3.exceptions.NoSuchKey:
            return None

    def write_json(self, bucket: str, key: str, document: Any) -> None:
        """Writes or replaces an object."""
        self._s3.put_object(Bucket=bucket, Key=key, Body=_encoded(document), ContentType="application/json")

    def create_json(self, bucket: str, key: str, document: Any) -> bool:
        """Writes an object that must not be there yet; False when somebody else was first."""
        try:
            self._s3.put_object(
                Bucket=bucket, Key=key, Body=_encoded(document), ContentType="application/json", IfNoneMatch="*"
            )
        except self._s3.exceptions.ClientError as refused:
            # 409 is S3's answer when two such puts meet at the same moment.
            if refused.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict", "412", "409"):
                return False
            raise
        return True

    def delete(self, bucket: str, keys: Iterable[str]) -> None:
        """Deletes objects, a thousand a call."""
        pending = list(keys)
        for start in range(0, len(pending), 1000):
            self._s3.delete_objects(
                Bucket=bucket,
                Delete={"Objects": [{"Key": key} for key in pending[start : start + 1000]], "Quiet": True},
            )


def read_uri(uri: str) -> Any:
    """The JSON document at ``s3://bucket/key``.

    Raises:
        ConfigError: The URI is malformed or nothing is there.
    """
    from cdc.errors import ConfigError

    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not key:
        raise ConfigError(f"--config {uri!r} is not the location of an object (s3://bucket/key).")
    document = Storage().read_json(bucket, key)
    if document is None:
        raise ConfigError(f"--config {uri} does not exist. Apply the Terraform module glue, which writes it.")
    return document


def read_secret(arn: str) -> str:
    """The secret's string, e.g. the salt of the masks. It is never logged."""
    import boto3

    return boto3.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]


def _encoded(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
