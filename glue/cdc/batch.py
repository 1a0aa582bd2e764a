"""A batch: the files that are applied together, fixed once, whatever happens to the run that fixed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cdc.storage import StoredObject


@dataclass(frozen=True)
class Batch:
    """Number ``n`` and, for each table by its qualified name, the raw files."""

    number: int
    files: Mapping[str, tuple[StoredObject, ...]]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(item.size for files in self.files.values() for item in files)

    def to_document(self) -> dict[str, Any]:
        """The plan as it is stored."""
        return {
            "batch": self.number,
            "files": {
                table: [[item.key, item.etag, item.size] for item in files] for table, files in self.files.items()
            },
        }

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> Batch:
        """Reads a stored plan."""
        return Batch(
            document["batch"],
            {table: tuple(StoredObject(*item) for item in files) for table, files in document["files"].items()},
        )


@dataclass(frozen=True)
class FileStatistics:
    """What one raw file held, for the ledger."""

    key: str
    etag: str
    size: int
    rows: int
    inserts: int
    updates: int
    deletes: int
    rejected: int = 0


@dataclass(frozen=True)
class DoneMark:
    """A table of a batch that is finished: its files and the highest sequence among them."""

    batch: int
    table: str
    mark: str
    files: tuple[FileStatistics, ...]

    def to_document(self) -> dict[str, Any]:
        """The mark as it is stored."""
        return {
            "batch": self.batch,
            "table": self.table,
            "mark": self.mark,
            "files": [list(vars(item).values()) for item in self.files],
        }

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> DoneMark:
        """Reads a stored mark."""
        return DoneMark(
            document["batch"],
            document["table"],
            document["mark"],
            tuple(FileStatistics(*item) for item in document["files"]),
        )


def limited(found: Mapping[str, Iterable[StoredObject]], most_files: int) -> dict[str, tuple[StoredObject, ...]]:
    """Takes the first files of each table, so that one batch stays of a size that a run can carry."""
    taken = {table: tuple(files)[:most_files] for table, files in found.items()}
    return {table: files for table, files in taken.items() if files}
