"""A table's rules as frozen values: what becomes of single columns, what is looked up, what must hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: How a column is hidden: a salted hash, a fixed word, all but its last four characters, not there at all.
MASKS = ("sha256", "redact", "last4", "drop")

#: What becomes of a row that breaks an expectation: it is kept out of log and table; it is counted; nothing of the
#: table goes on.
ON_BROKEN = ("reject", "count", "stop")

#: Types that a column may be cast to, beside ``decimal(p,s)``: those that both Spark and Iceberg have.
CASTS = ("boolean", "int", "bigint", "float", "double", "string", "date", "timestamp")

#: Endings of reference files, behind which may be ``.gz`` or a slash, and their formats as Spark names them.
FILE_FORMATS = {".parquet": "parquet", ".csv": "csv", ".json": "json", ".jsonl": "json"}


@dataclass(frozen=True)
class ColumnRule:
    """What becomes of a column's values, in the order in which it happens.

    Attributes:
        trim: Whether blanks, tabs and line breaks at both ends of a text are taken away.
        null_if: The text whose value becomes NULL.
        cast: Spark's name of the type that the column gets; a value that cannot be cast rejects its row.
        default: What stands for NULL, as text.
        mask: One of ``MASKS``.
        rename: The column's name in the tables.
    """

    trim: bool = False
    null_if: str | None = None
    cast: str | None = None
    default: str | None = None
    mask: str | None = None
    rename: str | None = None

    @property
    def changes_values(self) -> bool:
        """Whether the tables have other values than the source."""
        return self != ColumnRule(rename=self.rename)


@dataclass(frozen=True)
class Expectation:
    """A condition that rows are expected to fulfil.

    Attributes:
        must: Spark SQL over the columns as rules leave them, by their source's names; a row for which it is false
            breaks it, one for which it is NULL does not.
        on_broken: One of ``ON_BROKEN``.
    """

    must: str
    on_broken: str = "reject"


@dataclass(frozen=True)
class Lookup:
    """Columns that come from another table or a file, by equality of columns.

    Attributes:
        reference: ``schema.table`` of another replicated table, or an ``s3://`` location of Parquet, CSV or JSON.
        on: Source column → the column there that must be equal.
        columns: New column → the column there that it takes its values from.
    """

    reference: str
    on: Mapping[str, str]
    columns: Mapping[str, str]

    @property
    def is_file(self) -> bool:
        """Whether the reference is a file."""
        return self.reference.startswith("s3://")

    @property
    def file_format(self) -> str:
        """The format of a reference that is a file, as Spark names it."""
        path = self.reference.rstrip("/").removesuffix(".gz")
        return FILE_FORMATS[path[path.rindex(".") :]]
