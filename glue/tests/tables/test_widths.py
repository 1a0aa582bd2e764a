"""What a row takes in memory is told by what it holds, not by what a codec made of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from world import World

from cdc.run.reading import reading
from cdc.storage import Storage

pytestmark = pytest.mark.spark

ROWS, WIDTH = 2000, 1000


def test_texts_that_a_dictionary_makes_small_are_measured_at_their_full_width(
    spark: SparkSession, tmp_path: Path
) -> None:
    world = World(spark)
    (
        spark.range(1, ROWS + 1)
        .selectExpr(
            "'I' AS Op",
            "'2026-01-01 00:00:00.000000' AS dms_commit_ts",
            "id",
            f"repeat('x', {WIDTH}) AS name",
            "id AS amount",
            "lpad(cast(id as string), 35, '0') AS dms_seq",
            "concat('0/', hex(id), '.1') AS dms_position",
            "CAST(NULL AS bigint) AS dms_before_id",
        )
        .coalesce(1)
        .write.parquet((tmp_path / "rows").as_uri())
    )
    (part,) = (tmp_path / "rows").glob("*.parquet")
    world.put_bytes("20260101-000001000.parquet", part.read_bytes())
    storage, config = Storage(world.s3), world.config
    (file,) = storage.listing(config.raw_bucket, config.raw_folder(config.tables[0]))
    assert file.size < ROWS * WIDTH / 10
    with reading(spark, storage, config, config.tables[0], [file], 10 * ROWS, []) as read:
        assert {counts.rows for counts in read.counted.values()} == {ROWS}
        assert read.row_bytes > WIDTH
