"""Products: create, update, delete, query, list.

Sources: catalog-mutations-createproduct, -updateproduct, -deleteproduct, catalog-queries-product, -products,
-mappingproduct, best-practices-for-catalogs. No page says which fields a new product needs, or what an update with null
does; ours: a product has a SKU or an external id, and null takes a value away.
"""

from __future__ import annotations

import heapq
from typing import Any, Final

from conformance.sandbox.catalog.groups import forget, join_variation_group
from conformance.sandbox.context import Context
from conformance.sandbox.errors import CONFLICT, NOT_FOUND, api_error, invalid_input
from conformance.sandbox.reading import identifier, part
from conformance.sandbox.stock import buyability, is_known_to_amazon, tell_buyability
from conformance.sandbox.store import Resource, Store

PAGE_SIZE: Final = 20
"""Without `first`; ours, the largest that is documented."""
NEW_STOCK: Final = 100
"""Ours: how many of a new product Amazon has, when it knows the Amazon SKU."""
CURSOR: Final = "catalogid#"
NAMES: Final = ("productId", "externalId", "sku", "amazonSku")
UNIQUE: Final = ("sku", "externalId")
"""Names that only one product of the catalog may have."""


def new_product(store: Store, names: Resource, product_id: str = "", inventory_item_id: str = "") -> Resource:
    """A product with these names and nothing else, not in the catalog yet."""
    kept = {"productId": product_id or store.digest("product")[:14], **{key: names[key] for key in names if names[key]}}
    return {
        "identifier": kept,
        "inventoryItemId": inventory_item_id or store.digest("inventory")[:14],
        "asin": None,
        "externalVersion": None,
        "metadata": {},
        "title": None,
        "description": None,
        "price": None,
        "isPrime": False,
        "stock": NEW_STOCK if is_known_to_amazon(kept.get("amazonSku")) else 0,
        "returnDays": 30,
        "productDetailPageUrl": None,
        "image": None,
        "purchaseGroups": [],
        "representedPurchaseGroup": None,
        "variation": None,
    }


def image(source_url: Any, alt_text: Any = None) -> Resource | None:
    """An image as products have it. That it can be shown under its own address is our choice."""
    if not source_url:
        return None
    return {"sourceUrl": source_url, "displayReadyUrl": source_url, "altText": alt_text}


def patch(product: Resource, given: Resource) -> None:
    """Takes over what an input gives, and leaves what it does not name. The names are checked already."""
    changed = {**product["identifier"], **_names(given)}
    product["identifier"] = {key: value for key, value in changed.items() if value}
    if "amazonSku" in given and not product["stock"] and is_known_to_amazon(changed.get("amazonSku")):
        product["stock"] = NEW_STOCK
    if "offerPrime" in given:
        product["isPrime"] = given["offerPrime"] is True
    for name in ("productDetailPageUrl", "description"):
        if name in given:
            product[name] = given[name]
    if "image" in given:
        product["image"] = image(part(given, "image", "sourceUrl"), part(given, "image", "altText"))


def _names(given: Resource) -> Resource:
    names: Resource = {name: given[name] for name in UNIQUE if name in given}
    if "amazonSku" in given:
        names["amazonSku"] = part(given, "amazonSku", "value")
    return names


def create_product(context: Context, arguments: Resource) -> Resource:
    """`createProduct`. That a SKU or an external id of another product is a ConflictError is our choice."""
    return {"id": create(context, arguments.get("input") or {}, "/createProduct/input")["identifier"]["productId"]}


def create(context: Context, given: Resource, pointer: str) -> Resource:
    """A new product of the catalog from what createProduct takes."""
    store = context.store
    names = _names(given)
    if not any(names.get(name) for name in UNIQUE):
        raise invalid_input([f"{pointer} must have one of {', '.join(UNIQUE)}"])
    _check_free(store, names, None)
    product = new_product(store, names)
    patch(product, given)
    if given.get("variationGroupMembership") is not None:
        join_variation_group(store, product, given["variationGroupMembership"], f"{pointer}/variationGroupMembership")
    store.products.append(product)
    tell_buyability(store, context.version, product, "NOT_BUYABLE")
    return product


def update_product(context: Context, arguments: Resource) -> Resource:
    """`updateProduct`: changes what the input names."""
    given = arguments.get("input") or {}
    product = find(context.store, arguments.get("identifier"), "/updateProduct/identifier")
    names = _names(given)
    left = {**product["identifier"], **names}
    if not any(left.get(name) for name in UNIQUE):
        raise invalid_input([f"/updateProduct/input must leave one of {', '.join(UNIQUE)}"])
    _check_free(context.store, names, product)
    before = buyability(product)
    patch(product, given)
    tell_buyability(context.store, context.version, product, before)
    return {"id": product["identifier"]["productId"]}


def _check_free(store: Store, names: Resource, own: Resource | None) -> None:
    for name in UNIQUE:
        holder = store.product({name: names.get(name)})
        if holder is not None and holder is not own:
            raise api_error(CONFLICT, f"another product of the catalog has the {name} {names[name]!r}")


def delete_product(context: Context, arguments: Resource) -> Resource:
    """`deleteProduct`: orders keep what they bought, groups lose the product."""
    store = context.store
    product = find(store, arguments.get("identifier"), "/deleteProduct/identifier")
    store.products[:] = [each for each in store.products if each is not product]
    forget(store, product)
    return {"id": product["identifier"]["productId"]}


def find(store: Store, given: Any, pointer: str) -> Resource:
    """The product that has every name which is given. Raises the documented error when there is none."""
    asked = identifier(given)
    if not asked:
        raise invalid_input([f"{pointer} must have one of {', '.join(NAMES)}"])
    for product in store.products:
        if all(product["identifier"].get(name) == value for name, value in asked.items()):
            return product
    raise api_error(NOT_FOUND, "no product of the catalog has this identifier")


def query_product(context: Context, arguments: Resource) -> Resource:
    """`product`. That an unknown one is an error, as with deleteProduct, is our choice."""
    return find(context.store, arguments.get("identifier"), "/product/identifier")


def query_mapping_product(context: Context, arguments: Resource) -> Resource:
    """`mappingProduct`, the predecessor. No page shows the fields of productIdentifier: it takes any of the names."""
    given = arguments.get("identifier") or part(arguments, "productIdentifier", "_")
    return find(context.store, given if isinstance(given, dict) else {}, "/mappingProduct/identifier")


def list_products(context: Context, arguments: Resource) -> Resource:
    """`products`: sorted by id, so that a cursor stays good when products come and go.

    No page shows the fields of a filter: one that asks for nothing is none, any other is refused (our choice).
    """
    if part(arguments, "filter", "_") is not None:
        raise invalid_input(["/products/filter must be left out: no page shows its fields"])
    first, after = arguments.get("first"), arguments.get("after")
    if after is not None and not after.startswith(CURSOR):
        raise invalid_input([f"/products/after must begin with {CURSOR}"])
    return page(context.store.products, PAGE_SIZE if first is None else first, (after or "").removeprefix(CURSOR))


def page(products: list[Resource], size: int, after: str) -> Resource:
    """A page of a connection: at most `size` products whose id comes after this one."""
    by_id = {str(each["identifier"]["productId"]): each for each in products}
    rest = [each for each in by_id if each > after]
    edges = [
        {"cursor": CURSOR + each, "node": {"__typename": "Product", **by_id[each]}}
        for each in heapq.nsmallest(size, rest)
    ]
    return {
        "edges": edges,
        "pageInfo": {
            "hasNextPage": len(rest) > size,
            "hasPreviousPage": len(rest) < len(by_id),
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }
