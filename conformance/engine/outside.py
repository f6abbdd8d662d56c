"""Steps outside of GraphQL: a call of a link that an answer gave, and what people and time bring about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.findings.model import Blame, Finding, Grade, StepResult, Verdict
from conformance.scenario.model import Expectation, Step
from conformance.scenario.values import Scope
from conformance.targets.protocol import Worldly
from conformance.traffic.model import HttpRequest

_SHOWN = 2_000
_SKIPPED = "the target cannot bring this about, nor wait for it"


@dataclass(frozen=True, slots=True)
class OutsideResult:
    """What came of such a step. `answer` is what a capture reads; `can_go_on` is False where later steps need it."""

    step: StepResult
    answer: Any = None
    can_go_on: bool = True


def take_outside(step: Step, scope: Scope, target: object, deadline_s: float) -> OutsideResult:
    """Does a step with `http` or `outside`. A target that can do neither skips it. Raises TargetError."""
    kind = "http" if step.http is not None else "outside"
    if not isinstance(target, Worldly):
        return OutsideResult(StepResult(step.name, kind=kind, skipped=_SKIPPED), can_go_on=False)
    if step.http is not None:
        request = HttpRequest(step.http.method, str(scope.resolve(step.http.url)), (), step.http.body.encode())
        response = target.transfer(request, deadline_s=deadline_s)
        text = response.body.decode("utf-8", "replace")
        findings = tuple(_check(step.expect, response.status, text))
        shown = text[:_SHOWN]
        name = f"{step.http.method} of a link"
        return OutsideResult(StepResult(step.name, findings, name, response=shown, status=response.status, kind=kind))
    if step.outside is None:
        raise ValueError(f"the step {step.name!r} is none outside of GraphQL")
    options = scope.resolve(step.outside.options)
    answer: Mapping[str, Any] = target.bring_about(step.outside.what, options, deadline_s=deadline_s)
    result = StepResult(step.name, operation=step.outside.what, variables=options, response=answer, kind=kind)
    return OutsideResult(result, {"data": answer})


def _check(expect: Expectation, status: int, text: str) -> Iterator[Finding]:
    if expect.status is not None and status != expect.status:
        yield _finding("EXP-001", f"HTTP status {status}", str(expect.status), str(status), expect)
    for wanted in expect.contains:
        if wanted not in text:
            yield _finding("EXP-002", "the answer does not hold a text", wanted, f"{len(text)} characters", expect)


def _finding(rule: str, message: str, expected: str, actual: str, expect: Expectation) -> Finding:
    return Finding(
        rule,
        Verdict.FAIL,
        message,
        blame=Blame.TARGET,
        origin="http",
        expected=expected,
        actual=actual,
        grade=Grade.EXAMPLE,
        source="scenario",
        position=expect.contains_position if rule == "EXP-002" else None,
    )
