"""What a fresh sandbox holds: the catalog, the shoppers, and, when asked for, the resources of the documented examples.

The examples name resources that exist before them: orders such as 111-2222-3333, the refund r-1, a preview that sold
whatever they buy. With fixtures these exist, in the states that are asked for.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from conformance.base.clock import timestamp
from conformance.contract.model import Contract
from conformance.sandbox.analytics import USER_EVENTS, put_report
from conformance.sandbox.catalog.fixtures import add_examples, seed_catalog
from conformance.sandbox.catalog.products import new_product
from conformance.sandbox.context import Context
from conformance.sandbox.orders.draft_returns import add_draft, delivery_offer
from conformance.sandbox.orders.order import new_package
from conformance.sandbox.orders.people import paid
from conformance.sandbox.orders.returns import new_return
from conformance.sandbox.orders.sparse import bare_order, hollow_order
from conformance.sandbox.privacy.examples import RETRIEVAL_ID, add_tasks
from conformance.sandbox.store import Resource, Store


@dataclass(frozen=True, slots=True)
class Fixtures:
    """The states of the resources of the documented examples."""

    package: str = "PENDING"
    refund: str = "PENDING"
    """Empty: the orders have no refund."""
    return_: str = "CREATED"
    """The state of the return's package; DRAFT, EXTERNAL: such a return instead; empty: no return."""
    is_started: bool = True
    is_sparse: bool = False
    """Is nothing known of two of the orders but what the contract calls for?"""
    taken_refund_alias: bool = False
    """Does another refund of the orders have the alias oms-1?"""
    subscription: str = "REFUND_REQUESTED"
    """The event type of the subscription of the examples, to MyEventSource; empty: none."""
    taken_source: bool = False
    """Does another account have the partner event source MyEventSource?"""
    deletion: str = "ON_HOLD"
    """The status of the deletion task of the examples; empty: none."""
    retrieval: str = "COMPLETED"
    """The status of the retrieval task of the examples; empty: none."""
    report: str = "STARTED"
    """The status of the report task of the examples; empty: none."""
    auth_profile: str = "my-profile"
    """The authorization profile of the examples; empty: none."""
    products: str = "ALL"
    """ALL, ONE: sku-1 alone, or NONE."""
    amazon_sku: str = "amz-sku-1"
    """The Amazon SKU of sku-1."""
    feed: str = "COMPLETED"
    """The status of the catalog feed of the examples; empty: none."""


def _token(type_: str, value: str) -> str:
    return base64.b64encode(json.dumps({"type": type_, "value": value}, separators=(",", ":")).encode()).decode()


TOKENS: Final = (
    (_token("ACCESS_TOKEN", "sandbox-mocked-test-prime-shopper-access-token"), "PRIME"),
    (_token("ACCESS_TOKEN", "sandbox-mocked-test-non-prime-shopper-access-token"), "NON_PRIME"),
    (_token("CHECKOUT_SESSION_ID", "sandbox-mocked-test-prime-shopper-checkout-session-id"), "PRIME"),
    (_token("CHECKOUT_SESSION_ID", "sandbox-mocked-test-non-prime-shopper-checkout-session-id"), "NON_PRIME"),
)
"""The documented shopper tokens. The LWA token without Prime is printed equal to the one with Prime; ours follows the
form of the Amazon Pay pair."""

_EXAMPLE_TOKENS: Final = (
    "YXBheS1jaGVja291dC1zZXNzaW9u",
    "bHdhLWFjY2Vzcy10b2tlbg==",
    "apay-session-id",
    "apay-session",
    "d5706fe2-0296-4ade-8336-af805f55cb2c",
    "example-apay-session-id",
    "example-lwa-token",
)
_ORDER_IDS: Final = ("111-2222-3333", "111-0000-0001", "o-1", "322-ABC1-AAAAAA", "322-DEF2-BBBBBB", "322-JKL4-DDDDD")
_SUBSCRIPTION_IDS: Final = ("5a1c7e90-2d3f-4b68-9e1a-7c8d0f2b4a61", "sub-1")
_ADDRESS: Final = {
    "name": "Ada Example",
    "streetAddress": "399 Boren Ave N",
    "locality": "Seattle",
    "region": "WA",
    "countryCode": "US",
    "postalCode": "98109",
}


_PLAIN_LINE: Final = "li-2"
_PLAIN_SKU: Final = "example-component-product-2-sku"
"""A line, and what it is of: a product without a picture, a page, or an Amazon SKU."""
_AT_HOME: Final = {
    "id": "address-1",
    "extendedAddress": "Apartment 4",
    "phoneNumber": "555-0101",
    "timezoneId": "America/Los_Angeles",
}
"""What an address has that was not given with an order."""


def fill(store: Store, contract: Contract, fixtures: Fixtures | None) -> None:
    """The catalog and the shoppers of the sandbox; with fixtures the resources of the documented examples too."""
    seed_catalog(store)
    for index, (token, status) in enumerate(TOKENS):
        store.shoppers[token] = _shopper(f"sandbox{index}", status)
    if fixtures is None:
        return
    for token in _EXAMPLE_TOKENS:
        store.shoppers[token] = _shopper("example", "PRIME")
    name = _PLAIN_SKU.removesuffix("-sku")
    bundled = new_product(store, {"sku": _PLAIN_SKU, "externalId": f"ext-{_PLAIN_SKU}"}, name)
    bundled.update(title=f"{name}-title", price={"amount": 5, "currencyCode": "USD"}, isPrime=True, stock=1000)
    store.products.append(bundled)
    for preview_id in ("SIP-0000000-000000", "SIP-0000000-0000000"):
        store.previews[preview_id] = {"id": preview_id, "isDocumented": True, "address": dict(_ADDRESS, name=None)}
    if fixtures.subscription:
        for subscription_id in _SUBSCRIPTION_IDS:
            store.subscriptions[subscription_id] = _subscription(subscription_id, fixtures.subscription)
    if fixtures.auth_profile:
        auth = {"username": "user-1", "password": "example-password"}
        profile = {"authProfileId": fixtures.auth_profile, "client": None, "auth": auth}
        store.auth_profiles[fixtures.auth_profile] = profile
    if fixtures.taken_source:
        store.taken_sources["MyEventSource"] = {"999999999999"}
    context = Context(store, contract, contract.version)
    for order_id in _ORDER_IDS:
        store.add_order(_order(context, order_id, fixtures))
    if fixtures.is_sparse:
        store.orders["o-1"] = bare_order("o-1")
        store.orders["111-2222-3333"] = hollow_order("111-2222-3333")
    add_examples(store, fixtures.products, fixtures.amazon_sku, fixtures.feed)
    add_tasks(context, fixtures.deletion, fixtures.retrieval)
    if fixtures.report:
        put_report(store, f"{USER_EVENTS}:{RETRIEVAL_ID}", fixtures.report)


def _shopper(name: str, status: str) -> Resource:
    return {"shopperId": f"amzn.{name}", "bwpEligibilityStatus": status}


def _order(context: Context, order_id: str, fixtures: Fixtures) -> Resource:
    now = context.store.time()
    state = "STARTED" if fixtures.is_started else "NOT_STARTED"
    order: Resource = {
        "id": order_id,
        "aliases": {
            "o-1": [{"aliasType": "EXTERNAL_ID", "aliasId": "ext-1"}],
            "322-JKL4-DDDDD": [{"aliasType": "OMS_ORDER_ID", "aliasId": "1234"}],
        }.get(order_id, []),
        "customer": {"contact": {"id": None, "name": "Ada Example", "email": "ada@example.org"}},
        "metadata": {"executionState": state, "createdAt": now, "updatedAt": now},
        "orderLinks": [],
        "discounts": _discounts(),
        "payments": None,
        "recipient": {"deliveryAddress": {**_ADDRESS, **_AT_HOME}},
        "taxes": {"summary": {"collectableTaxAmount": {"amount": 2, "currencyCode": "USD"}}},
        "totalPrice": {
            "value": {"amount": 22, "currencyCode": "USD"},
            "rollupCharges": [_charge("Order subtotal", "ORDER_SUB_TOTAL", 20), _charge("Tax", "ORDER_TAX", 2)],
        },
        "packages": [],
        "refunds": [],
        "returns": [],
        "cancellations": [],
    }
    order["payments"] = {"summary": None, "details": [_payment(order)]}
    ids = {"322-DEF2-BBBBBB": ("li-1", "li-2"), "111-2222-3333": ("li-1", "7654321")}.get(order_id, ("li-1",))
    order["lineItems"] = [_line(context, order, each) for each in ids]
    if fixtures.is_started:
        for package_id in ("pi-1", "di-1"):
            package = new_package(package_id, order["lineItems"], fixtures.package)
            package["aliases"] = [{"aliasType": "EXTERNAL_PACKAGE_ID", "aliasId": f"ext-{package_id}"}]
            order["packages"].append(package)
        if fixtures.package == "IN_TRANSIT":
            order["packages"][0]["packageTracker"] = _tracker(now)
    _add_refunds(order, order_id, fixtures, now)
    if fixtures.return_:
        _add_return(context, order, fixtures.return_)
    return order


def _subscription(subscription_id: str, event_type: str) -> Resource:
    return {
        "subscriptionId": subscription_id,
        "eventType": event_type,
        "source": ("000000000000", "MyEventSource"),
        "arn": "arn:aws:events:us-east-1::event-source/aws.partner/buywithprime/MyEventSource",
        "url": None,
    }


def _tracker(now: str) -> Resource:
    message = {"locale": "en-US", "value": "On its way", "language": "en-US", "content": "On its way"}
    milestone = {"status": {"code": "IN_TRANSIT", "message": message}, "occurredAt": now}
    return {
        "packageTrackerIdentifier": {"trackingNumber": "TN1", "carrierCode": "ups"},
        "milestones": [milestone],
        "latestMilestone": milestone,
    }


def _charge(text: str, type_: str, amount: float) -> Resource:
    return {"displayString": text, "rollupChargeType": type_, "value": {"amount": amount, "currencyCode": "USD"}}


def _payment(order: Resource) -> Resource:
    """How the order was paid, all of it."""
    contact = {"id": "contact-1", "name": "Ada Example", "email": "ada@example.org"}
    made = order["metadata"]["createdAt"]
    return {
        "id": "payment-1",
        "aliases": [{"aliasType": "EXTERNAL_PAYMENT_ID", "aliasId": "ext-payment-1"}],
        "amount": {"amount": 22, "currencyCode": "USD"},
        "paymentMethod": {"displayString": "Card ending in 0000", "type": "CARD"},
        "payer": {"id": "payer-1", "billingAddress": {**_ADDRESS, **_AT_HOME}, "contact": contact},
        "state": "CAPTURED",
        "createdAt": made,
        "updatedAt": made,
    }


def _offer(context: Context, order: Resource) -> Resource:
    """The offer that a line was bought with, with all that an offer may have."""
    now = context.store.now
    money = {"amount": 0, "currencyCode": "USD"}
    message = {"messageText": "Delivered in 2 to 3 days", "locale": "en-US", "badge": "PRIME"}
    return {
        "id": "offer-1",
        "deliveryPreviewId": "SIP-0000000-000000",
        "deliveryProvider": "AMAZON",
        "deliveryTerms": {"isPrimeEligible": True, "deliverySpeed": "STANDARD"},
        "deliveryOfferFor": {},
        "date": {"earliest": timestamp(now + timedelta(days=2)), "latest": timestamp(now + timedelta(days=3))},
        "policy": {"messaging": message, "productMessaging": []},
        "price": {"totalPrice": money, "rollupPrices": [{"type": "SHIPPING", "value": money}]},
        "discounts": _discounts(),
        "recipient": order["recipient"],
        "taxes": {"summary": {"collectableTaxAmount": money}},
    }


def _discounts() -> Resource:
    money = {"amount": 1, "currencyCode": "USD"}
    alias = {"aliasType": "EXTERNAL_ID", "aliasId": "promotion-1"}
    detail = {"amount": money, "aliases": [alias], "promotionAliases": [alias], "couponCode": "WELCOME"}
    return {
        "summary": {"amount": money, "displayString": "Welcome"},
        "details": [{**detail, "displayString": "Welcome"}],
    }


def _line(context: Context, order: Resource, line_id: str) -> Resource:
    product = context.store.products[0]
    if line_id == _PLAIN_LINE:
        product = context.store.product({"sku": _PLAIN_SKU}) or product
    names = product["identifier"]
    return {
        "id": line_id,
        "aliases": [{"aliasType": "EXTERNAL_ITEM_ID", "aliasId": f"ext-{line_id}"}],
        "amount": {"value": 2, "unit": "ONE"},
        "product": {**product, "amazonSku": names.get("amazonSku"), "externalId": names["externalId"]},
        "deliveryOffer": {"details": _offer(context, order), "summary": None},
        "discounts": _discounts(),
        "payments": {"summary": paid([_payment(order)]), "details": None},
        "taxes": order["taxes"],
        "createdAt": order["metadata"]["createdAt"],
        "order": order,
    }


def _add_refunds(order: Resource, order_id: str, fixtures: Fixtures, now: str) -> None:
    if fixtures.taken_refund_alias:
        order["refunds"].append(_refund(order, "r-0", "SUCCESS", now))
        order["refunds"][0]["aliases"] = [{"aliasType": "EXTERNAL_REFUND_ID", "aliasId": "oms-1"}]
    if fixtures.refund:
        refund_id = "refund-1" if order_id == "111-2222-3333" else "r-1"
        order["refunds"].append(_refund(order, refund_id, fixtures.refund, now))


def _refund(order: Resource, refund_id: str, state: str, now: str) -> Resource:
    line = order["lineItems"][0]
    return {
        "id": refund_id,
        "aliases": [],
        "paymentDetails": [],
        "refundFor": {"orderLineItems": [{"lineItem": line, "amount": {"value": 1, "unit": "ONE"}}]},
        "refundRequestReason": "LOST_IN_TRANSIT",
        "refundTotal": {"totalAmount": {"amount": 10, "currencyCode": "USD"}},
        "state": state,
        "createdAt": now,
        "updatedAt": now,
        "isExternal": False,
    }


def _add_return(context: Context, order: Resource, state: str) -> None:
    amounts = [{"lineItem": order["lineItems"][0], "amount": {"value": 1, "unit": "ONE"}}]
    if state == "DRAFT":
        for return_id in ("ret-1", "return-id"):
            draft = add_draft(context, order, amounts)
            draft.update(id=return_id, offers=[delivery_offer("offer-1")])
        return
    return_ = new_return(context, amounts, is_drop_off=True)
    if state == "EXTERNAL":
        alias = {"aliasType": "EXTERNAL-RETURN-ID", "aliasId": "ext-return-1"}
        return_.update(id="return-id-1", isExternal=True, aliases=[alias], packages=[])
    else:
        return_["id"] = "ret-1"
        amount = {"value": 1, "unit": "ONE"}
        condition = {"amount": amount, "condition": "SELLABLE"}
        return_["returnLineItems"][0]["grading"] = {
            "summary": {"gradedAmount": amount, "unitWiseCondition": [condition]}
        }
        return_["packages"][0].update(id="rp-1", state=state)
    order["returns"].append(return_)
