"""What the HTML report embeds for its script: every case with findings and steps, small enough for 10,000 cases."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from conformance.findings.model import Blame, CaseResult, Finding, Grade, Level, RunResult, StepResult, Verdict
from conformance.reports.intern import Table

MAX_BODY_CHARS: Final = 7_000_000
"""When the table takes more, bodies of further cases that conform are left out, and the report says so."""

NO_BODY: Final = -1
LEFT_OUT: Final = -2

_LEVELS: Final = tuple(Level)
_BLAMES: Final = tuple(Blame)
_GRADES: Final = tuple(Grade)
_DANGEROUS: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True, slots=True)
class Payload:
    """The embedded data as text that is safe inside a script element, and how many cases came without their bodies."""

    text: str
    left_out: int


def build_payload(run: RunResult, *, max_body_chars: int = MAX_BODY_CHARS) -> Payload:
    """The data of a run. The worst cases come first, so that their bodies are never left out for want of room."""
    table = Table()
    cases: list[list[Any]] = [[]] * len(run.cases)
    left_out = 0
    order = sorted(range(len(run.cases)), key=lambda index: -run.cases[index].verdict)
    for index in order:
        case = run.cases[index]
        with_bodies = table.size < max_body_chars or case.verdict >= Verdict.FAIL
        left_out += not with_bodies
        cases[index] = _case(table, case, with_bodies=with_bodies)
    data = {
        "table": table.entries,
        "shapes": table.shapes,
        "verdicts": [verdict.name for verdict in Verdict],
        "levels": [level.value for level in _LEVELS],
        "blames": [blame.value for blame in _BLAMES],
        "grades": [grade.value for grade in _GRADES],
        "cases": cases,
    }
    return Payload(script_safe(data), left_out)


def script_safe(data: Any) -> str:
    """JSON text that cannot end a script element, start a comment, or break a line in JavaScript."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, escape in _DANGEROUS.items():
        text = text.replace(character, escape)
    try:
        text.encode()
    except UnicodeEncodeError:  # lone surrogates of an answer
        text = "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def _case(table: Table, case: CaseResult, *, with_bodies: bool) -> list[Any]:
    text = table.text
    return [
        text(case.case_id),
        text(case.scenario),
        text(case.version),
        text(case.interface),
        text(case.title),
        int(case.verdict),
        text(case.target),
        [text(profile) for profile in case.profiles],
        [text(tag) for tag in case.tags],
        text(case.source),
        text(case.example),
        text(case.file),
        [text(erratum) for erratum in case.errata],
        [[text(grade), count] for grade, count in case.evidence],
        text(case.skipped),
        round(case.elapsed_ms, 1),
        [_finding(table, finding) for finding in case.findings],
        [_step(table, step, with_bodies=with_bodies) for step in case.steps],
    ]


def _step(table: Table, step: StepResult, *, with_bodies: bool) -> list[Any]:
    document = (table.text(step.document) if with_bodies else LEFT_OUT) if step.document else NO_BODY
    return [
        table.text(step.step),
        table.text(step.operation),
        table.text(step.kind),
        table.text(step.skipped),
        step.status,
        round(step.elapsed_ms, 1),
        int(step.verdict),
        document,
        _body(table, step.variables, with_bodies=with_bodies),
        _body(table, step.response, with_bodies=with_bodies),
        [_finding(table, finding) for finding in step.findings],
    ]


def _body(table: Table, value: Any, *, with_bodies: bool) -> int:
    if value is None:
        return NO_BODY
    return table.value(_parsed(value)) if with_bodies else LEFT_OUT


def _parsed(value: Any) -> Any:
    """The value of a body that was kept as JSON text; any other value, and text that is no JSON, as it is."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _finding(table: Table, finding: Finding) -> list[Any]:
    text = table.text
    position = finding.position
    return [
        text(finding.rule),
        int(finding.verdict),
        int(finding.counted),
        _LEVELS.index(finding.level),
        _BLAMES.index(finding.blame),
        _GRADES.index(finding.grade),
        text(finding.origin),
        [table.value(part) if isinstance(part, str) else [part] for part in finding.path],
        text(finding.coordinate),
        text(finding.message),
        text(finding.expected),
        text(finding.actual),
        text(finding.source),
        [text(position.file), position.line, position.column] if position else None,
        text(finding.fix),
        text(finding.waived),
    ]
