"""How much of each version the cases of a run cover, by kind of thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from conformance.base.data import data_folder
from conformance.base.errors import InputError
from conformance.contract.proven import load_proofs
from conformance.engine.inventory import NULL, VALUE, Kind, Mark, inventory
from conformance.engine.sighting import Sightings, sight
from conformance.findings.model import CaseResult, Coverage
from conformance.scenario.load import find_scenario_files, load_scenario, load_scenarios
from conformance.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Covered:
    """What of a version is covered, by mark: `asserted` was looked at by an expectation, `passed` only went by."""

    version: str
    asserted: frozenset[Mark]
    passed: frozenset[Mark]

    def figures(self, *, with_missing: bool = True) -> tuple[Coverage, ...]:
        """A figure for each kind that the version has things of."""
        return tuple(
            self._figure(kind, names, with_missing=with_missing)
            for kind, names in inventory(self.version).names.items()
            if names
        )

    def _figure(self, kind: Kind, names: Sequence[str], *, with_missing: bool) -> Coverage:
        asserted = sum((kind, name) in self.asserted for name in names)
        passed = sum((kind, name) in self.passed for name in names)
        missing = [name for name in names if (kind, name) not in self.asserted and (kind, name) not in self.passed]
        return Coverage(kind.value, self.version, len(names), asserted, passed, tuple(missing) if with_missing else ())


@dataclass(slots=True)
class Tally:
    """Adds up what cases cover, version by version."""

    _asserted: dict[str, set[Mark]] = field(default_factory=dict)
    _passed: dict[str, set[Mark]] = field(default_factory=dict)

    def add(self, version: str, seen: Sightings) -> None:
        """Takes in what a case of a version covers."""
        self._asserted.setdefault(version, set()).update(seen.asserted)
        self._passed.setdefault(version, set()).update(seen.passed)

    def covered(self) -> tuple[Covered, ...]:
        """What is covered of each version that a case ran in."""
        return tuple(
            _covered(version, frozenset(self._asserted[version]), frozenset(self._passed[version]))
            for version in sorted(self._asserted)
        )

    def figures(self, *, with_missing: bool = True) -> tuple[Coverage, ...]:
        """The figures of all versions. `with_missing`: with the names of what is not covered."""
        return tuple(figure for one in self.covered() for figure in one.figures(with_missing=with_missing))


def tally(cases: Iterable[CaseResult], scenarios: Mapping[str, Scenario]) -> Tally:
    """What cases cover; `scenarios` by their ids. Of a case whose scenario is not there nothing counts as asserted."""
    made = Tally()
    for case in cases:
        made.add(case.version, sight(case, scenarios.get(case.scenario)))
    return made


def scenarios_of(cases: Iterable[CaseResult]) -> Mapping[str, Scenario]:
    """The scenarios of a finished run: those of the files that it names, and of the suite where a file is gone.

    A file that is no scenario any more is passed over: what it expected is not known.
    """
    wanted = {case.scenario: case.file for case in cases}
    found: dict[str, Scenario] = {}
    for file in dict.fromkeys(wanted.values()):
        if file and Path(file).is_file():
            try:
                scenario = load_scenario(Path(file))
            except InputError:
                continue  # the case then counts as passed, which is true whatever the file says now
            found[scenario.id] = scenario
    if wanted.keys() - found.keys():
        for scenario in load_scenarios(find_scenario_files(data_folder("scenarios"))):
            found.setdefault(scenario.id, scenario)
    return found


def _covered(version: str, asserted: frozenset[Mark], passed: frozenset[Mark]) -> Covered:
    """A rule that was applied, and that defects prove, is as good as asserted. A nullable field needs both halves."""
    proven = {(Kind.RULES, rule) for rule in _proven_rules()}
    asserted |= passed & proven
    seen = asserted | passed
    nulls = [(Kind.NULLS, name) for name in inventory(version).names[Kind.NULLS]]
    both_asserted = {mark for mark in nulls if _halves(mark) <= asserted}
    both_seen = {mark for mark in nulls if _halves(mark) <= seen}
    known = frozenset((kind, name) for kind, names in inventory(version).names.items() for name in names)
    asserted = (asserted | both_asserted) & known
    return Covered(version, asserted, ((seen | both_seen) & known) - asserted)


def _halves(mark: Mark) -> frozenset[Mark]:
    return frozenset(((mark[0], mark[1] + NULL), (mark[0], mark[1] + VALUE)))


@lru_cache(maxsize=1)
def _proven_rules() -> frozenset[str]:
    """The rules that reported a named defect when the suite was released."""
    return frozenset(proof.rule for proof in load_proofs() if proof.killed)


def pack(version: str, seen: Sightings) -> tuple[list[int], list[int]]:
    """What a case covers, as small as it travels between processes: places in the version's inventory."""
    places = inventory(version).places
    return (
        [places[mark] for mark in seen.asserted if mark in places],
        [places[mark] for mark in seen.passed if mark in places],
    )


def unpack(version: str, packed: tuple[Sequence[int], Sequence[int]]) -> Sightings:
    """The sightings that were packed in another process of the same installation."""
    marks = inventory(version).marks
    asserted, passed = packed
    return Sightings(frozenset(marks[place] for place in asserted), frozenset(marks[place] for place in passed))
