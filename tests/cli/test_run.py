"""`run` as its user calls it: a process of its own, its exit status, what it prints, what it leaves behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conformance.findings.codec import read_run
from conformance.findings.model import Blame, Verdict

SCENARIO = """\
scenario: order.query.mine
title: Query an order of mine
interface: order
profiles: [orders]
versions: ["2024-11-01"]
inputs:
  orderId: {default: o-1}
steps:
  - step: query
    document: |
      query ($id: OrderIdentifierInput!) { order(orderIdentifier: $id) { id createdAt: metadata { createdAt } } }
    variables: {id: {orderId: {$input: orderId}}}
    expect:
      data: {order.id: {$input: orderId}}
"""
QUERY = 'query { order(orderIdentifier: {orderId: "o-1"}) { id createdAt: metadata { createdAt } } }'
ANSWER = {"data": {"order": {"id": "o-1", "createdAt": {"createdAt": "2024-11-02T10:00:00Z"}}}}


def cassette(query: str = QUERY, answer: object = ANSWER) -> str:
    exchange = {
        "request": {
            "method": "POST",
            "uri": "https://api.example/graphql",
            "headers": {"Content-Type": ["application/json"]},
            "body": json.dumps({"query": query}),
        },
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {"Content-Type": ["application/json"]},
            "body": {"string": json.dumps(answer)},
        },
    }
    header = {"origin": "embedded", "contract": "2024-11-01"}
    return json.dumps({"conformance": header, "interactions": [exchange], "version": 1})


class Workshop:
    """A folder with scenarios and cassettes of one's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scenario("mine", SCENARIO)
        self.cassette("order.query.mine", cassette())

    def scenario(self, name: str, text: str) -> None:
        path = self.folder / "scenarios" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def cassette(self, scenario: str, text: str) -> None:
        path = self.folder / "cassettes" / "2024-11-01" / f"{scenario}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "conformance", "run", "--scenarios", "scenarios", "--cassettes", "cassettes"]
        return subprocess.run(  # noqa: S603 - our own command
            [*command, *arguments], cwd=self.folder, capture_output=True, text=True, check=False, timeout=120
        )

    @property
    def run_file(self) -> Path:
        return self.folder / "reports" / "run.jsonl"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_a_clean_run_leaves_a_run_and_two_reports(workshop: Workshop) -> None:
    done = workshop.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert "The one case conforms." in done.stdout
    run = read_run(workshop.run_file)
    assert run.complete
    assert [case.case_id for case in run.cases] == ["order.query.mine@2024-11-01"]
    assert "<html" in (workshop.folder / "reports" / "report.html").read_text()
    assert ElementTree.parse(workshop.folder / "reports" / "junit.xml").getroot().tag == "testsuites"  # noqa: S314 - our own


def test_a_faulty_answer_is_told_with_its_place_and_blame(workshop: Workshop) -> None:
    answer = {"data": {"order": {"id": None, "createdAt": {"createdAt": 5}}}}
    workshop.cassette("order.query.mine", cassette(answer=answer))
    done = workshop.run()
    assert done.returncode == 1
    (case,) = read_run(workshop.run_file).cases
    assert case.verdict is Verdict.FAIL
    paths = {finding.path for finding in case.all_findings if finding.verdict is Verdict.FAIL}
    assert ("data", "order", "id") in paths
    assert all(finding.blame is Blame.TARGET for finding in case.all_findings)
    assert "data.order.id" in done.stdout


def test_a_request_that_is_not_recorded_names_the_first_difference(workshop: Workshop) -> None:
    workshop.cassette("order.query.mine", cassette(query=QUERY.replace("o-1", "o-2")))
    done = workshop.run()
    assert done.returncode == 1
    (case,) = read_run(workshop.run_file).cases
    (finding,) = case.all_findings
    assert (finding.rule, finding.blame, finding.verdict) == ("CAS-001", Blame.SUITE, Verdict.ERROR)
    assert "orderId" in finding.message
    assert "o-2" in finding.message


def test_a_case_without_a_cassette_is_skipped_and_never_green(workshop: Workshop) -> None:
    (workshop.folder / "cassettes" / "2024-11-01" / "order.query.mine.yaml").unlink()
    workshop.run()
    (case,) = read_run(workshop.run_file).cases
    assert case.verdict is Verdict.SKIP
    assert "no cassette" in case.skipped


def test_a_faulty_scenario_costs_no_other_its_run(workshop: Workshop) -> None:
    workshop.scenario("broken", SCENARIO.replace("order.query.mine", "order.query.broken").replace("title:", "titel:"))
    done = workshop.run()
    assert done.returncode == 2
    assert "scenarios/broken.yaml:2" in done.stderr
    assert "unknown key 'titel'. Did you mean 'title'?" in done.stderr
    assert "Traceback" not in done.stderr
    run = read_run(workshop.run_file)
    assert [case.scenario for case in run.cases] == ["order.query.mine"]
    assert not run.complete


def test_a_document_that_breaks_the_contract_is_the_scenarios_fault(workshop: Workshop) -> None:
    workshop.scenario("mine", SCENARIO.replace("{ createdAt }", "{ createdAt { at } }"))
    done = workshop.run()
    assert done.returncode == 1
    (case,) = read_run(workshop.run_file).cases
    (finding,) = case.all_findings
    assert (finding.rule, finding.blame, finding.verdict) == ("SCN-001", Blame.SUITE, Verdict.ERROR)
    assert str(finding.position).startswith("scenarios/mine.yaml:11:")
    assert case.steps == (), "nothing was sent"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("interactions: [", "order.query.mine.yaml"),
        ("interactions: !!python/object/apply:os.system [echo]\nversion: 1\n", "makes an object"),
        ("{}", "interactions"),
    ],
)
def test_a_faulty_cassette_is_told_with_its_place(workshop: Workshop, text: str, expected: str) -> None:
    workshop.cassette("order.query.mine", text)
    done = workshop.run()
    assert done.returncode in (1, 2)
    (case,) = read_run(workshop.run_file).cases
    assert case.verdict >= Verdict.FAIL
    assert any(expected in finding.message for finding in case.findings)
    assert "Traceback" not in done.stdout + done.stderr


def test_a_recording_that_nobody_asks_for_is_told(workshop: Workshop) -> None:
    recorded = json.loads(cassette())
    extra = json.loads(cassette(query='query { order(orderIdentifier: {orderId: "o-9"}) { id } }'))
    recorded["interactions"] += extra["interactions"]
    workshop.cassette("order.query.mine", json.dumps(recorded))
    workshop.run()
    (case,) = read_run(workshop.run_file).cases
    assert [finding.rule for finding in case.findings] == ["CAS-002"]


def test_a_selection_of_nothing_is_bad_input(workshop: Workshop) -> None:
    done = workshop.run("order.create.*")
    assert done.returncode == 2
    assert "no scenario matches" in done.stderr


def test_waivers_apply_and_unused_ones_fail(workshop: Workshop) -> None:
    workshop.cassette("order.query.mine", cassette(answer={"data": {"order": {"id": "o-2", "createdAt": None}}}))
    ledger = workshop.folder / "waivers.yaml"
    entry = "- {rule: EXP-002, scenario: order.query.mine, reason: known, owner: me, expires: 2999-01-01}\n"
    ledger.write_text("waivers:\n" + textwrap.indent(entry, "  "))
    assert workshop.run().returncode == 1
    assert workshop.run("--waivers", "waivers.yaml").returncode == 0
    ledger.write_text("waivers:\n" + textwrap.indent(entry + entry.replace("EXP-002", "EXP-003"), "  "))
    done = workshop.run("--waivers", "waivers.yaml")
    assert done.returncode == 1
    assert "WVR-002" in done.stdout


def test_a_malformed_ledger_is_bad_input_before_anything_runs(workshop: Workshop) -> None:
    (workshop.folder / "waivers.yaml").write_text("waivers: [{rule: EXP-002}]")
    done = workshop.run("--waivers", "waivers.yaml")
    assert done.returncode == 2
    assert "waivers.yaml:1:" in done.stderr
    assert not workshop.run_file.exists()


def test_the_json_summary_is_one_object(workshop: Workshop) -> None:
    summary = json.loads(workshop.run("--format", "json", "--report", "none").stdout)
    assert (summary["format"], summary["verdict"], summary["cases"]) == ("bwp-conformance/run-summary", "PASS", 1)


def test_the_working_folders_own_pytest_configuration_takes_no_part(workshop: Workshop) -> None:
    (workshop.folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (workshop.folder / "conftest.py").write_text("raise RuntimeError('not ours')\n")
    assert workshop.run().returncode == 0


def test_two_processes_find_what_one_finds(workshop: Workshop) -> None:
    for number in range(4):
        workshop.scenario(f"s{number}", SCENARIO.replace("order.query.mine", f"order.query.n{number}"))
        workshop.cassette(f"order.query.n{number}", cassette())
    assert workshop.run("-n", "2").returncode == 0
    run = read_run(workshop.run_file)
    assert run.complete
    assert len(run.cases) == 5


def hear_ctrl_c() -> None:
    """A test run in the background ignores SIGINT, and its children would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_leaves_a_readable_partial_run(workshop: Workshop) -> None:
    for number in range(400):
        workshop.scenario(f"s{number}", SCENARIO.replace("order.query.mine", f"order.query.n{number}"))
        workshop.cassette(f"order.query.n{number}", cassette())
    command = [sys.executable, "-m", "conformance", "run", "--scenarios", "scenarios", "--cassettes", "cassettes"]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - our own command
        command,
        cwd=workshop.folder,
        stdout=pipe,
        stderr=pipe,
        text=True,
        preexec_fn=hear_ctrl_c,  # noqa: PLW1509
    ) as process:
        while process.poll() is None and not (workshop.run_file.exists() and workshop.run_file.stat().st_size > 2000):
            pass
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    run = read_run(workshop.run_file)
    assert not run.complete
    assert 0 < len(run.cases) < 401
    assert "artial" in output
    assert "artial" in (workshop.folder / "reports" / "report.html").read_text()
