"""Whether raw files are as the ``dms`` module's settings make them: first their columns, then their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyspark.sql import Column, Row
from pyspark.sql import functions as F
from pyspark.sql.types import StringType

from cdc.errors import ContractError, SchemaChangedError
from cdc.model.columns import TECHNICAL, is_own, quoted
from cdc.model.config import Contract, Table
from cdc.raw.footers import RawFile
from cdc.raw.names import LOAD_KEY

#: Length of ``$AR_H_CHANGE_SEQ``: 16 digits of commit time and a counter of 19.
SEQUENCE_DIGITS = 35

_REMEDY = {
    "operation": "the operation must be I, U or D, and I in a full load. Set IncludeOpForFullLoad of the endpoint",
    "key": "a column of the primary key is NULL. Correct primary_key in the configuration, or give the table in the "
    "source a replica identity that has the key",
    "sequence": f"a change has {SEQUENCE_DIGITS} digits of $AR_H_CHANGE_SEQ and a row of a full load has none. "
    "Set the add-column rule of the task",
    "timestamp": "the commit time must read yyyy-MM-dd HH:mm:ss.SSSSSS. Set TimestampColumnName of the endpoint",
}


def check_columns(file: RawFile, table: Table, contract: Contract) -> None:
    """Checks that a file has what the job relies on.

    Raises:
        ContractError: Names the file, what it lacks, and the setting that gives it.
    """
    where, names = f"{file.stored.key} of {table.qualified}", file.schema.names
    added = {
        contract.op: "IncludeOpForFullLoad = true",
        contract.timestamp: "TimestampColumnName",
        contract.sequence: "an add-column rule with $AR_H_CHANGE_SEQ",
        contract.position: "an add-column rule with $AR_H_STREAM_POSITION",
    }
    promised = {
        **added,
        **dict.fromkeys(table.primary_key, "the primary key of the source"),
        **dict.fromkeys(before_images(table, contract).values(), "a rule add-before-image-columns, pk-only"),
    }
    if missing := [f"{name} (comes from {setting})" for name, setting in promised.items() if name not in names]:
        raise ContractError(
            f"{where} lacks {', '.join(missing)}; it has {', '.join(names)}. Set the task so, then reload the table "
            "and give up this batch by --abandon."
        )
    for name in added:
        if not isinstance(kind := file.schema[name].dataType, StringType):
            raise ContractError(
                f"{where} has {name} as {kind.simpleString()}; it must be text. It comes from {added[name]}."
            )
    source = source_columns(names, table, contract)
    if taken := sorted(name for name in source if is_own(name)):
        raise ContractError(
            f"{where} has the column {taken[0]}, and a column of this name is added to every table. Rename it in the "
            "source, or take the table out of the list."
        )
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise ContractError(
            f"{where} has the column {doubled[0]} twice, once from the source and once from DMS. Rename it in the "
            "source, or take the table out of the list."
        )


def check_alike(files: Sequence[RawFile], table: Table) -> None:
    """Checks that the files of a batch have the same columns and types.

    Raises:
        SchemaChangedError: Names two files and what differs.
    """
    first = files[0]
    one = {field.name: field.dataType.simpleString() for field in first.schema}
    for other in files[1:]:
        two = {field.name: field.dataType.simpleString() for field in other.schema}
        differences = [
            f"{name} ({one.get(name, 'not there')}, {two.get(name, 'not there')})"
            for name in {**one, **two}
            if one.get(name) != two.get(name)
        ]
        if differences:
            raise SchemaChangedError(
                f"{first.stored.key} and {other.stored.key} of {table.qualified} differ in {', '.join(differences)}: "
                "the source was altered. Reload the table into new raw files; the batch is kept."
            )


def before_images(table: Table, contract: Contract) -> dict[str, str]:
    """Key column → the column that has its value before an update of the key."""
    return {key: contract.before_prefix + key for key in table.primary_key}


def source_columns(names: Iterable[str], table: Table, contract: Contract) -> list[str]:
    """The columns of a raw file that are the source's: all but those that DMS adds, each by its exact name."""
    added = {contract.op, contract.timestamp, contract.sequence, contract.position}
    added |= set(before_images(table, contract).values())
    return [name for name in names if name not in added]


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


def check_rows(counted: Iterable[Row], table: Table) -> None:
    """Checks what was counted of each file.

    Args:
        counted: One row a file: its key as ``file`` and, for every rule, the place of the first row that breaks it as
            ``broken_<rule>``, or NULL.

    Raises:
        ContractError: Names table, file, row and remedy.
    """
    for file in counted:
        for rule, remedy in _REMEDY.items():
            if (place := file[f"broken_{rule}"]) is not None:
                raise ContractError(
                    f"{file['file']} of {table.qualified}, row {place // 2 + 1}: {remedy}, then reload the table and "
                    "give up this batch by --abandon. Nothing of the batch was applied to this table."
                )
