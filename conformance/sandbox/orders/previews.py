"""Delivery previews, Prime eligibility and reversal offers: what is asked before an order.

Sources: create-delivery-previews, troubleshoot-delivery-preview-errors, manage-shopper-identity, get-reversal-offers.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final

from conformance.base.clock import timestamp
from conformance.base.versions import DATED_VERSIONS
from conformance.sandbox.context import Context
from conformance.sandbox.errors import NOT_FOUND, api_error, invalid, invalid_input
from conformance.sandbox.orders.lines import ADDRESS_PARTS
from conformance.sandbox.reading import amount, identifier, identity, items, part
from conformance.sandbox.store import Resource, item_amounts

NOT_SERVED: Final = frozenset({"AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI", "AA", "AE", "AP"})
"""US territories off the continent, and military addresses."""
OFFER_LIFE: Final = timedelta(minutes=30)
"""Ours: no page says how long an offer lasts."""

_POSTAL_CODE = re.compile(r"\d{5}(-\d{4})?")


def delivery_preview(context: Context, arguments: Resource) -> Resource:
    """`deliveryPreview`: one group an item, with one offer; it expires when the shopper and the address are known."""
    store, given = context.store, arguments.get("input") or {}
    terms = given.get("terms") or {}
    address = part(given.get("location") or terms.get("location"), "shippingAddress") or {}
    _check_address(address)
    shopper = identity(given.get("shopperIdentity") or terms.get("shopperIdentity"))
    is_known = shopper is not None
    if is_known and shopper not in store.shoppers:
        raise invalid("InvalidIdpToken", "the shopper identity token is not valid in the sandbox")
    asked = items(given.get("products")) or items(given.get("items"))
    if not asked:
        raise invalid_input(["/deliveryPreview/input/products must have at least 1 items"])
    products = [_product(context, each, index) for index, each in enumerate(asked)]
    is_complete = all(address.get(name) for name in ADDRESS_PARTS)
    expires = timestamp(store.now + OFFER_LIFE) if is_known and is_complete else None
    is_prime = not is_known or store.shoppers[str(shopper)]["bwpEligibilityStatus"] == "PRIME"
    preview: Resource = {
        "id": f"SIP-{store.digest('preview')[:12].upper()}",
        "deliveryGroups": [_group(context, each, expires, is_prime=is_prime) for each in products],
        "shopper": shopper,
        "address": address,
    }
    store.previews[preview["id"]] = preview
    return preview


def _check_address(address: Resource) -> None:
    country, postal_code = address.get("countryCode"), address.get("postalCode")
    if (country and country != "US") or address.get("region") in NOT_SERVED:
        raise invalid("InvalidDestination", "Buy with Prime does not deliver to this destination")
    if postal_code is not None and not _POSTAL_CODE.fullmatch(postal_code):
        raise invalid("InvalidAddress", "the postal code is not valid")


def _product(context: Context, given: Resource, index: int) -> Resource:
    named = identifier(given.get("productIdentifier") or given.get("itemIdentifier"))
    product = context.store.product(named)
    if product is None:
        raise api_error(NOT_FOUND, f"no product of the catalog has the identifier of item {index}")
    asked = amount(given.get("amount") or given.get("quantity"), f"/deliveryPreview/input/products/{index}/amount")
    is_old = context.version == DATED_VERSIONS[0]
    if not product["isPrime"]:
        raise invalid("ItemNotPrimeEnabled" if is_old else "ProductNotPrimeEnabled", "the product does not offer Prime")
    if asked["value"] > product["stock"]:
        newer = "ProductAmountUnavailable" if product["stock"] > 0 else "ProductOutOfStock"
        code = "ItemAmountUnavailable" if is_old else newer
        raise invalid(code, "there is not so much of the product in stock")
    return {"product": product, "productIdentifier": _shown(given, named, is_old=is_old), "amount": asked}


def _shown(given: Resource, named: Resource, *, is_old: bool) -> Resource:
    """The identifier as it was asked for, under the type that the version answers with."""
    kind = "Item" if is_old else "Product"
    if "amazonSku" in named:
        marketplace = part(given.get("itemIdentifier"), "mSKU", "marketplaceId") or "US"
        name = "Msku" if is_old else "AmazonSku"
        return {"__typename": f"{name}{kind}Identifier", "value": named["amazonSku"], "marketplaceId": marketplace}
    name = "Sku" if "sku" in named else "External"
    return {"__typename": f"{name}{kind}Identifier", "value": next(iter(named.values()), None)}


def _group(context: Context, product: Resource, expires: str | None, *, is_prime: bool) -> Resource:
    store = context.store
    days = (2, 3) if is_prime else (5, 7)
    earliest, latest = (timestamp(store.now + timedelta(days=day)) for day in days)
    message = {"messageText": f"Delivered in {days[0]} to {days[1]} days", "locale": "en-US"}
    message["badge"] = "PRIME" if is_prime else "NONE"
    price = {"amount": 0 if is_prime else 4.99, "currencyCode": "USD"}
    offer = {
        "id": store.new_id("offer"),
        "date": {"earliest": earliest, "latest": latest},
        "policy": {"messaging": message, "productMessaging": [{"products": [product], "message": message}]},
        "price": {"totalPrice": price, "rollupPrices": [{"type": "SHIPPING", "value": price}]},
        "terms": {"isPrimeEligible": is_prime, "deliverySpeed": None},
        "expiresAt": expires,
    }
    return {"id": store.new_id("group"), "products": [product], "deliveryOffers": [offer]}


def shopper_eligibility(context: Context, arguments: Resource) -> Resource:
    """`shopperBwPEligibility`: the four documented sandbox tokens have an answer, and those of the examples."""
    shopper = context.store.shoppers.get(identity(arguments.get("identityToken")) or "")
    if shopper is None:
        raise invalid("InvalidIdpToken", "the shopper identity token is not valid in the sandbox")
    return shopper


def reversal_offers(context: Context, arguments: Resource) -> Resource:
    """`reversalOffers`, and `generateReversalOffers` before it."""
    store = context.store
    found = [_reversal(context, each) for each in items(part(arguments, "reversalOffersInput", "items"))]
    return {"id": store.new_id("reversal"), "expiresAt": timestamp(store.now + OFFER_LIFE), "offers": found}


def return_days(product: Resource) -> int:
    """For how many days after delivery a product can be given back; 0: not at all, as any without Prime."""
    return int(product["returnDays"]) if product["isPrime"] else 0


def line_offers(line: Resource, context: Context) -> Any:
    """`LineItem.reversalOffers`: how a line can be given back. It can be cancelled as long as nothing of it was sent,
    and the days run from the last delivery on, which gives the end: our choice."""
    product = context.store.product(part(line, "product", "identifier") or {})
    days = return_days(product) if product is not None else 0
    packages = [
        package
        for package in line["order"]["packages"]
        if any(each["lineItem"] is line for each in item_amounts(package, "packageInformationDetailsFor"))
    ]
    whole = {"orderLineItemAmounts": [{"lineItem": line, "amount": line["amount"]}]}
    found: list[Resource] = []
    if packages and all(package["state"] == "PENDING" for package in packages):
        found.append({"resolutionType": "CANCEL", "reversalOfferFor": whole, "message": {}, "window": None})
    if days:
        delivered = [package["deliveredAt"] for package in packages if package.get("deliveredAt")]
        end = timestamp(datetime.fromisoformat(max(delivered)) + timedelta(days=days)) if delivered else None
        window = {"duration": None if end else {"value": days, "unit": "DAY"}, "endDate": end}
        found.append({"resolutionType": "RETURN", "reversalOfferFor": None, "message": None, "window": window})
    return {"details": found} if found else None


def _reversal(context: Context, given: Resource) -> Resource:
    asked: Any = given.get("id") or {}
    named = identifier(asked)
    product = context.store.product(named)
    if product is None:
        raise invalid("ItemDoesNotExist", "the item is not in the Buy with Prime catalog")
    shown: Resource = {"__typename": "SkuReversalItemIdentifier", "value": next(iter(named.values()))}
    if "amazonSku" in named:
        marketplace = part(asked, "mSKU", "marketplaceId") or "US"
        shown = {"__typename": "MskuReversalItemIdentifier", "value": named["amazonSku"], "marketplaceId": marketplace}
    days = return_days(product)
    title = f"Free returns within {days} days" if days else "Not returnable"
    window = {"duration": {"value": days, "unit": "DAY"}, "endDate": None} if days else None
    return {"item": {"id": shown}, "title": title, "resolutionTypes": ["RETURN"] if days else [], "window": window}
