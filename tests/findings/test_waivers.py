"""waivers.yaml: what may be waived, for how long, and what becomes of an entry that waives nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from conformance.base.errors import InputError
from conformance.findings.model import Blame, CaseResult, Finding, Level, StepResult, Verdict
from conformance.findings.waivers import Waiver, apply_waivers, load_waivers

TODAY = date(2025, 3, 1)
FINDING = Finding("RSP-004", Verdict.FAIL, "null where the contract says Decimal!", coordinate="Amount.value")
CASE = CaseResult(
    "order.create[2024-11-01]", "order.create", "2024-11-01", "order", steps=(StepResult("create", (FINDING,)),)
)

LEDGER = """
    waivers:
      - rule: RSP-004
        coordinate: Amount.value
        reason: The sandbox answers null until its next release
        owner: orders-team
        expires: 2025-03-31
"""


def ledger(tmp_path: Path, text: str) -> tuple[Waiver, ...]:
    path = tmp_path / "waivers.yaml"
    path.write_text(dedent(text))
    return load_waivers(path)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        ledger(tmp_path, text)
    return [f"{problem.position.line}:{problem.position.column} {problem.message}" for problem in caught.value.problems]


def entry(**changes: str) -> str:
    values = {
        "rule": "RSP-004",
        "coordinate": "Amount.value",
        "reason": "r",
        "owner": "o",
        "expires": "2025-03-31",
        **changes,
    }
    return "waivers:\n  - " + "\n    ".join(f"{key}: {value}" for key, value in values.items() if value) + "\n"


class TestLoading:
    def test_an_entry_has_rule_place_reason_owner_and_last_day(self, tmp_path: Path) -> None:
        (waiver,) = ledger(tmp_path, LEDGER)
        assert (waiver.rule, str(waiver.coordinate), waiver.scenario) == ("RSP-004", "Amount.value", "")
        assert (waiver.owner, waiver.expires) == ("orders-team", date(2025, 3, 31))
        assert (waiver.position.line, waiver.position.column) == (3, 5)

    @pytest.mark.parametrize("text", ["", "waivers:\n", "waivers: []\n", "# nothing is waived\n"])
    def test_a_ledger_may_be_empty(self, tmp_path: Path, text: str) -> None:
        assert ledger(tmp_path, text) == ()

    def test_all_faults_come_at_once_with_line_and_column(self, tmp_path: Path) -> None:
        text = """
            waivers:
              - rule: response shape
                coordinate: Amount.
                reason: ""
                expires: 2025-02-30
              - rule: RSP-004
                because: x
              - just a text
            extra: 1
        """
        assert problems(tmp_path, text) == [
            "3:5 the key 'owner' is missing",
            "3:11 'response shape' is no rule that can be waived",
            "4:17 'Amount.' is no schema coordinate; write Type, Type.field or Type.field(argument:)",
            "5:13 reason is empty or no text",
            "6:14 '2025-02-30' is no day",
            "7:5 the key 'reason' is missing",
            "7:5 the key 'owner' is missing",
            "7:5 the key 'expires' is missing",
            "7:5 the entry waives its rule everywhere",
            "8:14 the key 'because' is not known",
            "9:5 the entry is no object",
            "10:8 the key 'extra' is not known",
        ]

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"coordinate": ""}, "waives its rule everywhere"),
            ({"rule": "WVR-001"}, "no rule that can be waived"),
            ({"expires": "31.03.2025"}, "no day"),
            ({"expires": "20250331"}, "empty or no text"),
            ({"owner": "[a, b]"}, "owner is empty or no text"),
        ],
    )
    def test_what_an_entry_may_not_be(self, tmp_path: Path, changes: dict[str, str], message: str) -> None:
        assert message in problems(tmp_path, entry(**changes))[0]

    def test_the_same_entry_twice_is_a_fault(self, tmp_path: Path) -> None:
        text = entry() + entry().removeprefix("waivers:\n")
        assert "RSP-004 at Amount.value stands twice" in problems(tmp_path, text)[0]

    @pytest.mark.parametrize("text", ["[1]", "waivers: 3", "other: []"])
    def test_a_file_of_another_form_is_refused(self, tmp_path: Path, text: str) -> None:
        assert problems(tmp_path, text)

    def test_the_error_says_how_to_write_an_entry(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="rule, coordinate or scenario, reason, owner, and expires"):
            ledger(tmp_path, entry(owner=""))


class TestApplying:
    def apply(
        self, tmp_path: Path, text: str, case: CaseResult = CASE, **options: bool
    ) -> tuple[CaseResult, list[str]]:
        (marked,), findings = apply_waivers([case], ledger(tmp_path, text), TODAY, **options)
        return marked, [finding.rule for finding in findings]

    def test_a_waived_finding_stays_and_counts_as_info(self, tmp_path: Path) -> None:
        case, findings = self.apply(tmp_path, LEDGER)
        (finding,) = case.all_findings
        assert finding.waived == "The sandbox answers null until its next release (orders-team, until 2025-03-31)"
        assert (finding.verdict, finding.counted, case.verdict) == (Verdict.FAIL, Verdict.INFO, Verdict.INFO)
        assert findings == []

    def test_findings_of_the_case_as_a_whole_can_be_waived_too(self, tmp_path: Path) -> None:
        case, _ = self.apply(tmp_path, LEDGER, replace(CASE, steps=(), findings=(FINDING,)))
        assert case.verdict is Verdict.INFO

    @pytest.mark.parametrize(
        "changes",
        [
            {"rule": "RSP-005"},
            {"coordinate": "Amount.unit"},
            {"coordinate": "AmountX"},
            {"scenario": "order.cancel"},
            {"coordinate": "", "scenario": "order"},
        ],
    )
    def test_another_rule_place_or_scenario_is_not_waived(self, tmp_path: Path, changes: dict[str, str]) -> None:
        case, findings = self.apply(tmp_path, entry(**changes))
        assert case == CASE
        assert findings == ["WVR-002"]

    @pytest.mark.parametrize(
        "changes",
        [{"coordinate": "Amount"}, {"scenario": "order.create"}, {"coordinate": "", "scenario": "order.create"}],
    )
    def test_a_type_covers_its_fields_and_a_scenario_its_findings(
        self, tmp_path: Path, changes: dict[str, str]
    ) -> None:
        case, findings = self.apply(tmp_path, entry(**changes))
        assert case.verdict is Verdict.INFO
        assert findings == []

    def test_the_last_day_still_counts(self, tmp_path: Path) -> None:
        case, findings = self.apply(tmp_path, entry(expires=TODAY.isoformat()))
        assert case.verdict is Verdict.INFO
        assert findings == []

    def test_an_expired_entry_waives_nothing_and_fails_the_run(self, tmp_path: Path) -> None:
        waivers = ledger(tmp_path, entry(expires="2025-02-28"))
        (case,), (finding,) = apply_waivers([CASE], waivers, TODAY)
        assert case == CASE
        assert (finding.rule, finding.level, finding.verdict, finding.blame) == (
            "WVR-001",
            Level.MUST,
            Verdict.FAIL,
            Blame.CONFIGURATION,
        )
        assert finding.position is not None
        assert (finding.position.line, finding.position.column) == (2, 5)
        assert "ended on 2025-02-28" in finding.message
        assert "reason, owner, and expires" in finding.fix

    def test_an_entry_that_waives_nothing_fails_the_run(self, tmp_path: Path) -> None:
        _, (finding,) = apply_waivers([replace(CASE, steps=())], ledger(tmp_path, LEDGER), TODAY)
        assert (finding.rule, finding.verdict, finding.blame) == ("WVR-002", Verdict.FAIL, Blame.CONFIGURATION)
        assert finding.fix.startswith("Remove it")

    def test_a_finding_that_could_not_be_judged_is_never_hidden(self, tmp_path: Path) -> None:
        broken = replace(CASE, steps=(StepResult("create", (replace(FINDING, verdict=Verdict.ERROR),)),))
        case, findings = self.apply(tmp_path, LEDGER, broken)
        assert case.verdict is Verdict.ERROR
        assert findings == ["WVR-002"]

    def test_a_run_of_a_selection_calls_only_entries_of_its_scenarios_unused(self, tmp_path: Path) -> None:
        clean = replace(CASE, steps=())
        assert self.apply(tmp_path, LEDGER, clean, whole=False)[1] == []
        assert self.apply(tmp_path, entry(scenario="order.cancel"), clean, whole=False)[1] == []
        assert self.apply(tmp_path, entry(scenario="order.create"), clean, whole=False)[1] == ["WVR-002"]

    def test_a_skipped_scenario_proves_nothing_about_its_entries(self, tmp_path: Path) -> None:
        skipped = replace(CASE, steps=(), skipped="not in this version")
        assert self.apply(tmp_path, entry(scenario="order.create"), skipped)[1] == []

    def test_what_was_marked_before_keeps_its_reason_and_still_uses_the_entry(self, tmp_path: Path) -> None:
        case, findings = self.apply(
            tmp_path, LEDGER, replace(CASE, steps=(), findings=(replace(FINDING, waived="known"),))
        )
        assert case.findings[0].waived == "known"
        assert findings == []

    def test_marking_twice_changes_nothing(self, tmp_path: Path) -> None:
        once, _ = self.apply(tmp_path, LEDGER)
        assert self.apply(tmp_path, LEDGER, once) == (once, [])

    def test_without_a_ledger_nothing_changes(self) -> None:
        assert apply_waivers([CASE], (), TODAY) == ((CASE,), ())
