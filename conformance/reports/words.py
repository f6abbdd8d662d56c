"""The words that every report uses: verdicts, grades, blame, and counts in plain English."""

from __future__ import annotations

from typing import Final

from conformance.findings.model import Blame, Grade, RunResult, Verdict

VERDICT_WORDS: Final = {
    Verdict.PASS: "pass",
    Verdict.INFO: "info",
    Verdict.SKIP: "skipped",
    Verdict.WARN: "warning",
    Verdict.FAIL: "fail",
    Verdict.ERROR: "error",
}

BLAME_WORDS: Final = {
    Blame.TARGET: "The target: what it answered breaks the contract.",
    Blame.CLIENT: "The client: the request that was sent breaks the contract.",
    Blame.CONFIGURATION: "The configuration of this run, not the target.",
    Blame.ENVIRONMENT: "The environment: network, throttling or an expired token.",
    Blame.SUITE: "This suite: its scenario or its contract is wrong. It does not count against the target.",
}

GRADE_WORDS: Final = {
    Grade.SPECIFICATION: "demanded by GraphQL or HTTP itself",
    Grade.PAGE: "stated on a reference page",
    Grade.EXAMPLE: "shown by a documented example",
    Grade.GUIDE: "read from a guide: unconfirmed, so it warns at most",
    Grade.CHANGELOG: "read from the changelog: unconfirmed, so it warns at most",
    Grade.INFERRED: "inferred by this suite: unconfirmed, so it warns at most",
}


def plural(count: int, one: str, many: str = "") -> str:
    """`1 case`, `1,200 cases`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def headline(run: RunResult) -> str:
    """The verdict of a run in one sentence or a few; of a partial run, that there is none."""
    counts = run.counts()
    total = len(run.cases)
    if not run.complete:
        return f"This run did not finish: {plural(total, 'case')} judged, and no verdict of the whole."
    if not total:
        return "No case was run."
    conforming = counts[Verdict.PASS] + counts[Verdict.INFO] + counts[Verdict.WARN]
    judged = total - counts[Verdict.SKIP]
    if not judged:
        return (
            f"Nothing was judged: all {plural(total, 'case')} skipped."
            if total > 1
            else "Nothing was judged: the case was skipped."
        )
    parts = [_conforming(conforming, judged)]
    if counts[Verdict.FAIL]:
        parts.append(f"{counts[Verdict.FAIL]:,} {'fails' if counts[Verdict.FAIL] == 1 else 'fail'}.")
    if counts[Verdict.ERROR]:
        parts.append(f"{counts[Verdict.ERROR]:,} could not be judged.")
    if counts[Verdict.WARN]:
        parts.append(f"{counts[Verdict.WARN]:,} with warnings.")
    if counts[Verdict.SKIP]:
        parts.append(f"{counts[Verdict.SKIP]:,} skipped.")
    if Verdict.worst(finding.counted for finding in run.findings) >= Verdict.FAIL:
        parts.append("The run itself has faults.")
    return " ".join(parts)


def _conforming(conforming: int, judged: int) -> str:
    if conforming == judged:
        return "The case conforms." if judged == 1 else f"All {judged:,} judged cases conform."
    return f"{conforming:,} of {judged:,} judged cases {'conforms' if conforming == 1 else 'conform'}."
