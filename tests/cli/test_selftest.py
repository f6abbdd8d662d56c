"""`bwp-conformance selftest`: proves the rules, prints and reports how, and fails when one is not proven."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.cli.entry import run
from conformance.contract.proven import load_proofs, proofs_text, read_proofs
from conformance.findings.codec import read_run
from conformance.findings.model import RuleProof
from conformance.sandbox.faults.catalogue import FAULTS
from conformance.selftest import prove
from conformance.selftest.prove import all_rules


def test_rules_are_proven_printed_and_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["selftest", "--rule", "RSP-00", "--rule", "WVR", "--output", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "RSP-001    10/10  lost-field" in shown
    assert "11 of 11 rules proven" in shown
    assert "cases clean without a fault" in shown
    proofs = {proof.rule: proof for proof in read_run(tmp_path / "run.jsonl").proofs}
    assert proofs["RSP-004"].killed == proofs["RSP-004"].mutants >= 3
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "How the checks were proven" in html
    assert "null-in-required-field" in html


def test_a_rule_that_nothing_proves_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, Any] = {name: fault for name, fault in FAULTS.items() if fault.rule != "RSP-001"}
    monkeypatch.setattr(prove, "SANDBOX_FAULTS", kept)
    assert run(["selftest", "--rule", "RSP-001", "--format", "json", "--output", str(tmp_path)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["proven"] is False
    assert [(rule["rule"], rule["proven"], rule["mutants"]) for rule in told["rules"]] == [("RSP-001", False, 0)]


def test_an_unknown_rule_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["selftest", "--rule", "XYZ", "--output", str(tmp_path)]) == 2
    assert "no rule has such an id" in capsys.readouterr().err


def test_only_whole_proofs_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "proven.yaml"
    assert run(["selftest", "--rule", "WVR", "--write", str(file), "--output", str(tmp_path)]) == 2
    assert not file.exists()


def test_the_file_of_proofs_is_read_as_it_was_written(tmp_path: Path) -> None:
    proofs = (
        RuleProof("RSP-001", 'It\'s: "quoted"', mutants=5, killed=5, faults=("lost-field",)),
        RuleProof("RSP-002", "No proof", unprovable="a reason"),
    )
    (tmp_path / "proven.yaml").write_text(proofs_text(proofs), encoding="utf-8")
    assert read_proofs(tmp_path / "proven.yaml") == proofs


def test_the_released_proofs_name_every_rule_and_leave_none_open() -> None:
    proofs = load_proofs()
    assert [proof.rule for proof in proofs] == [rule.id for rule in all_rules()]
    assert [proof.rule for proof in proofs if not prove.is_proven(proof)] == []
