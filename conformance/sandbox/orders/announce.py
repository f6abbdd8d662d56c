"""The events of an order and of what belongs to it, with `data` in the form that each event's page prints.

Sources: order_confirmed, package_delivered, refund_requested, refund_completed, return_completed. The pages print some
fields in other shapes than the GraphQL types have; so does the sandbox. No page shows the data of the events of a
return on its way, of grading and of trackers: they are thin.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from conformance.sandbox.context import Context
from conformance.sandbox.events.publish import publish
from conformance.sandbox.reading import part
from conformance.sandbox.store import Resource

_PACKAGE_EVENTS: Final = MappingProxyType(
    {
        "CANCELLED": "PACKAGE_DELIVERY_CANCELLED",
        "IN_TRANSIT": "PACKAGE_DELIVERY_IN_TRANSIT",
        "DELIVERED": "PACKAGE_DELIVERED",
    }
)
_FILLED_RETURN_EVENTS: Final = frozenset({"RETURN_STARTED", "RETURN_COMPLETED"})


def order_confirmed(context: Context, order: Resource) -> None:
    """ORDER_CONFIRMED: an order was placed."""
    data = {
        **_head(order),
        "metadata": [{name: order["metadata"][name] for name in ("createdAt", "executionState")}],
        "orderLinks": [
            {name: link.get(name) for name in ("destinationType", "displayMessage", "url")}
            for link in order["orderLinks"]
        ],
        "customer": [_customer(order["customer"])],
        "lineItems": [_line(line) for line in order["lineItems"]],
    }
    publish(context.store, context.version, "ORDER_CONFIRMED", "order", order["id"], data={"order": data})


def package_moved(context: Context, order: Resource, package: Resource) -> None:
    """The event of the state that a package has now."""
    shown = {name: package.get(name) for name in ("id", "state", "reason")}
    data = {**_head(order), "packageInformation": {"details": [shown]}}
    name = _PACKAGE_EVENTS[package["state"]]
    path = ("order", order["id"], "delivery", package["id"])
    publish(context.store, context.version, name, *path, data={"order": data})


def refund_requested(context: Context, order: Resource, refund: Resource) -> None:
    """REFUND_REQUESTED: the merchant is to pay back."""
    data = {**_head(order), "refunds": {"details": [_refund(refund)]}}
    _publish_refund(context, order, refund, "REFUND_REQUESTED", data)


def refund_completed(context: Context, order: Resource, refund: Resource) -> None:
    """REFUND_COMPLETED: the money was paid back."""
    data = {**_head(order), "refunds": [{"details": _refund(refund)}]}
    _publish_refund(context, order, refund, "REFUND_COMPLETED", data)


def return_event(context: Context, order: Resource, return_: Resource, name: str) -> None:
    """An event of a return, by its name in 2024-11-01."""
    data = None
    if name in _FILLED_RETURN_EVENTS:
        shown = {key: return_[key] for key in ("id", "createdAt", "state")}
        data = {"order": {**_head(order), "returns": {"details": [shown]}}}
    path = ("order", order["id"], "return", return_["id"])
    publish(context.store, context.version, name, *path, data=data)


def milestone_changed(context: Context, tracker: Resource) -> None:
    """PACKAGE_TRACKER_MILESTONE_CHANGED: a tracking number reached a milestone."""
    named = tracker["packageTrackerIdentifier"]
    path = ("carrier", named["carrierCode"], "tracker", named["trackingNumber"])
    publish(context.store, context.version, "PACKAGE_TRACKER_MILESTONE_CHANGED", *path)


def _publish_refund(context: Context, order: Resource, refund: Resource, name: str, data: Resource) -> None:
    path = ("order", order["id"], "refund", refund["id"])
    publish(context.store, context.version, name, *path, data={"order": data})


def _head(order: Resource) -> Resource:
    return {"id": order["id"], "aliases": [_alias(alias) for alias in order["aliases"]]}


def _alias(alias: Resource) -> Resource:
    return {"aliasId": alias.get("aliasId"), "aliasType": alias.get("aliasType")}


def _customer(customer: Resource | None) -> Resource:
    contact = part(customer, "contact") or {}
    return {
        "bwpCustomerId": part(customer, "bwpCustomerId"),
        "contact": {name: contact.get(name) for name in ("email", "id", "name")},
    }


def _line(line: Resource) -> Resource:
    aliases: Any = [_alias(alias) for alias in line["aliases"]]
    product = line["product"] or {}
    sku, external = product.get("amazonSku"), product.get("externalId")
    return {
        "id": line["id"],
        "aliases": aliases if len(aliases) > 1 else next(iter(aliases), None),
        "amount": {"unit": line["amount"]["unit"], "value": str(line["amount"]["value"])},
        "product": {
            "amazonSku": {"marketplaceId": "US", "value": sku} if sku else None,
            "externalId": {"value": external} if external else None,
        },
    }


def _refund(refund: Resource) -> Resource:
    shown = {name: refund.get(name) for name in ("id", "createdAt", "updatedAt", "state")}
    shown |= {name: refund.get(name) for name in ("refundRequestReason", "refundStatusReason", "refundTotal")}
    lines = part(refund, "refundFor", "orderLineItems") or []
    return {**shown, "refundFor": {"orderLineItems": [{"lineItem": {"id": each["lineItem"]["id"]}} for each in lines]}}
