"""Refunds: asked for by the sandbox, worked off by the merchant through updateOrder.

Sources: update-refund-details, add-an-external-refund, best-practices-for-refunds, troubleshoot-refund-errors.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from conformance.sandbox.context import Context
from conformance.sandbox.errors import invalid
from conformance.sandbox.orders.announce import refund_completed, refund_requested
from conformance.sandbox.orders.people import payment_from
from conformance.sandbox.orders.returns import close_return
from conformance.sandbox.reading import amount as read_amount
from conformance.sandbox.reading import items, line_id, number, part
from conformance.sandbox.store import Resource, alias_key

TRANSITIONS: Final = MappingProxyType(
    {
        "PENDING": frozenset({"PENDING", "PARTIAL", "FAILURE", "SUCCESS"}),
        "FAILURE": frozenset({"PARTIAL", "FAILURE", "SUCCESS"}),
        "PARTIAL": frozenset({"PARTIAL", "SUCCESS"}),
        "SUCCESS": frozenset({"SUCCESS"}),
    }
)
"""State to the states that an update may give."""

REJECTION: Final = ("PENDING", "REJECTED")
"""REJECTED is a documented value (2024-11-01) without a place in the table of transitions: taken for an end state."""

_PAYING: Final = frozenset({"PARTIAL", "SUCCESS"})
_EXTERNAL: Final = frozenset({"EXTERNAL_REFUND_ID", "EXTERNAL-REFUND-ID"})
"""Both spellings are documented."""


def request_refund(context: Context, order: Resource, amounts: list[Resource], reason: str) -> Resource:
    """A refund that the merchant is to work off: PENDING, its total an estimate. Publishes REFUND_REQUESTED."""
    store = context.store
    refund: Resource = {
        "id": store.new_id("refund"),
        "aliases": [],
        "paymentDetails": [],
        "refundFor": {"orderLineItems": [{**each, "amount": dict(each["amount"])} for each in amounts]},
        "refundRequestReason": reason,
        "refundTotal": estimate(amounts),
        "state": "PENDING",
        "createdAt": store.time(),
        "updatedAt": store.time(),
        "isExternal": False,
    }
    order["refunds"].append(refund)
    refund_requested(context, order, refund)
    return refund


def estimate(amounts: list[Resource]) -> Resource:
    """What these amounts of lines cost: the total of a refund before the merchant works it off."""
    return {"totalAmount": {"amount": round(sum(_price(each) for each in amounts), 2), "currencyCode": "USD"}}


def _price(each: Resource) -> float:
    price = part(each["lineItem"], "product", "price", "amount")
    return float(price) * float(each["amount"]["value"]) if isinstance(price, int | float) else 0.0


def update_refunds(context: Context, order: Resource, entries: list[Resource]) -> None:
    """Applies `refunds.details` of updateOrder. Nothing is changed when one entry is refused."""
    _check_unique(entries)
    plans = [(entry, _find(context, order, entry)) for entry in entries]
    for entry, refund in plans:
        _check(order, entry, refund)
    for entry, refund in plans:
        target = refund if refund is not None else _external(context, entry)
        if refund is None:
            order["refunds"].append(target)
        _apply(context, order, entry, target)


def _check_unique(entries: list[Resource]) -> None:
    ids = [entry["id"] for entry in entries if entry.get("id")]
    if len(ids) != len(set(ids)):
        raise invalid("DuplicateRefundId", "a refund id stands more than once in the request")
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        keys = {alias_key(alias) for alias in items(entry.get("aliases"))}
        if keys & seen:
            raise invalid("DuplicateAliasId", "refunds of the request share an aliasId")
        seen |= keys
    if any(not entry.get("id") for entry in entries):
        raise invalid("MissingRefundId", "a refund has no id")


def _find(context: Context, order: Resource, entry: Resource) -> Resource | None:
    """The refund to update; None for an external one that is new, which 2024-01-01 does not have."""
    for refund in order["refunds"]:
        if refund["id"] == entry["id"]:
            return refund  # type: ignore[no-any-return]
    is_external = any(alias.get("aliasType") in _EXTERNAL for alias in items(entry.get("aliases")))
    if context.version == "2024-01-01" or not is_external:
        raise invalid("InvalidRefundId", f"no refund of the order has the id {entry['id']!r}")
    return None


def _check(order: Resource, entry: Resource, refund: Resource | None) -> None:
    taken = {alias_key(alias) for other in order["refunds"] if other is not refund for alias in other["aliases"]}
    if any(alias_key(alias) in taken for alias in items(entry.get("aliases"))):
        raise invalid("InvalidAliasId", "the aliasId belongs to another refund of the order")
    lines = {line["id"] for line in order["lineItems"]}
    for item in items(part(entry, "refundFor", "orderLineItems")):
        if line_id(item) not in lines:
            raise invalid("UnspecifiedError", f"the order has no line {line_id(item)!r}")
        read_amount(item.get("amount") or item.get("refundedQuantity"), "/updateOrder/input/refunds")
    total = part(entry, "refundTotal", "totalAmount", "amount")
    if total is not None and number(total, "/updateOrder/input/refunds/refundTotal") < 0:
        raise invalid("UnspecifiedError", "the refund total is negative")
    _check_payments(entry, refund or {}, total)
    if refund is None:
        return
    if total is not None and total < refund.get("paid", 0):
        raise invalid("UnspecifiedError", "the refund total is cumulative: it is less than what was paid back before")
    state = entry.get("state")
    if state and state not in TRANSITIONS.get(refund["state"], ()) and (refund["state"], state) != REJECTION:
        raise invalid("InvalidRefundStateTransition", f"a refund in {refund['state']} cannot become {state}")
    reason = entry.get("refundRequestReason")
    if reason and reason != refund["refundRequestReason"] and not refund["isExternal"]:
        raise invalid("InvalidRefundRequestReasonUpdate", "the reason of a refund that is not external stays")


def _check_payments(entry: Resource, refund: Resource, total: Any) -> None:
    """Payments of more than the refund is for are refused, which is our choice."""
    limit = total if total is not None else part(refund, "refundTotal", "totalAmount", "amount")
    payments = {
        each.get("id"): each for each in (*refund.get("paymentDetails", ()), *items(entry.get("paymentDetails")))
    }
    sums = [part(each, "amount", "amount") for each in payments.values() if each.get("state") == "SUCCESS"]
    if limit is not None and sum(each for each in sums if isinstance(each, int | float)) > limit:
        raise invalid("UnspecifiedError", "the payments are more than the refund")


def _external(context: Context, entry: Resource) -> Resource:
    return {
        "id": entry["id"],
        "aliases": [],
        "paymentDetails": [],
        "refundFor": None,
        "refundRequestReason": None,
        "refundTotal": None,
        "state": "PENDING",
        "createdAt": context.store.time(),
        "updatedAt": context.store.time(),
        "isExternal": True,
    }


def _apply(context: Context, order: Resource, entry: Resource, refund: Resource) -> None:
    was_paid = refund["state"] == "SUCCESS"
    aliases = {alias.get("aliasType"): alias for alias in (*refund["aliases"], *items(entry.get("aliases")))}
    refund["aliases"] = list(aliases.values())
    payments: list[Any] = [payment_from(each) for each in items(entry.get("paymentDetails"))]
    known = {payment.get("id"): payment for payment in refund["paymentDetails"]}
    refund["paymentDetails"] = list({**known, **{payment.get("id"): payment for payment in payments}}.values())
    for name in ("refundTotal", "state", "refundRequestReason", "refundStatusReason"):
        if entry.get(name) is not None:
            refund[name] = entry[name]
    if entry.get("refundTotal") and refund["state"] in _PAYING:
        refund["paid"] = part(refund, "refundTotal", "totalAmount", "amount") or 0
    lines = {line["id"]: line for line in order["lineItems"]}
    given = items(part(entry, "refundFor", "orderLineItems"))
    if given and refund["isExternal"]:
        refund["refundFor"] = {
            "orderLineItems": [
                {
                    "lineItem": lines[line_id(item)],
                    "amount": read_amount(item.get("amount") or item.get("refundedQuantity"), "/updateOrder"),
                }
                for item in given
            ]
        }
    refund["updatedAt"] = context.store.time()
    if refund["state"] == "SUCCESS" and not was_paid:
        refund_completed(context, order, refund)
    for return_ in order["returns"]:
        close_return(context, order, return_)
