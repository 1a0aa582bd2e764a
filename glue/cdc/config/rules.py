"""Single rules of the configuration: of a column, a lookup, an expectation."""

from __future__ import annotations

import re

from cdc.config.reader import Reader
from cdc.errors import ConfigError
from cdc.model.rules import CASTS, FILE_FORMATS, MASKS, ON_BROKEN, ColumnRule, Expectation, Lookup

_COLUMN = ("rename", "cast", "trim", "null_if", "default", "mask")
_DECIMAL = re.compile(r"decimal\(\s*(\d+)\s*,\s*(\d+)\s*\)")
_MOST_DIGITS = 38

_FILE = re.compile(rf"s3://[^/]+/.+({'|'.join(re.escape(ending) for ending in FILE_FORMATS)})(\.gz)?/?")


def column_rule(reader: Reader) -> ColumnRule:
    """Reads what becomes of a column's values."""
    reader.allow_only(_COLUMN, "rule")
    mask = reader.optional("mask", str)
    if mask is not None:
        mask = reader.choice("mask", MASKS, mask)
    rule = ColumnRule(
        trim=bool(reader.optional("trim", bool)),
        null_if=reader.optional("null_if", str),
        cast=_cast(reader),
        default=reader.optional("default", str),
        mask=mask,
        rename=reader.optional_text("rename"),
    )
    if rule.mask == "drop" and rule != ColumnRule(mask="drop"):
        raise ConfigError(f"{reader.where} is left out of the tables by its mask, drop. Take its other rules away.")
    return rule


def expectation(reader: Reader) -> Expectation:
    """Reads a condition that rows are expected to fulfil."""
    reader.allow_only(("must", "on_broken"), "member")
    return Expectation(reader.text("must"), reader.choice("on_broken", ON_BROKEN, "reject"))


def lookup(reader: Reader) -> Lookup:
    """Reads where columns are looked up."""
    reader.allow_only(("from", "on", "columns"), "member")
    found = Lookup(reader.text("from"), reader.texts("on"), reader.texts("columns"))
    if "://" in found.reference and not _FILE.fullmatch(found.reference):
        raise ConfigError(
            f"{reader.where}.from is {found.reference!r}; a reference file is at s3://bucket/path and ends with one of "
            f"{', '.join(FILE_FORMATS)} (.gz may follow)."
        )
    for member, names in (("on", found.on), ("columns", found.columns)):
        if not names:
            raise ConfigError(f"{reader.where}.{member} is empty. Name at least one column and its column there.")
    return found


def _cast(reader: Reader) -> str | None:
    text = reader.optional("cast", str)
    if text is None:
        return None
    kind = text.strip().lower()
    if kind in CASTS:
        return kind
    digits = _DECIMAL.fullmatch(kind)
    if digits and 1 <= int(digits[1]) <= _MOST_DIGITS and int(digits[2]) <= int(digits[1]):
        return f"decimal({int(digits[1])},{int(digits[2])})"
    raise ConfigError(
        f"{reader.where}.cast is {text!r}; it must be one of {', '.join(CASTS)} or decimal(precision,scale) with at "
        f"most {_MOST_DIGITS} digits."
    )
