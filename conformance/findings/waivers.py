"""waivers.yaml: the one ledger of known findings, each with a reason, an owner and a day on which it ends.

```yaml
waivers:
  - rule: RSP-004
    coordinate: Amount.value              # or scenario: order.create.minimum-fulfillable, or both
    reason: The sandbox answers null until its next release
    owner: orders-team
    expires: 2025-03-31                   # the last day on which it counts
```
A waived finding stays in every report, marked with the reason, and counts as INFO. A waiver never hides verdict ERROR:
what could not be judged is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from conformance.base.coordinates import SchemaCoordinate
from conformance.base.errors import InputError, Problem, SourcePosition
from conformance.base.paths import JsonPath
from conformance.base.yamlio import YamlDocument, load_yaml_file
from conformance.findings.model import Blame, CaseResult, Finding, Level, Rule, StepResult, Verdict

RULES: Final = (
    Rule("WVR-001", Level.MUST, "A waiver is used until its last day", "waivers"),
    Rule("WVR-002", Level.MUST, "A waiver waives a finding", "waivers"),
)
EXPIRED: Final = RULES[0].id
UNUSED: Final = RULES[1].id
HOW_TO: Final = (
    "An entry under waivers: has rule, coordinate or scenario, reason, owner, and expires as YYYY-MM-DD, its last day"
)

_REQUIRED: Final = ("rule", "reason", "owner", "expires")
_KNOWN: Final = (*_REQUIRED, "coordinate", "scenario")
_RULE: Final = re.compile(r"[A-Z]{3}-\d{3}\Z")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class Waiver:
    """An entry of the ledger. It covers the findings of `rule` at `coordinate` or below it, in `scenario`.

    What is empty limits nothing; a ledger has no entry with both empty.
    """

    rule: str
    reason: str
    owner: str
    expires: date
    position: SourcePosition
    coordinate: SchemaCoordinate | None = None
    scenario: str = ""

    def covers(self, finding: Finding, scenario: str) -> bool:
        """Does this entry waive the finding of that scenario, its last day aside? Only WARN and FAIL can be waived."""
        if finding.rule != self.rule or finding.verdict not in (Verdict.WARN, Verdict.FAIL):
            return False
        if self.scenario and self.scenario != scenario:
            return False
        return self.coordinate is None or _is_within(finding.coordinate, self.coordinate)

    def __str__(self) -> str:
        where = [f"at {self.coordinate}"] if self.coordinate else []
        where += [f"in {self.scenario}"] if self.scenario else []
        return " ".join([self.rule, *where])


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """Reads a ledger. Raises InputError with every fault of the file, each with line and column."""
    document = load_yaml_file(path)
    problems: list[Problem] = []
    waivers = list(_entries(document, problems))
    _refuse_twins(waivers, problems)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.position), hint=HOW_TO)
    return tuple(waivers)


def apply_waivers(
    cases: Iterable[CaseResult], waivers: Sequence[Waiver], today: date, *, whole: bool = True
) -> tuple[tuple[CaseResult, ...], tuple[Finding, ...]]:
    """Marks the waived findings of the cases; tells which entries have expired (WVR-001) or waive nothing (WVR-002).

    An expired entry waives nothing more. `whole` is False for a run of a selection: an entry is then called unused only
    when the scenario that it names was judged. A scenario that was skipped proves nothing about its entries.
    """
    standing = [waiver for waiver in waivers if today <= waiver.expires]
    used: set[Waiver] = set()
    marked = tuple(_mark_case(case, standing, used) for case in cases)
    judged = {case.scenario for case in marked if not case.skipped}
    skipped = {case.scenario for case in marked if case.skipped} - judged
    findings = [_expired(waiver) for waiver in waivers if waiver.expires < today]
    for waiver in standing:
        is_provable = waiver.scenario in judged or (whole and waiver.scenario not in skipped)
        if waiver not in used and is_provable:
            findings.append(_unused(waiver))
    return marked, tuple(sorted(findings, key=lambda finding: finding.position or SourcePosition("")))


def _is_within(coordinate: str, outer: SchemaCoordinate) -> bool:
    try:
        return outer.contains(SchemaCoordinate.parse(coordinate))
    except ValueError:
        return False


def _mark_case(case: CaseResult, waivers: Sequence[Waiver], used: set[Waiver]) -> CaseResult:
    if not waivers or not case.all_findings:
        return case

    def marked(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(_mark(finding, case.scenario, waivers, used) for finding in findings)

    def marked_step(step: StepResult) -> StepResult:
        return replace(step, findings=marked(step.findings)) if step.findings else step

    return replace(case, findings=marked(case.findings), steps=tuple(marked_step(step) for step in case.steps))


def _mark(finding: Finding, scenario: str, waivers: Sequence[Waiver], used: set[Waiver]) -> Finding:
    covering = [waiver for waiver in waivers if waiver.covers(finding, scenario)]
    used.update(covering)
    if not covering or finding.waived:  # what the scenario itself foresees keeps its reason
        return finding
    waiver = covering[0]
    return replace(finding, waived=f"{waiver.reason} ({waiver.owner}, until {waiver.expires.isoformat()})")


def _expired(waiver: Waiver) -> Finding:
    return _ledger_finding(
        EXPIRED,
        waiver,
        f"the waiver of {waiver} ended on {waiver.expires.isoformat()}",
        "Mend what it waives and remove it, or agree on a new day with its owner and change expires",
    )


def _unused(waiver: Waiver) -> Finding:
    return _ledger_finding(
        UNUSED,
        waiver,
        f"the waiver of {waiver} waives nothing",
        "Remove it: what it waived is mended, or its rule, coordinate or scenario is misspelt",
    )


def _ledger_finding(rule: str, waiver: Waiver, message: str, fix: str) -> Finding:
    return Finding(
        rule,
        Verdict.FAIL,
        message,
        level=Level.MUST,
        blame=Blame.CONFIGURATION,
        origin="configuration",
        coordinate=str(waiver.coordinate or ""),
        expected="an entry that counts today and waives a finding",
        actual=f"owner {waiver.owner}, reason: {waiver.reason}",
        position=waiver.position,
        fix=f"{fix}. {HOW_TO}",
    )


def _entries(document: YamlDocument, problems: list[Problem]) -> Iterable[Waiver]:
    root = document.value
    if root is None:
        return
    if not isinstance(root, dict):
        problems.append(
            Problem(document.position(()), "the ledger is no object", "the key waivers with a list of entries")
        )
        return
    problems.extend(
        Problem(document.position((key,)), f"the key {key!r} is not known", "the key waivers alone")
        for key in root
        if key != "waivers"
    )
    entries = root.get("waivers")
    if entries is None:
        if "waivers" not in root:
            problems.append(Problem(document.position(()), "the key waivers is missing", "a list of entries"))
        return
    if not isinstance(entries, list):
        problems.append(Problem(document.position(("waivers",)), "waivers is no list", "a list of entries"))
        return
    for index, entry in enumerate(entries):
        waiver = _entry(_EntryReader(document, ("waivers", index), problems), entry)
        if waiver is not None:
            yield waiver


@dataclass(frozen=True, slots=True)
class _EntryReader:
    """Names the faults of one entry."""

    document: YamlDocument
    path: JsonPath
    problems: list[Problem]

    def fault(self, key: str, message: str, expected: str) -> None:
        where = (*self.path, key) if key else self.path
        self.problems.append(Problem(self.document.position(where), message, expected))

    def text(self, entry: dict[str, Any], key: str) -> str:
        """The text at a key, empty when it is absent or faulty."""
        value = entry.get(key)
        if key not in entry:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.fault(key, f"{key} is empty or no text", "a text")
            return ""
        return value.strip()


def _entry(reader: _EntryReader, entry: Any) -> Waiver | None:
    if not isinstance(entry, dict):
        reader.fault("", "the entry is no object", f"the keys {', '.join(_REQUIRED)} and coordinate or scenario")
        return None
    before = len(reader.problems)
    for key in entry:
        if key not in _KNOWN:
            reader.fault(key, f"the key {key!r} is not known", f"one of {', '.join(_KNOWN)}")
    for key in _REQUIRED:
        if key not in entry:
            reader.fault("", f"the key {key!r} is missing", "every entry with rule, reason, owner and expires")
    if "coordinate" not in entry and "scenario" not in entry:
        reader.fault("", "the entry waives its rule everywhere", "a coordinate or a scenario")
    texts = {key: reader.text(entry, key) for key in ("rule", "reason", "owner", "scenario")}
    if texts["rule"] and (not _RULE.match(texts["rule"]) or texts["rule"].startswith("WVR-")):
        reader.fault(
            "rule", f"{texts['rule']!r} is no rule that can be waived", "a rule id as findings show it, such as RSP-004"
        )
    expires = _day(reader, entry)
    coordinate = _coordinate(reader, entry)
    if len(reader.problems) > before or expires is None:
        return None
    position = reader.document.position(reader.path)
    return Waiver(texts["rule"], texts["reason"], texts["owner"], expires, position, coordinate, texts["scenario"])


def _day(reader: _EntryReader, entry: dict[str, Any]) -> date | None:
    text = reader.text(entry, "expires")
    if not text:
        return None
    try:
        if _DAY.match(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # a 30th of February: named below like any other text that is no day
    reader.fault("expires", f"{text!r} is no day", "YYYY-MM-DD, the last day on which the waiver counts")
    return None


def _coordinate(reader: _EntryReader, entry: dict[str, Any]) -> SchemaCoordinate | None:
    text = reader.text(entry, "coordinate")
    if not text:
        return None
    try:
        return SchemaCoordinate.parse(text)
    except ValueError as error:
        reader.fault("coordinate", str(error), "a schema coordinate as findings show it, such as Amount.value")
        return None


def _refuse_twins(waivers: Sequence[Waiver], problems: list[Problem]) -> None:
    seen: dict[tuple[str, str, str], Waiver] = {}
    for waiver in waivers:
        key = (waiver.rule, str(waiver.coordinate or ""), waiver.scenario)
        first = seen.setdefault(key, waiver)
        if first is not waiver:
            problems.append(
                Problem(waiver.position, f"{waiver} stands twice, first at {first.position}", "each entry once")
            )
