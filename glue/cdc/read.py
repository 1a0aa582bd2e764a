"""Raw files as one DataFrame of changes, with the columns of every log.

Columns of a change: the source's, then ``_op`` (I, U, D), ``_seq`` (35 digits; empty for a full-load row, so that it
sorts before every change), ``_commit_ts``, ``_raw_file`` (object key), ``_row`` (place in the file) and ``_before``:
the old key, a struct that is null unless an update changed the key.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from cdc.config import COMMIT_TIME, FILE, OPERATION, ROW, SEQUENCE, Config, Contract, Table
from cdc.contract import check_columns, source_columns
from cdc.errors import SchemaChangedError
from cdc.footers import RawFile, read_footers
from cdc.storage import StoredObject

BEFORE = "_before"

_GLOB = re.compile(r"([\\{}\[\]*?])")


def raw_files(spark: SparkSession, config: Config, table: Table, files: Sequence[StoredObject]) -> DataFrame:
    """The files as DMS wrote them, with the key and the place of each row.

    Raises:
        ContractError: A file is no Parquet file or lacks a column; the message names it and the setting that adds it.
        SchemaChangedError: The files differ in columns or types among themselves.
    """
    read = read_footers(spark, config.raw_bucket, files)
    for file in read:
        check_columns(file, table, config.contract)
        _check_alike(read[0], file, table)
    root = f"s3://{config.raw_bucket}/"
    paths = [root + _GLOB.sub(r"\\\1", item.key) for item in files]
    # The path is a URI, in which a plus is a plus.
    path = F.url_decode(F.replace(F.col("_metadata.file_path"), F.lit("+"), F.lit("%2B")))
    return (
        spark.read.schema(read[0].schema)
        .parquet(*paths)
        .select("*", path.substr(len(root) + 1, 2048).alias(FILE), F.col("_metadata.row_index").alias(ROW))
    )


def changes(raw: DataFrame, table: Table, contract: Contract) -> DataFrame:
    """Gives the columns that DMS added their names in the log."""
    before = {key: f"{contract.before_prefix}{key}" for key in table.primary_key}
    source = [name for name in source_columns(raw.schema, contract) if name not in (FILE, ROW)]
    return raw.select(
        *[F.col(f"`{name}`") for name in source],
        F.col(contract.op).alias(OPERATION),
        F.coalesce(F.col(contract.sequence), F.lit("")).alias(SEQUENCE),
        F.to_timestamp(contract.timestamp, "yyyy-MM-dd HH:mm:ss.SSSSSS").alias(COMMIT_TIME),
        F.col(FILE),
        # Two rows of the log may come from one: there is room between any two places.
        (F.col(ROW) * 2).alias(ROW),
        _before_image(before).alias(BEFORE),
    )


def _check_alike(first: RawFile, other: RawFile, table: Table) -> None:
    one = {field.name: field.dataType.simpleString() for field in first.schema}
    two = {field.name: field.dataType.simpleString() for field in other.schema}
    differences = [
        f"{name} ({one.get(name, 'not there')}, {two.get(name, 'not there')})"
        for name in {**one, **two}
        if one.get(name) != two.get(name)
    ]
    if differences:
        raise SchemaChangedError(
            f"{first.stored.key} and {other.stored.key} of {table.qualified} differ in {', '.join(differences)}: the "
            "source was altered. Reload the table into new raw files; the batch is kept."
        )


def _before_image(before: dict[str, str]) -> Column:
    if not before:
        return F.lit(None).cast("struct<none:string>")
    # DMS fills the before-image columns only where the key changed.
    changed = F.lit(False)
    for column in before.values():
        changed = changed | F.col(f"`{column}`").isNotNull()
    image = F.struct(*[F.col(f"`{column}`").alias(key) for key, column in before.items()])
    return F.when(changed, image)
