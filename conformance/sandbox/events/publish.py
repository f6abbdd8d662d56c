"""Events of the sandbox: the documented names of each version, thin envelopes, a log to read."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from conformance.base.versions import DATED_VERSIONS
from conformance.sandbox.store import Resource, Store

BUSINESS_PRODUCT = "bp-00000000-0000-4000-8000-000000000000"
LOG_SUBSCRIPTION = "sandbox-event-log"

_OLD_NAMES: Final = MappingProxyType(
    {
        "PACKAGE_DELIVERED": "DELIVERY_COMPLETED",
        "PACKAGE_DELIVERY_CANCELLED": "DELIVERY_CANCELLED",
        "PACKAGE_DELIVERY_IN_TRANSIT": "DELIVERY_IN_TRANSIT",
        "RETURN_PACKAGE_DELIVERED": "RETURN_DELIVERY_COMPLETED",
        "RETURN_PACKAGE_IN_TRANSIT": "RETURN_DELIVERY_IN_TRANSIT",
    }
)
"""What 2024-01-01 and 2024-04-01 call an event."""


def publish(store: Store, version: str, name: str, *path: str) -> None:
    """Writes an event into the log. `path` are the pairs of its resource below the business product."""
    is_old = version in DATED_VERSIONS[:-1]
    shown = _OLD_NAMES.get(name, name) if is_old else name
    resource = "/".join(("businessProduct", BUSINESS_PRODUCT, *path))
    moment = store.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    event_id = store.new_uuid("event")
    key = store.new_uuid("idempotency")
    envelope = _webhook(shown, key, resource, event_id, moment, LOG_SUBSCRIPTION)
    if is_old:
        envelope = _bridge(shown, resource, event_id, moment)
    store.events.append({"version": version, "eventType": shown, "event": envelope})
    for subscription in store.subscriptions.values():
        wanted = subscription["eventType"]
        if subscription["url"] and wanted in (name, _OLD_NAMES.get(name)):
            body = _webhook(wanted, key, resource, event_id, moment, subscription["subscriptionId"])
            store.outbox.append((subscription["url"], body))


def _webhook(name: str, key: str, resource: str, event_id: str, moment: str, subscription: str) -> Resource:
    """The body of a webhook call; the sandbox fills no data."""
    return {
        "idempotencyKey": key,
        "eventDescriptor": name,
        "resources": [resource],
        "eventId": event_id,
        "apiVersion": DATED_VERSIONS[-1],
        "subscriptionId": subscription,
        "eventTime": moment,
        "data": {},
    }


def _bridge(name: str, resource: str, event_id: str, moment: str) -> Resource:
    """The EventBridge event of the versions before 2024-11-01."""
    return {
        "version": "0",
        "id": event_id,
        "detail-type": name,
        "source": "aws.partner/buywithprime/sandbox",
        "account": "000000000000",
        "time": moment,
        "region": "us-east-1",
        "resources": [resource],
        "detail": {},
    }
