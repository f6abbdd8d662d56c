"""What the suite finds in traffic that belongs together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from conformance.base.paths import JsonPath
from conformance.contract.model import Contract
from conformance.engine.course import Course
from conformance.engine.judge import judge_event, judge_exchange, judge_rules_so_far
from conformance.findings.model import Finding
from conformance.rules.model import RuleCase
from conformance.rules.timeline import Item
from conformance.traffic.model import Event, Exchange

Mark: TypeAlias = tuple[str, JsonPath, str, str]


_REMEMBERED_CASES: Final = 512
_REMEMBERED_ITEMS: Final = 8192


@dataclass(frozen=True, slots=True)
class _Reached:
    """What the suite knows after some items: what it found, and what it holds the next ones against."""

    findings: tuple[Finding, ...] = ()
    earlier: tuple[RuleCase, ...] = ()
    course: tuple[Item, ...] = ()


def judge_items(
    items: Sequence[Exchange | Event],
    contract: Contract,
    *,
    is_complete: bool = False,
    like: tuple[Exchange | Event, ...] = (),
) -> list[Finding]:
    """All that the suite finds in traffic that belongs together, in the order of time.

    `is_complete`: no event that was published is missing. `like` is traffic that begins with the same items: what these
    show is worked out once for all traffic that is like it.
    """
    reached = _Reached()
    same = 0
    if like:
        pairs = enumerate(zip(items, like, strict=False))
        same = next((at for at, (one, other) in pairs if one is not other), min(len(items), len(like)))
        reached = _all_reached(like, contract, is_complete)[same]
    for item in items[same:]:
        reached = _next(reached, item, contract, is_complete)
    return [*reached.findings, *Course(contract, is_complete, reached.course).end()]


@lru_cache(maxsize=_REMEMBERED_CASES)
def _all_reached(items: tuple[Exchange | Event, ...], contract: Contract, is_complete: bool) -> tuple[_Reached, ...]:
    """What is known before each of the items, and after the last."""
    reached = [_Reached()]
    for item in items:
        reached.append(_next(reached[-1], item, contract, is_complete))
    return tuple(reached)


def _next(reached: _Reached, item: Exchange | Event, contract: Contract, is_complete: bool) -> _Reached:
    course = Course(contract, is_complete, reached.course)
    findings = (*reached.findings, *_alone(item, contract))
    earlier = reached.earlier
    if isinstance(item, Event):
        findings += course.event(item)
    else:
        broken, earlier = judge_rules_so_far(item, contract, earlier)
        findings += (*broken, *course.operations(earlier[len(reached.earlier) :]))
    return _Reached(findings, earlier, course.items)


@lru_cache(maxsize=_REMEMBERED_ITEMS)
def _alone(item: Exchange | Event, contract: Contract) -> tuple[Finding, ...]:
    return (judge_event(item, contract) if isinstance(item, Event) else judge_exchange(item, contract)).findings


def mark_of(finding: Finding) -> Mark:
    """What tells a finding from another one."""
    return finding.rule, finding.path, finding.message, finding.actual
