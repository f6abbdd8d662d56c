"""Events among themselves: their order in time, what repeats, what an idempotency key stands for (EVT-060 on).

Neither the order of delivery nor the window of an idempotency key is documented. So events are put in order by their
times, and where these are equal by arrival; and a rule about keys is our reading of what a key is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown, listed
from conformance.rules.flow_states import PACKAGE, Transitions, reachable
from conformance.rules.model import Violation
from conformance.rules.timeline import EVENT, Occurrence, Scene, timeline_rule

PACKAGE_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PACKAGE_DELIVERY_IN_TRANSIT": "IN_TRANSIT",
        "PACKAGE_DELIVERED": "DELIVERED",
        "PACKAGE_DELIVERY_CANCELLED": "CANCELLED",
    }
)
"""What an event says about its package."""

_RETURN_WAY: Final = "RETURN_PACKAGE_IN_TRANSIT RETURN_PACKAGE_DELIVERED RETURN_PACKAGE_DELIVERY_FAILED"
_RETURN_GOES_ON: Final = frozenset(f"{_RETURN_WAY} RETURN_ITEM_GRADED RETURN_COMPLETED".split())
RETURN_EVENTS: Final[Transitions] = MappingProxyType(
    {
        "RETURN_STARTED": _RETURN_GOES_ON | {"RETURN_STARTED"},
        **dict.fromkeys((*_RETURN_WAY.split(), "RETURN_ITEM_GRADED"), _RETURN_GOES_ON),
        "RETURN_COMPLETED": _RETURN_GOES_ON - {"RETURN_PACKAGE_IN_TRANSIT"},
    }
)
"""What may come after an event of the same return: nothing starts it again, nothing sets out after its completion.

A return has several packages and items, so arrivals and gradings repeat; whether completion waits for them is not said.
"""

REFUND_EVENTS: Final[Transitions] = MappingProxyType(
    {
        "REFUND_REQUESTED": frozenset(("REFUND_REQUESTED", "REFUND_COMPLETED")),
        "REFUND_COMPLETED": frozenset(("REFUND_COMPLETED",)),
    }
)
_TASKS: Final = ("personalDataDeletionTask", "personalDataRetrievalTask")
TASK_EVENTS: Final = tuple(
    f"PERSONAL_DATA_{kind}_TASK_{end}" for kind in ("DELETION", "RETRIEVAL") for end in ("COMPLETED", "FAILED")
)
ONCE: Final = (
    *PACKAGE_STATES,
    *TASK_EVENTS,
    "ORDER_CONFIRMED",
    "REFUND_COMPLETED",
    "REFUND_REQUESTED",
    "RETURN_COMPLETED",
    "RETURN_STARTED",
)
"""What happens to one resource once; any other event may come again for the same resource."""

_KEY_PAGE: Final = "buyability_changed"


def _in_order(one: Occurrence, other: Occurrence) -> tuple[Occurrence, Occurrence]:
    """The earlier and the later of two events, the first of which arrived first."""
    return (other, one) if other.happened_before(one) else (one, other)


def _out_of_order(scene: Scene, table: Transitions, *types: str) -> Iterator[Violation]:
    """The event against each one before of the same resource; one violation is enough."""
    event = scene.event
    for other in scene.events(*table):
        if other.is_of(event, *types):
            before, after = _in_order(other, event)
            if after.meaning not in table[before.meaning]:
                message = f"{after.name} after {before.name}"
                yield Violation(event.name_path, message, listed(sorted(table[before.meaning])), after.name, EVENT)
                return


@timeline_rule(
    "EVT-060",
    Level.MUST,
    "The events of a package follow the documented transitions",
    "change-the-state-of-an-outbound-package-in-the-sandbox",
    meanings=tuple(PACKAGE_STATES),
    coordinate="PackageInformationDetails.state",
    fix="Publish nothing about a package after the event of its end state",
)
def package_events(scene: Scene) -> Iterator[Violation]:
    """DELIVERED and CANCELLED are ends; steps between may be unseen."""
    names = {state: name for name, state in PACKAGE_STATES.items()}
    table = {
        name: frozenset(names[after] for after in reachable(PACKAGE, state)) for name, state in PACKAGE_STATES.items()
    }
    yield from _out_of_order(scene, table, "order", "delivery")


@timeline_rule(
    "EVT-061",
    Level.MUST,
    "A return starts first, and nothing sets out after its completion",
    "steps-to-process-returns",
    grade=Grade.INFERRED,
    meanings=tuple(RETURN_EVENTS),
    coordinate="ReturnDetails.state",
    fix="Publish the events of a return in the order in which they happen",
)
def return_events(scene: Scene) -> Iterator[Violation]:
    """By the names of the events; no page has a table for them."""
    yield from _out_of_order(scene, RETURN_EVENTS, "order", "return")


@timeline_rule(
    "EVT-062",
    Level.MUST,
    "A refund is requested before it is completed",
    "refund_completed",
    grade=Grade.INFERRED,
    meanings=tuple(REFUND_EVENTS),
    coordinate="RefundDetails.state",
    fix="Publish REFUND_REQUESTED before REFUND_COMPLETED",
)
def refund_events(scene: Scene) -> Iterator[Violation]:
    """Of one refund."""
    yield from _out_of_order(scene, REFUND_EVENTS, "order", "refund")


@timeline_rule(
    "EVT-063",
    Level.MUST,
    "A privacy task ends in one way",
    "query-privacy-requests",
    grade=Grade.INFERRED,
    meanings=TASK_EVENTS,
    coordinate="PersonalDataRetrievalTask.status",
    fix="Publish either the completion or the failure of a task",
)
def task_events(scene: Scene) -> Iterator[Violation]:
    """COMPLETED and FAILED exclude each other."""
    event = scene.event
    for other in scene.events(*TASK_EVENTS):
        if other.meaning != event.meaning and any(other.is_of(event, kind) for kind in _TASKS):
            message = f"the task had ended with {other.meaning}"
            yield Violation(event.name_path, message, "one end of a task", event.name, EVENT)
            return


@timeline_rule(
    "EVT-064",
    Level.MUST,
    "An order is confirmed before anything else happens to it",
    "order_confirmed",
    grade=Grade.INFERRED,
    versions=("2024-11-01",),
    coordinate="Order.id",
    fix="Publish ORDER_CONFIRMED when the order is placed",
)
def order_events(scene: Scene) -> Iterator[Violation]:
    """ORDER_CONFIRMED against the events of packages, refunds and returns of the same order."""
    event = scene.event
    for other in scene.events():
        if other.is_of(event, "order") and (event.meaning == "ORDER_CONFIRMED") is not (
            other.meaning == "ORDER_CONFIRMED"
        ):
            before, after = _in_order(other, event)
            if after.meaning == "ORDER_CONFIRMED":
                message = f"the order is confirmed after {code_shown(before.name)}"
                yield Violation(event.name_path, message, "ORDER_CONFIRMED first", "later", EVENT)
                return


def _again(scene: Scene) -> Iterator[Occurrence]:
    """The events before that tell the same subscriber of the same occurrence."""
    event = scene.event
    for other in scene.events(event.meaning):
        if event.ids and other.ids == event.ids and other.subscription == event.subscription:
            yield other


@timeline_rule(
    "EVT-065",
    Level.MUST,
    "An event that comes again has the idempotency key of the first",
    _KEY_PAGE,
    grade=Grade.INFERRED,
    versions=("2024-11-01",),
    meanings=ONCE,
    coordinate="idempotencyKey",
    fix="Send a repetition with the key of the first delivery",
)
def repetitions_share_a_key(scene: Scene) -> Iterator[Violation]:
    """Of what can happen to a resource only once; the same subscription and event type."""
    event = scene.event
    for other in _again(scene):
        if other.name == event.name and other.key and event.key and other.key != event.key:
            yield Violation((*event.inner_path, "idempotencyKey"), "another key", "that of the first", "another", EVENT)
            return


@timeline_rule(
    "EVT-066",
    Level.MUST,
    "Two occurrences never share an idempotency key",
    _KEY_PAGE,
    grade=Grade.INFERRED,
    versions=("2024-11-01",),
    coordinate="idempotencyKey",
    fix="Give each occurrence a key of its own",
)
def a_key_is_one_occurrence(scene: Scene) -> Iterator[Violation]:
    """Another resource or event type; of what may happen again, another time. A receiver would drop the second."""
    event = scene.event
    for other in scene.events():
        if event.key and other.key == event.key:
            what = _difference(event, other)
            if what:
                path: JsonPath = (*event.inner_path, "idempotencyKey")
                yield Violation(path, f"the key of an event with another {what}", "a key of its own", "shared", EVENT)
                return


def _difference(event: Occurrence, other: Occurrence) -> str:
    if event.meaning != other.meaning:
        return "type"
    if event.ids != other.ids:
        return "resource"
    repeats = event.meaning not in ONCE and event.subscription == other.subscription and event.name == other.name
    return "time" if repeats and event.moment and other.moment and event.moment != other.moment else ""


@timeline_rule(
    "EVT-067",
    Level.MUST,
    "An event id names one event",
    _KEY_PAGE,
    grade=Grade.INFERRED,
    coordinate="eventId",
    fix="Give each event an id of its own",
)
def an_id_is_one_event(scene: Scene) -> Iterator[Violation]:
    """A repetition may have the id of the first; another type or resource may not."""
    event = scene.event
    for other in scene.events():
        differs = other.meaning != event.meaning or other.ids != event.ids
        if event.event_id and other.event_id == event.event_id and differs:
            path = (*event.inner_path, "eventId") if event.key or event.subscription else ("id",)
            yield Violation(path, "the id of another event", "an id of its own", "that of another event", EVENT)
            return


@timeline_rule(
    "EVT-068",
    Level.MAY,
    "The events of a resource arrive in the order of their times",
    "subscribe-to-events",
    grade=Grade.INFERRED,
    coordinate="eventTime",
    fix="Order events by their time where it matters: no page promises an order of delivery",
)
def arrival_in_order(scene: Scene) -> Iterator[Violation]:
    """No order of delivery is documented, so this informs a receiver."""
    event = scene.event
    for other in scene.events():
        if event.ids and other.ids == event.ids and other.name != event.name and event.happened_before(other):
            yield Violation(
                event.time_path, f"older than the {code_shown(other.name)} before it", "a later time", "earlier", EVENT
            )
            return


@timeline_rule(
    "EVT-069",
    Level.SHOULD,
    "A subscription hears of an occurrence under one name",
    "event-types",
    grade=Grade.INFERRED,
    coordinate="eventDescriptor",
    fix="Publish to a subscription the one event type that it is for",
)
def one_name(scene: Scene) -> Iterator[Violation]:
    """A deprecated name and its successor, or two names of one meaning."""
    event = scene.event
    for other in _again(scene):
        if event.subscription and other.name != event.name:
            message = f"the same was told as {code_shown(other.name)}"
            yield Violation(event.name_path, message, "one of the two names", code_shown(event.name), EVENT)
            return


EVENT_RULES: Final = (
    package_events,
    return_events,
    refund_events,
    task_events,
    order_events,
    repetitions_share_a_key,
    a_key_is_one_occurrence,
    an_id_is_one_event,
    arrival_in_order,
    one_name,
)
