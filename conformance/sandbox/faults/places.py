"""Walks an answer along its document: every key with its type, so that a fault knows what it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

from conformance.base.paths import JsonPath
from conformance.contract.facts import Fact
from conformance.sandbox.faults.model import Seen


@dataclass(frozen=True, slots=True)
class Place:
    """A value of an answer: `holder[key]`. `type` is the type at this place, list items have their own.

    `fact` is what the contract knows of the field; `is_item` tells the items of a list from the field's own value.
    """

    holder: Any
    key: str | int
    path: JsonPath
    type: GraphQLOutputType
    fact: Fact
    is_item: bool = False

    @property
    def value(self) -> Any:
        return self.holder[self.key]

    def put(self, value: Any) -> bool:
        """Replaces the value; True, so that a fault can end with it."""
        self.holder[self.key] = value
        return True

    @property
    def is_required(self) -> bool:
        return is_non_null_type(self.type)

    @property
    def is_list(self) -> bool:
        return is_list_type(get_nullable_type(self.type))

    @property
    def scalar(self) -> str:
        """The name of the scalar; empty for anything else and for lists."""
        named = get_named_type(self.type)
        return named.name if isinstance(named, GraphQLScalarType) and not self.is_list else ""

    @property
    def enum(self) -> GraphQLEnumType | None:
        named = get_named_type(self.type)
        return named if isinstance(named, GraphQLEnumType) and not self.is_list else None


def places(seen: Seen) -> Iterator[Place]:
    """Every value of the data, parents before children; none when there is no data."""
    document, data = seen.document, seen.body.get("data") if isinstance(seen.body, dict) else None
    if document is None or not isinstance(data, dict):
        return
    operation = next((each for each in document.definitions if isinstance(each, OperationDefinitionNode)), None)
    if operation is None:
        return
    root = seen.contract.schema.get_root_type(operation.operation)
    if root is not None:
        yield from _Walk(seen, document).object(operation.selection_set, root, data, ("data",))


def pick(seen: Seen, candidates: Iterator[Place]) -> Place | None:
    """One of the places, by the seed; None when there is none."""
    found = list(candidates)
    return seen.random.choice(found) if found else None


@dataclass(frozen=True, slots=True)
class _Walk:
    seen: Seen
    document: DocumentNode

    def object(
        self, selection: SelectionSetNode, type_: GraphQLObjectType | GraphQLInterfaceType, holder: Any, path: JsonPath
    ) -> Iterator[Place]:
        known: set[str] = set()
        for node, owner in self._fields(selection, type_):
            key = node.alias.value if node.alias else node.name.value
            field = owner.fields.get(node.name.value)
            if field is None or key not in holder or key in known:
                continue
            known.add(key)
            fact = self.seen.contract.fact(owner.name, node.name.value)
            yield from self._value(node, Place(holder, key, (*path, key), field.type, fact))

    def _value(self, node: FieldNode, place: Place) -> Iterator[Place]:
        yield place
        nullable = get_nullable_type(place.type)
        value = place.value
        if is_list_type(nullable) and isinstance(value, list):
            for index in range(len(value)):
                yield from self._value(
                    node, Place(value, index, (*place.path, index), nullable.of_type, place.fact, is_item=True)
                )
        elif isinstance(value, dict) and node.selection_set is not None:
            named = get_named_type(nullable)
            if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
                yield from self.object(node.selection_set, named, value, place.path)
            else:
                yield from self.object(node.selection_set, GraphQLObjectType("_", {}), value, place.path)

    def _fields(
        self, selection: SelectionSetNode, type_: GraphQLObjectType | GraphQLInterfaceType
    ) -> Iterator[tuple[FieldNode, GraphQLObjectType | GraphQLInterfaceType]]:
        for node in selection.selections:
            if isinstance(node, FieldNode):
                yield node, type_
            else:
                yield from self._fragment(node, type_)

    def _fragment(
        self, node: Any, type_: GraphQLObjectType | GraphQLInterfaceType
    ) -> Iterator[tuple[FieldNode, GraphQLObjectType | GraphQLInterfaceType]]:
        body: InlineFragmentNode | FragmentDefinitionNode | None = node
        if isinstance(node, FragmentSpreadNode):
            definitions = (each for each in self.document.definitions if isinstance(each, FragmentDefinitionNode))
            body = next((each for each in definitions if each.name.value == node.name.value), None)
        if body is None:
            return
        condition = body.type_condition
        narrowed = self.seen.contract.schema.type_map.get(condition.name.value) if condition else type_
        if isinstance(narrowed, GraphQLObjectType | GraphQLInterfaceType):
            yield from self._fields(body.selection_set, narrowed)
