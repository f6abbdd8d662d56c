"""500 offline scenarios, start included, reports written; and the time until the first result."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harness import Row
from conformance.base.data import data_folder
from conformance.scenario.load import find_scenario_files

CASES = 500


def measure(*, quick: bool) -> list[Row]:
    """Copies of the suite's own scenarios and cassettes, each copy with an id of its own, run as a user would."""
    wanted = 100 if quick else CASES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases = _copies(folder, wanted)
        run_file = folder / "reports" / "run.jsonl"
        command = [
            sys.executable,
            "-m",
            "conformance",
            "run",
            "--scenarios",
            str(folder / "scenarios"),
            "--cassettes",
            str(folder / "cassettes"),
            "--output",
            str(folder / "reports"),
            "--format",
            "json",
        ]
        started = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
            first_s = _first_result_s(process, run_file, started)
            output, _ = process.communicate()
        elapsed_s = time.perf_counter() - started
        ran = json.loads(output)["cases"]
    budget_s = 10.0 * cases / CASES
    return [
        Row(
            f"{ran} offline cases, start and reports included",
            f"{elapsed_s:.1f} s",
            f"{budget_s:.1f} s",
            elapsed_s <= budget_s,
        ),
        Row("first result of a run", f"{first_s:.2f} s", "1.5 s", first_s <= 1.5),
    ]


def _first_result_s(process: subprocess.Popen[str], run_file: Path, started: float) -> float:
    while process.poll() is None:
        if run_file.exists() and run_file.read_bytes().count(b"\n") >= 2:
            break
        time.sleep(0.005)  # the run is another process; this only watches its file
    return time.perf_counter() - started


def _copies(folder: Path, wanted: int) -> int:
    """Writes scenarios until they make `wanted` cases or a few more. Returns the number of cases."""
    cases = 0
    cassettes = data_folder("cassettes") / "documentation"
    sources = find_scenario_files(data_folder("scenarios"))
    for number in itertools.count():
        for source in sources:
            text = source.read_text(encoding="utf-8")
            scenario = next(line.split()[1] for line in text.splitlines() if line.startswith("scenario:"))
            copy = f"{scenario}-copy-{number}"
            target = folder / "scenarios" / source.parent.name / f"{copy}.yaml"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.replace(f"scenario: {scenario}", f"scenario: {copy}", 1), encoding="utf-8")
            found = [path for version in cassettes.iterdir() if (path := version / f"{scenario}.yaml").exists()]
            for path in found:
                recording = folder / "cassettes" / path.parent.name / f"{copy}.yaml"
                recording.parent.mkdir(parents=True, exist_ok=True)
                recording.write_bytes(path.read_bytes())
            cases += max(len(found), 1)
            if cases >= wanted:
                return cases
    return cases
