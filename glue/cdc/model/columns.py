"""Names of columns: those that the tables add, and what becomes of source columns whose names somebody else needs."""

from __future__ import annotations

from collections.abc import Iterable

OPERATION, SEQUENCE, POSITION, COMMIT_TIME = "_op", "_seq", "_position", "_commit_ts"
FILE, ROW, BATCH = "_raw_file", "_row", "_batch"

#: What the tables add to the source's columns. First in every table: Iceberg keeps metrics for a hundred columns only.
OWN = (OPERATION, SEQUENCE, POSITION, COMMIT_TIME, FILE, ROW, BATCH)

#: What the log has and the table that equals its source has not.
LOG_ONLY = (OPERATION, FILE, ROW, BATCH)

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


def catalog_names(source: Iterable[str]) -> dict[str, str]:
    """Source column → its name in the tables; the same name, but for three rules.

    A name of Iceberg's or Spark's own gets ``source`` before it (``_deleted`` is ``source_deleted``), a backtick
    becomes an underscore, and a name that differs from an earlier one in case alone, which Athena could not tell
    apart, gets ``_2``, ``_3`` and so on behind it.
    """
    names: dict[str, str] = {}
    given = list(source)
    taken = {name.lower() for name in given if _wished(name) == name}
    used: set[str] = set()
    for name in given:
        wished = _wished(name)
        candidate, number = wished, 2
        while candidate.lower() in used or (candidate != name and candidate.lower() in taken):
            candidate, number = f"{wished}_{number}", number + 1
        used.add(candidate.lower())
        names[name] = candidate
    return names


def _wished(name: str) -> str:
    return ("source" + name if name.lower() in _ENGINE else name).replace("`", "_")
