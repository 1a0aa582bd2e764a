"""What the Parquet footers of raw files say, read by the driver: neither a Spark job nor a look at the rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

from cdc.model.batch import GONE, UNREADABLE, StoredObject
from cdc.spark import java_class

_READERS = 8

_PARQUET = "org.apache.parquet"
_CONVERTER = "org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter"

#: Of a file that is gone.
NO_LONGER_THERE = "It was planned but is no longer there: restore it, or reload the table by DMS."

#: What Parquet's reader throws at bytes that are no Parquet file.
_NO_PARQUET = ("RuntimeException", "ParquetDecodingException", "IllegalArgumentException", "EOFException")

#: And at bytes behind a footer that is one.
_BROKEN_PAGES = (
    "can not read class org.apache.parquet.format",
    "org.apache.parquet.io.ParquetDecodingException",
    "FAILED_TO_UNCOMPRESS",
    "ZstdException",
)


@dataclass(frozen=True)
class RawFile:
    """A raw file and what its footer declares: columns, all of them nullable, and rows."""

    stored: StoredObject
    schema: StructType
    rows: int


@dataclass(frozen=True)
class BadFile:
    """A raw file that cannot be taken: ``GONE`` or ``UNREADABLE``, and why in a sentence."""

    stored: StoredObject
    status: str
    reason: str


def read_footers(spark: SparkSession, bucket: str, files: Sequence[StoredObject]) -> list[RawFile | BadFile]:
    """Reads every file's footer, some at a time; what S3 cannot answer now is raised."""
    session: Any = spark._jsparkSession
    read = partial(_read, spark, bucket, session.sessionState().newHadoopConf())
    if len(files) == 1:
        return [read(files[0])]
    with ThreadPoolExecutor(_READERS, "footers") as readers:
        return list(readers.map(read, files))


def _read(spark: SparkSession, bucket: str, configuration: Any, stored: StoredObject) -> RawFile | BadFile:
    session: Any = spark._jsparkSession
    file = java_class(spark, f"{_PARQUET}.hadoop.util.HadoopInputFile")
    try:
        path = java_class(spark, "org.apache.hadoop.fs.Path")(f"s3://{bucket}/{stored.key}")
        reader = java_class(spark, f"{_PARQUET}.hadoop.ParquetFileReader").open(file.fromPath(path, configuration))
        try:
            message, rows = reader.getFooter().getFileMetaData().getSchema(), reader.getRecordCount()
        finally:
            reader.close()
    except Py4JJavaError as failure:
        return _explained(stored, failure)
    converter = java_class(spark, _CONVERTER)(session.sessionState().conf())
    return RawFile(stored, StructType.fromJson(json.loads(converter.convert(message).asNullable().json())), rows)


def _explained(stored: StoredObject, failure: Py4JJavaError) -> BadFile:
    java = failure.java_exception
    kind = java.getClass().getSimpleName()
    if kind == "FileNotFoundException":
        return BadFile(stored, GONE, NO_LONGER_THERE)
    if kind in _NO_PARQUET:
        return unreadable(stored, java.getMessage())
    raise failure


def unreadable(stored: StoredObject, reason: str) -> BadFile:
    """A file that is no Parquet."""
    return BadFile(
        stored,
        UNREADABLE,
        f"It is no readable Parquet file ({reason}): put the right one in its place, or reload the table by DMS. "
        "Nothing but the DMS task may write below the table's folder.",
    )


def broken_pages(failure: Exception) -> bool:
    """Whether rows could not be read because of the bytes themselves; not for want of S3, a key or memory."""
    return any(sign in str(failure) for sign in _BROKEN_PAGES)
