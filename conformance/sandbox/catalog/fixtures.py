"""The catalog of a fresh sandbox, and the states in which the documented examples find it."""

from __future__ import annotations

from typing import Final

from conformance.sandbox.catalog.feeds import complete, fail, new_feed
from conformance.sandbox.catalog.files import new_file
from conformance.sandbox.catalog.groups import join_variation_group
from conformance.sandbox.catalog.products import image, new_product
from conformance.sandbox.store import Resource, Store

FEED_IDS: Final = ("11111111-2222-4333-8444-EXAMPLE55555", "feed-1")
FILE_ID: Final = "11111111-2222-4333-8444-555555555555"
EXAMPLE_FILE: Final = (
    b'"External ID","Updated External ID","SKU","Amazon SKU","Offer Prime","Image URL","Product Detail Page URL"\r\n'
    b'"ext-100","","sku-100","amz-sku-100",true,"https://shop.example/100.jpg","https://shop.example/p/100"\r\n'
)
STOCK: Final = 1000


def seed_catalog(store: Store) -> None:
    """Nine products: sku-1 to sku-4 can be bought with Prime, sku-5 does not offer Prime, the Amazon SKU of sku-6 is
    unknown to Amazon, sku-7 has none, sku-8 cannot be returned, sku-9 is out of stock."""
    for number in range(1, 10):
        _seed(store, number)
    products = {each["identifier"]["sku"]: each for each in store.products}
    products["sku-5"]["isPrime"] = False
    products["sku-6"].update(inventoryItemId="abcdefzzzzzzzz", stock=0)
    products["sku-6"]["identifier"]["amazonSku"] = "invalid-amz-sku-6"
    products["sku-7"].update(inventoryItemId="abcdefyyyyyyyy", stock=0)
    del products["sku-7"]["identifier"]["amazonSku"]
    products["sku-8"]["returnDays"] = 0
    products["sku-8"]["identifier"]["amazonSku"] = "B000000001"
    products["sku-9"]["stock"] = 0


def _seed(store: Store, number: int) -> None:
    names = {"sku": f"sku-{number}", "externalId": f"ext-{number}", "amazonSku": f"amz-sku-{number}"}
    is_first = number == 1
    product = new_product(
        store, names, "abcdef01234567" if is_first else f"p-{number:04d}", "abcdef01234567" if is_first else ""
    )
    title = f"Sandbox product sku-{number}"
    product.update(
        asin=f"B00000000{number}",
        externalVersion="1",
        title=title,
        description={"values": [{"value": f"<p>{title}</p>", "locale": "en-US"}], "defaultLocale": "en-US"},
        price={"amount": 10, "currencyCode": "USD"},
        isPrime=True,
        stock=STOCK,
        productDetailPageUrl=f"https://shop.example/p/{number}",
        image=image(f"https://shop.example/i/{number}.jpg", title),
    )
    store.products.append(product)


def _join(store: Store) -> None:
    """Makes sku-2 a part of a bundle that sku-3 represents, and the first variant of a group to which sku-4 belongs."""
    products = {each["identifier"]["sku"]: each for each in store.products if "sku" in each["identifier"]}
    bundle: Resource = {"id": "bundle-1", "representativeProduct": products["sku-3"]}
    products["sku-3"]["representedPurchaseGroup"] = bundle
    products["sku-2"]["purchaseGroups"].append({"group": bundle, "memberAmount": {"value": 2, "unit": "ONE"}})
    for sku, size in (("sku-2", "Small"), ("sku-4", "Large")):
        membership = {"variationGroupId": "variants-1", "variationSelections": [{"dimension": "Size", "value": size}]}
        join_variation_group(store, products[sku], membership, "")


def add_examples(store: Store, products: str, amazon_sku: str, feed_status: str) -> None:
    """What the documented examples need: `products` ALL, ONE (the first alone) or NONE, the Amazon SKU of the first,
    and their feed in a state. The feed stays in it."""
    first = store.products[0]
    first["identifier"] = {**first["identifier"], "amazonSku": amazon_sku}
    _join(store)
    kept = {"ONE": 1, "NONE": 0}.get(products)
    if kept is not None:
        del store.products[kept:]
    new_file(store, len(EXAMPLE_FILE), EXAMPLE_FILE, FILE_ID)
    for feed_id in FEED_IDS if feed_status else ():
        feed: Resource = new_feed(store, feed_id)
        feed["status"] = feed_status
        if feed_status == "COMPLETED":
            complete(store, feed, b"Row,External ID,SKU,Error Code,Error Message\r\n")
        elif feed_status == "FAILED":
            fail(feed, "MissingHeaderRow", "the first row does not name the columns")
