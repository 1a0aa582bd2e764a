"""Commits that hold whatever was compacted, committed or left behind: replace, append, branch, publish."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager, suppress

from py4j.protocol import Py4JJavaError
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from cdc.errors import CommitLostError, reason
from cdc.model.columns import quoted
from cdc.spark import java_class
from cdc.tables.catalog import load

_BRANCH = re.compile(r"cdc([0-9A-Za-z]*)_(\d+)_")

#: Iceberg refuses to drop a file of which some rows match and others do not: compaction has made such files.
_SHARED_FILE = "Cannot delete file where some, but not all, rows match"

_LOST_RACE = (
    "CommitFailedException",
    "ValidationException",
    "not an ancestor",
    "ConcurrentModificationException",
    "Cannot fast-forward",
)


def replace_rows(
    frame: DataFrame, identifier: str, condition: str, base: int | None, batch: int, run: str, owner: str = ""
) -> None:
    """Replaces exactly the rows of a condition, for readers in one step, if nobody wrote such rows since a snapshot.

    Args:
        condition: SQL over the table's columns.
        base: The snapshot; None for the table before its first one.
        batch, run, owner: They name a branch, should one be needed.

    Raises:
        CommitLostError: Somebody did.
    """
    spark = frame.sparkSession
    rows = frame.select(
        *[
            # What somebody added by hand is none of ours.
            F.col(quoted(item.name)) if item.name in frame.columns else F.lit(None).cast(item.dataType).alias(item.name)
            for item in spark.table(identifier).schema
        ]
    )
    with racing(identifier):
        try:
            writer = rows.writeTo(identifier).option("isolation-level", "serializable")
            if base is not None:
                writer = writer.option("validate-from-snapshot-id", str(base))
            writer.overwrite(F.expr(condition))
            return
        except Exception as refused:
            if base is None or _SHARED_FILE not in str(refused):
                raise
        with branch(spark, identifier, batch, run, base, owner) as name:
            spark.sql(f"DELETE FROM {identifier}.branch_{name} WHERE {condition}")
            rows.writeTo(f"{identifier}.branch_{name}").append()
            publish(spark, identifier, name)


def append_after(frame: DataFrame, identifier: str, base: int | None) -> None:
    """Appends to main, unless anybody added rows since a snapshot; the commit then fails as one that lost a race.

    Args:
        base: The snapshot; None for the table before its first one.
    """
    # An append checks nothing. An overwrite of no rows does, and adds the same rows.
    writer = frame.writeTo(identifier).option("isolation-level", "serializable")
    if base is not None:
        writer = writer.option("validate-from-snapshot-id", str(base))
    writer.overwrite(F.lit(False))


@contextmanager
def branch(spark: SparkSession, identifier: str, batch: int, name: str, base: int, owner: str = "") -> Generator[str]:
    """A branch made fresh from a snapshot of main, for the time of the block; yields its name.

    The caller publishes; after a failure the branch is dropped.

    Args:
        batch, name: They tell it from the branches of other batches and of other runs.
        owner: Who counts the batches, where a table has several that do; letters and digits.
    """
    own = f"cdc{owner}_{batch}_{name}"
    load(spark, identifier).manageSnapshots().createBranch(own, base).commit()
    try:
        yield own
    except Exception:
        # What it failed of is what must be told; a branch that stays is dropped by the next batch.
        with suppress(Py4JJavaError):
            _drop(spark, identifier, [own])
        raise


def publish(spark: SparkSession, identifier: str, name: str) -> None:
    """Moves main to the branch and drops the branch, in one commit: readers see all of it or nothing."""
    table = load(spark, identifier)
    table.refresh()
    table.manageSnapshots().fastForwardBranch("main", name).removeBranch(name).commit()


def drop_leftovers(spark: SparkSession, identifier: str, batch: int, owner: str = "") -> None:
    """Drops the branches that killed runs of earlier batches left; they would keep their snapshots for ever.

    Raises:
        CommitLostError: Another writer committed meanwhile.
    """
    # Joined in one call: py4j would walk through them one by one, and end by an exception.
    names = java_class(spark, "java.lang.String").join("\n", load(spark, identifier).refs().keySet())
    left = [name for name in names.splitlines() if _is_older(name, batch, owner)]
    if left:
        with racing(identifier):
            _drop(spark, identifier, left)


@contextmanager
def racing(identifier: str) -> Generator[None]:
    """Turns a commit that lost a race into ``CommitLostError``; everything else passes."""
    try:
        yield
    except Exception as failure:
        text = str(failure)
        if any(sign in text for sign in _LOST_RACE):
            raise CommitLostError(f"Another writer committed to {identifier} meanwhile: {reason(failure)}") from failure
        raise


def _drop(spark: SparkSession, identifier: str, names: list[str]) -> None:
    table = load(spark, identifier)
    table.refresh()
    there = [name for name in names if table.refs().get(name) is not None]
    if there:
        change = table.manageSnapshots()
        for name in there:
            change = change.removeBranch(name)
        change.commit()


def _is_older(name: str, batch: int, owner: str) -> bool:
    match = _BRANCH.match(name)
    return match is not None and match.group(1) == owner and int(match.group(2)) < batch
