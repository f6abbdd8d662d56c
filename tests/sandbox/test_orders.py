"""Orders of every kind: what they are made of, how they are found, cancelled, and what they do to the stock."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.sandbox.fixtures import TOKENS
from tests.sandbox.client import CREATE, IDENTITY, Client, bought, code, order_input, preview
from tests.sandbox.story import ID, Story

LWA = {"lwaAccessToken": {"value": TOKENS[0][0], "externalId": "session-1"}}
NOT_PRIME = {"apayCheckoutSessionId": {"value": TOKENS[3][0], "externalId": "session-1"}}
VERSIONS_WITH_CANCELLATION = ("2024-04-01", "2024-11-01", "next")


def _stock(client: Client, sku: str = "sku-2") -> float:
    product = client.app.admin.store.product({"sku": sku})
    assert product is not None
    return float(product["stock"])


def _given(client: Client, **changed: Any) -> dict[str, Any]:
    return order_input(client, preview(client, **changed)["data"]["deliveryPreview"])


def _slow(sku: str, amount: int = 1) -> dict[str, Any]:
    """A line that Amazon delivers without Prime."""
    terms = {"isPrimeEligible": False, "deliverySpeed": "STANDARD"}
    return {
        "product": {"identifier": {"sku": sku}, "title": "Pot", "price": {"amount": 7.5, "currencyCode": "USD"}},
        "amount": {"value": amount},
        "selectedDeliveryOffer": {"details": {"deliveryProvider": "AMAZON", "deliveryTerms": terms}},
    }


OWN = {"amount": {"value": 1}, "selectedDeliveryOffer": {"summary": {"deliveryProvider": "MERCHANT"}}}
"""A line that the merchant delivers, without any attribute of a product."""


# --- cancellations


@pytest.mark.parametrize("version", VERSIONS_WITH_CANCELLATION)
def test_a_cancellation_that_is_asked_for_in_time_is_done(version: str) -> None:
    story = Story(Client(version))
    asked = story.cancel()["data"]["cancelOrder"]["cancellation"]
    assert (asked["state"], asked["requestedBy"]) == ("PENDING", "MERCHANT")
    fields = "cancellations { details { state refundDetails { id } } } refunds { details { id state } }"
    found = story.client.order(story.order, fields)
    (refund,) = found["refunds"]["details"]
    assert found["cancellations"]["details"] == [{"state": "SUCCESS", "refundDetails": [{"id": refund["id"]}]}]
    assert story.held["packages"][0]["reason"] == "CUSTOMER_REQUESTED"
    cancelled = "DELIVERY_CANCELLED" if story.is_old else "PACKAGE_DELIVERY_CANCELLED"
    assert story.client.events()[-2:] == [cancelled, "REFUND_REQUESTED"]


@pytest.mark.parametrize("version", VERSIONS_WITH_CANCELLATION)
def test_an_order_is_cancelled_once_and_not_after_it_was_shipped(version: str) -> None:
    shipped, story = Story(Client(version)), Story(Client(version))
    shipped.package("IN_TRANSIT")
    assert code(shipped.cancel()) == "UnspecifiedError"
    story.cancel()
    assert code(story.cancel()) == "UnspecifiedError"


def test_an_order_that_did_not_start_can_be_cancelled_and_then_never_starts(client: Client) -> None:
    before = _stock(client)
    given = {**_given(client), "desiredExecutionState": "NOT_STARTED"}
    story = Story(client, client.ask(CREATE, {"input": given})["data"]["createOrder"]["order"]["id"])
    assert _stock(client) == before - 1
    story.cancel()
    assert story.held["cancellations"][0]["state"] == "SUCCESS"
    assert story.held["refunds"] == []
    assert _stock(client) == before
    assert code(story.cancel()) == "ConflictError"
    assert code(story.update(desiredExecutionState="STARTED")) == "UnspecifiedError"


def test_a_shopper_cancels_before_the_order_is_shipped(every: Client) -> None:
    story = Story(every)
    every.admin("cancellations", orderId=story.order, reason="ORDERED_BY_MISTAKE", version=every.version)
    every.order(story.order, "id")
    (cancellation,) = story.held["cancellations"]
    assert (cancellation["requestedBy"], cancellation["state"]) == ("SHOPPER", "SUCCESS")
    assert every.events()[-1] == "REFUND_REQUESTED"
    faulty: tuple[dict[str, Any], ...] = ({"requestedBy": "NOBODY"}, {"reason": "X"}, {"reason": []}, {"orderId": "x"})
    for options in faulty:
        with pytest.raises(AssertionError, match="error"):
            every.admin("cancellations", **{"orderId": story.order, **options})


def test_refunds_add_up(client: Client) -> None:
    story = Story(client)
    story.package("CANCELLED", "UNFULFILLABLE")
    alias = {"aliasType": "EXTERNAL_REFUND_ID", "aliasId": "1"}
    total = {"totalAmount": {"amount": 2.5, "currencyCode": "USD"}}
    story.update(refunds={"details": [{"id": "own", "aliases": [alias], "refundTotal": total, "state": "SUCCESS"}]})
    fields = "refunds { summary { refundTotal { totalAmount { amount currencyCode } } } }"
    shown = client.order(story.order, fields)["refunds"]["summary"]["refundTotal"]["totalAmount"]
    assert shown == {"amount": 22.5, "currencyCode": "USD"}


def test_an_order_was_updated_when_its_package_moved(client: Client) -> None:
    story = Story(client)
    story.package("IN_TRANSIT")
    metadata = client.order(story.order, "metadata { createdAt updatedAt }")["metadata"]
    assert metadata["createdAt"] < metadata["updatedAt"]


# --- stock


def test_stock_falls_with_orders_and_what_did_not_leave_comes_back(every: Client) -> None:
    before = _stock(every)
    stories = [Story(every) for _ in range(3)]
    assert _stock(every) == before - 6
    stories[0].package("CANCELLED", "UNFULFILLABLE")
    assert _stock(every) == before - 4
    stories[1].package("IN_TRANSIT")
    stories[1].package("CANCELLED", "UNDELIVERABLE")
    assert _stock(every) == before - 4


def test_without_stock_there_is_no_preview_and_no_order(every: Client) -> None:
    given = _given(every)
    for product in every.app.admin.store.products:
        product["stock"] = 0
    empty = "ItemAmountUnavailable" if every.version == "2024-01-01" else "ProductOutOfStock"
    assert code(preview(every)) == empty
    assert code(every.ask(CREATE, {"input": given})) == "UnspecifiedError"
    assert every.app.admin.store.orders == {}


def test_the_lines_of_one_order_share_the_stock_and_an_order_takes_all_or_nothing(client: Client) -> None:
    given = _given(client)
    for product in client.app.admin.store.products:
        product["stock"] = 2
    given["lineItems"] += [_slow("sku-3"), _slow("sku-2", 2)]
    assert code(client.ask(CREATE, {"input": given})) == "UnspecifiedError"
    assert (_stock(client, "sku-2"), _stock(client, "sku-3")) == (2, 2)
    given["lineItems"].pop()
    assert code(client.ask(CREATE, {"input": given})) == ""
    assert (_stock(client, "sku-2"), _stock(client, "sku-3")) == (1, 1)


# --- kinds of orders


def test_what_the_merchant_delivers_has_no_package_and_takes_no_stock(client: Client) -> None:
    before = _stock(client)
    given = {**_given(client), "lineItems": [OWN]}
    answer = client.ask(CREATE, {"input": given})
    order = answer["data"]["createOrder"]["order"]["id"]
    fields = "lineItems { product { title } deliveryOffer { summary { deliveryProvider } } }"
    fields += " packageInformation { details { id } }"
    found = client.order(order, fields)
    assert found["packageInformation"] is None
    assert found["lineItems"] == [{"product": None, "deliveryOffer": {"summary": {"deliveryProvider": "MERCHANT"}}}]
    assert _stock(client) == before


def test_a_mixed_order_has_a_package_of_what_amazon_delivers(client: Client) -> None:
    given = _given(client)
    given["lineItems"] += [_slow("sku-3", 2), OWN]
    order = client.ask(CREATE, {"input": given})["data"]["createOrder"]["order"]["id"]
    fields = (
        "packageInformation { details { packageInformationDetailsFor { orderLineItemAmounts { amount { value } } } } }"
    )
    (package,) = client.order(order, fields)["packageInformation"]["details"]
    amounts = package["packageInformationDetailsFor"]["orderLineItemAmounts"]
    assert [each["amount"]["value"] for each in amounts] == [1, 2]


def test_a_component_of_a_bundle_says_which_bundle_it_is_of(client: Client) -> None:
    given = _given(client)
    bundle = {"identifier": {"sku": "bundle-1"}, "price": {"amount": 18, "currencyCode": "USD"}}
    given["lineItems"][0]["product"]["purchaseGroupMembership"] = {"product": bundle, "memberAmount": {"value": 1}}
    order = client.ask(CREATE, {"input": given})["data"]["createOrder"]["order"]["id"]
    fields = "lineItems { product { purchaseGroupMembership { product { sku { value } } memberAmount { value } } } }"
    (line,) = client.order(order, fields)["lineItems"]
    membership = line["product"]["purchaseGroupMembership"]
    assert membership == {"product": {"sku": {"value": "bundle-1"}}, "memberAmount": {"value": 1}}


@pytest.mark.parametrize("identity", [IDENTITY, LWA])
def test_a_shopper_is_known_by_amazon_pay_and_by_login_with_amazon(every: Client, identity: dict[str, Any]) -> None:
    given = {**_given(every, shopper=identity), "shopperIdentity": identity}
    assert code(every.ask(CREATE, {"input": given})) == ""


def test_an_order_is_for_the_shopper_of_its_preview(every: Client) -> None:
    assert code(every.ask(CREATE, {"input": {**_given(every), "shopperIdentity": LWA}})) == "InvalidIdpToken"


def test_a_shopper_without_prime_gets_no_prime_delivery(client: Client) -> None:
    given = {**_given(client, shopper=NOT_PRIME), "shopperIdentity": NOT_PRIME}
    assert code(client.ask(CREATE, {"input": given})) == "UnspecifiedError"
    terms = {"isPrimeEligible": False, "deliverySpeed": "STANDARD"}
    given["lineItems"][0]["selectedDeliveryOffer"]["details"]["deliveryTerms"] = terms
    assert code(client.ask(CREATE, {"input": given})) == ""


@pytest.mark.parametrize("name", ["id", "deliveryPreviewId"])
def test_a_foreign_offer_or_preview_buys_nothing(every: Client, name: str) -> None:
    given = _given(every)
    given["lineItems"][0]["selectedDeliveryOffer"]["details"][name] = "foreign"
    assert code(every.ask(CREATE, {"input": given})) == "UnspecifiedError"


# --- orders that were made elsewhere


def test_an_order_is_found_by_its_alias_and_shows_its_links(every: Client) -> None:
    given = _given(every)
    alias = {"aliasType": "EXTERNAL_ID", "aliasId": "shop-1"}
    link = {"destinationType": "EXTERNAL_ORDER_MANAGEMENT", "url": "https://shop.example/1"}
    order = every.ask(CREATE, {"input": {**given, "aliases": [alias], "orderLinks": [link]}})
    query = f"query q({ID}) {{ order(orderIdentifier: $id) {{ id orderLinks {{ destinationType url }} }} }}"
    named = {"orderAlias" if every.version == "2024-01-01" else "alias": alias}
    found = every.ask(query, {"id": named})["data"]["order"]
    assert found == {"id": order["data"]["createOrder"]["order"]["id"], "orderLinks": [link]}


def test_an_order_is_named_in_one_way(client: Client) -> None:
    order = bought(client)
    query = f"query q({ID}) {{ order(orderIdentifier: $id) {{ id }} }}"
    assert code(client.ask(query, {"id": {"orderId": "none"}})) == "ResourceNotFoundError"
    both = {"orderId": order, "alias": {"aliasType": "EXTERNAL_ID", "aliasId": "1"}}
    for named in ({}, both):
        answer = client.send(b'{"query": "%s", "variables": {"id": %s}}' % (query.encode(), json.dumps(named).encode()))
        assert b"UnspecifiedError" in answer.body


def test_an_order_starts_once_and_stays_started(every: Client) -> None:
    given = {**_given(every), "desiredExecutionState": "NOT_STARTED"}
    story = Story(every, every.ask(CREATE, {"input": given})["data"]["createOrder"]["order"]["id"])
    assert story.held["packages"] == []
    for _ in range(2):
        assert code(story.update(desiredExecutionState="STARTED")) == ""
        assert len(story.held["packages"]) == 1
    assert code(story.update(desiredExecutionState="NOT_STARTED")) == "UnspecifiedError"


def test_more_than_twenty_prime_items_are_too_many(every: Client) -> None:
    given = _given(every)
    given["lineItems"] = given["lineItems"] * 21
    query = CREATE.encode()
    answer = every.send(b'{"query": "%s", "variables": %s}' % (query, json.dumps({"input": given}).encode()))
    assert b"UnspecifiedError" in answer.body


def test_an_offer_is_for_what_can_be_bought_and_makes_an_order() -> None:
    client = Client("next")
    query = """query o($input: OffersInput) {
      offers(input: $input) { edges { node { id lineItems { product { title } } } } } }"""

    def offers(**line: Any) -> list[Any]:
        asked = {"amount": {"value": 2}, "deliveryTerms": {"isPrimeEligible": "true"}, **line}
        edges: list[Any] = client.ask(query, {"input": {"lineItems": [asked]}})["data"]["offers"]["edges"]
        return edges

    assert offers(product={"sku": "none"}) == offers(product={"sku": "sku-5"}) == []
    assert offers(product={"sku": "sku-2"}, amount={"value": 100_000}) == []
    (edge,) = offers(product={"sku": "sku-2"})
    assert edge["node"]["lineItems"] == [{"product": {"title": "Sandbox product sku-2"}}]
    create = "mutation o($input: CreateOrderFromOfferInput) { createOrderFromOffer(input: $input) { order { id } } }"
    given = {
        "baseOfferId": edge["node"]["id"],
        "desiredExecutionState": "STARTED",
        "additionalLineItems": [_slow("sku-3")],
    }
    order = client.ask(create, {"input": given})["data"]["createOrderFromOffer"]["order"]["id"]
    lines = client.order(order, "lineItems { amount { value } product { title } }")["lineItems"]
    assert [line["amount"]["value"] for line in lines] == [2, 1]
    assert code(client.ask(create, {"input": {"baseOfferId": "foreign"}})) == "UnspecifiedError"
    client.admin("clock", advance_s=1801)
    client.token = client.new_token()
    assert code(client.ask(create, {"input": given})) == "UnspecifiedError"
