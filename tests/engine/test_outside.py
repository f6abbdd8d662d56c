"""Steps outside of GraphQL: links that are called, and what happens without a request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.base.clock import FixedClock
from conformance.base.errors import TargetError
from conformance.contract.model import Contract
from conformance.engine.execute import execute
from conformance.engine.plan import plan
from conformance.findings.model import Blame, CaseResult, Verdict
from conformance.scenario.load import parse_scenario
from conformance.scenario.select import Selection
from conformance.targets.protocol import Target
from conformance.traffic.model import HttpRequest, HttpResponse

SCENARIO = """\
scenario: catalog.flow.link
title: Get a link, call it, and let somebody send something back
interface: catalog
versions: ["2024-11-01"]
steps:
  - step: link
    document: |
      query ($id: String!) { downloadLink(fileId: $id) { downloadUrl } }
    variables: {id: f-1}
    capture: {url: downloadLink.downloadUrl}
  - step: fetch
    http: {method: GET, url: {$capture: url}}
    expect: {status: 200, contains: ["row 2"]}
  - step: send-back
    outside: {returns: {orderId: o-1}}
    capture: {returnId: returnId}
  - step: grade
    outside: {grading: {orderId: o-1, returnId: {$capture: returnId}}}
"""


@dataclass
class Silent:
    """A target for which nothing happens outside of the API."""

    origin: str = "embedded"
    endpoint: str = "https://sandbox.example/graphql"

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        assert request.body
        assert deadline_s > 0
        body = {"data": {"downloadLink": {"downloadUrl": "https://files.example/f-1"}}}
        return HttpResponse(200, (("Content-Type", "application/json"),), json.dumps(body).encode())

    def unused(self) -> tuple[str, ...]:
        return ()


@dataclass
class Alive(Silent):
    """A target that answers links with `file`, and tells of what happened with `told`."""

    file: HttpResponse = field(default_factory=lambda: HttpResponse(200, (), b"row 1, row 2"))
    told: Mapping[str, Any] | TargetError = field(default_factory=lambda: {"returnId": "ret-1"})
    asked: list[Any] = field(default_factory=list)

    def transfer(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        assert deadline_s > 0
        self.asked.append(request)
        return self.file

    def bring_about(self, what: str, options: Mapping[str, Any], *, deadline_s: float) -> Mapping[str, Any]:
        assert deadline_s > 0
        self.asked.append((what, dict(options)))
        if isinstance(self.told, TargetError):
            raise self.told
        return self.told


@dataclass
class Provider:
    target: Target
    name: str = "embedded"

    def open(self, scenario: str, contract: Contract) -> Target:
        assert (scenario, contract.version) == ("catalog.flow.link", "2024-11-01")
        return self.target


def run(target: Target) -> CaseResult:
    (case,) = plan([parse_scenario(SCENARIO, Path("s.yaml"))], Selection())
    return execute(case, Provider(target), FixedClock())


def test_a_link_is_called_without_credentials_and_captures_of_what_happened_are_carried_on() -> None:
    target = Alive()
    assert run(target).verdict is Verdict.PASS
    request, *happened = target.asked
    assert (request.method, request.url, request.headers) == ("GET", "https://files.example/f-1", ())
    assert happened == [("returns", {"orderId": "o-1"}), ("grading", {"orderId": "o-1", "returnId": "ret-1"})]


def test_another_status_and_another_content_are_findings() -> None:
    result = run(Alive(file=HttpResponse(404, (), b"nothing")))
    assert [finding.rule for finding in result.all_findings] == ["EXP-001", "EXP-002"]
    assert {finding.origin for finding in result.all_findings} == {"http"}


def test_what_does_not_happen_ends_the_case() -> None:
    result = run(Alive(told=TargetError("the shopper does not come")))
    (finding,) = result.all_findings
    assert (finding.rule, finding.blame) == ("TGT-001", Blame.ENVIRONMENT)
    assert result.steps[3].skipped


def test_a_capture_that_leads_nowhere_is_a_finding() -> None:
    assert [finding.rule for finding in run(Alive(told={})).all_findings] == ["EXP-006"]


def test_a_target_without_a_world_around_it_skips_the_rest() -> None:
    result = run(Silent())
    assert result.verdict is Verdict.SKIP
    assert [bool(step.skipped) for step in result.steps] == [False, True, True, True]
