"""Few rows that the driver knows, as a DataFrame.

``createDataFrame`` of a list starts a Python worker beside Spark, which costs a short run a second.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, StringType, StructField, StructType

_VALUE = "value"
_DOCUMENT = StructType([StructField(_VALUE, StringType())])


def driver_rows(spark: SparkSession, rows: Iterable[Mapping[str, Any]], schema: StructType) -> DataFrame:
    """The rows with a schema of JSON's own types; they are data and not literals, so that no plan shows them."""
    gateway: Any = spark.sparkContext._gateway
    values = gateway.new_array(gateway.jvm.Object, 1)
    values[0] = json.dumps(list(rows))
    table = gateway.jvm.java.util.Collections.singletonList(gateway.jvm.org.apache.spark.sql.RowFactory.create(values))
    session = spark._jsparkSession
    document = DataFrame(session.createDataFrame(table, session.parseDataType(_DOCUMENT.json())), spark)
    return document.select(F.explode(F.from_json(_VALUE, ArrayType(schema))).alias("row")).select("row.*")
