"""Which scenarios, in which versions, a run is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from conformance.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class Selection:
    """Each part narrows the choice; an empty part does not. Ids are shell patterns: `order.create.*`."""

    ids: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    target: str = ""
    """The kind of target that the run is against: scenarios for others only are left out. It is no choice of the user,
    so it does not make a selection a narrowed one."""

    def takes(self, scenario: Scenario) -> bool:
        """Is the scenario chosen, in whatever version?"""
        return (
            _any_of(self.interfaces, (scenario.interface,))
            and _any_of(self.profiles, scenario.profiles)
            and _any_of(self.tags, scenario.tags)
            and (not self.target or not scenario.targets or self.target in scenario.targets)
            and (not self.ids or any(fnmatchcase(scenario.id, pattern) for pattern in self.ids))
        )

    def versions_of(self, scenario: Scenario) -> tuple[str, ...]:
        """The versions to run the scenario in, in its own order."""
        return tuple(version for version in scenario.versions if not self.versions or version in self.versions)

    def __bool__(self) -> bool:
        return any((self.ids, self.versions, self.interfaces, self.profiles, self.tags))

    def __str__(self) -> str:
        parts = (
            ("id", self.ids),
            ("version", self.versions),
            ("interface", self.interfaces),
            ("profile", self.profiles),
            ("tag", self.tags),
        )
        return "; ".join(f"{name} {', '.join(values)}" for name, values in parts if values)


def _any_of(wanted: Iterable[str], given: Iterable[str]) -> bool:
    chosen = set(wanted)
    return not chosen or not chosen.isdisjoint(given)
