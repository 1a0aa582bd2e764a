"""A Parquet file in plain Python: flat, every column optional, one page a column, nothing compressed.

Spark would write it too, but starts a Python worker and several tasks for a handful of rows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any

from pyspark.sql.types import (
    BooleanType,
    ByteType,
    DataType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    ShortType,
    StringType,
    StructType,
    TimestampType,
)

_OPTIONAL, _PLAIN, _RLE, _DATA_PAGE, _UNCOMPRESSED = 1, 0, 3, 0, 0

#: Spark's type → Parquet's physical type, its converted type, and how a value is packed.
_BOOLEAN, _INT32, _INT64, _FLOAT, _DOUBLE, _BYTES, _FIXED = 0, 1, 2, 4, 5, 6, 7
_TYPES: dict[type[DataType], tuple[int, int | None, str]] = {
    BooleanType: (_BOOLEAN, None, "bits"),
    ByteType: (_INT32, 15, "<i"),
    # Days and microseconds since 1970.
    DateType: (_INT32, 6, "<i"),
    TimestampType: (_INT64, 10, "<q"),
    FloatType: (_FLOAT, None, "<f"),
    DoubleType: (_DOUBLE, None, "<d"),
    IntegerType: (_INT32, None, "<i"),
    ShortType: (_INT32, 16, "<i"),
    LongType: (_INT64, None, "<q"),
    StringType: (_BYTES, 0, ""),
}

#: Of Thrift's compact protocol.
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12


class Physical(DataType):
    """A column as Parquet alone knows it.

    Args:
        kind: The physical type's number.
        converted: The converted type's, or None.
        packing: How a value is packed; nothing for bytes.
        length: Of a fixed number of bytes.
        logical: The field of Thrift's LogicalType and its encoded value.
    """

    def __init__(
        self,
        kind: int,
        converted: int | None = None,
        packing: str = "",
        length: int | None = None,
        logical: tuple[int, bytes] | None = None,
    ) -> None:
        self.kind, self.converted, self.packing = kind, converted, packing
        self.length, self.logical = length, logical


def _unit(number: int) -> bytes:
    """LogicalType's TimeType and TimestampType: adjusted to UTC, and a unit (1 millis, 2 micros, 3 nanos)."""
    return bytes([0x11]) + bytes([0x1C]) + _struct([(number, _STRUCT, b"\0")]) + b"\0"


#: As DMS writes ``time``, and what else there is of the kind.
def time_millis() -> Physical:
    return Physical(_INT32, 7, "<i")


def time_micros() -> Physical:
    return Physical(_INT64, 8, "<q")


def time_nanos() -> Physical:
    return Physical(_INT64, None, "<q", logical=(7, _unit(3)))


def timestamp_nanos() -> Physical:
    return Physical(_INT64, None, "<q", logical=(8, _unit(3)))


def uuid_bytes() -> Physical:
    return Physical(_FIXED, None, "", 16, (14, b"\0"))


def interval_bytes() -> Physical:
    return Physical(_FIXED, 21, "", 12)


def parquet_file(rows: Sequence[Sequence[Any]], schema: StructType) -> bytes:
    """The file with the rows."""
    body = bytearray(b"PAR1")
    chunks = []
    for index, field in enumerate(schema.fields):
        kind, _, packing = _described(field.dataType)
        values = [row[index] for row in rows]
        if isinstance(field.dataType, DecimalType):
            scale = field.dataType.scale
            values = [None if value is None else int(value.scaleb(scale)) for value in values]
        page = _page(values, packing, fixed=kind == _FIXED)
        sizes = [(1, _I32, _DATA_PAGE), (2, _I32, len(page)), (3, _I32, len(page))]
        header = [(1, _I32, len(rows)), (2, _I32, _PLAIN), (3, _I32, _RLE), (4, _I32, _RLE)]
        head = _struct([*sizes, (5, _STRUCT, _struct(header))])
        size = len(head) + len(page)
        about = [
            (1, _I32, kind),
            (2, _LIST, _list(_I32, [_PLAIN, _RLE])),
            (3, _LIST, _list(_BINARY, [field.name])),
            (4, _I32, _UNCOMPRESSED),
            (5, _I64, len(rows)),
            (6, _I64, size),
            (7, _I64, size),
            (9, _I64, len(body)),
        ]
        chunks.append((size, _struct([(2, _I64, len(body)), (3, _STRUCT, _struct(about))])))
        body += head + page
    groups = []
    if rows:
        columns = _list(_STRUCT, [chunk for _, chunk in chunks])
        total = sum(size for size, _ in chunks)
        groups = [_struct([(1, _LIST, columns), (2, _I64, total), (3, _I64, len(rows))])]
    footer = _struct(
        [
            (1, _I32, 1),
            (2, _LIST, _list(_STRUCT, _elements(schema))),
            (3, _I64, len(rows)),
            (4, _LIST, _list(_STRUCT, groups)),
        ]
    )
    return bytes(body + footer + struct.pack("<I", len(footer)) + b"PAR1")


def _elements(schema: StructType) -> list[bytes]:
    found = [_struct([(4, _BINARY, "schema"), (5, _I32, len(schema.fields))])]
    for field in schema.fields:
        kind, converted, _ = _described(field.dataType)
        of = field.dataType if isinstance(field.dataType, Physical) else None
        length = [] if of is None or of.length is None else [(2, _I32, of.length)]
        members: list[tuple[int, int, Any]] = [(1, _I32, kind), *length, (3, _I32, _OPTIONAL), (4, _BINARY, field.name)]
        members += [] if converted is None else [(6, _I32, converted)]
        if isinstance(field.dataType, DecimalType):
            members += [(7, _I32, field.dataType.scale), (8, _I32, field.dataType.precision)]
        if of is not None and of.logical is not None:
            members += [(10, _STRUCT, _struct([(of.logical[0], _STRUCT, of.logical[1])]))]
        found.append(_struct(members))
    return found


def _described(kind: DataType) -> tuple[int, int | None, str]:
    if isinstance(kind, Physical):
        return kind.kind, kind.converted, kind.packing
    if isinstance(kind, DecimalType):
        return (_INT32, 5, "<i") if kind.precision <= 9 else (_INT64, 5, "<q")
    return _TYPES[type(kind)]


def _page(values: Sequence[Any], packing: str, *, fixed: bool = False) -> bytes:
    there = [value is not None for value in values]
    packed = bytearray((len(values) + 7) // 8)
    for index, is_there in enumerate(there):
        packed[index // 8] |= is_there << index % 8
    levels = _varint(len(packed) << 1 | 1) + bytes(packed)
    if packing == "bits":
        bits = [value for value in values if value is not None]
        packed_bits = bytearray((len(bits) + 7) // 8)
        for index, value in enumerate(bits):
            packed_bits[index // 8] |= bool(value) << index % 8
        plain = bytes(packed_bits)
    elif fixed:
        plain = b"".join(value for value in values if value is not None)
    elif packing:
        plain = b"".join(struct.pack(packing, value) for value in values if value is not None)
    else:
        texts = [value.encode() if isinstance(value, str) else value for value in values if value is not None]
        plain = b"".join(struct.pack("<I", len(text)) + text for text in texts)
    return struct.pack("<I", len(levels)) + levels + plain


def _struct(members: Iterable[tuple[int, int, Any]]) -> bytes:
    written, last = bytearray(), 0
    for number, kind, value in members:
        written.append((number - last) << 4 | kind)
        written += _value(kind, value)
        last = number
    return bytes(written) + b"\0"


def _list(kind: int, values: Sequence[Any]) -> bytes:
    head = bytes([len(values) << 4 | kind]) if len(values) < 15 else bytes([0xF0 | kind]) + _varint(len(values))
    return head + b"".join(_value(kind, value) for value in values)


def _value(kind: int, value: Any) -> bytes:
    if kind in (_I32, _I64):
        return _varint(value << 1 if value >= 0 else (-value << 1) - 1)
    if kind == _BINARY:
        return _varint(len(value.encode())) + value.encode()
    # A list or a struct was written where it was made.
    return value


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])
