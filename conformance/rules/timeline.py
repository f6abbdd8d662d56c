"""Exchanges and events in the order in which they happened, and the rules that look at both.

A timeline is judged piece by piece: each event and each operation together with what was before it, and at its end
what should have come and did not. `rules.judge` holds single operations; nothing is judged by both.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import Any, Final, TypeAlias

from conformance.base.errors import InputError, SourcePosition
from conformance.base.jsonio import load_json
from conformance.base.paths import JsonPath
from conformance.base.versions import DATED_VERSIONS, NEXT
from conformance.contract.model import Contract
from conformance.events.catalogue import EventCatalogue, EventType, Status
from conformance.events.envelope import EventView, Unrecognised, recognise
from conformance.events.judge import MAX_EVENT_BYTES
from conformance.events.paths import PathFault, parse_resource
from conformance.events.reading import load_catalogue
from conformance.findings.model import Finding, Grade, Level
from conformance.rules.model import RuleCase, Violation
from conformance.rules.telling import tell
from conformance.rules.values import instant, text
from conformance.traffic.model import Event

EVENT: Final = "event"
"""The origin of a violation whose path leads into an event."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event, as far as it could be read.

    `name` is the event type as given, `meaning` the newest name of the same. `ids` are those of the resource path, by
    their type: `order`, `delivery`, `refund`, `return`, ... . What the envelope lacks is empty, a `moment` None.
    """

    name: str
    meaning: str
    ids: Mapping[str, str]
    key: str = ""
    event_id: str = ""
    subscription: str = ""
    moment: datetime.datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    name_path: JsonPath = ()
    inner_path: JsonPath = ()
    time_path: JsonPath = ()
    position: SourcePosition | None = None

    def is_of(self, other: Occurrence, *types: str) -> bool:
        """Do both resource paths name the same thing of these types?"""
        return all(self.ids.get(one) and self.ids.get(one) == other.ids.get(one) for one in types)

    def happened_before(self, other: Occurrence) -> bool:
        """By the times of both, where they differ; else no."""
        return self.moment is not None and other.moment is not None and self.moment < other.moment


Item: TypeAlias = RuleCase | Occurrence


class Look(Enum):
    """What a timeline rule looks at: each EVENT, each OPERATION, or the END of it all."""

    EVENT = "event"
    OPERATION = "operation and event"
    END = "end of a flow"


@dataclass(frozen=True, slots=True)
class Scene:
    """A piece of a timeline with all before it, oldest first. At the END there is no piece, and all was before.

    `is_complete`: the target has shown every event that it published, and all of them belong to this flow.
    """

    contract: Contract
    item: Item | None
    earlier: tuple[Item, ...]
    is_complete: bool = False

    @property
    def version(self) -> str:
        """The dated version whose rules apply: the newest one for `next`, none for a schema of another origin."""
        version = self.contract.version
        if version == NEXT:
            return DATED_VERSIONS[-1]
        return version if version in DATED_VERSIONS else ""

    @property
    def event(self) -> Occurrence:
        """The event of an EVENT rule. Raises TypeError for another piece."""
        if not isinstance(self.item, Occurrence):
            raise TypeError("no event at hand")
        return self.item

    @property
    def case(self) -> RuleCase:
        """The operation of an OPERATION rule. Raises TypeError for another piece."""
        if not isinstance(self.item, RuleCase):
            raise TypeError("no operation at hand")
        return self.item

    def events(self, *meanings: str) -> Iterator[Occurrence]:
        """The events before, oldest first, of these meanings; of any when none is named."""
        for item in self.earlier:
            if isinstance(item, Occurrence) and (not meanings or item.meaning in meanings):
                yield item

    def cases(self, *operations: str) -> Iterator[RuleCase]:
        """The operations before, oldest first, of these names; of any when none is named."""
        for item in self.earlier:
            if isinstance(item, RuleCase) and (not operations or item.operation in operations):
                yield item


Check: TypeAlias = Callable[[Scene], Iterable[Violation]]


@dataclass(frozen=True, slots=True)
class TimelineRule:
    """A documented rule about events together with what was before. Ids are permanent.

    `operations` and `meanings` say at which operations and events it looks, empty for all. One that `needs_all` is
    silent unless the timeline is complete.
    """

    id: str
    level: Level
    title: str
    source: str
    look: Look
    check: Check
    grade: Grade = Grade.GUIDE
    versions: tuple[str, ...] = DATED_VERSIONS
    operations: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    needs_all: bool = False
    coordinate: str = ""
    fix: str = ""

    def applies(self, scene: Scene) -> bool:
        """Does the rule hold for this version and this piece?"""
        if scene.version not in self.versions or (self.needs_all and not scene.is_complete):
            return False
        if isinstance(scene.item, Occurrence):
            return self.look is Look.EVENT and (not self.meanings or scene.item.meaning in self.meanings)
        if isinstance(scene.item, RuleCase):
            return self.look is Look.OPERATION and (not self.operations or scene.item.operation in self.operations)
        return self.look is Look.END


def timeline_rule(  # noqa: PLR0913 - a rule has that many parts
    rule_id: str,
    level: Level,
    title: str,
    source: str,
    *,
    look: Look = Look.EVENT,
    grade: Grade = Grade.GUIDE,
    versions: tuple[str, ...] = DATED_VERSIONS,
    operations: tuple[str, ...] = (),
    meanings: tuple[str, ...] = (),
    needs_all: bool = False,
    coordinate: str = "",
    fix: str = "",
) -> Callable[[Check], TimelineRule]:
    """Makes the decorated function a rule. It counts once the catalogue lists it."""

    def made(check: Check) -> TimelineRule:
        return TimelineRule(
            rule_id,
            level,
            title,
            source,
            look,
            check,
            grade,
            versions,
            operations,
            meanings,
            needs_all,
            coordinate,
            fix,
        )

    return made


def read_occurrence(event: Event, catalogue: EventCatalogue | None = None) -> Occurrence | None:
    """The event as rules see it. None when it is no event; the EVT rules of single events say why."""
    catalogue = catalogue or load_catalogue()
    if len(event.body) > MAX_EVENT_BYTES:
        return None
    try:
        body = load_json(event.body, "event")
    except InputError:
        return None
    view = recognise(body) if isinstance(body, dict) else None
    if view is None or isinstance(view, Unrecognised):
        return None
    return _occurrence(view, catalogue, event.position)


def _occurrence(view: EventView, catalogue: EventCatalogue, position: SourcePosition | None) -> Occurrence:
    name_path, name = next(((path, value) for path, value in view.type_places if isinstance(value, str)), ((), ""))
    is_filled = view.inner is view.body or bool(view.inner)
    time_path: JsonPath = (*view.inner_path, "eventTime") if is_filled else ("time",)
    data = view.inner.get("data")
    return Occurrence(
        name=name,
        meaning=meaning_of(name, catalogue),
        ids=_ids(view.body.get("resources")),
        key=text(view.inner.get("idempotencyKey")),
        event_id=text(view.inner.get("eventId")) or text(view.body.get("id")),
        subscription=text(view.inner.get("subscriptionId")),
        moment=instant(view.inner.get("eventTime") if is_filled else view.body.get("time")),
        data=data if isinstance(data, dict) else {},
        name_path=name_path,
        inner_path=view.inner_path,
        time_path=time_path,
        position=position,
    )


def meaning_of(name: str, catalogue: EventCatalogue) -> str:
    """The newest, not deprecated name of an event type; an unknown name as it is."""
    known = catalogue.event(name) or catalogue.respelled(name)
    if known is None or _is_current(known):
        return known.name if known else name
    return catalogue.counterpart(known.name, DATED_VERSIONS[-1]) or known.name


def _is_current(event: EventType) -> bool:
    entry = event.status(DATED_VERSIONS[-1])
    return entry is not None and entry.status is not Status.DEPRECATED


def _ids(resources: Any) -> Mapping[str, str]:
    first = resources[0] if isinstance(resources, list) and resources else None
    parsed = parse_resource(first) if isinstance(first, str) else None
    return {} if parsed is None or isinstance(parsed, PathFault) else dict(parsed.pairs)


def judge_timeline(
    items: Sequence[Item], contract: Contract, rules: tuple[TimelineRule, ...], *, is_complete: bool = False
) -> tuple[Finding, ...]:
    """Judges a whole timeline, oldest piece first, its end last."""
    findings: list[Finding] = []
    before: tuple[Item, ...] = ()
    for item in items:
        known = remembering(item, before)
        findings += judge_scene(Scene(contract, known, before, is_complete), rules)
        before = (*before, known)
    findings += judge_scene(Scene(contract, None, before, is_complete), rules)
    return tuple(findings)


def remembering(item: Item, before: tuple[Item, ...]) -> Item:
    """An operation that knows those before it, as `rules.memory` needs it; an event as it is."""
    if isinstance(item, Occurrence):
        return item
    return replace(item, earlier=tuple(one for one in before if isinstance(one, RuleCase)))


def judge_scene(scene: Scene, rules: tuple[TimelineRule, ...]) -> tuple[Finding, ...]:
    """Judges one piece with all before it. A rule that raises is a finding about the suite; the others go on."""
    item = scene.item
    position = item.position if isinstance(item, Occurrence) else None
    found: list[Finding] = []
    for rule in rules:
        if rule.applies(scene):
            found += tell(rule, partial(rule.check, scene), partial(_place, item), position)
    return tuple(found)


def _place(item: Item | None, violation: Violation) -> tuple[str, JsonPath]:
    return item.place(violation) if isinstance(item, RuleCase) else (violation.origin, violation.path)
