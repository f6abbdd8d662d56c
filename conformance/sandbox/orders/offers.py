"""Offers, and orders that are made from them, in the pages without a version.

Sources: manage-buy-with-prime-offers, order-objects-createorderfromofferinput; both were read in part. An offer lives
as long as that of a delivery preview, and there is one for all lines asked for, or none: our choice.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from conformance.base.clock import timestamp
from conformance.sandbox.context import Context
from conformance.sandbox.errors import invalid_input
from conformance.sandbox.orders.lines import check_offers, product_from
from conformance.sandbox.orders.order import place_order
from conformance.sandbox.orders.previews import OFFER_LIFE
from conformance.sandbox.reading import amount, identifier, items, part
from conformance.sandbox.store import Resource


def query_offers(context: Context, arguments: Resource) -> Resource:
    """`offers`: one for everything that is asked for; none when a part of it cannot be delivered so."""
    store, given = context.store, arguments.get("input") or {}
    asked = items(given.get("lineItems"))
    if not asked:
        raise invalid_input(["/offers/input/lineItems must have at least 1 items"])
    lines = []
    for index, line in enumerate(asked):
        product = store.product(identifier(line.get("product")))
        wanted = amount(line.get("amount"), f"/offers/input/lineItems/{index}/amount")
        # The guide writes a quoted "true".
        is_prime = str(part(line, "deliveryTerms", "isPrimeEligible")).lower() == "true"
        if product is None or (is_prime and not product["isPrime"]) or product["stock"] < wanted["value"]:
            return {"edges": []}
        lines.append(
            {
                "product": {"identifier": product["identifier"]},
                "amount": wanted,
                "selectedDeliveryOffer": {
                    "details": {"deliveryProvider": "AMAZON", "deliveryTerms": {"isPrimeEligible": is_prime}}
                },
            }
        )
    offer: Resource = {
        "id": store.new_id("offer"),
        "lines": lines,
        "address": part(given, "location", "shippingAddress"),
        "expiresAt": timestamp(store.now + OFFER_LIFE),
    }
    store.offers[offer["id"]] = offer
    shown = [{"product": product_from(context, line["product"], "/offers")} for line in lines]
    return {"edges": [{"node": {"id": offer["id"], "lineItems": shown}}]}


def create_order_from_offer(context: Context, arguments: Resource) -> Resource:
    """`createOrderFromOffer`: the lines of an offer, and others beside them."""
    given: Any = arguments.get("input") or {}
    offer = context.store.offers.get(str(given.get("baseOfferId")))
    if offer is None or datetime.fromisoformat(offer["expiresAt"]) <= context.store.now:
        raise invalid_input(["/createOrderFromOffer/input/baseOfferId must be an offer that has not expired"])
    additional = items(given.get("additionalLineItems"))
    check_offers(context, {"lineItems": additional})
    recipient = {"deliveryAddress": offer["address"]} if offer["address"] else None
    return place_order(context, {**given, "lineItems": [*offer["lines"], *additional], "recipient": recipient})
