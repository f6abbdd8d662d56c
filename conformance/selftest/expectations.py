"""Defects of a target that a scenario's own expectations have to report."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any, Final

from conformance.scenario.model import Expectation, FindingPattern, Step
from conformance.scenario.values import Scope, places
from conformance.selftest.model import Recorded
from conformance.selftest.runs import (
    Made,
    RunFaultList,
    Workshop,
    asking,
    exchanges_of,
    only,
    other_value,
    published_by,
    put,
    replayed,
    with_body,
)
from conformance.traffic.model import Event

FAULTS: Final = RunFaultList()


@FAULTS("another-status", "EXP-001", "The target answers with another HTTP status than the scenario expects")
def another_status(workshop: Workshop, random: Random) -> Made | None:
    for recorded, index, step in asking(workshop, random):
        status = random.choice((201, 202, 404, 500, 503))
        expect = replace(step.expect, status=200)
        steps = [replace(each, expect=expect) if each is step else each for each in recorded.case.scenario.steps]
        rules = replayed(recorded, only(index, partial(replace, status=status)), steps)
        return recorded.case.id, f"{step.name} answered with {status}", rules
    return None


def _altered_value(workshop: Workshop, random: Random, patterns: Callable[[Expectation], Sequence[str]]) -> Made | None:
    for recorded, index, step in asking(workshop, random):
        body = json.loads(exchanges_of(recorded)[index].response.body)
        found = [
            place
            for pattern in patterns(step.expect)
            for place in places(body.get("data"), pattern, ("data",))
            if place.found and place.value is not None and not isinstance(place.value, dict)
        ]
        if found:
            place = random.choice(found)
            value = other_value(place.value, random)
            change = partial(put, path=place.path, value=value)
            altered = replayed(recorded, only(index, partial(with_body, change=change)))
            return recorded.case.id, f"{step.name}: {place.path} altered", altered
    return None


@FAULTS("unexpected-value", "EXP-002", "The target answers with another value than the scenario expects")
def unexpected_value(workshop: Workshop, random: Random) -> Made | None:
    def exact(expect: Expectation) -> list[str]:
        return [each.path for each in expect.data if not isinstance(each.wanted, dict)]

    return _altered_value(workshop, random, exact)


@FAULTS("lost-echo", "EXP-003", "What was sent comes back as something else")
def lost_echo(workshop: Workshop, random: Random) -> Made | None:
    return _altered_value(workshop, random, lambda expect: [each.answer for each in expect.echoes])


@FAULTS("another-error", "EXP-004", "The target refuses for another reason than the scenario expects")
def another_error(workshop: Workshop, random: Random) -> Made | None:
    for recorded, index, step in asking(workshop, random):
        if not step.expect.errors:
            continue
        key = random.choice(list(step.expect.errors[0].wanted))

        def change(root: dict[str, Any], key: str = key) -> None:
            for error in root["errors"]:
                holder = error if key in ("message", "path") else error["extensions"]["classification"]
                holder[key] = f"Another{random.randrange(100)}"

        rules = replayed(recorded, only(index, partial(with_body, change=change)))
        return recorded.case.id, f"{step.name}: the error's {key} altered", rules
    return None


@FAULTS("surprising-error", "EXP-005", "The target refuses what the scenario expects it to do")
def surprising_error(workshop: Workshop, random: Random) -> Made | None:
    for recorded, index, step in asking(workshop, random):
        if step.expect.errors:
            continue
        error = {"message": f"No {random.randrange(1000)}", "extensions": {"classification": {"type": "Other"}}}

        def change(root: dict[str, Any], error: dict[str, Any] = error) -> None:
            root["errors"] = [error]

        return (
            recorded.case.id,
            f"{step.name} refused",
            replayed(recorded, only(index, partial(with_body, change=change))),
        )
    return None


@FAULTS("lost-capture", "EXP-006", "A value that a later step needs is missing in the answer")
def lost_capture(workshop: Workshop, random: Random) -> Made | None:
    for recorded, index, step in asking(workshop, random):
        if not step.capture:
            continue
        name = random.choice(list(step.capture))

        def change(root: dict[str, Any], pattern: str = step.capture[name]) -> None:
            for place in places(root["data"], pattern, ("data",)):
                if place.found:
                    put(root, place.path, None)

        return (
            recorded.case.id,
            f"{step.name}: no {name}",
            replayed(recorded, only(index, partial(with_body, change=change))),
        )
    return None


def _event_steps(workshop: Workshop, random: Random) -> Iterator[tuple[Recorded, Step]]:
    offers = [(recorded, step) for recorded in workshop.traffic for step in recorded.case.scenario.steps if step.event]
    random.shuffle(offers)
    yield from offers


def _with_event(recorded: Recorded, step: Step, event: dict[str, Any]) -> tuple[str, ...]:
    steps = [replace(each, event=event) if each is step else each for each in recorded.case.scenario.steps]
    return replayed(recorded, steps=steps)


@FAULTS("another-event", "EXP-007", "An event of another type comes than the scenario expects")
def another_event(workshop: Workshop, random: Random) -> Made | None:
    types = ("ORDER_CONFIRMED", "REFUND_REQUESTED", "RETURN_CREATED", "PACKAGE_DELIVERED", "ITEM_SHIPPED")
    for recorded, step in _event_steps(workshop, random):
        event = copy.deepcopy(dict(step.event or {}))
        name = random.choice(types)
        if not step.expect.event_type or name == step.expect.event_type:
            continue
        holder = event["detail"] if isinstance(event.get("detail"), dict) and event["detail"] else event
        for key in ("eventDescriptor", "detail-type"):
            if key in holder:
                holder[key] = name
            if key in event:
                event[key] = name
        return recorded.case.id, f"{step.name}: {name}", _with_event(recorded, step, event)
    return None


@FAULTS("unexpected-event-value", "EXP-008", "An event holds another value than the scenario expects")
def unexpected_event_value(workshop: Workshop, random: Random) -> Made | None:
    for recorded, step in _event_steps(workshop, random):
        event = json.loads(json.dumps(Scope(recorded.case.scenario.inputs, {}).resolve(step.event)))
        found = [
            place
            for matcher in step.expect.body
            if not isinstance(matcher.wanted, dict)
            for place in places(event, matcher.path)
            if place.found and not isinstance(place.value, dict)
        ]
        if found:
            place = random.choice(found)
            put(event, place.path, other_value(place.value, random))
            return recorded.case.id, f"{step.name}: {place.path} altered", _with_event(recorded, step, event)
    return None


@FAULTS("foreseen-fault-missing", "EXP-009", "A fault that the scenario foresees does not show")
def foreseen_fault_missing(workshop: Workshop, random: Random) -> Made | None:
    for recorded, _, step in asking(workshop, random):
        pattern = FindingPattern(random.choice(("REQ-044", "REQ-046", "REQ-042", "ORD-001")), None, "", step.position)
        if any(each.rule == pattern.rule for each in step.provokes):
            continue
        steps = [
            replace(each, provokes=(*each.provokes, pattern)) if each is step else each
            for each in recorded.case.scenario.steps
        ]
        return recorded.case.id, f"{step.name}: no {pattern.rule}", replayed(recorded, steps=steps)
    return None


@FAULTS("expected-event-missing", "EXP-010", "An event that the scenario expects is not published, or another one is")
def expected_event_missing(workshop: Workshop, random: Random) -> Made | None:
    for recorded, index, step in asking(workshop, random):
        events = published_by(recorded)[index] if recorded.is_complete else ()
        if not events:
            continue
        names = tuple(event_type(each) for each in events)
        steps = [
            replace(each, expect=replace(each.expect, events=names)) if each is step else each
            for each in recorded.case.scenario.steps
        ]
        lost = random.choice((True, False))

        def publish(at: int, told: tuple[Event, ...], index: int = index, lost: bool = lost) -> tuple[Event, ...]:
            return told if at != index else told[1:] if lost else (*told, told[0])

        said = "lost" if lost else "told twice"
        return recorded.case.id, f"{step.name}: {names[0]} {said}", replayed(recorded, steps=steps, publish=publish)
    return None


def event_type(event: Event) -> str:
    """The event type as the envelope names it."""
    body = json.loads(event.body)
    return str(body.get("detail-type") or body.get("eventDescriptor"))
