"""Events that a target publishes during a case: judged one by one, with what was before, and against the scenario."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from conformance.base.clock import FixedClock
from conformance.base.errors import InputError, TargetError
from conformance.contract.model import Contract
from conformance.engine.execute import execute
from conformance.engine.plan import plan
from conformance.findings.model import Blame, CaseResult, Verdict
from conformance.scenario.load import parse_scenario
from conformance.scenario.select import Selection
from conformance.traffic.model import Event, HttpRequest, HttpResponse

SCENARIO = """\
scenario: order.query.package
title: Query an order while its package moves
interface: order
versions: ["2024-11-01"]
steps:
  - step: before
    document: &query |
      { order(orderIdentifier: {orderId: "o-1"}) { id packageInformation { details { id state } } } }
    expect: {events: [PACKAGE_DELIVERY_IN_TRANSIT]}
  - step: after
    document: *query
"""


def order(state: str) -> dict[str, Any]:
    return {"data": {"order": {"id": "o-1", "packageInformation": {"details": [{"id": "p-1", "state": state}]}}}}


def event(name: str, **more: Any) -> Event:
    body = {
        "idempotencyKey": name,
        "eventDescriptor": name,
        "resources": ["businessProduct/bp-1/order/o-1/delivery/p-1"],
        "eventId": name,
        "apiVersion": "2024-11-01",
        "subscriptionId": "s-1",
        "eventTime": "2025-01-20T12:34:56Z",
        "data": {},
    }
    return Event(json.dumps({**body, **more}).encode())


@dataclass
class Silent:
    """A target that shows no events. `answers` come in turn."""

    answers: list[Any]
    origin: str = "embedded"
    endpoint: str = "https://sandbox.example/graphql"

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:  # noqa: ARG002
        return HttpResponse(200, (("Content-Type", "application/json"),), json.dumps(self.answers.pop(0)).encode())

    def unused(self) -> tuple[str, ...]:
        return ()


@dataclass
class Telling(Silent):
    """A target that shows its events, those of each step in turn."""

    told: list[Any] = field(default_factory=list)
    shows_all_events: bool = True

    def events(self) -> tuple[Event, ...]:
        now = self.told.pop(0)
        if isinstance(now, Exception):
            raise now
        return tuple(now)


@dataclass
class Provider:
    target: Silent
    name: str = "fake"

    def open(self, scenario: str, contract: Contract) -> Silent:
        assert (scenario, contract.version) == ("order.query.package", "2024-11-01")
        return self.target


def run(target: Silent, text: str = SCENARIO) -> CaseResult:
    (case,) = plan([parse_scenario(text, Path("s.yaml"))], Selection())
    return execute(case, Provider(target), FixedClock())


def rules(result: CaseResult) -> list[str]:
    return [finding.rule for finding in result.all_findings]


def moved(*told: Any, states: tuple[str, str] = ("PENDING", "IN_TRANSIT"), shows_all: bool = True) -> CaseResult:
    return run(Telling([order(state) for state in states], told=list(told), shows_all_events=shows_all))


def test_a_published_event_is_judged_and_kept_in_the_result() -> None:
    result = moved([event("PACKAGE_DELIVERY_IN_TRANSIT")], [])
    assert (result.verdict, rules(result)) == (Verdict.PASS, [])
    assert [(step.step, step.kind) for step in result.steps] == [
        ("before", "operation"),
        ("before event 1", "event"),
        ("after", "operation"),
    ]
    assert result.steps[1].operation == "PACKAGE_DELIVERY_IN_TRANSIT"
    assert result.steps[1].response["eventId"] == "PACKAGE_DELIVERY_IN_TRANSIT"


def test_a_faulty_event_is_the_targets_fault() -> None:
    (finding,) = moved([event("PACKAGE_DELIVERY_IN_TRANSIT", eventTime="noon")], []).all_findings
    assert (finding.rule, finding.blame) == ("EVT-007", Blame.TARGET)


def test_events_are_judged_with_what_was_before() -> None:
    result = moved([event("PACKAGE_DELIVERY_IN_TRANSIT"), event("PACKAGE_DELIVERED")], [])
    assert rules(result) == ["EXP-010", "FLW-043"]


def test_an_event_that_is_missing_is_told_once_by_the_scenario_and_once_for_the_whole_case() -> None:
    result = moved([], [])
    assert rules(result) == ["FLW-050", "EXP-010"]
    assert result.findings[0].rule == "FLW-050"


def test_events_of_others_count_for_nothing_where_a_target_may_show_them() -> None:
    other = event("REFUND_REQUESTED", resources=["businessProduct/bp-1/order/o-2/refund/r-1"])
    assert rules(moved([event("PACKAGE_DELIVERY_IN_TRANSIT"), other], [], shows_all=False)) == []
    assert rules(moved([event("PACKAGE_DELIVERY_IN_TRANSIT"), other], [])) == ["EXP-010", "FLW-041"]


def test_a_target_without_events_is_not_judged_by_them_and_says_so() -> None:
    result = run(Silent([order("PENDING"), order("IN_TRANSIT")]))
    (finding,) = result.all_findings
    assert (finding.rule, finding.verdict) == ("EXP-010", Verdict.INFO)


def test_a_target_that_cannot_say_breaks_the_case_off() -> None:
    result = moved(TargetError("gone"))
    assert rules(result) == ["TGT-001"]
    assert result.steps[1].skipped


def test_no_event_can_be_expected_too() -> None:
    text = SCENARIO.replace("[PACKAGE_DELIVERY_IN_TRANSIT]", "[]")
    target = Telling([order("PENDING"), order("PENDING")], told=[[], []])
    assert rules(run(target, text)) == []


def test_a_scenario_expects_known_event_types() -> None:
    with pytest.raises(InputError) as caught:
        parse_scenario(SCENARIO.replace("DELIVERY_IN_TRANSIT", "DELIVRY_IN_TRANSIT"), Path("s.yaml"))
    (problem,) = caught.value.problems
    assert "PACKAGE_DELIVRY_IN_TRANSIT" in problem.message
    assert "PACKAGE_DELIVERY_IN_TRANSIT" in problem.fix


DEPRECATED = SCENARIO.replace("  - step: after", "    provokes: [{rule: EVT-022}]\n  - step: after", 1).replace(
    "events: [PACKAGE_DELIVERY_IN_TRANSIT]", "events: [DELIVERY_IN_TRANSIT]"
)


def test_a_deprecated_name_that_was_asked_for_on_purpose_does_not_count() -> None:
    target = Telling(
        [order("PENDING"), order("IN_TRANSIT")],
        told=[[event("PACKAGE_DELIVERY_IN_TRANSIT"), event("DELIVERY_IN_TRANSIT")], []],
        shows_all_events=False,
    )
    findings = [finding for finding in run(target, DEPRECATED).all_findings if finding.rule == "EVT-022"]
    assert [bool(finding.waived) for finding in findings] == [True]


def test_a_foreseen_finding_about_an_event_that_does_not_show_is_the_scenarios_fault() -> None:
    target = Telling([order("PENDING"), order("IN_TRANSIT")], told=[[event("PACKAGE_DELIVERY_IN_TRANSIT")], []])
    (finding,) = [each for each in run(target, DEPRECATED).all_findings if each.rule == "EXP-009"]
    assert finding.blame is Blame.SUITE
