"""`report`: a report of a run, from run.jsonl."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from conformance.findings.codec import RunWriter
from conformance.findings.model import CaseResult, Finding, RunResult, StepResult, Verdict

Call = Callable[..., Any]


@pytest.fixture
def run_file(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    finding = Finding("RSP-004", Verdict.FAIL, "null where the contract says Decimal!", path=("data", "order"))
    step = StepResult("create", (finding,), operation="createOrder")
    case = CaseResult("order.create@2024-11-01", "order.create", "2024-11-01", "order", steps=(step,))
    with RunWriter(path, RunResult("r-1", "2025-01-01T00:00:00Z", "0.1.0", "cassettes")) as writer:
        writer.append(case)
        writer.finish(finished_at="2025-01-01T00:00:01Z")
    return path


def test_html_goes_to_a_file(call: Call, run_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "deep" / "report.html"
    called = call("report", run_file, "-o", output)
    assert called.status == 0
    assert called.err.startswith("written: ")
    assert output.read_text().lstrip().lower().startswith("<!doctype html>")


def test_junit_goes_to_standard_output(call: Call, run_file: Path) -> None:
    called = call("report", run_file, "--format", "junit")
    assert called.status == 0
    root = ElementTree.fromstring(called.out)  # noqa: S314 - our own output
    assert root.iter("failure").__next__().get("message")


def test_text_names_the_finding(call: Call, run_file: Path) -> None:
    assert "RSP-004" in call("report", run_file, "--format", "text").out


def test_an_interrupted_run_is_never_taken_for_a_whole_one(call: Call, run_file: Path) -> None:
    lines = run_file.read_text().splitlines(keepends=True)
    run_file.write_text("".join(lines[:-1]))
    called = call("report", run_file, "--format", "text")
    assert called.status == 2
    assert "interrupted" in called.err


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"record": "case"}\n', b"[" * 100_000])
def test_what_is_no_run_is_status_2_with_a_place(call: Call, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    called = call("report", path)
    assert called.status == 2
    assert called.err.startswith(f"{path}:1")


def test_a_missing_run_is_status_2(call: Call, tmp_path: Path) -> None:
    called = call("report", tmp_path / "gone.jsonl")
    assert called.status == 2
    assert "gone.jsonl" in called.err


def test_an_output_that_cannot_be_written_is_status_2(call: Call, run_file: Path) -> None:
    called = call("report", run_file, "-o", run_file / "x.html")
    assert called.status == 2
    assert "cannot be written" in called.err
