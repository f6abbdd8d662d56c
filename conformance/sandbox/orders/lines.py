"""The lines of an order: what createOrder gives, held against the delivery previews that they come from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from conformance.base.versions import DATED_VERSIONS
from conformance.sandbox.context import Context
from conformance.sandbox.errors import UNSPECIFIED, invalid, invalid_input
from conformance.sandbox.orders.people import payments_from
from conformance.sandbox.reading import amount, identifier, identity, items, line_id, number, part
from conformance.sandbox.stock import give_back_stock, take_stock
from conformance.sandbox.store import Resource

ADDRESS_PARTS: Final = ("streetAddress", "locality", "region", "postalCode", "countryCode")


def line_amounts(order: Resource, given: list[Any], pointer: str) -> list[Resource]:
    """Lines of the order with amounts, as a part of a request names them."""
    lines = {line["id"]: line for line in order["lineItems"]}
    found = []
    for each in given:
        line = lines.get(line_id(each))
        if line is None:
            raise invalid(UNSPECIFIED, f"the order has no line {line_id(each)!r}")
        found.append({"lineItem": line, "amount": amount(each.get("amount"), pointer)})
    return found


def provider_of(line: Resource) -> str:
    """AMAZON or MERCHANT."""
    info = line["deliveryOffer"]
    return str(part(info, "details", "deliveryProvider") or part(info, "summary", "deliveryProvider") or "MERCHANT")


def take(context: Context, order: Resource) -> None:
    """Takes what Amazon delivers out of stock. Raises, with nothing taken, when there is not enough: no page names a
    code for it."""
    lines = [line for line in order["lineItems"] if provider_of(line) == "AMAZON" and line["product"]]
    left: dict[int, float] = {}
    for index, line in enumerate(lines):
        product = context.store.product(line["product"]["identifier"])
        if product is not None:
            left[id(product)] = left.get(id(product), product["stock"]) - line["amount"]["value"]
            if left[id(product)] < 0:
                raise invalid_input([f"/createOrder/input/lineItems/{index}/amount must be in stock"])
    for line in lines:
        line["isFromStock"] = take_stock(context.store, line["product"], line["amount"]["value"], context.version)


def give_back(context: Context, amounts: list[Resource]) -> None:
    """Puts back into stock what was taken for these amounts of lines."""
    for each in amounts:
        line = each["lineItem"]
        if line.get("isFromStock"):
            give_back_stock(context.store, line["product"], each["amount"]["value"], context.version)


def line_from(context: Context, order: Resource, given: Resource, index: int) -> Resource:
    """A line of a new order."""
    pointer = f"/createOrder/input/lineItems/{index}"
    product = given.get("product") or given.get("purchasedItem")
    return {
        "id": context.store.new_id("line"),
        "aliases": [*items(given.get("aliases")), *items(given.get("lineItemAliases"))],
        "amount": amount(given.get("amount") or given.get("quantity"), pointer),
        "product": product_from(context, product, pointer) if product else None,
        "deliveryOffer": _offer(context, order, given.get("selectedDeliveryOffer") or {}),
        "discounts": given.get("discounts"),
        "payments": payments_from(given.get("payments")),
        "taxes": given.get("taxes"),
        "createdAt": context.store.time(),
        "order": order,
    }


def product_from(context: Context, given: Resource, pointer: str) -> Resource:
    """The product of a line, as it is given; the rest from the catalog."""
    named = identifier(given.get("identifier") or given.get("itemId"))
    known = context.store.product(named) or {"identifier": named}
    price = part(given, "price", "currentPrice") or given.get("price")
    if isinstance(price, dict) and price.get("amount") is not None:
        number(price["amount"], f"{pointer}/product/price/amount")
    names = known["identifier"]
    membership = given.get("purchaseGroupMembership")
    return {
        "title": given.get("title") or known.get("title"),
        "price": price or known.get("price"),
        "identifier": names,
        "amazonSku": names.get("amazonSku"),
        "externalId": names.get("externalId"),
        "image": known.get("image"),
        "productDetailPageUrl": known.get("productDetailPageUrl"),
        "purchaseGroupMembership": _membership(membership) if membership else None,
    }


def _membership(given: Resource) -> Resource:
    product = given.get("product") or {}
    named = identifier(product.get("identifier"))
    sku = {"value": named["sku"]} if "sku" in named else None
    return {
        "product": {"sku": sku, "price": product.get("price")},
        "memberAmount": amount(given.get("memberAmount"), ""),
    }


def _offer(context: Context, order: Resource, given: Resource) -> Resource:
    """The offer that a line was bought with, with what the delivery preview promised in it."""
    details = given.get("details")
    if not details:
        return {"details": None, "summary": given.get("summary")}
    provider = "MERCHANT" if details.get("deliveryProvider") == "MERCHANT" else "AMAZON"
    charge = details.get("deliveryCharge")
    previewed = _previewed(context, details)
    return {
        "details": {
            **{name: previewed.get(name) for name in ("date", "policy", "price")},
            **details,
            "deliveryProvider": provider,
            **({"price": {"totalPrice": charge}} if charge else {}),
            "recipient": order["recipient"] or {},
        },
        "summary": None,
    }


def _previewed(context: Context, details: Resource) -> Resource:
    preview = context.store.previews.get(str(details.get("deliveryPreviewId") or "")) or {}
    offers = (offer for group in preview.get("deliveryGroups", ()) for offer in group["deliveryOffers"])
    return next((offer for offer in offers if offer["id"] == details.get("id")), {})


def check_offers(context: Context, given: Resource) -> None:
    """Holds each line against its preview: id, offer, product, amount, address, shopper. Raises at the first fault."""
    is_newest = context.version not in DATED_VERSIONS[:-1]
    for index, line in enumerate(items(given.get("lineItems"))):
        pointer = f"/createOrder/input/lineItems/{index}/selectedDeliveryOffer"
        offer = line.get("selectedDeliveryOffer") or {}
        details = offer.get("details")
        if details is None and offer.get("summary") is None:
            raise invalid_input([f"{pointer} must have one of details, summary"])
        if details is None or details.get("deliveryProvider") == "MERCHANT":
            continue
        is_prime = part(details, "deliveryTerms", "isPrimeEligible")
        if is_newest and is_prime is not True:
            if not part(details, "deliveryTerms", "deliverySpeed"):
                raise invalid_input([f"{pointer}/details/deliveryTerms/deliverySpeed must be given without Prime"])
            continue
        _check_preview(context, given, line, details, pointer)


def _check_preview(context: Context, given: Resource, line: Resource, details: Resource, pointer: str) -> None:
    preview = context.store.previews.get(str(details.get("deliveryPreviewId") or ""))
    if preview is None:
        raise invalid_input([f"{pointer}/details/deliveryPreviewId must name a delivery preview"])
    if preview.get("isDocumented"):
        # A fixture: the documented examples share its id, whatever they buy.
        pass
    else:
        offers = {offer["id"]: group for group in preview["deliveryGroups"] for offer in group["deliveryOffers"]}
        group = offers.get(str(details.get("id") or ""))
        if group is None:
            raise invalid_input([f"{pointer}/details/id must name an offer of the preview"])
        is_asked = part(details, "deliveryTerms", "isPrimeEligible")
        if is_asked and not group["deliveryOffers"][0]["terms"]["isPrimeEligible"]:
            raise invalid_input([f"{pointer}/details/deliveryTerms/isPrimeEligible must be that of the offer"])
        _check_group(context, line, group, pointer)
        _check_expiry(context, group, pointer)
    shopper = identity(given.get("shopperIdentity"))
    if shopper not in context.store.shoppers:
        raise invalid("InvalidIdpToken", "the shopper identity token is not valid in the sandbox")
    if preview.get("shopper") and preview["shopper"] != shopper:
        raise invalid("InvalidIdpToken", "the shopper is not the one of the delivery preview")
    address = part(given, "recipient", "deliveryAddress") or {}
    wanted = preview.get("address") or {}
    if any(wanted.get(name) and address.get(name) != wanted[name] for name in ADDRESS_PARTS):
        raise invalid("AddressMismatch", "the delivery address is not that of the delivery preview")


def _check_group(context: Context, line: Resource, group: Resource, pointer: str) -> None:
    product = line.get("product") or line.get("purchasedItem") or {}
    named = identifier(product.get("identifier") or product.get("itemId"))
    known = context.store.product(named)
    asked = amount(line.get("amount") or line.get("quantity"), pointer)["value"]
    for each in group["products"]:
        if known is not None and each["product"] is known:
            if each["amount"]["value"] != asked:
                raise invalid_input([f"{pointer} must be for the amount of the preview"])
            return
    raise invalid_input([f"{pointer} must be for the product of the preview"])


def _check_expiry(context: Context, group: Resource, pointer: str) -> None:
    expires = group["deliveryOffers"][0]["expiresAt"]
    if expires is None:
        raise invalid_input([f"{pointer} must be an offer for a known shopper and a full address"])
    if datetime.fromisoformat(expires) <= context.store.now:
        raise invalid_input([f"{pointer} has expired; make a new delivery preview"])
