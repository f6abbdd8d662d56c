"""Checks of a filled data: a walk along the contract's types, guided by the shape that the event page shows.

What the page shows stands on the page's evidence. Fields of the type beyond it are judged too, as inferred: no page
says that events carry them. Fields beyond both are no fault, since consumers have to bear additions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
    is_leaf_type,
)

from conformance.base.paths import JsonPath
from conformance.contract.facts import Fact
from conformance.contract.model import PLACEHOLDER, Contract
from conformance.events.catalogue import EventType, VersionFacts
from conformance.events.envelope import EventView
from conformance.events.finding import described, found
from conformance.events.leaves import check_leaf
from conformance.events.shape import LIST, OBJECT, STRING, ShapeField
from conformance.findings.model import Finding, Grade
from conformance.findings.wording import key_for_path

MAX_PATH: Final = 100
"""How many keys and indexes deep data is judged; no documented event goes beyond 12."""

_Owner: TypeAlias = GraphQLObjectType | GraphQLInterfaceType
_Composite: TypeAlias = _Owner | GraphQLUnionType


@dataclass(frozen=True, slots=True)
class _Place:
    """A field on the walk, as the contract and the event page have it. A field of the contract alone has no shape."""

    path: JsonPath
    fact: Fact
    shape: ShapeField | None
    source: str

    @property
    def grade(self) -> Grade:
        return self.shape.grade if self.shape else Grade.INFERRED

    @property
    def printed(self) -> frozenset[str]:
        return self.shape.printed if self.shape else frozenset()

    @property
    def coordinate(self) -> str:
        return str(self.fact.coordinate)

    def item(self, index: int) -> _Place:
        return _Place((*self.path, index), self.fact, self.shape, self.source)


def check_data(view: EventView, contract: Contract, facts: VersionFacts, event: EventType | None) -> Iterator[Finding]:
    """Findings about `data`. Nothing to say about an empty one, which is documented too."""
    data = view.inner.get("data")
    query = contract.schema.query_type
    if not isinstance(data, dict) or not data or not facts.has_data or query is None:
        return
    at = (*view.inner_path, "data")
    shape = event.data if event else None
    if shape is not None:
        yield from _fields(contract, query, data, at, shape.fields, shape.source, is_root=True)
        return
    known = {key: value for key, value in data.items() if key in query.fields}
    yield from _fields(contract, query, known, at, (), "", is_root=True)
    if len(known) < len(data) and event is not None:
        yield found(
            "EVT-052",
            at,
            f"no page read shows the data of {event.name}: it is not judged",
            expected="an empty data, or the resource",
            actual=described(data),
            grade=Grade.INFERRED,
        )


def _fields(
    contract: Contract,
    type_: _Composite,
    value: Mapping[str, Any],
    at: JsonPath,
    shapes: tuple[ShapeField, ...],
    source: str,
    *,
    is_root: bool = False,
) -> Iterator[Finding]:
    """The keys of an object: those of the contract, those of the page, and those of neither."""
    owners = _owners(contract, type_, value)
    if all(PLACEHOLDER in owner.fields for owner in owners):
        return
    shown = {shape.name: shape for shape in shapes}
    for key, item in value.items():
        known = _known_field(owners, key)
        if known is not None and not (is_root and item is None and key in shown):
            owner, field = known
            place = _Place((*at, key), contract.fact(owner, key), shown.get(key), source)
            yield from _value(contract, field.type, item, place)
        elif key not in shown and key != "__typename":
            yield found(
                "EVT-051",
                (*at, key_for_path(key)),
                "a key beside the resource" if is_root else f"a field that {type_.name} is not known to have",
                expected="the resource alone" if is_root else f"the fields of {type_.name}",
                actual=described(item),
                coordinate="" if is_root else type_.name,
                grade=Grade.INFERRED,
            )
    for shape in shapes:
        is_absent = shape.name not in value or (is_root and value[shape.name] is None)
        if is_absent and shape.is_shown:
            yield from _absent(contract, _known_field(owners, shape.name), shape, at, source, is_root=is_root)


def _absent(
    contract: Contract,
    known: tuple[str, GraphQLField] | None,
    shape: ShapeField,
    at: JsonPath,
    source: str,
    *,
    is_root: bool,
) -> Iterator[Finding]:
    """What the page shows and the event lacks; on inferred evidence only what the event could not do without."""
    is_needed = known is not None and isinstance(known[1].type, GraphQLNonNull)
    if not shape.grade.is_certain and not is_needed and not is_root:
        return
    yield found(
        "EVT-040" if is_root else "EVT-045" if is_needed else "EVT-046",
        (*at, shape.name),
        f"{shape.name} is missing; the event page shows it",
        expected=str(known[1].type) if known else "as the page shows it",
        actual="nothing",
        coordinate=str(contract.fact(known[0], shape.name).coordinate) if known else "",
        grade=shape.grade,
        source=source,
    )


def _value(contract: Contract, type_: GraphQLOutputType, value: Any, place: _Place) -> Iterator[Finding]:
    if isinstance(type_, GraphQLNonNull):
        if value is None:
            yield _kind("EVT-044", "null where the contract says", type_, value, place)
            return
        type_ = type_.of_type
    if value is None:
        return
    if len(place.path) > MAX_PATH:
        yield found(
            "EVT-052",
            place.path,
            f"nested more than {MAX_PATH} levels deep: it is not judged",
            expected="a documented event",
            actual=described(value),
        )
    elif isinstance(type_, GraphQLList):
        yield from _list(contract, type_, value, place)
    elif is_leaf_type(type_):
        yield from _leaf(contract, type_, value, place)
    elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType):
        yield from _object(contract, type_, value, place)


def _list(contract: Contract, type_: GraphQLList[Any], value: Any, place: _Place) -> Iterator[Finding]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _value(contract, type_.of_type, item, place.item(index))
    elif OBJECT in place.printed and isinstance(value, dict):
        yield from _value(contract, type_.of_type, value, place)
    else:
        yield _kind("EVT-042", f"{described(value)} where a list belongs,", type_, value, place)


def _object(contract: Contract, type_: _Composite, value: Any, place: _Place) -> Iterator[Finding]:
    if isinstance(value, dict):
        shapes = place.shape.fields if place.shape else ()
        yield from _fields(contract, type_, value, place.path, shapes, place.source)
    elif LIST in place.printed and isinstance(value, list):
        plain = ShapeField(place.shape.name, place.grade, frozenset(), place.shape.fields) if place.shape else None
        for index, item in enumerate(value):
            inside = _Place((*place.path, index), place.fact, plain, place.source)
            yield from _value(contract, GraphQLNonNull(type_), item, inside)
    else:
        yield _kind("EVT-041", f"{described(value)} where an object belongs,", type_, value, place)


def _leaf(contract: Contract, type_: GraphQLLeafType, value: Any, place: _Place) -> Iterator[Finding]:
    as_text = STRING in place.printed
    yield from check_leaf(contract, type_, value, place.path, fact=place.fact, grade=place.grade, as_text=as_text)


def _kind(rule: str, message: str, type_: GraphQLOutputType, value: Any, place: _Place) -> Finding:
    return found(
        rule,
        place.path,
        f"{message} {type_}",
        expected=str(type_),
        actual=described(value),
        coordinate=place.coordinate,
        grade=place.grade,
        source=place.source or place.fact.source,
    )


def _known_field(owners: list[_Owner], name: str) -> tuple[str, GraphQLField] | None:
    """A field that a value of one of the types may have, with the type that declares it."""
    return next(((owner.name, owner.fields[name]) for owner in owners if name in owner.fields), None)


def _owners(contract: Contract, type_: _Composite, value: Mapping[str, Any]) -> list[_Owner]:
    """The types whose fields may stand in the value: the one that `__typename` names, or every possible one."""
    if isinstance(type_, GraphQLObjectType):
        return [type_]
    possible = contract.schema.get_possible_types(type_)
    named = [candidate for candidate in possible if candidate.name == value.get("__typename")]
    own = [type_] if isinstance(type_, GraphQLInterfaceType) else []
    return [*own, *(named or possible)]
