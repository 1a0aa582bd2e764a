"""Whether raw files are as the ``dms`` module's settings make them: first their columns, then their rows."""

from __future__ import annotations

from collections.abc import Iterable

from pyspark.sql import Column, Row
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructType

from cdc.config import COMMIT_TIME, FILE, OPERATION, RESERVED, SEQUENCE, Contract, Table
from cdc.discover import LOAD_FILE
from cdc.errors import ContractError
from cdc.footers import RawFile

#: Length of ``$AR_H_CHANGE_SEQ``: 16 digits of commit time and a counter of 19.
SEQUENCE_DIGITS = 35

_REMEDY = {
    "operation": "the operation must be I, U or D, and I in a full load. Set IncludeOpForFullLoad of the endpoint",
    "keyless": "only tables with a key have updates and deletes. Set primary_key in the configuration",
    "key": "a column of the primary key is NULL. Correct primary_key in the configuration",
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
        **{contract.before_prefix + key: "a rule add-before-image-columns, pk-only" for key in table.primary_key},
    }
    if missing := [f"{name} (comes from {setting})" for name, setting in promised.items() if name not in names]:
        raise ContractError(
            f"{where} lacks {', '.join(missing)}; it has {', '.join(names)}. Set the task so, then reload the table."
        )
    for name in added:
        if not isinstance(kind := file.schema[name].dataType, StringType):
            raise ContractError(
                f"{where} has {name} as {kind.simpleString()}; it must be text. It comes from {added[name]}."
            )
    folded = [name.lower() for name in names]
    if taken := sorted({name for name in folded if name in RESERVED or folded.count(name) > 1}):
        raise ContractError(
            f"{where} has the column {taken[0]} twice, or it is a name that the job itself uses. Rename it by a rule "
            "rename-column of the task."
        )


def source_columns(schema: StructType, contract: Contract) -> list[str]:
    """The columns of a raw file that are the source's."""
    added = {contract.op, contract.timestamp, contract.sequence, contract.position}
    return [name for name in schema.names if name not in added and not name.startswith(contract.before_prefix)]


def violations(table: Table) -> dict[str, Column]:
    """For each rule of the contract, whether a change breaks it; never NULL."""
    operation, sequence = F.coalesce(OPERATION, F.lit("")), F.col(SEQUENCE)
    is_load = F.col(FILE).rlike(LOAD_FILE.pattern)
    null_key = F.lit(False)
    for key in table.primary_key:
        null_key = null_key | F.col(f"`{key}`").isNull()
    return {
        "operation": ~operation.isin("I", "U", "D") | (is_load & (operation != "I")),
        "keyless": F.lit(not table.primary_key) & operation.isin("U", "D"),
        "key": null_key,
        "sequence": F.when(is_load, sequence != "").otherwise(~sequence.rlike(f"^[0-9]{{{SEQUENCE_DIGITS}}}$")),
        "timestamp": F.col(COMMIT_TIME).isNull(),
    }


def check_rows(counted: Iterable[Row], table: Table) -> None:
    """Checks what was counted of each file.

    Args:
        counted: One row a file: its name and, for every rule, the place of the first row that breaks it, or NULL.

    Raises:
        ContractError: Names table, file, row and remedy.
    """
    for file in counted:
        for rule, remedy in _REMEDY.items():
            if (place := file[f"broken_{rule}"]) is not None:
                raise ContractError(
                    f"{file[FILE]} of {table.qualified}, row {place // 2 + 1}: {remedy}, then reload the table. "
                    "Nothing of the batch was applied to this table."
                )
