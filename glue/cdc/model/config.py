"""The configuration as frozen values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cdc.model.rules import ColumnRule, Expectation, Lookup

#: Formats of raw files that the job reads.
RAW_FORMATS = ("parquet",)

ON_INCOMPATIBLE = ("new_column", "reject", "stop")
ON_UNCHANGED_LOB = ("keep", "null")
ON_TRUNCATED_LOB = ("keep", "reject")


@dataclass(frozen=True)
class Contract:
    """What the DMS task's settings promise of raw files.

    Attributes:
        op, timestamp, sequence, position, before_prefix: Names of the columns that DMS adds to those of the source.
        lob_max_size_kb: Size in KiB at which it cuts long values; None where it is not known.
    """

    op: str
    timestamp: str
    sequence: str
    position: str
    before_prefix: str
    lob_max_size_kb: float | None = None


@dataclass(frozen=True)
class Table:
    """One replicated table and its rules.

    Attributes:
        schema, name: As in the source, and so in the raw bucket's folders.
        primary_key: Key columns in order; empty for a table of which only the change log exists.
        filter: Spark SQL condition over the source's columns; rows for which it is true are kept.
        columns: Source column → its rule.
        derived: New column → Spark SQL expression over the columns as their rules leave them, by the source's names.
        lookups: Columns from other tables or from files.
        expectations: Name → what rows must fulfil.
        on_incompatible: What becomes of values that their column cannot be changed to hold (``ON_INCOMPATIBLE``).
        on_unchanged_lob: What a NULL in an update of a column means that may not have been sent because it did not
            change (``ON_UNCHANGED_LOB``).
        on_truncated_lob: What becomes of a row with a value as long as the LOB limit (``ON_TRUNCATED_LOB``).
    """

    schema: str
    name: str
    primary_key: tuple[str, ...]
    filter: str | None = None
    columns: Mapping[str, ColumnRule] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)
    lookups: tuple[Lookup, ...] = ()
    expectations: Mapping[str, Expectation] = field(default_factory=dict)
    on_incompatible: str = "new_column"
    on_unchanged_lob: str = "keep"
    on_truncated_lob: str = "keep"

    @property
    def masks(self) -> dict[str, str]:
        """Source column → its mask, of those that have one."""
        return {name: rule.mask for name, rule in self.columns.items() if rule.mask is not None}

    @property
    def dropped(self) -> frozenset[str]:
        """Source columns that are in neither table."""
        return frozenset(name for name, mask in self.masks.items() if mask == "drop")

    @property
    def renames(self) -> dict[str, str]:
        """Source column → its name in the tables, of those that a rule gives another one."""
        return {name: rule.rename for name, rule in self.columns.items() if rule.rename and rule.rename != name}

    @property
    def added(self) -> tuple[str, ...]:
        """Columns of the tables that the source does not have: looked up and derived."""
        return (*[name for lookup in self.lookups for name in lookup.columns], *self.derived)

    def keeps(self, column: str) -> bool:
        """Whether the tables have a source column's values as they are."""
        return column not in self.columns or not self.columns[column].changes_values

    @property
    def hashes(self) -> bool:
        """Whether a column is masked by a salted hash."""
        return "sha256" in self.masks.values()

    @property
    def qualified(self) -> str:
        """Name for people and for state objects: ``schema.name``."""
        return f"{self.schema}.{self.name}"

    @property
    def catalog_name(self) -> str:
        """Name in the catalog: lower case, as Athena wants it, of letters, digits and underscores."""
        return re.sub(r"[^a-z0-9_]", "_", f"{self.schema}_{self.name}".lower())


@dataclass(frozen=True)
class Config:
    """The whole configuration.

    Attributes:
        raw_retention_days: Days after which the bucket deletes raw files by itself; None when it keeps them.
        raw_format: One of ``RAW_FORMATS``.
    """

    raw_bucket: str
    raw_prefix: str
    final_bucket: str
    state_prefix: str
    catalog: str
    database: str
    contract: Contract
    salt_secret: str | None
    tables: tuple[Table, ...]
    raw_retention_days: int | None = None
    raw_format: str = "parquet"

    def raw_folder(self, table: Table) -> str:
        """The key prefix of a table's files."""
        return f"{self.raw_prefix}{table.schema}/{table.name}/"

    def current(self, table: Table) -> str:
        """Identifier of the table that equals its source."""
        return self.identifier(table.catalog_name)

    def log(self, table: Table) -> str:
        """Identifier of the change log."""
        return self.identifier(f"{table.catalog_name}_changes")

    def identifier(self, name: str) -> str:
        """Identifier of a table of the catalog by its bare name."""
        return f"{self.catalog}.{self.database}.{name}"

    @property
    def rejects(self) -> str:
        """Identifier of the table of rejects."""
        return self.identifier("cdc_rejects")

    @property
    def ledger(self) -> str:
        """Identifier of the ledger of files."""
        return self.identifier("cdc_files")
