"""The Spark session, started when the first batch needs it: a run with nothing to do ends without one."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

from cdc.logs import event

#: Bytes of raw files that one task of a shuffle should see.
_BYTES_A_PARTITION = 32 * 1024 * 1024


class LazySession:
    """Starts Spark once, with whatever catalogs the surroundings configured.

    Its times are UTC, as DMS writes them, wherever the job runs.
    """

    def __init__(self, session: SparkSession | None = None) -> None:
        self._session = session
        if session is not None:
            session.conf.set("spark.sql.session.timeZone", "UTC")

    def get(self) -> SparkSession:
        """The session."""
        if self._session is None:
            started = time.monotonic()
            self._session = SparkSession.builder.appName("cdc").getOrCreate()
            self._session.conf.set("spark.sql.session.timeZone", "UTC")
            event("spark", seconds=time.monotonic() - started, version=self._session.version)
        return self._session

    def forget(self, identifiers: Iterable[str]) -> None:
        """Drops what the session remembers of tables, because another run wrote to them."""
        for identifier in identifiers if self._session is not None else ():
            with suppress(AnalysisException):  # the table is not there yet
                self._session.catalog.refreshTable(identifier)

    def size_for(self, size: int) -> SparkSession:
        """The session, its shuffles cut for so many bytes of input: a small batch should not pay for many tasks."""
        session = self.get()
        count = partitions(size)
        session.conf.set("spark.sql.shuffle.partitions", str(count))
        # With one partition there is nothing to adapt, only jobs and plans to pay for.
        session.conf.set("spark.sql.adaptive.enabled", str(count > 1).lower())
        return session


def partitions(size: int) -> int:
    """How many partitions suit so many bytes."""
    return max(1, min(1000, -(-size // _BYTES_A_PARTITION)))
