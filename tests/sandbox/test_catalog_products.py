"""Products come, change and go; every operation sees the same ones."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.sandbox.catalog.groups import MAX_VARIATION_MEMBERS
from tests.sandbox.catalog import create, delete, kind, product, update
from tests.sandbox.client import CREATE, Client, code, order_input, preview

KETTLE = {
    "sku": "kettle",
    "externalId": "ext-kettle",
    "amazonSku": {"value": "amz-kettle"},
    "offerPrime": True,
    "productDetailPageUrl": "https://shop.example/kettle",
    "image": {"sourceUrl": "https://shop.example/kettle.jpg", "altText": "A kettle"},
    "description": {"values": [{"value": "<p>Blau</p>", "locale": "de-DE"}], "defaultLocale": "de-DE"},
}
NEWER = ["2024-04-01", "2024-11-01", "next"]
NOT_FOUND = ("ResourceNotFoundError", None)
CONFLICT = ("ConflictError", None)
INVALID = ("ValidationError", "UnspecifiedError")


@pytest.fixture(params=NEWER)
def newer(request: pytest.FixtureRequest) -> Client:
    """A client of each version that has products."""
    return Client(request.param)


def test_a_created_product_is_found_by_each_of_its_names(newer: Client) -> None:
    created = create(newer, **KETTLE)["data"]["createProduct"]["id"]
    names: list[dict[str, Any]] = [
        {"sku": "kettle"},
        {"externalId": "ext-kettle"},
        {"amazonSku": {"value": "amz-kettle"}},
        {"productId": created},
    ]
    shown = [product(newer, name)["data"]["product"] for name in names]
    assert shown == [shown[0]] * 4
    assert shown[0] | {"inventoryItem": None} == {
        "id": created,
        "sku": {"value": "kettle"},
        "externalId": {"value": "ext-kettle"},
        "amazonSku": {"value": "amz-kettle", "marketplaceId": None},
        "offerPrime": True,
        "productDetailPageUrl": "https://shop.example/kettle",
        "image": {"sourceUrl": "https://shop.example/kettle.jpg", "displayReadyUrl": "https://shop.example/kettle.jpg"},
        "buyability": {"status": "BUYABLE"},
        "inventoryItem": None,
    }
    fields = "description { values { value locale } defaultLocale }"
    assert product(newer, {"sku": "kettle"}, fields)["data"]["product"]["description"] == KETTLE["description"]


def test_a_created_product_can_be_ordered(newer: Client) -> None:
    create(newer, **KETTLE)
    shown = preview(newer, sku="kettle")["data"]["deliveryPreview"]
    assert "errors" not in newer.ask(CREATE, {"input": order_input(newer, shown, sku="kettle")})


def test_an_update_changes_what_it_names_and_nothing_else(newer: Client) -> None:
    create(newer, **KETTLE)
    before = product(newer, {"sku": "kettle"})["data"]["product"]
    assert update(newer, {"sku": "kettle"}, offerPrime=False)["data"]["updateProduct"] == {"id": before["id"]}
    after = product(newer, {"sku": "kettle"})["data"]["product"]
    assert after == before | {"offerPrime": False, "buyability": {"status": "NOT_BUYABLE"}}
    assert code(preview(newer, sku="kettle")) == "ProductNotPrimeEnabled"


def test_an_update_with_null_takes_a_value_away(newer: Client) -> None:
    create(newer, **KETTLE)
    update(newer, {"sku": "kettle"}, image=None, productDetailPageUrl=None, externalId=None)
    after = product(newer, {"sku": "kettle"})["data"]["product"]
    assert (after["image"], after["productDetailPageUrl"], after["externalId"]) == (None, None, None)
    assert kind(update(newer, {"sku": "kettle"}, sku=None)) == INVALID
    assert "errors" not in product(newer, {"sku": "kettle"})


def test_an_update_may_give_a_product_other_names(newer: Client) -> None:
    create(newer, **KETTLE)
    update(newer, {"sku": "kettle"}, sku="pot", externalId="ext-pot")
    assert kind(product(newer, {"sku": "kettle"})) == NOT_FOUND
    assert product(newer, {"sku": "pot"})["data"]["product"]["externalId"] == {"value": "ext-pot"}
    assert "errors" not in create(newer, sku="kettle", externalId="ext-kettle")


@pytest.mark.parametrize("name", ["sku", "externalId"])
def test_two_products_never_share_a_sku_or_an_external_id(newer: Client, name: str) -> None:
    create(newer, **KETTLE)
    taken = {"sku": "sku-2", "externalId": "ext-2"}[name]
    assert kind(create(newer, **{name: taken})) == CONFLICT
    assert kind(update(newer, {"sku": "kettle"}, **{name: taken})) == CONFLICT
    assert "errors" not in update(newer, {"sku": "kettle"}, **{name: KETTLE[name]})


def test_a_product_needs_a_name_of_its_own(newer: Client) -> None:
    assert kind(create(newer, offerPrime=True, amazonSku={"value": "a"})) == INVALID
    assert kind(product(newer, {})) == INVALID
    assert kind(update(newer, {}, offerPrime=True)) == INVALID
    assert kind(delete(newer, {})) == INVALID


def test_a_deleted_product_is_gone(newer: Client) -> None:
    created = create(newer, **KETTLE)["data"]["createProduct"]["id"]
    assert delete(newer, {"externalId": "ext-kettle"})["data"]["deleteProduct"] == {"id": created}
    answer = delete(newer, {"productId": created})
    assert answer["data"] == {"deleteProduct": None}
    assert answer["errors"][0]["extensions"]["classification"] == {
        "type": "ResourceNotFoundError",
        "errorType": "ResourceNotFoundException",
        "errorCode": 404,
    }
    assert kind(product(newer, {"productId": created})) == NOT_FOUND
    assert kind(update(newer, {"sku": "kettle"}, offerPrime=True)) == NOT_FOUND
    assert code(preview(newer, sku="kettle")) == "ResourceNotFoundError"


def test_names_that_belong_to_two_products_name_none(newer: Client) -> None:
    assert kind(product(newer, {"sku": "sku-1", "externalId": "ext-2"})) == NOT_FOUND
    assert "errors" not in product(newer, {"sku": "sku-1", "externalId": "ext-1"})


PAGE = """query q($first: Int, $after: String) { products(first: $first, after: $after) {
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id ... on Product {
  sku { value } } } } } }"""


def _page(client: Client, **arguments: Any) -> dict[str, Any]:
    result: dict[str, Any] = client.ask(PAGE, arguments)["data"]["products"]
    return result


def test_pages_show_each_product_once(newer: Client) -> None:
    for number in range(30):
        create(newer, sku=f"more-{number}")
    seen: list[str] = []
    page = _page(newer, first=7)
    assert page["pageInfo"]["hasPreviousPage"] is False
    while True:
        seen += [edge["node"]["sku"]["value"] for edge in page["edges"]]
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        page = _page(newer, first=7, after=page["pageInfo"]["endCursor"])
        assert page["pageInfo"]["hasPreviousPage"] is True
    assert sorted(seen) == sorted([f"sku-{n}" for n in range(1, 10)] + [f"more-{n}" for n in range(30)])


def test_a_page_has_twenty_products_unless_fewer_are_asked_for(newer: Client) -> None:
    for number in range(30):
        create(newer, sku=f"more-{number}")
    assert len(_page(newer)["edges"]) == 20
    empty = _page(newer, first=0)
    assert empty["edges"] == []
    assert empty["pageInfo"] | {"hasNextPage": True} == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


def test_a_cursor_stays_good_when_its_product_is_deleted(newer: Client) -> None:
    first, second = _page(newer, first=2)["edges"]
    delete(newer, {"productId": first["node"]["id"]})
    assert _page(newer, first=1, after=first["cursor"])["edges"] == [second]


@pytest.mark.parametrize("arguments", [{"first": 21}, {"first": -1}, {"after": "nonsense"}])
def test_refuses_pages_that_are_out_of_bounds(newer: Client, arguments: dict[str, Any]) -> None:
    assert kind(newer.ask(PAGE, arguments)) == INVALID


def test_refuses_a_filter_and_takes_one_that_asks_for_nothing(client: Client) -> None:
    answer = client.ask("{ products(filter: {_: 1}) { edges { cursor } } }")
    assert kind(answer) == INVALID
    assert "/products/filter" in answer["errors"][0]["message"]
    assert client.ask("{ products(first: 1, filter: {}) { edges { cursor } } }")["data"]["products"]["edges"]


def test_2024_01_01_has_the_same_products_under_other_names() -> None:
    client = Client("2024-01-01")
    query = """query q($id: ItemIdentifierInput) { mappingProduct(identifier: $id) { id productSku { value }
      productExternalId { value } productMsku { value } isPrimeIntended url image { sourceUrl } buyability { status }
      sku { value } mSku { value } externalId { value } inventoryItem { mappingProduct { id } } } }"""
    shown = client.ask(query, {"id": {"mSKU": {"value": "amz-sku-2"}}})["data"]["mappingProduct"]
    assert shown == {
        "id": "p-0002",
        "productSku": {"value": "sku-2"},
        "productExternalId": {"value": "ext-2"},
        "productMsku": {"value": "amz-sku-2"},
        "isPrimeIntended": True,
        "url": "https://shop.example/p/2",
        "image": {"sourceUrl": "https://shop.example/i/2.jpg"},
        "buyability": {"status": "BUYABLE"},
        "sku": {"value": "sku-2"},
        "mSku": {"value": "amz-sku-2"},
        "externalId": {"value": "ext-2"},
        "inventoryItem": {"mappingProduct": {"id": "p-0002"}},
    }
    assert client.ask(query, {"id": {"SKU": "sku-2"}})["data"]["mappingProduct"] == shown
    assert kind(client.ask(query, {"id": {"SKU": "none"}})) == NOT_FOUND
    assert kind(client.ask(query, {"id": {}})) == INVALID
    by_any = "query q($id: MappingProductIdentifierInput) { mappingProduct(productIdentifier: $id) { id } }"
    assert client.ask(by_any, {"id": {"_": {"SKU": "sku-2"}}})["data"]["mappingProduct"] == {"id": "p-0002"}
    nonsense: Any
    for nonsense in (1, "sku-2", [], True):
        assert kind(client.ask(by_any, {"id": {"_": nonsense}})) == INVALID


def test_texts_and_prices(client: Client) -> None:
    fields = (
        "title { values { value locale } defaultLocale } price { currentPrice { amount currencyCode } } metadata { _ }"
    )
    assert product(client, {"sku": "sku-1"}, fields)["data"]["product"] == {
        "title": {"values": [{"value": "Sandbox product sku-1", "locale": "en-US"}], "defaultLocale": "en-US"},
        "price": {"currentPrice": {"amount": 10, "currencyCode": "USD"}},
        "metadata": {"_": None},
    }


def test_2024_04_01_shows_the_asin() -> None:
    shown = product(Client("2024-04-01"), {"sku": "sku-1"}, "asin { value marketplaceId }")
    assert shown["data"]["product"]["asin"] == {"value": "B000000001", "marketplaceId": "US"}


# --- variants

GROUP = "representativeOfVariationGroup { representativeProduct { sku { value } } } variationGroupMembership { _ }"


def _variant(client: Client, sku: str, size: str, group: str = "shirt") -> dict[str, Any]:
    chosen = [{"dimension": "size", "value": size}]
    return create(client, sku=sku, variationGroupMembership={"variationGroupId": group, "variationSelections": chosen})


def test_a_variation_group_comes_into_being_with_its_first_member(client: Client) -> None:
    _variant(client, "shirt-s", "S")
    _variant(client, "shirt-m", "M")
    first = product(client, {"sku": "shirt-s"}, GROUP)["data"]["product"]
    second = product(client, {"sku": "shirt-m"}, GROUP)["data"]["product"]
    assert first["representativeOfVariationGroup"] == {"representativeProduct": {"sku": {"value": "shirt-s"}}}
    assert second["representativeOfVariationGroup"] is None
    assert second["variationGroupMembership"]["_"]["variationSelections"] == [{"dimension": "size", "value": "M"}]
    delete(client, {"sku": "shirt-s"})
    second = product(client, {"sku": "shirt-m"}, GROUP)["data"]["product"]
    assert second["representativeOfVariationGroup"] == {"representativeProduct": {"sku": {"value": "shirt-m"}}}


def test_a_variation_group_has_at_most_two_hundred_members(client: Client) -> None:
    for number in range(MAX_VARIATION_MEMBERS):
        assert "errors" not in _variant(client, f"shirt-{number}", str(number))
    assert kind(_variant(client, "shirt-more", "XL")) == INVALID
    assert kind(product(client, {"sku": "shirt-more"})) == NOT_FOUND
    assert "errors" not in _variant(client, "trousers", "XL", "trousers")


@pytest.mark.parametrize(
    "membership", ["shirt", 3, [], {"variationGroupId": 3}, {"variationSelections": [{"value": 1}]}]
)
def test_refuses_a_membership_that_is_none(client: Client, membership: Any) -> None:
    assert kind(create(client, sku="shirt", variationGroupMembership=membership)) == INVALID
    assert kind(product(client, {"sku": "shirt"})) == NOT_FOUND


# --- bundles

BUNDLE = "mutation m($i: CreatePurchaseGroupInput!) { createPurchaseGroup(input: $i) { id } }"
MEMBER = """purchaseGroupMemberships { memberAmount { value unit } price { currentPrice { amount } } }
  representativeOfPurchaseGroup { representativeProduct { sku { value } } }"""


def _bundle(*members: dict[str, Any], **representative: Any) -> dict[str, Any]:
    given = [{"product": each, "memberAmount": {"value": 2, "unit": "UNIT"}} for each in members]
    return {"i": {"representativeProduct": representative, "members": given}}


def test_a_bundle_has_members_and_a_representative() -> None:
    client = Client("next")
    answer = client.ask(
        BUNDLE, _bundle({"sku": "sku-2"}, {"externalId": "ext-3"}, representativeProductId={"sku": "sku-1"})
    )
    assert answer["data"]["createPurchaseGroup"]["id"]
    member = product(client, {"sku": "sku-3"}, MEMBER)["data"]["product"]
    amount = {"value": 2, "unit": "UNIT"}
    assert member["purchaseGroupMemberships"] == [{"memberAmount": amount, "price": {"currentPrice": {"amount": 10}}}]
    assert member["representativeOfPurchaseGroup"] is None
    shown = product(client, {"sku": "sku-1"}, MEMBER)["data"]["product"]
    assert shown["representativeOfPurchaseGroup"] == {"representativeProduct": {"sku": {"value": "sku-1"}}}
    delete(client, {"sku": "sku-1"})
    assert product(client, {"sku": "sku-3"}, MEMBER)["data"]["product"]["purchaseGroupMemberships"] == []


def test_a_bundle_may_bring_its_representative() -> None:
    client = Client("next")
    answer = client.ask(BUNDLE, _bundle({"sku": "sku-2"}, representativeProduct={"sku": "bundle", "offerPrime": True}))
    assert "errors" not in answer
    assert "errors" not in product(client, {"sku": "bundle"}, "id")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (_bundle(representativeProductId={"sku": "sku-1"}), INVALID),
        (_bundle({"sku": "sku-2"}), INVALID),
        (_bundle({}, representativeProductId={"sku": "sku-1"}), INVALID),
        (_bundle({"sku": "none"}, representativeProduct={"sku": "bundle"}), NOT_FOUND),
        (_bundle({"sku": "sku-2"}, representativeProductId={"sku": "none"}), NOT_FOUND),
        (_bundle({"sku": "sku-2"}, representativeProduct={"sku": "sku-2"}), CONFLICT),
        (
            _bundle({"sku": "sku-2"}, representativeProduct={"sku": "b"}, representativeProductId={"sku": "sku-1"}),
            INVALID,
        ),
    ],
)
def test_refuses_a_bundle_that_cannot_be_made(given: dict[str, Any], expected: tuple[str, str | None]) -> None:
    client = Client("next")
    assert kind(client.ask(BUNDLE, given)) == expected
    assert kind(product(client, {"sku": "bundle"})) == NOT_FOUND
    assert product(client, {"sku": "sku-2"}, MEMBER)["data"]["product"]["purchaseGroupMemberships"] == []


def test_a_product_represents_one_bundle_at_most() -> None:
    client = Client("next")
    given = _bundle({"sku": "sku-2"}, representativeProductId={"sku": "sku-1"})
    assert "errors" not in client.ask(BUNDLE, given)
    assert kind(client.ask(BUNDLE, given)) == CONFLICT


def test_same_requests_same_bytes(newer: Client) -> None:
    def talk(client: Client) -> list[Any]:
        return [create(client, **KETTLE), product(client, {"sku": "kettle"}), _page(client, first=3)]

    assert talk(newer) == talk(Client(newer.version))
