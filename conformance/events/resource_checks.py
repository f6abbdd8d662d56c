"""Checks of the resource paths, and of the ids in data that they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

from conformance.base.paths import JsonPath, format_path
from conformance.events.catalogue import EventCatalogue, EventType, PathId, VersionFacts
from conformance.events.envelope import EventView
from conformance.events.finding import found
from conformance.events.paths import PathFault, match, parse_resource
from conformance.findings.model import Finding, Grade


def check_resources(
    view: EventView, catalogue: EventCatalogue, facts: VersionFacts, event: EventType | None
) -> Iterator[Finding]:
    """Each path keeps to the grammar and, where the event type is known, to its pattern."""
    for path, resources in view.resource_places:
        if not isinstance(resources, list):
            continue
        if not resources:
            yield found(
                "EVT-030",
                path,
                "resources is empty",
                expected="a resource path",
                actual="empty list",
                grade=Grade.EXAMPLE,
            )
        if len(resources) > 1:
            message = "several resources, where every documented event has one"
            yield found(
                "EVT-031", path, message, expected="one path", actual=f"list of {len(resources)}", grade=Grade.EXAMPLE
            )
        for index, text in enumerate(resources):
            if isinstance(text, str):
                yield from _check_path((*path, index), text, catalogue, facts, event)


def fits(view: EventView, event: EventType) -> bool:
    """Has the first resource path the pattern of this event type?"""
    return bool(_path_ids(view, event))


def check_ids(view: EventView, catalogue: EventCatalogue, event: EventType | None) -> Iterator[Finding]:
    """The ids of the path are those of the resource in a filled data."""
    data = view.inner.get("data")
    ids = _path_ids(view, event)
    if not isinstance(data, dict) or not data or not ids:
        return
    for known in catalogue.path_ids:
        if known.id in ids:
            yield from _check_id(known, ids[known.id], data, (*view.inner_path, "data"))


def _check_path(
    path: JsonPath, text: str, catalogue: EventCatalogue, facts: VersionFacts, event: EventType | None
) -> Iterator[Finding]:
    parsed = parse_resource(text)
    if isinstance(parsed, PathFault):
        yield found(
            "EVT-032",
            path,
            parsed.message,
            expected=event.resource.pattern.template if event else parsed.expected,
            actual=parsed.actual,
            grade=catalogue.path_grade,
            source=catalogue.path_source,
        )
        return
    if event is None:
        return
    matched = match(parsed, event.resource.pattern)
    if isinstance(matched, PathFault):
        yield found(
            "EVT-033",
            path,
            f"{matched.message}, for {event.name}",
            expected=matched.expected,
            actual=matched.actual,
            grade=event.resource.grade_in(facts.version),
            source=event.resource.source,
        )


def _path_ids(view: EventView, event: EventType | None) -> Mapping[str, str]:
    """The ids of the first path, where it has the pattern of the event type."""
    resources = view.body.get("resources")
    if event is None or not isinstance(resources, list) or not resources or not isinstance(resources[0], str):
        return {}
    parsed = parse_resource(resources[0])
    if isinstance(parsed, PathFault):
        return {}
    matched = match(parsed, event.resource.pattern)
    return {} if isinstance(matched, PathFault) else matched


def _check_id(known: PathId, wanted: str, data: Mapping[str, Any], at: JsonPath) -> Iterator[Finding]:
    places = [place for place in _places(data, known.at, at) if isinstance(place[1], str)]
    if not places or any(value == wanted for _, value in places):
        return
    path = places[0][0]
    if known.in_list:
        holder = tuple(takewhile(lambda part: isinstance(part, str), path[:-1]))
        yield found(
            "EVT-035",
            holder,
            f"no element of {format_path(holder)} has the {known.id} of the resource path",
            expected="an element with that id",
            actual=f"{len(places)} with another id",
            grade=known.grade,
            source=known.source,
        )
    else:
        yield found(
            "EVT-034",
            path,
            f"{format_path(path)} is not the {known.id} of the resource path",
            expected="the id of the path",
            actual="another id",
            grade=known.grade,
            source=known.source,
        )


def _places(value: Any, keys: tuple[str, ...], path: JsonPath) -> Iterator[tuple[JsonPath, Any]]:
    """The values that the keys lead to; lists on the way are gone through."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(item, keys, (*path, index))
    elif not keys:
        yield path, value
    elif isinstance(value, dict) and keys[0] in value:
        yield from _places(value[keys[0]], keys[1:], (*path, keys[0]))
