"""Inventory: how many there are, the documented partial data, and what orders do to it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.sandbox.stock import buyability, give_back_stock, take_stock
from conformance.sandbox.store import Resource
from tests.sandbox.catalog import create, delete, kind, product, update
from tests.sandbox.client import Client, bought

QUERY = """query q($id: String!) { inventoryItem(inventoryItemId: $id) {
  inventoryItemId buyableQuantity { unit amount } } }"""


def _quantity(client: Client, sku: str) -> Any:
    newest = Client("2024-11-01", client.app)
    item = product(newest, {"sku": sku}, "inventoryItem { inventoryItemId }")["data"]["product"]["inventoryItem"]
    return client.ask(QUERY, {"id": item["inventoryItemId"]})["data"]["inventoryItem"]["buyableQuantity"]


def _first(client: Client) -> Resource:
    found: Resource = client.app.store.products[0]
    return found


def test_shows_how_many_can_be_bought(every: Client) -> None:
    shown = every.ask(QUERY, {"id": "abcdef01234567"})["data"]["inventoryItem"]
    assert shown == {"inventoryItemId": "abcdef01234567", "buyableQuantity": {"unit": "UNIT", "amount": 1000}}


@pytest.mark.parametrize(
    ("item", "expected"),
    [("abcdefzzzzzzzz", "InvalidAmazonSkuConfiguration"), ("abcdefyyyyyyyy", "MissingAmazonSkuConfiguration")],
)
def test_an_item_without_a_good_amazon_sku_is_partial_data(every: Client, item: str, expected: str) -> None:
    answer = every.ask(QUERY, {"id": item})
    assert answer["data"] == {"inventoryItem": {"inventoryItemId": item, "buyableQuantity": None}}
    (error,) = answer["errors"]
    assert error["path"] == ["inventoryItem"]
    assert error["locations"] == [{"line": 1, "column": 25}]
    assert error["extensions"]["classification"] == {
        "type": "ValidationError",
        "code": expected,
        "details": {"message": error["message"]},
        "errorType": "ValidationException",
        "errorCode": 400,
    }


def test_the_error_of_partial_data_names_the_alias_and_the_place_in_a_list(client: Client) -> None:
    query = """query { a: inventoryItem(inventoryItemId: "abcdefzzzzzzzz") { fulfillableQuantity { amount } }
      products { edges { node { ... on Product { sku { value } inventoryItem { buyableQuantity { amount } } } } } } }"""
    answer = client.ask(query)
    edges = answer["data"]["products"]["edges"]
    broken = [index for index, edge in enumerate(edges) if edge["node"]["inventoryItem"]["buyableQuantity"] is None]
    assert [edges[index]["node"]["sku"]["value"] for index in broken] == ["sku-6", "sku-7"]
    paths = [error["path"] for error in answer["errors"]]
    assert paths == [["a"], *(["products", "edges", index, "node", "inventoryItem"] for index in broken)]


def test_an_item_is_looked_at_without_its_quantity(client: Client) -> None:
    answer = client.ask('{ inventoryItem(inventoryItemId: "abcdefzzzzzzzz") { inventoryItemId } }')
    assert answer == {"data": {"inventoryItem": {"inventoryItemId": "abcdefzzzzzzzz"}}}


def test_one_error_for_two_null_quantities(client: Client) -> None:
    fields = "buyableQuantity { amount } fulfillableQuantity { amount }"
    answer = client.ask(f'{{ inventoryItem(inventoryItemId: "abcdefzzzzzzzz") {{ {fields} }} }}')
    assert answer["data"]["inventoryItem"] == {"buyableQuantity": None, "fulfillableQuantity": None}
    assert kind(answer) == ("ValidationError", "InvalidAmazonSkuConfiguration")


@pytest.mark.parametrize(("item", "expected"), [("none", "ResourceNotFoundError"), ("", "ValidationError")])
def test_refuses_an_item_that_does_not_exist(every: Client, item: str, expected: str) -> None:
    answer = every.ask(QUERY, {"id": item})
    assert answer["data"] == {"inventoryItem": None}
    assert kind(answer)[0] == expected


def test_an_amazon_sku_that_amazon_knows_gives_a_product_stock(client: Client) -> None:
    create(client, sku="kettle", offerPrime=True)
    fields = "buyability { status }"
    assert product(client, {"sku": "kettle"}, fields)["data"]["product"]["buyability"]["status"] == "NOT_BUYABLE"
    update(client, {"sku": "kettle"}, amazonSku={"value": "invalid-amz"})
    assert product(client, {"sku": "kettle"}, fields)["data"]["product"]["buyability"]["status"] == "NOT_BUYABLE"
    update(client, {"sku": "kettle"}, amazonSku={"value": "amz-kettle"})
    assert product(client, {"sku": "kettle"}, fields)["data"]["product"]["buyability"]["status"] == "BUYABLE"
    assert _quantity(client, "kettle") == {"unit": "UNIT", "amount": 100}


def test_an_order_takes_stock(every: Client) -> None:
    assert _quantity(every, "sku-2")["amount"] == 1000
    bought(every, amount=3)
    assert _quantity(every, "sku-2")["amount"] == 997
    assert "INVENTORY_CHANGED" not in every.events()


def test_stock_is_taken_whole_or_not_at_all(client: Client) -> None:
    store, first = client.app.store, _first(client)
    assert take_stock(store, first, 1000)
    assert first["stock"] == 0
    assert not take_stock(store, first, 0.5)
    assert first["stock"] == 0
    give_back_stock(store, first, 1000)
    assert first["stock"] == 1000


def test_stock_is_found_by_what_an_order_remembers(client: Client) -> None:
    store = client.app.store
    remembered = {"identifier": dict(_first(client)["identifier"]), "title": "a copy"}
    update(client, {"sku": "sku-1"}, sku="other", externalId="other")
    assert take_stock(store, remembered, 1)
    assert _first(client)["stock"] == 999
    delete(client, {"sku": "other"})
    give_back_stock(store, remembered, 1)
    assert take_stock(store, remembered, 5_000)
    assert take_stock(store, {"identifier": {}}, 5_000)
    assert all(each["stock"] in (0, 1000) for each in store.products)


def test_buyability_changes_are_published(client: Client) -> None:
    store, first = client.app.store, _first(client)
    take_stock(store, first, 999)
    assert client.events() == []
    take_stock(store, first, 1)
    assert buyability(first) == "NOT_BUYABLE"
    give_back_stock(store, first, 1)
    update(client, {"sku": "sku-1"}, offerPrime=False)
    update(client, {"sku": "sku-1"}, offerPrime=False)
    create(client, sku="kettle", amazonSku={"value": "amz"}, offerPrime=True)
    log = client.admin("events")["events"]
    assert [entry["eventType"] for entry in log] == ["BUYABILITY_CHANGED"] * 4
    shown = [entry["event"]["data"]["product"] for entry in log]
    assert [each["buyability"]["status"] for each in shown] == ["NOT_BUYABLE", "BUYABLE", "NOT_BUYABLE", "BUYABLE"]
    assert shown[0] == {
        "id": "abcdef01234567",
        "externalId": {"value": "ext-1"},
        "sku": {"value": "sku-1"},
        "amazonSku": {"value": "amz-sku-1"},
        "buyability": {"status": "NOT_BUYABLE"},
    }
    assert shown[3]["externalId"] is None
