"""An order's life in each version: preview, order, packages, refund, return; each answer judged, each event too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.contract.load import load_contract
from conformance.events.judge import judge_event
from conformance.findings.model import Verdict
from conformance.sandbox.fixtures import TOKENS
from conformance.traffic.model import Event
from tests.sandbox.client import ADDRESS, CREATE, IS_OLD, Client, bought, code, order_input, preview

MOVE = """mutation move($id: OrderIdentifierInput!, $input: UpdateOrderPackageInformationInput!) {
  updateOrderPackageInformation(orderIdentifier: $id, input: $input) { order { id } } }"""
OLD_MOVE = """mutation move($input: UpdateOrderDeliveryInformationInput!) {
  updateOrderDeliveryInformation(input: $input) { order { id } } }"""


def _move(client: Client, order: str, package: str, state: str) -> None:
    if IS_OLD[client.version]:
        entry = {"id": package, "deliveryInformationState": {"state": state}}
        answer = client.ask(OLD_MOVE, {"input": {"orderId": order, "details": [entry]}})
    else:
        new = {"id": package, "packageState": {"packageInformationState": {"state": state}}}
        variables = {"id": {"orderId": order}, "input": {"packageInformation": {"details": [new]}}}
        answer = client.ask(MOVE, variables)
    assert "errors" not in answer


def _refund(client: Client, order: str, refund: str) -> dict[str, Any]:
    total = {"totalAmount": {"amount": 20, "currencyCode": "USD"}}
    given = {"refunds": {"details": [{"id": refund, "state": "SUCCESS", "refundTotal": total}]}}
    if IS_OLD[client.version]:
        query = "mutation update($input: UpdateOrderInput!) { updateOrder(input: $input) { id } }"
        return client.ask(query, {"input": {"orderId": order, **given}})
    query = """mutation update($id: OrderIdentifierInput!, $input: UpdateOrderInput!) {
      updateOrder(orderIdentifier: $id, input: $input) { id } }"""
    return client.ask(query, {"id": {"orderId": order}, "input": given})


def _life(client: Client) -> str:
    """Walks through it and returns the order's id."""
    order = bought(client, amount=2)
    information = "deliveryInformation" if IS_OLD[client.version] else "packageInformation"
    fields = f"lineItems {{ id {information} {{ details {{ id state }} }} }}"
    (package,) = client.order(order, fields)["lineItems"][0][information]["details"]
    assert package["state"] == "PENDING"
    _move(client, order, package["id"], "IN_TRANSIT")
    _move(client, order, package["id"], "DELIVERED")
    assert client.order(order, fields)["lineItems"][0][information]["details"][0]["state"] == "DELIVERED"
    started = client.admin("returns", orderId=order, version=client.version)
    if IS_OLD[client.version]:
        query = "mutation r($input: UpdateOrderReturnsInput) { updateOrderReturns(input: $input) { order { id } } }"
        moved = {"orderId": order, "details": [{"id": started["returnId"], "state": "COMPLETED"}]}
        assert "errors" not in client.ask(query, {"input": moved})
    else:
        query = """mutation r($id: OrderIdentifierInput!, $input: UpdateOrderReturnsInput!) {
          updateOrderReturns(orderIdentifier: $id, input: $input) { order { id } } }"""
        for state in ("IN_TRANSIT", "DELIVERED"):
            moved = {"id": started["packageIds"][0], "state": state}
            entry = {"returnIdentifier": {"id": started["returnId"]}, "returnPackageDetails": [moved]}
            given = {"id": {"orderId": order}, "input": {"returns": {"details": [entry]}}}
            assert "errors" not in client.ask(query, given)
    refund = client.order(order, "refunds { details { id state refundTotal { totalAmount { amount } } } }")
    (details,) = refund["refunds"]["details"]
    assert (details["state"], details["refundTotal"]["totalAmount"]["amount"]) == ("PENDING", 20)
    assert "errors" not in _refund(client, order, details["id"])
    assert client.order(order, "refunds { details { state } }")["refunds"]["details"] == [{"state": "SUCCESS"}]
    return order


def test_an_order_lives_from_preview_to_refund(every: Client) -> None:
    _life(every)
    names = ["DELIVERY_IN_TRANSIT", "DELIVERY_COMPLETED"]
    if every.version == "2024-01-01":
        names = ["DELIVERY_IN_TRANSIT", "ITEM_IN_TRANSIT", "DELIVERY_COMPLETED", "ITEM_DELIVERED"]
    names += ["RETURN_STARTED", "RETURN_DELIVERY_COMPLETED", "REFUND_REQUESTED", "RETURN_COMPLETED"]
    if not IS_OLD[every.version]:
        names = ["ORDER_CONFIRMED", "PACKAGE_DELIVERY_IN_TRANSIT", "PACKAGE_DELIVERED", "RETURN_STARTED"]
        names += ["RETURN_PACKAGE_IN_TRANSIT", "RETURN_PACKAGE_DELIVERED", "REFUND_REQUESTED", "REFUND_COMPLETED"]
    assert every.events() == names
    assert every.judged > 8


def test_every_published_event_is_as_documented(every: Client) -> None:
    _life(every)
    for event in every.admin("events")["events"]:
        for form in {"event", "eventBridge"} & set(event):
            judgement = judge_event(Event(json.dumps(event[form]).encode()), load_contract(every.version))
            assert [found for found in judgement.findings if found.verdict >= Verdict.WARN] == []


def test_same_seed_and_same_requests_give_the_same_bytes(every: Client) -> None:
    def record(seed: int) -> bytes:
        every.admin("reset", seed=seed)
        every.token = every.new_token()
        _life(every)
        exchanges = json.dumps(every.admin("exchanges")["exchanges"])
        return (exchanges + json.dumps(every.admin("events"))).encode()

    first = record(1)
    assert record(1) == first
    assert record(2) != first


def test_versions_show_one_order_under_their_own_names() -> None:
    old = Client("2024-01-01")
    order = bought(old, amount=2)
    new = Client("2024-11-01", old.app, old.token)
    fields = "lineItems { quantity { amount unit } purchasedItem { title price { currentPrice { amount } } } }"
    query = f"query ask($id: OrderIdentifierInput) {{ order(orderIdentifier: $id) {{ {fields} }} }}"
    shown = old.send(json.dumps({"query": query, "variables": {"id": {"orderId": order}}}).encode())
    (line,) = json.loads(shown.body)["data"]["order"]["lineItems"]
    assert line["quantity"] == {"amount": 2, "unit": "ONE"}
    assert line["purchasedItem"] == {"title": "Kettle", "price": {"currentPrice": {"amount": 10}}}
    (line,) = new.order(order, "lineItems { amount { value unit } product { title price { amount } } }")["lineItems"]
    assert line == {"amount": {"value": 2, "unit": "ONE"}, "product": {"title": "Kettle", "price": {"amount": 10}}}


@pytest.mark.parametrize(("token", "status"), TOKENS)
def test_the_four_documented_shoppers_are_known(client: Client, token: str, status: str) -> None:
    query = """query ask($token: IdentityTokenInput!) {
      shopperBwPEligibility(identityToken: $token) { bwpEligibilityStatus } }"""
    kind = "lwaAccessToken" if token.startswith("eyJ0eXBlIjoiQUN") else "apayCheckoutSessionId"
    identity = {kind: {"value": token, "externalId": "a"}}
    assert client.ask(query, {"token": identity})["data"]["shopperBwPEligibility"]["bwpEligibilityStatus"] == status


def test_a_preview_expires_only_for_a_known_shopper_and_a_full_address(every: Client) -> None:
    def expires(**changed: Any) -> Any:
        shown = preview(every, **changed)["data"]["deliveryPreview"]
        return shown["deliveryGroups"][0]["deliveryOffers"][0]["expiresAt"]

    assert expires() is not None
    assert expires(shopper=None) is None
    assert expires(address={"postalCode": "98100"}) is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"address": {**ADDRESS, "region": "PR"}}, "InvalidDestination"),
        ({"address": {**ADDRESS, "countryCode": "CA"}}, "InvalidDestination"),
        ({"address": {**ADDRESS, "postalCode": "x"}}, "InvalidAddress"),
        ({"shopper": {"lwaAccessToken": {"value": "other"}}}, "InvalidIdpToken"),
        ({"sku": "none"}, "ResourceNotFoundError"),
        ({"sku": "sku-5"}, "ProductNotPrimeEnabled"),
        ({"amount": 100_000}, "ProductAmountUnavailable"),
    ],
)
def test_refuses_previews_with_the_documented_code(client: Client, changed: dict[str, Any], expected: str) -> None:
    assert code(preview(client, **changed)) == expected


def test_an_order_must_keep_to_its_preview(every: Client) -> None:
    shown = preview(every)["data"]["deliveryPreview"]
    given = order_input(every, shown)

    def refusal(**changed: Any) -> str:
        return code(every.ask(CREATE, {"input": {**given, **changed}}))

    other = {"name": "Ada Example", **ADDRESS, "streetAddress": "2 Other St"}
    assert refusal(recipient={"deliveryAddress": other}) == "AddressMismatch"
    assert refusal(shopperIdentity=None) == "InvalidIdpToken"
    assert code(every.ask(CREATE, {"input": order_input(every, shown, sku="sku-3")})) == "UnspecifiedError"
    assert code(every.ask(CREATE, {"input": order_input(every, shown, amount=2)})) == "UnspecifiedError"
    assert refusal() == ""
    every.admin("clock", advance_s=800)
    every.admin("clock", advance_s=1001)
    every.token = every.new_token()
    assert refusal() == "UnspecifiedError"


def test_an_alias_belongs_to_one_order_of_the_store(every: Client) -> None:
    given = order_input(every, preview(every)["data"]["deliveryPreview"])
    given["aliases"] = [{"aliasId": "mine", "aliasType": "EXTERNAL_ID"}]
    assert code(every.ask(CREATE, {"input": given})) == ""
    assert code(every.ask(CREATE, {"input": given})) == "AliasValueAlreadyExists"


def test_an_order_can_be_cancelled_only_while_its_packages_are_pending(client: Client) -> None:
    query = """mutation cancel($id: OrderIdentifierInput!) {
      cancelOrder(orderIdentifier: $id) { cancellation { state requestedBy } } }"""
    client.reset()
    answer = client.ask(query, {"id": {"orderId": "o-1"}})
    assert answer["data"]["cancelOrder"]["cancellation"] == {"state": "PENDING", "requestedBy": "MERCHANT"}
    client.reset(package="IN_TRANSIT")
    assert code(client.ask(query, {"id": {"orderId": "o-1"}})) == "UnspecifiedError"
