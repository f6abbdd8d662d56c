"""The pytest session behind `run`: silent but for a progress bar, apart from the working folder's configuration."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from conformance.base.errors import ExitStatus
from conformance.findings.model import RunResult, Verdict

INTERRUPTED_STATUS = 130
_TROUBLE = (("SCN-002", ExitStatus.BUG), ("TGT-001", ExitStatus.UNREACHABLE))
"""Rules whose violation is no finding about the target: judging broke off, the target did not answer."""


@dataclass
class SessionOutcome:
    """How the session ended, apart from the findings of its cases."""

    code: int = 0
    faults: list[str] = field(default_factory=list)
    """Texts about files that could not be read, and about trouble of the session itself."""

    @property
    def interrupted(self) -> bool:
        return self.code == pytest.ExitCode.INTERRUPTED and not self.faults

    def exit_status(self, result: RunResult) -> int:
        """The status of the process: trouble of the session first, then the worst verdict."""
        if self.interrupted:
            return INTERRUPTED_STATUS
        if self.code == pytest.ExitCode.INTERNAL_ERROR:
            return ExitStatus.BUG
        if self.faults:
            return ExitStatus.BAD_INPUT
        rules = {finding.rule for case in result.cases for finding in case.all_findings if not finding.waived}
        for rule, status in _TROUBLE:
            if rule in rules:
                return status
        return ExitStatus.FINDINGS if result.verdict >= Verdict.FAIL else ExitStatus.CLEAN


def run_session(arguments: list[str]) -> SessionOutcome:
    """Runs pytest in this process with these arguments and no other plugin than they name."""
    outcome = SessionOutcome()
    progress = _ProgressPlugin(outcome)
    with _clean_environment(), progress.bar:
        outcome.code = int(pytest.main(arguments, plugins=[progress]))
    return outcome


@contextmanager
def _clean_environment() -> Iterator[None]:
    before = {
        name: os.environ.get(name) for name in ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    }
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ.pop("PYTEST_PLUGINS", None)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class _ProgressPlugin:
    """Shows how far the session is, and keeps what it says of faulty files."""

    def __init__(self, outcome: SessionOutcome) -> None:
        self._outcome = outcome
        console = Console(stderr=True)
        self.bar = Progress(
            TextColumn("scenarios"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[failed]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self.bar.add_task("run", total=None, failed="")
        self._failed = 0

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        reporter = config.pluginmanager.getplugin("terminalreporter")
        if reporter is not None:
            config.pluginmanager.unregister(reporter)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if session.items:
            self.bar.update(self._task, total=len(session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:  # noqa: ARG002 - the hook's own names
        self.bar.update(self._task, total=len(ids))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._fault(str(report.longrepr))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self._failed += report.failed
            self.bar.update(self._task, advance=1, failed=f"[red]{self._failed} failed" if self._failed else "")
        elif report.failed:
            self._fault(str(report.longrepr))

    def pytest_internalerror(self, excrepr: object) -> None:
        self._fault(str(excrepr))

    def _fault(self, text: str) -> None:
        if text not in self._outcome.faults:
            self._outcome.faults.append(text)
