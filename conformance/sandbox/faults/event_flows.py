"""Defects of events among themselves and beside what the API answers: order, repetitions, what is told, what is not."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from typing import Any, Final

from conformance.sandbox.faults.event_envelope import NEWEST, chosen, inner, is_bridge
from conformance.sandbox.faults.model import FaultList, SeenEvents

FAULTS: Final = FaultList()

_PACKAGE: Final = {
    "DELIVERY_IN_TRANSIT": "PACKAGE_DELIVERY_IN_TRANSIT",
    "DELIVERY_COMPLETED": "PACKAGE_DELIVERED",
    "DELIVERY_CANCELLED": "PACKAGE_DELIVERY_CANCELLED",
}
_OLDER: Final = {newer: older for older, newer in _PACKAGE.items()}
_ONCE: Final = ("PACKAGE_", "PERSONAL_", "ORDER_", "REFUND_", "RETURN_COMPLETED", "RETURN_STARTED")


def _name(event: Any) -> str:
    return str(event.get("detail-type") or event.get("eventDescriptor") or "") if isinstance(event, dict) else ""


def _meaning(event: Any) -> str:
    return _PACKAGE.get(_name(event), _name(event))


def _named(event: dict[str, Any], meaning: str) -> str:
    """What the event's version calls an event type of 2024-11-01."""
    return _OLDER.get(meaning, meaning) if is_bridge(event) and not inner(event) else meaning


def _rename(event: dict[str, Any], meaning: str) -> bool:
    name = _named(event, meaning)
    for holder in (event, inner(event)):
        for key in ("detail-type", "eventDescriptor"):
            if key in holder:
                holder[key] = name
    return True


def _path(event: dict[str, Any]) -> list[str]:
    return str(event["resources"][0]).split("/") if event.get("resources") else []


def _point(event: dict[str, Any], parts: list[str]) -> None:
    for holder in (event, inner(event)):
        if "resources" in holder:
            holder["resources"] = ["/".join(parts)]


def _shift(event: dict[str, Any], seconds: int) -> None:
    """Another time of the event."""
    for holder in (event, inner(event)):
        for key in ("time", "eventTime"):
            if key in holder:
                moment = datetime.datetime.fromisoformat(str(holder[key]))
                shifted = moment + datetime.timedelta(seconds=seconds)
                holder[key] = shifted.strftime("%Y-%m-%dT%H:%M:%SZ")


def _another(seen: SeenEvents, event: dict[str, Any], meaning: str = "", *, seconds: int = 3600) -> dict[str, Any]:
    """A copy with an id and a key of its own; `meaning` is its event type, empty for the same."""
    made = copy.deepcopy(event)
    number = seen.random.randrange(10**6)
    for holder in (made, inner(made)):
        for key in ("id", "eventId", "idempotencyKey"):
            if key in holder:
                holder[key] = f"00000000-0000-4000-8000-{number:012d}"
    if meaning:
        _rename(made, meaning)
    _shift(made, seconds)
    return made


def _one(seen: SeenEvents, *meanings: str) -> dict[str, Any] | None:
    """An event of these types; of any when none is named."""
    event = chosen(seen)
    if not isinstance(event, dict) or (meanings and _meaning(event) not in meanings):
        return None
    return event


def _follow(seen: SeenEvents, after: tuple[str, ...], *meanings: str) -> bool:
    """Publishes one event more for the same resource, an hour later."""
    event = _one(seen, *after)
    if event is None:
        return False
    seen.events.append(_another(seen, event, seen.random.choice(meanings), seconds=seen.random.randrange(60, 7200)))
    return True


@FAULTS.events("package-event-after-its-end", "EVT-060", "A package that arrived or was cancelled sets out again")
def package_event_after_its_end(seen: SeenEvents) -> bool:
    return _follow(seen, ("PACKAGE_DELIVERED", "PACKAGE_DELIVERY_CANCELLED"), "PACKAGE_DELIVERY_IN_TRANSIT")


@FAULTS.events("return-starts-again", "EVT-061", "A return starts after its package was on the way", versions=NEWEST)
def return_starts_again(seen: SeenEvents) -> bool:
    return _follow(
        seen, ("RETURN_PACKAGE_IN_TRANSIT", "RETURN_PACKAGE_DELIVERED", "RETURN_COMPLETED"), "RETURN_STARTED"
    )


@FAULTS.events("refund-requested-after-completion", "EVT-062", "A refund is asked for that was completed before")
def refund_requested_after_completion(seen: SeenEvents) -> bool:
    event = _one(seen, "REFUND_REQUESTED")
    if event is None:
        return False
    seen.events.insert(0, _another(seen, event, "REFUND_COMPLETED", seconds=-seen.random.randrange(60, 7200)))
    return True


@FAULTS.events("task-ends-twice", "EVT-063", "A privacy task that ended in one way ends in the other")
def task_ends_twice(seen: SeenEvents) -> bool:
    event = _one(seen)
    name = _meaning(event) if event else ""
    if event is None or not name.startswith("PERSONAL_"):
        return False
    kind, _, end = name.rpartition("_")
    other = f"{kind}_{'FAILED' if end == 'COMPLETED' else 'COMPLETED'}"
    seen.events.append(_another(seen, event, other, seconds=seen.random.randrange(60, 7200)))
    return True


@FAULTS.events(
    "order-confirmed-late", "EVT-064", "An order is confirmed after something happened to it", versions=NEWEST
)
def order_confirmed_late(seen: SeenEvents) -> bool:
    event = _one(seen)
    if event is None or "order" not in _path(event) or _meaning(event) == "ORDER_CONFIRMED":
        return False
    late = _another(seen, event, "ORDER_CONFIRMED", seconds=seen.random.randrange(60, 7200))
    _point(late, _path(event)[:4])
    inner(late)["data"] = {}
    seen.events.append(late)
    return True


@FAULTS.events("duplicate-without-its-key", "EVT-065", "A repeated event has another idempotency key", versions=NEWEST)
def duplicate_without_its_key(seen: SeenEvents) -> bool:
    event = _one(seen)
    if event is None or not _meaning(event).startswith(_ONCE) or "TRACKER" in _meaning(event):
        return False
    seen.events.append(_another(seen, event, seconds=0))
    return True


@FAULTS.events("key-used-twice", "EVT-066", "Two occurrences share an idempotency key", versions=NEWEST)
def key_used_twice(seen: SeenEvents) -> bool:
    return _elsewhere(seen, "idempotencyKey")


@FAULTS.events("event-id-used-twice", "EVT-067", "Two events share an id")
def event_id_used_twice(seen: SeenEvents) -> bool:
    return _elsewhere(seen, "eventId", "id")


def _elsewhere(seen: SeenEvents, *kept: str) -> bool:
    """Publishes the event again for another resource, with the same value of these keys."""
    event = _one(seen)
    if event is None or len(_path(event)) < 4:
        return False
    other = _another(seen, event)
    _point(other, [*_path(event)[:-1], f"other-{seen.random.randrange(1000)}"])
    for holder, original in ((other, event), (inner(other), inner(event))):
        holder.update({key: original[key] for key in kept if key in original})
    seen.events.append(other)
    return True


@FAULTS.events("events-out-of-order", "EVT-068", "An event arrives after one of the same resource that is younger")
def events_out_of_order(seen: SeenEvents) -> bool:
    event = _one(seen)
    if event is None or not _meaning(event).startswith("PACKAGE_DELIVER"):
        return False
    other = "PACKAGE_DELIVERED" if _meaning(event) != "PACKAGE_DELIVERED" else "PACKAGE_DELIVERY_IN_TRANSIT"
    seen.events.append(_another(seen, event, other, seconds=-seen.random.randrange(60, 7200)))
    return True


@FAULTS.events("event-under-two-names", "EVT-069", "An occurrence is told under its old name as well", versions=NEWEST)
def event_under_two_names(seen: SeenEvents) -> bool:
    event = _one(seen, *_OLDER)
    if event is None or _name(event) not in _OLDER:
        return False
    other = _another(seen, event, seconds=seen.random.randrange(60))
    for holder in (other, inner(other)):
        for key in ("detail-type", "eventDescriptor"):
            if key in holder:
                holder[key] = _OLDER[_meaning(event)]
    seen.events.append(other)
    return True


@FAULTS.events("event-of-another-subscription", "FLW-040", "A subscription brings another event type", versions=NEWEST)
def event_of_another_subscription(seen: SeenEvents) -> bool:
    event = _one(seen)
    created = [each.answer.get("subscriptionId") for each in seen.exchanges if isinstance(each.answer, dict)]
    created = [each for each in created if isinstance(each, str)]
    if event is None or not created or "subscriptionId" not in inner(event):
        return False
    inner(event)["subscriptionId"] = created[-1]
    return _rename(event, "BUYABILITY_CHANGED" if _meaning(event) != "BUYABILITY_CHANGED" else "RETURN_STARTED")


@FAULTS.events("event-of-an-unknown-order", "FLW-041", "An event is about an order that nobody has")
def event_of_an_unknown_order(seen: SeenEvents) -> bool:
    event = _one(seen)
    parts = _path(event) if event else []
    if event is None or "order" not in parts:
        return False
    parts[parts.index("order") + 1] = f"999-NONE-{seen.random.randrange(10**6):06d}"
    _point(event, parts)
    return True


@FAULTS.events("event-names-another-thing", "FLW-042", "An event names a thing that its order does not have")
def event_names_another_thing(seen: SeenEvents) -> bool:
    event = _one(seen)
    parts = _path(event) if event else []
    if event is None or len(parts) < 6 or parts[-2] not in ("delivery", "refund", "return"):
        return False
    _point(event, [*parts[:-1], f"none-{seen.random.randrange(10**6)}"])
    return True


def _retold(seen: SeenEvents, of: tuple[str, ...], *meanings: str) -> bool:
    """Tells of an event as another."""
    event = _one(seen, *of)
    return event is not None and _rename(event, seen.random.choice(meanings))


@FAULTS.events("package-told-too-far", "FLW-043", "An event tells a state that the package is not in yet")
def package_told_too_far(seen: SeenEvents) -> bool:
    return _retold(seen, ("PACKAGE_DELIVERY_IN_TRANSIT",), "PACKAGE_DELIVERED", "PACKAGE_DELIVERY_CANCELLED")


@FAULTS.events(
    "refund-told-too-early", "FLW-044", "A refund is told as completed that is still pending", versions=NEWEST
)
def refund_told_too_early(seen: SeenEvents) -> bool:
    return _follow(seen, ("REFUND_REQUESTED",), "REFUND_COMPLETED")


@FAULTS.events(
    "refund-told-with-another-amount", "FLW-045", "An event tells another amount than the order", versions=NEWEST
)
def refund_told_with_another_amount(seen: SeenEvents) -> bool:
    event = _one(seen, "REFUND_REQUESTED", "REFUND_COMPLETED")
    found = _moneys(inner(event).get("data")) if event else []
    if not found:
        return False
    for money in found:
        money["amount"] = float(money["amount"]) + 1
    return True


def _moneys(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value["totalAmount"]] if isinstance(value.get("totalAmount"), dict) else []
        return own + [money for item in value.values() for money in _moneys(item)]
    return [money for item in value for money in _moneys(item)] if isinstance(value, list) else []


@FAULTS.events("return-package-told-otherwise", "FLW-046", "An event tells a state that no package of the return is in")
def return_package_told_otherwise(seen: SeenEvents) -> bool:
    event = _one(seen)
    name = _name(event) if event else ""
    ends = {
        "RETURN_PACKAGE_IN_TRANSIT": "RETURN_PACKAGE_DELIVERED",
        "RETURN_DELIVERY_IN_TRANSIT": "RETURN_DELIVERY_COMPLETED",
        "RETURN_PACKAGE_DELIVERED": "RETURN_PACKAGE_DELIVERY_FAILED",
        "RETURN_DELIVERY_COMPLETED": "RETURN_DELIVERY_FAILED",
    }
    return event is not None and name in ends and _rename(event, ends[name])


@FAULTS.events("return-told-too-early", "FLW-047", "A return is told as completed that goes on", versions=NEWEST)
def return_told_too_early(seen: SeenEvents) -> bool:
    return _follow(
        seen, ("RETURN_STARTED", "RETURN_PACKAGE_IN_TRANSIT", "RETURN_PACKAGE_DELIVERED"), "RETURN_COMPLETED"
    )


@FAULTS.events("task-told-otherwise", "FLW-048", "An event tells another end of a privacy task than the query")
def task_told_otherwise(seen: SeenEvents) -> bool:
    event = _one(seen)
    kind, _, end = _meaning(event).rpartition("_") if event else ("", "", "")
    if event is None or not kind.startswith("PERSONAL_"):
        return False
    return _rename(event, f"{kind}_{'FAILED' if end == 'COMPLETED' else 'COMPLETED'}")


@FAULTS.events("package-event-of-a-left-state", "FLW-049", "An event tells a state that the package had left before")
def package_event_of_a_left_state(seen: SeenEvents) -> bool:
    event = _one(seen)
    known = [each for each in seen.earlier if _meaning(each) in ("PACKAGE_DELIVERED", "PACKAGE_DELIVERY_CANCELLED")]
    if event is None or not known:
        return False
    late = seen.random.randrange(60, 7200)
    seen.events.append(_another(seen, known[-1], "PACKAGE_DELIVERY_IN_TRANSIT", seconds=late))
    return True


def _dropped(seen: SeenEvents, wanted: Callable[[Any], bool]) -> bool:
    found = [index for index, event in enumerate(seen.events) if wanted(event)]
    if not found:
        return False
    del seen.events[seen.random.choice(found)]
    return True


@FAULTS.events("package-event-skipped", "FLW-050", "A package moves on and no event tells so")
def package_event_skipped(seen: SeenEvents) -> bool:
    return _dropped(seen, lambda event: _meaning(event) in _OLDER)


@FAULTS.events("refund-event-skipped", "FLW-051", "A package is cancelled and no refund is asked for")
def refund_event_skipped(seen: SeenEvents) -> bool:
    last = _meaning(seen.earlier[-1]) if seen.earlier else ""
    if last != "PACKAGE_DELIVERY_CANCELLED":
        return False
    return _dropped(seen, lambda event: _meaning(event) == "REFUND_REQUESTED")


@FAULTS.events("refund-not-asked-for", "FLW-052", "A refund of the order is there that no event asks for")
def refund_not_asked_for(seen: SeenEvents) -> bool:
    return _dropped(seen, lambda event: _meaning(event) == "REFUND_REQUESTED")


@FAULTS.events("inventory-event-of-a-sandbox", "FLW-053", "A sandbox publishes INVENTORY_CHANGED")
def inventory_event_of_a_sandbox(seen: SeenEvents) -> bool:
    event = _one(seen)
    if event is None:
        return False
    seen.events.append(_another(seen, event, "INVENTORY_CHANGED"))
    return True
