"""The list of documented examples, held against the scenarios and against the page of those that have none."""

from __future__ import annotations

from pathlib import Path

from conformance.base.data import data_folder
from conformance.base.versions import VERSIONS
from conformance.contract.examples import load_examples
from conformance.scenario.load import find_scenario_files, load_scenarios

PAGE = Path(__file__).resolve().parents[2] / "docs" / "examples-not-run.md"
ENCODED = {
    (scenario.page, scenario.example, version)
    for scenario in load_scenarios(find_scenario_files(data_folder("scenarios")))
    for version in scenario.versions
    if scenario.example
}
LISTED = {(page, title, version) for page, title, versions in load_examples() for version in versions}


def test_an_example_that_a_scenario_encodes_is_listed() -> None:
    assert not ENCODED - LISTED, "add them to schema/examples.yaml"


def test_an_example_without_a_scenario_stands_on_the_page_that_says_why() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    for page, title, version in sorted(LISTED - ENCODED):
        assert any(page in row and f"| {title} |" in row and (version in row or "| all |" in row) for row in rows), (
            f"docs/examples-not-run.md has no row for {page}: {title} ({version})"
        )


def test_versions_are_known() -> None:
    assert {version for _, _, version in LISTED} == set(VERSIONS)
