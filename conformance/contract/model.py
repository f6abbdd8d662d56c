"""Contract: one version of the API as a GraphQL schema with evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_scalar_type,
)

from conformance.base.coordinates import SchemaCoordinate
from conformance.base.errors import Problem
from conformance.contract.facts import Fact, ValueTable, directives_of, read_fact
from conformance.findings.model import Grade

PLACEHOLDER = "_"
"""The only field of a type of which no field is known."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A root field: what a client can ask for."""

    name: str
    kind: str
    """`query` or `mutation`."""
    interface: str
    deprecated: str
    fact: Fact


class Contract:
    """One version's schema, and what is known of each part of it. Made by `conformance.contract.load`, then frozen."""

    def __init__(
        self,
        version: str,
        schema: GraphQLSchema,
        interfaces: Mapping[str, str],
        digest: str,
        remarks: tuple[Problem, ...] = (),
    ) -> None:
        self.version = version
        self.schema = schema
        self.digest = digest
        self.remarks = remarks
        self._interfaces = interfaces
        self._facts: dict[tuple[str, str, str], Fact] = {}
        self._tables: dict[str, ValueTable] = {}

    def __repr__(self) -> str:
        return f"Contract({self.version!r})"

    def fact(self, type_name: str, member: str = "", argument: str = "") -> Fact:
        """What is known about a coordinate. Raises KeyError for one that the contract does not have."""
        key = (type_name, member, argument)
        fact = self._facts.get(key)
        if fact is None:
            fact = self._facts[key] = self._read(*key)
        return fact

    def is_partial(self, type_name: str) -> bool:
        """May this type have more than the contract says?"""
        return bool(self.fact(type_name).partial)

    def value_table(self, name: str) -> ValueTable:
        """The table that `@values(of:)` names."""
        table = self._tables.get(name)
        if table is None:
            enum = self.schema.type_map[name]
            if not isinstance(enum, GraphQLEnumType):
                raise KeyError(name)
            uses = directives_of(_nodes(enum)).get("valueTable", [])
            fact = self.fact(name)
            is_open = bool(fact.partial) or any(use.get("open") for use in uses)
            table = ValueTable(name, frozenset(enum.values), is_open, fact.grade, fact.source)
            self._tables[name] = table
        return table

    def is_value_table(self, type_name: str) -> bool:
        """Is this enum a table of ours and no type of the API?"""
        return "valueTable" in directives_of(_nodes(self.schema.type_map[type_name]))

    def interface_of(self, type_name: str) -> str:
        """The interface whose file defines a type; for a root field ask `operations`."""
        return self._interfaces.get(type_name, "")

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """Every query and mutation by name."""
        found: dict[str, Operation] = {}
        roots = (("query", self.schema.query_type), ("mutation", self.schema.mutation_type))
        for kind, root in roots:
            if root is None:
                continue
            for name, field in root.fields.items():
                fact = self.fact(root.name, name)
                interface = self._interfaces.get(f"{root.name}.{name}", "")
                found[name] = Operation(name, kind, interface, field.deprecation_reason or "", fact)
        return found

    def named_types(self) -> Iterator[GraphQLNamedType]:
        """Every type of the contract but GraphQL's own."""
        for name, type_ in self.schema.type_map.items():
            if not is_introspection_type(type_) and not is_specified_scalar_type(type_) and name:
                yield type_

    def coordinates(self) -> Iterator[SchemaCoordinate]:
        """Every type, field, input field, argument and enum value, in the schema's order; placeholders left out."""
        for type_ in self.named_types():
            yield SchemaCoordinate(type_.name)
            if isinstance(type_, GraphQLEnumType):
                yield from (SchemaCoordinate(type_.name, value) for value in type_.values)
            elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
                for name, field in type_.fields.items():
                    if name == PLACEHOLDER:
                        continue
                    yield SchemaCoordinate(type_.name, name)
                    if isinstance(field, GraphQLField):
                        yield from (SchemaCoordinate(type_.name, name, argument) for argument in field.args)

    def grades(self) -> Counter[Grade]:
        """How many coordinates rest on which grade."""
        return Counter(self.fact(c.type_name, c.member, c.argument).grade for c in self.coordinates())

    def _read(self, type_name: str, member: str, argument: str) -> Fact:
        coordinate = SchemaCoordinate(type_name, member, argument)
        type_ = self.schema.type_map[type_name]
        if not member:
            return read_fact(coordinate, _nodes(type_), None)
        inherited = self.fact(type_name, member) if argument else self.fact(type_name)
        if isinstance(type_, GraphQLEnumType):
            return read_fact(coordinate, _nodes(type_.values[member]), inherited)
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            raise KeyError(str(coordinate))
        field = type_.fields[member]
        if not argument:
            return read_fact(coordinate, _nodes(field), inherited)
        if not isinstance(field, GraphQLField):
            raise KeyError(str(coordinate))
        return read_fact(coordinate, _nodes(field.args[argument]), inherited)


def _nodes(element: object) -> list[object]:
    """The definition and the extensions of a schema element, as syntax."""
    nodes = [getattr(element, "ast_node", None), *(getattr(element, "extension_ast_nodes", None) or ())]
    return [node for node in nodes if node is not None]
