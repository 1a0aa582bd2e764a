"""Tables of the configuration, each with its rules, and what they refer to."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from cdc.config.reader import Reader
from cdc.config.rules import column_rule, expectation, lookup
from cdc.errors import ConfigError
from cdc.model.columns import wished
from cdc.model.config import ON_INCOMPATIBLE, ON_TRUNCATED_LOB, ON_UNCHANGED_LOB, Table
from cdc.model.rules import ColumnRule

_MEMBERS = (
    "schema",
    "name",
    "primary_key",
    "filter",
    "columns",
    "derived",
    "lookups",
    "expectations",
    "on_incompatible",
    "on_unchanged_lob",
    "on_truncated_lob",
    "replica_identity",
)

#: What no rule may do to a key: rows are found by it, and two of them must not become one.
_NOT_OF_KEYS = ("trim", "null_if", "default")
_MASKS_OF_KEYS = ("sha256",)
_NO_RULE = ColumnRule()


def table(reader: Reader) -> Table:
    """Reads one table.

    Raises:
        ConfigError: Names the member, what is wrong with it and what to do.
    """
    reader.allow_only(_MEMBERS, "member")
    # Applied to the source by who starts the task.
    reader.choice("replica_identity", ("default", "full"), "default")
    found = Table(
        schema=reader.text("schema"),
        name=reader.text("name"),
        primary_key=_key(reader),
        filter=reader.optional_text("filter"),
        columns={name: column_rule(rule) for name, rule in reader.members("columns").items()},
        derived=reader.texts("derived"),
        lookups=tuple(lookup(item) for item in reader.children("lookups")) if "lookups" in reader.document else (),
        expectations={name: expectation(item) for name, item in reader.members("expectations").items()},
        on_incompatible=reader.choice("on_incompatible", ON_INCOMPATIBLE, "new_column"),
        on_unchanged_lob=reader.choice("on_unchanged_lob", ON_UNCHANGED_LOB, "keep"),
        on_truncated_lob=reader.choice("on_truncated_lob", ON_TRUNCATED_LOB, "keep"),
    )
    _check_key(found, reader.where)
    _check_names(found, reader.where)
    _check_hidden(found, reader.where)
    return found


def check_references(tables: Sequence[Table]) -> None:
    """Checks that every lookup's table is there, and that no table waits for itself.

    Raises:
        ConfigError: Names the tables.
    """
    known = {item.qualified for item in tables}
    waits: dict[str, set[str]] = {}
    for item in tables:
        waits[item.qualified] = {found.reference for found in item.lookups if not found.is_file}
        if strange := sorted(waits[item.qualified] - known):
            raise ConfigError(
                f"A lookup of table {item.qualified} is from {strange[0]!r}, which is no table of the list "
                f"({', '.join(sorted(known))}) and no s3:// location. Add the table or correct the name."
            )
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as circle:
        raise ConfigError(
            f"The lookups of {' from '.join(reversed(circle.args[1]))} lead back to where they begin, so none of "
            "these tables could be the first. Take one of the lookups out."
        ) from None


def _key(reader: Reader) -> tuple[str, ...]:
    names = reader.value("primary_key", list)
    if not all(isinstance(name, str) for name in names) or len(set(names)) != len(names):
        raise ConfigError(f"{reader.where}.primary_key must be names of different columns, not {names!r}.")
    return tuple(names)


def _check_key(found: Table, where: str) -> None:
    for name in found.primary_key:
        rule = found.columns.get(name)
        if rule is None:
            continue
        place = f"{where}.columns.{name}"
        if rule.mask is not None and rule.mask not in _MASKS_OF_KEYS:
            raise ConfigError(
                f"{place}.mask is {rule.mask!r}, which makes different keys equal, but {name} is of the primary key. "
                "Mask it by sha256."
            )
        for member in _NOT_OF_KEYS:
            if getattr(rule, member) != getattr(_NO_RULE, member):
                raise ConfigError(
                    f"{place}.{member} could make different keys equal, or a key NULL, but {name} is of the primary "
                    "key. Make a derived column of it and leave the key as it is."
                )


def _check_names(found: Table, where: str) -> None:
    """Names that the rules give: none of the job's own, and each once."""
    given = [(f"columns.{name}.rename", new) for name, new in found.renames.items()]
    given += [(f"lookups.columns.{name}", name) for item in found.lookups for name in item.columns]
    given += [(f"derived.{name}", name) for name in found.derived]
    # The catalog does not tell names apart by case.
    taken = {name.lower(): f"the column {name}" for name in {*found.columns, *found.primary_key}}
    for place, name in given:
        if wished(name) != name:
            raise ConfigError(
                f"{where}.{place} has a name that the job itself uses, or Iceberg or Spark: {name!r}. Choose another."
            )
        if name.lower() in taken:
            raise ConfigError(f"{where}.{place} has the name of {taken[name.lower()]}: {name!r}. Choose another.")
        taken[name.lower()] = place


def _check_hidden(found: Table, where: str) -> None:
    for index, item in enumerate(found.lookups):
        if gone := sorted(found.dropped & set(item.on)):
            raise ConfigError(
                f"{where}.lookups[{index}].on names {gone[0]!r}, which the mask drop leaves out of the tables. Look up "
                "by another column, or mask it by sha256 here and there."
            )
