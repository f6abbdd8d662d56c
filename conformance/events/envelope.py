"""Which envelope an event came in, told by its keys alone, and a view on the parts that both envelopes share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.events.catalogue import EnvelopeKind

WEBHOOK_KEYS: Final = (
    "idempotencyKey",
    "eventDescriptor",
    "resources",
    "eventId",
    "apiVersion",
    "subscriptionId",
    "eventTime",
    "data",
)
EVENTBRIDGE_KEYS: Final = ("version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail")

_ENOUGH: Final = 4
"""So many keys of an envelope show which one it is meant to be, even without the event type."""


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """Why an object is no event: what it might be, and what each envelope misses."""

    message: str
    expected: str


@dataclass(frozen=True, slots=True)
class EventView:
    """The parts of an event, wherever its envelope has them. `inner` is the webhook body: in EventBridge, `detail`."""

    kind: EnvelopeKind
    body: Mapping[str, Any]
    inner: Mapping[str, Any]
    inner_path: JsonPath

    @property
    def type_places(self) -> tuple[tuple[JsonPath, Any], ...]:
        """Every place that names the event type, with its value, the envelope's own first."""
        places: list[tuple[JsonPath, Any]] = []
        if self.kind is not EnvelopeKind.WEBHOOK and "detail-type" in self.body:
            places.append((("detail-type",), self.body["detail-type"]))
        if self.kind is not EnvelopeKind.EVENTBRIDGE_THIN and "eventDescriptor" in self.inner:
            places.append(((*self.inner_path, "eventDescriptor"), self.inner["eventDescriptor"]))
        return tuple(places)

    @property
    def resource_places(self) -> tuple[tuple[JsonPath, Any], ...]:
        """Every place that has the resources, with its value; a repetition that is equal is left out."""
        places: list[tuple[JsonPath, Any]] = []
        if "resources" in self.body:
            places.append((("resources",), self.body["resources"]))
        if self.kind is EnvelopeKind.EVENTBRIDGE and "resources" in self.inner:
            inner = self.inner["resources"]
            if inner != self.body.get("resources"):
                places.append(((*self.inner_path, "resources"), inner))
        return tuple(places)


def recognise(body: Mapping[str, Any], usual: EnvelopeKind = EnvelopeKind.EVENTBRIDGE) -> EventView | Unrecognised:
    """The event as its envelope says it.

    `usual` is the EventBridge form to assume when `detail` does not tell whether it is the thin one.
    """
    webhook = [key for key in WEBHOOK_KEYS if key in body]
    eventbridge = [key for key in EVENTBRIDGE_KEYS if key in body]
    is_webhook = "eventDescriptor" in body or len(webhook) >= _ENOUGH
    is_eventbridge = "detail-type" in body or len(eventbridge) >= _ENOUGH
    if is_eventbridge and (not is_webhook or len(eventbridge) >= len(webhook)):
        return _eventbridge(body, usual)
    if is_webhook:
        return EventView(EnvelopeKind.WEBHOOK, body, body, ())
    return Unrecognised(_message(body, webhook, eventbridge), "a webhook body, or an EventBridge event")


def _eventbridge(body: Mapping[str, Any], usual: EnvelopeKind) -> EventView:
    detail = body.get("detail")
    kind = usual
    if detail == {}:
        kind = EnvelopeKind.EVENTBRIDGE_THIN
    elif isinstance(detail, dict) and any(key in detail for key in WEBHOOK_KEYS):
        kind = EnvelopeKind.EVENTBRIDGE
    return EventView(kind, body, detail if isinstance(detail, dict) else {}, ("detail",))


def _message(body: Mapping[str, Any], webhook: list[str], eventbridge: list[str]) -> str:
    if "data" in body and not eventbridge:
        return "no event: this looks like a GraphQL answer"
    if "query" in body or "errors" in body:
        return "no event: this looks like GraphQL traffic"
    if not body:
        return "no event: the object is empty"
    lacks_webhook = ", ".join(key for key in WEBHOOK_KEYS if key not in webhook)
    lacks_eventbridge = ", ".join(key for key in EVENTBRIDGE_KEYS if key not in eventbridge)
    return f"no event: a webhook body lacks {lacks_webhook}; an EventBridge event lacks {lacks_eventbridge}"
