"""Proves every rule of the suite: makes mutants for it, and tells how many of them it caught."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Final

from conformance.engine.judge import RULES as TRAFFIC_RULES
from conformance.engine.rules import RULES as ENGINE_RULES
from conformance.events.rules import RULES as EVENT_RULES
from conformance.findings.waivers import RULES as WAIVER_RULES
from conformance.operations.rules import RULES as OPERATION_RULES
from conformance.rules.catalogue import RULES as BUSINESS_RULES
from conformance.sandbox.faults.catalogue import FAULTS as SANDBOX_FAULTS
from conformance.sandbox.faults.model import Fault
from conformance.selftest.clients import ClientFault
from conformance.selftest.expectations import FAULTS as EXPECTATION_FAULTS
from conformance.selftest.model import Mutant, Proof
from conformance.selftest.mutate import mutants
from conformance.selftest.recordings import FAULTS as RECORDING_FAULTS
from conformance.selftest.runs import RunFault, Workshop
from conformance.selftest.unprovable import UNPROVABLE

WANTED: Final = 3
"""So many different mutants every rule has to catch, at least."""
MADE: Final = 5
"""So many are made of each fault, where there are places for them."""
_TRIES: Final = 60


def rule_titles() -> Mapping[str, str]:
    """Every rule of the suite, with its title, in the order of the families."""
    families: tuple[Iterable[object], ...] = (
        OPERATION_RULES,
        EVENT_RULES,
        BUSINESS_RULES,
        ENGINE_RULES,
        TRAFFIC_RULES,
        WAIVER_RULES,
    )
    return {str(getattr(rule, "id")): str(getattr(rule, "title")) for family in families for rule in family}  # noqa: B009


def all_faults() -> tuple[Fault | ClientFault | RunFault, ...]:
    """Every named defect: of the answering side, of clients, of runs."""
    return (*SANDBOX_FAULTS.values(), *EXPECTATION_FAULTS.faults, *RECORDING_FAULTS.faults)


def prove(
    workshop: Workshop,
    *,
    made: int = MADE,
    seed: int = 0,
    rules: Callable[[str], bool] = lambda _: True,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Proof, ...]:
    """The proof of each chosen rule. `progress` is told each rule's id before its mutants are made."""
    by_rule: dict[str, list[Fault | ClientFault | RunFault]] = {}
    for fault in all_faults():
        by_rule.setdefault(fault.rule, []).append(fault)
    proofs = []
    for rule, title in rule_titles().items():
        if rules(rule):
            progress(rule)
            found = [mutant for fault in by_rule.get(rule, ()) for mutant in _mutants(fault, workshop, made, seed)]
            proofs.append(Proof(rule, title, tuple(found), UNPROVABLE.get(rule, "")))
    return tuple(proofs)


def _mutants(fault: Fault | ClientFault | RunFault, workshop: Workshop, made: int, seed: int) -> Sequence[Mutant]:
    if not isinstance(fault, RunFault):
        return mutants(fault, workshop.traffic, wanted=made, seed=seed)
    found: dict[tuple[str, str], Mutant] = {}
    for number in range(_TRIES):
        proved = fault.prove(workshop, Random(f"{seed}:{fault.name}:{number}"))  # noqa: S311 - a choice of places
        if proved is None or len(found) >= made:
            break
        case_id, place, rules = proved
        mutant = Mutant(fault.rule, fault.name, case_id, place, number, fault.rule in rules, rules)
        found.setdefault((case_id, place), mutant)
    return tuple(found.values())
