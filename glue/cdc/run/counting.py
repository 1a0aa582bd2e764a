"""What a batch's files hold, counted in one pass over them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql.types import BinaryType, StringType

from cdc.changes import keys
from cdc.model.columns import TECHNICAL, quoted
from cdc.model.config import Contract, Table
from cdc.raw.contract import truncated
from cdc.raw.footers import RawFile
from cdc.run.task import FileCounts

#: What a row takes in memory beside its texts: a value each, and what the tables add.
_VALUE_BYTES, _OWN_BYTES = 20, 250


def count(changes: DataFrame, table: Table, contract: Contract) -> list[Row]:
    """One row a file: its rows, and of those that can be taken the operations, the order and the range of keys."""
    operation, position, sequence = (F.col(f"{TECHNICAL}.{name}") for name in ("op", "position", "seq"))
    taken = F.size(f"{TECHNICAL}.reasons") == 0
    order = F.when(taken, F.concat_ws(" ", F.coalesce(position, F.lit("")), sequence))
    moves = (operation == "U") & F.col(f"{TECHNICAL}.before").isNotNull()
    sums: list[Column] = [
        F.count("*").alias("rows"),
        F.count_if(taken & (operation == "I")).alias("inserts"),
        F.count_if(taken & (operation == "U")).alias("updates"),
        F.count_if(taken & (operation == "D")).alias("deletes"),
        F.count_if(taken & moves).alias("key_updates"),
        F.count_if(taken & position.isNull()).alias("unreadable"),
        F.min(order).alias("first"),
        F.max(order).alias("last"),
        F.min(F.when(taken, sequence)).alias("first_sequence"),
        F.max(F.when(taken, sequence)).alias("last_sequence"),
        F.count_if(~taken).alias("rejected"),
        F.flatten(F.collect_set(F.when(~taken, F.col(f"{TECHNICAL}.reasons")))).alias("broken"),
        F.count_if(truncated(changes.schema, contract)).alias("truncated"),
        F.sum(_text_bytes(changes)).alias("text_bytes"),
    ]
    by_file = changes.groupBy(F.col(f"{TECHNICAL}.file").alias("file"))
    return by_file.agg(*sums, *keys.aggregates(changes, table)).collect()


def counts_of(counted: Sequence[Row]) -> dict[str, FileCounts]:
    """The counts by object key."""
    names = FileCounts.__dataclass_fields__
    return {row["file"]: FileCounts(**{name: row[name] for name in names}) for row in counted}


def row_bytes(files: Sequence[RawFile], counted: Sequence[Row]) -> int:
    """What a row takes in memory."""
    rows = sum(row["rows"] for row in counted)
    if not rows:
        return 0
    texts = sum(row["text_bytes"] for row in counted) // rows
    return _OWN_BYTES + _VALUE_BYTES * max(len(file.names) for file in files) + texts


def _text_bytes(changes: DataFrame) -> Column:
    """Bytes of a row's texts and binaries: what a file's size says little of, where a codec or a dictionary is good."""
    texts = [field.name for field in changes.schema if isinstance(field.dataType, StringType | BinaryType)]
    return reduce(add, [F.coalesce(F.octet_length(quoted(name)), F.lit(0)) for name in texts], F.lit(0))
