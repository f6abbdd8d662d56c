"""The report of a terminal."""

from dataclasses import replace

from conformance.findings.model import CaseResult, Finding, RunResult, Verdict
from conformance.reports.lines import finding_lines, visible
from conformance.reports.text import render_text

from .runs import EXPIRED_WAIVER, FAULTS, clean_run, hostile_run, realistic_run

TEXT = render_text(realistic_run(findings=(EXPIRED_WAIVER,)))


def test_a_clean_run_is_two_lines_at_most() -> None:
    assert render_text(clean_run()) == "All 8 cases conform.\n"


def test_the_last_line_is_the_verdict() -> None:
    assert TEXT.splitlines()[-1].startswith(
        "17 of 20 cases conform, 1 with warnings. 2 fail. 1 could not be judged. 1 more was skipped."
    )


def test_findings_stand_under_their_case_with_its_file() -> None:
    lines = TEXT.splitlines()
    at = lines.index("order.create.bundle-mixed[2024-11-01]  scenarios/order/create-bundle-mixed.yaml")
    block = lines[at : lines.index("", at)]
    assert "  step create (createOrder)" in block
    assert "  FAIL RSP-007 DOZEN is no documented value of AmountUnit" in block
    assert "      at        response data.createOrder.order.lineItems[2].amount.unit (Amount.unit)" in block
    assert "      expected  one of ONE, GRAM, KILOGRAM" in block
    assert '      actual    "DOZEN"' in block
    assert "      rule      MUST, stated on a reference page (sandbox-objects-amount)" in block
    assert "      file      scenarios/order/create-bundle-mixed.yaml:58:7" in block


def test_cases_that_conform_are_not_listed() -> None:
    assert "order.create.non-prime[2024-11-01]" not in TEXT


def test_waived_skipped_and_contradictory_are_said_in_a_line_each() -> None:
    assert "Findings that do not count: 1." in TEXT
    assert "Skipped: returns.reversal-offers[2024-01-01]: reversalOffers is not part of version" in TEXT
    assert "Documented contradictions touched: 3." in TEXT


def test_faults_of_the_run_say_how_to_mend_them() -> None:
    assert "The run\n  FAIL WVR-001 the waiver of RSP-004" in TEXT
    assert "waivers.yaml:8:5" in TEXT


def test_colour_is_written_only_when_asked_for() -> None:
    assert "\x1b[" not in TEXT
    assert "\x1b[31m" in render_text(realistic_run(), color=True)


def test_a_partial_run_says_so_last() -> None:
    last = render_text(replace(clean_run(), complete=False)).splitlines()[-1]
    assert last.startswith("Partial run: 8 cases judged")


def test_a_fault_of_the_suite_claims_no_evidence_of_the_contract() -> None:
    lines = finding_lines(EXPIRED_WAIVER)
    assert "    rule      MUST" in lines
    assert "    rule      MUST, stated on a reference page (sandbox-objects-amount)" in finding_lines(FAULTS[0])


def test_hostile_text_cannot_steer_the_terminal_or_add_lines_of_its_own() -> None:
    text = render_text(hostile_run())
    text.encode("utf-8")
    assert not any(ord(char) < 32 and char != "\n" for char in text)
    assert "\u202e" not in text
    faked = Finding("A", Verdict.FAIL, "first\nAll 60 cases conform.")
    assert all(line.startswith("    ") for line in finding_lines(faked)[0].splitlines()[1:])
    assert visible("a\nb\x1b") == "a\\nb\\u001b"


def test_endless_text_is_cut() -> None:
    assert len(visible("x" * 100_000)) < 3000


def test_of_many_skipped_cases_a_few_are_named_and_the_others_counted() -> None:
    cases = tuple(
        CaseResult(f"s{number}@2024-11-01", f"s{number}", "2024-11-01", "order", skipped="why") for number in range(25)
    )
    text = render_text(RunResult("r", "2024-11-01T00:00:00Z", "0", "cassettes", cases))
    assert text.count("Skipped: s") == 10
    assert "Skipped: 15 more." in text
