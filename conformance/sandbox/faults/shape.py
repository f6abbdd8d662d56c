"""Defects of an answer's shape: what a GraphQL server must never do with the data that was selected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from graphql import get_named_type, is_composite_type

from conformance.contract.model import PLACEHOLDER
from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.places import Place, pick, places

FAULTS: Final = FaultList()

MANY: Final = 10_050
"""More findings than one answer may give."""

_TEXTS: Final = frozenset(("String", "ID"))
_WRONG_KINDS: Final[Mapping[str, tuple[Any, ...]]] = {
    "String": (7, True, 1.5),
    "Int": ("7", True, 1.5),
    "Long": ("7", False, 0.25),
    "Float": ("1.5", True),
    "Decimal": (True, False),
    "Boolean": ("true", 1, 0),
}
"""Of each scalar values of another JSON kind; texts for a Decimal and numbers for an ID are faults of their own."""

_BROKEN_FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "date-time": ("2024-11-01 10:00", "11/01/2024", "2024-13-01T10:00:00Z", "1730455200", "2024-11-01T10:00:00"),
    "date": ("01.11.2024", "2024-11", "tomorrow"),
    "uuid": ("1234", "not-a-uuid"),
    "email": ("nobody", "a@b"),
    "uri": ("example", "www.example.com/path"),
    "country-code": ("USA", "us", "United States"),
    "currency-code": ("usd", "$", "US Dollar"),
}


def _values(seen: Seen, fits: Callable[[Place], bool]) -> Place | None:
    """A place that is not null, chosen among those that fit."""
    return pick(seen, (each for each in places(seen) if each.value is not None and fits(each)))


def _is_known_object(place: Place) -> bool:
    """Is it an object of a type whose fields are known?"""
    named = get_named_type(place.type)
    fields = getattr(named, "fields", {})
    return not place.is_list and is_composite_type(named) and PLACEHOLDER not in fields


def _objects(seen: Seen) -> Iterator[Place]:
    return (each for each in places(seen) if isinstance(each.value, dict) and _is_known_object(each))


# --- keys


@FAULTS.answer("lost-field", "RSP-001", "A selected key is left out")
def lost_field(seen: Seen) -> bool:
    place = pick(seen, (each for each in places(seen) if not each.is_item))
    if place is None:
        return False
    del place.holder[place.key]
    return True


@FAULTS.answer("field-by-another-name", "RSP-001", "A selected key comes in snake case")
def field_by_another_name(seen: Seen) -> bool:
    camel = (each for each in places(seen) if not each.is_item and str(each.key).lower() != each.key)
    place = pick(seen, camel)
    if place is None:
        return False
    snake = re.sub(r"[A-Z]+", lambda match: "_" + match[0].lower(), str(place.key)).lstrip("_")
    place.holder[snake] = place.holder.pop(place.key)
    return True


@FAULTS.answer("extra-field", "RSP-002", "A key comes that nobody selected")
def extra_field(seen: Seen) -> bool:
    place = pick(seen, _objects(seen))
    if place is None:
        return False
    place.value[f"debug{seen.random.randrange(100)}"] = True
    return True


@FAULTS.answer("whole-object-answered", "RSP-002", "A field of the type comes although it was not selected")
def whole_object_answered(seen: Seen) -> bool:
    place = pick(seen, _objects(seen))
    fields = getattr(get_named_type(place.type), "fields", {}) if place is not None else {}
    others = [name for name in fields if place is not None and name not in place.value]
    if place is None or not others:
        return False
    place.value[seen.random.choice(others)] = None
    return True


# --- null, objects, lists


@FAULTS.answer("null-in-required-field", "RSP-004", "null stands where the contract promises a value")
def null_in_required_field(seen: Seen) -> bool:
    place = _values(seen, lambda each: each.is_required)
    return place is not None and place.put(None)


@FAULTS.answer("scalar-for-object", "RSP-005", "A bare value stands where an object belongs")
def scalar_for_object(seen: Seen) -> bool:
    place = _values(seen, _is_known_object)
    return place is not None and place.put(seen.random.choice(("gid://1", 7, True, "")))


@FAULTS.answer("lone-item-for-list", "RSP-006", "A list of one comes without its brackets")
def lone_item_for_list(seen: Seen) -> bool:
    place = _values(seen, lambda each: each.is_list and bool(each.value))
    return place is not None and place.put(place.value[0] if place.value[0] is not None else "")


@FAULTS.answer("no-list-where-one-belongs", "RSP-006", "Something else stands where a list belongs")
def no_list_where_one_belongs(seen: Seen) -> bool:
    place = _values(seen, lambda each: each.is_list)
    return place is not None and place.put(seen.random.choice(("", {}, {"items": []}, 0)))


@FAULTS.answer("list-for-lone-value", "RSP-007", "A value comes in a list where it belongs by itself")
def list_for_lone_value(seen: Seen) -> bool:
    place = _values(seen, lambda each: _is_known_object(each) or each.scalar in _WRONG_KINDS or each.scalar == "ID")
    return place is not None and place.put(seen.random.choice(([place.value], [], [place.value, place.value])))


@FAULTS.answer("typename-not-possible", "RSP-010", "__typename names a type that cannot stand there")
def typename_not_possible(seen: Seen) -> bool:
    holders = [each.value for each in _objects(seen) if "__typename" in each.value]
    if not holders:
        return False
    seen.random.choice(holders)["__typename"] = seen.random.choice(("Unheard", "Query", "String", "", None, 5))
    return True


# --- leaves


@FAULTS.answer("wrong-scalar-kind", "RSP-003", "A value is of another JSON kind than its scalar")
def wrong_scalar_kind(seen: Seen) -> bool:
    place = _values(seen, lambda each: each.scalar in _WRONG_KINDS)
    return place is not None and place.put(seen.random.choice(_WRONG_KINDS[place.scalar]))


@FAULTS.answer("object-for-scalar", "RSP-003", "An object stands where a bare value belongs")
def object_for_scalar(seen: Seen) -> bool:
    place = _values(seen, lambda each: each.scalar in _WRONG_KINDS)
    return place is not None and place.put(seen.random.choice(({}, {"value": place.value})))


@FAULTS.answer("value-outside-table", "RSP-009", "A text is none of the values that its table lists")
def value_outside_table(seen: Seen) -> bool:
    return _outside_table(seen, is_open=False)


@FAULTS.answer("value-outside-open-table", "RSP-017", "A text is none of the values known so far")
def value_outside_open_table(seen: Seen) -> bool:
    return _outside_table(seen, is_open=True)


def _outside_table(seen: Seen, *, is_open: bool) -> bool:
    def fits(place: Place) -> bool:
        if not place.fact.values or place.scalar not in _TEXTS:
            return False
        return seen.contract.value_table(place.fact.values).is_open == is_open

    place = _values(seen, fits)
    if place is None:
        return False
    known = seen.contract.value_table(place.fact.values).values
    others = ("NEVER_HEARD_OF", str(place.value).lower(), f"{place.value}_", str(place.value).title())
    return place.put(seen.random.choice([each for each in others if each not in known]))


@FAULTS.answer("number-out-of-range", "RSP-011", "A whole number is larger than its scalar")
def number_out_of_range(seen: Seen) -> bool:
    place = _values(seen, lambda each: each.scalar in ("Int", "Long"))
    if place is None:
        return False
    least = 2**31 if place.scalar == "Int" else 2**63
    past = seen.random.randrange(1000)
    return place.put(seen.random.choice((least + past, -least - 1 - past)) if place.scalar == "Int" else least + past)


@FAULTS.answer("number-for-id", "RSP-012", "An ID is written as a number")
def number_for_id(seen: Seen) -> bool:
    place = _values(seen, lambda each: each.scalar == "ID")
    return place is not None and place.put(seen.random.randrange(1, 10_000))


@FAULTS.answer("decimal-in-quotes", "RSP-013", "A Decimal is written as a text")
def decimal_in_quotes(seen: Seen) -> bool:
    place = _values(seen, lambda each: each.scalar == "Decimal")
    return place is not None and place.put(seen.random.choice((str(place.value), f"{place.value}0", "12,50")))


@FAULTS.answer("broken-format", "RSP-014", "A text does not have its documented format")
def broken_format(seen: Seen) -> bool:
    place = _values(seen, lambda each: each.scalar in _TEXTS and each.fact.format in _BROKEN_FORMATS)
    return place is not None and place.put(seen.random.choice(_BROKEN_FORMATS[place.fact.format]))


@FAULTS.answer("more-items-than-allowed", "RSP-015", "A list has more items than documented")
def more_items_than_allowed(seen: Seen) -> bool:
    def fits(place: Place) -> bool:
        limit = place.fact.limit
        most = limit.max_items if limit is not None else None
        return place.is_list and most is not None and 0 < len(place.value) <= most

    place = _values(seen, fits)
    limit = place.fact.limit if place is not None else None
    if place is None or limit is None or limit.max_items is None:
        return False
    count = limit.max_items + seen.random.randrange(1, 4)
    return place.put((list(place.value) * count)[:count])


# --- too much of it


@FAULTS.answer("flood-of-extra-keys", "RSP-018", "An object has thousands of keys that nobody selected")
def flood_of_extra_keys(seen: Seen) -> bool:
    place = pick(seen, _objects(seen))
    if place is None:
        return False
    place.value.update((f"key{number}", None) for number in range(MANY))
    return True


@FAULTS.answer("flood-of-broken-items", "RSP-018", "A list has thousands of items, all of them broken")
def flood_of_broken_items(seen: Seen) -> bool:
    place = pick(seen, (each for each in places(seen) if isinstance(each.value, list) and _has_objects(each)))
    return place is not None and place.put([seen.random.randrange(100)] * MANY)


def _has_objects(place: Place) -> bool:
    """Is it a list of objects whose fields are known?"""
    named = get_named_type(place.type)
    return is_composite_type(named) and PLACEHOLDER not in getattr(named, "fields", {})
