"""All that there is to cover in a version: examples, rules, schema coordinates, error codes, event types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_nullable_type,
)

from conformance.base.versions import DATED_VERSIONS, NEXT
from conformance.contract.documented_errors import load_documented_errors
from conformance.contract.examples import load_examples
from conformance.contract.load import load_contract
from conformance.contract.model import PLACEHOLDER, Contract
from conformance.events.reading import load_catalogue
from conformance.events.rules import RULES as EVENT_RULES
from conformance.operations.errormodel import CLASSIFICATIONS
from conformance.operations.rules import RULES as OPERATION_RULES
from conformance.rules.catalogue import RULES as BUSINESS_RULES
from conformance.rules.catalogue import TIMELINE_RULES


class Kind(StrEnum):
    """The kinds of things that can be covered, in the order of reports."""

    EXAMPLES = "documented examples"
    RULES = "rules"
    OPERATIONS = "operations"
    FIELDS = "fields"
    NULLS = "null and value"
    ARGUMENTS = "arguments"
    INPUT_FIELDS = "input fields"
    ENUM_VALUES = "enum values"
    TABLE_VALUES = "table values"
    MEMBERS = "union members"
    ERROR_TYPES = "error types"
    ERRORS = "errors of operations"
    EVENTS = "event types"

    @property
    def slug(self) -> str:
        """The kind as one word."""
        return self.value.replace(" ", "-")


Mark: TypeAlias = tuple[Kind, str]
"""A thing by its kind and name. Of `NULLS` the name is `Type.field: null` or `Type.field: value`, one half each."""

NULL, VALUE = ": null", ": value"


def member(type_name: str, member_name: str) -> Mark:
    """The mark of an object type that stands for a union or an interface."""
    return Kind.MEMBERS, f"{type_name}: {member_name}"


@dataclass(frozen=True)
class Inventory:
    """What a version has of each kind, by name. A name is a schema coordinate, where the thing has one."""

    version: str
    names: Mapping[Kind, tuple[str, ...]]

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Everything that can be marked; a field that may be null twice, as null and as value."""
        return tuple(
            (kind, name + half)
            for kind, names in self.names.items()
            for name in names
            for half in ((NULL, VALUE) if kind is Kind.NULLS else ("",))
        )

    @cached_property
    def places(self) -> Mapping[Mark, int]:
        """Each mark's place in `marks`."""
        return {mark: index for index, mark in enumerate(self.marks)}


def dated(version: str) -> str:
    """The dated version by whose rules a version goes."""
    return DATED_VERSIONS[-1] if version == NEXT else version


@lru_cache(maxsize=8)
def inventory(version: str) -> Inventory:
    """The inventory of a version. Types that neither a request nor an answer can hold are left out.

    Of `next` only what it adds to the newest dated version: the rest is that version's, and covered there.
    """
    names = _names(version)
    if version == NEXT:
        before = inventory(DATED_VERSIONS[-1]).names
        names = {
            kind: tuple(name for name in given if kind is Kind.EXAMPLES or name not in before[kind])
            for kind, given in names.items()
        }
    return Inventory(version, names)


def _names(version: str) -> Mapping[Kind, tuple[str, ...]]:
    contract = load_contract(version)
    types = tuple(_reachable(contract))
    names: dict[Kind, Iterator[str]] = {
        Kind.EXAMPLES: (f"{page}: {title}" for page, title, versions in load_examples() if version in versions),
        Kind.RULES: _rules(contract),
        Kind.OPERATIONS: iter(contract.operations),
        Kind.FIELDS: _fields(contract, types, nullable_only=False),
        Kind.NULLS: _fields(contract, types, nullable_only=True),
        Kind.ARGUMENTS: _arguments(types),
        Kind.INPUT_FIELDS: _input_fields(types),
        Kind.ENUM_VALUES: _values(contract, types),
        Kind.TABLE_VALUES: _table_values(contract, types),
        Kind.MEMBERS: _members(contract, types),
        Kind.ERROR_TYPES: iter(CLASSIFICATIONS),
        Kind.ERRORS: _errors(contract),
        Kind.EVENTS: (event.name for event in load_catalogue().in_version(version)),
    }
    return {kind: tuple(sorted(set(given))) for kind, given in names.items()}


def _reachable(contract: Contract) -> Iterator[GraphQLNamedType]:
    waiting: list[GraphQLNamedType] = [
        root for root in (contract.schema.query_type, contract.schema.mutation_type) if root is not None
    ]
    seen = {root.name for root in waiting}
    while waiting:
        type_ = waiting.pop()
        yield type_
        nested = [get_named_type(field.type) for field in getattr(type_, "fields", {}).values()]
        for field in getattr(type_, "fields", {}).values():
            nested += [get_named_type(argument.type) for argument in getattr(field, "args", {}).values()]
        if is_abstract_type(type_):
            nested += contract.schema.get_possible_types(type_)
        for one in nested:
            if one.name not in seen:
                seen.add(one.name)
                waiting.append(one)


def _rules(contract: Contract) -> Iterator[str]:
    """Those of every version, and the documented ones of this version about operations that it has."""
    yield from (rule.id for rule in (*OPERATION_RULES, *EVENT_RULES))
    version = dated(contract.version)
    documented = (
        *((rule.id, rule.versions, rule.operations) for rule in BUSINESS_RULES),
        *((rule.id, rule.versions, rule.operations) for rule in TIMELINE_RULES),
    )
    for rule, versions, operations in documented:
        if version in versions and (not operations or not contract.operations.keys().isdisjoint(operations)):
            yield rule


def _is_root(contract: Contract, type_: GraphQLNamedType) -> bool:
    return type_ in (contract.schema.query_type, contract.schema.mutation_type)


def _fields(contract: Contract, types: tuple[GraphQLNamedType, ...], *, nullable_only: bool) -> Iterator[str]:
    """Those of objects: an answer holds objects, never an interface. Root fields are operations."""
    for type_ in types:
        if isinstance(type_, GraphQLObjectType) and not _is_root(contract, type_):
            for name, field in type_.fields.items():
                if name != PLACEHOLDER and (not nullable_only or is_nullable_type(field.type)):
                    yield f"{type_.name}.{name}"


def _arguments(types: tuple[GraphQLNamedType, ...]) -> Iterator[str]:
    for type_ in types:
        if isinstance(type_, GraphQLObjectType):
            for name, field in type_.fields.items():
                yield from (f"{type_.name}.{name}({argument}:)" for argument in field.args)


def _input_fields(types: tuple[GraphQLNamedType, ...]) -> Iterator[str]:
    for type_ in types:
        if isinstance(type_, GraphQLInputObjectType):
            yield from (f"{type_.name}.{name}" for name in type_.fields if name != PLACEHOLDER)


def _values(contract: Contract, types: tuple[GraphQLNamedType, ...]) -> Iterator[str]:
    for type_ in types:
        if isinstance(type_, GraphQLEnumType) and not contract.is_value_table(type_.name):
            yield from (f"{type_.name}.{value}" for value in type_.values)


def _table_values(contract: Contract, types: tuple[GraphQLNamedType, ...]) -> Iterator[str]:
    """The values of the tables that some field or argument is held to."""
    reachable = {type_.name for type_ in types}
    tables = {
        contract.fact(one.type_name, one.member, one.argument).values
        for one in contract.coordinates()
        if one.member and one.type_name in reachable
    }
    for table in tables - {""}:
        yield from (f"{table}.{value}" for value in contract.value_table(table).values)


def _members(contract: Contract, types: tuple[GraphQLNamedType, ...]) -> Iterator[str]:
    for type_ in types:
        if is_abstract_type(type_):
            yield from (member(type_.name, one.name)[1] for one in contract.schema.get_possible_types(type_))


def _errors(contract: Contract) -> Iterator[str]:
    """The documented errors of each operation, but those that nothing a client does brings about."""
    for operation, error, versions in load_documented_errors():
        if contract.version in versions and operation in contract.operations:
            yield f"{operation}: {error}"
