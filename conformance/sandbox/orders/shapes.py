"""What each version calls a part of the store: fields that are not simply the value under their own name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from conformance.base.versions import DATED_VERSIONS
from conformance.sandbox.context import Context, Shape
from conformance.sandbox.orders.draft_returns import returned_product
from conformance.sandbox.orders.people import paid
from conformance.sandbox.orders.previews import line_offers
from conformance.sandbox.reading import part
from conformance.sandbox.store import Resource, item_amounts


def _quantity(source: Resource, _: Context) -> Any:
    amount = source.get("amount")
    return {"amount": amount["value"], "unit": amount["unit"]} if amount else None


def _details(name: str) -> Shape:
    def shape(source: Resource, _: Context) -> Any:
        return {"details": source[name]} if source[name] else None

    return shape


def _refunds(source: Resource, _: Context) -> Any:
    """The refunds, and what they come to as long as they are in one currency."""
    refunds = source["refunds"]
    if not refunds:
        return None
    totals = [part(refund, "refundTotal", "totalAmount") or {} for refund in refunds]
    currencies = {total["currencyCode"] for total in totals if total.get("currencyCode")}
    if len(currencies) != 1:
        return {"details": refunds, "summary": None}
    value = {"amount": round(sum(total.get("amount") or 0 for total in totals), 2), "currencyCode": currencies.pop()}
    payments = [payment for refund in refunds for payment in refund["paymentDetails"]]
    return {"details": refunds, "summary": {"refundTotal": {"totalAmount": value}, "paymentSummary": paid(payments)}}


def _order_packages(source: Resource, _: Context) -> Any:
    return _package_information(source["packages"])


def _line_packages(source: Resource, _: Context) -> Any:
    held = [
        package
        for package in source["order"]["packages"]
        if any(each["lineItem"] is source for each in item_amounts(package, "packageInformationDetailsFor"))
    ]
    return _package_information(held)


def _package_information(packages: list[Resource]) -> Resource | None:
    if not packages:
        return None
    states = {package["state"] for package in packages}
    state = next(name for name in ("IN_TRANSIT", "PENDING", "DELIVERED", "CANCELLED") if name in states)
    return {"summary": {"state": state}, "details": packages}


def _provider(source: Resource, context: Context) -> Any:
    provider = source.get("deliveryProvider")
    return "PRIME" if provider == "AMAZON" and context.version in DATED_VERSIONS[:-1] else provider


def _charge(source: Resource, _: Context) -> Any:
    return part(source, "price", "totalPrice")


def _charge_of_offer(_: Resource, __: Context) -> Any:
    """No page shows its fields, and it is never null."""
    return {}


def _associations(source: Resource, _: Context) -> Any:
    """No page shows their fields: an offer of several lines has some."""
    return [{}] if source.get("deliveryOfferFor") is not None else None


def _purchased_item(source: Resource, _: Context) -> Any:
    product = source.get("product")
    if not product:
        return None
    names = product["identifier"]
    types = {"sku": "SkuItemIdentifier", "amazonSku": "MskuItemIdentifier", "externalId": "ExternalItemIdentifier"}
    shown = [
        {"__typename": type_, "value": names[name], "marketplaceId": "US"}
        for name, type_ in types.items()
        if name in names
    ]
    image = product.get("image") or {}
    return {
        "title": product["title"],
        "price": {"currentPrice": product["price"]},
        "itemIdentifiers": shown,
        "productDetailPageUrl": product.get("productDetailPageUrl"),
        "imageUrl": image.get("displayReadyUrl"),
        "altText": image.get("altText"),
    }


def _amazon_sku(source: Resource, _: Context) -> Any:
    value = source.get("amazonSku")
    return {"value": value, "marketplaceId": "US"} if value else None


def _external_id(source: Resource, _: Context) -> Any:
    value = source.get("externalId")
    return {"value": value} if value else None


def _under(name: str, key: str = "orderLineItemAmounts") -> Shape:
    """The content of a list that another version has under another name."""

    def shape(source: Resource, _: Context) -> Any:
        return source.get(name, source.get(key))

    return shape


def _returns(source: Resource, context: Context) -> Any:
    """2024-01-01 knows no other returns than those of Buy with Prime; drafts and cancelled ones came later."""
    later = ("DRAFT", "CANCELLED") if context.version in DATED_VERSIONS[:-1] else ()
    kept = [
        each
        for each in source["returns"]
        if each["state"] not in later and not (each["isExternal"] and context.version == DATED_VERSIONS[0])
    ]
    return {"details": kept} if kept else None


def _return_deliveries(source: Resource, context: Context) -> Any:
    """2024-04-01 has PENDING where the newer table has CREATED."""
    first = "PENDING" if context.version == DATED_VERSIONS[1] else "CREATED"
    return [
        {
            **package,
            "state": first if package["state"] == "CREATED" else package["state"],
            "returnDeliveryFor": package["returnPackageFor"],
        }
        for package in source["packages"] or ()
        if package["state"]
    ]


def _verified(source: Resource, _: Context) -> Any:
    """The sandbox does not check the figures of an order; whether those of an unknown total were, it cannot tell."""
    return False if source.get("value") else None


def _tracker_identifier(source: Resource, _: Context) -> Any:
    return part(source, "packageTracker", "packageTrackerIdentifier")


def _tracking_details(source: Resource, _: Context) -> Any:
    """No page shows its fields: there is something, or there is not."""
    return {} if source.get("packageTracker") else None


def _offers(source: Resource, _: Context) -> Any:
    return [
        {
            "item": each["item"],
            "summary": {
                "title": {"locale": "en-US", "value": each["title"]},
                "description": {"locale": "en-US", "value": each["title"]},
                "resolutionTypes": each["resolutionTypes"],
                "window": each["window"],
            },
        }
        for each in source["offers"]
    ]


def _offer_groups(source: Resource, _: Context) -> Any:
    return [
        {"item": each["item"], "summary": {"title": each["title"], "description": each["title"]}}
        for each in source["offers"]
    ]


SHAPES: Final[Mapping[tuple[str, str], Shape]] = MappingProxyType(
    {
        ("Order", "orderAliases"): _under("aliases"),
        ("Order", "refunds"): _refunds,
        ("Order", "returns"): _returns,
        ("Order", "cancellations"): _details("cancellations"),
        ("Order", "packageInformation"): _order_packages,
        ("Order", "deliveryInformation"): _order_packages,
        ("OrderTotalSummary", "verified"): _verified,
        ("ReturnPackageDetails", "packageTrackerIdentifier"): _tracker_identifier,
        ("ReturnDeliveryDetails", "trackingDetails"): _tracking_details,
        ("LineItem", "lineItemAliases"): _under("aliases"),
        ("LineItem", "quantity"): _quantity,
        ("LineItem", "purchasedItem"): _purchased_item,
        ("LineItem", "reversalOffers"): line_offers,
        ("LineItem", "packageInformation"): _line_packages,
        ("LineItem", "deliveryInformation"): _line_packages,
        ("PurchasedProductView", "amazonSku"): _amazon_sku,
        ("PurchasedProductView", "externalId"): _external_id,
        ("DeliveryOfferDetails", "deliveryProvider"): _provider,
        ("DeliveryOfferDetails", "deliveryCharge"): _charge,
        ("DeliveryOfferDetails", "estimatedDeliveryDate"): _under("date"),
        ("DeliveryOfferDetails", "lineItemAssociations"): _associations,
        ("DeliveryOffer", "charge"): _charge_of_offer,
        ("DiscountAllocationDetails", "promotionAliases"): _under("promotionAliases", "aliases"),
        ("OrderTotalSummary", "totalPrice"): _under("value"),
        ("DeliveryInformationDetails", "deliveryInformationDetailsFor"): _under("packageInformationDetailsFor"),
        ("DeliveryInformationDetailsFor", "orderLineItems"): _under("orderLineItemAmounts"),
        ("DeliveryGroup", "items"): _under("products"),
        ("DeliveryItem", "itemIdentifier"): _under("productIdentifier"),
        ("DeliveryItem", "quantity"): _quantity,
        ("DeliveryPolicy", "itemMessaging"): _under("productMessaging"),
        ("ItemDeliveryMessage", "items"): _under("products"),
        ("RefundedOrderLineItem", "refundedQuantity"): _quantity,
        ("ReturnFor", "orderLineItems"): _under("orderLineItemAmounts"),
        ("ReturnOrderLineItem", "returnedQuantity"): _quantity,
        ("ReturnDetails", "returnPackageDetails"): _under("packages"),
        ("ReturnDetails", "returnDeliveryDetails"): _return_deliveries,
        ("ReturnLineItem", "product"): returned_product,
        ("ReversalOffers", "reversalOfferCollection"): _offers,
        ("ReversalOffers", "reversalItemOffers"): _offers,
        ("ReversalOffers", "reversalOfferGroups"): _offer_groups,
    }
)
"""(type, field) to what the field shows."""
