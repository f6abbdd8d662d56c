"""How much of a product there is, and whether that makes it buyable with Prime.

Placing an order changes the stock, but publishes no INVENTORY_CHANGED (test-in-a-sandbox-environment). A product that
becomes buyable, or ceases to be, publishes BUYABILITY_CHANGED.
"""

from __future__ import annotations

from typing import Any, Final

from conformance.base.versions import DATED_VERSIONS
from conformance.sandbox.events.publish import publish
from conformance.sandbox.store import Resource, Store

UNKNOWN_TO_AMAZON: Final = "invalid-"
"""Ours: an Amazon SKU that begins like this is one that Seller Central does not know; every other one is known."""


def is_known_to_amazon(amazon_sku: Any) -> bool:
    """Does an Amazon SKU lead to an item that Amazon has in its warehouses?"""
    return bool(amazon_sku) and not str(amazon_sku).startswith(UNKNOWN_TO_AMAZON)


def buyability(product: Resource) -> str:
    """BUYABLE or NOT_BUYABLE; the sandbox is never in doubt. What it depends on is our choice."""
    has_item = is_known_to_amazon(product["identifier"].get("amazonSku"))
    return "BUYABLE" if product["isPrime"] and product["stock"] > 0 and has_item else "NOT_BUYABLE"


def take_stock(store: Store, product: Resource, amount: float, version: str = DATED_VERSIONS[-1]) -> bool:
    """Takes an amount of a product out of the catalog's stock, and says whether there was so much; if not, all stays.

    `product` is a product of the catalog or anything with its `identifier`, such as that of an order's line; nothing is
    counted of one that the catalog does not have. `version` is that of the request, for the event.
    """
    known = _of_catalog(store, product)
    if known is None:
        return True
    if known["stock"] < amount:
        return False
    _change(store, known, -amount, version)
    return True


def give_back_stock(store: Store, product: Resource, amount: float, version: str = DATED_VERSIONS[-1]) -> None:
    """Puts an amount back that take_stock took; nothing happens when the product was deleted since."""
    known = _of_catalog(store, product)
    if known is not None:
        _change(store, known, amount, version)


def tell_buyability(store: Store, version: str, product: Resource, before: str) -> None:
    """Publishes BUYABILITY_CHANGED when the product is not as buyable as it was."""
    status = buyability(product)
    if status == before:
        return
    names = product["identifier"]
    shown: Resource = {"id": names["productId"]}
    shown |= {name: {"value": names[name]} if name in names else None for name in ("externalId", "sku", "amazonSku")}
    shown["buyability"] = {"status": status}
    publish(store, version, "BUYABILITY_CHANGED", "items", names["productId"], data={"product": shown})


def _of_catalog(store: Store, product: Resource) -> Resource | None:
    names = product.get("identifier") or {}
    if names.get("productId"):
        return store.product({"productId": names["productId"]})
    return store.product(names)


def _change(store: Store, product: Resource, amount: float, version: str) -> None:
    before = buyability(product)
    product["stock"] += amount
    tell_buyability(store, version, product, before)
