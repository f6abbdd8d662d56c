"""People of an order as requests name them: contacts, addresses, payers. Answers have other fields for the same.

Sources: order-mutations-createorder (contact.emailData, contactNumber), returns-objects-shippingaddress,
order-objects-payerinput. That the number to call is an answer's phoneNumber is our choice.
"""

from __future__ import annotations

from typing import Any

from conformance.sandbox.context import Context
from conformance.sandbox.reading import identity, items, part
from conformance.sandbox.store import Resource


def address_from(given: Any) -> Resource | None:
    """An address of an order or a payer."""
    return {**given, "phoneNumber": given.get("contactNumber")} if given else None


def recipient_from(given: Any) -> Resource | None:
    """Who gets an order."""
    return {"deliveryAddress": address_from(given.get("deliveryAddress"))} if given else None


def contact_from(given: Any) -> Resource | None:
    """How to reach somebody; without an id, which requests do not have."""
    data = part(given, "emailData")
    return {"id": None, **data} if data else None


def customer_from(context: Context, given: Resource) -> Resource | None:
    """The customer of a new order; a shopper whom the identity token names is known to Buy with Prime."""
    contact = contact_from(part(given, "customer", "contact"))
    if contact is None:
        return None
    shopper = context.store.shoppers.get(identity(given.get("shopperIdentity")) or "")
    known = shopper["shopperId"] if shopper else None
    return {"contact": {**contact, "id": known}, "bwpCustomerId": known}


def payment_from(given: Resource) -> Resource:
    """One payment of an order, a line or a refund; a time that is empty is none."""
    given = {**given, **{name: given[name] or None for name in ("createdAt", "updatedAt") if name in given}}
    payer = given.get("payer")
    if not payer:
        return given
    shown = {"billingAddress": address_from(payer.get("billingAddress")), "contact": contact_from(payer.get("contact"))}
    return {**given, "payer": {**payer, **shown}}


def payments_from(given: Any) -> Resource | None:
    """The payments of an order or a line: a summary, or details."""
    if not given:
        return None
    details = given.get("details")
    return {**given, "details": None if details is None else [payment_from(each) for each in items(details)]}


def paid(payments: list[Resource]) -> Resource | None:
    """What payments come to, as the summary of a refund. That it has the names of all methods, and the state when all
    payments have the same, is our choice; null when there are none, or in several currencies."""
    sums = [part(each, "amount") or {} for each in payments]
    currencies = {each.get("currencyCode") for each in sums}
    if len(currencies) != 1 or None in currencies:
        return None
    methods = [part(each, "paymentMethod") or {} for each in payments]
    names = dict.fromkeys(str(each.get("displayString") or each.get("type") or "") for each in methods)
    states = {each.get("state") for each in payments}
    return {
        "amount": {"amount": round(sum(each.get("amount") or 0 for each in sums), 2), "currencyCode": currencies.pop()},
        "paymentMethodDisplayString": ", ".join(name for name in names if name),
        "state": states.pop() if len(states) == 1 else None,
    }
