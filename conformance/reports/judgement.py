"""What `judge` prints: one JSON object with every exchange, or text as the exchanges come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from conformance.findings.model import Finding, Verdict
from conformance.findings.shapes import dump
from conformance.reports.lines import bold, finding_lines, paint, visible
from conformance.reports.words import VERDICT_WORDS, plural

FORMAT: Final = "bwp-conformance/judgement"
FORMAT_VERSION: Final = 1


class Judged(NamedTuple):
    """A judged exchange or event: its number, its label, its findings. `kind`: `exchange`, `event`."""

    number: int
    label: str
    findings: tuple[Finding, ...]
    kind: str = "exchange"

    @property
    def verdict(self) -> Verdict:
        return Verdict.worst(finding.counted for finding in self.findings)


def judgement_json(contract_version: str, exchanges: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """The judgement as one JSON object.

    `exchanges` gives (index, label, findings), for an event with a fourth part `"event"`; see `Judged`. An empty
    label is left out, and so is the kind of an exchange.
    """
    judged = [Judged(*item) for item in exchanges]
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "contract": contract_version,
        "verdict": Verdict.worst(item.verdict for item in judged).name,
        "exchanges": [_entry(item) for item in judged],
    }


def judgement_json_chunks(contract_version: str, exchanges: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """The text of that object in pieces, as the exchanges come, so that a file of any size takes constant memory.

    It is the same object as `judgement_json` gives, with `verdict` as its last key.
    """
    head = {"format": FORMAT, "format_version": FORMAT_VERSION, "contract": contract_version}
    yield json.dumps(head)[:-1] + ', "exchanges": ['
    worst = Verdict.PASS
    separator = "\n"
    for item in exchanges:
        judged = Judged(*item)
        worst = max(worst, judged.verdict)
        yield separator + dump(_entry(judged)).decode()
        separator = ",\n"
    yield f'\n], "verdict": "{worst.name}"}}\n'


def judgement_text(item: tuple[Any, ...], *, color: bool = False, verbose: bool = False) -> str:
    """The lines of one exchange as text; empty for one without findings, unless `verbose`."""
    judged = Judged(*item)
    if not judged.findings and not verbose:
        return ""
    word = paint(VERDICT_WORDS[judged.verdict].upper(), judged.verdict, color=color)
    named = f" {visible(judged.label)}" if judged.label else ""
    lines = [f"{bold(f'{judged.kind} {judged.number}', color=color)}{named}: {word}"]
    for finding in sorted(judged.findings, key=lambda finding: -finding.counted):
        lines += [f"  {line}" for line in finding_lines(finding, color=color)]
    return "\n".join(lines) + "\n"


class Tally:
    """Counts judged exchanges, to close the text with a line."""

    def __init__(self) -> None:
        self._counts: dict[Verdict, int] = dict.fromkeys(Verdict, 0)
        self._findings = 0

    def add(self, item: tuple[Any, ...]) -> None:
        """Counts one exchange or event."""
        judged = Judged(*item)
        self._counts[judged.verdict] += 1
        self._findings += len(judged.findings)

    @property
    def verdict(self) -> Verdict:
        return Verdict.worst(verdict for verdict, count in self._counts.items() if count)

    def summary(self, contract_version: str, *, color: bool = False) -> str:
        """`3 judged against 2024-11-01: 1 fail, 2 pass. 4 findings.`"""
        total = sum(self._counts.values())
        if not total:
            return f"Nothing was judged against {contract_version}.\n"
        counts = [f"{count:,} {VERDICT_WORDS[verdict].lower()}" for verdict, count in self._counts.items() if count]
        found = plural(self._findings, "finding")
        text = f"{total:,} judged against {contract_version}: {', '.join(reversed(counts))}. {found}."
        return paint(text, self.verdict, color=color) + "\n"


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding as JSON shows it: every key always there, but `position` and `waived`, there when known."""
    result: dict[str, Any] = {
        "rule": finding.rule,
        "level": finding.level.value,
        "verdict": finding.verdict.name,
        "blame": finding.blame.value,
        "path": list(finding.path),
        "coordinate": finding.coordinate,
        "message": finding.message,
        "expected": finding.expected,
        "actual": finding.actual,
        "grade": finding.grade.value,
        "source": finding.source,
        "fix": finding.fix,
        "origin": finding.origin,
    }
    if finding.position is not None:
        place = finding.position
        result["position"] = {"file": place.file, "line": place.line, "column": place.column}
    if finding.waived:
        result["waived"] = finding.waived
    return result


def _entry(judged: Judged) -> dict[str, Any]:
    entry: dict[str, Any] = {"index": judged.number}
    if judged.kind != "exchange":
        entry["kind"] = judged.kind
    if judged.label:
        entry["label"] = judged.label
    entry["verdict"] = judged.verdict.name
    entry["findings"] = [finding_json(finding) for finding in judged.findings]
    return entry
