"""Mutants: one defect in one place, judged; a check that cannot see the defect does not count as proven."""

from __future__ import annotations

import json
from random import Random

from conformance.findings.model import RuleProof
from conformance.sandbox.faults.catalogue import FAULTS
from conformance.sandbox.faults.model import Fault, Seen
from conformance.selftest.model import Recorded
from conformance.selftest.mutate import alter, mutants
from conformance.selftest.prove import all_faults, all_rules, is_proven
from conformance.traffic.model import Exchange
from tests.selftest.traffic import some_traffic


def test_each_mutant_has_one_defect_and_the_rule_reports_it() -> None:
    made = mutants(FAULTS["lost-field"], some_traffic(), wanted=4)
    assert len(made) == 4
    assert all(mutant.killed and "RSP-001" in mutant.found for mutant in made)


def test_the_same_seed_makes_the_same_mutants_and_another_one_others() -> None:
    first, again, other = (mutants(FAULTS["lost-field"], some_traffic(), wanted=4, seed=s) for s in (1, 1, 2))
    assert first == again
    assert [(each.case_id, each.place) for each in first] != [(each.case_id, each.place) for each in other]


def test_a_defect_that_its_rule_does_not_see_lives_on() -> None:
    fault = Fault("harmless", "RSP-001", "Nothing is lost", alter=lambda seen: bool(seen.headers) and _turn(seen))
    made = mutants(fault, some_traffic(), wanted=3)
    assert made
    assert not any(mutant.killed for mutant in made)


def _turn(seen: Seen) -> bool:
    seen.headers = (*seen.headers, ("x-other", str(seen.random.random())))
    return True


def test_only_the_item_that_is_asked_for_is_altered() -> None:
    traffic = some_traffic()
    joined = Recorded(traffic[0].case, tuple(item for each in traffic for item in each.items))
    found = []
    for index in range(len(joined.items)):
        altered = alter(FAULTS["extra-field"], joined, index, Random(1))
        if altered is not None:
            pairs = zip(joined.items, altered, strict=True)
            assert [at for at, (before, after) in enumerate(pairs) if before != after] == [index]
            found.append(index)
    assert len(found) > 5


def test_a_proof_needs_enough_mutants_and_all_of_them_reported() -> None:
    assert is_proven(RuleProof("RSP-001", "x", mutants=3, killed=3))
    assert not is_proven(RuleProof("RSP-001", "x", mutants=3, killed=2))
    assert not is_proven(RuleProof("RSP-001", "x", mutants=2, killed=2))
    assert not is_proven(RuleProof("RSP-001", "x"))
    assert is_proven(RuleProof("RSP-001", "x", unprovable="a reason"))


def test_every_fault_names_a_rule_and_names_are_unique() -> None:
    rules = {rule.id for rule in all_rules()}
    names = [fault.name for fault in all_faults()]
    assert {fault.rule for fault in all_faults()} <= rules
    assert len(names) == len(set(names))


def test_some_traffic_is_json() -> None:
    for recorded in some_traffic():
        for item in recorded.items:
            assert json.loads(item.response.body if isinstance(item, Exchange) else item.body)
