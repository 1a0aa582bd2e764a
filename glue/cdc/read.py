"""Raw files as one DataFrame of changes, with the columns of every log.

Columns of a change: the source's, then ``_op`` (I, U, D), ``_seq`` (35 digits; empty for a full-load row, so that it sorts
before every change), ``_commit_ts``, ``_file`` (object key), ``_row`` (place in the file) and ``_before``: the old key, a
struct that is null unless an update changed the key.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from cdc.config import COMMIT_TIME, FILE, OPERATION, ROW, SEQUENCE, Config, Contract, Table
from cdc.errors import ContractError

BEFORE = "_before"

_POSITION_IN_FILE = "_metadata.row_index"
_PATH_OF_FILE = "_metadata.file_path"


def raw_files(spark: SparkSession, config: Config, keys: Sequence[str]) -> DataFrame:
    """The files as DMS wrote them, with the place of each row."""
    paths = [f"s3://{config.raw_bucket}/{key}" for key in keys]
    frame = spark.read.option("mergeSchema", "true").parquet(*paths)
    prefix = f"s3://{config.raw_bucket}/"
    return frame.select(
        "*", F.col(_PATH_OF_FILE).substr(len(prefix) + 1, 2048).alias(FILE), F.col(_POSITION_IN_FILE).alias(ROW)
    )


def changes(raw: DataFrame, table: Table, contract: Contract) -> DataFrame:
    """Gives the columns that DMS added their names in the log.

    Raises:
        ContractError: A column that the contract promises is missing; the message names it and the setting that adds it.
    """
    check_columns(raw.schema, table, contract)
    added = {contract.op, contract.timestamp, contract.sequence, contract.position, FILE, ROW}
    before = {key: f"{contract.before_prefix}{key}" for key in table.primary_key}
    source = [name for name in raw.columns if name not in added and not name.startswith(contract.before_prefix)]
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


def check_columns(schema: StructType, table: Table, contract: Contract) -> None:
    """Checks that a file has what the ``dms`` module's settings make DMS write."""
    promised = {
        contract.op: "include_op_for_full_load = true",
        contract.timestamp: f"timestamp_column_name = {contract.timestamp}",
        contract.sequence: "an add-column rule with $AR_H_CHANGE_SEQ",
        contract.position: "an add-column rule with $AR_H_STREAM_POSITION",
        **{f"{contract.before_prefix}{key}": "an add-before-image-columns rule, pk-only" for key in table.primary_key},
        **dict.fromkeys(table.primary_key, "the primary key of the table in the configuration"),
    }
    for column, setting in promised.items():
        if column not in schema.names:
            raise ContractError(
                f"The raw files of {table.qualified} have no column {column!r} (they have {', '.join(schema.names)}). It comes from {setting}."
            )


def _before_image(before: dict[str, str]) -> F.Column:
    if not before:
        return F.lit(None).cast("struct<none:string>")
    # DMS fills the before-image columns only where the key changed.
    changed = F.lit(False)
    for column in before.values():
        changed = changed | F.col(f"`{column}`").isNotNull()
    image = F.struct(*[F.col(f"`{column}`").alias(key) for key, column in before.items()])
    return F.when(changed, image)
