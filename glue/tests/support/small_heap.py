"""A program of its own, because a JVM's heap is fixed when it starts: big batches of several tables in a small one.

Arguments: endpoint of a moto, folder for temporary files, heap, rows a table. Prints the run's result as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import boto3
from session import local_spark
from world import PEOPLE, Change, World

TABLES = ("a", "b", "c", "d")


def main() -> None:
    endpoint, scratch, heap, rows = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    boto3.client("s3").create_bucket(Bucket="warehouse")
    spark = local_spark(endpoint, scratch / "local", heap)
    world = World(spark, [PEOPLE | {"name": name} for name in TABLES])
    for name in TABLES:
        world.put("LOAD00000001.parquet", [Change("I", 0, key, "A", 1) for key in range(10)], f"public/{name}")
    world.run()
    sequence = "concat('2026010100000000', lpad(cast(id as string), 19, '0'))"
    text = "concat(sha2(concat('a', id), 512), sha2(concat('b', id), 512), left(sha2(concat('c', id), 512), 44))"
    (
        spark.range(1, rows + 1)
        .selectExpr(
            "'U' AS Op",
            "'2026-01-01 00:00:00.000000' AS dms_commit_ts",
            "id",
            f"{text} AS name",
            "id % 97 AS amount",
            f"{sequence} AS dms_seq",
            "concat('0/', hex(id), '.1') AS dms_position",
            "CAST(NULL AS bigint) AS dms_before_id",
        )
        .coalesce(1)
        .write.parquet((scratch / "updates").as_uri())
    )
    (part,) = (scratch / "updates").glob("*.parquet")
    for name in TABLES:
        world.put_bytes("20260101-000001000.parquet", part.read_bytes(), f"public/{name}")
    result = world.carry_out()
    counts = [world.query("SELECT count(*) AS n FROM {table}", f"public_{name}")[0]["n"] for name in TABLES]
    failures = {name: str(failure)[:500] for name, failure in result.failures.items()}
    print(json.dumps({"finished": result.finished, "failures": failures, "rows": counts, "bytes": part.stat().st_size}))


if __name__ == "__main__":
    main()
