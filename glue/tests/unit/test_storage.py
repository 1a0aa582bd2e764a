"""The real storage against S3's own rules as moto keeps them, and against answers that moto never gives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from cdc.errors import StorageError
from cdc.storage import Storage


@pytest.fixture
def bucket(aws: str) -> str:
    boto3.client("s3").create_bucket(Bucket="storage")
    return "storage"


def test_an_object_is_made_once_and_replaced_only_as_it_was_read(bucket: str) -> None:
    storage = Storage(boto3.client("s3"))
    first = storage.replace_json(bucket, "a", {"n": 1}, None)
    assert first is not None
    assert storage.replace_json(bucket, "a", {"n": 2}, None) is None
    second = storage.replace_json(bucket, "a", {"n": 3}, first)
    assert second is not None
    assert storage.replace_json(bucket, "a", {"n": 4}, first) is None
    found = storage.read_json(bucket, "a")
    assert found is not None
    assert (found.value, found.etag) == ({"n": 3}, second)
    assert storage.etag(bucket, "a") == second


def test_an_object_that_was_deleted_meanwhile_is_not_replaced(bucket: str) -> None:
    storage = Storage(boto3.client("s3"))
    etag = storage.replace_json(bucket, "gone", {}, None)
    storage.delete(bucket, ["gone"])
    assert storage.replace_json(bucket, "gone", {"n": 1}, etag) is None
    assert storage.read_json(bucket, "gone") is None
    assert storage.etag(bucket, "gone") is None


def test_more_than_a_thousand_keys_are_listed_in_pages_and_deleted_in_calls_of_a_thousand(bucket: str) -> None:
    client = boto3.client("s3")
    storage, keys = Storage(client), [f"many/{number:05d}" for number in range(1001)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: client.put_object(Bucket=bucket, Key=key, Body=b"x"), keys))
    pages = list(storage.pages(bucket, "many/"))
    assert [(len(page.objects), page.is_last) for page in pages] == [(1000, False), (1, True)]
    assert [item.key for item in storage.listing(bucket, "many/", keys[997])] == keys[998:]
    asked: list[int] = []
    client.meta.events.register(
        "provide-client-params.s3.DeleteObjects",
        lambda params, **_: asked.append(len(params["Delete"]["Objects"])),  # type: ignore[misc]
    )
    storage.delete(bucket, keys)
    assert asked == [1000, 1]
    assert list(storage.listing(bucket, "many/")) == []


def test_what_S3_did_not_delete_is_an_error_that_names_it() -> None:
    client: Any = boto3.client("s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(client) as stub:
        stub.add_response("delete_objects", {"Errors": [{"Key": "k", "Code": "AccessDenied", "Message": "no"}]})
        with pytest.raises(StorageError, match=r"1 object\(s\) of b, first k: AccessDenied no"):
            Storage(client).delete("b", ["k"])


def test_an_error_that_is_no_lost_race_is_raised() -> None:
    client: Any = boto3.client("s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(client) as stub:
        stub.add_client_error("put_object", "AccessDenied")
        with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
            Storage(client).replace_json("b", "k", {}, None)
