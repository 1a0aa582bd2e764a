"""Lines that people read in CloudWatch Logs: one event a line, ``key=value``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any


def event(name: str, **values: Any) -> None:
    """Prints an event with its values; seconds get two decimals."""
    shown = " ".join(f"{key}={_text(value)}" for key, value in values.items())
    # One write a line: print makes two, between which another thread's line finds its place.
    sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S.%f} {name} {shown}".rstrip() + "\n")
    sys.stdout.flush()


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    text = " ".join(str(value).splitlines())
    return f'"{text}"' if " " in text else text
