"""Answers that were made up: what an operation might answer, had it succeeded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
)

from conformance.sandbox.faults.model import Seen

_SCALARS = {"Int": 1, "Float": 1.0, "Decimal": 1, "Boolean": True}


def success(seen: Seen) -> bool:
    """Puts data of the selected form into an answer, and takes its errors out; lists get one item."""
    document = seen.document
    operations = document.definitions if document is not None else ()
    operation = next((each for each in operations if isinstance(each, OperationDefinitionNode)), None)
    root = seen.contract.schema.get_root_type(operation.operation) if operation is not None else None
    if operation is None or root is None:
        return False
    seen.body = {"data": _object(seen, operation.selection_set, root)}
    return True


def _object(seen: Seen, selection: SelectionSetNode, type_: GraphQLObjectType) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for node in _fields(seen, selection, type_):
        key = node.alias.value if node.alias else node.name.value
        if node.name.value == "__typename":
            made[key] = type_.name
        elif node.name.value in type_.fields:
            made[key] = _value(seen, node, type_.fields[node.name.value].type)
    return made


def _fields(seen: Seen, selection: SelectionSetNode, type_: GraphQLObjectType) -> Iterator[FieldNode]:
    for node in selection.selections:
        if isinstance(node, FieldNode):
            yield node
            continue
        body: Any = node
        if isinstance(node, FragmentSpreadNode) and seen.document is not None:
            named = (each for each in seen.document.definitions if isinstance(each, FragmentDefinitionNode))
            body = next(each for each in named if each.name.value == node.name.value)
        condition = body.type_condition.name.value if body.type_condition else type_.name
        abstract = seen.contract.schema.type_map.get(condition)
        is_part = is_abstract_type(abstract) and seen.contract.schema.is_sub_type(abstract, type_)
        if condition == type_.name or is_part:
            yield from _fields(seen, body.selection_set, type_)


def _value(seen: Seen, node: FieldNode, type_: GraphQLOutputType) -> Any:
    nullable = get_nullable_type(type_)
    if is_list_type(nullable):
        return [_value(seen, node, nullable.of_type)]
    named: Any = get_named_type(nullable)
    if isinstance(named, GraphQLEnumType):
        return next(iter(named.values))
    if node.selection_set is None:
        return _SCALARS.get(named.name, f"{node.name.value}-{seen.random.randrange(10**6)}")
    if is_abstract_type(named):
        named = _first(seen, named)
    return _object(seen, node.selection_set, named)


def _first(seen: Seen, type_: GraphQLAbstractType | GraphQLInterfaceType) -> GraphQLObjectType:
    return seen.contract.schema.get_possible_types(type_)[0]
