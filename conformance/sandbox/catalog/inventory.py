"""`inventoryItem`: how many of a product can be bought, with the documented partial data.

Sources: catalog-queries-inventoryitem, inventory_changed.
"""

from __future__ import annotations

from conformance.sandbox.context import Context, Partial
from conformance.sandbox.errors import NOT_FOUND, api_error, invalid, invalid_input
from conformance.sandbox.stock import is_known_to_amazon
from conformance.sandbox.store import Resource


def query_inventory_item(context: Context, arguments: Resource) -> Resource | Partial:
    """`inventoryItem`. An id of no product is not found: our choice."""
    wanted = arguments.get("inventoryItemId")
    if not wanted:
        raise invalid_input(["/inventoryItem/inventoryItemId must be given"])
    for product in context.store.products:
        if product["inventoryItemId"] == wanted:
            return inventory_item(product, context)
    raise api_error(NOT_FOUND, "no inventory item has this id")


def inventory_item(product: Resource, _: Context) -> Resource | Partial:
    """The inventory of a product; together with an error when its Amazon SKU is missing or unknown to Amazon.

    That an item below a product has the same error as one that was asked for by its id is our choice.
    """
    amazon_sku = product["identifier"].get("amazonSku")
    if not amazon_sku:
        return Partial(product, invalid("MissingAmazonSkuConfiguration", "This item has no Amazon SKU"))
    if not is_known_to_amazon(amazon_sku):
        return Partial(product, invalid("InvalidAmazonSkuConfiguration", "This item has no valid Amazon SKU"))
    return product


def quantity(product: Resource, context: Context) -> Resource | None:
    """How many can be bought; null with the error above."""
    if not is_known_to_amazon(product["identifier"].get("amazonSku")):
        context.tell(product)
        return None
    return {"amount": product["stock"], "unit": "UNIT"}
