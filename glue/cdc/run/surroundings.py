"""What every table of a run shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import SparkSession

from cdc.model.config import Config
from cdc.storage import Storage


@dataclass(frozen=True)
class Surroundings:
    """Session, storage and limits.

    Attributes:
        salt: Of hashes; asked for by tables that hash.
        broadcast_bytes: What a broadcast may take.
        most_rows: What one batch may have.
        on_step: Called with the name of each step when it is over.
    """

    spark: SparkSession
    storage: Storage
    config: Config
    salt: Callable[[], str]
    run: str
    broadcast_bytes: int
    most_rows: int
    on_step: Callable[[str], None]
