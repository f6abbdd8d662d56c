"""Defects of the values that a client sends: among the variables, and written into the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_required_input_field,
)

from conformance.contract.model import PLACEHOLDER
from conformance.selftest.client_trees import inline_variables, operation_of, tree_of
from conformance.selftest.clients import ClientFaultList, InputPlace, Sending, input_places, pick

FAULTS: Final = ClientFaultList()

MANY: Final = 1_001
"""More faults than one value may have."""

_WRONG_KINDS: Final[Mapping[str, tuple[Any, ...]]] = {
    "String": (7, True, 1.5, {"value": "x"}),
    "ID": (True, 1.5, {"id": "x"}),
    "Int": ("7", True, 1.5, 2**31),
    "Long": ("7", True, 1.5, 2**63),
    "Float": ("1.5", True),
    "Decimal": (True, "twelve", {"amount": 12}),
    "Boolean": ("true", 1, 0),
}
_BROKEN_FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "date-time": ("2024-11-01 10:00", "11/01/2024", "2024-13-01T10:00:00Z", "1730455200", "2024-11-01T10:00:00"),
    "date": ("01.11.2024", "2024-11", "tomorrow"),
    "uuid": ("1234", "not-a-uuid"),
    "email": ("nobody", "a@b"),
    "uri": ("example", "www.example.com/path"),
    "country-code": ("USA", "us", "United States"),
    "currency-code": ("usd", "$", "US Dollar"),
}


def _values(sending: Sending, fits: Callable[[InputPlace], bool]) -> InputPlace | None:
    """A given value that is not null, chosen among those that fit."""
    return pick(sending, (each for each in input_places(sending) if each.value is not None and fits(each)))


def _is_object(place: InputPlace) -> bool:
    return isinstance(place.value, dict) and isinstance(get_named_type(place.type), GraphQLInputObjectType)


def _fields(sending: Sending) -> Iterator[InputPlace]:
    """Every field of the given input objects, given or not, whose value is one leaf."""
    for place in input_places(sending):
        named = get_named_type(place.type)
        if isinstance(place.value, dict) and isinstance(named, GraphQLInputObjectType):
            for name, field in named.fields.items():
                if name != PLACEHOLDER and not is_list_type(get_nullable_type(field.type)):
                    fact = sending.contract.fact(named.name, name)
                    yield InputPlace(place.value, name, (*place.path, name), field.type, fact)


def _enum(sending: Sending, place: InputPlace) -> GraphQLEnumType | None:
    """The enum, or the table, that a place's texts are held to."""
    named = get_named_type(place.type)
    table = place.fact.values if place.fact is not None else ""
    if table and not isinstance(named, GraphQLEnumType):
        named = sending.contract.schema.type_map[table]
    return named if isinstance(named, GraphQLEnumType) and not place.is_list else None


def _in_document(sending: Sending, fault: Callable[[Sending], bool]) -> bool:
    """The same fault with all values written into the document."""
    return fault(sending) and inline_variables(sending)


# --- kinds


@FAULTS("input-of-wrong-kind", "REQ-040", "A value is of another JSON kind than its type")
def input_of_wrong_kind(sending: Sending) -> bool:
    place = _values(sending, lambda each: each.named in _WRONG_KINDS and not each.is_list)
    return place is not None and place.put(sending.random.choice(_WRONG_KINDS[place.named]))


@FAULTS("input-scalar-for-object", "REQ-040", "A bare value is given where an object belongs")
def input_scalar_for_object(sending: Sending) -> bool:
    place = _values(sending, _is_object)
    return place is not None and place.put(sending.random.choice(("x", 7, True)))


@FAULTS("literal-of-wrong-kind", "REQ-040", "A value in the document is of another kind than its type")
def literal_of_wrong_kind(sending: Sending) -> bool:
    return _in_document(sending, input_of_wrong_kind)


@FAULTS("null-where-demanded", "REQ-041", "null is given where a value is demanded")
def null_where_demanded(sending: Sending) -> bool:
    place = _values(sending, lambda each: each.is_required)
    return place is not None and place.put(None)


@FAULTS("required-input-lost", "REQ-042", "A required variable or input field is not given")
def required_input_lost(sending: Sending) -> bool:
    defaults = {
        each.variable.name.value
        for each in operation_of(tree_of(sending)).variable_definitions or ()
        if each.default_value is not None
    }

    def fits(place: InputPlace) -> bool:
        return place.is_required and not place.is_item and not (len(place.path) == 2 and place.key in defaults)

    place = _values(sending, fits)
    if place is None:
        return False
    del place.holder[place.key]
    return True


@FAULTS("literal-without-required-field", "REQ-042", "An input object in the document lacks a required field")
def literal_without_required_field(sending: Sending) -> bool:
    place = _values(sending, lambda each: _is_object(each) and bool(_required(each)))
    if place is None:
        return False
    del place.value[sending.random.choice(_required(place))]
    return inline_variables(sending)


def _required(place: InputPlace) -> list[str]:
    fields = getattr(get_named_type(place.type), "fields", {})
    return [name for name in place.value if name in fields and is_required_input_field(fields[name])]


# --- names


def _unknown_in(sending: Sending, *, partial: bool) -> bool:
    def fits(place: InputPlace) -> bool:
        named = get_named_type(place.type)
        if not _is_object(place):
            return False
        return partial == (PLACEHOLDER in getattr(named, "fields", {}) or sending.contract.is_partial(named.name))

    place = _values(sending, fits)
    if place is None:
        return False
    place.value[sending.random.choice(("neverHeardOf", "debugInfo", "x", "_id"))] = sending.random.choice(
        ("x", 1, None)
    )
    return True


@FAULTS("input-field-not-there", "REQ-043", "An input object has a field that its type does not have")
def input_field_not_there(sending: Sending) -> bool:
    return _unknown_in(sending, partial=False)


@FAULTS("input-field-undocumented", "REQ-070", "An input object has a field that no page mentions")
def input_field_undocumented(sending: Sending) -> bool:
    return _unknown_in(sending, partial=True)


@FAULTS("variable-not-declared", "REQ-050", "A variable is given that the operation does not declare")
def variable_not_declared(sending: Sending) -> bool:
    name = sending.random.choice(("debug", "first", "input2", "locale"))
    if name in sending.variables:
        return False
    sending.body["variables"] = {**sending.variables, name: sending.random.choice((1, None, "x"))}
    return True


# --- values


@FAULTS("input-enum-unknown", "REQ-044", "An enum is given a value that it does not have")
def input_enum_unknown(sending: Sending) -> bool:
    place = _values(sending, _is_enum)
    if place is None:
        return False
    return place.put(sending.random.choice(("NEVER_HEARD_OF", str(place.value).lower(), f"{place.value}S")))


def _is_enum(place: InputPlace) -> bool:
    return isinstance(get_named_type(place.type), GraphQLEnumType) and isinstance(place.value, str)


@FAULTS("literal-enum-unknown", "REQ-044", "An enum in the document has a value that it does not have")
def literal_enum_unknown(sending: Sending) -> bool:
    return _in_document(sending, input_enum_unknown)


def _outside_table(sending: Sending, *, is_open: bool) -> bool:
    def fits(place: InputPlace) -> bool:
        table = place.fact.values if place.fact is not None else ""
        is_text = place.named in ("String", "ID")
        return bool(table) and is_text and sending.contract.value_table(table).is_open == is_open

    place = pick(sending, (each for each in _fields(sending) if fits(each)))
    if place is None or place.fact is None:
        return False
    known = sending.contract.value_table(place.fact.values).values
    others = ("NEVER_HEARD_OF", "unknown", "", f"{min(known)}_", min(known).title())
    return place.put(sending.random.choice([each for each in others if each not in known]))


@FAULTS("input-outside-table", "REQ-045", "A text is given that is none of the values that its table lists")
def input_outside_table(sending: Sending) -> bool:
    return _outside_table(sending, is_open=False)


@FAULTS("input-outside-open-table", "REQ-071", "A text is given that is none of the values known so far")
def input_outside_open_table(sending: Sending) -> bool:
    return _outside_table(sending, is_open=True)


@FAULTS("input-deprecated-value", "REQ-063", "A deprecated value is given")
def input_deprecated_value(sending: Sending) -> bool:
    offers = []
    for place in _fields(sending):
        enum = _enum(sending, place)
        values = enum.values.items() if enum is not None else ()
        offers += [(place, name) for name, value in values if value.deprecation_reason is not None]
    offers = [(place, name) for place, name in offers if place.holder.get(place.key) != name]
    if not offers:
        return False
    place, name = sending.random.choice(offers)
    return place.put(name)


@FAULTS("input-deprecated-field", "REQ-062", "A deprecated input field is given")
def input_deprecated_field(sending: Sending) -> bool:
    offers: list[tuple[Any, str, Any]] = []
    for place in input_places(sending):
        if _is_object(place):
            fields = getattr(get_named_type(place.type), "fields", {})
            unused = ((name, field) for name, field in fields.items() if name not in place.value)
            offers += [(place, name, field.type) for name, field in unused if field.deprecation_reason is not None]
    if not offers:
        return False
    place, name, type_ = sending.random.choice(offers)
    place.value[name] = _example(type_, sending.random.randrange(100))
    return True


def _example(type_: Any, number: int) -> Any:
    """A value that fits a nullable input type."""
    named = get_named_type(type_)
    if is_list_type(get_nullable_type(type_)):
        return []
    if isinstance(named, GraphQLEnumType):
        return sorted(named.values)[number % len(named.values)]
    if isinstance(named, GraphQLInputObjectType):
        required = (name for name, field in named.fields.items() if is_required_input_field(field))
        return {name: _example(named.fields[name].type, number) for name in required}
    return {"Boolean": True, "String": f"x{number}", "ID": f"id-{number}"}.get(named.name, number)


# --- bounds and forms


@FAULTS("input-with-too-many-items", "REQ-046", "A list has more items than documented")
def input_with_too_many_items(sending: Sending) -> bool:
    def most(place: InputPlace) -> int:
        limit = place.fact.limit if place.fact is not None else None
        count = len(place.value) if place.is_list and isinstance(place.value, list) else 0
        return limit.max_items or 0 if limit is not None and 0 < count <= (limit.max_items or 0) else 0

    place = _values(sending, lambda each: most(each) > 0 and not each.is_item)
    if place is None:
        return False
    count = most(place) + sending.random.randrange(1, 4)
    return place.put((list(place.value) * count)[:count])


@FAULTS(
    "input-text-past-bounds", "REQ-046", "A text is longer or shorter than documented, or does not match its pattern"
)
def input_text_past_bounds(sending: Sending) -> bool:
    place = pick(sending, (each for each in _texts(sending) if _bad_texts(each)))
    return place is not None and place.put(sending.random.choice(_bad_texts(place)))


def _texts(sending: Sending) -> Iterator[InputPlace]:
    yield from (each for each in input_places(sending) if isinstance(each.value, str) and not each.is_item)
    yield from (each for each in _fields(sending) if each.named in ("String", "ID"))


def _bad_texts(place: InputPlace) -> list[str]:
    limit = place.fact.limit if place.fact is not None else None
    if limit is None:
        return []
    bad = []
    if limit.max_length is not None:
        bad += ["x" * (limit.max_length + 1), "x" * (limit.max_length + 17)]
    if limit.min_length:
        bad += ["x" * (limit.min_length - 1)]
    if limit.pattern is not None:
        bad += ["?", "no match", ""]
    return bad


@FAULTS("input-number-past-bounds", "REQ-046", "A number is outside its documented bounds")
def input_number_past_bounds(sending: Sending) -> bool:
    offers: list[tuple[InputPlace, float]] = []
    for place in _fields(sending):
        limit = place.fact.limit if place.fact is not None else None
        is_number = place.named in ("Int", "Long", "Float", "Decimal")
        if limit is not None and is_number and limit.min is not None:
            offers.append((place, limit.min - sending.random.randrange(1, 100)))
        if limit is not None and is_number and limit.max is not None:
            offers.append((place, limit.max + sending.random.randrange(1, 100)))
    if not offers:
        return False
    place, number = sending.random.choice(offers)
    return place.put(int(number))


@FAULTS("exclusive-fields-together", "REQ-047", "Fields are given together that exclude each other")
def exclusive_fields_together(sending: Sending) -> bool:
    def exclusive(place: InputPlace) -> tuple[str, ...]:
        return sending.contract.fact(get_named_type(place.type).name).exclusive if _is_object(place) else ()

    place = _values(sending, lambda each: len(exclusive(each)) > 1)
    if place is None:
        return False
    fields = getattr(get_named_type(place.type), "fields", {})
    for name in sending.random.sample(exclusive(place), 2):
        if place.value.get(name) is None:
            example = _example(fields[name].type, sending.random.randrange(100))
            place.value[name] = example
    return sum(place.value.get(name) is not None for name in exclusive(place)) > 1


@FAULTS("input-of-broken-format", "REQ-048", "A text does not have its documented format")
def input_of_broken_format(sending: Sending) -> bool:
    def fits(place: InputPlace) -> bool:
        return place.fact is not None and place.fact.format in _BROKEN_FORMATS and place.named in ("String", "ID")

    place = pick(sending, (each for each in _fields(sending) if fits(each)))
    if place is None or place.fact is None:
        return False
    return place.put(sending.random.choice(_BROKEN_FORMATS[place.fact.format]))


@FAULTS("input-decimal-in-quotes", "REQ-051", "A Decimal is given as a text")
def input_decimal_in_quotes(sending: Sending) -> bool:
    place = _values(sending, lambda each: each.named == "Decimal" and not isinstance(each.value, list | dict | str))
    return place is not None and place.put(sending.random.choice((str(place.value), f"{float(place.value):.2f}")))


# --- too much of it


@FAULTS("input-with-too-many-faults", "REQ-053", "A value is so wrong that its faults cannot be listed")
def input_with_too_many_faults(sending: Sending) -> bool:
    place = _values(sending, lambda each: _is_object(each) and PLACEHOLDER not in each_fields(each))
    if place is None:
        return False
    count = MANY + sending.random.randrange(100)
    place.value.update((f"key{number}", 1) for number in range(count))
    return True


def each_fields(place: InputPlace) -> Mapping[str, Any]:
    """The fields of a place's input type."""
    fields: Mapping[str, Any] = getattr(get_named_type(place.type), "fields", {})
    return fields


@FAULTS("input-list-without-end", "REQ-053", "A list has a thousand items, all of them wrong")
def input_list_without_end(sending: Sending) -> bool:
    def fits(place: InputPlace) -> bool:
        inner: Any = get_nullable_type(place.type)
        inner = get_nullable_type(inner.of_type) if is_list_type(inner) else None
        return isinstance(inner, GraphQLInputObjectType) and isinstance(place.value, list)

    place = _values(sending, fits)
    return place is not None and place.put([sending.random.randrange(100)] * (MANY + sending.random.randrange(100)))
