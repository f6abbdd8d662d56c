"""Checks of the envelope: keys, kinds, forms, versions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.base.versions import DATED_VERSIONS
from conformance.events.catalogue import (
    Envelope,
    EnvelopeKey,
    EnvelopeKind,
    EventCatalogue,
    EventType,
    ValueForm,
    VersionFacts,
)
from conformance.events.envelope import EventView
from conformance.events.finding import described, found, quoted
from conformance.findings.model import Blame, Finding, Grade
from conformance.findings.wording import key_for_path

_FORM_RULES: Final[Mapping[str, str]] = {
    "api-version": "EVT-012",
    "partner-source": "EVT-014",
    "aws-account": "EVT-015",
    "aws-region": "EVT-016",
    "event-bridge-version": "EVT-017",
    "uuid": "EVT-018",
}
_KINDS: Final[Mapping[str, str]] = {"string": "string", "strings": "list of strings", "object": "object"}
_DATE_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII | re.IGNORECASE
)
_UTC: Final = frozenset({"Z", "+00:00", "+0000", "+00"})


def check_form(view: EventView, facts: VersionFacts, event: EventType | None) -> Iterator[Finding]:
    """Is this form of delivery documented for the version?"""
    if view.kind in facts.envelopes:
        if view.kind is EnvelopeKind.EVENTBRIDGE_THIN and view.body.get("detail") and view.inner:
            yield found(
                "EVT-011",
                ("detail",),
                f"detail is filled; in {facts.version} it is empty",
                expected="empty object",
                actual=described(view.body["detail"]),
                grade=Grade.PAGE,
            )
    elif view.kind is EnvelopeKind.EVENTBRIDGE_THIN:
        was_read = event is not None and EnvelopeKind.EVENTBRIDGE in event.envelopes
        yield found(
            "EVT-009",
            ("detail",),
            f"detail is empty, as before 2024-11-01; in {facts.version} it is the webhook body",
            expected="object with eventDescriptor, apiVersion, data and the other keys of a webhook body",
            actual="empty object",
            grade=Grade.PAGE if was_read else Grade.INFERRED,
        )
    else:
        what = "a webhook call" if view.kind is EnvelopeKind.WEBHOOK else "a filled detail"
        yield found(
            "EVT-010",
            view.inner_path,
            f"{what} is documented for 2024-11-01 and later, not for {facts.version}",
            expected="an EventBridge event with an empty detail",
            actual=what,
            grade=Grade.PAGE,
            blame=Blame.CONFIGURATION,
            fix="Judge by the version that apiVersion names, or subscribe with credentials of this version",
        )


def check_envelope(view: EventView, catalogue: EventCatalogue) -> Iterator[Finding]:
    """Every key is there, of its kind and form; in a filled EventBridge event also those of the webhook body inside."""
    yield from _check_keys(catalogue.envelopes[view.kind], view.body, (), catalogue)
    if view.kind is EnvelopeKind.EVENTBRIDGE and isinstance(view.body.get("detail"), dict):
        yield from _check_keys(catalogue.envelopes[EnvelopeKind.WEBHOOK], view.inner, view.inner_path, catalogue)


def check_api_version(view: EventView, facts: VersionFacts) -> Iterator[Finding]:
    """Does the event belong to the version that it is judged by?"""
    value = view.inner.get("apiVersion")
    if not isinstance(value, str) or value == facts.version or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        return
    is_known = value in DATED_VERSIONS
    yield found(
        "EVT-013",
        (*view.inner_path, "apiVersion"),
        f"the event belongs to {value}, it is judged by {facts.version}"
        if is_known
        else f"no version {value} is known",
        expected=facts.version,
        actual=value,
        grade=Grade.EXAMPLE,
        blame=Blame.CONFIGURATION if is_known else Blame.TARGET,
        fix=f"Judge it with --version {value}" if is_known else "",
    )


def _check_keys(
    envelope: Envelope, body: Mapping[str, Any], at: JsonPath, catalogue: EventCatalogue
) -> Iterator[Finding]:
    for key in envelope.keys:
        path = (*at, key.name)
        if key.name not in body:
            title = "the webhook body in detail" if at else envelope.title
            yield found(
                "EVT-004",
                path,
                f"{title} lacks {key.name}",
                expected=_wanted(key),
                actual="nothing",
                grade=envelope.grade,
                source=envelope.source,
            )
            continue
        value = body[key.name]
        if _is_of_kind(key.kind, value):
            yield from _check_value(key, value, path, catalogue, envelope)
        else:
            yield from _wrong_kind(key, value, path, envelope)
    names = {key.name for key in envelope.keys}
    for name in body:
        if name not in names:
            yield found(
                "EVT-019",
                (*at, key_for_path(name)),
                "a key that the envelope is not documented to have",
                expected="the documented keys",
                actual=described(body[name]),
                source=envelope.source,
                grade=envelope.grade,
            )


def _is_of_kind(kind: str, value: Any) -> bool:
    if kind == "strings":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, str) if kind == "string" else isinstance(value, dict)


def _wrong_kind(key: EnvelopeKey, value: Any, path: JsonPath, envelope: Envelope) -> Iterator[Finding]:
    if key.kind == "strings" and isinstance(value, list):
        faulty = [((*path, index), item) for index, item in enumerate(value) if not isinstance(item, str)]
        wanted = "string"
    else:
        faulty = [(path, value)]
        wanted = _KINDS[key.kind]
    for place, item in faulty:
        yield found(
            "EVT-005",
            place,
            f"{key.name} holds {_article(described(item))} where {_article(wanted)} belongs",
            expected=wanted,
            actual=described(item),
            grade=envelope.grade,
            source=envelope.source,
        )


def _article(text: str) -> str:
    return f"an {text}" if text[0] in "aeo" else text if text in ("null", "true", "false") else f"a {text}"


def _wanted(key: EnvelopeKey) -> str:
    return f"{_KINDS[key.kind]}: {key.about}" if key.about else _KINDS[key.kind]


def _check_value(
    key: EnvelopeKey, value: Any, path: JsonPath, catalogue: EventCatalogue, envelope: Envelope
) -> Iterator[Finding]:
    if key.kind == "string" and not value.strip():
        yield found(
            "EVT-006",
            path,
            f"{key.name} is empty",
            expected="a text",
            actual=described(value),
            grade=envelope.grade,
            source=envelope.source,
        )
    elif key.form == "date-time":
        yield from _check_time(key, value, path, envelope)
    elif key.form:
        yield from _check_form(catalogue.forms[key.form], value, path, key.name)


def _check_form(form: ValueForm, value: str, path: JsonPath, name: str) -> Iterator[Finding]:
    if form.pattern.fullmatch(value) is None:
        yield found(
            _FORM_RULES[form.name],
            path,
            f"{name} is not {form.means}",
            expected=form.means,
            actual=quoted(value),
            grade=form.grade,
            source=form.source,
        )


def _check_time(key: EnvelopeKey, value: str, path: JsonPath, envelope: Envelope) -> Iterator[Finding]:
    zone = zone_of(value)
    if zone is None:
        yield found(
            "EVT-007",
            path,
            f"{key.name} is no ISO 8601 date-time",
            expected="a date-time such as 2024-11-01T12:34:56Z",
            actual=quoted(value),
            grade=envelope.grade,
            source=envelope.source,
        )
    elif zone.upper() not in _UTC:
        said = f"has the offset {zone}" if zone else "has no time zone"
        yield found(
            "EVT-008",
            path,
            f"{key.name} {said}",
            expected="a time in UTC, ending in Z",
            actual=quoted(value),
            grade=envelope.grade,
            source=envelope.source,
        )


def zone_of(text: str) -> str | None:
    """The time zone of an ISO 8601 date-time, empty when it has none; None for a text that is no date-time."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    moment = re.sub(r":60(?=[.,Z+-]|$)", ":59", text.upper().replace(",", "."), count=1)
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return None
    return match["zone"] or ""
