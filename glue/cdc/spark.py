"""Spark: a session that is started when the first batch needs it, and few rows that the driver knows."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from py4j.java_gateway import JavaClass
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, StringType, StructField, StructType

from cdc.events import event

#: Bytes of raw files that one task of a shuffle should see.
_BYTES_A_PARTITION = 32 * 1024 * 1024

_SETTINGS = {
    # Times are UTC, as DMS writes them, wherever the job runs.
    "spark.sql.session.timeZone": "UTC",
    # A source may have columns whose names differ in case alone, or a column ``op`` beside DMS's ``Op``.
    "spark.sql.caseSensitive": "true",
    # The constraints of a plan grow with the square of its columns, which a table has up to 1,600 of.
    "spark.sql.constraintPropagation.enabled": "false",
}

_DOCUMENT = StructType([StructField("value", StringType())])


class LazySession:
    """Starts Spark once, with whatever catalogs the surroundings configured."""

    def __init__(
        self, session: SparkSession | None = None, started: Callable[[SparkSession], object] = lambda _: None
    ) -> None:
        """Of a session that is there, or of one to be started.

        Args:
            started: Called with a session that was started.
        """
        self._session, self._started = session, started
        if session is not None:
            _configure(session)

    def get(self) -> SparkSession:
        """The session."""
        if self._session is None:
            started = time.monotonic()
            builder: Any = SparkSession.builder
            self._session = builder.appName("cdc").getOrCreate()
            _configure(self._session)
            self._started(self._session)
            event("spark", seconds=time.monotonic() - started, version=self._session.version)
        return self._session

    def forget(self, identifiers: Iterable[str]) -> None:
        """Drops what the session remembers of tables, because another run wrote to them."""
        if (session := self._session) is None:
            return
        for identifier in identifiers:
            with suppress(AnalysisException):  # the table is not there yet
                session.catalog.refreshTable(identifier)

    def size_for(self, size: int) -> SparkSession:
        """The session, its shuffles cut for so many bytes of input: a small batch should not pay for many tasks."""
        session = self.get()
        count = partitions(size)
        session.conf.set("spark.sql.shuffle.partitions", str(count))
        # With one partition there is nothing to adapt, only jobs and plans to pay for.
        session.conf.set("spark.sql.adaptive.enabled", str(count > 1).lower())
        return session


def partitions(size: int) -> int:
    """How many partitions suit so many bytes."""
    return max(1, min(1000, -(-size // _BYTES_A_PARTITION)))


def java_class(spark: SparkSession, name: str) -> Any:
    """A class of the JVM by its full name.

    By attributes (``_jvm.org.apache…``) py4j would look for each part of the name as a class, in every jar there is.
    """
    gateway: Any = spark.sparkContext._gateway
    return JavaClass(name, gateway._gateway_client)


def heap(spark: SparkSession) -> int:
    """Bytes of memory that the driver's JVM may take."""
    return int(java_class(spark, "java.lang.Runtime").getRuntime().maxMemory())


def driver_rows(spark: SparkSession, rows: Iterable[Mapping[str, Any]], schema: StructType) -> DataFrame:
    """The rows with a schema of JSON's own types; they are data and not literals, so that no plan shows them.

    ``createDataFrame`` of a list would start a Python worker beside Spark, which costs a short run a second.
    """
    gateway: Any = spark.sparkContext._gateway
    values = gateway.new_array(java_class(spark, "java.lang.Object"), 1)
    values[0] = json.dumps(list(rows))
    row = java_class(spark, "org.apache.spark.sql.RowFactory").create(values)
    table = java_class(spark, "java.util.Collections").singletonList(row)
    session: Any = spark._jsparkSession
    document = DataFrame(session.createDataFrame(table, session.parseDataType(_DOCUMENT.json())), spark)
    return document.select(F.explode(F.from_json("value", ArrayType(schema))).alias("row")).select("row.*")


def _configure(session: SparkSession) -> None:
    for name, value in _SETTINGS.items():
        session.conf.set(name, value)
    # PySpark asks for these at each call of a function, and py4j then looks for them in other packages first.
    jvm: Any = session._jvm
    for name in ("org.apache.spark.sql.functions", "org.apache.spark.api.python.PythonUtils"):
        setattr(jvm, name.rsplit(".", 1)[1], java_class(session, name))
