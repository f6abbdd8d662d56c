"""Defects of published events: their envelope, type and resources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from conformance.base.versions import DATED_VERSIONS
from conformance.sandbox.faults.model import FaultList, SeenEvents

FAULTS: Final = FaultList()

NEWEST: Final = (DATED_VERSIONS[-1],)
OLDER: Final = DATED_VERSIONS[:-1]

_WEBHOOK_KEYS: Final = ("idempotencyKey", "resources", "eventId", "apiVersion", "subscriptionId", "eventTime", "data")
_BRIDGE_KEYS: Final = ("version", "id", "source", "account", "time", "region", "resources")


def chosen(seen: SeenEvents) -> Any:
    """One of the events, by the seed; an empty object when there is none."""
    return seen.random.choice(seen.events) if seen.events else {}


def is_bridge(event: Any) -> bool:
    """Is it an EventBridge event?"""
    return isinstance(event, dict) and "detail-type" in event


def inner(event: Any) -> dict[str, Any]:
    """The webhook body, which a filled EventBridge event has in its detail; empty for a thin event."""
    if is_bridge(event):
        detail = event.get("detail")
        return detail if isinstance(detail, dict) else {}
    return event if isinstance(event, dict) else {}


def _replace(seen: SeenEvents, change: Callable[[Any], Any]) -> bool:
    """Puts something else in the place of one event; False when `change` gives None."""
    if not seen.events:
        return False
    index = seen.random.randrange(len(seen.events))
    changed = change(seen.events[index])
    if changed is None:
        return False
    seen.events[index] = changed
    return True


def _bridge_value(seen: SeenEvents, key: str, *values: str) -> bool:
    """Another value for a key of an EventBridge event."""
    event = chosen(seen)
    if not is_bridge(event) or key not in event:
        return False
    event[key] = seen.random.choice(values)
    return True


def _holders(event: Any) -> list[dict[str, Any]]:
    """The objects that name the event type: the event, and a filled detail."""
    return [each for each in (event, inner(event)) if each] if is_bridge(event) and inner(event) else [event]


def _rename(event: Any, name: str) -> bool:
    for holder in _holders(event):
        for key in ("detail-type", "eventDescriptor"):
            if key in holder:
                holder[key] = name
    return True


def _type_of(event: Any) -> str:
    return str(event.get("detail-type") or event.get("eventDescriptor") or "") if isinstance(event, dict) else ""


@FAULTS.events("event-torn", "EVT-001", "An event breaks off in the middle")
def event_torn(seen: SeenEvents) -> bool:
    def torn(event: Any) -> bytes:
        text = repr(event).replace("'", '"').encode()
        return text[: seen.random.randrange(1, len(text))]

    return _replace(seen, torn)


@FAULTS.events("event-in-list", "EVT-002", "Events come in a list, where each is delivered alone")
def event_in_list(seen: SeenEvents) -> bool:
    count = seen.random.randrange(1, 100)
    return _replace(seen, lambda event: [event] * count)


@FAULTS.events("event-of-no-form", "EVT-003", "An event has neither of the documented envelopes")
def event_of_no_form(seen: SeenEvents) -> bool:
    name = f"event{seen.random.randrange(1000)}"
    return _replace(seen, lambda event: {name: _type_of(event), "payload": inner(event).get("data", {})})


@FAULTS.events("event-key-lost", "EVT-004", "A key of the envelope is left out")
def event_key_lost(seen: SeenEvents) -> bool:
    event = chosen(seen)
    keys = [key for key in (_BRIDGE_KEYS if is_bridge(event) else _WEBHOOK_KEYS) if key in event]
    if not keys:
        return False
    del event[seen.random.choice(keys)]
    return True


@FAULTS.events("event-value-of-another-kind", "EVT-005", "A value of the envelope is of another JSON kind")
def event_value_of_another_kind(seen: SeenEvents) -> bool:
    event = chosen(seen)
    keys = [key for key in (_BRIDGE_KEYS if is_bridge(event) else _WEBHOOK_KEYS) if key in event]
    if not keys:
        return False
    event[seen.random.choice(keys)] = seen.random.choice((7, True, None, 1.5))
    return True


@FAULTS.events("event-id-empty", "EVT-006", "An id of the envelope is an empty text")
def event_id_empty(seen: SeenEvents) -> bool:
    body = inner(chosen(seen))
    keys = [key for key in ("idempotencyKey", "eventId", "subscriptionId") if key in body]
    if not keys:
        return False
    body[seen.random.choice(keys)] = seen.random.choice(("", " ", "\t"))
    return True


def _time_key(event: Any) -> str:
    return "time" if is_bridge(event) else "eventTime"


def _set_time(seen: SeenEvents, *values: str) -> bool:
    event = chosen(seen)
    key = _time_key(event)
    if key not in event:
        return False
    event[key] = seen.random.choice(values)
    return True


@FAULTS.events("event-time-malformed", "EVT-007", "The time of an event is no date-time")
def event_time_malformed(seen: SeenEvents) -> bool:
    return _set_time(seen, "yesterday", "1706000000", "2025-13-01T00:00:00Z", "01/02/2025 10:00", "2025-01-20")


@FAULTS.events("event-time-local", "EVT-008", "The time of an event is not in UTC")
def event_time_local(seen: SeenEvents) -> bool:
    return _set_time(seen, "2025-01-20T12:00:00+02:00", "2025-01-20T12:00:00", "2025-01-20T12:00:00-07:00")


@FAULTS.events("event-detail-empty", "EVT-009", "The detail is empty, as it was in older versions", versions=NEWEST)
def event_detail_empty(seen: SeenEvents) -> bool:
    event = chosen(seen)
    if not is_bridge(event) or not inner(event):
        return False
    event["detail"] = {}
    return True


@FAULTS.events("event-of-a-newer-form", "EVT-010", "An older version delivers the newer form", versions=OLDER)
def event_of_a_newer_form(seen: SeenEvents) -> bool:
    event = chosen(seen)
    if not is_bridge(event):
        return False
    event["detail"] = {"eventDescriptor": event["detail-type"], "eventId": f"id-{seen.random.randrange(1000)}"}
    return True


@FAULTS.events("event-detail-filled", "EVT-011", "The detail of a thin event holds something", versions=OLDER)
def event_detail_filled(seen: SeenEvents) -> bool:
    event = chosen(seen)
    if not is_bridge(event):
        return False
    event["detail"] = {f"note{seen.random.randrange(1000)}": "x"}
    return True


def _set_version(seen: SeenEvents, *values: str) -> bool:
    body = inner(chosen(seen))
    if "apiVersion" not in body:
        return False
    body["apiVersion"] = seen.random.choice(values)
    return True


@FAULTS.events("event-version-malformed", "EVT-012", "apiVersion is no dated version")
def event_version_malformed(seen: SeenEvents) -> bool:
    return _set_version(seen, "v1", "latest", "2024-11", "20241101")


@FAULTS.events("event-of-another-version", "EVT-013", "apiVersion names another version")
def event_of_another_version(seen: SeenEvents) -> bool:
    return _set_version(seen, *OLDER, "2031-01-01")


@FAULTS.events("event-from-elsewhere", "EVT-014", "source is no partner event source of Buy with Prime")
def event_from_elsewhere(seen: SeenEvents) -> bool:
    return _bridge_value(seen, "source", "aws.s3", "my.application", "aws.partner/example.com/orders")


@FAULTS.events("event-account-malformed", "EVT-015", "account is no AWS account id")
def event_account_malformed(seen: SeenEvents) -> bool:
    return _bridge_value(seen, "account", "12345", "account-1", "1234567890123456")


@FAULTS.events("event-region-malformed", "EVT-016", "region is no AWS region")
def event_region_malformed(seen: SeenEvents) -> bool:
    return _bridge_value(seen, "region", "Virginia", "us_east_1", "eu")


@FAULTS.events("event-format-version", "EVT-017", "The format of an EventBridge event has another version")
def event_format_version(seen: SeenEvents) -> bool:
    return _bridge_value(seen, "version", "1", "2", "0.1")


@FAULTS.events("event-id-no-uuid", "EVT-018", "The id that EventBridge gives is no UUID")
def event_id_no_uuid(seen: SeenEvents) -> bool:
    return _bridge_value(seen, "id", "1", "event-7", "0000")


@FAULTS.events("event-key-added", "EVT-019", "The envelope has a key that no page names")
def event_key_added(seen: SeenEvents) -> bool:
    event = chosen(seen)
    if not isinstance(event, dict):
        return False
    event[f"debug{seen.random.randrange(1000)}"] = True
    return True


@FAULTS.events("event-type-unknown", "EVT-020", "No version has the event type")
def event_type_unknown(seen: SeenEvents) -> bool:
    return bool(seen.events) and _rename(chosen(seen), seen.random.choice(("ORDER_TELEPORTED", "PACKAGE_EATEN", "FOO")))


@FAULTS.events("event-type-respelt", "EVT-021", "The event type is spelled in another way")
def event_type_respelt(seen: SeenEvents) -> bool:
    event = chosen(seen)
    name = _type_of(event)
    ways = (name.lower(), name.replace("_", "-"), name.title(), name.replace("_", " "))
    return bool(name) and _rename(event, seen.random.choice(ways))


@FAULTS.events("event-type-deprecated", "EVT-022", "A deprecated event type is delivered", versions=NEWEST)
def event_type_deprecated(seen: SeenEvents) -> bool:
    event = chosen(seen)
    newer = {
        "PACKAGE_DELIVERED": "DELIVERY_COMPLETED",
        "PACKAGE_DELIVERY_CANCELLED": "DELIVERY_CANCELLED",
        "PACKAGE_DELIVERY_IN_TRANSIT": "DELIVERY_IN_TRANSIT",
    }
    older = newer.get(_type_of(event))
    return older is not None and _rename(event, older)


@FAULTS.events("event-type-of-the-same-meaning", "EVT-023", "An event type comes where another one is recommended")
def event_type_of_the_same_meaning(seen: SeenEvents) -> bool:
    event = chosen(seen)
    name = _type_of(event)
    if seen.version == DATED_VERSIONS[0] and name.startswith("DELIVERY_"):
        end = name.partition("_")[2].replace("COMPLETED", "DELIVERED")
        return _rename(event, f"ITEM_{end}")
    return name == "INVENTORY_CHANGED" and _rename(event, "PRODUCT_INVENTORY_CHANGED")


@FAULTS.events("event-types-differ", "EVT-024", "Envelope and detail name different event types", versions=NEWEST)
def event_types_differ(seen: SeenEvents) -> bool:
    event = chosen(seen)
    if not is_bridge(event) or "eventDescriptor" not in inner(event):
        return False
    event["detail-type"] = "BUYABILITY_CHANGED" if _type_of(event) != "BUYABILITY_CHANGED" else "ORDER_CONFIRMED"
    return True


@FAULTS.events("event-resources-differ", "EVT-025", "Envelope and detail name different resources", versions=NEWEST)
def event_resources_differ(seen: SeenEvents) -> bool:
    event = chosen(seen)
    if not is_bridge(event) or not inner(event).get("resources"):
        return False
    event["resources"] = [f"{event['resources'][0]}-{seen.random.randrange(1000)}"]
    return True


def _set_resources(seen: SeenEvents, change: Callable[[str], list[str] | None]) -> bool:
    event = chosen(seen)
    resources = event.get("resources") if isinstance(event, dict) else None
    changed = change(resources[0]) if isinstance(resources, list) and resources else None
    if changed is None:
        return False
    for holder in _holders(event):
        holder["resources"] = list(changed)
    return True


@FAULTS.events("event-without-resource", "EVT-030", "An event names no resource")
def event_without_resource(seen: SeenEvents) -> bool:
    return _set_resources(seen, lambda _: [])


@FAULTS.events("event-of-two-resources", "EVT-031", "An event names several resources")
def event_of_two_resources(seen: SeenEvents) -> bool:
    count = seen.random.randrange(2, 9)
    return _set_resources(seen, lambda path: [path] * count)


@FAULTS.events("event-path-malformed", "EVT-032", "The resource path is no path of types and ids")
def event_path_malformed(seen: SeenEvents) -> bool:
    cut = seen.random.choice((0, 1))
    return _set_resources(seen, lambda path: [path.rpartition("/")[0] if cut else f"shop/1/{path}"])


@FAULTS.events("event-of-another-resource", "EVT-033", "The resource path is that of another event type")
def event_of_another_resource(seen: SeenEvents) -> bool:
    number = seen.random.randrange(1000)

    def change(path: str) -> list[str]:
        root = "/".join(path.split("/")[:2])
        return [f"{root}/invoice/{number}"]

    return _set_resources(seen, change)
