"""The plugin as pytest users know their tools: `-k`, `-m`, `-n`, `--junitxml`, `--alluredir`, exit statuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.base.data import data_folder
from conformance.findings.codec import read_run
from conformance.scenario.select import Selection

PLUGINS = ("-pconformance.pytest_plugin", "-pxdist", "-pallure_pytest", "-pno:cacheprovider")


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    command = [sys.executable, "-m", "pytest", *PLUGINS, f"-c{os.devnull}", f"--rootdir={folder}", *arguments]
    return subprocess.run(  # noqa: S603 - our own command
        command, cwd=folder, capture_output=True, text=True, check=False, env=environment, timeout=120
    )


ORDER_CREATE = str(data_folder("scenarios") / "order")


def test_scenarios_are_collected_by_version_and_chosen_as_any_test(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, ORDER_CREATE, "-k", "create and bundle", "--collect-only", "-q")
    assert done.returncode == 0
    names = [line.rpartition("::")[2] for line in done.stdout.splitlines() if "::" in line]
    assert sorted(names) == [
        "order.create.bundle-minimal@2024-11-01",
        "order.create.bundle-prime-and-non-prime@2024-11-01",
    ]


def test_markers_name_the_interface(tmp_path: Path) -> None:
    everything = str(data_folder("scenarios"))
    done = run_pytest(tmp_path, everything, "-m", "tracking", "--strict-markers", "-q")
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
    assert "deselected" in done.stdout


@pytest.mark.parametrize("processes", [(), ("-n", "2")])
def test_junit_allure_and_the_run_are_written(tmp_path: Path, processes: tuple[str, ...]) -> None:
    options = ("--junitxml=junit.xml", "--alluredir=allure", "--bwp-run=run.jsonl", "--bwp-id=order.create.bundle-*")
    done = run_pytest(tmp_path, ORDER_CREATE, *options, *processes)
    assert done.returncode == 0, done.stdout
    assert 'tests="2"' in (tmp_path / "junit.xml").read_text()
    run = read_run(tmp_path / "run.jsonl")
    assert run.complete
    assert len(run.cases) == 2
    results = [json.loads(path.read_text()) for path in (tmp_path / "allure").glob("*-result.json")]
    assert sorted(result["status"] for result in results) == ["passed", "passed"]
    for result in results:
        labels = {label["name"]: label["value"] for label in result["labels"]}
        assert (labels["feature"], labels["apiVersion"]) == ("order", "2024-11-01")
        (step,) = result["steps"]
        assert {attachment["name"] for attachment in step["attachments"]} >= {"operation", "variables", "answer"}


def test_other_yaml_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text("a: [")
    done = run_pytest(tmp_path, str(tmp_path))
    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_faulty_scenario_is_a_collection_error_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("scenario: x\ntitle: y\n")
    done = run_pytest(tmp_path, str(tmp_path), "--bwp-run=run.jsonl")
    assert done.returncode == pytest.ExitCode.INTERRUPTED
    assert "broken.yaml:1:11: scenario:" in done.stdout
    assert "Traceback" not in done.stdout
    assert not read_run(tmp_path / "run.jsonl").complete


def test_a_failure_shows_the_findings_and_no_traceback(tmp_path: Path) -> None:
    recordings = tmp_path / "cassettes" / "2024-11-01"
    recordings.mkdir(parents=True)
    name = "order.create.minimum-fulfillable"
    recorded = (data_folder("cassettes") / "documentation" / "2024-11-01" / f"{name}.yaml").read_text()
    faulty = recorded.replace('"unit": "ONE", "value": 1', '"unit": "ONE", "value": null')
    assert faulty != recorded
    (recordings / f"{name}.yaml").write_text(faulty)
    options = (f"--bwp-id={name}", f"--bwp-cassettes={tmp_path / 'cassettes'}", "--alluredir=allure")
    done = run_pytest(tmp_path, ORDER_CREATE, *options)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "RSP-004" in done.stdout
    assert "data.createOrder.order.lineItems[0].amount.value" in done.stdout
    assert "Traceback" not in done.stdout
    (result,) = (json.loads(path.read_text()) for path in (tmp_path / "allure").glob("*-result.json"))
    assert result["status"] == "failed"
    assert result["steps"][0]["status"] == "failed"


def test_a_malformed_ledger_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "waivers.yaml").write_text("waivers: 1")
    done = run_pytest(tmp_path, ORDER_CREATE, "--bwp-waivers=waivers.yaml", "--bwp-run=run.jsonl")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "waivers.yaml:1:10" in done.stderr


def test_a_cassette_of_the_suite_that_no_scenario_plays_fails_a_whole_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from conformance.pytest_plugin import session  # noqa: PLC0415 - the module under test

    stray = tmp_path / "documentation" / "2024-11-01" / "order.create.stray.yaml"
    stray.parent.mkdir(parents=True)
    stray.write_text("version: 1")
    monkeypatch.setattr(session, "data_folder", lambda name: tmp_path if name == "cassettes" else Path("/scenarios"))

    class Config:
        args = ("/scenarios",)

        def getoption(self, _name: str) -> None:
            return None

    recorder = object.__new__(session.RunRecorder)
    recorder._config = Config()  # type: ignore[assignment]
    recorder._selection = Selection()
    recorder._cases = []
    (finding,) = recorder._cassette_findings()
    assert finding.rule == "CAS-003"
    assert "order.create.stray" in finding.message
