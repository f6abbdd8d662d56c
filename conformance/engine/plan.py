"""Scenario times version gives cases. Each request is checked against its contract before any is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from conformance.contract.load import load_contract
from conformance.contract.model import Contract
from conformance.engine.rules import RULE
from conformance.findings.model import Blame, Finding, Grade, Verdict
from conformance.operations.compile import compile_operation
from conformance.scenario.model import Scenario, Step
from conformance.scenario.select import Selection


@dataclass(frozen=True, slots=True)
class Case:
    """One scenario in one version."""

    scenario: Scenario
    version: str

    @property
    def id(self) -> str:
        """`<scenario>@<version>`, permanent."""
        return f"{self.scenario.id}@{self.version}"

    @property
    def contract(self) -> Contract:
        return load_contract(self.version)


def plan(scenarios: Iterable[Scenario], selection: Selection) -> tuple[Case, ...]:
    """The cases of a run, in the order of the scenarios."""
    return tuple(
        Case(scenario, version)
        for scenario in scenarios
        if selection.takes(scenario)
        for version in selection.versions_of(scenario)
    )


def check_case(case: Case) -> tuple[Finding, ...]:
    """What is wrong with a scenario's documents in this version. Each is the suite's or the scenario author's fault."""
    return tuple(finding for step in case.scenario.steps if step.document for finding in _check_document(step, case))


def _check_document(step: Step, case: Case) -> Iterable[Finding]:
    compiled = compile_operation(step.document, step.operation, case.contract)
    for finding in compiled.request_findings:
        if finding.verdict >= Verdict.FAIL and not any(p.fits(finding.rule, finding.path) for p in step.provokes):
            yield as_scenario_fault(finding, step)


def as_scenario_fault(finding: Finding, step: Step) -> Finding:
    """A fault of our own request: the scenario's, never the target's."""
    where = step.document_position or step.position
    if finding.position is not None and finding.origin == "document":
        where = replace(where, line=where.line + finding.position.line, column=finding.position.column)
    return replace(
        finding,
        rule="SCN-001",
        verdict=Verdict.ERROR,
        level=RULE["SCN-001"].level,
        blame=Blame.SUITE,
        grade=Grade.SPECIFICATION,
        message=f"the request of step {step.name!r} breaks {finding.rule}: {finding.message}",
        position=where,
    )
