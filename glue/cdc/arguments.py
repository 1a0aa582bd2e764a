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

#: Argument → what it takes, of those that make the job do something else than a run. One of them at a time.
_COMMANDS = {
    "--abandon": "BATCH:TABLE",
    "--from_file": "KEY",
    "--dry_run": "true",
    "--replay_rejects": "TABLE or all",
    "--rebuild": "TABLE",
    "--erase": "LOCATION with --table TABLE",
}
_OTHERS = {"--config": "", "--time_budget_seconds": "", "--doorbell": "", "--tables": "", "--table": ""}

#: All tables, where a table may be named.
ALL = "all"


@dataclass(frozen=True)
class Arguments:
    """What a run was asked for; at most one of the commands.

    Attributes:
        config: Location of the configuration.
        time_budget: Seconds after which no further batch begins.
        job: Name of the Glue job, for a ring; None outside Glue.
        tables: Qualified names of the tables to look at; empty for all.
        abandon: Number and table of a batch to give up instead of a run.
        from_file: Key or location of a raw file to read again.
        dry_run: Whether to tell what a run would do, and do nothing.
        replay_rejects: A table whose rejects are read again, or ``ALL``.
        rebuild: A table to make anew from its log.
        erase: Where the keys to erase are.
        table: The table that they are of.
    """

    config: str
    time_budget: float = 1500
    job: str | None = None
    tables: tuple[str, ...] = ()
    abandon: tuple[int, str] | None = None
    from_file: str | None = None
    dry_run: bool = False
    replay_rejects: str | None = None
    rebuild: str | None = None
    erase: str | None = None
    table: str | None = None


def parse(given: Sequence[str]) -> Arguments:
    """Reads the arguments.

    Raises:
        ArgumentError: One of ours is missing, malformed or unknown, or two do not go together: a mistyped option must
            not become a run of everything.
    """
    parser = _Parser(allow_abbrev=False, add_help=False)
    parser.add_argument("--config", required=True)
    parser.add_argument("--time_budget_seconds", type=float, default=1500)
    parser.add_argument("--doorbell")
    parser.add_argument("--JOB_NAME")
    parser.add_argument("--dry_run", nargs="?", const="true")
    parser.add_argument("--replay_rejects", nargs="?", const=ALL)
    for name in ("--tables", "--abandon", "--from_file", "--rebuild", "--erase", "--table"):
        parser.add_argument(name)
    known, others = parser.parse_known_args(list(given))
    for other in others:
        _refuse_unknown(other.split("=", 1)[0])
    _check(known)
    return Arguments(
        config=known.config,
        time_budget=known.time_budget_seconds,
        job=known.JOB_NAME,
        tables=_tables_of(known.tables),
        abandon=_batch_of(known.abandon),
        from_file=known.from_file,
        dry_run=known.dry_run is not None,
        replay_rejects=known.replay_rejects,
        rebuild=known.rebuild,
        erase=known.erase,
        table=known.table,
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise ArgumentError(f"The job's arguments are wrong: {message}.")


def _refuse_unknown(name: str) -> None:
    joined = "--" + name[2:].replace("-", "_")
    if joined != name and joined in _COMMANDS | _OTHERS:
        raise ArgumentError(f"{name} is written {joined}; Glue's own arguments have hyphens.")
    if _OURS.fullmatch(name) and name not in _GLUES:
        commands = ", ".join(f"{command} {takes}" for command, takes in _COMMANDS.items())
        raise ArgumentError(f"{name} is no argument of this job; it takes {', '.join(_OTHERS)}, and one of {commands}.")


def _check(known: argparse.Namespace) -> None:
    asked = [name for name in _COMMANDS if getattr(known, name[2:]) is not None]
    if len(asked) > 1:
        raise ArgumentError(f"{' and '.join(asked)} cannot be done by one run. Start the job once for each.")
    command = asked[0] if asked else None
    if known.tables is not None and command not in (None, "--dry_run"):
        raise ArgumentError(f"--tables chooses the tables of a run or of --dry_run; {command} names its own.")
    if (known.table is not None) != (command == "--erase"):
        raise ArgumentError(
            "--table SCHEMA.TABLE goes with --erase, which needs it, and with nothing else; "
            "--tables a.b,c.d chooses the tables of a run."
        )
    if known.dry_run not in (None, "true"):
        raise ArgumentError(f"--dry_run {known.dry_run!r}: it takes true, or nothing. Leave it out for a real run.")


def _tables_of(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    names = tuple(name.strip() for name in text.split(","))
    if wrong := [name for name in names if "." not in name]:
        raise ArgumentError(f"--tables {text!r} has {wrong[0]!r}; it takes SCHEMA.TABLE, several with commas.")
    return names


def _batch_of(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, colon, table = text.partition(":")
    if not colon or not number.isdigit() or "." not in table:
        raise ArgumentError(f"--abandon {text!r} must be BATCH:SCHEMA.TABLE, as the run's log names them.")
    return int(number), table
