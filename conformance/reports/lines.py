"""A finding as lines of plain text, for terminals and for JUnit."""

from __future__ import annotations

import re
from typing import Final

from conformance.base.paths import format_path
from conformance.findings.model import Blame, Finding, Verdict
from conformance.reports.words import BLAME_WORDS, GRADE_WORDS

_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_COLORS: Final = {
    Verdict.PASS: "32",
    Verdict.INFO: "34",
    Verdict.SKIP: "90",
    Verdict.WARN: "33",
    Verdict.FAIL: "31",
    Verdict.ERROR: "35",
}
MAX_TEXT: Final = 2000
"""Longer texts of a finding are cut in a terminal."""


def visible(text: str) -> str:
    """A stranger's text, safe to print on one line: what steers a terminal or turns the reading order is spelt out."""
    shown = text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… ({len(text):,} characters)"
    return spell_out(shown).replace("\n", "\\n").replace("\t", "\\t")


def spell_out(text: str) -> str:
    """The text with every character that cannot be seen, or that turns the reading order, as its escape. Lines stay."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def paint(text: str, verdict: Verdict, *, color: bool) -> str:
    """The text in the colour of a verdict."""
    return f"\x1b[{_COLORS[verdict]}m{text}\x1b[0m" if color else text


def bold(text: str, *, color: bool) -> str:
    """The text in bold."""
    return f"\x1b[1m{text}\x1b[0m" if color else text


def finding_lines(finding: Finding, *, color: bool = False) -> list[str]:
    """The lines of a finding, the first one naming verdict, rule and fault, the others indented."""
    rule = bold(visible(finding.rule), color=color)
    head = f"{paint(finding.counted.name, finding.counted, color=color)} {rule} {_under(finding.message, 4)}"
    where = visible(finding.origin) + (f" {visible(format_path(finding.path))}" if finding.path else "")
    if finding.coordinate:
        where += f" ({visible(finding.coordinate)})"
    evidence = finding.level.value
    if finding.blame in (Blame.TARGET, Blame.CLIENT) and finding.verdict is not Verdict.ERROR:
        evidence += f", {GRADE_WORDS[finding.grade]}"
    if finding.source:
        evidence += f" ({visible(finding.source)})"
    pairs = (
        ("at", where),
        ("expected", _under(finding.expected)),
        ("actual", _under(finding.actual)),
        ("rule", evidence),
        ("blame", BLAME_WORDS[finding.blame]),
        ("fix", _under(finding.fix)),
        ("file", visible(str(finding.position)) if finding.position else ""),
        ("waived", _under(finding.waived)),
    )
    return [head, *(f"    {name:<9} {text}" for name, text in pairs if text)]


def _under(text: str, indent: int = 14) -> str:
    """A text of one or several lines, the further ones indented below the first."""
    return ("\n" + " " * indent).join(visible(line) for line in text.splitlines())
