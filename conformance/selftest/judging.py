"""What the suite finds in traffic that belongs together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from conformance.base.paths import JsonPath
from conformance.contract.model import Contract
from conformance.engine.course import Course
from conformance.engine.judge import judge_event, judge_exchange, judge_rules_so_far
from conformance.findings.model import Finding
from conformance.rules.model import RuleCase
from conformance.traffic.model import Event, Exchange

Mark: TypeAlias = tuple[str, JsonPath, str, str]


def judge_items(items: Sequence[Exchange | Event], contract: Contract, *, is_complete: bool = False) -> list[Finding]:
    """All that the suite finds in traffic that belongs together, in the order of time.

    `is_complete`: no event that was published is missing.
    """
    findings: list[Finding] = []
    earlier: tuple[RuleCase, ...] = ()
    course = Course(contract, is_complete=is_complete)
    for item in items:
        if isinstance(item, Event):
            findings += judge_event(item, contract).findings
            findings += course.event(item)
        else:
            findings += judge_exchange(item, contract).findings
            before = len(earlier)
            broken, earlier = judge_rules_so_far(item, contract, earlier)
            findings += (*broken, *course.operations(earlier[before:]))
    return [*findings, *course.end()]


def mark_of(finding: Finding) -> Mark:
    """What tells a finding from another one."""
    return finding.rule, finding.path, finding.message, finding.actual
