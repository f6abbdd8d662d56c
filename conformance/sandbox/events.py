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
    envelope: Resource
    if is_old:
        envelope = {
            "version": "0",
            "id": event_id,
            "detail-type": shown,
            "source": "aws.partner/buywithprime/sandbox",
            "account": "000000000000",
            "time": moment,
            "region": "us-east-1",
            "resources": [resource],
            "detail": {},
        }
    else:
        envelope = {
            "idempotencyKey": store.new_uuid("idempotency"),
            "eventDescriptor": shown,
            "resources": [resource],
            "eventId": event_id,
            "apiVersion": DATED_VERSIONS[-1],
            "subscriptionId": LOG_SUBSCRIPTION,
            "eventTime": moment,
            "data": {},
        }
    store.events.append({"version": version, "eventType": shown, "event": envelope})
