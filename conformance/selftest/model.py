"""What the proof of a rule consists of."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.engine.plan import Case
from conformance.selftest.judging import Mark
from conformance.traffic.model import Event, Exchange


@dataclass(frozen=True, slots=True)
class Recorded:
    """What passed between the suite and a faultless sandbox in one case, in the order of time."""

    case: Case
    items: tuple[Exchange | Event, ...]
    is_complete: bool = False
    """Is no event missing that the sandbox published?"""
    known: tuple[Mark, ...] = ()
    """What the suite finds in it, faults that its scenario makes on purpose for instance."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """Traffic with one defect in it. `place` says where: the case, and the item of it, counted from 0."""

    rule: str
    fault: str
    case_id: str
    place: str
    seed: int
    killed: bool
    """Did the rule report it?"""
    found: tuple[str, ...] = ()
    """The rules that reported something new, the named one or others."""
