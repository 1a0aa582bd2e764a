"""How the job's script wires arguments to a run, and who rings when work is left."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from memory import config, document

import job
from cdc import dispatch, storage
from cdc.errors import TablesFailedError
from cdc.model.config import Config
from cdc.run.report import RunResult
from cdc.spark import LazySession

BROKEN = {"public.people": RuntimeError("broken")}


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that were rung for; configurations come from nowhere."""
    jobs: list[str] = []

    def ring(name: str) -> str:
        jobs.append(name)
        return "jr_1"

    monkeypatch.setattr(job, "ring", ring)
    monkeypatch.setattr(job, "read_uri", lambda uri: document() if uri == "s3://b/k" else None)
    return jobs


def run_ends_with(monkeypatch: pytest.MonkeyPatch, result: RunResult, *arguments: str) -> list[tuple[Config, float]]:
    """Carries out the job; what its run was made of."""
    made: list[tuple[Config, float]] = []

    class FakeRun:
        def __init__(
            self, config: Config, *, session: LazySession, time_budget: float, tables: object, patient: bool
        ) -> None:
            assert (tables, patient) == (None, True)
            made.append((config, time_budget))

        def carry_out(self) -> RunResult:
            return result

    monkeypatch.setattr(dispatch, "Run", FakeRun)
    monkeypatch.setattr("sys.argv", ["job.py", "--config", "s3://b/k", *arguments])
    job.main()
    return made


def test_a_run_has_the_configuration_and_the_time_that_it_was_given(
    monkeypatch: pytest.MonkeyPatch, rung: list[str]
) -> None:
    done = RunResult(1, {}, work_left=False)
    assert run_ends_with(monkeypatch, done, "--JOB_NAME", "shop", "--time_budget_seconds", "7") == [(config(), 7)]
    assert rung == []


def test_on_glue_the_session_gets_the_context_that_glues_metrics_need(monkeypatch: pytest.MonkeyPatch) -> None:
    contexts: list[object] = []
    module = ModuleType("awsglue.context")
    module.GlueContext = contexts.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "awsglue", ModuleType("awsglue"))
    monkeypatch.setitem(sys.modules, "awsglue.context", module)
    session: Any = SimpleNamespace(sparkContext="the context")
    job.join_glue(session)
    assert contexts == ["the context"]


def test_elsewhere_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "awsglue", None)
    session: Any = SimpleNamespace(sparkContext="the context")
    job.join_glue(session)


def test_a_run_that_leaves_work_rings_for_its_own_job(monkeypatch: pytest.MonkeyPatch, rung: list[str]) -> None:
    run_ends_with(monkeypatch, RunResult(1, {}, work_left=True), "--JOB_NAME", "shop")
    assert rung == ["shop"]


def test_a_table_that_failed_makes_the_run_fail_and_does_not_ring(
    monkeypatch: pytest.MonkeyPatch, rung: list[str]
) -> None:
    with pytest.raises(TablesFailedError, match=r"public\.people: RuntimeError: broken"):
        run_ends_with(monkeypatch, RunResult(1, BROKEN, work_left=False), "--JOB_NAME", "shop")
    assert rung == []


def test_a_run_with_work_left_rings_even_if_a_table_failed(monkeypatch: pytest.MonkeyPatch, rung: list[str]) -> None:
    with pytest.raises(TablesFailedError):
        run_ends_with(monkeypatch, RunResult(1, BROKEN, work_left=True), "--JOB_NAME", "shop")
    assert rung == ["shop"]


def test_outside_glue_there_is_no_job_to_ring_for(monkeypatch: pytest.MonkeyPatch, rung: list[str]) -> None:
    run_ends_with(monkeypatch, RunResult(1, {}, work_left=True))
    assert rung == []


def test_a_batch_that_is_given_up_is_no_run(monkeypatch: pytest.MonkeyPatch, rung: list[str]) -> None:
    given_up: list[tuple[Any, ...]] = []

    def abandon(*given: Any) -> None:
        given_up.append(given)

    monkeypatch.setattr("cdc.commands.abandon.abandon", abandon)
    monkeypatch.setattr(dispatch, "Storage", lambda: "storage")
    assert run_ends_with(monkeypatch, RunResult(0, BROKEN, work_left=True), "--abandon", "7:public.people") == []
    ((given, place, _, batch, table, _),) = given_up
    assert (given, place, batch, table) == (config(), "storage", 7, "public.people")
    assert rung == []


def test_a_ring_is_the_doorbells_own_call(monkeypatch: pytest.MonkeyPatch) -> None:
    glue: Any = boto3.client("glue", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    monkeypatch.setattr(boto3, "client", lambda service: {"glue": glue}[service])
    with Stubber(glue) as stub:
        asked = {"JobName": "shop", "Arguments": {"--doorbell": "true"}}
        stub.add_response("start_job_run", {"JobRunId": "jr_1"}, asked)
        assert storage.ring("shop") == "jr_1"
        stub.assert_no_pending_responses()
