"""The words that every report uses: verdicts, grades, blame, and counts in plain English."""

from __future__ import annotations

from typing import Final

from conformance.findings.model import Blame, CaseResult, Grade, RunResult, Verdict

VERDICT_WORDS: Final = {
    Verdict.PASS: "Pass",
    Verdict.INFO: "Info",
    Verdict.SKIP: "Skipped",
    Verdict.WARN: "Warning",
    Verdict.FAIL: "Fail",
    Verdict.ERROR: "Error",
}

VERDICT_MEANINGS: Final = {
    Verdict.PASS: "Everything that was judged conforms.",
    Verdict.INFO: "Conforms; something is worth knowing, or a finding does not count.",
    Verdict.SKIP: "Not judged, for the reason given. Never counted as conforming.",
    Verdict.WARN: "Conforms to every confirmed MUST; a SHOULD or an unconfirmed fact is violated.",
    Verdict.FAIL: "A MUST that rests on firm evidence is violated.",
    Verdict.ERROR: "Could not be judged: this suite or the environment broke.",
}

BLAME_WORDS: Final = {
    Blame.TARGET: "The target: what it answered breaks the contract",
    Blame.CLIENT: "The client: what it sent breaks the contract",
    Blame.CONFIGURATION: "The configuration of this run",
    Blame.ENVIRONMENT: "The environment: network, throttling or an expired token",
    Blame.SUITE: "This suite: its scenario, contract or code is at fault; not held against the target",
}

GRADE_WORDS: Final = {
    Grade.SPECIFICATION: "demanded by GraphQL or HTTP itself",
    Grade.PAGE: "stated on a reference page",
    Grade.EXAMPLE: "shown by a documented example",
    Grade.GUIDE: "read from a guide; unconfirmed, so it can only warn",
    Grade.CHANGELOG: "read from the changelog; unconfirmed, so it can only warn",
    Grade.INFERRED: "inferred by this suite; unconfirmed, so it can only warn",
}


def plural(count: int, one: str, many: str = "") -> str:
    """`1 case`, `1,200 cases`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def headline(run: RunResult) -> str:
    """The verdict of a run in a few short sentences; of a run that did not finish, that there is none."""
    counts = run.counts()
    total = len(run.cases)
    if not run.complete:
        return f"Partial run: {plural(total, 'case')} judged before it stopped. No verdict of the whole."
    if not total:
        return "No case was run."
    skipped = counts[Verdict.SKIP]
    judged = total - skipped
    if not judged:
        return f"Nothing was judged: {plural(total, 'case')} skipped."
    conforming = counts[Verdict.PASS] + counts[Verdict.INFO] + counts[Verdict.WARN]
    parts = [_conforming(conforming, judged, counts[Verdict.WARN])]
    if counts[Verdict.FAIL]:
        parts.append(f"{counts[Verdict.FAIL]:,} {'fails' if counts[Verdict.FAIL] == 1 else 'fail'}.")
    if counts[Verdict.ERROR]:
        parts.append(f"{counts[Verdict.ERROR]:,} could not be judged.")
    if skipped:
        parts.append(f"{skipped:,} more {'was' if skipped == 1 else 'were'} skipped.")
    faults = sum(finding.counted >= Verdict.FAIL for finding in run.findings)
    if faults:
        parts.append(f"The run itself has {plural(faults, 'fault')}.")
    return " ".join(parts)


def _conforming(conforming: int, judged: int, warned: int) -> str:
    warnings = f", {warned:,} with warnings" if warned else ""
    if conforming == judged:
        return f"The one case conforms{warnings}." if judged == 1 else f"All {judged:,} cases conform{warnings}."
    return f"{conforming:,} of {plural(judged, 'case')} {'conforms' if conforming == 1 else 'conform'}{warnings}."


def skip_reason(case: CaseResult) -> str:
    """Why a case was not judged, from the case, its steps or its findings."""
    if case.skipped:
        return case.skipped
    steps = "; ".join(step.skipped for step in case.steps if step.skipped)
    findings = (finding.message for finding in case.all_findings if finding.counted is Verdict.SKIP)
    return steps or "; ".join(findings) or "no reason was given"
