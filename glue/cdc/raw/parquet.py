"""Raw Parquet files as one DataFrame of changes.

A change has the source's columns under their own names and one struct, ``__cdc``, with all that is not the source's:

    op         I, U or D
    seq        35 digits; empty for a full-load row
    position   the place in the source's log as text that sorts like it; empty for a full-load row, NULL if unreadable
    commit_ts  time of the commit; NULL if unreadable
    file       object key
    row        place in the file; two rows of the log may come from one change, so there is room between any two
    before     the old key, a struct that is NULL unless an update changed the key; fields are ``k0``, ``k1``, …
    reasons    why the row cannot be taken (``raw.contract``); empty for one that can
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from cdc.model.columns import TECHNICAL, quoted
from cdc.model.config import Config, Contract, Table
from cdc.raw.contract import before_images, canonical, promised, reasons, source_columns
from cdc.raw.footers import RawFile

_FILE, _ROW = f"{TECHNICAL}_file", f"{TECHNICAL}_row"

_GLOB = re.compile(r"([\\{}\[\]*?])")

#: ``X/X`` in hexadecimal, padded or not, and whatever follows a sign that is no hexadecimal digit.
_LSN = r"^\s*([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})(?:[^0-9A-Fa-f](.*?))?\s*$"
_DECIMAL = r"^\s*([0-9]{1,19})\s*$"


#: Values before 1900 and 1582 are as DMS writes them: in the calendar that Iceberg has too.
_AS_WRITTEN = {"datetimeRebaseMode": "CORRECTED", "int96RebaseMode": "CORRECTED"}


def changes(
    spark: SparkSession, config: Config, table: Table, files: Sequence[RawFile], known: Iterable[str] = ()
) -> DataFrame:
    """The rows of files that are alike, as changes.

    Args:
        known: Names that the table's columns have in the source; a file's column that differs in case alone is one of
            them.
    """
    root = f"s3://{config.raw_bucket}/"
    paths = [root + _GLOB.sub(r"\\\1", file.stored.key) for file in files]
    declared = files[0].declared
    raw = spark.read.options(**_AS_WRITTEN).schema(declared.schema).parquet(*paths)
    # Asked of the frame and not by name, which a column of the source may have.
    java: Any = raw._jdf
    metadata = Column(java.metadataColumn("_metadata"))
    # The path is a URI, in which a plus is a plus.
    path = F.url_decode(F.replace(metadata["file_path"], F.lit("+"), F.lit("%2B")))
    names = canonical(declared.schema.names, [*promised(table, config.contract), *known])
    columns = [
        (declared.raw[name].text(_column(name)) if name in declared.raw else _column(name)).alias(names[name])
        for name in declared.schema.names
    ]
    file, row = path.substr(len(root) + 1, 2048), metadata["row_index"]
    placed = raw.select(*columns, file.alias(_FILE), row.alias(_ROW))
    return as_changes(placed, table, config.contract, F.col(_FILE), F.col(_ROW))


def as_changes(raw: DataFrame, table: Table, contract: Contract, file: Column, row: Column) -> DataFrame:
    """Gathers what DMS added to the source's columns in the struct.

    Args:
        file, row: The object key and the place in it, from 0, of each row.
    """
    source = [name for name in source_columns(raw.columns, table, contract) if name not in (_FILE, _ROW)]
    technical = F.struct(
        _column(contract.op).alias("op"),
        F.coalesce(_column(contract.sequence), F.lit("")).alias("seq"),
        position(_column(contract.position), _column(contract.sequence)).alias("position"),
        F.to_timestamp(_column(contract.timestamp), "yyyy-MM-dd HH:mm:ss.SSSSSS").alias("commit_ts"),
        file.alias("file"),
        (row * 2).alias("row"),
        _before_image(list(before_images(table, contract).values())).alias("before"),
    )
    gathered = raw.select(*[_column(name).alias(name) for name in source], technical.alias(TECHNICAL))
    return gathered.withColumn(
        TECHNICAL, F.col(TECHNICAL).withField("reasons", reasons(table, gathered.schema, contract))
    )


def position(text: Column, sequence: Column) -> Column:
    """A log position as 16 hexadecimal digits, a point and what followed it, a number padded to ten digits.

    How AWS prints a PostgreSQL position is recorded nowhere, so every form that one can take is read: ``X/X``, with or
    without zeros in front and with or without something behind, and a decimal number. Anything else is NULL.

    Args:
        sequence: Without one the row is a full load's, which has no position: empty.
    """
    high, low = F.regexp_extract(text, _LSN, 1), F.regexp_extract(text, _LSN, 2)
    behind = F.regexp_extract(text, _LSN, 3)
    number = F.regexp_extract(behind, r"^([0-9]{1,10})(.*)$", 1)
    rest = F.regexp_extract(behind, r"^([0-9]{1,10})(.*)$", 2)
    suffix = F.when(number != "", F.concat(F.lpad(number, 10, "0"), rest)).otherwise(behind)
    hexadecimal = F.concat(
        F.upper(F.concat(F.lpad(high, 8, "0"), F.lpad(low, 8, "0"))),
        F.when(behind != "", F.concat(F.lit("."), suffix)).otherwise(F.lit("")),
    )
    decimal = F.lpad(F.hex(F.regexp_extract(text, _DECIMAL, 1).cast("bigint")), 16, "0")
    return (
        F.when(F.coalesce(sequence, F.lit("")) == "", F.lit(""))
        .when(text.rlike(_LSN), hexadecimal)
        .when(text.rlike(_DECIMAL), decimal)
    )


def _before_image(columns: list[str]) -> Column:
    if not columns:
        return F.lit(None).cast("struct<none:string>")
    # DMS fills the before-image columns only where the key changed.
    changed = F.lit(False)
    for column in columns:
        changed = changed | _column(column).isNotNull()
    image = F.struct(*[_column(column).alias(f"k{index}") for index, column in enumerate(columns)])
    return F.when(changed, image)


def _column(name: str) -> Column:
    return F.col(quoted(name))
