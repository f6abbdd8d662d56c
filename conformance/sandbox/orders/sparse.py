"""Two orders of which as little is known as the contract allows: whatever may be null is null.

Clients have to bear both. That a store has such orders, say taken over from another system, is our choice.
"""

from __future__ import annotations

from typing import Any, Final

from conformance.sandbox.store import Resource

_ABSENT: Final = (
    "aliases",
    "customer",
    "metadata",
    "orderLinks",
    "discounts",
    "payments",
    "recipient",
    "taxes",
    "totalPrice",
)


def bare_order(order_id: str) -> Resource:
    """An order that has lines, and nothing else."""
    order: Resource = {"id": order_id, **dict.fromkeys(_ABSENT)}
    order.update(packages=[], refunds=[], returns=[], cancellations=[])
    order["lineItems"] = [_line(order)]
    return order


def hollow_order(order_id: str) -> Resource:
    """An order that has one of everything, each without its parts."""
    order = bare_order(order_id)
    (line,) = order["lineItems"]
    nowhere: Resource = {"deliveryAddress": {}}
    order.update(
        customer={"contact": None},
        metadata={},
        discounts={"summary": None, "details": [{}]},
        payments={"summary": None, "details": None},
        recipient=nowhere,
        taxes={"summary": {"collectableTaxAmount": {}}},
        totalPrice={"value": {}, "rollupCharges": None},
        cancellations=[{"canceledFor": None}, {"canceledFor": {"orderLineItems": [{}]}}, {"canceledFor": {}}],
        refunds=[_refund("r-1", {"orderLineItems": [{"lineItem": line}]}), _refund("r-2", {}), _refund("r-3", None)],
        returns=_returns(),
    )
    line["discounts"] = {"summary": None, "details": None}
    line["payments"] = {"summary": None, "details": None}
    line["product"] = {"title": None, "price": None, "identifier": {}, "purchaseGroupMembership": {"product": {}}}
    line["deliveryOffer"] = {"details": _offer(nowhere), "summary": None}
    order["packages"] = [
        {**_package("pi-1"), "packageInformationDetailsFor": {"orderLineItemAmounts": None}},
        {**_package("pi-2"), "packageTracker": _tracker()},
        {**_package("pi-3"), "packageTracker": {"packageTrackerIdentifier": {}}},
    ]
    return order


def _line(order: Resource) -> Resource:
    names = ("aliases", "product", "deliveryOffer", "discounts", "payments", "taxes", "createdAt")
    return {"id": "li-1", "amount": {"value": 1, "unit": None}, "order": order, **dict.fromkeys(names)}


def _offer(nowhere: Resource) -> Resource:
    return {
        "deliveryProvider": "MERCHANT",
        "recipient": nowhere,
        "date": {},
        "policy": {},
        "deliveryTerms": {},
        "price": {"rollupPrices": [{}]},
    }


def _package(package_id: str) -> Resource:
    return {"id": package_id, "aliases": None, "state": "PENDING", "packageInformationDetailsFor": None}


def _tracker() -> Resource:
    """A tracker with one milestone that says nothing, and none that is the latest."""
    return {"estimatedDeliveryDate": {}, "milestones": [{"address": {}}, {}]}


def _refund(refund_id: str, for_: Any) -> Resource:
    return {"id": refund_id, "paymentDetails": [], "refundFor": for_, "refundTotal": None}


def _returns() -> list[Resource]:
    empty: Resource = {"aliases": None, "state": None, "isExternal": False, "packages": [], "refundId": None}
    gradings: list[Resource | None] = [None, {}, {"summary": {}}]
    lines = [{"returnFor": None, "grading": grading} for grading in gradings]
    amounts: Resource = {"orderLineItemAmounts": [{}]}
    package: Resource = {"state": None, "returnPackageFor": None}
    return [
        {**empty, "returnLineItems": None, "returnFor": None, "isExternal": True, "packages": None},
        {**empty, "returnLineItems": lines, "returnFor": amounts, "id": "ret-1", "packages": [package]},
        {**empty, "returnLineItems": [], "returnFor": {}, "id": "ret-2"},
        {**empty, "returnLineItems": [], "returnFor": None, "id": "ret-3"},
    ]
