"""Holds exchanges against the rules. A rule that raises is a finding about the suite, and the other rules go on."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from conformance.contract.model import Contract
from conformance.findings.model import Finding
from conformance.operations.selection import FieldPlan
from conformance.rules.catalogue import RULES
from conformance.rules.model import BusinessRule, RuleCase, Scope
from conformance.rules.refusals import LOOKING_BACK
from conformance.rules.telling import tell


def judge_rules(
    cases: Sequence[RuleCase], *, rules: tuple[BusinessRule, ...] = RULES, scopes: tuple[Scope, ...] = tuple(Scope)
) -> tuple[Finding, ...]:
    """Judges operations that belong together, oldest first: each alone, and each with those before it."""
    findings: list[Finding] = []
    for index, case in enumerate(cases):
        findings += judge_case(replace(case, earlier=tuple(cases[:index])), rules=rules, scopes=scopes)
    return tuple(findings)


def judge_case(
    case: RuleCase, *, rules: tuple[BusinessRule, ...] = RULES, scopes: tuple[Scope, ...] = tuple(Scope)
) -> tuple[Finding, ...]:
    """Judges one operation, with what is in `earlier`."""
    findings: list[Finding] = []
    for rule in rules_for(case.operation, case.contract, case.field_plan) if rules is RULES else rules:
        if rule.scope in scopes and _concerned(rule, case) and (rules is RULES or rule.applies(case)):
            findings += tell(rule, partial(rule.check, case), case.place)
    return tuple(findings)


def judge_answer_rules(
    case: RuleCase, rules: Sequence[BusinessRule], settled: Container[str] = (), entered: RuleCase | None = None
) -> tuple[Finding, ...]:
    """What rules that apply to an operation say of its answer. Those that are `settled` see the case `entered`."""
    findings: list[Finding] = []
    for rule in rules:
        if _concerned(rule, case):
            seen = entered if entered is not None and rule.id in settled else case
            findings += tell(rule, partial(rule.check, seen), case.place)
    return tuple(findings)


def judge_again(case: RuleCase) -> tuple[Finding, ...]:
    """What rules about a single operation say of it only in the light of those in `earlier`."""
    if not case.earlier:
        return ()
    alone = judge_case(replace(case, earlier=()), rules=LOOKING_BACK)
    return tuple(finding for finding in judge_case(case, rules=LOOKING_BACK) if finding not in alone)


def _concerned(rule: BusinessRule, case: RuleCase) -> bool:
    if rule.scope is Scope.FLOW and not case.earlier:
        return False
    if rule.scope is Scope.ERRORS and not case.errors:
        return False
    return rule.scope is not Scope.ANSWER or case.answer is not None


@lru_cache(maxsize=4096)
def rules_for(operation: str, contract: Contract, plan: FieldPlan | None) -> tuple[BusinessRule, ...]:
    """The rules of the catalogue that hold for an operation with a selection."""
    case = RuleCase(contract, operation, {}, field_plan=plan)
    return tuple(rule for rule in RULES if rule.applies(case))
