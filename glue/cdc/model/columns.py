"""Names of columns: those that the tables add, and what becomes of source columns whose names somebody else needs."""

from __future__ import annotations

OPERATION, SEQUENCE, POSITION, COMMIT_TIME = "_op", "_seq", "_position", "_commit_ts"
FILE, ROW, BATCH = "_raw_file", "_row", "_batch"

#: Of the log: names of those columns of an update that are NULL because their value may not have been sent.
UNSENT = "_unsent"

#: What the tables add to the source's columns. First in every table: Iceberg keeps metrics for a hundred columns only.
OWN = (OPERATION, SEQUENCE, POSITION, COMMIT_TIME, FILE, ROW, BATCH, UNSENT)

#: What the log has and the table that equals its source has not.
LOG_ONLY = (OPERATION, FILE, ROW, BATCH, UNSENT)

#: The struct in which everything technical travels until the tables' own columns are made of it.
TECHNICAL = "__cdc"

#: Names that Iceberg (MetadataColumns) and Spark's file source give to columns of theirs.
_ENGINE = frozenset(
    {
        "_file", "_pos", "_deleted", "_spec_id", "_partition", "_metadata", "_row_id", "_last_updated_sequence_number",
        "_change_type", "_change_ordinal", "_commit_snapshot_id",
    }
)  # fmt: skip


def is_own(name: str) -> bool:
    """Whether a name is one that the tables add, or that the job needs for itself; in any case of letters."""
    return name.lower() in OWN or name.lower().startswith(TECHNICAL)


def quoted(name: str) -> str:
    """The name as Spark SQL must spell it."""
    return "`" + name.replace("`", "``") + "`"


def wished(name: str) -> str:
    """The name that a source column gets in the tables unless it is taken.

    A name that the tables add, or Iceberg, or Spark, gets ``source`` before it (``_deleted`` is ``source_deleted``); a
    backtick becomes an underscore.
    """
    ours = is_own(name) or name.lower() in _ENGINE
    return ("source" + name if ours else name).replace("`", "_")
