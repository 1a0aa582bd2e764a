"""The Glue job: reads its arguments and its configuration, and carries out one run.

Arguments: ``--config s3://bucket/key`` (written by the Terraform module glue), ``--time_budget_seconds N`` and
``--doorbell true`` (optional), ``--tables a.b,c.d`` for a run over these alone; or one command of an operator
(``cdc.arguments``). Runs in AWS Glue 5.1 and wherever Spark 3.5 has the catalog's settings.
"""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession

from cdc import arguments
from cdc.config.parse import parse
from cdc.dispatch import carry_out
from cdc.events import event
from cdc.spark import LazySession
from cdc.storage import read_uri, ring


def main() -> None:
    """Wires arguments to a run; a failed table makes the run fail, after all others are done."""
    given = arguments.parse(sys.argv[1:])
    config = parse(read_uri(given.config))
    result = carry_out(given, config, LazySession(started=join_glue))
    if result.work_left and given.job is not None:
        # Events may be long over: nobody else would start the run that does the rest.
        event("rang", job=given.job, run=ring(given.job))
    result.raise_failures()


def join_glue(session: SparkSession) -> None:
    """Has Glue write its metrics of the job, which it does only beside a context of its own.

    https://docs.aws.amazon.com/glue/latest/dg/monitor-profile-glue-job-cloudwatch-metrics.html
    """
    try:
        from awsglue.context import GlueContext  # pyright: ignore
    except ImportError:  # not on Glue
        return
    GlueContext(session.sparkContext)


if __name__ == "__main__":
    main()
