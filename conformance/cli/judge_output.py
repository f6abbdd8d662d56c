"""What `judge` prints:

one JSON object, or text for people. Both are written piece by piece, so a stream of any size takes no memory.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import click
import msgspec

from conformance.base.data import display_path
from conformance.base.errors import InputError
from conformance.base.paths import format_path
from conformance.engine.judge import ExchangeJudgement
from conformance.findings.model import Finding, Verdict

FORMAT = "bwp-conformance/judgement"
FORMAT_VERSION = 1
_SPOOL_BYTES = 8 * 1024 * 1024
_SHOWN_EXCHANGES = 50
_SHOWN_FINDINGS = 20
_COLORS = {Verdict.WARN: "yellow", Verdict.FAIL: "red", Verdict.ERROR: "magenta", Verdict.PASS: "green"}


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands above all judgements:

    the contract judged against, the verdict on all of it, remarks about the input.
    """

    contract: str
    verdict: Verdict
    notes: tuple[str, ...] = ()


class JudgementWriter(Protocol):
    """Takes judgements one after the other and gives the whole output at the end."""

    def add(self, judgement: ExchangeJudgement, version: str) -> None:
        """The next judgement, and the contract version that it was judged against."""
        ...

    def finish(self, summary: Summary, target: IO[bytes]) -> None:
        """Writes the whole output."""
        ...

    def close(self) -> None:
        """Drops what was not written."""
        ...


class JsonWriter:
    """One JSON object, in the form that the architecture describes.

    The exchanges wait in a file until the verdict is known.
    """

    def __init__(self) -> None:
        self._spool = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115 - `close` closes it
        self._count = 0
        self._encode = msgspec.json.Encoder().encode

    def add(self, judgement: ExchangeJudgement, version: str) -> None:
        entry = {
            "index": judgement.index,
            "kind": judgement.kind,
            "operation": judgement.operation,
            "position": str(judgement.position) if judgement.position else "",
            "contract": version,
            "verdict": judgement.verdict.name,
            "findings": [finding_json(finding) for finding in judgement.findings],
        }
        self._spool.write((b",\n" if self._count else b"\n") + self._encoded(entry))
        self._count += 1

    def _encoded(self, entry: dict[str, Any]) -> bytes:
        try:
            return self._encode(entry)
        except UnicodeEncodeError:  # half of a surrogate pair, which a JSON text can hold and UTF-8 cannot
            return json.dumps(entry).encode()

    def finish(self, summary: Summary, target: IO[bytes]) -> None:
        head = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "contract": summary.contract,
            "verdict": summary.verdict.name,
            "notes": list(summary.notes),
        }
        target.write(self._encoded(head)[:-1] + b',"exchanges":[')
        self._spool.seek(0)
        shutil.copyfileobj(self._spool, target)
        target.write(b"\n]}\n")

    def close(self) -> None:
        self._spool.close()


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding with every key, the empty ones too."""
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "verdict": finding.verdict.name,
        "blame": finding.blame.value,
        "origin": finding.origin,
        "path": list(finding.path),
        "coordinate": finding.coordinate,
        "message": finding.message,
        "expected": finding.expected,
        "actual": finding.actual,
        "grade": finding.grade.value,
        "source": finding.source,
        "position": str(finding.position) if finding.position else "",
        "fix": finding.fix,
        **({"waived": finding.waived} if finding.waived else {}),
    }


class TextWriter:
    """Text: the first faulty exchanges in full, then how often which rule was broken."""

    def __init__(self, *, everything: bool, color: bool) -> None:
        self._spool = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115 - `close` closes it
        self._everything = everything
        self._color = color
        self._kinds: Counter[str] = Counter()
        self._verdicts: Counter[Verdict] = Counter()
        self._faulty = 0
        self._hidden: Counter[tuple[Verdict, str, str]] = Counter()

    def add(self, judgement: ExchangeJudgement, version: str) -> None:
        verdict = judgement.verdict
        self._kinds[judgement.kind] += 1
        self._verdicts[verdict] += 1
        if not judgement.findings or (verdict < Verdict.WARN and not self._everything):
            return
        self._faulty += 1
        if self._everything or self._faulty <= _SHOWN_EXCHANGES:
            self._show(judgement, verdict, version)
        else:
            self._hidden.update((finding.verdict, finding.rule, finding.blame.value) for finding in judgement.findings)

    def finish(self, summary: Summary, target: IO[bytes]) -> None:
        self._spool.seek(0)
        shutil.copyfileobj(self._spool, target)
        lines = []
        if self._hidden:
            lines.append(f"{self._faulty - _SHOWN_EXCHANGES:,} more with findings (all of them: --all):")
            ordered = sorted(self._hidden.items(), key=lambda item: (-item[0][0], -item[1], item[0][1]))
            lines += [
                f"  {count:>9,} times {verdict.name} {rule} ({blame})" for (verdict, rule, blame), count in ordered
            ]
            lines.append("")
        lines += [f"note: {note}" for note in summary.notes]
        verdict = self._styled(summary.verdict.name, summary.verdict)
        lines.append(f"{verdict}  {self._counts()}; contract {summary.contract}")
        target.write(("\n".join(lines) + "\n").encode("utf-8", "backslashreplace"))

    def close(self) -> None:
        self._spool.close()

    def _counts(self) -> str:
        judged = [_plural(self._kinds[kind], kind) for kind in ("exchange", "request", "event") if self._kinds[kind]]
        clean = sum(count for verdict, count in self._verdicts.items() if verdict < Verdict.WARN)
        parts = [f"{clean:,} clean"] if clean else []
        for verdict, word in ((Verdict.WARN, "with warnings"), (Verdict.FAIL, "failed"), (Verdict.ERROR, "not judged")):
            if self._verdicts[verdict]:
                parts.append(f"{self._verdicts[verdict]:,} {word}")
        return f"{' and '.join(judged)} judged: {', '.join(parts)}" if parts else "nothing judged"

    def _show(self, judgement: ExchangeJudgement, verdict: Verdict, version: str) -> None:
        place = str(judgement.position) if judgement.position else f"{judgement.kind} {judgement.index}"
        what = f" {judgement.operation}" if judgement.operation else ""
        lines = [f"{self._styled(verdict.name, verdict)} {place}{what} ({version})"]
        findings = sorted(judgement.findings, key=lambda finding: -finding.counted)
        shown = findings if self._everything else findings[:_SHOWN_FINDINGS]
        for finding in shown:
            lines += self._finding_lines(finding, judgement)
        if len(shown) < len(findings):
            lines.append(f"  … and {len(findings) - len(shown):,} more findings: --all")
        self._spool.write(("\n".join(lines) + "\n\n").encode("utf-8", "backslashreplace"))

    def _finding_lines(self, finding: Finding, judgement: ExchangeJudgement) -> list[str]:
        where = f"{format_path(finding.path)}: " if finding.path else ""
        lines = [f"  {self._styled(finding.verdict.name, finding.verdict)} {finding.rule} {where}{finding.message}"]
        details = []
        if finding.expected or finding.actual:
            details.append(f"expected {finding.expected or 'nothing'}, actual {finding.actual or 'nothing'}")
        about = [part for part in (finding.coordinate, finding.source) if part]
        about.append(f"{finding.grade.value} evidence, blame {finding.blame.value}")
        details.append("; ".join(about))
        if finding.position:
            details.append(f"at {self._place(finding, judgement)}")
        if finding.fix:
            details.append(finding.fix)
        if finding.waived:
            details.append(finding.waived)
        return lines + [f"       {detail}" for detail in details]

    @staticmethod
    def _place(finding: Finding, judgement: ExchangeJudgement) -> str:
        """Where a finding is; one inside a recorded document says in which recording too."""
        place = str(finding.position)
        return f"{judgement.position}, {place}" if judgement.position and place.startswith("document:") else place

    def _styled(self, text: str, verdict: Verdict) -> str:
        return click.style(text, fg=_COLORS.get(verdict), bold=True) if self._color else text


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def write_output(writer: JudgementWriter, summary: Summary, output: Path | None) -> None:
    """Writes to a file, its folder made when missing, or to standard output.

    Raises InputError when the file cannot be written.
    """
    if output is None:
        sys.stdout.flush()
        writer.finish(summary, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with output.open("wb") as target:
            writer.finish(summary, target)
    except OSError as error:
        raise InputError.at(display_path(output), f"cannot be written: {error.strerror or error}") from error
