"""The event catalogue: what is documented about each event type, per version of the API, with its evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from conformance.base.versions import DATED_VERSIONS
from conformance.events.paths import PathPattern
from conformance.events.shape import DataShape
from conformance.findings.model import Grade


class EnvelopeKind(StrEnum):
    """The forms in which an event is delivered."""

    WEBHOOK = "webhook"
    EVENTBRIDGE = "eventbridge"
    EVENTBRIDGE_THIN = "eventbridge_thin"


class Status(StrEnum):
    """How an event type is known in a version; `judged` is a page without a version line, placed by its content."""

    DOCUMENTED = "documented"
    LISTED = "listed"
    JUDGED = "judged"
    INFERRED = "inferred"
    DEPRECATED = "deprecated"


@dataclass(frozen=True, slots=True)
class ValueForm:
    """A string form: a regular expression for the whole text, and what it means in words."""

    name: str
    pattern: re.Pattern[str]
    means: str
    grade: Grade
    source: str


@dataclass(frozen=True, slots=True)
class EnvelopeKey:
    """A key of an envelope. `kind`: string, strings or object; `form`: the name of a ValueForm, date-time, or empty."""

    name: str
    kind: str
    form: str = ""
    same_as: str = ""
    """The key of `detail` that has the same value."""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One form of delivery: its keys and the versions that document it."""

    kind: EnvelopeKind
    title: str
    versions: tuple[str, ...]
    keys: tuple[EnvelopeKey, ...]
    grade: Grade
    source: str


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What holds for all events of a version. `list_grade`: how sure it is that a missing event type does not exist."""

    version: str
    envelopes: tuple[EnvelopeKind, ...]
    has_data: bool
    list_grade: Grade
    list_source: str
    list_why: str

    @property
    def eventbridge(self) -> EnvelopeKind:
        """The form that an EventBridge event has in this version."""
        return next(kind for kind in self.envelopes if kind is not EnvelopeKind.WEBHOOK)


@dataclass(frozen=True, slots=True)
class EventVersion:
    """An event type in one version. `instead` names the event type to use; `since` is the date of a deprecation."""

    version: str
    status: Status
    grade: Grade
    source: str
    instead: str = ""
    since: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ResourceFact:
    """The resource path of an event type. `only`: read for these versions, inferred for others; empty: read for all."""

    pattern: PathPattern
    grade: Grade
    source: str
    why: str = ""
    only: tuple[str, ...] = ()

    def grade_in(self, version: str) -> Grade:
        """The evidence in a version."""
        return self.grade if not self.only or version in self.only else Grade.INFERRED


@dataclass(frozen=True, slots=True)
class Permission:
    """The permission that a subscription to the event needs, as the event page names it."""

    name: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What to ask the API after an event: the query, the ids from the path, and what to look at in the answer."""

    query: str
    ids: tuple[str, ...]
    look_at: str
    grade: Grade
    source: str


@dataclass(frozen=True, slots=True)
class PathId:
    """Where in `data` the id stands that a resource path names; `in_list`: one element of the list has it."""

    id: str
    at: tuple[str, ...]
    in_list: bool
    grade: Grade
    source: str


@dataclass(frozen=True, slots=True)
class EventType:
    """One event type. `envelopes` are those that its own page shows. `data` is None when no page shows a filled one."""

    name: str
    published_when: str
    permission: Permission
    resource: ResourceFact
    envelopes: frozenset[EnvelopeKind]
    versions: tuple[EventVersion, ...]
    data: DataShape | None = None
    follow_up: FollowUp | None = None
    must_process: bool = False
    formerly: str = ""
    also_printed: tuple[str, ...] = ()
    errata: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def status(self, version: str) -> EventVersion | None:
        """The event type in a dated version, None where nothing says that it exists."""
        return next((entry for entry in self.versions if entry.version == version), None)


@dataclass(frozen=True, slots=True)
class EventCatalogue:
    """All of events.yaml."""

    events: Mapping[str, EventType]
    envelopes: Mapping[EnvelopeKind, Envelope]
    versions: Mapping[str, VersionFacts]
    patterns: Mapping[str, PathPattern]
    forms: Mapping[str, ValueForm]
    path_ids: tuple[PathId, ...]
    path_grade: Grade
    path_source: str

    def version_facts(self, version: str) -> VersionFacts:
        """The facts of a contract's version; `next` and a schema of the user's go by the newest dated version."""
        return self.versions.get(version) or self.versions[DATED_VERSIONS[-1]]

    def event(self, name: str) -> EventType | None:
        """The event type of this exact name."""
        return self.events.get(name)

    def in_version(self, version: str) -> tuple[EventType, ...]:
        """The event types of a version, by name."""
        dated = self.version_facts(version).version
        return tuple(event for event in self.events.values() if event.status(dated))

    def respelled(self, name: str) -> EventType | None:
        """The event type that a name means which differs in case, white space or hyphens only."""
        return self.events.get(re.sub(r"[\s_-]+", "_", name.strip()).upper())

    def printed_as(self, name: str) -> EventType | None:
        """The event type that a page prints under this other name somewhere."""
        return next((event for event in self.events.values() if name in event.also_printed), None)

    def similar(self, name: str) -> str:
        """A known name close to this one, empty when there is none."""
        close = get_close_matches(name[:100].upper(), self.events, n=1, cutoff=0.75)
        return close[0] if close else ""

    def counterpart(self, name: str, version: str) -> str:
        """The event type of the same meaning in a version, not deprecated if possible. Empty: none known."""
        dated = self.version_facts(version).version
        fallback = ""
        reached = [name]
        for candidate in reached:
            status = self.events[candidate].status(dated)
            if status and candidate != name:
                if not status.instead:
                    return candidate
                fallback = fallback or candidate
            reached.extend(other for other in self._same_meaning(candidate) if other not in reached)
        return fallback

    def _same_meaning(self, name: str) -> list[str]:
        event = self.events[name]
        others = [entry.instead for entry in event.versions if entry.instead]
        if event.formerly:
            others.append(event.formerly)
        return others
