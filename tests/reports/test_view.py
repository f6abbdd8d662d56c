"""What a report says about a run as a whole."""

from dataclasses import replace

import pytest

from conformance.findings.model import Blame, CaseResult, Finding, RunResult, StepResult, Verdict
from conformance.reports.view import run_summary, view_run
from conformance.reports.words import headline, plural, skip_reason

from .runs import EXPIRED_WAIVER, clean_run, realistic_run


def case_of(verdict: Verdict, number: int = 0) -> CaseResult:
    findings = () if verdict is Verdict.PASS else (Finding("RSP-001", verdict, "m"),)
    return CaseResult(f"case-{number}", "s", "2024-11-01", "order", steps=(StepResult("one", findings),))


def run_of(*verdicts: Verdict) -> RunResult:
    cases = tuple(case_of(verdict, number) for number, verdict in enumerate(verdicts))
    return RunResult("id", "2024-11-21T00:00:00Z", "0.1.0", "cassettes", cases=cases)


PASS, INFO, SKIP, WARN, FAIL, ERROR = Verdict


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([PASS] * 3, "All 3 cases conform."),
        ([PASS], "The one case conforms."),
        ([PASS, INFO, WARN], "All 3 cases conform, 1 with warnings."),
        ([PASS, WARN, WARN, FAIL], "3 of 4 cases conform, 2 with warnings. 1 fails."),
        ([PASS, PASS, FAIL], "2 of 3 cases conform. 1 fails."),
        ([PASS, FAIL, FAIL, ERROR], "1 of 4 cases conforms. 2 fail. 1 could not be judged."),
        ([PASS, PASS, SKIP], "All 2 cases conform. 1 more was skipped."),
        ([SKIP, SKIP], "Nothing was judged: 2 cases skipped."),
        ([FAIL], "0 of 1 case conform. 1 fails."),
        ([], "No case was run."),
    ],
)
def test_the_verdict_in_words(verdicts: list[Verdict], words: str) -> None:
    assert headline(run_of(*verdicts)) == words


def test_faults_of_the_run_itself_are_said_though_every_case_conforms() -> None:
    run = replace(run_of(PASS, PASS), findings=(EXPIRED_WAIVER,))
    assert headline(run) == "All 2 cases conform. The run itself has 1 fault."
    assert view_run(run).tone is FAIL


def test_a_partial_run_has_no_verdict_of_the_whole() -> None:
    run = replace(run_of(PASS, PASS), complete=False)
    assert headline(run) == "Partial run: 2 cases judged before it stopped. No verdict of the whole."
    assert view_run(run).tone is ERROR


@pytest.mark.parametrize(("verdicts", "tone"), [([], SKIP), ([SKIP], SKIP), ([PASS, SKIP], SKIP), ([PASS], PASS)])
def test_what_was_not_judged_is_never_green(verdicts: list[Verdict], tone: Verdict) -> None:
    assert view_run(run_of(*verdicts)).tone is tone


def test_the_matrix_counts_each_interface_and_version_and_both_sums() -> None:
    matrix = view_run(realistic_run()).matrix
    assert matrix.interfaces == ("catalog", "events", "order", "returns")
    assert matrix.versions == ("2024-01-01", "2024-04-01", "2024-11-01")
    order = matrix.rows[2]
    assert [(count.verdict, count.count) for count in order[2].counts] == [(PASS, 7), (FAIL, 1)]
    assert order[2].worst is FAIL
    assert [cell.total for cell in order] == [5, 5, 8, 18]
    assert [cell.total for cell in matrix.totals] == [6, 5, 10, 21]
    assert matrix.rows[3][2].counts == ()


def test_evidence_shares_go_from_strong_to_weak_and_fill_the_whole() -> None:
    (evidence,) = view_run(clean_run()).evidence
    assert [share.grade for share in evidence.contract] == ["page", "example", "guide", "changelog", "inferred"]
    assert sum(share.width for share in evidence.contract) == pytest.approx(100)
    assert evidence.firm_percent == 92
    assert evidence.contract[1].start == pytest.approx(evidence.contract[0].width)
    assert [(share.grade, share.count) for share in evidence.judged] == [
        ("specification", 112),
        ("page", 176),
        ("example", 24),
    ]


def test_rules_come_worst_first_with_their_findings_and_cases() -> None:
    rules = view_run(realistic_run()).rules
    assert [rule.worst for rule in rules] == sorted((rule.worst for rule in rules), reverse=True)
    found = next(rule for rule in rules if rule.rule == "RSP-004")
    assert (found.findings, found.cases, found.worst) == (2, 2, FAIL)


def test_blame_counts_what_warns_or_is_worse_and_not_what_is_waived() -> None:
    assert dict(view_run(realistic_run()).blames) == {"TARGET": 8, "CLIENT": 2, "SUITE": 1}
    waived = Finding("RSP-004", FAIL, "m", blame=Blame.TARGET, waived="known")
    assert view_run(replace(run_of(PASS), cases=(replace(case_of(PASS), findings=(waived,)),))).blames == ()


def test_failing_cases_come_with_the_findings_that_decide() -> None:
    failing = view_run(realistic_run()).failing
    assert [item.case.verdict for item in failing] == [ERROR, FAIL, FAIL]
    assert all(finding.counted >= FAIL for item in failing for finding in item.findings)


def test_contradictions_know_the_cases_that_touch_them() -> None:
    errata = {view.erratum.id: [case.case_id for case in view.cases] for view in view_run(realistic_run()).errata}
    assert errata["bundle-member-amount"] == ["order.create.bundle-mixed[2024-11-01]"]


def test_a_contradiction_that_the_run_has_no_text_of_is_still_named() -> None:
    run = replace(run_of(PASS), cases=(replace(case_of(PASS), errata=("lost",)),))
    (view,) = view_run(run).errata
    assert view.erratum.id == "lost"


def test_the_summary_names_target_and_versions() -> None:
    expected = "21 cases on target cassettes against 2024-01-01, 2024-04-01 and 2024-11-01"
    assert run_summary(view_run(realistic_run())) == expected
    assert run_summary(view_run(run_of())) == "0 cases on target cassettes"


def test_why_a_case_was_skipped_is_found_wherever_it_stands() -> None:
    case = case_of(PASS)
    assert skip_reason(replace(case, skipped="whole")) == "whole"
    assert skip_reason(replace(case, steps=(StepResult("a", skipped="no capture"),))) == "no capture"
    assert skip_reason(case_of(SKIP)) == "m"
    assert skip_reason(case) == "no reason was given"


@pytest.mark.parametrize(("count", "text"), [(0, "0 cases"), (1, "1 case"), (1200, "1,200 cases")])
def test_plural(count: int, text: str) -> None:
    assert plural(count, "case") == text
