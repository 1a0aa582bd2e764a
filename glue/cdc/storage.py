"""All that this package reads from and writes to S3, Secrets Manager and Glue by itself, without Spark."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cdc.errors import ConfigError, StorageError
from cdc.model.batch import StoredObject

#: Requests that may be under way at once; boto3 keeps ten connections by itself.
CONNECTIONS = 64

_REFUSED = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409", "NoSuchKey", "404")


@dataclass(frozen=True)
class Page:
    """One answer of a listing."""

    objects: tuple[StoredObject, ...]
    is_last: bool


@dataclass(frozen=True)
class Document:
    """A JSON document and the ETag under which it was read."""

    value: Any
    etag: str


class Storage:
    """S3 through boto3; the client finds credentials, region and endpoint as every AWS client does."""

    def __init__(self, client: Any | None = None) -> None:
        if client is None:
            import boto3  # here, because a test that brings its own client should not wait for it
            from botocore.config import Config

            client = boto3.client("s3", config=Config(max_pool_connections=CONNECTIONS))
        self._s3 = client

    def pages(self, bucket: str, prefix: str, start_after: str = "") -> Iterator[Page]:
        """Yields the objects below a prefix in key order, a page an answer."""
        after = {"StartAfter": start_after} if start_after else {}
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, **after):
            yield Page(
                tuple(
                    StoredObject(item["Key"], item["ETag"].strip('"'), item["Size"], item["LastModified"])
                    for item in page.get("Contents", [])
                ),
                not page.get("IsTruncated", False),
            )

    def listing(self, bucket: str, prefix: str, start_after: str = "") -> Iterator[StoredObject]:
        """Yields the objects below a prefix in key order, however many pages they take."""
        for page in self.pages(bucket, prefix, start_after):
            yield from page.objects

    def etag(self, bucket: str, key: str) -> str | None:
        """The object's ETag without quotes, or None when there is no such object."""
        try:
            return self._s3.head_object(Bucket=bucket, Key=key)["ETag"].strip('"')
        except self._s3.exceptions.ClientError as refused:
            if refused.response["Error"]["Code"] in ("404", "NoSuchKey"):
                return None
            raise

    def read_json(self, bucket: str, key: str) -> Document | None:
        """The object's document, or None when there is no such object."""
        try:
            found = self._s3.get_object(Bucket=bucket, Key=key)
        except self._s3.exceptions.NoSuchKey:
            return None
        return Document(json.loads(found["Body"].read()), found["ETag"].strip('"'))

    def write_json(self, bucket: str, key: str, document: Any) -> None:
        """Writes or replaces an object."""
        self._s3.put_object(Bucket=bucket, Key=key, Body=_encoded(document), ContentType="application/json")

    def replace_json(self, bucket: str, key: str, document: Any, etag: str | None) -> str | None:
        """Writes an object if it still is what was read.

        Args:
            etag: The ETag that was read; None for an object that must not be there yet.

        Returns:
            The new ETag; None when somebody else was first, and then nothing was written.
        """
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": f'"{etag}"'}
        try:
            done = self._s3.put_object(
                Bucket=bucket, Key=key, Body=_encoded(document), ContentType="application/json", **condition
            )
        except self._s3.exceptions.ClientError as refused:
            # 409 is S3's answer when two such puts meet at the same moment; 404 when the object was deleted.
            if refused.response["Error"]["Code"] in _REFUSED:
                return None
            raise
        return done["ETag"].strip('"')

    def delete(self, bucket: str, keys: Iterable[str]) -> None:
        """Deletes objects, a thousand a call.

        Raises:
            StorageError: S3 refused to delete some of them.
        """
        pending = list(keys)
        for start in range(0, len(pending), 1000):
            answer = self._s3.delete_objects(
                Bucket=bucket,
                Delete={"Objects": [{"Key": key} for key in pending[start : start + 1000]], "Quiet": True},
            )
            if errors := answer.get("Errors", []):
                raise StorageError(
                    f"S3 did not delete {len(errors)} object(s) of {bucket}, first {errors[0].get('Key')}: "
                    f"{errors[0].get('Code')} {errors[0].get('Message')}. Let the job's role delete them."
                )


def read_uri(uri: str) -> Any:
    """The JSON document at ``s3://bucket/key``.

    Raises:
        ConfigError: The URI is malformed or nothing is there.
    """
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not key:
        raise ConfigError(f"--config {uri!r} is not the location of an object (s3://bucket/key).")
    document = Storage().read_json(bucket, key)
    if document is None:
        raise ConfigError(f"--config {uri} does not exist. Apply the Terraform module glue, which writes it.")
    return document.value


def read_secret(arn: str) -> str:
    """The secret's string, e.g. the salt of the masks. It is never logged."""
    import boto3

    return boto3.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]


def ring(job: str) -> str:
    """Starts another run of the job as the doorbell does; Glue holds it back while this one works.

    Returns:
        The new run's id.
    """
    import boto3

    return boto3.client("glue").start_job_run(JobName=job, Arguments={"--doorbell": "true"})["JobRunId"]


def _encoded(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
