"""Cancellations of whole orders: asked for, then done or refused.

Sources: cancel-a-buy-with-prime-order, steps-to-cancel-orders, order-mutations-cancelorder,
package_delivery_cancelled. The wait is that of a package which is cancelled on request.
"""

from __future__ import annotations

from typing import Final

from conformance.sandbox.context import Context
from conformance.sandbox.errors import CONFLICT, UNSPECIFIED, api_error, invalid, invalid_input
from conformance.sandbox.orders.lines import give_back
from conformance.sandbox.orders.order import MAX_ALIASES, existing_order
from conformance.sandbox.orders.packages import WAIT_MINUTES, move
from conformance.sandbox.reading import items
from conformance.sandbox.store import Resource

REASONS: Final = (
    "INCORRECT_SHIPPING_ADDRESS",
    "ITEMS_ARRIVING_LATE",
    "ORDERED_BY_MISTAKE",
    "OTHER",
    "OUT_OF_STOCK",
    "PAYMENT_ISSUE",
)
REQUESTERS: Final = ("BWP_CUSTOMER_SERVICE_AGENT", "MERCHANT", "SHOPPER")
_STOPPABLE: Final = frozenset({"PENDING", "CANCELLED"})


def cancel_order(context: Context, arguments: Resource) -> Resource:
    """`cancelOrder`: asks for the cancellation of a whole order, all of whose packages must be PENDING."""
    given = arguments.get("input") or {}
    order = existing_order(context, arguments)
    return {"cancellation": request_cancellation(context, order, given, "MERCHANT")}


def request_cancellation(context: Context, order: Resource, given: Resource, requested_by: str) -> Resource:
    """A cancellation as somebody asks for it: PENDING until it is decided."""
    store = context.store
    if len(items(given.get("aliases"))) > MAX_ALIASES:
        raise invalid_input([f"/cancelOrder/input/aliases must have at most {MAX_ALIASES} items"])
    if any(package["state"] != "PENDING" for package in order["packages"]):
        raise invalid(UNSPECIFIED, "an order can be cancelled only while all its packages are PENDING")
    if order["cancellations"]:
        raise api_error(CONFLICT, "a cancellation of this order was asked for before")
    cancellation: Resource = {
        "id": store.digest("cancellation"),
        "aliases": items(given.get("aliases")),
        "state": "PENDING",
        "reason": given.get("reason"),
        "requestedBy": requested_by,
        "additionalComments": given.get("additionalComments"),
        "canceledFor": {
            "orderLineItems": [{"lineItem": line, "amount": line["amount"]} for line in order["lineItems"]]
        },
        "refundDetails": None,
        "createdAt": store.time(),
        "updatedAt": store.time(),
    }
    order["cancellations"].append(cancellation)
    store.later(WAIT_MINUTES["PENDING"], cancellation["id"], lambda: _decide(context, order, cancellation))
    return cancellation


def _decide(context: Context, order: Resource, cancellation: Resource) -> None:
    """Cancels what has not left; a request that comes too late is REJECTED."""
    cancellation["updatedAt"] = order["metadata"]["updatedAt"] = context.store.time()
    if any(package["state"] not in _STOPPABLE for package in order["packages"]):
        cancellation["state"] = "REJECTED"
        return
    cancellation["state"] = "SUCCESS"
    known = len(order["refunds"])
    if order["metadata"]["executionState"] == "NOT_STARTED":
        give_back(context, cancellation["canceledFor"]["orderLineItems"])
    for package in order["packages"]:
        if package["state"] == "PENDING":
            move(context, order, package, "CANCELLED", "CUSTOMER_REQUESTED")
    cancellation["refundDetails"] = order["refunds"][known:] or None
