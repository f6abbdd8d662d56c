"""What the proof of a rule consists of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conformance.engine.plan import Case
from conformance.traffic.model import Event, Exchange


@dataclass(frozen=True, slots=True)
class Recorded:
    """What passed between the suite and a faultless sandbox in one case, in the order of time."""

    case: Case
    items: tuple[Exchange | Event, ...]


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


@dataclass(frozen=True, slots=True)
class Proof:
    """The mutants of one rule."""

    rule: str
    title: str
    mutants: tuple[Mutant, ...]
    unprovable: str = ""
    """Why no traffic can break the rule; empty for nearly all."""

    @property
    def killed(self) -> int:
        return sum(mutant.killed for mutant in self.mutants)

    @property
    def faults(self) -> tuple[str, ...]:
        """The names of the defects, each once."""
        return tuple(dict.fromkeys(mutant.fault for mutant in self.mutants))

    def is_proven(self, wanted: int) -> bool:
        """Were there enough mutants, and were all of them found?"""
        return bool(self.unprovable) or (len(self.mutants) >= wanted and self.killed == len(self.mutants))


def unproven(proofs: Sequence[Proof], wanted: int) -> tuple[Proof, ...]:
    """The rules that let a mutant live, or have too few."""
    return tuple(proof for proof in proofs if not proof.is_proven(wanted))
