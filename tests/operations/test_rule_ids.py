"""Rule ids are permanent: the table against the list that was agreed on."""

from __future__ import annotations

import re
from pathlib import Path

from conformance.operations.rules import RULES, RULES_BY_ID

LIST = Path(__file__).parent / "rule_ids.txt"
PACKAGE = Path(__file__).parents[2] / "conformance" / "operations"


def test_ids_are_unique_and_their_meaning_stays() -> None:
    """A new rule is added to rule_ids.txt; a line that is there is never changed or removed."""
    assert len(RULES_BY_ID) == len(RULES)
    assert [f"{rule.id} {rule.level.value} {rule.title}" for rule in RULES] == LIST.read_text().splitlines()


def test_every_rule_is_used_and_every_used_rule_is_listed() -> None:
    used: set[str] = set()
    for module in PACKAGE.glob("*.py"):
        if module.name != "rules.py":
            used |= set(re.findall(r'"((?:ENV|REQ|RSP|ERR)-\d{3})"', module.read_text()))
    assert used == set(RULES_BY_ID)


def test_every_rule_says_where_it_is_written() -> None:
    assert all(rule.source and rule.title for rule in RULES)
