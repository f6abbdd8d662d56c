"""Event subscriptions, and the webhooks that they send to.

Sources: events-mutations-createeventsubscription, events-queries-eventsubscription, troubleshoot-events.
"""

from __future__ import annotations

import base64
from typing import Any, Final

from conformance.sandbox.access import no_access
from conformance.sandbox.context import Context
from conformance.sandbox.errors import VALIDATION, invalid, invalid_input
from conformance.sandbox.events.auth_profiles import find_auth_profile, https_or_loopback, read_auth_config
from conformance.sandbox.events.publish import BUSINESS_PRODUCT
from conformance.sandbox.scopes import event_permission
from conformance.sandbox.store import Resource

_POINTER: Final = "/createEventSubscription/input/destination"


def create_subscription(context: Context, arguments: Resource) -> Resource:
    """`createEventSubscription`: one event type to one destination, for a token that may read what the event is of."""
    store, given = context.store, arguments.get("input") or {}
    event_type, destination = given.get("eventType"), given.get("destination") or {}
    if event_type not in context.contract.value_table("EventDescriptor").values:
        raise no_access()
    if event_permission(event_type) not in context.caller.scopes:
        raise no_access()
    bridge, webhook = destination.get("eventBridge"), destination.get("webhook") or {}
    if bool(bridge) == bool(webhook):
        raise invalid_input([f"{_POINTER} must have one of eventBridge, webhook"], VALIDATION)
    subscription: Resource = {"eventType": event_type, "arn": None, "url": None, "client": context.caller.client}
    subscription["version"] = context.version
    if bridge:
        source = bridge.get("partnerEventSource") or {}
        if not source.get("name") or not source.get("account") or not bridge.get("region"):
            raise invalid_input([f"{_POINTER}/eventBridge must be complete"], VALIDATION)
        subscription |= {"source": (source["account"], source["name"]), "region": bridge["region"]}
        subscription["arn"] = (
            f"arn:aws:events:{bridge['region']}::event-source/aws.partner/buywithprime/{source['name']}"
        )
    else:
        subscription["url"] = https_or_loopback(webhook.get("url"), f"{_POINTER}/webhook/url")
        subscription |= _credentials(context, webhook)
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
    if found is None or not _is_own(context, found):
        raise no_access()
    # The type of a webhook's destination is in no page; null says nothing wrong.
    destination = {"__typename": "EventBridgeData", "arn": found["arn"]} if found["arn"] else None
    return {
        "subscriptionId": found["subscriptionId"],
        "targetId": BUSINESS_PRODUCT,
        "eventSubscriptionDetails": {"eventType": found["eventType"], "destination": destination},
    }


def list_subscriptions(context: Context, arguments: Resource) -> Resource:
    """`eventSubscriptions`: those of the calling client, page by page; an error when there is none.

    A cursor is the base64 of a place in the list, as in the documented example.
    """
    ids = [each["subscriptionId"] for each in context.store.subscriptions.values() if _is_own(context, each)]
    if not ids:
        raise no_access()
    start = _place_after(arguments.get("after"))
    first = arguments.get("first")
    end = len(ids) if first is None else min(start + first, len(ids))
    edges = [{"node": {"id": ids[place]}, "cursor": _cursor(place)} for place in range(start, end)]
    return {
        "edges": edges,
        "pageInfo": {
            "hasNextPage": end < len(ids),
            "hasPreviousPage": start > 0,
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
        "totalCount": len(ids),
    }


def _cursor(place: int) -> str:
    return base64.b64encode(str(place).encode()).decode()


def _place_after(cursor: Any) -> int:
    """The place behind a cursor; the first one without it. That another text is refused is our choice."""
    if not cursor:
        return 0
    try:
        place = int(base64.b64decode(cursor, validate=True))
    except ValueError:
        place = -1
    if place < 0 or _cursor(place) != cursor:
        raise invalid_input(["/eventSubscriptions/after must be a cursor"])
    return place + 1


def _is_own(context: Context, subscription: Resource) -> bool:
    return subscription.get("client") in (None, context.caller.client)


def _credentials(context: Context, webhook: Resource) -> Resource:
    """What a subscription has to call its webhook with: nothing, a profile, or credentials of its own."""
    profile_id, config = webhook.get("authProfileId"), webhook.get("authConfig")
    if profile_id is not None and config is not None:
        raise invalid_input([f"{_POINTER}/webhook must have only one of authProfileId, authConfig"], VALIDATION)
    if profile_id is not None:
        return {"authProfileId": find_auth_profile(context, profile_id)["authProfileId"]}
    return {} if config is None else {"auth": read_auth_config(config, f"{_POINTER}/webhook/authConfig")}


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
