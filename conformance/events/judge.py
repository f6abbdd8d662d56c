"""Judges one event: envelope, event type, resource paths, data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from conformance.base.errors import InputError, SourcePosition
from conformance.base.jsonio import load_json
from conformance.contract.model import Contract
from conformance.events.catalogue import EventCatalogue
from conformance.events.data_checks import check_data
from conformance.events.envelope import EventView, Unrecognised, recognise
from conformance.events.envelope_checks import check_api_version, check_envelope, check_form
from conformance.events.finding import described, found
from conformance.events.reading import load_catalogue
from conformance.events.resource_checks import check_ids, check_resources
from conformance.events.type_checks import check_resources_equal, check_type, event_of
from conformance.findings.model import Finding, Grade, Verdict
from conformance.findings.wording import printable
from conformance.traffic.model import Event

MAX_EVENT_BYTES: Final = 16 * 1024 * 1024
MAX_FINDINGS: Final = 500


@dataclass(frozen=True, slots=True)
class EventJudgement:
    """What judging an event found. `event_type` is the name as given, `kind` the envelope; empty when unknown."""

    event_type: str
    kind: str
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings, waivers counted."""
        return Verdict.worst(finding.counted for finding in self.findings)


def judge_event(event: Event, contract: Contract, *, catalogue: EventCatalogue | None = None) -> EventJudgement:
    """Judges an event against a contract. Never raises because of what the event holds.

    `catalogue` stands in for the one of this installation. Every finding's path leads into the event; its position is
    the event's place in its file, for malformed JSON the very line and column.
    """
    catalogue = catalogue or load_catalogue()
    body, faults = _parse(event)
    if faults:
        return EventJudgement("", "", faults)
    facts = catalogue.version_facts(contract.version)
    view = recognise(body, facts.eventbridge)
    if isinstance(view, Unrecognised):
        fault = found(
            "EVT-003",
            (),
            view.message,
            expected=view.expected,
            actual=described(body),
            grade=Grade.EXAMPLE,
            position=event.position,
        )
        return EventJudgement("", "", (fault,))
    name, _ = event_of(view, catalogue)
    findings = tuple(_capped(_check(view, contract, catalogue)))
    if event.position is not None:
        findings = tuple(replace(finding, position=event.position) for finding in findings)
    return EventJudgement(printable(name[:200]), view.kind.value, findings)


def _check(view: EventView, contract: Contract, catalogue: EventCatalogue) -> Iterator[Finding]:
    facts = catalogue.version_facts(contract.version)
    _, event = event_of(view, catalogue)
    yield from check_form(view, facts, event)
    yield from check_envelope(view, catalogue)
    yield from check_api_version(view, facts)
    yield from check_type(view, catalogue, facts)
    yield from check_resources_equal(view)
    yield from check_resources(view, catalogue, facts, event)
    yield from check_data(view, contract, facts, event)
    yield from check_ids(view, catalogue, event)


def _parse(event: Event) -> tuple[Any, tuple[Finding, ...]]:
    """The event as an object, or the finding that it is none."""
    if len(event.body) > MAX_EVENT_BYTES:
        size = f"{len(event.body):,} bytes"
        return None, (
            _malformed(
                f"the event has {size}", event.position, expected=f"at most {MAX_EVENT_BYTES:,} bytes", actual=size
            ),
        )
    where = event.position or SourcePosition("event", 1)
    try:
        body = load_json(event.body, where.file, first_line=where.line or 1)
    except InputError as error:
        return None, tuple(
            _malformed(
                f"{problem.message} (line {problem.position.line}, column {problem.position.column})",
                problem.position,
                expected=problem.expected or "JSON",
                fix=problem.fix or _comma_fix(event.body, problem.message),
            )
            for problem in error.problems
        )
    if isinstance(body, dict):
        return body, ()
    fault = found(
        "EVT-002",
        (),
        "the event is no object",
        expected="object",
        actual=described(body),
        position=event.position,
        grade=Grade.SPECIFICATION,
    )
    return None, (fault,)


def _malformed(
    message: str, position: SourcePosition | None, *, expected: str, actual: str = "", fix: str = ""
) -> Finding:
    return found("EVT-001", (), printable(message), expected=expected, actual=actual, position=position, fix=fix)


def _comma_fix(body: bytes, message: str) -> str:
    """Several documented events are printed with a comma behind the last element, which no JSON reader takes."""
    packed = b"".join(body.split())
    if message.startswith("not JSON: ") and (b",]" in packed or b",}" in packed):
        return "Remove the comma before the closing bracket; several documented events are printed with one"
    return ""


def _capped(findings: Iterator[Finding]) -> Iterator[Finding]:
    yield from islice(findings, MAX_FINDINGS)
    if next(findings, None) is not None:
        yield found(
            "EVT-053",
            (),
            f"more than {MAX_FINDINGS} findings; the rest is not listed",
            expected=f"at most {MAX_FINDINGS}",
            actual="more",
        )
