"""A case against a target: what is foreseen, what counts, what breaks a case off, and whose fault it is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from conformance.base.clock import FixedClock
from conformance.base.errors import TargetError
from conformance.contract.model import Contract
from conformance.engine import execute as module
from conformance.engine.execute import execute
from conformance.engine.plan import Case, plan
from conformance.findings.model import Blame, CaseResult, Verdict
from conformance.scenario.load import parse_scenario
from conformance.scenario.select import Selection
from conformance.targets.protocol import NoRecordingError, NotRecordedError
from conformance.traffic.model import HttpRequest, HttpResponse

SCENARIO = """\
scenario: order.query.twice
title: Query an order, then query it again
interface: order
documented: {page: order-queries-order}
versions: ["2024-11-01"]
errata: [memberamount-1-answered-for-2]
steps:
  - step: first
    document: |
      query ($id: OrderIdentifierInput!) { order(orderIdentifier: $id) { id } }
    variables: {id: {orderId: o-1}}
    expect:
      data: {order.id: o-1}
    capture: {orderId: order.id}
  - step: second
    document: |
      query ($id: OrderIdentifierInput!) { order(orderIdentifier: $id) { id } }
    variables: {id: {orderId: {$capture: orderId}}}
"""
FORESEEN = SCENARIO.replace(
    "    capture:",
    "    contradicts:\n"
    "      - {rule: EXP-002, path: data.order.id, erratum: memberamount-1-answered-for-2}\n"
    "      - {rule: ORD-031, path: data.order.id, erratum: memberamount-1-answered-for-2}\n"
    "    capture:",
)


@dataclass
class FakeTarget:
    """Answers with bodies in turn; an exception in their place is raised."""

    answers: list[Any]
    origin: str = "embedded"
    endpoint: str = "https://sandbox.example/graphql"
    asked: list[dict[str, Any]] = field(default_factory=list)

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        assert deadline_s > 0
        self.asked.append(json.loads(request.body))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return HttpResponse(200, (("Content-Type", "application/json"),), body)

    def unused(self) -> tuple[str, ...]:
        return tuple(f"answer {number}" for number, _ in enumerate(self.answers, 1))


@dataclass
class FakeProvider:
    target: FakeTarget | Exception
    name: str = "fake"

    def open(self, scenario: str, contract: Contract) -> FakeTarget:
        assert (scenario, contract.version) == ("order.query.twice", "2024-11-01")
        if isinstance(self.target, Exception):
            raise self.target
        return self.target


def order(id_: Any) -> dict[str, Any]:
    return {"data": {"order": {"id": id_}}}


def case_of(text: str) -> Case:
    (case,) = plan([parse_scenario(text, Path("s.yaml"))], Selection())
    return case


def run(text: str, *answers: Any, origin: str = "embedded") -> tuple[CaseResult, FakeTarget]:
    target = FakeTarget(list(answers), origin)
    return execute(case_of(text), FakeProvider(target), FixedClock()), target


def rules(result: CaseResult) -> list[str]:
    return [finding.rule for finding in result.all_findings]


def test_a_clean_case_passes_and_carries_captures_on() -> None:
    result, target = run(SCENARIO, order("o-1"), order("o-1"))
    assert (result.verdict, rules(result)) == (Verdict.PASS, [])
    assert target.asked[1]["variables"] == {"id": {"orderId": "o-1"}}
    assert result.case_id == "order.query.twice@2024-11-01"
    assert dict(result.evidence)["page"] > 0


def test_a_faulty_answer_is_the_targets_fault() -> None:
    result, _ = run(SCENARIO, {"data": {"order": {"id": "o-1", "colour": 1}}}, order("o-1"))
    (finding,) = result.all_findings
    assert (finding.verdict, finding.blame, finding.path) == (Verdict.FAIL, Blame.TARGET, ("data", "order", "colour"))


def test_a_documented_contradiction_is_waived_for_the_documentation_alone() -> None:
    documented, _ = run(FORESEEN, order("o-2"), order("o-2"), origin="documentation")
    finding = next(one for one in documented.all_findings if one.rule == "EXP-002")
    assert {one.waived for one in documented.all_findings} == {"documented contradiction memberamount-1-answered-for-2"}
    assert (finding.verdict, documented.verdict) == (Verdict.FAIL, Verdict.INFO)
    other, _ = run(FORESEEN, order("o-2"), order("o-2"), origin="embedded")
    assert (other.verdict, rules(other)) == (Verdict.FAIL, ["ORD-031", "EXP-002"])


def test_a_contradiction_that_no_longer_shows_is_an_error_of_the_suite() -> None:
    result, _ = run(FORESEEN, order("o-1"), order("o-1"), origin="documentation")
    finding, _ = result.all_findings
    assert (finding.rule, finding.verdict, finding.blame) == ("EXP-009", Verdict.ERROR, Blame.SUITE)
    clean, _ = run(FORESEEN, order("o-1"), order("o-1"), origin="embedded")
    assert clean.verdict is Verdict.PASS, "for another target nothing was foreseen"


def test_a_fault_of_our_own_request_never_counts_against_the_target() -> None:
    text = SCENARIO.replace("variables: {id: {orderId: o-1}}", "variables: {id: {orderId: [o-1]}}")
    result, _ = run(text, order("o-1"), order("o-1"))
    assert {finding.blame for finding in result.all_findings} == {Blame.SUITE}
    assert result.verdict is Verdict.ERROR


def test_a_fault_made_on_purpose_must_be_found() -> None:
    faulty = SCENARIO.replace("variables: {id: {orderId: o-1}}", "variables: {id: {orderId: [o-1]}}")
    found = {finding.rule for finding in run(faulty, order("o-1"), order("o-1"))[0].all_findings}
    assert found == {"SCN-001"}
    missed, _ = run(
        SCENARIO.replace("    expect:", "    provokes: [{rule: REQ-040}]\n    expect:"), order("o-1"), order("o-1")
    )
    assert rules(missed) == ["EXP-009"]


@pytest.mark.parametrize(
    ("trouble", "rule", "blame"),
    [
        (NotRecordedError("not there"), "CAS-001", Blame.SUITE),
        (TargetError("gone"), "TGT-001", Blame.ENVIRONMENT),
    ],
)
def test_a_request_without_an_answer_breaks_the_case_off(trouble: Exception, rule: str, blame: Blame) -> None:
    result, _ = run(SCENARIO, trouble, order("o-1"))
    assert [(finding.rule, finding.blame, finding.verdict) for finding in result.all_findings] == [
        (rule, blame, Verdict.ERROR)
    ]
    assert result.steps[1].skipped
    assert result.steps[1].verdict is Verdict.SKIP


@pytest.mark.parametrize("answer", [order(None), {"data": None}, b"<html>", b"", [1]])
def test_a_capture_that_leads_nowhere_breaks_the_case_off(answer: Any) -> None:
    result, _ = run(SCENARIO, answer, order("o-1"))
    assert "EXP-006" in rules(result)
    assert result.steps[1].skipped


def test_a_target_without_the_case_skips_it_with_the_reason() -> None:
    result = execute(case_of(SCENARIO), FakeProvider(NoRecordingError("no cassette")), FixedClock())
    assert (result.verdict, result.skipped) == (Verdict.SKIP, "no cassette")


def test_what_the_target_holds_and_nobody_asked_for_is_told() -> None:
    result, _ = run(SCENARIO, order("o-1"), order("o-1"), order("o-1"))
    assert rules(result) == ["CAS-002"]


def test_a_rule_newer_than_the_version_runs_and_is_not_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "required_rules", lambda _version: frozenset[str]())
    result, _ = run(SCENARIO, {"data": {"order": {"id": "o-1", "colour": 1}}}, order("o-1"))
    (finding,) = result.all_findings
    assert finding.waived.startswith("not scored")
    assert result.verdict is Verdict.INFO


def test_an_event_step_needs_no_target() -> None:
    text = """\
scenario: events.payload.mine
title: An event of an unknown type
interface: events
versions: ["2024-11-01"]
steps:
  - step: deliver
    event: {eventDescriptor: 5}
    expect: {event_type: ORDER_CONFIRMED}
"""
    (case,) = plan([parse_scenario(text, Path("s.yaml"))], Selection())
    result = execute(case, FakeProvider(AssertionError("opened")), FixedClock())
    assert result.verdict is Verdict.FAIL
    assert "EXP-007" in rules(result)
    assert any(rule.startswith("EVT-") for rule in rules(result))
