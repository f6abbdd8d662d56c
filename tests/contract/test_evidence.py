"""What the contracts claim of the documentation: the grade of a fact fits its page, documented limits are stated,
errata and contracts point at each other."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from conformance.base.coordinates import SchemaCoordinate
from conformance.base.data import data_folder
from conformance.base.versions import VERSIONS
from conformance.base.yamlio import load_yaml_file
from conformance.contract.facts import Limit
from conformance.contract.load import load_contract
from conformance.contract.model import Contract
from conformance.findings.model import Grade

_REFERENCE_PAGE = re.compile(r"[a-z_]+-(queries|mutations|objects)-[a-z0-9]+")
_EVENT_PAGE = re.compile(r"[a-z]+(_[a-z]+)+")
_LATER = "the later versions; the example here shows that -123 is refused"
_REGIONS = "^(us(-gov)?|ap|ca|cn|eu|sa|af)-(central|(north|south)?(east|west)?)-[0-9]$"


@pytest.fixture(params=VERSIONS)
def contract(request: pytest.FixtureRequest) -> Contract:
    return load_contract(request.param)


def test_the_grade_of_a_fact_fits_the_page_that_it_names(contract: Contract) -> None:
    for coordinate in contract.coordinates():
        fact = contract.fact(coordinate.type_name, coordinate.member, coordinate.argument)
        if not fact.source:
            continue
        reference = bool(_REFERENCE_PAGE.fullmatch(fact.source))
        if fact.grade is Grade.PAGE:
            assert reference, f"{coordinate}: {fact.source}"
        elif fact.grade is Grade.EXAMPLE:
            assert reference or _EVENT_PAGE.fullmatch(fact.source), f"{coordinate}: {fact.source}"
        elif fact.grade is Grade.CHANGELOG:
            assert fact.source.startswith("changelog"), f"{coordinate}: {fact.source}"
        elif fact.grade is Grade.GUIDE:
            assert not reference, f"{coordinate}: {fact.source}"
        else:
            assert not reference, f"{coordinate}: a guess gives its reason, not a page"


@pytest.mark.parametrize(
    ("version", "coordinate", "limit"),
    [
        ("2024-01-01", "UploadLinkInput.size", Limit(min=1, inferred=_LATER)),
        ("2024-04-01", "CreateUploadLinkInput.size", Limit(min=1)),
        ("2024-11-01", "CreateUploadLinkInput.size", Limit(min=1)),
        ("2024-01-01", "Query.inventoryItem(inventoryItemId:)", Limit(min_length=1, max_length=14)),
        ("2024-04-01", "Query.inventoryItem(inventoryItemId:)", Limit(min_length=1, max_length=14)),
        ("2024-04-01", "Query.downloadLink(fileId:)", Limit(max_length=36)),
        ("2024-11-01", "Query.downloadLink(fileId:)", Limit(max_length=36)),
        ("2024-04-01", "Query.products(first:)", Limit(min=0, max=20)),
        ("2024-11-01", "Query.products(first:)", Limit(min=0, max=20)),
        ("2024-11-01", "Query.products(after:)", Limit(max_length=65535)),
        ("2024-11-01", "Query.eventSubscription(subscriptionId:)", Limit(min_length=1, max_length=50)),
        ("2024-01-01", "Mutation.deleteEventSubscription(subscriptionId:)", Limit(min_length=1, max_length=50)),
        ("2024-11-01", "Query.eventSubscriptions(after:)", Limit(max_length=6000)),
        ("2024-11-01", "Query.eventSubscriptions(first:)", Limit(min=0, max=1000)),
        ("2024-11-01", "Mutation.deleteAuthProfile(authProfileId:)", Limit(min_length=1, max_length=50)),
        ("2024-11-01", "EventBridgeDataInput.region", Limit(pattern=_REGIONS)),
        ("2024-01-01", "StartPersonalDataDeletionTaskInput.holdingPeriod", Limit(min=0, max=180)),
        ("2024-11-01", "StartPersonalDataDeletionTaskInput.holdingPeriod", Limit(min=0, max=180)),
        ("2024-11-01", "ClientToken.token", Limit(min_length=36, max_length=64)),
        ("2024-01-01", "UserEvent.eventType", Limit(min_length=3, max_length=64)),
        ("2024-01-01", "UserEvent.schemaName", Limit(min_length=3, max_length=256)),
        ("2024-04-01", "SendUserEventInput.events", Limit(max_items=50)),
        ("2024-11-01", "SendUserEventInput.events", Limit(max_items=50)),
        ("2024-01-01", "CreateOrderInput.aliases", Limit(max_items=5)),
        ("2024-01-01", "CreateOrderInput.orderAliases", Limit(max_items=5)),
        ("2024-04-01", "CreateOrderInput.orderLinks", Limit(max_items=5)),
        ("2024-01-01", "UpdateOrderInput.aliases", Limit(max_items=5)),
        ("2024-11-01", "UpdateOrderInput.aliases", Limit(max_items=5)),
        ("2024-04-01", "CancelOrderInput.aliases", Limit(max_items=5)),
        ("2024-11-01", "CancelOrderInput.aliases", Limit(max_items=5)),
        ("2024-11-01", "ReturnDetailsInput.aliases", Limit(max_items=2)),
        ("2024-01-01", "DiscountAllocationDetailsInput.couponCode", Limit(max_length=50)),
        ("2024-11-01", "IdentityTokenInput.idPToken", Limit(min_length=1, max_length=2048)),
        ("2024-11-01", "IdentityTokenInput.externalId", Limit(min_length=1, max_length=512)),
        ("2024-11-01", "APayCheckoutSessionId.value", Limit(min_length=1, max_length=256)),
        ("2024-11-01", "APayCheckoutSessionId.externalId", Limit(min_length=1, max_length=512)),
        ("2024-11-01", "ReversalItemIdentifierInput.ExternalId", Limit(min_length=1, max_length=512)),
        ("2024-11-01", "ReversalItemIdentifierInput.SKU", Limit(min_length=1, max_length=255)),
        ("next", "AmountInput.unit", Limit(max_length=256)),
        ("next", "CreateOrderFromOfferInput.aliases", Limit(max_items=5)),
    ],
)
def test_a_documented_limit_stands_in_the_contract(version: str, coordinate: str, limit: Limit) -> None:
    at = SchemaCoordinate.parse(coordinate)
    assert load_contract(version).fact(at.type_name, at.member, at.argument).limit == limit


def test_an_erratum_names_every_place_that_points_to_it(contract: Contract) -> None:
    errata = {entry["id"]: entry for entry in _errata()}
    for coordinate in contract.coordinates():
        for name in contract.fact(coordinate.type_name, coordinate.member, coordinate.argument).errata:
            entry = errata[name]
            released = {*entry["versions"], *({"next"} if "2024-11-01" in entry["versions"] else ())}
            assert contract.version in released, f"{coordinate} points to {name}, which is not about this version"
            places = entry["coordinates"]
            assert any(_same_place(str(coordinate), place) for place in places), f"{coordinate}: {name} leads elsewhere"


def test_every_coordinate_of_an_erratum_exists_in_one_of_the_contracts() -> None:
    contracts = [load_contract(version) for version in VERSIONS]
    for entry in _errata():
        for place in entry["coordinates"]:
            at = SchemaCoordinate.parse(place)
            assert any(_exists(contract, at) for contract in contracts), f"{entry['id']}: {place}"


def _errata() -> Iterator[dict[str, Any]]:
    yield from load_yaml_file(data_folder("schema") / "errata.yaml", positions=False).value["errata"]


def _same_place(coordinate: str, place: str) -> bool:
    """The place itself, a part of it, or what it is a part of."""
    inner, outer = sorted((coordinate, place), key=len, reverse=True)
    return inner == outer or inner.startswith((f"{outer}.", f"{outer}("))


def _exists(contract: Contract, at: SchemaCoordinate) -> bool:
    try:
        contract.fact(at.type_name, at.member, at.argument)
    except KeyError:
        return False
    return True
