"""Event subscriptions, and the webhooks that they send to.

Sources: events-mutations-createeventsubscription, events-queries-eventsubscription, troubleshoot-events.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from graphql import GraphQLError

from conformance.sandbox.context import Context
from conformance.sandbox.errors import ACCESS_DENIED, VALIDATION, api_error, invalid, invalid_input, not_simulated
from conformance.sandbox.events.publish import BUSINESS_PRODUCT
from conformance.sandbox.store import Resource

_POINTER: Final = "/createEventSubscription/input/destination"

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})


def create_subscription(context: Context, arguments: Resource) -> Resource:
    """`createEventSubscription`: one event type to one destination."""
    store, given = context.store, arguments.get("input") or {}
    event_type, destination = given.get("eventType"), given.get("destination") or {}
    if event_type not in context.contract.value_table("EventDescriptor").values:
        raise _no_access()
    bridge, webhook = destination.get("eventBridge"), destination.get("webhook")
    if bool(bridge) == bool(webhook):
        raise invalid_input([f"{_POINTER} must have one of eventBridge, webhook"], VALIDATION)
    subscription: Resource = {"eventType": event_type, "arn": None, "url": None}
    if bridge:
        source = bridge.get("partnerEventSource") or {}
        if not source.get("name") or not source.get("account") or not bridge.get("region"):
            raise invalid_input([f"{_POINTER}/eventBridge must be complete"], VALIDATION)
        subscription["source"] = (source["account"], source["name"])
        subscription["arn"] = (
            f"arn:aws:events:{bridge['region']}::event-source/aws.partner/buywithprime/{source['name']}"
        )
    else:
        subscription["url"] = _webhook_url(webhook or {})
    _check_new(context, subscription)
    subscription["subscriptionId"] = store.new_uuid("subscription")
    store.subscriptions[subscription["subscriptionId"]] = subscription
    return subscription


def delete_subscription(context: Context, arguments: Resource) -> Resource:
    """`deleteEventSubscription`."""
    found = query_subscription(context, arguments)
    del context.store.subscriptions[found["subscriptionId"]]
    return {"subscriptionId": found["subscriptionId"]}


def query_subscription(context: Context, arguments: Resource) -> Resource:
    """`eventSubscription`: the documented answer for an unknown id is that of a caller without access."""
    found: Any = context.store.subscriptions.get(str(arguments.get("subscriptionId")))
    if found is None:
        raise _no_access()
    # The type of a webhook's destination is in no page; null says nothing wrong.
    destination = {"__typename": "EventBridgeData", "arn": found["arn"]} if found["arn"] else None
    return {
        "subscriptionId": found["subscriptionId"],
        "targetId": BUSINESS_PRODUCT,
        "eventSubscriptionDetails": {"eventType": found["eventType"], "destination": destination},
    }


def list_subscriptions(context: Context, arguments: Resource) -> Resource:
    """`eventSubscriptions`, page by page; an error when there is none."""
    ids = list(context.store.subscriptions)
    if not ids:
        raise _no_access()
    after, first = arguments.get("after"), arguments.get("first")
    start = ids.index(after) + 1 if after in ids else 0
    shown = ids[start:] if first is None else ids[start : start + first]
    return {
        "edges": [{"node": {"id": each}, "cursor": each} for each in shown],
        "pageInfo": {
            "hasNextPage": start + len(shown) < len(ids),
            "hasPreviousPage": start > 0,
            "startCursor": shown[0] if shown else None,
            "endCursor": shown[-1] if shown else None,
        },
        "totalCount": len(ids),
    }


def _webhook_url(webhook: Resource) -> str:
    url = webhook.get("url") or ""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        is_good = is_good and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_good = False
    if not is_good:
        raise invalid_input(
            [f"{_POINTER}/webhook/url must be an HTTPS address, or an HTTP address on loopback"], VALIDATION
        )
    if webhook.get("authProfileId") or webhook.get("authConfig"):
        raise not_simulated("webhooks with an authorization profile")
    return str(url)


def _check_new(context: Context, new: Resource) -> None:
    for known in context.store.subscriptions.values():
        same = (known["arn"], known["url"], known.get("source")) == (new["arn"], new["url"], new.get("source"))
        if same and known["eventType"] == new["eventType"]:
            raise invalid("SubscriptionAlreadyExists", "a subscription for this event type and destination exists")
    name = new.get("source", (None, None))[1]
    sources = [each["source"] for each in context.store.subscriptions.values() if each.get("source")]
    owners = {account for account, known in sources if known == name}
    if name and (owners | context.store.taken_sources.get(name, set())) - {new["source"][0]}:
        raise invalid("DestinationNameAlreadyExists", "the name of the partner event source is taken")


def _no_access() -> GraphQLError:
    return api_error(ACCESS_DENIED, "Access denied: the caller does not have sufficient access")
