"""The job's reader on a file that AWS DMS itself wrote: ten rows, one column of each common type."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from world import World

from cdc.errors import TablesFailedError
from cdc.model.batch import StoredObject
from cdc.raw.footers import RawFile, read_footers

pytestmark = pytest.mark.spark

NAME = "LOAD00000001.parquet"
GENUINE = Path(__file__).parent / "parquet-2022" / f"dms_test_table_{NAME}"

#: From the README beside the file, which was read with other readers.
TYPES = {
    "DMS_TIMESTAMP": "string",
    "id": "bigint",
    "my_int": "int",
    "my_smallint": "smallint",
    "my_numeric": "decimal(15,2)",
    "my_real": "float",
    "my_double": "double",
    "my_money": "decimal(38,4)",
    "my_varchar": "string",
    "my_text": "string",
    "my_bytea": "binary",
    "my_timestamp": "timestamp",
    "my_uuid": "string",
    "my_json": "string",
    "my_jsonb": "string",
    "my_bool": "boolean",
}


def test_a_genuine_file_has_its_types_and_values_and_is_refused_for_what_the_task_did_not_add(
    spark: SparkSession,
) -> None:
    world = World(spark)
    world.put_bytes(NAME, GENUINE.read_bytes())
    stored = StoredObject(f"raw/public/people/{NAME}", "", GENUINE.stat().st_size)
    (file,) = read_footers(spark, f"{world.name}-raw", [stored])
    assert isinstance(file, RawFile)
    assert file.rows == 10
    assert {field.name: field.dataType.simpleString() for field in file.declared.schema} == TYPES

    rows = spark.read.schema(file.declared.schema).parquet(f"s3://{world.name}-raw/{stored.key}")
    first = rows.selectExpr("*", "CAST(my_timestamp AS string) AS at").where("id = 1").collect()[0]
    assert first["my_numeric"] == Decimal("1427131847.59")
    assert first["my_money"] == Decimal("47632969758.5400")
    assert (first["my_varchar"], first["my_bool"]) == ("", False)
    assert bytes(first["my_bytea"]) == b"whthctcu"
    assert first["at"] == "2021-10-31 15:34:12.458"
    assert rows.count() == 10

    with pytest.raises(TablesFailedError, match=r"lacks Op .*IncludeOpForFullLoad"):
        world.run()
