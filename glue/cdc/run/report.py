"""What a run did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdc.errors import TablesFailedError


@dataclass(frozen=True)
class RunResult:
    """How a run ended.

    Attributes:
        finished: Batches that were finished.
        failures: Table → what it failed of.
        work_left: Whether a table that did not fail has a batch for which no time was left: another run should come.
        known: Tables that failed of what they failed of before.
        paused: How many tables were left alone because they failed a while ago.
    """

    finished: int
    failures: Mapping[str, Exception]
    work_left: bool
    known: frozenset[str] = frozenset()
    paused: int = 0

    def raise_failures(self) -> None:
        """Raises what failed of something new: what is known was told when it was new.

        Raises:
            TablesFailedError: At least one table failed; all others are done.
        """
        new = {table: failure for table, failure in self.failures.items() if table not in self.known}
        if new:
            raise TablesFailedError(new)
