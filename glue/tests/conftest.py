"""Spark, S3 and a catalog for the tests: moto as a process of its own, Iceberg through the real GlueCatalog."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import boto3
import pytest
from pyspark.sql import SparkSession
from session import local_spark


@pytest.fixture(scope="session")
def aws() -> Iterator[str]:
    """The endpoint of a moto of this test session."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    endpoint = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 180
    while True:
        try:
            urllib.request.urlopen(f"{endpoint}/moto-api/config", timeout=5).close()
            break
        except OSError:
            assert server.poll() is None and time.monotonic() < deadline, "moto did not start"
            time.sleep(0.05)
    os.environ.update(
        AWS_ENDPOINT_URL=endpoint,
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_REGION="us-east-1",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_EC2_METADATA_DISABLED="true",
    )
    yield endpoint
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="session")
def spark(aws: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """One session for all tests; each test has buckets and a database of its own."""
    boto3.client("s3").create_bucket(Bucket="warehouse")
    session = local_spark(aws, tmp_path_factory.mktemp("spark"))
    yield session
    session.stop()


def pytest_unconfigure() -> None:
    """Spark leaves an empty folder behind where it was started."""
    shutil.rmtree("spark-warehouse", ignore_errors=True)
