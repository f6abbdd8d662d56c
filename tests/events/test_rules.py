"""The EVT rules: ids are permanent, so they are pinned here with their levels."""

from conformance.base.versions import VERSIONS
from conformance.contract.requirements import required_rules
from conformance.events.rules import RULES, RULES_BY_ID

PINNED = """
EVT-001 MUST    EVT-002 MUST    EVT-003 MUST    EVT-004 MUST    EVT-005 MUST    EVT-006 MUST    EVT-007 MUST
EVT-008 SHOULD  EVT-009 MUST    EVT-010 SHOULD  EVT-011 MUST    EVT-012 MUST    EVT-013 SHOULD  EVT-014 MUST
EVT-015 SHOULD  EVT-016 SHOULD  EVT-017 MAY     EVT-018 MAY     EVT-019 MAY
EVT-020 MUST    EVT-021 MUST    EVT-022 SHOULD  EVT-023 MAY     EVT-024 MUST    EVT-025 MUST
EVT-030 MUST    EVT-031 MAY     EVT-032 MUST    EVT-033 MUST    EVT-034 SHOULD  EVT-035 SHOULD
EVT-040 MUST    EVT-041 MUST    EVT-042 MUST    EVT-043 MUST    EVT-044 MUST    EVT-045 MUST    EVT-046 MAY
EVT-047 MUST    EVT-048 MUST    EVT-049 MAY     EVT-050 MUST    EVT-051 MAY     EVT-052 MAY     EVT-053 SHOULD
"""


def test_ids_and_levels_are_as_they_always_were() -> None:
    words = PINNED.split()
    assert [(rule.id, rule.level.value) for rule in RULES] == list(zip(words[::2], words[1::2], strict=True))


def test_every_rule_says_what_must_be_so_and_where_it_is_written() -> None:
    assert len(RULES_BY_ID) == len(RULES)
    assert len({rule.title for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.title
        assert rule.source


def test_every_version_is_scored_on_every_rule() -> None:
    for version in VERSIONS:
        assert set(RULES_BY_ID) <= required_rules(version), version
