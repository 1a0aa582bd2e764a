"""What the Parquet footers of raw files say, read by the driver: neither a Spark job nor a look at the rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql.types import StructField, StructType

from cdc.model.batch import GONE, UNREADABLE, StoredObject
from cdc.raw.types import Raw
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
class Declared:
    """What a footer says of the columns.

    Attributes:
        schema: As Spark reads them, all of them nullable.
        raw: Columns of types that Spark does not know; they become text.
    """

    schema: StructType
    raw: Mapping[str, Raw] = field(default_factory=dict)


@dataclass(frozen=True)
class RawFile:
    """A raw file and what its footer declares: columns and rows."""

    stored: StoredObject
    declared: Declared
    rows: int

    @property
    def names(self) -> list[str]:
        """The columns' names in order."""
        return self.declared.schema.names


@dataclass(frozen=True)
class BadFile:
    """A raw file that cannot be taken: ``GONE`` or ``UNREADABLE``, and why in a sentence."""

    stored: StoredObject
    status: str
    reason: str


def read_footers(spark: SparkSession, bucket: str, files: Sequence[StoredObject]) -> list[RawFile | BadFile]:
    """Reads every file's footer, some at a time; what S3 cannot answer now is raised."""
    session: Any = spark._jsparkSession
    read = partial(_read, spark, bucket, session.sessionState().newHadoopConf(), {})
    if len(files) == 1:
        return [read(files[0])]
    with ThreadPoolExecutor(_READERS, "footers") as readers:
        return list(readers.map(read, files))


def _read(
    spark: SparkSession, bucket: str, configuration: Any, known: dict[str, Declared], stored: StoredObject
) -> RawFile | BadFile:
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
    # The files of a table declare the same, but for a few times in its life.
    text = message.toString()
    declared = known.get(text)
    if declared is None:
        try:
            declared = known[text] = _declared(spark, message)
        except _UnknownGroupError as group:
            return unreadable(stored, f"its column {group} has fields of a type that Spark cannot read")
    return RawFile(stored, declared, rows)


def _declared(spark: SparkSession, message: Any) -> Declared:
    session: Any = spark._jsparkSession
    converter = java_class(spark, _CONVERTER)(session.sessionState().conf())
    try:
        return Declared(_as_spark(converter.convert(message)))
    except AnalysisException:
        pass  # told column by column below
    fields: list[StructField] = []
    raw: dict[str, Raw] = {}
    single = java_class(spark, "org.apache.parquet.schema.MessageType")
    for index in range(message.getFieldCount()):
        column = message.getType(index)
        name = column.getName()
        try:
            one = java_class(spark, "java.util.Collections").singletonList(column)
            fields += _as_spark(converter.convert(single("one", one))).fields
        except AnalysisException:
            fields.append(_raw_field(column, name, raw))
    return Declared(StructType(fields), raw)


def _raw_field(column: Any, name: str, raw: dict[str, Raw]) -> StructField:
    if not column.isPrimitive():
        raise _UnknownGroupError(name)
    annotation = column.getLogicalTypeAnnotation()
    physical = column.asPrimitiveType().getPrimitiveTypeName().name()
    raw[name] = Raw(physical, "" if annotation is None else annotation.toString())
    read_as = raw[name].read_as
    if read_as is None:
        raise _UnknownGroupError(name)
    return StructField(name, read_as)


def _as_spark(schema: Any) -> StructType:
    return StructType.fromJson(json.loads(schema.asNullable().json()))


class _UnknownGroupError(Exception):
    """A column that cannot be read at all."""


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
