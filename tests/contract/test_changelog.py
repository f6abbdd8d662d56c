"""Renames: how something that one version lacks is called in it, forwards and backwards."""

import pytest

from conformance.contract.changelog import load_renames, name_in
from conformance.contract.load import contract_from_sdl, load_contract


@pytest.mark.parametrize(
    ("version", "name", "new"),
    [
        ("2024-11-01", "mappingProduct", "product"),
        ("2024-01-01", "product", "mappingProduct"),
        ("2024-11-01", "LineItem.quantity", "LineItem.amount"),
        ("2024-11-01", "Order.deliveryInformation", "Order.packageInformation"),
        ("2024-04-01", "Order.packageInformation", "Order.deliveryInformation"),
        ("next", "MappingProduct.productSku", "Product.sku"),
        ("2024-11-01", "DeliveryOfferProviderInput.BUY_WITH_PRIME", "DeliveryProviderInput.AMAZON"),
        ("2024-11-01", "Query.order(orderId:)", "Query.order(orderIdentifier:)"),
        ("2024-11-01", "PurchasedItemInput.itemId", "PurchasedProductViewInput.identifier"),
        ("2024-11-01", "ClientType.WEB_CLIENT", "ClientType.WEBSITE_CLIENT"),
        ("2024-11-01", "DiscountAllocationDetails.promotionAliases", "DiscountAllocationDetails.aliases"),
        ("2024-04-01", "RefundedOrderLineItemInput.amount", "RefundedOrderLineItemInput.refundedQuantity"),
    ],
)
def test_a_name_is_found_in_another_version(version: str, name: str, new: str) -> None:
    rename = name_in(load_contract(version), name)
    assert rename is not None
    assert (rename.old, rename.new) == (name, new)
    assert rename.source


@pytest.mark.parametrize("name", ["noSuchOperation", "Order.noSuchField", "packageTracker"])
def test_a_name_that_was_never_changed_has_no_other(name: str) -> None:
    assert name_in(load_contract("2024-01-01"), name) is None


def test_a_schema_of_the_users_own_has_no_changelog() -> None:
    assert name_in(contract_from_sdl(b"type Query { product: Int }", "s.graphql"), "mappingProduct") is None


def test_every_rename_leads_somewhere() -> None:
    contract = {version: load_contract(version) for version in ("2024-01-01", "2024-04-01", "2024-11-01")}
    for rename in load_renames():
        if rename.kind != "event":
            assert rename.since in contract, rename
            assert rename.old != rename.new
