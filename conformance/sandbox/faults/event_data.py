"""Defects of published events: the resource that a filled data holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from conformance.sandbox.faults.event_envelope import chosen, inner
from conformance.sandbox.faults.model import FaultList, SeenEvents
from conformance.sandbox.faults.places import Place

FAULTS: Final = FaultList()

_THIN: Final = ("ITEM_", "DELIVERY_", "RETURN_ITEM_", "RETURN_DELIVERY_", "RETURN_PACKAGE_", "PERSONAL_", "INVENTORY_")
"""How the event types begin of which no page shows a filled data."""


def _data(seen: SeenEvents) -> dict[str, Any]:
    """The filled data of one event; empty when there is none."""
    data = inner(chosen(seen)).get("data")
    return data if isinstance(data, dict) else {}


def _places(seen: SeenEvents, data: dict[str, Any]) -> Iterator[Place]:
    """Every value of the data whose field the contract knows, parents before children."""
    query = seen.contract.schema.query_type
    if query is not None:
        yield from _object(seen, query, data, ("data",))


def _object(
    seen: SeenEvents, type_: GraphQLObjectType | GraphQLInterfaceType, holder: dict[str, Any], path: tuple[Any, ...]
) -> Iterator[Place]:
    for key in holder:
        if key in type_.fields:
            fact = seen.contract.fact(type_.name, key)
            yield from _value(seen, Place(holder, key, (*path, key), type_.fields[key].type, fact))


def _value(seen: SeenEvents, place: Place) -> Iterator[Place]:
    yield place
    nullable, value = get_nullable_type(place.type), place.value
    if is_list_type(nullable) and isinstance(value, list):
        for index in range(len(value)):
            item = Place(value, index, (*place.path, index), nullable.of_type, place.fact, is_item=True)
            yield from _value(seen, item)
    named = get_named_type(nullable)
    if isinstance(value, dict) and isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        yield from _object(seen, named, value, place.path)


def _pick(seen: SeenEvents, *, inside: bool = True, **wanted: Any) -> Place | None:
    """A place whose properties are as wanted; `inside`: below the resource, not the resource itself."""
    found = [
        place
        for place in _places(seen, _data(seen))
        if place.value is not None
        and (not inside or len(place.path) > 2)
        and all(getattr(place, name) == value for name, value in wanted.items())
    ]
    return seen.random.choice(found) if found else None


@FAULTS.events("event-resource-lost", "EVT-040", "A filled data does not hold the resource")
def event_resource_lost(seen: SeenEvents) -> bool:
    data = _data(seen)
    if not data:
        return False
    data.clear()
    data[f"note{seen.random.randrange(1000)}"] = "x"
    return True


@FAULTS.events("event-text-for-object", "EVT-041", "A text stands where an object belongs")
def event_text_for_object(seen: SeenEvents) -> bool:
    found = [each for each in _places(seen, _data(seen)) if isinstance(each.value, dict) and not each.is_list]
    return bool(found) and seen.random.choice(found).put(f"x{seen.random.randrange(100)}")


@FAULTS.events("event-number-for-list", "EVT-042", "A number stands where a list belongs")
def event_number_for_list(seen: SeenEvents) -> bool:
    found = [each for each in _places(seen, _data(seen)) if each.is_list and isinstance(each.value, list)]
    return bool(found) and seen.random.choice(found).put(seen.random.randrange(100))


@FAULTS.events("event-value-of-wrong-kind", "EVT-043", "A value is of another JSON kind than its type")
def event_value_of_wrong_kind(seen: SeenEvents) -> bool:
    found = [each for each in _places(seen, _data(seen)) if each.scalar and not each.fact.values]
    return bool(found) and seen.random.choice(found).put({"value": seen.random.randrange(100)})


@FAULTS.events("event-null-in-required-field", "EVT-044", "null stands where the contract promises a value")
def event_null_in_required_field(seen: SeenEvents) -> bool:
    place = _pick(seen, is_required=True)
    return place is not None and place.put(None)


@FAULTS.events("event-required-field-lost", "EVT-045", "A field that the contract promises is left out")
def event_required_field_lost(seen: SeenEvents) -> bool:
    required = [each for each in _places(seen, _data(seen)) if each.is_required and not each.is_item]
    return _lose(seen, required)


def _lose(seen: SeenEvents, places: list[Place]) -> bool:
    """Leaves one of the fields out."""
    found = [each for each in places if len(each.path) > 2]
    if not found:
        return False
    place = seen.random.choice(found)
    del place.holder[place.key]
    return True


@FAULTS.events("event-field-lost", "EVT-046", "A field that the event page shows is left out")
def event_field_lost(seen: SeenEvents) -> bool:
    optional = [each for each in _places(seen, _data(seen)) if not each.is_required and not each.is_item]
    return _lose(seen, optional)


@FAULTS.events("event-table-value-unknown", "EVT-048", "A text held to a table has a value that is not in it")
def event_table_value_unknown(seen: SeenEvents) -> bool:
    return _put_beside_table(seen, is_open=False)


@FAULTS.events("event-open-table-value-unknown", "EVT-049", "A text has a value that its open table does not name")
def event_open_table_value_unknown(seen: SeenEvents) -> bool:
    return _put_beside_table(seen, is_open=True)


def _put_beside_table(seen: SeenEvents, *, is_open: bool) -> bool:
    found = [
        each
        for each in _places(seen, _data(seen))
        if each.fact.values
        and isinstance(each.value, str)
        and seen.contract.value_table(each.fact.values).is_open is is_open
    ]
    return bool(found) and seen.random.choice(found).put(f"VALUE_{seen.random.randrange(100)}")


@FAULTS.events("event-text-malformed", "EVT-050", "A text has not its documented format")
def event_text_malformed(seen: SeenEvents) -> bool:
    found = [each for each in _places(seen, _data(seen)) if each.fact.format and isinstance(each.value, str)]
    return bool(found) and seen.random.choice(found).put(f"!{seen.random.randrange(100)}")


@FAULTS.events("event-field-added", "EVT-051", "The data has a field that no page names")
def event_field_added(seen: SeenEvents) -> bool:
    found = [each for each in _places(seen, _data(seen)) if isinstance(each.value, dict)]
    if not found:
        return False
    seen.random.choice(found).value[f"debug{seen.random.randrange(1000)}"] = True
    return True


@FAULTS.events("event-data-of-another-kind", "EVT-052", "The data holds what no page shows for this event type")
def event_data_of_another_kind(seen: SeenEvents) -> bool:
    body = inner(chosen(seen))
    if "data" not in body or not str(body.get("eventDescriptor")).startswith(_THIN):
        return False
    body["data"] = {f"mystery{seen.random.randrange(1000)}": {"id": "1"}}
    return True


@FAULTS.events("event-of-countless-faults", "EVT-053", "So much of an event is wrong that it cannot be counted")
def event_of_countless_faults(seen: SeenEvents) -> bool:
    event = chosen(seen)
    if not isinstance(event, dict):
        return False
    event["resources"] = [seen.random.randrange(100)] * 5000
    return True


@FAULTS.events("event-about-another-order", "EVT-034", "The order in data is another one than the resource path names")
def event_about_another_order(seen: SeenEvents) -> bool:
    order = _data(seen).get("order")
    if not isinstance(order, dict) or not isinstance(order.get("id"), str):
        return False
    order["id"] = f"999-ELSE-{seen.random.randrange(10**6):06d}"
    return True


@FAULTS.events("event-without-its-resource", "EVT-035", "data has no refund, return or package that the path names")
def event_without_its_resource(seen: SeenEvents) -> bool:
    named = str((inner(chosen(seen)).get("resources") or [""])[0]).rpartition("/")[2]
    found = [each for each in _places(seen, _data(seen)) if each.key == "id" and each.value == named]
    found = [each for each in found if len(each.path) > 3]
    return bool(found) and all(each.put(f"none-{seen.random.randrange(10**6)}") for each in found)
