"""A run stays within the memory that there is, however many tables have a big batch at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.spark

TESTS = Path(__file__).resolve().parents[1]

#: Of 300 characters that no codec makes smaller: about 25 MB a table.
ROWS = 80_000


@pytest.mark.timeout(1200)
def test_four_tables_with_batches_that_do_not_fit_into_the_heap_together_are_all_applied(
    aws: str, tmp_path: Path
) -> None:
    program = [sys.executable, str(TESTS / "support" / "small_heap.py"), aws, str(tmp_path), "512m", str(ROWS)]
    paths = os.pathsep.join([str(TESTS.parent), str(TESTS / "support")])
    done = subprocess.run(
        program, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": paths}, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout.splitlines()[-1])
    # The loaded key 0 is updated by none.
    assert (result["finished"], result["failures"], result["rows"]) == (4, {}, [ROWS + 1] * 4)
