"""How a raw column's type is read and kept: Parquet's, PostgreSQL's as DMS writes it, and what a table has for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import BinaryType, DataType, DoubleType, FloatType, IntegerType, LongType

#: Iceberg lacks the narrow integers.
_NARROW = re.compile(r"(^|[<:,])(?:tiny|small)int\b")

#: Digits that any value of an integral type has at most.
_DIGITS = {"int": 10, "bigint": 19}

#: Parquet's physical type → what Spark can be asked to read a column of it as, whatever it is annotated with.
_PHYSICAL: dict[str, DataType] = {
    "INT32": IntegerType(),
    "INT64": LongType(),
    "FLOAT": FloatType(),
    "DOUBLE": DoubleType(),
    "BINARY": BinaryType(),
    "FIXED_LEN_BYTE_ARRAY": BinaryType(),
}

_SECOND, _DAY_UNIT = 1_000_000_000, {"MILLIS": 1_000_000, "MICROS": 1_000, "NANOS": 1}


@dataclass(frozen=True)
class Raw:
    """A column of a Parquet file whose type Spark does not know: read as it is stored, and made text.

    Attributes:
        physical: Parquet's physical type.
        annotation: What Parquet says the values mean, as it spells it, e.g. ``TIME(MILLIS,true)``.
    """

    physical: str
    annotation: str

    @property
    def read_as(self) -> DataType | None:
        """What Spark is asked to read; None when there is nothing that it could."""
        return _PHYSICAL.get(self.physical)

    def text(self, value: Column) -> Column:
        """The value as text: a time of day as ``HH:mm:ss.SSSSSS``, a UUID as such, anything else by its digits."""
        kind, _, rest = self.annotation.partition("(")
        unit = rest.split(",", 1)[0]
        if kind == "TIME" and unit in _DAY_UNIT:
            return _time_of_day(value.cast("bigint") * _DAY_UNIT[unit], 9 if unit == "NANOS" else 6)
        if kind == "TIMESTAMP" and unit == "NANOS":
            nanos = F.pmod(value, F.lit(_SECOND))
            seconds = F.timestamp_seconds(((value - nanos) / F.lit(_SECOND)).cast("bigint"))
            return F.concat(F.date_format(seconds, "yyyy-MM-dd HH:mm:ss."), F.lpad(nanos.cast("string"), 9, "0"))
        if self.physical in ("BINARY", "FIXED_LEN_BYTE_ARRAY"):
            digits = F.lower(F.hex(value))
            return _uuid(digits) if kind == "UUID" else digits
        return value.cast("string")


def kept_as(spark_type: str) -> str:
    """The type that a table has for a column of this type (both as ``simpleString`` spells them)."""
    return _NARROW.sub(r"\1int", spark_type)


def holds(table: str, raw: str) -> bool:
    """Whether every value of a type has a place in another, as it is.

    Args:
        table, raw: As ``simpleString`` spells them, narrow integers kept as ``int``.
    """
    if table == raw:
        return True
    match (raw, table):
        case ("int", "bigint") | ("int", "double") | ("float", "double"):
            return True
        case _:
            pass
    if (target := _decimal(table)) is None:
        return False
    if raw in _DIGITS:
        return target[0] - target[1] >= _DIGITS[raw]
    given = _decimal(raw)
    return given is not None and target[1] >= given[1] and target[0] - target[1] >= given[0] - given[1]


def widened(table: str, raw: str) -> str | None:
    """The type to which Iceberg can change a column so that it holds values of another type too; None if it cannot."""
    if (table, raw) in (("int", "bigint"), ("float", "double")):
        return raw
    ours, given = _decimal(table), _decimal(raw)
    if ours is not None and given is not None and ours[1] == given[1] and given[0] > ours[0]:
        return raw
    return None


def _decimal(text: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"decimal\((\d+),(\d+)\)", text)
    return None if match is None else (int(match.group(1)), int(match.group(2)))


def _time_of_day(nanos: Column, digits: int) -> Column:
    # By arithmetic: 24:00:00 is a time of PostgreSQL's, and no timestamp is that late in its day.
    seconds = F.floor(nanos / F.lit(_SECOND))
    part = F.floor(F.pmod(nanos, F.lit(_SECOND)) / F.lit(10 ** (9 - digits)))
    return F.when(
        nanos.isNotNull(),
        F.format_string(
            f"%02d:%02d:%02d.%0{digits}d",
            F.floor(seconds / 3600),
            F.pmod(F.floor(seconds / 60), F.lit(60)),
            F.pmod(seconds, F.lit(60)),
            part,
        ),
    )


def _uuid(digits: Column) -> Column:
    return F.regexp_replace(digits, "^(.{8})(.{4})(.{4})(.{4})(.{12})$", "$1-$2-$3-$4-$5")
