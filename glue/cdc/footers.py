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

from cdc.errors import ContractError
from cdc.storage import StoredObject

_READERS = 8

#: What Parquet's reader throws at bytes that are no Parquet file.
_UNREADABLE = ("RuntimeException", "ParquetDecodingException", "IllegalArgumentException", "EOFException")


@dataclass(frozen=True)
class RawFile:
    """A raw file and the columns that its footer declares, all of them nullable."""

    stored: StoredObject
    schema: StructType


def read_footers(spark: SparkSession, bucket: str, files: Sequence[StoredObject]) -> list[RawFile]:
    """Reads every file's footer, some at a time.

    Raises:
        ContractError: A file is gone or is no Parquet file; the message names it.
    """
    read = partial(_read, spark, bucket, spark._jsparkSession.sessionState().newHadoopConf())
    if len(files) == 1:
        return [read(files[0])]
    with ThreadPoolExecutor(_READERS, "footers") as readers:
        return list(readers.map(read, files))


def _read(spark: SparkSession, bucket: str, configuration: Any, stored: StoredObject) -> RawFile:
    jvm: Any = spark._jvm
    parquet = jvm.org.apache.parquet.hadoop
    try:
        path = jvm.org.apache.hadoop.fs.Path(f"s3://{bucket}/{stored.key}")
        reader = parquet.ParquetFileReader.open(parquet.util.HadoopInputFile.fromPath(path, configuration))
        try:
            message = reader.getFooter().getFileMetaData().getSchema()
        finally:
            reader.close()
    except Py4JJavaError as failure:
        raise _explained(f"s3://{bucket}/{stored.key}", failure) from failure
    converter = jvm.org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter(
        spark._jsparkSession.sessionState().conf()
    )
    return RawFile(stored, StructType.fromJson(json.loads(converter.convert(message).asNullable().json())))


def _explained(place: str, failure: Py4JJavaError) -> Exception:
    java = failure.java_exception
    kind = java.getClass().getSimpleName()
    if kind == "FileNotFoundException":
        return ContractError(
            f"{place} was planned but is no longer there. Restore the object, or reload the table by DMS."
        )
    if kind in _UNREADABLE:
        return ContractError(
            f"{place} is no readable Parquet file ({java.getMessage()}). Nothing but the DMS task may write below the "
            "table's folder; reload the table to have it written again."
        )
    return failure
