"""pytest plugin: collects scenario files as tests, one a version.

`pytest scenarios --bwp-target cassettes` runs them; `-k`, `-m`, `-n auto`, `--junitxml`, `--alluredir` work as ever.
The run is written to the file that `--bwp-run` names. This module is loaded in every pytest session of an environment,
so it imports nothing heavy.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conformance.pytest_plugin.items import ScenarioFile

_SCENARIO_KEY = re.compile(rb"^scenario:", re.MULTILINE)
_HEAD_BYTES = 4096
_INTERFACES = (
    "catalog",
    "delivery_preview",
    "order",
    "privacy",
    "returns",
    "analytics",
    "events",
    "sandbox",
    "tracking",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a conformance run."""
    group = parser.getgroup("bwp-conformance", "Buy with Prime conformance")
    group.addoption(
        "--bwp-target", default="cassettes", choices=["cassettes", "embedded"], help="what answers the requests"
    )
    group.addoption(
        "--bwp-cassettes", metavar="FOLDER", help="recorded answers, instead of the ones that came with the suite"
    )
    group.addoption("--bwp-run", metavar="FILE", help="write the run to this file (run.jsonl)")
    group.addoption("--bwp-waivers", metavar="FILE", help="the ledger of waived findings (waivers.yaml)")
    for name in ("id", "version", "interface", "profile", "tag"):
        group.addoption(
            f"--bwp-{name}",
            action="append",
            default=[],
            metavar=name.upper(),
            help=f"only this {name}; may be repeated",
        )


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers and, outside of workers, the writer of the run."""
    config.addinivalue_line("markers", "scenario: a conformance scenario")
    for name in _INTERFACES:
        config.addinivalue_line("markers", f"{name}: scenarios of the {name.replace('_', ' ')} interface")
    path = config.getoption("--bwp-run")
    if path and not hasattr(config, "workerinput"):
        from conformance.pytest_plugin.session import RunRecorder  # noqa: PLC0415 - only a recorded run pays for it

        config.pluginmanager.register(RunRecorder(config, Path(path)), "bwp-run-recorder")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """Takes YAML files that have a `scenario:` key."""
    if file_path.suffix not in (".yaml", ".yml") or not _is_scenario(file_path):
        return None
    from conformance.pytest_plugin.items import ScenarioFile  # noqa: PLC0415 - only sessions with scenarios pay for it

    collected: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return collected


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> pytest.TestReport | None:
    """Hands the result of a case to whoever records the run, across the border of a worker too."""
    if call.when != "call" or not hasattr(item, "bwp_result"):
        return None
    report = pytest.TestReport.from_item_and_call(item, call)
    report.bwp_case = item.bwp_result  # type: ignore[attr-defined]
    report.bwp_seen = getattr(item, "bwp_seen", None)  # type: ignore[attr-defined]
    return report


def _is_scenario(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return bool(_SCENARIO_KEY.search(file.read(_HEAD_BYTES)))
    except OSError:
        return False
