"""Checks of the event type: known in this version, spelled as documented, not deprecated, the same in both places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.base.paths import JsonPath, format_path
from conformance.events.catalogue import EventCatalogue, EventType, Status, VersionFacts
from conformance.events.envelope import EventView
from conformance.events.finding import found, quoted
from conformance.events.resource_checks import fits
from conformance.findings.model import Blame, Finding, Grade


def event_of(view: EventView, catalogue: EventCatalogue) -> tuple[str, EventType | None]:
    """The event type's name as the event gives it, and the event type that it means; empty and None: there is none.

    Of two names the one that is known is taken; of two known ones the one that the resource path belongs to.
    """
    names = [value for _, value in view.type_places if isinstance(value, str)]
    known = [(name, event) for name in names if (event := catalogue.event(name))]
    if not known:
        known = [(name, event) for name in names if (event := catalogue.respelled(name) or catalogue.printed_as(name))]
    if not known:
        return (names[0] if names else ""), None
    return next((pair for pair in known if fits(view, pair[1])), known[0])


def check_type(view: EventView, catalogue: EventCatalogue, facts: VersionFacts) -> Iterator[Finding]:
    """Findings about the event type, at each place that names it in its own way."""
    places = [(path, value) for path, value in view.type_places if isinstance(value, str) and value.strip()]
    if len(places) == 2 and places[0][1] != places[1][1]:
        name, event = event_of(view, catalogue)
        faulty, other = (places[1], places[0]) if event and name == places[0][1] != places[1][1] else places
        yield _differ(faulty, other)
    seen: set[str] = set()
    for path, name in places:
        if name not in seen:
            seen.add(name)
            yield from _check_name(path, name, catalogue, facts)


def check_resources_equal(view: EventView) -> Iterator[Finding]:
    """The resources inside and outside of detail have to be the same."""
    places = view.resource_places
    if len(places) == 2:
        yield found(
            "EVT-025",
            places[0][0],
            "resources and detail.resources differ",
            expected="the same paths in both",
            actual="different ones",
            grade=Grade.PAGE,
        )


def _differ(faulty: tuple[JsonPath, Any], other: tuple[JsonPath, Any]) -> Finding:
    return found(
        "EVT-024",
        faulty[0],
        f"{format_path(faulty[0])} and {format_path(other[0])} name different event types",
        expected=quoted(other[1]),
        actual=quoted(faulty[1]),
        grade=Grade.PAGE,
    )


def _check_name(path: JsonPath, name: str, catalogue: EventCatalogue, facts: VersionFacts) -> Iterator[Finding]:
    event = catalogue.event(name)
    if event is None:
        yield from _check_unknown(path, name, catalogue, facts)
        return
    entry = event.status(facts.version)
    if entry is None:
        yield _in_other_version(path, event, catalogue, facts)
    elif entry.status is Status.DEPRECATED:
        yield found(
            "EVT-022",
            path,
            f"{name} is deprecated in {facts.version} since {entry.since}",
            expected=entry.instead,
            actual=name,
            grade=entry.grade,
            source=entry.source,
            blame=Blame.CLIENT,
            fix=f"Subscribe to {entry.instead}",
        )
    elif entry.instead:
        yield found(
            "EVT-023",
            path,
            f"{name} means the same as {entry.instead}, which is recommended",
            expected=entry.instead,
            actual=name,
            grade=entry.grade,
            source=entry.source,
            blame=Blame.CLIENT,
            fix=f"Subscribe to {entry.instead}",
        )


def _check_unknown(path: JsonPath, name: str, catalogue: EventCatalogue, facts: VersionFacts) -> Iterator[Finding]:
    printed = catalogue.printed_as(name)
    respelled = catalogue.respelled(name)
    if printed is not None:
        yield found(
            "EVT-023",
            path,
            f"a page prints this name once; the event type is {printed.name}",
            expected=printed.name,
            actual=name,
            grade=Grade.PAGE,
            source=printed.sources[0],
        )
    elif respelled is not None:
        yield found(
            "EVT-021",
            path,
            f"the event type is written {respelled.name}",
            expected=respelled.name,
            actual=quoted(name),
            grade=Grade.PAGE,
            source=respelled.sources[0],
        )
    else:
        similar = catalogue.similar(name)
        yield found(
            "EVT-020",
            path,
            "no documentation of any version names this event type",
            expected=similar or f"an event type of {facts.version}",
            actual=quoted(name),
            grade=facts.list_grade,
            source=facts.list_source,
            fix=f"Is {similar} meant?" if similar else "",
        )


def _in_other_version(path: JsonPath, event: EventType, catalogue: EventCatalogue, facts: VersionFacts) -> Finding:
    where = " and ".join(entry.version for entry in event.versions)
    other = catalogue.counterpart(event.name, facts.version)
    return found(
        "EVT-020",
        path,
        f"{event.name} is documented for {where}, not for {facts.version}",
        expected=other or f"an event type of {facts.version}",
        actual=event.name,
        grade=facts.list_grade,
        source=facts.list_source,
        fix=f"In {facts.version} the event type is {other}" if other else "",
    )
