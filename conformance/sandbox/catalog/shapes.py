"""What each version calls a part of the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from conformance.sandbox.catalog.inventory import inventory_item, quantity
from conformance.sandbox.context import Context, Shape
from conformance.sandbox.stock import buyability
from conformance.sandbox.store import Resource

LOCALE: Final = "en-US"


def _id(source: Resource, _: Context) -> Any:
    return source["identifier"]["productId"]


def _named(name: str) -> Shape:
    """One of a product's names, as an object with its value; the marketplace is null, as in the documented examples."""

    def shape(source: Resource, _: Context) -> Any:
        value = source["identifier"].get(name)
        return {"value": value} if value else None

    return shape


def _from(name: str) -> Shape:
    def shape(source: Resource, _: Context) -> Any:
        return source[name]

    return shape


def _title(source: Resource, _: Context) -> Any:
    title = source["title"]
    return {"values": [{"value": title, "locale": LOCALE}], "defaultLocale": LOCALE} if title else None


def _price(source: Resource, _: Context) -> Any:
    return {"currentPrice": source["price"]} if source["price"] else None


def _asin(source: Resource, _: Context) -> Any:
    return {"value": source["asin"], "marketplaceId": "US"} if source["asin"] else None


def _buyability(source: Resource, _: Context) -> Any:
    return {"status": buyability(source)}


def _bundles(source: Resource, context: Context) -> Any:
    """The bundles that a product is part of. Its price there is its own: no operation sets another one."""
    return [
        {"memberAmount": each["memberAmount"], "price": _price(source, context)} for each in source["purchaseGroups"]
    ]


def _variation_group(source: Resource, _: Context) -> Any:
    variation = source["variation"]
    if variation is None or variation["group"]["representativeProduct"] is not _own(source):
        return None
    return variation["group"]


def _own(source: Resource) -> Resource:
    """The product itself: what a list shows is a copy with its type."""
    members = source["variation"]["group"]["members"]
    own: Resource = next(each for each in members if each["identifier"] is source["identifier"])
    return own


def _variation(source: Resource, _: Context) -> Any:
    """No page shows the fields of a membership."""
    variation = source["variation"]
    if variation is None:
        return None
    return {"_": {"variationGroupId": variation["group"]["id"], "variationSelections": variation["selections"]}}


SHAPES: Final[Mapping[tuple[str, str], Shape]] = MappingProxyType(
    {
        ("Product", "id"): _id,
        ("Product", "sku"): _named("sku"),
        ("Product", "externalId"): _named("externalId"),
        ("Product", "amazonSku"): _named("amazonSku"),
        ("Product", "asin"): _asin,
        ("Product", "title"): _title,
        ("Product", "price"): _price,
        ("Product", "advertisedPrice"): _price,
        ("Product", "offerPrime"): _from("isPrime"),
        ("Product", "buyability"): _buyability,
        ("Product", "inventoryItem"): inventory_item,
        ("Product", "purchaseGroupMemberships"): _bundles,
        ("Product", "representativeOfPurchaseGroup"): _from("representedPurchaseGroup"),
        ("Product", "variationGroupMembership"): _variation,
        ("Product", "representativeOfVariationGroup"): _variation_group,
        ("MappingProduct", "id"): _id,
        ("MappingProduct", "productSku"): _named("sku"),
        ("MappingProduct", "productExternalId"): _named("externalId"),
        ("MappingProduct", "productMsku"): _named("amazonSku"),
        ("MappingProduct", "sku"): _named("sku"),
        ("MappingProduct", "externalId"): _named("externalId"),
        ("MappingProduct", "mSku"): _named("amazonSku"),
        ("MappingProduct", "isPrimeIntended"): _from("isPrime"),
        ("MappingProduct", "url"): _from("productDetailPageUrl"),
        ("MappingProduct", "buyability"): _buyability,
        ("MappingProduct", "inventoryItem"): inventory_item,
        ("InventoryItem", "buyableQuantity"): quantity,
        ("InventoryItem", "fulfillableQuantity"): quantity,
        ("InventoryItem", "mappingProduct"): lambda source, _: source,
    }
)
"""(type, field) to what the field shows."""
