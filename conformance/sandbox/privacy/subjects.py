"""What the store knows of a shopper: the orders with their e-mail address, whether they are closed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import Final

from conformance.sandbox.reading import part
from conformance.sandbox.store import Resource, Store

_MOVING: Final = frozenset({"PENDING", "CREATED", "DROPPED_OFF", "IN_TRANSIT"})
_UNPAID: Final = frozenset({"PENDING", "PARTIAL", "FAILURE"})
_PERSONAL: Final = ("name", "streetAddress", "extendedAddress", "phoneNumber")


def orders_of(store: Store, email: str) -> list[Resource]:
    """The orders of a shopper; none when nobody knows the address. Upper and lower case are the same."""
    wanted = email.casefold()
    return [
        order
        for order in store.orders.values()
        if (part(order, "customer", "contact", "email") or "").casefold() == wanted
    ]


def is_open(order: Resource) -> bool:
    """Is something of the order still to be done: fulfilment, a package, a return's package, a refund?

    What closes an order is not documented; this is our choice. Packages that a merchant delivers are not known.
    """
    is_cancelled = any(cancellation["state"] == "SUCCESS" for cancellation in order["cancellations"])
    packages = [*order["packages"], *(package for return_ in order["returns"] for package in return_["packages"])]
    return (
        (order["metadata"]["executionState"] == "NOT_STARTED" and not is_cancelled)
        or any(package["state"] in _MOVING for package in packages)
        or any(refund["state"] in _UNPAID for refund in order["refunds"])
    )


def forget(orders: list[Resource]) -> None:
    """Takes the shopper's name, e-mail address, street and telephone number out of orders."""
    for order in orders:
        order["customer"] = {"contact": {"id": None, "name": None, "email": None}, "bwpCustomerId": None}
        lines = [part(line, "deliveryOffer", "details", "recipient") for line in order["lineItems"]]
        addresses = [part(recipient, "deliveryAddress") for recipient in (order["recipient"], *lines)]
        for payer in _payers(order):
            addresses.append(payer.get("billingAddress"))
            payer["contact"] = None
        for address in addresses:
            if address:
                address.update(dict.fromkeys(_PERSONAL))


def _payers(order: Resource) -> Iterator[Resource]:
    """Who paid the order, a line of it, or was paid back."""
    held = [part(holder["payments"], "details") or () for holder in (order, *order["lineItems"])]
    for payment in (*chain(*held), *chain(*(refund["paymentDetails"] for refund in order["refunds"]))):
        payer = payment.get("payer")
        if payer:
            yield payer


def archive(orders: list[Resource]) -> bytes:
    """The file that a retrieval gives: a zip archive, as documented. What is in it is our choice."""
    found = [
        {"orderId": order["id"], "contact": part(order, "customer", "contact"), "recipient": order["recipient"]}
        for order in orders
    ]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr(zipfile.ZipInfo("orders.json"), json.dumps(found, indent=1))
    return written.getvalue()
