"""The report of a terminal: what fails and why, then one line of summary."""

from __future__ import annotations

from typing import Final

from conformance.findings.model import CaseResult, Finding, RunResult, Verdict
from conformance.reports.lines import bold, finding_lines, paint, visible
from conformance.reports.words import headline, skip_reason

SHOWN_SKIPPED: Final = 10
"""How many skipped cases are named, each with its reason; the others are counted."""


def render_text(run: RunResult, *, color: bool = False) -> str:
    """Findings that fail or warn, grouped by case with the file of its scenario, then one line with the verdict.

    Waived findings and skipped cases are counted in a line of their own. `color` writes ANSI colours.
    """
    lines: list[str] = []
    for case in run.cases:
        lines += case_lines(case, color=color)
    if run.findings:
        lines.append(bold("The run", color=color))
        lines += _indented(run.findings, color=color)
        lines.append("")
    lines += _remarks(run)
    verdict = run.verdict if run.complete else Verdict.ERROR
    lines.append(paint(headline(run), verdict, color=color))
    return "\n".join(lines) + "\n"


def case_lines(case: CaseResult, *, color: bool = False) -> list[str]:
    """The findings of a case that fail or warn, under its id; of a clean case, nothing."""
    if case.verdict < Verdict.WARN:
        return []
    file = f"  {visible(case.file)}" if case.file else ""
    lines = [bold(visible(case.case_id), color=color) + file]
    lines += _indented(case.findings, color=color)
    for step in case.steps:
        shown = [finding for finding in step.findings if finding.counted >= Verdict.WARN]
        if shown:
            named = f" ({visible(step.operation)})" if step.operation and step.operation != step.step else ""
            lines.append(f"  step {visible(step.step)}{named}")
            lines += _indented(step.findings, color=color)
    return [*lines, ""]


def _indented(findings: tuple[Finding, ...], *, color: bool) -> list[str]:
    lines: list[str] = []
    for finding in findings:
        if finding.counted >= Verdict.WARN:
            lines += [f"  {line}" for line in finding_lines(finding, color=color)]
    return lines


def _remarks(run: RunResult) -> list[str]:
    skipped = [case for case in run.cases if case.verdict is Verdict.SKIP]
    lines = [f"Skipped: {visible(case.case_id)}: {visible(skip_reason(case))}" for case in skipped[:SHOWN_SKIPPED]]
    if len(skipped) > SHOWN_SKIPPED:
        lines.append(f"Skipped: {len(skipped) - SHOWN_SKIPPED:,} more. The report shows the reason of each.")
    waived = sum(bool(finding.waived) for case in run.cases for finding in case.all_findings)
    if waived:
        lines.append(f"Findings that do not count: {waived:,}. The report shows the reason of each.")
    errata = {erratum for case in run.cases for erratum in case.errata}
    if errata:
        lines.append(f"Documented contradictions touched: {len(errata):,}. The report shows what each page says.")
    return lines
