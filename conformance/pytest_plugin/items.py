"""Scenario files as pytest collectors, cases as pytest items."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.base.clock import SystemClock
from conformance.base.data import data_folder
from conformance.base.errors import InputError
from conformance.engine.coverage import pack
from conformance.engine.execute import execute
from conformance.engine.plan import Case, plan
from conformance.engine.sighting import Sightings, sight
from conformance.findings.model import CaseResult, Verdict
from conformance.findings.shapes import CASE, encode
from conformance.findings.waivers import Waiver, apply_waivers, load_waivers
from conformance.pytest_plugin.allure_steps import show_in_allure
from conformance.reports.text import case_lines
from conformance.scenario.load import load_scenario
from conformance.scenario.select import Selection
from conformance.targets.cassette import CassetteProvider
from conformance.targets.offline import no_network

if TYPE_CHECKING:
    from conformance.targets.embedded import EmbeddedProvider

_WAIVERS = pytest.StashKey[tuple[Waiver, ...]]()
_EMBEDDED = pytest.StashKey["EmbeddedProvider"]()


class CaseFailedError(AssertionError):
    """Carries the text of a case that failed; pytest shows the text alone, Allure calls it failed."""


class CaseBrokenError(Exception):
    """Carries the text of a case that could not be judged; Allure calls it broken."""


def selection_of(config: pytest.Config) -> Selection:
    """What the `--bwp-…` options choose."""
    return Selection(
        ids=tuple(config.getoption("--bwp-id")),
        versions=tuple(config.getoption("--bwp-version")),
        interfaces=tuple(config.getoption("--bwp-interface")),
        profiles=tuple(config.getoption("--bwp-profile")),
        tags=tuple(config.getoption("--bwp-tag")),
        target=config.getoption("--bwp-target"),
    )


def waivers_of(config: pytest.Config) -> tuple[Waiver, ...]:
    """The ledger that `--bwp-waivers` names, read once a process."""
    if _WAIVERS not in config.stash:
        path = config.getoption("--bwp-waivers")
        try:
            config.stash[_WAIVERS] = load_waivers(Path(path)) if path else ()
        except InputError as error:
            raise pytest.UsageError(str(error)) from error
    return config.stash[_WAIVERS]


def _embedded(config: pytest.Config) -> EmbeddedProvider:
    """The sandbox of this process, started by the first case and ended with the session."""
    if _EMBEDDED not in config.stash:
        from conformance.targets.embedded import EmbeddedProvider  # noqa: PLC0415 - only this target needs a server

        provider = EmbeddedProvider()
        config.add_cleanup(provider.close)
        config.stash[_EMBEDDED] = provider
    return config.stash[_EMBEDDED]


class ScenarioFile(pytest.File):
    """A scenario file; its items are the versions that it runs in."""

    def collect(self) -> Iterator[ScenarioItem]:
        try:
            scenario = load_scenario(self.path)
        except InputError as error:
            raise self.CollectError(str(error)) from error
        for case in plan([scenario], selection_of(self.config)):
            yield ScenarioItem.from_parent(self, name=case.id, case=case)


class ScenarioItem(pytest.Item):
    """A case: one scenario in one version."""

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case
        self.bwp_result: dict[str, Any] | None = None
        self.bwp_seen: Sightings | tuple[list[int], list[int]] | None = None
        self.add_marker("scenario")
        self.add_marker(case.scenario.interface)

    def runtest(self) -> None:
        if self.config.getoption("--bwp-target") == "embedded":
            result = execute(self.case, _embedded(self.config), SystemClock())
        else:
            folder = self.config.getoption("--bwp-cassettes")
            provider = CassetteProvider(Path(folder) if folder else data_folder("cassettes") / "documentation")
            with no_network():
                result = execute(self.case, provider, SystemClock())
        (result,), _ = apply_waivers([result], waivers_of(self.config), datetime.now(UTC).date(), whole=False)
        self.bwp_result = encode(result, CASE)
        if self.config.getoption("--bwp-run"):
            seen = sight(result, self.case.scenario)
            self.bwp_seen = pack(result.version, seen) if hasattr(self.config, "workerinput") else seen
        show_in_allure(self.config, result)
        self._conclude(result)

    def _conclude(self, result: CaseResult) -> None:
        if result.verdict >= Verdict.FAIL:
            error = CaseBrokenError if result.verdict is Verdict.ERROR else CaseFailedError
            raise error("\n".join(case_lines(result)))
        if result.verdict is Verdict.SKIP:
            pytest.skip(result.skipped or next((step.skipped for step in result.steps if step.skipped), "skipped"))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CaseFailedError | CaseBrokenError | InputError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, max(self.case.scenario.position.line - 1, 0), self.name
