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
    """

    finished: int
    failures: Mapping[str, Exception]
    work_left: bool

    def raise_failures(self) -> None:
        """Raises what failed.

        Raises:
            TablesFailedError: At least one table failed; all others are done.
        """
        if self.failures:
            raise TablesFailedError(self.failures)
