"""A case against a target: send each step, judge each answer, hold it against the scenario, carry captures on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.base.clock import Clock
from conformance.base.data import display_path
from conformance.base.errors import InputError, TargetError
from conformance.base.paths import JsonPath
from conformance.contract.requirements import required_rules
from conformance.engine.course import Course
from conformance.engine.expect import check_answer, check_event, check_published
from conformance.engine.judge import judge_exchange, judge_rules_so_far
from conformance.engine.outside import take_outside
from conformance.engine.plan import Case, as_scenario_fault, check_case
from conformance.engine.rules import RULE
from conformance.events.judge import judge_event
from conformance.findings.model import Blame, CaseResult, Finding, Grade, StepResult, Verdict
from conformance.operations.compile import compile_operation
from conformance.rules.model import RuleCase
from conformance.scenario.model import FindingPattern, Step
from conformance.scenario.values import Scope, places
from conformance.targets.protocol import NoRecordingError, NotRecordedError, Publisher, Target, TargetProvider
from conformance.traffic.model import Event, Exchange, HttpRequest

DEADLINE_S = 30.0
_ALWAYS_SCORED = frozenset({"EXP", "CAS", "SCN", "TGT", "TRF"})
"""Rules about the scenario, the recording and the run: no requirement set of a version names them."""
_PURPOSE = "sent on purpose"
_REQUEST_ORIGINS = frozenset({"request", "document", "variables"})


def execute(case: Case, provider: TargetProvider, clock: Clock) -> CaseResult:
    """The result of a case. Trouble of the target, the recording or the suite is a finding in it."""
    started = clock.monotonic_s()
    result = _blank(case, provider.name)
    faults = check_case(case)
    if faults:
        return replace(result, findings=faults)
    try:
        target = provider.open(case.scenario.id, case.contract) if _needs_target(case) else None
    except NoRecordingError as error:
        return replace(result, skipped=error.message)
    except InputError as error:
        return replace(result, findings=tuple(_input_finding(problem) for problem in error.problems))
    run = _CaseRun(case, target, clock)
    steps = run.steps()
    unused = [] if target is None or run.broken_off else list(target.unused())
    return replace(
        result,
        steps=steps,
        findings=(
            *(_engine_finding("CAS-002", f"never asked for: {text}", Blame.SUITE) for text in unused),
            *run.closing(),
        ),
        evidence=run.evidence(),
        elapsed_ms=round((clock.monotonic_s() - started) * 1000, 3),
    )


def _blank(case: Case, target: str) -> CaseResult:
    scenario = case.scenario
    return CaseResult(
        case_id=case.id,
        scenario=scenario.id,
        version=case.version,
        interface=scenario.interface,
        title=scenario.title,
        target=target,
        profiles=scenario.profiles,
        tags=scenario.tags,
        source=scenario.page,
        example=scenario.example,
        file=display_path(scenario.file),
        errata=scenario.errata,
    )


def _needs_target(case: Case) -> bool:
    return any(step.event is None for step in case.scenario.steps)


@dataclass
class _CaseRun:
    """The steps of one case, one after the other."""

    case: Case
    target: Target | None
    clock: Clock
    broken_off: bool = False
    _grades: Counter[str] = field(default_factory=Counter)
    _earlier: tuple[RuleCase, ...] = ()
    _course: Course = field(init=False)

    def __post_init__(self) -> None:
        brings_events = any(step.event is not None for step in self.case.scenario.steps)
        shows_all = isinstance(self.target, Publisher) and self.target.shows_all_events
        self._course = Course(self.case.contract, is_complete=shows_all and not brings_events)

    def steps(self) -> tuple[StepResult, ...]:
        scope = Scope(self.case.scenario.inputs, {})
        results: list[StepResult] = []
        for step in self.case.scenario.steps:
            if self.broken_off:
                results.append(StepResult(step.name, skipped="an earlier step did not end well"))
            elif self.target is not None and (step.http is not None or step.outside is not None):
                result, captured = self._outside(step, scope, self.target)
                results += self._with_published(result, step, self.target)
                scope = scope.with_captures(captured)
            elif self.target is None or step.event is not None:
                results.append(self._event(step, scope))
            else:
                result, captured = self._operation(step, scope, self.target)
                results += self._with_published(result, step, self.target)
                scope = scope.with_captures(captured)
        return tuple(results)

    def evidence(self) -> tuple[tuple[str, int], ...]:
        return tuple(sorted(self._grades.items()))

    def closing(self) -> tuple[Finding, ...]:
        """What the whole course of the case lacks."""
        return () if self.broken_off else self._scored(self._course.end())

    def _event(self, step: Step, scope: Scope) -> StepResult:
        body = scope.resolve(step.event)
        event = Event(json.dumps(body).encode(), position=step.position)
        judgement = judge_event(event, self.case.contract)
        expected = check_event(
            step.expect, event_type=judgement.event_type, envelope=judgement.kind, body=body, scope=scope
        )
        told = self._course.event(event)
        findings = self._settle((*judgement.findings, *told, *expected), step, "documentation")
        return StepResult(step.name, findings, operation=judgement.event_type, response=body, kind="event")

    def _outside(self, step: Step, scope: Scope, target: Target) -> tuple[StepResult, dict[str, Any]]:
        try:
            taken = take_outside(step, scope, target, DEADLINE_S)
        except TargetError as error:
            self.broken_off = True
            return StepResult(step.name, (_engine_finding("TGT-001", str(error), Blame.ENVIRONMENT),)), {}
        captured, missing = _capture(step, taken.answer)
        self.broken_off = not taken.can_go_on or bool(missing)
        return _and(taken.step, missing if taken.can_go_on else ()), captured

    def _operation(self, step: Step, scope: Scope, target: Target) -> tuple[StepResult, dict[str, Any]]:
        variables = scope.resolve(step.variables)
        compiled = compile_operation(step.document, step.operation, self.case.contract)
        self._grades.update({grade.value: count for grade, count in compiled.grades.items()})
        operation = compiled.root_fields[0] if compiled.root_fields else ""
        result = StepResult(step.name, operation=operation, document=step.document.strip(), variables=variables)
        request = build_request(step, variables, self.case.version, target.endpoint)
        started = self.clock.monotonic_s()
        try:
            response = target.send(request, deadline_s=DEADLINE_S)
        except NotRecordedError as error:
            self.broken_off = True
            return replace(result, findings=(_engine_finding("CAS-001", error.message, Blame.SUITE),)), {}
        except TargetError as error:
            self.broken_off = True
            return replace(result, findings=(_engine_finding("TGT-001", str(error), Blame.ENVIRONMENT),)), {}
        elapsed_ms = round((self.clock.monotonic_s() - started) * 1000, 3)
        answer = _parsed(response.body)
        exchange = Exchange(request, response, elapsed_ms=elapsed_ms)
        judged = judge_exchange(exchange, self.case.contract).findings
        before = len(self._earlier)
        broken, self._earlier = judge_rules_so_far(exchange, self.case.contract, self._earlier)
        broken = (*broken, *self._course.operations(self._earlier[before:]))
        expected = check_answer(step.expect, status=response.status, answer=answer, variables=variables, scope=scope)
        captured, missing = _capture(step, answer)
        self.broken_off = self.broken_off or bool(missing)
        findings = self._settle((*judged, *broken, *expected, *missing), step, target.origin)
        shown = answer if answer is not None else response.body.decode("utf-8", "replace")
        return replace(
            result, findings=findings, response=shown, status=response.status, elapsed_ms=elapsed_ms
        ), captured

    def _with_published(self, result: StepResult, step: Step, target: Target) -> tuple[StepResult, ...]:
        """The step's result, and one for each event that the target published since the step before."""
        if not isinstance(target, Publisher):
            return (_and(result, check_published(step.expect, None, shows_all=False)),)
        try:
            published = target.events()
        except TargetError as error:
            self.broken_off = True
            return (_and(result, (_engine_finding("TGT-001", str(error), Blame.ENVIRONMENT),)),)
        told = tuple(self._published(event, f"{step.name} event {n}", step) for n, event in enumerate(published, 1))
        names = [one.operation for one in told]
        found = {finding.rule for one in told for finding in one.findings}
        foreseen = [pattern for pattern in step.provokes if pattern.is_of_event] if target.shows_all_events else []
        unseen = (_not_shown(pattern) for pattern in foreseen if pattern.rule not in found)
        expected = check_published(step.expect, names, shows_all=target.shows_all_events)
        return (_and(result, (*expected, *unseen)), *told)

    def _published(self, event: Event, name: str, step: Step) -> StepResult:
        judgement = judge_event(event, self.case.contract)
        foreseen = [pattern for pattern in step.provokes if pattern.is_of_event]
        findings = tuple(
            replace(finding, waived=_PURPOSE) if any(p.fits(finding.rule, finding.path) for p in foreseen) else finding
            for finding in self._scored((*judgement.findings, *self._course.event(event)))
        )
        return StepResult(name, findings, operation=judgement.event_type, response=_parsed(event.body), kind="event")

    def _scored(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Marks the findings of rules that this version is not scored on."""
        required = required_rules(self.case.version)
        return tuple(
            finding if finding.rule in required or finding.rule[:3] in _ALWAYS_SCORED else _not_scored(finding)
            for finding in findings
        )

    def _settle(self, findings: Iterable[Finding], step: Step, origin: str) -> tuple[Finding, ...]:
        """Marks what was foreseen and what is not scored; faults of our own request become the scenario's."""
        required = required_rules(self.case.version)
        seen: set[FindingPattern] = set()
        settled = []
        for finding in findings:
            foreseen = _foreseen(finding, step, origin)
            if foreseen is not None:
                seen.add(foreseen)
                settled.append(replace(finding, waived=_reason(foreseen)))
            elif finding.origin in _REQUEST_ORIGINS and finding.verdict >= Verdict.FAIL:
                settled.append(as_scenario_fault(finding, step))
            elif finding.rule not in required and finding.rule[:3] not in _ALWAYS_SCORED:
                settled.append(_not_scored(finding))
            else:
                settled.append(finding)
        made = (pattern for pattern in step.provokes if step.event is not None or not pattern.is_of_event)
        patterns = (*made, *(step.contradicts if origin == "documentation" else ()))
        return (*settled, *(_not_shown(pattern) for pattern in patterns if pattern not in seen))


def _not_scored(finding: Finding) -> Finding:
    return replace(finding, waived="not scored: the rule is newer than this version's requirement set")


def _and(result: StepResult, findings: Iterable[Finding]) -> StepResult:
    return replace(result, findings=(*result.findings, *findings))


def build_request(step: Step, variables: Mapping[str, Any], version: str, endpoint: str) -> HttpRequest:
    """The step's request as a client sends it; credentials are the target's affair."""
    body: dict[str, Any] = {"query": step.document}
    if step.operation:
        body["operationName"] = step.operation
    if variables:
        body["variables"] = variables
    headers = (
        ("Content-Type", "application/json"),
        ("Accept", "application/graphql-response+json, application/json"),
        ("x-api-version", version),
    )
    return HttpRequest("POST", endpoint, headers, json.dumps(body, ensure_ascii=False).encode())


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None  # the judge has a finding about it


def _capture(step: Step, answer: Any) -> tuple[dict[str, Any], list[Finding]]:
    data = answer.get("data") if isinstance(answer, Mapping) else None
    captured: dict[str, Any] = {}
    missing: list[Finding] = []
    for name, pattern in step.capture.items():
        place = next(iter(places(data, pattern, ("data",))), None)
        if place is None or not place.found or place.value is None:
            path: JsonPath = place.path if place else ("data",)
            message = f"later steps need {pattern} as {name!r}"
            missing.append(
                replace(
                    _engine_finding("EXP-006", message, Blame.TARGET), path=path, expected="a value", actual="nothing"
                )
            )
        else:
            captured[name] = place.value
    return captured, missing


def _foreseen(finding: Finding, step: Step, origin: str) -> FindingPattern | None:
    patterns = step.provokes if finding.origin in _REQUEST_ORIGINS or step.event is not None else ()
    if origin == "documentation" or finding.origin in _REQUEST_ORIGINS:  # a documented request is the same for all
        patterns = (*patterns, *step.contradicts)
    return next((pattern for pattern in patterns if pattern.fits(finding.rule, finding.path)), None)


def _reason(pattern: FindingPattern) -> str:
    return f"documented contradiction {pattern.erratum}" if pattern.erratum else _PURPOSE


def _not_shown(pattern: FindingPattern) -> Finding:
    what = f"the contradiction {pattern.erratum!r}" if pattern.erratum else "the fault made on purpose"
    message = f"{what} gave no {pattern.rule} finding"
    path = pattern.path or ()
    origin = "variables" if path[:1] == ("variables",) else "scenario"
    return replace(
        _engine_finding("EXP-009", message, Blame.SUITE), position=pattern.position, path=path, origin=origin
    )


def _input_finding(problem: object) -> Finding:
    return _engine_finding("CAS-001", str(problem), Blame.CONFIGURATION)


def _engine_finding(rule: str, message: str, blame: Blame) -> Finding:
    verdict = Verdict.FAIL if blame in (Blame.TARGET, Blame.CONFIGURATION) else Verdict.ERROR
    return Finding(rule, verdict, message, RULE[rule].level, blame, grade=Grade.SPECIFICATION, source=RULE[rule].source)
