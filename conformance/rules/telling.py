"""From what a rule says to findings: at most so many of one rule, and one about the suite when the rule breaks off."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Protocol

from conformance.base.errors import SourcePosition
from conformance.base.paths import JsonPath
from conformance.findings.model import Blame, Finding, Grade, Level, Verdict, weigh
from conformance.findings.wording import UNCONFIRMED
from conformance.rules.model import REQUEST, Violation

MAX_FINDINGS: Final = 100
"""At most so many findings of one rule about one piece of traffic."""


class Told(Protocol):
    """What findings repeat of a rule."""

    @property
    def id(self) -> str: ...
    @property
    def level(self) -> Level: ...
    @property
    def grade(self) -> Grade: ...
    @property
    def source(self) -> str: ...
    @property
    def coordinate(self) -> str: ...
    @property
    def fix(self) -> str: ...


def tell(
    rule: Told,
    look: Callable[[], Iterable[Violation]],
    place: Callable[[Violation], tuple[str, JsonPath]],
    position: SourcePosition | None = None,
) -> list[Finding]:
    """The findings of one rule. `place` gives origin and path of a violation. Never raises on the rule's account."""
    try:
        found: list[Finding] = []
        for violation in look():
            if len(found) >= MAX_FINDINGS:
                break
            found.append(_finding(rule, violation, place(violation), position))
    except Exception as error:  # noqa: BLE001 - whatever a rule raises is a fault of the suite, and data
        return [_broken(rule, error)]
    return found


def _finding(rule: Told, violation: Violation, place: tuple[str, JsonPath], position: SourcePosition | None) -> Finding:
    weak = rule.level is Level.MUST and not rule.grade.is_certain
    return Finding(
        rule=rule.id,
        verdict=weigh(rule.level, rule.grade),
        message=violation.message + (f" (unconfirmed: {UNCONFIRMED[rule.grade]})" if weak else ""),
        level=rule.level,
        blame=Blame.CLIENT if violation.origin == REQUEST else Blame.TARGET,
        origin=place[0],
        path=place[1],
        coordinate=rule.coordinate,
        expected=violation.expected,
        actual=violation.actual,
        grade=rule.grade,
        source=rule.source,
        position=position,
        fix=rule.fix,
    )


def _broken(rule: Told, error: Exception) -> Finding:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return Finding(
        rule=rule.id,
        verdict=Verdict.ERROR,
        message=f"the rule broke off in {Path(frame.filename).name}:{frame.lineno}: {type(error).__name__}",
        level=rule.level,
        blame=Blame.SUITE,
        origin="suite",
        coordinate=rule.coordinate,
        grade=rule.grade,
        source=rule.source,
        fix="This is a bug of the suite; please report it",
    )
