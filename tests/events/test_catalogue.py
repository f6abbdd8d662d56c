"""The catalogue: 28 event types, what each version knows of them, and agreement with the contracts and the errata."""

from pathlib import Path

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, get_named_type

from conformance.base.errors import InternalError
from conformance.base.versions import DATED_VERSIONS
from conformance.contract.errata import load_errata
from conformance.contract.load import load_contract
from conformance.events.catalogue import EnvelopeKind, EventType, Status
from conformance.events.reading import load_catalogue, read_catalogue
from conformance.events.shape import ShapeField
from conformance.findings.model import Grade

CATALOGUE = load_catalogue()
NEWEST = DATED_VERSIONS[-1]
EVENTS = list(CATALOGUE.events.values())
DEPRECATED = {
    "DELIVERY_CANCELLED": "PACKAGE_DELIVERY_CANCELLED",
    "DELIVERY_COMPLETED": "PACKAGE_DELIVERED",
    "DELIVERY_IN_TRANSIT": "PACKAGE_DELIVERY_IN_TRANSIT",
    "RETURN_DELIVERY_COMPLETED": "RETURN_PACKAGE_DELIVERED",
    "RETURN_DELIVERY_FAILED": "RETURN_PACKAGE_DELIVERY_FAILED",
    "RETURN_DELIVERY_IN_TRANSIT": "RETURN_PACKAGE_IN_TRANSIT",
}


def test_there_are_28_event_types() -> None:
    assert len(EVENTS) == 28
    assert [len(CATALOGUE.in_version(version)) for version in DATED_VERSIONS] == [19, 16, 25]


@pytest.mark.parametrize("version", DATED_VERSIONS)
def test_the_contract_has_the_same_event_types(version: str) -> None:
    table = load_contract(version).value_table("EventDescriptor")
    assert {event.name for event in CATALOGUE.in_version(version)} == table.values


def test_the_contract_deprecates_the_same_event_types() -> None:
    enum = load_contract(NEWEST).schema.type_map["EventDescriptor"]
    by_contract = {name for name, value in enum.values.items() if value.deprecation_reason}  # type: ignore[attr-defined]
    assert by_contract == set(DEPRECATED)


def test_deprecated_event_types_name_their_replacement() -> None:
    found = {
        event.name: entry.instead
        for event in EVENTS
        if (entry := event.status(NEWEST)) and entry.status is Status.DEPRECATED
    }
    assert found == DEPRECATED
    assert all(CATALOGUE.events[new].formerly == old for old, new in DEPRECATED.items())


@pytest.mark.parametrize(
    ("name", "version", "other"),
    [
        ("ITEM_DELIVERED", "2024-11-01", "PACKAGE_DELIVERED"),
        ("ITEM_DELIVERED", "2024-04-01", "DELIVERY_COMPLETED"),
        ("PACKAGE_DELIVERED", "2024-01-01", "DELIVERY_COMPLETED"),
        ("RETURN_PACKAGE_IN_TRANSIT", "2024-04-01", "RETURN_DELIVERY_IN_TRANSIT"),
        ("ORDER_CONFIRMED", "2024-01-01", ""),
    ],
)
def test_an_event_type_has_a_counterpart_in_another_version(name: str, version: str, other: str) -> None:
    assert CATALOGUE.counterpart(name, version) == other


def test_a_version_that_is_not_dated_goes_by_the_newest() -> None:
    assert CATALOGUE.version_facts("next").version == NEWEST
    assert CATALOGUE.version_facts("custom").version == NEWEST
    assert CATALOGUE.in_version("next") == CATALOGUE.in_version(NEWEST)


def test_webhooks_came_with_the_newest_version() -> None:
    assert [CATALOGUE.version_facts(version).envelopes for version in DATED_VERSIONS] == [
        (EnvelopeKind.EVENTBRIDGE_THIN,),
        (EnvelopeKind.EVENTBRIDGE_THIN,),
        (EnvelopeKind.WEBHOOK, EnvelopeKind.EVENTBRIDGE),
    ]


def test_misspelt_names_are_recognised_and_similar_ones_offered() -> None:
    assert CATALOGUE.respelled(" refund-requested ") is CATALOGUE.events["REFUND_REQUESTED"]
    assert CATALOGUE.respelled("REFUND_REQUESTS") is None
    assert CATALOGUE.similar("REFUND_REQUESTS") == "REFUND_REQUESTED"
    assert CATALOGUE.similar("SOMETHING_ELSE") == ""
    assert CATALOGUE.printed_as("PRODUCT_INVENTORY_CHANGED") is CATALOGUE.events["INVENTORY_CHANGED"]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_what_an_event_refers_to_exists(event: EventType) -> None:
    errata = load_errata()
    assert event.sources
    assert all(erratum in errata for erratum in event.errata)
    assert all(entry.instead in CATALOGUE.events for entry in event.versions if entry.instead)
    assert all(entry.since for entry in event.versions if entry.status is Status.DEPRECATED)
    assert event.resource.source or event.resource.why
    assert event.follow_up is not None
    assert event.follow_up.query in load_contract(NEWEST).operations
    assert set(event.follow_up.ids) <= {name for _, name in event.resource.pattern.pairs}


@pytest.mark.parametrize("event", [event for event in EVENTS if event.data], ids=lambda event: event.name)
def test_the_data_of_an_event_is_made_of_the_contracts_types(event: EventType) -> None:
    assert event.data is not None
    assert event.data.complete or event.data.why
    schema = load_contract(NEWEST).schema
    assert schema.query_type is not None
    assert unknown_fields(schema, schema.query_type, event.data.fields) == []


def unknown_fields(schema: GraphQLSchema, type_: GraphQLObjectType, fields: tuple[ShapeField, ...]) -> list[str]:
    unknown = []
    for field in fields:
        if field.name not in type_.fields:
            unknown.append(f"{type_.name}.{field.name}")
            continue
        below = get_named_type(type_.fields[field.name].type)
        if field.fields:
            assert isinstance(below, GraphQLObjectType), field.name
            unknown += unknown_fields(schema, below, field.fields)
    return unknown


def test_both_forms_of_refunds_are_known() -> None:
    for name in ("REFUND_COMPLETED", "REFUND_REQUESTED"):
        data = CATALOGUE.events[name].data
        assert data is not None
        refunds = data.fields[0].child("refunds")
        assert refunds is not None
        details = refunds.child("details")
        assert details is not None
        assert refunds.printed == {"LIST"}
        assert details.printed == {"OBJECT"}


def test_the_inventory_path_is_sure_for_one_version_only() -> None:
    resource = CATALOGUE.events["INVENTORY_CHANGED"].resource
    assert [resource.grade_in(version) for version in DATED_VERSIONS] == [Grade.PAGE, Grade.INFERRED, Grade.INFERRED]


@pytest.mark.parametrize(
    "content",
    [
        "a: 1",
        "format: bwp-conformance/events\nformat_version: 2",
        "format: bwp-conformance/events\nformat_version: 1",
        "[]",
    ],
)
def test_a_file_that_is_no_catalogue_is_a_bug_of_ours(tmp_path: Path, content: str) -> None:
    path = tmp_path / "events.yaml"
    path.write_text(content)
    with pytest.raises(InternalError, match=r"events\.yaml is no event catalogue"):
        read_catalogue(path)
