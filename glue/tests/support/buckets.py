"""Everything that lies in a bucket, decoded: what is in none of these bytes is nowhere."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import Any

from pyspark.sql import SparkSession


def decoded(spark: SparkSession, s3: Any, bucket: str, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Key and content of every object: as it is, unpacked, and of Parquet files every value of every row, too."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            key = item["Key"]
            body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            yield key, body
            if body[:2] == b"\x1f\x8b":
                yield key, gzip.decompress(body)
            elif body[:4] == b"Obj\x01":
                yield key, b"".join(_avro_blocks(body))
            elif body[:4] == b"PAR1":
                rows = spark.read.parquet(f"s3://{bucket}/{key}").collect()
                yield key, repr(rows).encode()


def _avro_blocks(body: bytes) -> Iterator[bytes]:
    """The blocks of an Avro container file (Avro 1.11, "Object Container Files"); codecs null and deflate."""
    place, codec = 4, b"null"
    count, place = _number(body, place)
    while count:
        if count < 0:
            _, place = _number(body, place)
        for _ in range(abs(count)):
            name, place = _bytes(body, place)
            value, place = _bytes(body, place)
            codec = value if name == b"avro.codec" else codec
        count, place = _number(body, place)
    place += 16
    assert codec in (b"null", b"deflate"), f"an Avro file with the codec {codec.decode()}"
    while place < len(body):
        _, place = _number(body, place)
        block, place = _bytes(body, place)
        place += 16
        yield zlib.decompress(block, -15) if codec == b"deflate" else block


def _number(body: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = body[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1), place


def _bytes(body: bytes, place: int) -> tuple[bytes, int]:
    length, place = _number(body, place)
    return body[place : place + length], place + length
