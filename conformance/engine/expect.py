"""A scenario's own expectations of an answer or an event: every one that does not hold is a finding."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from conformance.base.canonical import canonical_json
from conformance.base.errors import SourcePosition
from conformance.base.paths import JsonPath, format_path
from conformance.findings.model import Blame, Finding, Grade, Level, Verdict
from conformance.scenario.model import Echo, Expectation, ExpectedError, Matcher
from conformance.scenario.values import Place, Scope, places

_WORDS = ("equals", "matches", "length", "one_of", "present", "at_least", "at_most")
_SHOWN = 120


def check_answer(
    expect: Expectation, *, status: int, answer: Any, variables: Mapping[str, Any], scope: Scope
) -> Iterator[Finding]:
    """Findings about an answer; `answer` is its parsed body, None when it is no JSON."""
    if expect.status is not None and status != expect.status:
        yield _finding("EXP-001", (), f"HTTP status {status}", str(expect.status), str(status), None, origin="http")
    body = answer if isinstance(answer, Mapping) else {}
    yield from _check_errors(expect, body)
    data = body.get("data")
    for matcher in expect.data:
        yield from _check_matcher("EXP-002", matcher, data, ("data",), scope, "response")
    for echo in expect.echoes:
        yield from _check_echo(echo, data, variables)


def check_event(expect: Expectation, *, event_type: str, envelope: str, body: Any, scope: Scope) -> Iterator[Finding]:
    """Findings about an event as the judge understood it."""
    for what, wanted, actual in (("type", expect.event_type, event_type), ("envelope", expect.envelope, envelope)):
        if wanted and wanted != actual:
            yield _finding("EXP-007", (), f"another event {what}", wanted, actual or "none", None, origin="event")
    for matcher in expect.body:
        yield from _check_matcher("EXP-008", matcher, body, (), scope, "event")


def check_published(expect: Expectation, names: Sequence[str] | None, *, shows_all: bool) -> Iterator[Finding]:
    """Findings about the event types that a step made the target publish; `names` is None where it shows none.

    One that was not expected counts only where the target shows all events, and those of the case alone.
    """
    if expect.events is None:
        return
    position = expect.events_position
    if names is None:
        message = "this target shows no events, so the expected ones are not judged"
        finding = _finding("EXP-010", (), message, _listed(expect.events), "", position, origin="event")
        yield replace(finding, verdict=Verdict.INFO, level=Level.MAY)
        return
    wanted, given = Counter(expect.events), Counter(names)
    for name in (wanted - given).elements():
        yield _finding("EXP-010", (), f"no {name} was published", name, _listed(names), position, origin="event")
    for name in (given - wanted).elements() if shows_all else ():
        message = "an event was published that the scenario does not expect"
        yield _finding("EXP-010", (), message, _listed(expect.events), name, position, origin="event")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)) or "no event"


def mismatch(wanted: Any, place: Place) -> tuple[str, str] | None:
    """Expected and actual in words when the value does not match, None when it does."""
    words = wanted if _is_matcher(wanted) else {"equals": wanted}
    if "present" in words:
        if bool(words["present"]) != place.found:
            return ("a value", "nothing") if words["present"] else ("nothing", _show(place.value))
        if not words["present"]:
            return None
    if not place.found:
        return _describe(words), "nothing"
    for word, argument in words.items():
        if word != "present" and not _holds(word, argument, place.value):
            return _describe({word: argument}), _show(place.value)
    return None


def looks_at_value(wanted: Any) -> bool:
    """Does the matcher look at the value itself, and not only at whether there is one or how long it is?"""
    return not _is_matcher(wanted) or not wanted.keys() <= {"present", "length"}


def _is_matcher(wanted: Any) -> bool:
    return isinstance(wanted, Mapping) and bool(wanted) and all(key in _WORDS for key in wanted)


def _holds(word: str, argument: Any, value: Any) -> bool:
    if word == "equals":
        return canonical_json(argument) == canonical_json(value)
    if word == "matches":
        return isinstance(value, str) and re.search(argument, value) is not None
    if word == "length":
        return isinstance(value, str | list) and len(value) == argument
    if word == "one_of":
        return any(canonical_json(option) == canonical_json(value) for option in argument)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return bool(number and (value >= argument if word == "at_least" else value <= argument))


def _describe(words: Mapping[str, Any]) -> str:
    texts = {
        "equals": "{}",
        "matches": "text that matches {}",
        "length": "length {}",
        "one_of": "one of {}",
        "at_least": "a number of at least {}",
        "at_most": "a number of at most {}",
        "present": "a value",
    }
    return " and ".join(texts[word].format(_show(argument)) for word, argument in words.items())


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _check_matcher(
    rule: str, matcher: Matcher, root: Any, prefix: JsonPath, scope: Scope, origin: str
) -> Iterator[Finding]:
    wanted = scope.resolve(matcher.wanted)
    for place in places(root, matcher.path, prefix):
        different = mismatch(wanted, place)
        if different:
            message = "not the value that the scenario expects"
            yield _finding(rule, place.path, message, *different, matcher.position, origin=origin)


def _check_echo(echo: Echo, data: Any, variables: Mapping[str, Any]) -> Iterator[Finding]:
    sent = [place for place in places(variables, echo.sent, ("variables",)) if place.found]
    received = list(places(data, echo.answer, ("data",)))
    if len(sent) != len(received):
        path = received[0].path if received else ("data",)
        message = f"{len(sent)} values were sent at {echo.sent}, {len(received)} come back at {echo.answer}"
        yield _finding("EXP-003", path, message, str(len(sent)), str(len(received)), echo.position)
        return
    for original, back in zip(sent, received, strict=True):
        different = mismatch({"equals": original.value}, back)
        if different:
            message = f"not what was sent at {format_path(original.path)}"
            yield _finding("EXP-003", back.path, message, *different, echo.position)


def _check_errors(expect: Expectation, body: Mapping[str, Any]) -> Iterator[Finding]:
    errors = body.get("errors")
    given = [error for error in errors if isinstance(error, Mapping)] if isinstance(errors, list) else []
    if not expect.errors:
        for index, error in enumerate(given):
            message = "the answer has an error that the scenario does not expect"
            yield _finding("EXP-005", ("errors", index), message, "no error", _show(error.get("message")), None)
        return
    for wanted in expect.errors:
        if not given:
            yield _finding(
                "EXP-004",
                ("errors",),
                "the expected error is missing",
                _show(dict(wanted.wanted)),
                "none",
                wanted.position,
            )
            continue
        differences = [list(_error_differences(wanted, error, index)) for index, error in enumerate(given)]
        yield from min(differences, key=len)


def _error_differences(expected: ExpectedError, error: Mapping[str, Any], index: int) -> Iterator[Finding]:
    extensions = error.get("extensions")
    classification = extensions.get("classification") if isinstance(extensions, Mapping) else None
    known = classification if isinstance(classification, Mapping) else {}
    for key, wanted in expected.wanted.items():
        at: JsonPath = (
            ("errors", index, key)
            if key in ("message", "path")
            else ("errors", index, "extensions", "classification", key)
        )
        holder = error if key in ("message", "path") else known
        different = mismatch(wanted, Place(at, holder.get(key), key in holder))
        if different:
            yield _finding("EXP-004", at, f"the error's {key} is not the expected one", *different, expected.position)


def _finding(
    rule: str,
    path: JsonPath,
    message: str,
    expected: str,
    actual: str,
    position: SourcePosition | None,
    *,
    origin: str = "response",
) -> Finding:
    return Finding(
        rule=rule,
        verdict=Verdict.FAIL,
        message=message,
        blame=Blame.TARGET,
        origin=origin,
        path=path,
        expected=expected,
        actual=actual,
        grade=Grade.EXAMPLE,
        source="scenario",
        position=position,
    )
