"""The Glue job: reads its arguments and its configuration, and carries out one run.

Arguments: ``--config s3://bucket/key`` (written by the Terraform module glue), ``--time_budget_seconds N`` and
``--doorbell true`` (optional); or ``--abandon BATCH:TABLE`` to give up a batch. Runs in AWS Glue 5.1 and wherever
Spark 3.5 has the catalog's settings.
"""

from __future__ import annotations

import sys
import uuid

from cdc import arguments
from cdc.config.parse import parse
from cdc.events import event
from cdc.run.run import Run
from cdc.spark import LazySession
from cdc.storage import Storage, read_uri, ring


def main() -> None:
    """Wires arguments to a run; a failed table makes the run fail, after all others are done."""
    given = arguments.parse(sys.argv[1:])
    config = parse(read_uri(given.config))
    if given.abandon is not None:
        from cdc.commands.abandon import abandon  # a run need not wait for it

        number, table = given.abandon
        abandon(config, Storage(), LazySession(), number, table, uuid.uuid4().hex[:8])
        return
    result = Run(config, time_budget=given.time_budget).carry_out()
    if result.work_left and given.job is not None:
        # Events may be long over: nobody else would start the run that does the rest.
        event("rang", job=given.job, run=ring(given.job))
    result.raise_failures()


if __name__ == "__main__":
    main()
