"""Events of the sandbox: the documented names of each version, their envelopes, a log to read.

Each occurrence has one idempotency key, whoever it is delivered to and under whatever name.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from conformance.base.versions import DATED_VERSIONS
from conformance.sandbox.store import Resource, Store, WebhookCall

BUSINESS_PRODUCT = "bp-00000000-0000-4000-8000-000000000000"
LOG_SUBSCRIPTION = "sandbox-event-log"

_OLD_NAMES: Final = MappingProxyType(
    {
        "PACKAGE_DELIVERED": "DELIVERY_COMPLETED",
        "PACKAGE_DELIVERY_CANCELLED": "DELIVERY_CANCELLED",
        "PACKAGE_DELIVERY_IN_TRANSIT": "DELIVERY_IN_TRANSIT",
        "RETURN_PACKAGE_DELIVERED": "RETURN_DELIVERY_COMPLETED",
        "RETURN_PACKAGE_DELIVERY_FAILED": "RETURN_DELIVERY_FAILED",
        "RETURN_PACKAGE_IN_TRANSIT": "RETURN_DELIVERY_IN_TRANSIT",
    }
)
"""What 2024-01-01 and 2024-04-01 call an event; deprecated in 2024-11-01, but still to be subscribed to."""

_FIRST_NAMES: Final = MappingProxyType(
    {
        "PACKAGE_DELIVERED": "ITEM_DELIVERED",
        "PACKAGE_DELIVERY_CANCELLED": "ITEM_CANCELLED",
        "PACKAGE_DELIVERY_IN_TRANSIT": "ITEM_IN_TRANSIT",
    }
)
"""What 2024-01-01 calls an event as well: it publishes both names."""

_NEWEST: Final = frozenset({"ORDER_CONFIRMED", "REFUND_COMPLETED", "PACKAGE_TRACKER_MILESTONE_CHANGED"})
"""Events that the versions before 2024-11-01 do not have."""


def publish(store: Store, version: str, name: str, *path: str, data: Resource | None = None) -> None:
    """Writes an event into the log and to webhooks; nothing when the version does not have it.

    `name` is that of 2024-11-01, `path` the pairs of the resource below the business product, `data` the resource
    itself where an event page shows it. Only 2024-11-01 and later have filled events.
    """
    is_old = version in DATED_VERSIONS[:-1]
    if is_old and name in _NEWEST:
        return
    resource = "/".join(("businessProduct", BUSINESS_PRODUCT, *path))
    moment = store.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    key = store.new_uuid("idempotency")
    body = _webhook(name, key, resource, store.new_uuid("event"), moment, {} if is_old else data or {})
    for shown in _names(version, name):
        bridge = _bridge(shown, resource, store.new_uuid("bridge"), moment)
        entry: Resource = {"version": version, "eventType": shown, "event": bridge, "deliveries": []}
        if not is_old:
            entry |= {"event": body, "eventBridge": {**bridge, "detail": body}}
        store.events.append(entry)
        if store.webhook:
            store.outbox.append(WebhookCall(store.webhook, entry["event"]))
    for subscription in store.subscriptions.values():
        wanted = subscription["eventType"]
        if wanted in (name, _OLD_NAMES.get(name), _FIRST_NAMES.get(name)):
            own = {**body, "eventDescriptor": wanted, "subscriptionId": subscription["subscriptionId"]}
            store.events[-1]["deliveries"].append(_deliver(store, subscription, own))


def _deliver(store: Store, subscription: Resource, body: Resource) -> Resource:
    """Has a webhook called; what a subscription to EventBridge would get is in the log alone."""
    delivery: Resource = {"subscriptionId": subscription["subscriptionId"]}
    if subscription["url"]:
        profile = store.auth_profiles.get(subscription.get("authProfileId", ""), {})
        auth = subscription.get("auth") or profile.get("auth")
        store.outbox.append(WebhookCall(subscription["url"], body, auth))
        return {**delivery, "url": subscription["url"], "event": body}
    account, name = subscription["source"]
    bridge = _bridge(body["eventDescriptor"], body["resources"][0], body["eventId"], body["eventTime"])
    bridge |= {"account": account, "source": f"aws.partner/buywithprime/{name}"}
    bridge["region"] = subscription.get("region", bridge["region"])
    if subscription.get("version") not in DATED_VERSIONS[:-1]:
        bridge["detail"] = body
    return {**delivery, "event": bridge}


def _names(version: str, name: str) -> tuple[str, ...]:
    if version not in DATED_VERSIONS[:-1]:
        return (name,)
    names = (_OLD_NAMES.get(name, name),)
    return (*names, _FIRST_NAMES[name]) if version == DATED_VERSIONS[0] and name in _FIRST_NAMES else names


def _webhook(name: str, key: str, resource: str, event_id: str, moment: str, data: Resource) -> Resource:
    """The body of a webhook call."""
    return {
        "idempotencyKey": key,
        "eventDescriptor": name,
        "resources": [resource],
        "eventId": event_id,
        "apiVersion": DATED_VERSIONS[-1],
        "subscriptionId": LOG_SUBSCRIPTION,
        "eventTime": moment,
        "data": data,
    }


def _bridge(name: str, resource: str, event_id: str, moment: str) -> Resource:
    """An EventBridge event, thin as before 2024-11-01."""
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
