"""The configuration as frozen values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MASKS = ("sha256", "redact", "last4")


@dataclass(frozen=True)
class Contract:
    """Names of the columns that DMS adds to those of the source."""

    op: str
    timestamp: str
    sequence: str
    position: str
    before_prefix: str


@dataclass(frozen=True)
class Table:
    """One replicated table and its rules.

    Attributes:
        schema, name: As in the source, and so in the raw bucket's folders.
        primary_key: Key columns in order; empty for a table of which only the change log exists.
        filter: Spark SQL condition over the source's columns; rows for which it is true are kept.
        masks: Column name → one of ``MASKS``.
        derived: New column name → Spark SQL expression over the source's columns.
        on_incompatible: What becomes of values that their column cannot be changed to hold: ``new_column``, ``reject``
            or ``stop``.
        on_unchanged_lob: What a NULL in an update of a column means that may not have been sent because it did not
            change: ``keep`` or ``null``.
        on_truncated_lob: What becomes of a row with a value as long as the LOB limit: ``keep`` or ``reject``.
    """

    schema: str
    name: str
    primary_key: tuple[str, ...]
    filter: str | None = None
    masks: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)
    on_incompatible: str = "new_column"
    on_unchanged_lob: str = "keep"
    on_truncated_lob: str = "keep"

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
