"""From the job's arguments to what an operator asked for."""

from __future__ import annotations

import uuid
from functools import partial

from cdc.arguments import ALL, Arguments
from cdc.commands.names import table_named
from cdc.model.config import Config
from cdc.run.report import RunResult
from cdc.run.run import Run
from cdc.spark import LazySession
from cdc.storage import Storage, read_secret


def carry_out(given: Arguments, config: Config, session: LazySession) -> RunResult:
    """Does what was asked for; without a command that is a run.

    Raises:
        ArgumentError: A table or a file that is named is not there, or must not be touched so.
    """
    tables = [table_named(config, "--tables", name) for name in given.tables]
    if not _is_command(given):
        chosen = set(given.tables) if tables else None
        return Run(
            config, session=session, time_budget=given.time_budget, tables=chosen, patient=not tables
        ).carry_out()
    return _command(given, config, Storage(), session, uuid.uuid4().hex[:8])


def _is_command(given: Arguments) -> bool:
    asked = (given.abandon, given.from_file, given.replay_rejects, given.rebuild, given.erase)
    return given.dry_run or any(item is not None for item in asked)


def _command(given: Arguments, config: Config, storage: Storage, session: LazySession, run: str) -> RunResult:
    # Each is imported where it is asked for: a run need not wait for it.
    if given.abandon is not None:
        from cdc.commands.abandon import abandon

        number, name = given.abandon
        abandon(config, storage, session, number, name, run)
    elif given.from_file is not None:
        from cdc.commands.reading_again import from_file

        return from_file(config, storage, session, given.from_file, run, given.time_budget)
    elif given.dry_run:
        from cdc.commands.dry_run import dry_run

        tables = [item for item in config.tables if not given.tables or item.qualified in given.tables]
        dry_run(config, storage, session, tables, run, lambda: read_secret(config.salt_secret or ""))
    elif (name := given.replay_rejects) is not None:
        from cdc.commands.replay_rejects import replay_rejects

        tables = list(config.tables) if name == ALL else [table_named(config, "--replay_rejects", name)]
        return replay_rejects(config, storage, session, tables, run, given.time_budget).result
    elif given.rebuild is not None:
        from cdc.commands.rebuilding import rebuild

        return rebuild(config, storage, session, given.rebuild, run, given.time_budget)
    elif given.erase is not None and given.table is not None:
        from cdc.commands.erasing import erase, read_keys

        table_named(config, "--table", given.table)
        keys = read_keys(given.erase, storage, read_secret)
        salt = partial(read_secret, config.salt_secret or "")
        return erase(config, storage, session, keys, given.table, run, salt, given.time_budget)
    return RunResult(0, {}, work_left=False)
