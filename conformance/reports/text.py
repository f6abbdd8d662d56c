"""The report of a terminal: what fails and why, then one line of summary."""

from __future__ import annotations

from conformance.findings.model import RunResult
from conformance.reports.junit import finding_text
from conformance.reports.words import headline


def render_text(run: RunResult, *, color: bool = False) -> str:
    """Failing findings grouped by case, then the summary."""
    lines: list[str] = []
    for case in run.cases:
        failing = [finding for finding in case.all_findings if finding.counted.name in ("FAIL", "ERROR")]
        if failing:
            lines += [case.case_id, *(finding_text(finding) for finding in failing), ""]
    return "\n".join([*lines, headline(run)]) + "\n"
