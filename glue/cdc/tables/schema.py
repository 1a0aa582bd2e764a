"""What a table's columns become: additions and widenings, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from cdc.changes.evolve import TableColumn
from cdc.errors import CommitLostError, SchemaChangedError
from cdc.raw.types import holds, widened
from cdc.spark import java_class
from cdc.tables import catalog, commit

_ATTEMPTS = 5


def evolve(spark: SparkSession, identifier: str, wanted: Sequence[TableColumn]) -> None:
    """Adds the columns that a table lacks and widens those that are narrower, in one commit; nothing else.

    Doing it again, or beside another run that does the same, changes nothing.

    Raises:
        SchemaChangedError: A column cannot become what is wanted: somebody else altered it.
        CommitLostError: Other writers were faster, again and again.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        there = {column.name: column.type for column in catalog.columns_of(spark.table(identifier))}
        added = [column for column in wanted if column.name not in there]
        widen = [column for column in wanted if column.name in there and not holds(there[column.name], column.type)]
        if strange := [column for column in widen if widened(there[column.name], column.type) is None]:
            raise SchemaChangedError(
                f"{identifier} has {strange[0].name} as {there[strange[0].name]}, and needs it as {strange[0].type}: "
                "somebody else altered it. Change it back, or drop it; the batch is kept."
            )
        if not added and not widen:
            return
        try:
            with commit.racing(identifier):
                _alter(spark, identifier, added, widen)
        except CommitLostError:
            if attempt == _ATTEMPTS:
                raise
        except Py4JJavaError as refused:
            # Another run was as fast, and the session had not seen it.
            if attempt == _ATTEMPTS or "already exists" not in str(refused):
                raise
        catalog.refresh(spark, identifier)


def _alter(spark: SparkSession, identifier: str, added: Iterable[TableColumn], widen: Iterable[TableColumn]) -> None:
    types = java_class(spark, "org.apache.spark.sql.types.DataType")
    util = java_class(spark, "org.apache.iceberg.spark.SparkSchemaUtil")

    def iceberg(kind: str) -> Any:
        return util.convert(types.fromDDL(kind))

    update = catalog.load(spark, identifier).updateSchema()
    for column in added:
        # With a parent, even none: a name may have a point.
        update = update.addColumn(None, column.name, iceberg(column.type), column.comment)
    for column in widen:
        update = update.updateColumn(column.name, iceberg(column.type))
    update.commit()
