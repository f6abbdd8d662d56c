"""Every rule of the suite: ids are permanent and unique, each version is scored on the rules of its release."""

import re

import pytest

from conformance.base.versions import DATED_VERSIONS
from conformance.contract.requirements import required_rules
from conformance.engine.judge import RULES as TRAFFIC_RULES
from conformance.engine.rules import RULES as ENGINE_RULES
from conformance.events.rules import RULES as EVENT_RULES
from conformance.findings.model import Level
from conformance.operations.rules import RULES as OPERATION_RULES
from conformance.rules.catalogue import FINDING_RULES as BUSINESS_RULES
from conformance.rules.catalogue import RULES as DOCUMENTED
from conformance.rules.catalogue import TIMELINE_RULES

PINNED = """
EXP-001 MUST  EXP-002 MUST  EXP-003 MUST  EXP-004 MUST  EXP-005 MUST  EXP-006 MUST
EXP-007 MUST  EXP-008 MUST  EXP-009 MUST  EXP-010 MUST
CAS-001 MUST  CAS-002 MUST  CAS-003 MUST
SCN-001 MUST  SCN-002 MUST
TGT-001 MUST
TRF-001 MUST  TRF-002 MUST  TRF-003 MUST
"""


def test_ids_and_levels_are_as_they_always_were() -> None:
    words = PINNED.split()
    rules = [(rule.id, rule.level.value) for rule in (*ENGINE_RULES, *TRAFFIC_RULES)]
    assert rules == list(zip(words[::2], words[1::2], strict=True))


def test_no_id_stands_twice_and_every_rule_has_a_source() -> None:
    rules = (*ENGINE_RULES, *TRAFFIC_RULES, *EVENT_RULES, *OPERATION_RULES, *BUSINESS_RULES)
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert re.fullmatch(r"[A-Z]{3}-\d{3}", rule.id)
        assert rule.title
        assert rule.source
        assert isinstance(rule.level, Level)


@pytest.mark.parametrize("version", DATED_VERSIONS)
def test_a_version_is_scored_on_rules_that_exist_and_on_all_of_this_release(version: str) -> None:
    documented = {rule.id for rule in DOCUMENTED if version in rule.versions}
    documented |= {rule.id for rule in TIMELINE_RULES if version in rule.versions}
    assert required_rules(version) == documented | {rule.id for rule in (*EVENT_RULES, *OPERATION_RULES)}
