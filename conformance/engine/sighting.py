"""What one case covers: what an expectation of its scenario looks at, and what only went by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from conformance.contract.load import load_contract
from conformance.contract.model import Contract
from conformance.engine.expect import looks_at_value, mismatch
from conformance.engine.inventory import Kind, Mark, dated
from conformance.engine.sent import see_sent, see_sent_along
from conformance.engine.shown import plan_node, see, see_along, type_node
from conformance.events.envelope import EventView, recognise
from conformance.events.reading import load_catalogue
from conformance.events.rules import DATA_RULES
from conformance.events.rules import RULES as EVENT_RULES
from conformance.events.type_checks import event_of
from conformance.findings.model import CaseResult, StepResult
from conformance.operations.compile import CompiledOperation, compile_operation
from conformance.operations.rules import ENVELOPE_RULES, ERROR_RULES, REQUEST_RULES, RESPONSE_RULES
from conformance.operations.selection import FieldPlan
from conformance.rules.catalogue import TIMELINE_RULES
from conformance.rules.judge import rules_for
from conformance.rules.model import Scope
from conformance.rules.timeline import Look, meaning_of
from conformance.scenario.model import Scenario, Step
from conformance.scenario.values import Place, places

_DATA_RULES = {rule.id for rule in DATA_RULES}
_REQUEST = frozenset((Kind.RULES, rule.id) for rule in (*ENVELOPE_RULES, *REQUEST_RULES))
_RESPONSE = frozenset((Kind.RULES, rule.id) for rule in RESPONSE_RULES)
_ERRORS = frozenset((Kind.RULES, rule.id) for rule in ERROR_RULES)
_EVENT = frozenset((Kind.RULES, rule.id) for rule in EVENT_RULES if rule.id not in _DATA_RULES)
_DATA = frozenset((Kind.RULES, rule.id) for rule in DATA_RULES)


@dataclass(frozen=True, slots=True)
class Sightings:
    """What was seen. `asserted` were looked at by an expectation, `passed` were only judged; some may be in both."""

    asserted: frozenset[Mark] = frozenset()
    passed: frozenset[Mark] = frozenset()


def sight(case: CaseResult, scenario: Scenario | None) -> Sightings:
    """What a finished case covers. Without its scenario nothing counts as asserted. Of a skipped case: nothing."""
    if case.skipped:
        return Sightings()
    watch = _Watch(load_contract(case.version), case.target)
    steps = {step.name: step for step in scenario.steps} if scenario is not None else {}
    watch.brings_events = any(step.event is not None for step in steps.values())
    expecting: Step | None = None
    for result in case.steps:
        step = steps.get(result.step)
        if result.skipped:
            continue
        if result.kind == "event":
            watch.event(result, step, expecting)
        elif result.document and result.status is not None:
            expecting = step
            watch.operation(result, step)
        watch.foreseen(result, step)
    watch.end()
    if case.example and (watch.passed or watch.asserted):
        mark = (Kind.EXAMPLES, f"{case.source}: {case.example}")
        (watch.asserted if any(_expects(step) for step in steps.values()) else watch.passed).add(mark)
    return Sightings(frozenset(watch.asserted), frozenset(watch.passed))


def _expects(step: Step) -> bool:
    expect = step.expect
    return bool(
        expect.data or expect.echoes or expect.errors or expect.event_type or expect.body or expect.events or step.http
    )


@dataclass
class _Watch:
    """Gathers what the steps of a case cover, in their order."""

    contract: Contract
    target: str
    asserted: set[Mark] = field(default_factory=set)
    passed: set[Mark] = field(default_factory=set)
    brings_events: bool = False
    _operations: int = 0
    _events: int = 0

    def operation(self, result: StepResult, step: Step | None) -> None:
        """A request and its answer."""
        # The scenario's own text, if it is there: the judge has compiled that one.
        document, name = (step.document, step.operation) if step else (result.document, None)
        compiled = compile_operation(document, name, self.contract)
        variables = result.variables if isinstance(result.variables, Mapping) else {}
        answer = result.response if isinstance(result.response, Mapping) else {}
        data, errors = answer.get("data"), answer.get("errors")
        errors = [error for error in errors if isinstance(error, Mapping)] if isinstance(errors, list) else []
        self.passed |= _REQUEST
        self.passed.update((Kind.OPERATIONS, name) for name in compiled.root_fields)
        see_sent(compiled, variables, self.passed)
        judge = compiled.judge_for(variables)
        if isinstance(data, dict):
            self.passed |= _RESPONSE
        if judge is not None and isinstance(data, dict):
            see(plan_node(judge.plan, judge.plan.type_name), data, self.passed)
        fields = judge.plan.variants[0].fields if judge is not None else ()
        self._errors(errors, step, fields)
        self._rules(fields, data, has_errors=bool(errors))
        self._operations += 1
        if step is not None and judge is not None:
            self._expectations(step, compiled, variables, data)

    def _rules(self, fields: Sequence[FieldPlan], data: Any, *, has_errors: bool) -> None:
        for plan in fields:
            if plan.name in self.contract.operations:
                is_answered = isinstance(data, Mapping) and data.get(plan.key) is not None
                seen = (Scope.REQUEST, *((Scope.ANSWER,) if is_answered else ()))
                seen += ((Scope.ERRORS,) if has_errors else ()) + ((Scope.FLOW,) if self._operations else ())
                self.passed |= _business_rules(plan.name, self.contract, plan, seen)
                if self._events:
                    self.passed |= _timeline_rules(self.contract, Look.OPERATION, plan.name, self._shows_all)

    def _errors(self, errors: Sequence[Mapping[str, Any]], step: Step | None, fields: Sequence[FieldPlan]) -> None:
        names = {plan.key: plan.name for plan in fields}
        expected = step.expect.errors if step is not None else ()
        if errors:
            self.passed |= _ERRORS
        for error in errors:
            extensions = error.get("extensions")
            known = extensions.get("classification") if isinstance(extensions, Mapping) else None
            known = known if isinstance(known, Mapping) else {}
            path = error.get("path")
            key = path[0] if isinstance(path, list) and path and isinstance(path[0], str) else next(iter(names), "")
            operation = names.get(key, key)
            if expected:
                self.asserted.add((Kind.OPERATIONS, operation))
            for part in ("type", "code"):
                value = known.get(part)
                if isinstance(value, str):
                    looks = any(_asks_for(one.wanted, part, value) for one in expected)
                    marks = self.asserted if looks else self.passed
                    marks.update(_error_marks(part, operation, value))

    def _expectations(self, step: Step, compiled: CompiledOperation, variables: Mapping[str, Any], data: Any) -> None:
        judge = compiled.judge_for(variables)
        if judge is None:
            return
        root = plan_node(judge.plan, judge.plan.type_name)
        for matcher in step.expect.data:
            whole = looks_at_value(matcher.wanted)
            for place in places(data, matcher.path):
                see_along(root, data, place.path, self.asserted, whole=whole)
        for echo in step.expect.echoes:
            for place in places(data, echo.answer):
                see_along(root, data, place.path, self.asserted, whole=True)
            for place in places(variables, echo.sent):
                if place.found:
                    see_sent_along(compiled, variables, place.path, self.asserted)
        for pattern in step.provokes:
            if pattern.path is not None and pattern.path[:1] == ("variables",):
                see_sent_along(compiled, variables, pattern.path[1:], self.asserted)

    def event(self, result: StepResult, step: Step | None, before: Step | None) -> None:
        """An event: one that the scenario brings (`step`), or one that was published after the step `before`."""
        body = result.response
        catalogue = load_catalogue()
        view = recognise(body, catalogue.version_facts(self.contract.version).eventbridge) if _is_object(body) else None
        if not isinstance(view, EventView):
            return
        self._events += 1
        self.passed |= _EVENT
        name, event = event_of(view, catalogue)
        self.passed |= _timeline_rules(self.contract, Look.EVENT, _meaning(name), self._shows_all)
        if event is not None:
            expected = (step.expect.event_type,) if step else (before.expect.events or ()) if before else ()
            (self.asserted if name in expected else self.passed).add((Kind.EVENTS, event.name))
        data, query = view.inner.get("data"), self.contract.schema.query_type
        if not isinstance(data, dict) or not data or query is None:
            return
        self.passed |= _DATA
        root = type_node(self.contract, query)
        see(root, data, self.passed)
        at = (*view.inner_path, "data")
        for matcher in step.expect.body if step else ():
            for place in places(body, matcher.path):
                if place.path[: len(at)] == at:
                    whole = looks_at_value(matcher.wanted)
                    see_along(root, data, place.path[len(at) :], self.asserted, whole=whole)

    def foreseen(self, result: StepResult, step: Step | None) -> None:
        """The rules whose violation the scenario foresees, and got."""
        if step is not None:
            found = {finding.rule for finding in result.findings}
            patterns = (*step.provokes, *step.contradicts)
            self.asserted.update((Kind.RULES, pattern.rule) for pattern in patterns if pattern.rule in found)

    def end(self) -> None:
        """The rules about what should have come until now."""
        if self._events or self._shows_all:
            self.passed |= _timeline_rules(self.contract, Look.END, "", self._shows_all)

    @property
    def _shows_all(self) -> bool:
        """Are all events of the case known, and only those? As `engine.course` has it."""
        return self.target == "embedded" and not self.brings_events


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _asks_for(wanted: Mapping[str, Any], part: str, value: str) -> bool:
    return part in wanted and mismatch(wanted[part], Place((), value)) is None


def _error_marks(part: str, operation: str, value: str) -> Iterator[Mark]:
    """An operation's error goes by its code, or by its type where the documentation names no code."""
    if part == "type":
        yield Kind.ERROR_TYPES, value
    yield Kind.ERRORS, f"{operation}: {value}"


@lru_cache(maxsize=256)
def _meaning(name: str) -> str:
    return meaning_of(name, load_catalogue())


@lru_cache(maxsize=4096)
def _business_rules(operation: str, contract: Contract, plan: FieldPlan, seen: tuple[Scope, ...]) -> frozenset[Mark]:
    """The rules that hold for the operation and look at what there was to see."""
    rules = rules_for(operation, contract, plan)
    return frozenset((Kind.RULES, rule.id) for rule in rules if rule.scope in seen)


@lru_cache(maxsize=1024)
def _timeline_rules(contract: Contract, look: Look, name: str, shows_all: bool) -> frozenset[Mark]:
    """The rules about events and what was before that look at a piece with this name."""
    version = dated(contract.version)
    found = []
    for rule in TIMELINE_RULES:
        chosen = {Look.EVENT: rule.meanings, Look.OPERATION: rule.operations, Look.END: ()}[look]
        if rule.look is look and version in rule.versions and (shows_all or not rule.needs_all):
            found += [(Kind.RULES, rule.id)] if not chosen or name in chosen else []
    return frozenset(found)
