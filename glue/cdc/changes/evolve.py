"""Where each column of changes belongs in the tables, whatever the source's definition was when they were made.

A table's column knows the source's column that it is of: by its name, or, where the two differ, by its comment. Of one
source column a table has several when its type changed to one that Iceberg cannot change the first to: ``price``, then
``price_2``. A value goes to the first of them that holds it exactly, so nothing is cast that could fail.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from cdc.model.columns import OWN, TECHNICAL, quoted, wished
from cdc.raw.types import holds, kept_as, widened

#: Of a column's comment: what it is of.
COMMENT = "of the source's column "


@dataclass(frozen=True)
class TableColumn:
    """A column of the log or the table.

    Attributes:
        name: In the catalog.
        type: As ``simpleString`` spells it.
        source: The source's column that it is of.
    """

    name: str
    type: str
    source: str

    @property
    def comment(self) -> str | None:
        """What the catalog says of it; None where its name says it."""
        return None if self.name == self.source else COMMENT + self.source


@dataclass(frozen=True)
class Evolution:
    """What a table becomes before a batch's rows come.

    Attributes:
        placed: For each group of changes its columns → the table's.
        refused: For each group those of its columns that have no place, for want of a new column.
        columns: All columns of the table afterwards, in order.
        added: Those that are new.
        widened: Name → type of those that change theirs.
        split: New columns of source columns that the table has already, of another type.
    """

    placed: tuple[Mapping[str, TableColumn], ...]
    refused: tuple[tuple[str, ...], ...]
    columns: tuple[TableColumn, ...]
    added: tuple[TableColumn, ...] = ()
    widened: Mapping[str, str] = field(default_factory=dict)
    split: tuple[TableColumn, ...] = ()


def table_column(name: str, kind: str, comment: str | None) -> TableColumn:
    """A column as the catalog describes it."""
    named = comment is not None and comment.startswith(COMMENT)
    return TableColumn(name, kind, comment[len(COMMENT) :] if named and comment is not None else name)


def evolve(
    table: Sequence[TableColumn],
    groups: Sequence[Mapping[str, str]],
    *,
    may_split: bool = True,
    never_split: Collection[str] = (),
    wishes: Mapping[str, str] | None = None,
) -> Evolution:
    """Finds or makes a place for every column of every group, in the order of the groups.

    Only additions: columns are added or widened, never dropped, renamed or narrowed.

    Args:
        table: The columns that the table has; none before it is made.
        groups: Source column → type, narrow integers kept as ``int``.
        may_split: Whether values that no column of theirs can hold get a new one; otherwise they are refused.
        never_split: Columns for which that is no way, because rows are found by them.
        wishes: Source column → the name that it is to have in the tables, where it is another.
    """
    columns, wanted = list(table), wishes or {}
    for types in groups:
        splits = {name for name in types if may_split and name not in never_split}
        _admit(columns, types, splits, {name: wished(wanted.get(name, name)) for name in types})
    placed = tuple(_placed(columns, types) for types in groups)
    before = {column.name: column for column in table}
    added = tuple(column for column in columns if column.name not in before)
    had = {column.source for column in table}
    seen: set[str] = set()
    split = []
    for column in added:
        if column.source in had or column.source in seen:
            split.append(column)
        seen.add(column.source)
    return Evolution(
        placed,
        tuple(
            tuple(name for name in types if name not in places) for types, places in zip(groups, placed, strict=True)
        ),
        tuple(columns),
        added,
        {
            column.name: column.type
            for column in columns
            if column.name in before and before[column.name].type != column.type
        },
        tuple(split),
    )


def _admit(columns: list[TableColumn], types: Mapping[str, str], splits: set[str], wishes: Mapping[str, str]) -> None:
    start = len(columns)
    # A name that somebody else's column would like, too, belongs to the column that is called so.
    exact = [name for name in types if wishes[name] == name]
    for name in [*exact, *(name for name in types if name not in exact)]:
        kind = types[name]
        family = [index for index, column in enumerate(columns) if column.source == name]
        if any(holds(columns[index].type, kind) for index in family):
            continue
        wide = next(((index, to) for index in family if (to := widened(columns[index].type, kind))), None)
        if wide is not None:
            columns[wide[0]] = replace(columns[wide[0]], type=wide[1])
        elif not family or name in splits:
            reserved = {other.lower() for other in exact if other != name}
            columns.append(TableColumn(_free(wishes[name], columns, reserved, name), kind, name))
    places = {name: place for place, name in enumerate(types)}
    columns[start:] = sorted(columns[start:], key=lambda column: places[column.source])


def _free(wanted: str, columns: Sequence[TableColumn], reserved: set[str], source: str) -> str:
    # The catalog does not tell names apart by case.
    taken = {column.name.lower() for column in columns}
    candidate, number = wanted, 2
    while candidate.lower() in taken or (candidate != source and candidate.lower() in reserved):
        candidate, number = f"{wanted}_{number}", number + 1
    return candidate


def _placed(columns: Sequence[TableColumn], types: Mapping[str, str]) -> dict[str, TableColumn]:
    placed = {}
    for name, kind in types.items():
        for column in columns:
            if column.source == name and holds(column.type, kind):
                placed[name] = column
                break
    return placed


def types_of(rows: DataFrame) -> dict[str, str]:
    """The columns of changes, beside the technical ones, with their types as tables have them."""
    return {
        item.name: kept_as(item.dataType.simpleString())
        for item in rows.schema
        if item.name not in OWN and not item.name.startswith(TECHNICAL)
    }


def place(rows: DataFrame, placed: Mapping[str, TableColumn], columns: Sequence[TableColumn]) -> DataFrame:
    """The rows with the table's columns, each value in its place; technical columns stay as they are."""
    sources = {column.name: source for source, column in placed.items()}
    values = [
        (F.col(quoted(sources[column.name])) if column.name in sources else F.lit(None))
        .cast(column.type)
        .alias(column.name)
        for column in columns
    ]
    technical = [name for name in rows.columns if name in OWN or name.startswith(TECHNICAL)]
    return rows.select(*technical, *values)


def with_absent(changes: DataFrame, columns: Sequence[TableColumn], but: Collection[str]) -> DataFrame:
    """Changes with every column that the table has of the source, NULL where their files lack it.

    So a rule over a column that came later, or went, is one over NULLs there and no error.

    Args:
        but: Columns of the table that are not the source's.
    """
    absent = {item.source: item.type for item in reversed(columns) if item.source not in {*changes.columns, *but}}
    return changes.withColumns({name: F.lit(None).cast(kind) for name, kind in absent.items()})
