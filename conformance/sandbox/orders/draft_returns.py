"""Returns that the merchant's system makes itself, in the pages without a version: createReturn, return, updateReturn.

Sources: returns-objects-createreturninput, returns-queries-return, returns-mutations-updatereturn,
returns-objects-returndetails. No page tells how long a draft can be submitted, or which reasons there are: both are
our choice. The newest guide says that the sandbox of Buy with Prime does not have programmatic returns; this one does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from conformance.base.clock import timestamp
from conformance.sandbox.context import Context
from conformance.sandbox.errors import NOT_FOUND, UNSPECIFIED, api_error, invalid, invalid_input
from conformance.sandbox.orders.announce import return_event
from conformance.sandbox.orders.lines import line_amounts
from conformance.sandbox.orders.refunds import estimate
from conformance.sandbox.orders.returns import MAX_ALIASES, find_return, new_return, return_package, returnable
from conformance.sandbox.reading import items, line_id, part
from conformance.sandbox.store import Resource, Store, alias_key, item_amounts

DRAFT_LIFE: Final = timedelta(days=7)
REASONS: Final = ("DAMAGED", "NOT_AS_DESCRIBED", "NO_LONGER_NEEDED", "OTHER")


def query_return(context: Context, arguments: Resource) -> Resource:
    """`return`: its argument goes by two names."""
    return_, _ = _existing(context, arguments.get("input") or arguments.get("returnIdentifier"))
    return {"returnDetails": return_}


def create_return(context: Context, arguments: Resource) -> Resource:
    """`createReturn`: a draft, or, with the execution state STARTED, a return that is on its way."""
    given = arguments.get("input") or {}
    asked = [
        each
        for line in items(given.get("returnLineItems"))
        for each in items(part(line, "returnFor", "orderLineItemAmounts"))
    ]
    if not asked:
        raise invalid_input(["/createReturn/input/returnLineItems must have at least 1 items"])
    order = _order_of_lines(context.store, {line_id(each) for each in asked})
    amounts = returnable(context, order, line_amounts(order, asked, "/createReturn/input/returnLineItems"))
    return_ = add_draft(context, order, amounts)
    if given.get("desiredReturnExecutionState") == "STARTED":
        submit(context, order, return_)
    return {"returnDetails": return_}


def update_return(context: Context, arguments: Resource) -> Resource:
    """`updateReturn`: aliases, and the way in which a draft is to be sent."""
    given = arguments.get("input") or {}
    return_, order = _existing(context, given.get("returnIdentifier"))
    new = [alias for alias in items(given.get("aliases")) if alias not in return_["aliases"]]
    if len(return_["aliases"]) + len(new) > MAX_ALIASES:
        raise invalid("AliasLimitExceeded", f"a return has at most {MAX_ALIASES} aliases")
    others = (alias for other in order["returns"] if other is not return_ for alias in other["aliases"])
    if {alias_key(alias) for alias in new} & {alias_key(alias) for alias in others}:
        raise invalid("AliasValueAlreadyExists", "the aliasId belongs to another return of the order")
    offers = {part(group, "returnDeliveryOffer", "details", "id"): group for group in return_.get("offers", ())}
    groups = items(given.get("returnDeliveryGroups"))
    chosen = [part(group, "returnDeliveryOffer", "details", "id") for group in groups]
    if chosen and not _is_open(context.store, return_):
        raise invalid(UNSPECIFIED, "the return can no longer be changed")
    if any(each not in offers for each in chosen):
        raise invalid(UNSPECIFIED, "the return has no delivery offer with this id")
    return_["aliases"] = [*return_["aliases"], *new]
    if chosen:
        return_["returnDeliveryGroups"] = [offers[each] for each in chosen]
    return_["updatedAt"] = context.store.time()
    return {"returnDetails": return_}


def submit(context: Context, order: Resource, return_: Resource) -> None:
    """Turns a draft into a return that is on its way."""
    if not _is_open(context.store, return_):
        raise invalid(UNSPECIFIED, "the return is no draft that can be submitted")
    returnable(context, order, item_amounts(return_, "returnFor"))
    return_.update(state="CREATED", expiresAt=None, updatedAt=context.store.time())
    package = return_package(context, return_["returnFor"])
    rma = {"rma": f"RMA-{package['id']}", "labels": [_label("Shipping"), _label("RMA")]}
    return_["packages"] = [{**package, **rma, "instructions": [_text("Put the label on the box.")]}]
    return_event(context, order, return_, "RETURN_STARTED")


def _label(type_: str) -> Resource:
    shown = _text(f"{type_} label")
    return {"type": type_, "url": f"https://returns.sandbox.example/{type_.lower()}", "returnLabelDisplayString": shown}


def add_draft(context: Context, order: Resource, amounts: list[Resource]) -> Resource:
    """A new return of the order in the state DRAFT, with one way to send it."""
    store = context.store
    options = [_reason(code) for code in REASONS]
    return_ = new_return(context, amounts, is_drop_off=False)
    for line in return_["returnLineItems"]:
        line.update(returnReasonTerm=options[0], returnReasonTermOptions=options)
    return_.update(
        state="DRAFT",
        packages=[],
        expiresAt=timestamp(store.now + DRAFT_LIFE),
        refundTerm={
            "displayMessage": _text("Refund on receipt"),
            "estimatedRefundTotal": estimate(amounts),
            "paymentTerms": [],
        },
        offers=[delivery_offer(store.new_id("return-offer"))],
    )
    return_["returnDeliveryGroups"] = return_["offers"]
    order["returns"].append(return_)
    return return_


def delivery_offer(offer_id: str) -> Resource:
    """A way to send a return, as a group of the return."""
    locator = {"locatorDisplayString": _text("Drop-off points"), "url": "https://returns.sandbox.example/locations"}
    details = {
        "id": offer_id,
        "message": {"instructions": [_text("Bring the box to a drop-off point.")]},
        "returnDeliveryTerm": {"locator": locator},
    }
    return {"returnDeliveryOffer": {"details": details}}


def returned_product(line: Resource, context: Context) -> Any:
    """`ReturnLineItem.product`."""
    ordered = next((each["lineItem"] for each in item_amounts(line, "returnFor")), None)
    product = part(ordered, "product")
    if not product:
        return None
    names = product["identifier"]
    known = context.store.product(names) or {}
    shown: Resource = {
        name: {"value": names[name]} if names.get(name) else None for name in ("productId", "externalId", "sku")
    }
    sku = names.get("amazonSku")
    shown["amazonSku"] = {"value": sku, "marketplaceId": "US"} if sku else None
    pictured = {name: product.get(name) for name in ("image", "productDetailPageUrl")}
    return {**shown, **pictured, "price": product["price"], "offerPrime": known.get("isPrime")}


def _reason(code: str) -> Resource:
    description = _text(code.replace("_", " ").capitalize())
    return {"reasonCode": code, "description": description, "isCommentRequired": code == "OTHER"}


def _text(value: str) -> Resource:
    return {"locale": "en-US", "value": value, "language": "en-US", "content": value}


def _is_open(store: Store, return_: Resource) -> bool:
    expires = return_.get("expiresAt")
    return return_["state"] == "DRAFT" and expires is not None and datetime.fromisoformat(expires) > store.now


def _existing(context: Context, wanted: Any) -> tuple[Resource, Resource]:
    for order in context.store.orders.values():
        found = find_return(order, wanted)
        if found is not None:
            return found, order
    raise api_error(NOT_FOUND, "no return has this identifier")


def _order_of_lines(store: Store, wanted: set[str]) -> Resource:
    for order in store.orders.values():
        if wanted <= {line["id"] for line in order["lineItems"]}:
            return order
    raise invalid(UNSPECIFIED, "no order of the store has these lines")
