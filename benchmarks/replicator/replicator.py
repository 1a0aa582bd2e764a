"""Rows per second of the local replication task, beside psql's COPY and pg_recvlogical in the same run.

Starts a local AWS of its own, makes a DB instance, endpoints and a task through its API, and measures:

* full load of one table, beside ``\\copy … to /dev/null``;
* a backlog of changes (the task is stopped, rows are written, the task is resumed), beside ``pg_recvlogical`` over
  the same changes.

Usage: replicator.py [rows of the load] [changes]
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
GATEWAY = ROOT / "localaws/src/LocalAws/bin/Release/net10.0/localaws"
POSTGRES_LAYOUTS = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)

COLUMNS = """id bigint primary key, customer int, amount numeric(12,2), status text, note varchar(60), ok boolean,
    at timestamptz"""
ROWS = """SELECT g, g % 10000, (g % 100000) / 100.0, (array['new','paid','sent','done'])[1 + g % 4], md5(g::text),
    g % 3 = 0, timestamptz '2024-01-01' + g * interval '1 second' FROM generate_series({first}, {last}) g"""
MAPPINGS = {
    "rules": [
        {
            "rule-type": "selection",
            "rule-id": "1",
            "rule-name": "1",
            "rule-action": "include",
            "object-locator": {"schema-name": "public", "table-name": "%"},
        },
        {
            "rule-type": "transformation",
            "rule-id": "2",
            "rule-name": "2",
            "rule-action": "add-column",
            "rule-target": "column",
            "object-locator": {"schema-name": "%", "table-name": "%"},
            "value": "dms_seq",
            "expression": "$AR_H_CHANGE_SEQ",
            "data-type": {"type": "string", "length": 50},
        },
    ]
}


def postgres_program(name: str) -> str:
    """One of PostgreSQL's programs: on the PATH, else of the newest PostgreSQL that is installed."""

    def version(folder: Path) -> int:
        return int(re.findall(r"\d+", folder.parent.name)[-1])

    folders = (folder for layout in POSTGRES_LAYOUTS for folder in Path("/").glob(layout))
    installed = sorted(folders, key=version, reverse=True)
    found = shutil.which(name) or next(filter(None, (shutil.which(name, path=folder) for folder in installed)), None)
    if found is None:
        raise SystemExit(
            f"There is no {name}, neither on the PATH nor in an installed PostgreSQL. Debian and Ubuntu: apt install "
            "postgresql; macOS: brew install postgresql@17; or put its folder on the PATH."
        )
    return found


def wait(what: str, observe: Callable[[], Any], limit: float = 300) -> Any:
    """Waits until an observation is truthy; tells the last one when it does not become so."""
    deadline = time.monotonic() + limit
    while not (seen := observe()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {limit} s, last seen {seen!r}")
        time.sleep(0.02)
    return seen


class Bench:
    """A gateway with one database and one task."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        arguments = ["--home", home, "--port", self.port, "--python", ROOT / ".local/venv/bin/python"]
        arguments += ["--jars", ROOT / ".local/jars", "--cache", ROOT / ".local/cache"]
        arguments += ["--postgresql", ROOT / ".local/postgresql"]
        log = (home / "gateway.log").open("wb")
        self.gateway = subprocess.Popen([GATEWAY, *map(str, arguments)], stdout=log, stderr=log)
        wait("the gateway answers", self._healthy, 60)
        os.environ.update(
            AWS_ENDPOINT_URL=f"http://127.0.0.1:{self.port}",
            AWS_ACCESS_KEY_ID="test",
            AWS_SECRET_ACCESS_KEY="test",
            AWS_DEFAULT_REGION="us-east-1",
            PGPASSWORD="benchmark",
        )
        import boto3

        self.rds, self.dms = boto3.client("rds"), boto3.client("dms")
        boto3.client("s3").create_bucket(Bucket="bench")
        self._make_roles(boto3.client("iam"))
        self.database = self._make_database()
        self.task = self._make_task(boto3.client("ec2"))

    def _healthy(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_localaws/health", timeout=5).close()
        except OSError:
            return False
        return True

    def _make_roles(self, iam: Any) -> None:
        iam.create_role(RoleName="dms-vpc-role", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')

    def _make_database(self) -> dict[str, Any]:
        self.rds.create_db_parameter_group(
            DBParameterGroupName="bench", DBParameterGroupFamily="postgres17", Description="benchmark"
        )
        for name, value in {"rds.logical_replication": "1", "max_wal_size": "8192"}.items():
            parameter = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": "pending-reboot"}
            self.rds.modify_db_parameter_group(DBParameterGroupName="bench", Parameters=[parameter])
        self.rds.create_db_instance(
            DBInstanceIdentifier="bench",
            Engine="postgres",
            EngineVersion="17",
            DBInstanceClass="db.t4g.micro",
            DBName="bench",
            MasterUsername="bench",
            MasterUserPassword=os.environ["PGPASSWORD"],
            DBParameterGroupName="bench",
        )
        return wait("the instance is available", lambda: self._instance().get("Endpoint"))

    def _instance(self) -> dict[str, Any]:
        return self.rds.describe_db_instances(DBInstanceIdentifier="bench")["DBInstances"][0]

    def _make_task(self, ec2: Any) -> str:
        subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:2]]
        self.dms.create_replication_subnet_group(
            ReplicationSubnetGroupIdentifier="bench", ReplicationSubnetGroupDescription="benchmark", SubnetIds=subnets
        )
        instance = self.dms.create_replication_instance(
            ReplicationInstanceIdentifier="bench",
            ReplicationInstanceClass="dms.t3.micro",
            ReplicationSubnetGroupIdentifier="bench",
        )["ReplicationInstance"]["ReplicationInstanceArn"]
        source = self.dms.create_endpoint(
            EndpointIdentifier="source",
            EndpointType="source",
            EngineName="postgres",
            ServerName=self.database["Address"],
            Port=self.database["Port"],
            DatabaseName="bench",
            Username="bench",
            Password=os.environ["PGPASSWORD"],
            SslMode="require",
            PostgreSQLSettings={"MapBooleanAsBoolean": True},
        )["Endpoint"]["EndpointArn"]
        target = self.dms.create_endpoint(
            EndpointIdentifier="target",
            EndpointType="target",
            EngineName="s3",
            S3Settings={
                "BucketName": "bench",
                "BucketFolder": "raw",
                "DataFormat": "parquet",
                "IncludeOpForFullLoad": True,
                "TimestampColumnName": "ts",
                "CdcMaxBatchInterval": 1,
                "ServiceAccessRoleArn": "arn:aws:iam::123456789012:role/bench",
            },
        )["Endpoint"]["EndpointArn"]
        return self.dms.create_replication_task(
            ReplicationTaskIdentifier="bench",
            MigrationType="full-load-and-cdc",
            SourceEndpointArn=source,
            TargetEndpointArn=target,
            ReplicationInstanceArn=instance,
            TableMappings=json.dumps(MAPPINGS),
        )["ReplicationTask"]["ReplicationTaskArn"]

    def tool(self, name: str, *arguments: str) -> str:
        """Runs one of PostgreSQL's own programs against the instance."""
        server = ["-h", self.database["Address"], "-p", self.database["Port"], "-U", "bench", "-d", "bench"]
        command = [postgres_program(name), *map(str, server)]
        done = subprocess.run([*command, *arguments], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def sql(self, statement: str) -> str:
        """Runs SQL and returns its first value."""
        return self.tool("psql", "-v", "ON_ERROR_STOP=1", "-qAtc", statement)

    def statistics(self, table: str) -> dict[str, Any]:
        """The task's statistics of a table."""
        rows = self.dms.describe_table_statistics(ReplicationTaskArn=self.task)["TableStatistics"]
        return next((row for row in rows if row["TableName"] == table), {})

    def start(self, kind: str) -> None:
        """Starts the task and waits until it runs."""
        self.dms.start_replication_task(ReplicationTaskArn=self.task, StartReplicationTaskType=kind)

    def stop(self) -> None:
        """Stops the task and waits for its end."""
        self.dms.stop_replication_task(ReplicationTaskArn=self.task)
        wait("the task stops", lambda: self._status() == "stopped")

    def _status(self) -> str:
        named = {"Name": "replication-task-arn", "Values": [self.task]}
        return self.dms.describe_replication_tasks(Filters=[named])["ReplicationTasks"][0]["Status"]

    def close(self) -> None:
        """Stops the gateway, which stops all that it started."""
        self.gateway.terminate()
        self.gateway.wait(60)


def timed(work: Callable[[], Any]) -> float:
    """Seconds that the work takes."""
    started = time.monotonic()
    work()
    return time.monotonic() - started


def measure(bench: Bench, rows: int, changes: int) -> None:
    """Prints the two comparisons."""
    bench.sql(f"CREATE TABLE loaded ({COLUMNS}); CREATE TABLE changed ({COLUMNS})")
    bench.sql(f"INSERT INTO loaded {ROWS.format(first=1, last=rows)}")
    copy = timed(lambda: bench.tool("psql", "-qc", r"\copy loaded to /dev/null"))
    bench.start("start-replication")
    done = wait("the load is complete", lambda: (row := bench.statistics("loaded")).get("FullLoadEndTime") and row)
    load = (done["FullLoadEndTime"] - done["FullLoadStartTime"]).total_seconds()
    report("full load", rows, load, "psql COPY", copy)

    wait("the other table is complete", lambda: bench.statistics("changed").get("TableState") == "Table completed")
    bench.stop()
    # The task's own plug-in with its options, so that both are sent the same bytes.
    bench.sql("SELECT pg_create_logical_replication_slot('compared', 'test_decoding')")
    options = ["-o", "include-xids=0", "-o", "include-timestamp=1", "-o", "skip-empty-xacts=1"]
    for first in range(1, changes + 1, 10_000):
        bench.sql(f"INSERT INTO changed {ROWS.format(first=first, last=min(first + 9_999, changes))}")
    before = bench.statistics("changed").get("AppliedInserts", 0)

    def catch_up() -> None:
        bench.start("resume-processing")
        wait("the backlog is applied", lambda: bench.statistics("changed").get("AppliedInserts", 0) - before >= changes)

    backlog = timed(catch_up)
    bench.stop()
    end = bench.sql("SELECT pg_current_wal_flush_lsn()")
    options += ["-f", "/dev/null", "--endpos", end]
    received = timed(lambda: bench.tool("pg_recvlogical", "-S", "compared", "--start", *options))
    report("changes", changes, backlog, "pg_recvlogical", received)


def report(what: str, rows: int, seconds: float, other: str, other_seconds: float) -> None:
    """Prints one comparison."""
    print(
        f"{what}: {rows / seconds:,.0f} rows/s ({rows:,} in {seconds:.2f} s)   "
        f"{other}: {rows / other_seconds:,.0f} rows/s   ratio {other_seconds / seconds:.2f}",
        flush=True,
    )


def main() -> None:
    """Measures with the given sizes."""
    rows, changes = (int(value) for value in (sys.argv[1:] + ["1000000", "300000"][len(sys.argv) - 1 :])[:2])
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        bench = Bench(Path(home))
        try:
            measure(bench, rows, changes)
        finally:
            bench.close()


if __name__ == "__main__":
    main()
