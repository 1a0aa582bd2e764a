"""Lines of the log: whole, whichever threads write them, and metrics as CloudWatch reads them."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cdc.events import event, metric


class Slow:
    """A stream that takes its time between any two writes, so that lines of two writes would mix."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        before = self.text
        time.sleep(0.001)
        self.text = before + text if self.text == before else self.text + text
        return len(text)

    def flush(self) -> None:
        pass


def test_a_line_of_one_thread_is_never_broken_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Slow()
    monkeypatch.setattr(sys, "stdout", stream)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: event("step", number=number, text="two words"), range(200)))
    monkeypatch.undo()
    lines = stream.text.splitlines()
    assert "" not in lines
    assert all(line.count(" step ") == 1 and line.endswith('text="two words"') for line in lines)


def test_a_value_is_one_word_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    event("failed", seconds=1.23456, error="first\nsecond", table="public.people", count=3)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.split(" ", 1)[1] == 'failed seconds=1.23 error="first second" table=public.people count=3'


def test_a_metric_is_a_line_of_its_own_in_the_embedded_format(capsys: pytest.CaptureFixture[str]) -> None:
    before = time.time()
    metric("OldestOpenBatchAge", 90, "Seconds", database="shop")
    line: dict[str, Any] = json.loads(capsys.readouterr().out)
    aws = line.pop("_aws")
    assert line == {"database": "shop", "OldestOpenBatchAge": 90}
    assert before * 1000 - 1 <= aws["Timestamp"] <= time.time() * 1000
    assert aws["CloudWatchMetrics"] == [
        {
            "Namespace": "cdc",
            "Dimensions": [["database"]],
            "Metrics": [{"Name": "OldestOpenBatchAge", "Unit": "Seconds"}],
        }
    ]
