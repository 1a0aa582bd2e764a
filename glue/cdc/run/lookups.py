"""What lookups refer to, read at the batch: the tables of other source tables, files in S3."""

from __future__ import annotations

from collections.abc import Callable

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from cdc.changes.lookups import COPIES, keyed
from cdc.errors import LookupFailedError
from cdc.model.config import Config, Table
from cdc.model.rules import Lookup
from cdc.tables import catalog

#: Keys of a reference up to which it is sent to every task.
_BROADCAST_KEYS = 1_000_000


def references(spark: SparkSession, config: Config, table: Table, changes: StructType) -> list[DataFrame]:
    """What each lookup of a table joins with (``changes.lookups.keyed``), in their order.

    Args:
        changes: The source's columns.

    Raises:
        ConfigError: A lookup names a column that is not there.
        LookupFailedError: A reference is not there, or has a key twice.
    """
    return [_reference(spark, config, table, lookup, changes) for lookup in table.lookups]


def _reference(spark: SparkSession, config: Config, table: Table, lookup: Lookup, changes: StructType) -> DataFrame:
    where = f"The lookup of {table.qualified} from {lookup.reference}"
    frame = _file(spark, lookup, where) if lookup.is_file else _table(spark, config, lookup, where)
    found = keyed(frame, table, lookup, changes)
    (counted,) = found.agg(F.count("*").alias("keys"), F.count_if(F.col(COPIES) > 1).alias("doubled")).collect()
    if counted["doubled"]:
        columns = ", ".join(lookup.on.values())
        raise LookupFailedError(
            f"{where} finds {counted['doubled']} key(s) twice or more in {columns}, but one row a key is looked up. "
            f"Show them by SELECT {columns}, count(*) … GROUP BY {columns} HAVING count(*) > 1, and make {columns} "
            "unique there; the batch is kept."
        )
    return F.broadcast(found) if counted["keys"] <= _BROADCAST_KEYS else found


def _table(spark: SparkSession, config: Config, lookup: Lookup, where: str) -> DataFrame:
    identifier = next(config.current(item) for item in config.tables if item.qualified == lookup.reference)
    found = catalog.find(spark, identifier)
    if found is None:
        raise LookupFailedError(
            f"{where} has no table to look in yet: {identifier} is made when its first rows come. The batch waits."
        )
    # Another run may have written to it.
    catalog.refresh(spark, identifier)
    return spark.table(identifier)


def _file(spark: SparkSession, lookup: Lookup, where: str) -> DataFrame:
    readers: dict[str, Callable[[str], DataFrame]] = {
        "parquet": spark.read.parquet,
        # RFC 4180: a quote within quotes is doubled. Keys get their type of the column that they are compared with.
        "csv": spark.read.option("header", True).option("escape", '"').option("multiLine", True).csv,
        "json": spark.read.json,
    }
    try:
        return readers[lookup.file_format](lookup.reference)
    except AnalysisException as refused:
        raise LookupFailedError(
            f"{where} cannot read the file: {refused.getErrorClass() or str(refused).splitlines()[0]}. Put it there as "
            f"{lookup.file_format}, and let the job's role read it; the batch is kept."
        ) from refused
