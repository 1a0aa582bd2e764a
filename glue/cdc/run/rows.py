"""The rows of the log that a batch's changes are, whatever the source's definition was when they were made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import BinaryType, StringType, StructType

from cdc.changes import evolve, rules, unchanged
from cdc.changes.cleansing import NULLED
from cdc.changes.evolve import Evolution, TableColumn
from cdc.changes.expectations import REASONS
from cdc.errors import SchemaChangedError
from cdc.model.columns import TECHNICAL, UNSENT, quoted
from cdc.model.config import Table
from cdc.raw.source_schema import SourceSchema, may_be_unsent
from cdc.run.reading import Group
from cdc.run.task import TableTask


@dataclass(frozen=True)
class Prepared:
    """The rows of a batch.

    Attributes:
        rows: As the log has them, and technical columns beside; those with ``REASONS`` are to be rejected.
        columns: The log's columns beside the tables' own, as they must be before the rows come.
        evolution: What becomes of them.
        placed: Source column → the table's, of all groups.
        keys: The key's columns in the tables.
        may_reject: Whether a row may have reasons.
        unsure: Columns of which a NULL in an update may be a value that did not change.
    """

    rows: DataFrame
    columns: Sequence[TableColumn]
    evolution: Evolution
    placed: Mapping[str, TableColumn]
    keys: Sequence[str]
    may_reject: bool
    unsure: Sequence[str]


def prepare(
    table: Table,
    groups: Sequence[Group],
    columns: Sequence[TableColumn],
    task: TableTask,
    salt: str | None,
    source: SourceSchema | None,
    refer: Callable[[StructType], Sequence[DataFrame]],
) -> Prepared:
    """Brings rows of every definition into the form that the table has, or will have.

    Args:
        columns: The log's beside the tables' own; none before it is made.
        source: What is recorded of the source's table.
        refer: What the table's lookups join with, for a source of such columns.

    Raises:
        SchemaChangedError: A column has another type, and the table's configuration or its key forbid a new column.
    """
    frames = []
    for group in groups:
        taken = group.changes.where(F.size(f"{TECHNICAL}.reasons") == 0)
        known = evolve.with_absent(taken, [*columns, *_of_groups(groups)], table.added)
        frames.append(
            rules.prepare(
                known,
                table,
                salt,
                epoch=task.epoch,
                by_position=task.by_position,
                references=refer(known.schema),
                unsent=_unsent(table, group, source),
            )
        )
    types = [evolve.types_of(frame) for frame in frames]
    evolution = evolve.evolve(
        columns,
        types,
        may_split=table.on_incompatible == "new_column",
        never_split=table.primary_key,
        wishes=table.renames,
    )
    _check(table, columns, types, evolution)
    placed = []
    for group, frame, places, refused in zip(groups, frames, evolution.placed, evolution.refused, strict=True):
        rows = evolve.place(_renamed(_rejecting(frame, refused), places), places, evolution.columns)
        unsure = _unsure(table, [group], [places], evolution.columns, source)
        placed.append(rows.withColumn(UNSENT, unchanged.unsent(unsure, F.col(NULLED))))
    found = reduce(DataFrame.unionByName, placed)
    keys = [evolution.placed[0][name].name for name in table.primary_key]
    everywhere = {name: column for places in evolution.placed for name, column in places.items()}
    unsure = _unsure(table, groups, evolution.placed, evolution.columns, source)
    may_reject = any(evolution.refused) or rules.may_reject(table)
    return Prepared(found, evolution.columns, evolution, everywhere, keys, may_reject, unsure)


def split(rows: DataFrame) -> tuple[DataFrame, DataFrame]:
    """The rows that go on, and those that are rejected."""
    rejected = F.size(REASONS) > 0
    return rows.where(~rejected), rows.where(rejected)


def _unsure(
    table: Table,
    groups: Sequence[Group],
    placed: Sequence[Mapping[str, TableColumn]],
    columns: Sequence[TableColumn],
    source: SourceSchema | None,
) -> list[str]:
    """In the order of the table's columns; what is derived from an unsure column may be any of them."""
    found: set[str] = set()
    for group, places in zip(groups, placed, strict=True):
        unsent = [name for name in _unsent(table, group, source) if name in places]
        follow = [name for item in table.lookups if item.on.keys() & {*unsent} for name in item.columns]
        follow += table.derived if unsent else ()
        found |= {places[name].name for name in [*unsent, *follow] if name in places}
    return [column.name for column in columns if column.name in found]


def _unsent(table: Table, group: Group, source: SourceSchema | None) -> list[str]:
    raw = {name for file in group.files for name in file.declared.raw}
    texts = [
        item.name
        for item in group.changes.schema
        if isinstance(item.dataType, StringType | BinaryType) and item.name not in raw
    ]
    return may_be_unsent(texts, table, source)


def _of_groups(groups: Sequence[Group]) -> list[TableColumn]:
    """The columns that any of the groups has: what one of them lacks came later, or went."""
    schemas = [group.changes.schema for group in groups]
    return [
        TableColumn(item.name, item.dataType.simpleString(), item.name)
        for schema in schemas
        for item in schema
        if item.name != TECHNICAL
    ]


def _check(
    table: Table, columns: Sequence[TableColumn], types: Sequence[Mapping[str, str]], evolution: Evolution
) -> None:
    for kinds, refused in zip(types, evolution.refused, strict=True):
        stops = [name for name in refused if name in table.primary_key or table.on_incompatible == "stop"]
        if stops:
            name = stops[0]
            had = next(item.type for item in evolution.columns if item.source == name)
            remedy = (
                "Rows are found by it: drop the table and its log and reload it"
                if name in table.primary_key
                else "on_incompatible of the table is stop: choose new_column or reject, or reload the table into new "
                "ones"
            )
            raise SchemaChangedError(
                f"{table.qualified} has {name} as {had}, and its files as {kinds[name]}, which {had} cannot hold. "
                f"{remedy}; the batch is kept."
            )


def _renamed(rows: DataFrame, places: Mapping[str, TableColumn]) -> DataFrame:
    """The rows with the names of ``NULLED`` as the table has them."""
    others = {source: column.name for source, column in places.items() if source != column.name}

    def name(source: Column) -> Column:
        return reduce(lambda found, item: F.when(source == item[0], item[1]).otherwise(found), others.items(), source)

    return rows.withColumn(NULLED, F.transform(NULLED, name)) if others else rows


def _rejecting(rows: DataFrame, refused: Sequence[str]) -> DataFrame:
    if REASONS not in rows.columns:
        rows = rows.withColumn(REASONS, F.array().cast("array<string>"))
    if not refused:
        return rows
    why: list[Column] = [
        F.when(F.col(quoted(name)).isNotNull(), F.lit(f"{name} has a type that its column cannot hold"))
        for name in refused
    ]
    more = F.filter(F.array(*why), lambda reason: reason.isNotNull())
    return rows.withColumn(REASONS, F.concat(F.col(REASONS), more))
