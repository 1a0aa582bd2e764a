"""Whether raw files are as the ``dms`` module's settings make them: first their columns, then their rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import BinaryType, StringType, StructType

from cdc.errors import ContractError
from cdc.model.columns import TECHNICAL, is_own, quoted
from cdc.model.config import Contract, Table
from cdc.raw.footers import RawFile
from cdc.raw.names import LOAD_KEY

#: Length of ``$AR_H_CHANGE_SEQ``: 16 digits of commit time and a counter of 19.
SEQUENCE_DIGITS = 35

#: Columns beside the key from which on a file that has none of them is taken for another table's.
_TELLING = 3

#: Rule → what it asks and which setting makes it so.
RULES = {
    "operation": "the operation must be I, U or D, and I in a full load. Set IncludeOpForFullLoad of the endpoint",
    "key": "a column of the primary key is NULL. Correct primary_key in the configuration, or give the table in the "
    "source a replica identity that has the key",
    "sequence": f"a change has {SEQUENCE_DIGITS} digits of $AR_H_CHANGE_SEQ and a row of a full load has none. "
    "Set the add-column rule of the task",
    "timestamp": "the commit time must read yyyy-MM-dd HH:mm:ss.SSSSSS. Set TimestampColumnName of the endpoint",
    "truncated": "a value is as long as the LOB limit of the task, which cuts what is longer. Raise the limit and "
    "reload the table",
}


def promised(table: Table, contract: Contract) -> dict[str, str]:
    """Columns that every file has → the setting that they come from."""
    return {
        contract.op: "IncludeOpForFullLoad = true",
        contract.timestamp: "TimestampColumnName",
        contract.sequence: "an add-column rule with $AR_H_CHANGE_SEQ",
        contract.position: "an add-column rule with $AR_H_STREAM_POSITION",
        **dict.fromkeys(table.primary_key, "the primary key of the source"),
        **dict.fromkeys(before_images(table, contract).values(), "a rule add-before-image-columns, pk-only"),
    }


def canonical(names: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """A file's columns → the names under which they are known: the case of letters makes no other column.

    A name keeps its own spelling where several names differ in case alone.
    """
    given, expected = list(names), set(known)
    free: dict[str, list[str]] = {}
    for name in expected - set(given):
        free.setdefault(name.lower(), []).append(name)
    folded = [name.lower() for name in given]
    return {
        name: free[name.lower()][0]
        if name not in expected and len(free.get(name.lower(), [])) == 1 and folded.count(name.lower()) == 1
        else name
        for name in given
    }


def fault(file: RawFile, table: Table, contract: Contract, known: Collection[str]) -> str | None:
    """What a file lacks that the job relies on; None when nothing.

    Args:
        known: The table's columns by their names in the source; empty before its first row.
    """
    spelled = canonical(file.names, [*promised(table, contract), *known])
    names = [spelled[name] for name in file.names]
    expected = promised(table, contract)
    if missing := [f"{name} (comes from {setting})" for name, setting in expected.items() if name not in names]:
        return f"lacks {', '.join(missing)}; it has {', '.join(names)}. Set the task so"
    types = {spelled[item.name]: item.dataType for item in file.declared.schema}
    for name in (contract.op, contract.timestamp, contract.sequence, contract.position):
        if not isinstance(kind := types[name], StringType):
            return f"has {name} as {kind.simpleString()}; it must be text. It comes from {expected[name]}"
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        return (
            f"has the column {doubled[0]} twice, once from the source and once from DMS. Rename it in the source, or "
            "take the table out of the list"
        )
    source = set(source_columns(names, table, contract))
    if not known and (taken := sorted(name for name in source if is_own(name))):
        return (
            f"has the column {taken[0]}, and a column of this name is added to every table. Rename it in the source, "
            "or take the table out of the list"
        )
    telling = set(known) - set(table.primary_key)
    if len(telling) >= _TELLING and not telling & source:
        return f"shares no column with the table but its key: it is another table's. It has {', '.join(sorted(source))}"
    return None


def before_images(table: Table, contract: Contract) -> dict[str, str]:
    """Key column → the column that has its value before an update of the key."""
    return {key: contract.before_prefix + key for key in table.primary_key}


def source_columns(names: Iterable[str], table: Table, contract: Contract) -> list[str]:
    """The columns of a raw file that are the source's: all but those that DMS adds, each by its exact name."""
    added = {contract.op, contract.timestamp, contract.sequence, contract.position}
    added |= set(before_images(table, contract).values())
    return [name for name in names if name not in added]


def truncated(schema: StructType, contract: Contract) -> Column:
    """Whether a value of a row is as long as the task lets values be: then it was longer, most probably; never NULL.

    DMS counts the characters of a text as UTF-16 does, two bytes each; a pair of surrogates is not cut in two.
    """
    found = F.lit(False)
    if contract.lob_max_size_kb is None:
        return found
    limit = int(contract.lob_max_size_kb * 1024)
    for item in schema:
        value = F.col(quoted(item.name))
        if isinstance(item.dataType, BinaryType):
            found = found | F.coalesce(F.octet_length(value) == limit, F.lit(False))
        elif isinstance(item.dataType, StringType):
            bytes_of_utf16 = F.octet_length(F.encode(value, "UTF-16BE"))
            is_long = F.when(F.octet_length(value) >= limit // 2 - 1, bytes_of_utf16.isin(limit, limit - 2))
            found = found | F.coalesce(is_long, F.lit(False))
    return found


def violations(table: Table) -> dict[str, Column]:
    """For each rule of the contract, whether a change breaks it; never NULL."""
    operation = F.coalesce(F.col(f"{TECHNICAL}.op"), F.lit(""))
    sequence, is_load = F.col(f"{TECHNICAL}.seq"), F.col(f"{TECHNICAL}.file").rlike(LOAD_KEY)
    null_key = F.lit(False)
    for key in table.primary_key:
        null_key = null_key | F.col(quoted(key)).isNull()
    return {
        "operation": ~operation.isin("I", "U", "D") | (is_load & (operation != "I")),
        "key": null_key,
        "sequence": F.when(is_load, sequence != "").otherwise(~sequence.rlike(f"^[0-9]{{{SEQUENCE_DIGITS}}}$")),
        "timestamp": F.col(f"{TECHNICAL}.commit_ts").isNull(),
    }


def reasons(table: Table, schema: StructType, contract: Contract) -> Column:
    """The rules that a change breaks, by name.

    Args:
        schema: Of changes.
    """
    broken = violations(table)
    if table.on_truncated_lob == "reject":
        broken["truncated"] = truncated(schema, contract)
    return F.filter(
        F.array(*[F.when(is_broken, F.lit(rule)) for rule, is_broken in broken.items()]),
        lambda name: name.isNotNull(),
    )


def refuse_all(table: Table, file: str, rules: Iterable[str]) -> ContractError:
    """What stops a table of whose first files no row can be taken: its task is set up otherwise than it must be."""
    asked = "; ".join(RULES[rule] for rule in rules)
    return ContractError(
        f"{file} of {table.qualified} and the files with it have no row that can be taken: {asked}, then reload the "
        "table and give up this batch by --abandon. Nothing of the batch was applied to this table."
    )
