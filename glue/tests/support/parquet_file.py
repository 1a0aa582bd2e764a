"""A Parquet file in plain Python: flat, every column optional, one page a column, nothing compressed.

Spark would write it too, but starts a Python worker and several tasks for a handful of rows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any

from pyspark.sql.types import DataType, IntegerType, LongType, ShortType, StringType, StructType

_OPTIONAL, _PLAIN, _RLE, _DATA_PAGE, _UNCOMPRESSED = 1, 0, 3, 0, 0

#: Spark's type → Parquet's physical type, its converted type, and how a value is packed.
_INT32, _INT64, _BYTES = 1, 2, 6
_TYPES: dict[type[DataType], tuple[int, int | None, str]] = {
    IntegerType: (_INT32, None, "<i"),
    ShortType: (_INT32, 16, "<i"),
    LongType: (_INT64, None, "<q"),
    StringType: (_BYTES, 0, ""),
}

#: Of Thrift's compact protocol.
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12


def parquet_file(rows: Sequence[Sequence[Any]], schema: StructType) -> bytes:
    """The file with the rows."""
    body = bytearray(b"PAR1")
    chunks = []
    for index, field in enumerate(schema.fields):
        kind, _, packing = _TYPES[type(field.dataType)]
        page = _page([row[index] for row in rows], packing)
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
        kind, converted, _ = _TYPES[type(field.dataType)]
        members: list[tuple[int, int, Any]] = [(1, _I32, kind), (3, _I32, _OPTIONAL), (4, _BINARY, field.name)]
        found.append(_struct([*members, *([] if converted is None else [(6, _I32, converted)])]))
    return found


def _page(values: Sequence[Any], packing: str) -> bytes:
    there = [value is not None for value in values]
    packed = bytearray((len(values) + 7) // 8)
    for index, is_there in enumerate(there):
        packed[index // 8] |= is_there << index % 8
    levels = _varint(len(packed) << 1 | 1) + bytes(packed)
    if packing:
        plain = b"".join(struct.pack(packing, value) for value in values if value is not None)
    else:
        texts = [value.encode() for value in values if value is not None]
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
