"""The sample that the pages show: its report is of a real run, and the snippets write traffic that can be judged."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conformance.base.clock import SystemClock
from conformance.cli.entry import run
from conformance.engine.execute import execute
from conformance.engine.plan import plan
from conformance.findings.codec import read_run
from conformance.findings.model import CaseResult, Verdict
from conformance.findings.waivers import apply_waivers, load_waivers
from conformance.scenario.load import find_scenario_files, load_scenarios
from conformance.scenario.select import Selection
from conformance.targets.cassette import CassetteProvider
from tests.docs.pages import ROOT, read_page

SAMPLE = ROOT / "docs" / "sample"


def told(case: CaseResult) -> tuple[Any, ...]:
    """What a report says of a case, but for times and places of files."""
    return (case.case_id, case.verdict, [(f.rule, f.path, f.message, f.counted) for f in case.all_findings])


def test_the_sample_report_says_what_a_run_of_today_says() -> None:
    cases = plan(load_scenarios(find_scenario_files(SAMPLE / "scenarios")), Selection())
    results = [execute(case, CassetteProvider(SAMPLE / "cassettes"), SystemClock()) for case in cases]
    judged, _ = apply_waivers(results, load_waivers(SAMPLE / "waivers.yaml"), date(2026, 1, 1))
    sample = read_run(SAMPLE / "run.jsonl")
    assert sample.complete
    assert sorted(map(told, sample.cases)) == sorted(map(told, judged)), (
        "make it again: python -m tests.docs.make_sample"
    )
    assert {Verdict.PASS, Verdict.INFO, Verdict.SKIP, Verdict.WARN, Verdict.FAIL} == {c.verdict for c in judged}
    report = (SAMPLE / "report.html").read_text(encoding="utf-8")
    assert sample.run_id in report


def test_the_sample_and_its_picture_are_small() -> None:
    assert (SAMPLE / "report.html").stat().st_size <= 400_000
    assert (ROOT / "docs" / "report.png").stat().st_size <= 200_000


def snippet(language: str) -> str:
    (block,) = [block for block in read_page("docs/integrators.md").blocks if block.language == language]
    return block.text


REQUEST = {
    "query": (SAMPLE / "order.graphql").read_text(),
    "variables": json.loads((SAMPLE / "variables.json").read_text()),
}
HEADERS = {"Content-Type": "application/json", "X-Api-Version": "2024-11-01", "Authorization": "Bearer canary"}


def assert_judged_clean(capfd: pytest.CaptureFixture[str]) -> None:
    assert "canary" not in Path("traffic.ndjson").read_text()
    assert run(["judge", "--fail-on", "warn", "traffic.ndjson"]) == 0
    assert "2 exchanges judged: 2 clean; contract 2024-11-01" in capfd.readouterr().out


def test_the_python_snippet_records_traffic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    session = SimpleNamespace(hooks={"response": []})
    exec(compile(snippet("python"), "snippet", "exec"), {"session": session})  # noqa: S102 - our own page
    sent = SimpleNamespace(
        method="POST", url="https://api.example/graphql", headers=HEADERS, body=json.dumps(REQUEST).encode()
    )
    answer = (SAMPLE / "answer.json").read_text()
    headers = {"content-type": "application/json"}
    for _ in range(2):
        for hook in session.hooks["response"]:
            hook(SimpleNamespace(request=sent, status_code=200, headers=headers, text=answer), timeout=1)
    assert_judged_clean(capfd)


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_the_node_snippet_records_traffic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = json.dumps((SAMPLE / "answer.json").read_text())
    init = json.dumps({"method": "POST", "headers": HEADERS, "body": json.dumps(REQUEST)})
    script = f"""{snippet("js")}
globalThis.fetch = async () => new Response({answer}, {{ headers: {{ "content-type": "application/json" }} }});
for (const _ of [1, 2]) {{
  const response = await recordedFetch("https://api.example/graphql", {init});
  if (!(await response.json()).data.order) throw new Error("the caller cannot read the answer");
}}
"""
    Path("record.mjs").write_text(script)
    subprocess.run(["node", "record.mjs"], check=True, timeout=60)  # noqa: S607
    assert_judged_clean(capfd)
