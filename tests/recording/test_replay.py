"""What is recorded of the embedded sandbox conforms when it is replayed, and is the same each time."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from conformance.base.clock import FixedClock
from conformance.base.data import data_folder
from conformance.base.versions import VERSIONS
from conformance.engine.execute import execute
from conformance.engine.plan import Case, plan
from conformance.findings.model import Verdict
from conformance.recording.recorder import Recorder
from conformance.scenario.load import find_scenario_files, load_scenarios
from conformance.scenario.select import Selection
from conformance.targets.cassette import CassetteProvider
from conformance.targets.embedded import EmbeddedProvider

CLOCK = FixedClock()


def _cases(version: str, *ids: str) -> tuple[Case, ...]:
    scenarios = load_scenarios(find_scenario_files(data_folder("scenarios")))
    return plan(scenarios, Selection(ids=ids, versions=(version,), target="cassettes"))


def _record(cases: tuple[Case, ...], folder: Path) -> dict[str, bytes]:
    """The recorded files by their names."""
    with closing(EmbeddedProvider()) as provider:
        recorder = Recorder(provider, folder, CLOCK, "1.2.3")
        for case in cases:
            assert execute(case, recorder, CLOCK).verdict < Verdict.FAIL, case.id
            recorder.keep()
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_recorded_scenario_conforms_when_it_is_replayed(version: str, tmp_path: Path) -> None:
    cases = _cases(version)
    written = _record(cases, tmp_path)
    assert written
    replayed = 0
    for case in cases:
        result = execute(case, CassetteProvider(tmp_path), CLOCK)
        assert result.verdict < Verdict.FAIL, (case.id, list(result.all_findings))
        replayed += result.verdict is not Verdict.SKIP and f"{version}/{case.scenario.id}.yaml" in written
    assert replayed == len(written)


def test_the_same_cases_are_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    cases = _cases("2024-11-01", "catalog.*", "events.*", "order.create.*", "sandbox.*")
    assert len(cases) > 10
    assert _record(cases, tmp_path / "one") == _record(cases[::-1], tmp_path / "two")
