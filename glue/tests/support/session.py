"""A local Spark with a catalog at a moto, as the tests use it."""

from __future__ import annotations

import os
from pathlib import Path

from pyspark.sql import SparkSession

REPOSITORY = Path(__file__).resolve().parents[3]
JARS = Path(os.environ.get("CDC_JARS", REPOSITORY / ".local" / "jars"))


def local_spark(aws: str, scratch: Path, memory: str = "2g") -> SparkSession:
    """Starts Spark.

    Args:
        aws: Endpoint of the moto.
        scratch: Folder for its temporary files.
        memory: The JVM's heap.
    """
    catalog = "spark.sql.catalog.glue_catalog"
    settings = {
        "spark.master": "local[2,4]",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": memory,
        "spark.driver.extraClassPath": os.pathsep.join(str(jar) for jar in sorted(JARS.glob("*.jar"))),
        # The quick compiler alone has 48 MB for its code, which a session of many different plans fills within minutes.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=256m",
        "spark.local.dir": str(scratch),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        f"{catalog}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        # As modules/glue sets it.
        f"{catalog}.io.manifest.cache-enabled": "true",
        f"{catalog}.warehouse": "s3://warehouse/w",
        f"{catalog}.glue.endpoint": aws,
        f"{catalog}.s3.endpoint": aws,
        f"{catalog}.s3.path-style-access": "true",
        f"{catalog}.client.region": "us-east-1",
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": aws,
        "spark.hadoop.fs.s3a.endpoint.region": "us-east-1",
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.hadoop.fs.s3a.aws.credentials.provider": "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
    }
    builder = SparkSession.builder.appName("tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
