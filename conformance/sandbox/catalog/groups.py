"""Products that belong together: bundles (purchase groups) and variants (variation groups).

Sources: create-and-manage-purchase-groups, create-and-manage-product-variations. No page shows the fields of a
variation group membership; ours are `{variationGroupId, variationSelections: [{dimension, value}]}`.
"""

from __future__ import annotations

from typing import Any, Final

from conformance.sandbox.errors import invalid_input
from conformance.sandbox.reading import items, part
from conformance.sandbox.store import Resource, Store

MAX_VARIATION_MEMBERS: Final = 200
MAX_SELECTIONS: Final = 20
"""Ours: how many dimensions a variant may differ in."""


def join_variation_group(store: Store, product: Resource, given: Any, pointer: str) -> None:
    """Makes a new product a member of a group, which comes into being with its first member; that one represents it."""
    if not isinstance(given, dict):
        raise invalid_input([f"{pointer} must be an object"])
    name = given.get("variationGroupId")
    if name is not None and not isinstance(name, str):
        raise invalid_input([f"{pointer}/variationGroupId must be a text"])
    selections = [_selection(each, pointer) for each in items(given.get("variationSelections"))]
    if len(selections) > MAX_SELECTIONS:
        raise invalid_input([f"{pointer}/variationSelections must have at most {MAX_SELECTIONS} items"])
    group = _variation_group(store, name) if name else None
    if group is None:
        group = {"id": name or store.digest("variation")[:14], "representativeProduct": product, "members": []}
    if len(group["members"]) >= MAX_VARIATION_MEMBERS:
        raise invalid_input([f"{pointer} must name a group of at most {MAX_VARIATION_MEMBERS} members"])
    group["members"].append(product)
    product["variation"] = {"group": group, "selections": selections}


def _selection(given: Any, pointer: str) -> Resource:
    dimension, value = part(given, "dimension"), part(given, "value")
    if not isinstance(dimension, str) or not isinstance(value, str):
        raise invalid_input([f"{pointer}/variationSelections must have texts as dimension and value"])
    return {"dimension": dimension, "value": value}


def _variation_group(store: Store, name: str) -> Resource | None:
    for product in store.products:
        group: Resource | None = part(product["variation"], "group")
        if group is not None and group["id"] == name:
            return group
    return None


def forget(store: Store, product: Resource) -> None:
    """Takes a deleted product out of its groups. A bundle ends with its representative, a variation group passes to its
    next member: our choice."""
    if product["variation"] is not None:
        group = product["variation"]["group"]
        group["members"] = [each for each in group["members"] if each is not product]
        if group["members"] and group["representativeProduct"] is product:
            group["representativeProduct"] = group["members"][0]
    bundle = product["representedPurchaseGroup"]
    if bundle is not None:
        for each in store.products:
            each["purchaseGroups"] = [kept for kept in each["purchaseGroups"] if kept["group"] is not bundle]
