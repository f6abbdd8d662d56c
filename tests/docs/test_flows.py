"""docs/flows.md: it is made from the scenarios, every documented error is provoked, every event type is seen."""

from __future__ import annotations

import pytest

from conformance.base.versions import DATED_VERSIONS
from conformance.events.reading import load_catalogue
from tests.docs.make_flows import (
    NOT_PUBLISHED,
    PAGE,
    VERSIONS,
    documented_errors,
    flows,
    page,
    provoked,
    scenarios,
    seen_events,
)


def test_the_page_is_made_from_the_scenarios() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make it again: python -m tests.docs.make_flows"


def test_every_documented_error_is_provoked_in_its_versions_or_says_why_not() -> None:
    found = provoked(scenarios())
    missing = [
        (version, error.operation, error.name)
        for error in documented_errors()
        for version in error.versions
        if (version, error.operation, error.type, error.code) not in found
    ]
    assert missing == []
    assert all(bool(error.versions) != bool(error.unseen) for error in documented_errors())


def test_what_is_called_unseen_is_provoked_nowhere() -> None:
    found = {key[1:] for key in provoked(scenarios())}
    assert [
        error for error in documented_errors() if error.unseen and (error.operation, error.type, error.code) in found
    ] == []


@pytest.mark.parametrize("version", DATED_VERSIONS)
def test_every_event_type_of_a_version_is_seen_in_a_flow(version: str) -> None:
    seen = seen_events(flows(), version)
    types = {event.name for event in load_catalogue().in_version(version)}
    assert types - set(seen) == set(NOT_PUBLISHED) & types


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_has_its_own_flows(version: str) -> None:
    own = [scenario for scenario in flows() if scenario.versions == (version,)]
    assert len(own) >= (1 if version == "next" else 25)


def test_flows_are_for_targets_that_a_flow_can_happen_to() -> None:
    outside = [scenario for scenario in scenarios() if any(step.http or step.outside for step in scenario.steps)]
    assert outside
    assert all(scenario.targets == ("embedded", "live") for scenario in outside)
