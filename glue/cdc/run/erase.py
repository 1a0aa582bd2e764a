"""Erased keys taken out of log, table and rejects, with every file that has them; and kept out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdc.changes.expectations import REASONS
from cdc.events import event
from cdc.model.columns import quoted
from cdc.model.config import Table
from cdc.run.rows import Prepared
from cdc.run.surroundings import Surroundings
from cdc.state import erased
from cdc.state.erased import SEPARATOR, Erased
from cdc.tables import catalog, erasing, rejects

#: Why a row of an erased key is rejected.
ERASED = "erased"


def erase(around: Surroundings, table: Table, batch: int, is_open: Callable[[], None]) -> None:
    """Takes every row of the erased keys out, and deletes the files that have or had them.

    Doing it again finds nothing to delete, and rewrites what an earlier try left.

    Args:
        is_open: Raises if this run must not carry out the batch any more.

    Raises:
        CommitLostError: Another writer was faster, again and again.
    """
    spark, config = around.spark, around.config
    found = erased.read(around.storage, config, table)
    if found is None:
        return
    for identifier in (config.log(table), config.current(table)):
        if catalog.find(spark, identifier) is None:
            continue
        is_open()
        catalog.refresh(spark, identifier)
        names = key_columns(spark.table(identifier), table)
        rows = erasing.delete(spark, identifier, is_erased(names, found))
        files = erasing.rewrite(spark, identifier, batch)
        event("erased", run=around.run, table=identifier, rows=rows, files=files)
        around.on_step("erased")
    if catalog.find(spark, config.rejects) is not None:
        rejects.hide(spark, config.rejects, table.qualified, batch, around.run)
        erasing.rewrite(spark, config.rejects, batch)


def keep_out(prepared: Prepared, found: Erased | None) -> Prepared:
    """Gives rows of erased keys a reason to be rejected."""
    if found is None or not prepared.keys:
        return prepared
    why = F.when(F.expr(is_erased(prepared.keys, found)), F.array(F.lit(ERASED))).otherwise(F.col(REASONS))
    return replace(prepared, rows=prepared.rows.withColumn(REASONS, why), may_reject=True)


def key_columns(frame: DataFrame, table: Table) -> list[str]:
    """The key's columns in log and table."""
    columns = catalog.columns_of(frame)
    return [next(item.name for item in columns if item.source == key) for key in table.primary_key]


def is_erased(keys: Sequence[str], found: Erased) -> str:
    """SQL that tells whether a row's key is among the erased; it has their hashes and no key."""
    texts = ", ".join(f"CAST({quoted(key)} AS STRING)" for key in keys)
    hashes = ", ".join(catalog.literal(item) for item in sorted(found.hashes)) or "''"
    return f"sha2(concat_ws(char({ord(SEPARATOR)}), {catalog.literal(found.salt)}, {texts}), 256) IN ({hashes})"
