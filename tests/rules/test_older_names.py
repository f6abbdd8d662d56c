"""What createOrder of 2024-01-01 sends under other names comes back as well."""

from __future__ import annotations

from typing import Any

from tests.rules.harness import Call, assert_violations

JANUARY = "2024-01-01"
LINE = {
    "purchasedItem": {"itemId": {"SKU": "sku-1"}, "title": "Cup"},
    "quantity": {"amount": 2},
    "selectedDeliveryOffer": {"details": {"deliveryProvider": "BUY_WITH_PRIME"}},
}
CREATED = Call("createOrder", {"input": {"lineItems": [LINE]}}, {"order": {"id": "o-1", "lineItems": [{"id": "l-1"}]}})


def read(**line: Any) -> Call:
    named = {"orderIdentifier": {"orderId": "o-1"}}
    return Call("order", named, {"id": "o-1", "lineItems": [line]})


def test_the_amount_comes_back() -> None:
    assert_violations("FLW-009", [CREATED, read(amount={"value": 2})], version=JANUARY)
    path = "data.order.lineItems[0].amount.value"
    assert_violations("FLW-009", [CREATED, read(amount={"value": 3})], path, version=JANUARY)


def test_the_title_comes_back() -> None:
    assert_violations("FLW-010", [CREATED, read(product={"title": "Cup"})], version=JANUARY)
    path = "data.order.lineItems[0].product.title"
    assert_violations("FLW-010", [CREATED, read(product={"title": "Mug"})], path, version=JANUARY)
