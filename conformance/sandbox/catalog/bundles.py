"""`createPurchaseGroup`: products sold together under one representative product.

Sources: catalog-mutations-createpurchasegroup, create-and-manage-purchase-groups.
"""

from __future__ import annotations

from typing import Final

from conformance.sandbox.catalog.products import create, find
from conformance.sandbox.context import Context
from conformance.sandbox.errors import CONFLICT, api_error, invalid_input
from conformance.sandbox.reading import amount, items
from conformance.sandbox.store import Resource

MAX_MEMBERS: Final = 200
"""Ours: how many products a bundle may have."""


def create_purchase_group(context: Context, arguments: Resource) -> Resource:
    """All parts are checked before anything changes. That a product represents one bundle at most is our choice."""
    store, given = context.store, arguments.get("input") or {}
    pointer = "/createPurchaseGroup/input"
    members = items(given.get("members"))
    if not 1 <= len(members) <= MAX_MEMBERS:
        raise invalid_input([f"{pointer}/members must have 1 to {MAX_MEMBERS} items"])
    found = [
        (
            find(store, each.get("product"), f"{pointer}/members/{index}/product"),
            amount(each.get("memberAmount"), f"{pointer}/members/{index}/memberAmount"),
        )
        for index, each in enumerate(members)
    ]
    group: Resource = {
        "id": store.digest("bundle")[:14],
        "representativeProduct": _representative(context, given, pointer),
    }
    group["representativeProduct"]["representedPurchaseGroup"] = group
    for product, quantity in found:
        product["purchaseGroups"].append({"group": group, "memberAmount": quantity})
    return {"id": group["id"]}


def _representative(context: Context, given: Resource, pointer: str) -> Resource:
    representative = given.get("representativeProduct") or {}
    pointer = f"{pointer}/representativeProduct"
    if representative.get("representativeProduct") is not None:
        return create(context, representative["representativeProduct"], f"{pointer}/representativeProduct")
    product = find(context.store, representative.get("representativeProductId"), f"{pointer}/representativeProductId")
    if product["representedPurchaseGroup"] is not None:
        raise api_error(CONFLICT, "the product represents another purchase group")
    return product
