"""How findings about events are made: level from the rule, verdict from level and grade, no personal data shown."""

from __future__ import annotations

import json
from typing import Any, Final

from conformance.base.errors import SourcePosition
from conformance.base.paths import JsonPath
from conformance.events.rules import RULES_BY_ID
from conformance.findings.model import Blame, Finding, Grade, Level, weigh
from conformance.findings.wording import UNCONFIRMED, printable

SHOWN_CHARACTERS: Final = 40


def found(  # noqa: PLR0913 - a finding has so many parts
    rule: str,
    path: JsonPath,
    message: str,
    *,
    expected: str = "",
    actual: str = "",
    coordinate: str = "",
    grade: Grade = Grade.SPECIFICATION,
    source: str = "",
    position: SourcePosition | None = None,
    fix: str = "",
    blame: Blame = Blame.TARGET,
) -> Finding:
    """A finding of a rule about events."""
    entry = RULES_BY_ID[rule]
    if entry.level is Level.MUST and grade in UNCONFIRMED:
        message = f"{message} (unconfirmed: {UNCONFIRMED[grade]})"
    return Finding(
        rule=rule,
        verdict=weigh(entry.level, grade),
        message=message,
        level=entry.level,
        blame=blame,
        origin="event",
        path=path,
        coordinate=coordinate,
        expected=expected,
        actual=actual,
        grade=grade,
        source=source or entry.source,
        position=position,
        fix=fix,
    )


def described(value: Any) -> str:
    """Kind and size of a value, never the value of a text: it may be personal data."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return f"string of {len(value)} characters" if value else "empty string"
    if isinstance(value, dict):
        return f"object with {len(value)} key{'s' * (len(value) > 1)}" if value else "empty object"
    if isinstance(value, list):
        return f"list of {len(value)}" if value else "empty list"
    return "number"


def quoted(value: Any) -> str:
    """A text itself, shortened, in quotes; for codes and names, never for personal data. Other values: their kind."""
    if not isinstance(value, str):
        return described(value)
    short = value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"
    return printable(json.dumps(short, ensure_ascii=False))
