"""The query engine behind the local Athena: Spark SQL in one warm process.

Reads one JSON request a line from standard input and answers each with JSON lines on standard output:

    {"id": "...", "sql": "SELECT ...", "database": "shop"}
 →  {"id": "...", "columns": [{"name": "n", "type": "bigint"}]}
    {"id": "...", "rows": [["1"], [null]]}          any number of these
    {"id": "...", "done": true}                     or {"id": "...", "error": "...", "category": 2}

    {"cancel": "..."}                               ends that query wherever it is; it is not answered

Values are rendered as Athena renders them; NULL stays null. Athena's SQL is Trino's, Spark's differs: what is
rewritten stands in ``to_spark_sql``, and a statement that is not a query is refused rather than guessed at.
"""

from __future__ import annotations

import json
import queue
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

CATALOG = "glue_catalog"
ROWS_A_LINE = 500
CANCEL_INTERVAL = 0.2

_STRING = r"'(?:[^']|'')*'"
_TOKENS = re.compile(rf'({_STRING})|"([^"]+)"|\bvarchar\b(?!\s*\()', re.IGNORECASE)


def to_spark_sql(sql: str) -> str:
    """Rewrites what Athena writes differently: identifiers in double quotes, and ``varchar`` without a length."""

    def rewrite(match: re.Match[str]) -> str:
        literal, identifier = match.group(1), match.group(2)
        if literal is not None:
            return literal
        return f"`{identifier}`" if identifier is not None else "string"

    return _TOKENS.sub(rewrite, sql.strip().rstrip(";"))


def athena_type(data_type: T.DataType) -> str:
    """The name that Athena gives a type in ResultSetMetadata."""
    match data_type:
        case T.StringType() | T.BinaryType():
            return "varchar" if isinstance(data_type, T.StringType) else "varbinary"
        case T.DecimalType():
            return f"decimal({data_type.precision},{data_type.scale})"
        case T.TimestampType():
            return "timestamp with time zone"
        case T.TimestampNTZType():
            return "timestamp"
        case T.ShortType():
            return "smallint"
        case T.ByteType():
            return "tinyint"
        case T.IntegerType():
            return "integer"
        case T.LongType():
            return "bigint"
        case T.FloatType():
            return "real"
        case _:
            return data_type.simpleString()


def rendered(frame: DataFrame) -> DataFrame:
    """Casts every column to the text that Athena shows for it."""

    def text(field: T.StructField) -> Any:
        column = F.col(f"`{field.name}`")
        match field.dataType:
            case T.TimestampType():
                return F.concat(F.date_format(column, "yyyy-MM-dd HH:mm:ss.SSSSSS"), F.lit(" UTC"))
            case T.TimestampNTZType():
                return F.date_format(column, "yyyy-MM-dd HH:mm:ss.SSSSSS")
            case T.BinaryType():
                return F.lower(F.hex(column))
            case T.ArrayType() | T.MapType() | T.StructType():
                return F.to_json(column)
            case _:
                return column.cast("string")

    unique = [f"c{index}" for index in range(len(frame.columns))]
    renamed = frame.toDF(*unique)
    return renamed.select(
        [text(T.StructField(name, field.dataType)) for name, field in zip(unique, frame.schema, strict=True)]
    )


def answers(spark: SparkSession, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Carries out one request; yields the answer's lines without the id."""
    sql = to_spark_sql(request["sql"])
    if not re.match(r"(select|with|values|show|describe)\b", sql, re.IGNORECASE):
        yield {"error": f"Only queries are carried out here, not: {sql.split(None, 1)[0].upper()}", "category": 2}
        return
    if database := request.get("database"):
        spark.sql(f"USE {CATALOG}.`{database}`")
    frame = spark.sql(sql)
    yield {
        "columns": [
            {
                "name": field.name,
                "type": athena_type(field.dataType),
                "precision": field.dataType.precision if isinstance(field.dataType, T.DecimalType) else 0,
                "scale": field.dataType.scale if isinstance(field.dataType, T.DecimalType) else 0,
                "nullable": field.nullable,
            }
            for field in frame.schema
        ]
    }
    rows: list[list[str | None]] = []
    for row in rendered(frame).toLocalIterator():
        rows.append([None if value is None else str(value) for value in row])
        if len(rows) == ROWS_A_LINE:
            yield {"rows": rows}
            rows = []
    if rows:
        yield {"rows": rows}
    yield {"done": True}


class Inbox:
    """Requests in their order. A cancellation overtakes them, because it is meant for one that runs or waits."""

    def __init__(self, lines: Iterable[str], cancel_jobs: Callable[[str], None]) -> None:
        self._waiting: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._open: set[str] = set()
        self._cancelled: set[str] = set()
        self._cancel_jobs = cancel_jobs
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while (request := self._waiting.get()) is not None:
            yield request
            self._open.discard(request["id"])
            self._cancelled.discard(request["id"])

    def is_cancelled(self, request_id: str) -> bool:
        """Tells whether nobody waits for the answer any more."""
        return request_id in self._cancelled

    def _read(self, lines: Iterable[str]) -> None:
        for line in lines:
            message = json.loads(line)
            if (cancelled := message.get("cancel")) is None:
                self._open.add(message["id"])
                self._waiting.put(message)
            elif cancelled in self._open:
                self._cancelled.add(cancelled)
                threading.Thread(target=self._cancel, args=(cancelled,), daemon=True).start()
        self._waiting.put(None)

    def _cancel(self, request_id: str) -> None:
        # Again and again: a query that is still being planned has no job to cancel yet, and then starts one.
        while self.is_cancelled(request_id):
            self._cancel_jobs(request_id)
            time.sleep(CANCEL_INTERVAL)


def serve(spark: SparkSession, requests: TextIO, output: TextIO) -> None:
    """Answers requests until the input ends."""
    inbox = Inbox(requests, spark.sparkContext.cancelJobGroup)
    for request in inbox:
        if inbox.is_cancelled(request["id"]):
            continue
        try:
            spark.sparkContext.setJobGroup(request["id"], request["sql"][:100], interruptOnCancel=True)
            for answer in answers(spark, request):
                if inbox.is_cancelled(request["id"]):
                    break
                write(output, {"id": request["id"], **answer})
        except Exception as failure:  # whatever a query does wrong is that query's answer
            message = str(failure).split("\n\nJVM stacktrace")[0].strip()
            write(output, {"id": request["id"], "error": message, "category": 2})
        # A catalog object that was read stays as it was read: the next query must see tables as they are then.
        spark.catalog.clearCache()


def write(output: TextIO, answer: dict[str, Any]) -> None:
    """Writes one line at once."""
    output.write(json.dumps(answer) + "\n")
    output.flush()


def main() -> None:
    """Starts the session, warms it and serves."""
    # Only answers belong on standard output; what libraries print goes to the log.
    output, sys.stdout = sys.stdout, sys.stderr
    spark = SparkSession.builder.appName("athena").getOrCreate()
    spark.sql("SELECT 1").collect()
    write(output, {"id": "", "ready": True})
    serve(spark, sys.stdin, output)
    spark.stop()


if __name__ == "__main__":
    main()
