"""The Glue job: reads its arguments and its configuration, and carries out one run.

Arguments: ``--config s3://bucket/key`` (written by the Terraform module glue), ``--time_budget_seconds N`` (optional).
Glue adds others, which are left alone. Runs in AWS Glue 5.1 and wherever Spark 3.5 has the catalog's settings.
"""

from __future__ import annotations

import argparse

from cdc.config import parse
from cdc.run import Run
from cdc.storage import read_uri


def main() -> None:
    """Wires arguments to a run; a failed table makes the run fail, after all others are done."""
    arguments = argparse.ArgumentParser(allow_abbrev=False)
    arguments.add_argument("--config", required=True, metavar="s3://BUCKET/KEY")
    arguments.add_argument("--time_budget_seconds", type=float, default=1500)
    given, _ = arguments.parse_known_args()
    Run(parse(read_uri(given.config)), time_budget=given.time_budget_seconds).carry_out()


if __name__ == "__main__":
    main()
