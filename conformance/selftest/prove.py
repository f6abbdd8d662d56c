"""Proves every rule of the suite: makes mutants for it, and tells how many of them it caught."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from conformance.engine.judge import RULES as TRAFFIC_RULES
from conformance.engine.rules import RULES as ENGINE_RULES
from conformance.events.rules import RULES as EVENT_RULES
from conformance.findings.model import Rule, RuleProof
from conformance.findings.waivers import RULES as WAIVER_RULES
from conformance.operations.rules import RULES as OPERATION_RULES
from conformance.rules.catalogue import RULES as BUSINESS_RULES
from conformance.rules.catalogue import TIMELINE_RULES
from conformance.rules.model import BusinessRule
from conformance.rules.timeline import TimelineRule
from conformance.sandbox.faults.catalogue import FAULTS as SANDBOX_FAULTS
from conformance.sandbox.faults.model import Fault
from conformance.selftest.beyond import FAULTS as BEYOND_FAULTS
from conformance.selftest.catalogue import CLIENT_FAULTS
from conformance.selftest.clients import ClientFault
from conformance.selftest.expectations import FAULTS as EXPECTATION_FAULTS
from conformance.selftest.model import Mutant
from conformance.selftest.mutate import mutants
from conformance.selftest.recordings import FAULTS as RECORDING_FAULTS
from conformance.selftest.runs import RunFault, Workshop
from conformance.selftest.unprovable import UNPROVABLE

WANTED: Final = 3
"""So many different mutants every rule has to catch, at least."""
MADE: Final = 5
"""So many are made of each fault, where there are places for them."""
_TRIES: Final = 60


def all_rules() -> tuple[Rule | BusinessRule | TimelineRule, ...]:
    """Every rule of the suite, in the order of the families."""
    return (
        *OPERATION_RULES,
        *EVENT_RULES,
        *TIMELINE_RULES,
        *BUSINESS_RULES,
        *ENGINE_RULES,
        *TRAFFIC_RULES,
        *WAIVER_RULES,
    )


def all_faults() -> tuple[Fault | ClientFault | RunFault, ...]:
    """Every named defect: of the answering side, of clients, of runs."""
    return (
        *SANDBOX_FAULTS.values(),
        *CLIENT_FAULTS.values(),
        *BEYOND_FAULTS.faults,
        *EXPECTATION_FAULTS.faults,
        *RECORDING_FAULTS.faults,
    )


def prove(
    workshop: Workshop,
    *,
    made: int = MADE,
    seed: int = 0,
    rules: Callable[[str], bool] = lambda _: True,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[RuleProof, ...]:
    """The proof of each chosen rule. `progress` is told each rule's id before its mutants are made."""
    by_rule: dict[str, list[Fault | ClientFault | RunFault]] = {}
    for fault in all_faults():
        by_rule.setdefault(fault.rule, []).append(fault)
    return tuple(
        _proof(rule, by_rule.get(rule.id, ()), workshop, made, seed, progress) for rule in all_rules() if rules(rule.id)
    )


def is_proven(proof: RuleProof, wanted: int = WANTED) -> bool:
    """Were there enough mutants, and were all of them found?"""
    return bool(proof.unprovable) or (proof.mutants >= wanted and proof.killed == proof.mutants)


def _proof(
    rule: Rule | BusinessRule | TimelineRule,
    faults: Sequence[Fault | ClientFault | RunFault],
    workshop: Workshop,
    made: int,
    seed: int,
    progress: Callable[[str], None],
) -> RuleProof:
    progress(rule.id)
    found = [mutant for fault in faults for mutant in _mutants(fault, workshop, made, seed)]
    names = tuple(dict.fromkeys(mutant.fault for mutant in found))
    killed = sum(mutant.killed for mutant in found)
    return RuleProof(rule.id, rule.title, rule.level, len(found), killed, names, UNPROVABLE.get(rule.id, ""))


def _mutants(fault: Fault | ClientFault | RunFault, workshop: Workshop, made: int, seed: int) -> Sequence[Mutant]:
    if not isinstance(fault, RunFault):
        return mutants(fault, workshop.traffic, wanted=made, seed=seed)
    found: dict[tuple[str, str], Mutant] = {}
    for number in range(_TRIES):
        proved = fault.prove(workshop, Random(f"{seed}:{fault.name}:{number}"))
        if proved is None or len(found) >= made:
            break
        case_id, place, rules = proved
        mutant = Mutant(fault.rule, fault.name, case_id, place, number, fault.rule in rules, rules)
        found.setdefault((case_id, place), mutant)
    return tuple(found.values())
