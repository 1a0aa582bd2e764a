"""The job's own arguments. Glue adds others, whose names have capitals or hyphens."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cdc.errors import ArgumentError

#: Glue's own that look like ours: lower case, words joined by underscores.
_GLUES = frozenset({"--conf", "--class", "--encryption_type"})
_OURS = re.compile(r"--[a-z]+(_[a-z]+)*")


@dataclass(frozen=True)
class Arguments:
    """What a run was asked for.

    Attributes:
        config: Location of the configuration.
        time_budget: Seconds after which no further batch begins.
        job: Name of the Glue job, for a ring; None outside Glue.
        abandon: Number and table of a batch to give up instead of a run.
    """

    config: str
    time_budget: float = 1500
    job: str | None = None
    abandon: tuple[int, str] | None = None


def parse(given: Sequence[str]) -> Arguments:
    """Reads the arguments.

    Raises:
        ArgumentError: One of ours is missing, malformed or unknown: a mistyped option must not become a run of
            everything.
    """
    parser = _Parser(allow_abbrev=False, add_help=False)
    parser.add_argument("--config", required=True)
    parser.add_argument("--time_budget_seconds", type=float, default=1500)
    parser.add_argument("--doorbell")
    parser.add_argument("--JOB_NAME")
    parser.add_argument("--abandon")
    known, others = parser.parse_known_args(list(given))
    for other in others:
        name = other.split("=", 1)[0]
        if _OURS.fullmatch(name) and name not in _GLUES:
            raise ArgumentError(
                f"{name} is no argument of this job; it takes --config, --time_budget_seconds, --doorbell and "
                "--abandon BATCH:TABLE."
            )
    return Arguments(known.config, known.time_budget_seconds, known.JOB_NAME, _batch_of(known.abandon))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise ArgumentError(f"The job's arguments are wrong: {message}.")


def _batch_of(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, colon, table = text.partition(":")
    if not colon or not number.isdigit() or "." not in table:
        raise ArgumentError(f"--abandon {text!r} must be BATCH:SCHEMA.TABLE, as the run's log names them.")
    return int(number), table
