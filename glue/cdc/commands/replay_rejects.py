"""Rejected rows and files are read again after a fix, and come into log and table at their own place in the order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import Row

from cdc.commands import reading_again
from cdc.events import event
from cdc.model.batch import StoredObject
from cdc.model.config import Config, Table
from cdc.run.report import RunResult
from cdc.run.run import Run
from cdc.spark import LazySession
from cdc.state.store import StateStore
from cdc.storage import Storage
from cdc.tables import rejects


@dataclass(frozen=True)
class Replayed:
    """What became of the rejects.

    Attributes:
        result: Of the run.
        before, after: Rejects of the tables, whole files and rows.
        still: Reason → how many of those that are left have it; a row may have several.
    """

    result: RunResult
    before: int
    after: int
    still: Mapping[str, int] = field(default_factory=dict)


def replay_rejects(
    config: Config,
    storage: Storage,
    session: LazySession,
    tables: Sequence[Table],
    run: str,
    time_budget: float = 1500,
) -> Replayed:
    """Reads every file again of which something was rejected, with the rules as they are now.

    What is right now leaves ``cdc_rejects``, what is still wrong stays there with its present reasons. Nothing can give
    a row the sequence or the key that it lacks but a file that is put again.
    """
    before = after = 0
    still: Counter[str] = Counter()
    asked: dict[str, reading_again.Planned] = {}
    for table in tables:
        found = rejects.of_table(session.get(), config.rejects, table.qualified)
        before += len(found)
        if not found:
            continue
        files, refused = _readable(config, storage, session, table, found)
        for why, count in refused.items():
            event("cannot be replayed", table=table.qualified, rejects=count, reason=why)
        if files:
            asked[table.qualified] = reading_again.plan(config, storage, session, table, files, run)
    result = (
        Run(config, storage, session, time_budget=time_budget, tables=set(asked), patient=False).carry_out()
        if asked
        else RunResult(0, {}, work_left=False)
    )
    store = StateStore(storage, config)
    for planned in asked.values():
        # Of files that were cut from a batch the rest has a later number.
        open_files = {item.key for batch in store.read(planned.table).state.open for item in batch.files}
        done = [item.key for item in planned.files if item.key not in open_files]
        rejects.remove(session.get(), config.rejects, planned.table.qualified, done, planned.numbers[0], run)
    for table in tables:
        left = rejects.of_table(session.get(), config.rejects, table.qualified)
        after += len(left)
        reasons = Counter(reason for row in left for reason in row["reasons"])
        still += reasons
        for text, count in sorted(reasons.items()):
            event("still rejected", table=table.qualified, rejects=count, reason=text)
    event("replayed", run=run, rejects=before, taken=before - after, left=after)
    return Replayed(result, before, after, dict(still))


def _readable(
    config: Config, storage: Storage, session: LazySession, table: Table, found: Collection[Row]
) -> tuple[list[StoredObject], Mapping[str, int]]:
    """The files that can be read again, and why others cannot, with the number of their rejects."""
    by_file = Counter(row["object_key"] for row in found)
    state = StateStore(storage, config).read(table).state
    files: list[StoredObject] = []
    refused: Counter[str] = Counter()
    for key, count in sorted(by_file.items()):
        there = next((item for item in storage.listing(config.raw_bucket, key) if item.key == key), None)
        if there is None:
            refused["the raw file is no longer there. Put it back, or reload the table"] += count
        elif (why := reading_again.why_not(config, session, table, state, there)) is not None:
            refused[why] += count
        else:
            files.append(there)
    return files, refused
