"""Lines in CloudWatch Logs: events for people, ``key=value``, and metrics that CloudWatch itself reads there."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any

#: CloudWatch's namespace of this package's metrics.
NAMESPACE = "cdc"


def event(name: str, **values: Any) -> None:
    """Prints an event with its values; seconds get two decimals."""
    shown = " ".join(f"{key}={_text(value)}" for key, value in values.items())
    _write(f"{datetime.now(UTC):%H:%M:%S.%f} {name} {shown}".rstrip())


def metric(name: str, value: float, unit: str, **dimensions: str) -> None:
    """Prints a metric in CloudWatch's embedded format: its log group makes a metric of it, without a call or a right.

    Args:
        unit: As CloudWatch names it: ``Seconds``, ``Count`` and so on.
    """
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [sorted(dimensions)],
        "Metrics": [{"Name": name, "Unit": unit}],
    }
    now = int(datetime.now(UTC).timestamp() * 1000)
    _write(json.dumps({"_aws": {"Timestamp": now, "CloudWatchMetrics": [directive]}, **dimensions, name: value}))


def _write(line: str) -> None:
    # One write a line: print makes two, between which another thread's line finds its place.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    text = " ".join(str(value).splitlines())
    return f'"{text}"' if " " in text else text
