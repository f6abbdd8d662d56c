"""A scenario as frozen values. Made by `conformance.scenario.load` alone, which has checked it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from conformance.base.errors import SourcePosition
from conformance.base.paths import JsonPath

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Matcher:
    """What must stand at a path of an answer. `wanted` is the matcher as the file writes it."""

    path: str
    wanted: Any
    position: SourcePosition


@dataclass(frozen=True, slots=True)
class ExpectedError:
    """An error that an answer must have; only the keys that the file names are compared."""

    wanted: Mapping[str, Any]
    position: SourcePosition


@dataclass(frozen=True, slots=True)
class Echo:
    """What stands at `answer` (below `data`) must be what was sent at `sent` (below the variables)."""

    answer: str
    sent: str
    position: SourcePosition


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a step's answer, or its event, must hold."""

    status: int | None = None
    data: tuple[Matcher, ...] = ()
    echoes: tuple[Echo, ...] = ()
    errors: tuple[ExpectedError, ...] = ()
    contains: tuple[str, ...] = ()
    """Texts that the answer to an `http` step must hold."""
    contains_position: SourcePosition | None = None
    event_type: str = ""
    envelope: str = ""
    body: tuple[Matcher, ...] = ()
    events: tuple[str, ...] | None = None
    """The event types that the target publishes because of the step; None: nothing is said."""
    events_position: SourcePosition | None = None


@dataclass(frozen=True, slots=True)
class FindingPattern:
    """A finding that is foreseen: a fault made on purpose, or a contradiction of the documentation (`erratum`)."""

    rule: str
    path: JsonPath | None
    erratum: str
    position: SourcePosition

    @property
    def is_of_event(self) -> bool:
        """Is it about an event, given in the step or published because of it?"""
        return self.rule.startswith("EVT")

    def fits(self, rule: str, path: JsonPath) -> bool:
        """Is this the foreseen finding?"""
        return self.rule == rule and self.path in (None, path)


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A request outside of GraphQL, to a link that an answer gave: an upload or a download."""

    method: str
    url: Any
    """A text, or a reference to one."""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """What happens outside of the API: shoppers, carriers, warehouses, the passing of time.

    A sandbox is told to bring it about; a live target waits for it. `what` is one of the schema's words.
    """

    what: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A request with its expectations, an event with its, a call of a link, or something that happens outside."""

    name: str
    position: SourcePosition
    document: str = ""
    document_position: SourcePosition | None = None
    operation: str | None = None
    variables: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    event: Mapping[str, Any] | None = None
    http: HttpCall | None = None
    outside: Happening | None = None
    expect: Expectation = Expectation()
    capture: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    provokes: tuple[FindingPattern, ...] = ()
    contradicts: tuple[FindingPattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One documented use of the API: steps in order."""

    id: str
    title: str
    interface: str
    versions: tuple[str, ...]
    steps: tuple[Step, ...]
    file: Path
    position: SourcePosition
    description: str = ""
    page: str = ""
    example: str = ""
    profiles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    """The kinds of target that the scenario is for; empty: any."""
    errata: tuple[str, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
