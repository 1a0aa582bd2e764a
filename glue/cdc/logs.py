"""Lines that people read in CloudWatch Logs: one event a line, ``key=value``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def event(name: str, **values: Any) -> None:
    """Prints an event with its values; seconds get two decimals."""
    shown = " ".join(f"{key}={_text(value)}" for key, value in values.items())
    print(f"{datetime.now(UTC):%H:%M:%S.%f} {name} {shown}".rstrip(), flush=True)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    text = str(value)
    return f'"{text}"' if " " in text else text
