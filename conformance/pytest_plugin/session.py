"""Records a pytest session as a run: run.jsonl, the waivers that waive nothing, the cassettes that nobody plays."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from conformance import __version__
from conformance.base.clock import Clock, IdSource, RandomIds, SystemClock, timestamp
from conformance.base.data import data_folder
from conformance.contract.errata import load_errata
from conformance.contract.load import load_contract
from conformance.contract.proven import load_proofs
from conformance.engine.coverage import Tally, unpack
from conformance.engine.orphans import orphans
from conformance.engine.sighting import Sightings
from conformance.findings.codec import RunWriter
from conformance.findings.model import CaseResult, ContractSummary, Finding, Grade, RunResult
from conformance.findings.shapes import CASE, Faults, decode
from conformance.findings.waivers import apply_waivers
from conformance.pytest_plugin.items import selection_of, waivers_of
from conformance.scenario.select import Selection


class RunRecorder:
    """Lives in the controlling process; cases reach it with the reports, from workers too."""

    def __init__(
        self, config: pytest.Config, path: Path, clock: Clock | None = None, ids: IdSource | None = None
    ) -> None:
        self._config = config
        self._clock = clock or SystemClock()
        self._started_s = self._clock.monotonic_s()
        self._cases: list[CaseResult] = []
        self._tally = Tally()
        self._is_broken = False
        self._selection: Selection = selection_of(config)
        waivers_of(config)
        header = RunResult(
            run_id=(ids or RandomIds()).next_id(),
            started_at=timestamp(self._clock.now()),
            suite_version=__version__,
            target=config.getoption("--bwp-target"),
            selection=str(self._selection),
        )
        self._writer = RunWriter(path, header)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Takes a finished case."""
        encoded: dict[str, Any] | None = getattr(report, "bwp_case", None)
        if report.when == "call" and encoded is not None:
            faults: Faults = []
            values = decode(encoded, CASE, (), faults)
            if values is not None:
                case = CaseResult(**values)
                self._cases.append(case)
                self._writer.append(case)
                seen = getattr(report, "bwp_seen", None)
                if seen is not None:
                    is_packed = not isinstance(seen, Sightings)
                    self._tally.add(case.version, unpack(case.version, seen) if is_packed else seen)
        elif report.failed:
            self._is_broken = True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that could not be collected leaves the run incomplete."""
        if report.failed:
            self._is_broken = True

    def pytest_sessionfinish(self, exitstatus: int | pytest.ExitCode) -> None:
        """Writes the footer, but not for a session that was interrupted or broke: that run stays a partial one."""
        interrupted = exitstatus in (
            pytest.ExitCode.INTERRUPTED,
            pytest.ExitCode.INTERNAL_ERROR,
            pytest.ExitCode.USAGE_ERROR,
        )
        if interrupted or self._is_broken:
            self._writer.close()
            return
        versions = sorted({case.version for case in self._cases})
        errata = {erratum for case in self._cases for erratum in case.errata}
        self._writer.finish(
            finished_at=timestamp(self._clock.now()),
            elapsed_ms=round((self._clock.monotonic_s() - self._started_s) * 1000, 3),
            findings=(*self._waiver_findings(), *self._cassette_findings()),
            contracts=[_summary(version) for version in versions],
            errata=[erratum for key, erratum in load_errata().items() if key in errata],
            proofs=load_proofs(),
            coverage=self._tally.figures(with_missing=not self._selection and self._is_whole()),
        )

    def _waiver_findings(self) -> tuple[Finding, ...]:
        today = datetime.now(UTC).date()
        _, findings = apply_waivers(self._cases, waivers_of(self._config), today, whole=not self._selection)
        return findings

    def _cassette_findings(self) -> tuple[Finding, ...]:
        """Cassettes that came with the suite and belong to no case of a whole run."""
        if self._selection or self._config.getoption("--bwp-cassettes") or not self._is_whole():
            return ()
        played = {f"{case.version}/{case.scenario}.yaml" for case in self._cases}
        return orphans(data_folder("cassettes") / "documentation", played)

    def _is_whole(self) -> bool:
        """Was every scenario of the suite chosen? `-k`, `-m` and paths narrow a session too."""
        arguments = [Path(argument).resolve() for argument in self._config.args]
        narrowed = self._config.getoption("keyword") or self._config.getoption("markexpr")
        return not narrowed and data_folder("scenarios").resolve() in arguments


def _summary(version: str) -> ContractSummary:
    contract = load_contract(version)
    grades = contract.grades()
    return ContractSummary(
        version, contract.digest, tuple((grade.value, grades[grade]) for grade in Grade if grades[grade])
    )
