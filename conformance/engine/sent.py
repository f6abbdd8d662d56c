"""What a request sends of a contract: arguments, input fields, values of enums and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)

from conformance.base.paths import JsonPath
from conformance.contract.facts import Fact
from conformance.contract.leaves import leaf_of
from conformance.contract.model import PLACEHOLDER, Contract
from conformance.engine.inventory import Kind, Mark
from conformance.engine.shown import value_marks
from conformance.operations.compile import CompiledOperation, compile_operation
from conformance.operations.document import parse_document
from conformance.operations.literals import VariableRef, literal_value
from conformance.operations.templates import take_apart

_MAX_DEPTH = 50


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where a value belongs: an input object, or a leaf with the marks of the values of its enum or table, if any."""

    contract: Contract
    object_: GraphQLInputObjectType | None = None
    values: Mapping[str, Mark] | None = None


@dataclass(frozen=True, slots=True)
class _Use:
    """A place where a variable is put in, and what stands on the way there."""

    marks: frozenset[Mark]
    place: _Place


@dataclass(frozen=True, slots=True)
class _Sent:
    """A document's arguments. `fixed` is sent whatever the variables are."""

    fixed: frozenset[Mark]
    uses: Mapping[str, tuple[_Use, ...]]
    defaults: Mapping[str, Any]


def see_sent(compiled: CompiledOperation, variables: Mapping[str, Any], marks: set[Mark]) -> None:
    """Adds everything that the operation sends with these variables."""
    sent = _sent(compiled.document, compiled.operation_name, compiled.contract)
    marks |= sent.fixed
    for name, uses in sent.uses.items():
        given = variables if name in variables else sent.defaults
        if name in given:
            for use in uses:
                marks |= use.marks
                _see(use.place, given[name], marks, 0)


def see_sent_along(compiled: CompiledOperation, variables: Mapping[str, Any], path: JsonPath, marks: set[Mark]) -> None:
    """Adds what stands on the way to a place below the variables, and all that is at its end."""
    name = str(path[0]) if path else ""
    if name not in variables:
        return
    for use in _sent(compiled.document, compiled.operation_name, compiled.contract).uses.get(name, ()):
        marks |= use.marks
        _along(use.place, variables[name], path[1:], marks)


def _along(place: _Place, value: Any, path: JsonPath, marks: set[Mark]) -> None:
    for part in path[:_MAX_DEPTH]:
        if isinstance(part, int):
            if not isinstance(value, list) or part >= len(value):
                return
            value = value[part]
            continue
        rows = _rows(place.contract, place.object_) if place.object_ is not None else {}
        if part not in rows or not isinstance(value, Mapping):
            return
        mark, place = rows[part]
        marks.add(mark)
        value = value.get(part)
    _see(place, value, marks, 0)


def _see(place: _Place, value: Any, marks: set[Mark], depth: int) -> None:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            _see(place, item, marks, depth + 1)
    elif place.object_ is not None:
        if isinstance(value, Mapping):
            rows = _rows(place.contract, place.object_)
            for key, item in value.items():
                row = rows.get(key)
                if row is not None:
                    marks.add(row[0])
                    _see(row[1], item, marks, depth + 1)
    elif place.values is not None and isinstance(value, str) and value in place.values:
        marks.add(place.values[value])


@lru_cache(maxsize=1024)
def _rows(contract: Contract, type_: GraphQLInputObjectType) -> Mapping[str, tuple[Mark, _Place]]:
    """The fields of an input object: the mark of each, and where its value belongs."""
    return {
        name: (
            (Kind.INPUT_FIELDS, f"{type_.name}.{name}"),
            _place(contract, field.type, contract.fact(type_.name, name)),
        )
        for name, field in type_.fields.items()
        if name != PLACEHOLDER
    }


def _place(contract: Contract, type_: GraphQLInputType, fact: Fact) -> _Place:
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        return _Place(contract, named)
    leaf = leaf_of(contract, named, fact)
    return _Place(contract, None, value_marks(leaf) if leaf.members is not None else None)


@lru_cache(maxsize=1024)
def _sent(document: str, operation_name: str | None, contract: Contract) -> _Sent:
    operation, fragments = _syntax(document, operation_name, contract)
    root = contract.schema.get_root_type(operation.operation) if operation is not None else None
    fixed: set[Mark] = set()
    uses: dict[str, list[_Use]] = {}
    if operation is None or root is None:
        return _Sent(frozenset(), {}, {})
    for node in _root_fields(operation.selection_set, fragments, set()):
        field = root.fields.get(node.name.value)
        for argument in node.arguments or ():
            name = argument.name.value
            if field is not None and name in field.args:
                fact = contract.fact(root.name, node.name.value, name)
                way = frozenset(((Kind.ARGUMENTS, str(fact.coordinate)),))
                use = _Use(way, _place(contract, field.args[name].type, fact))
                _literal(use, literal_value(argument.value), fixed, uses)
    given = {name: tuple(each) for name, each in uses.items()}
    return _Sent(frozenset(fixed), given, _defaults(operation))


def _syntax(
    document: str, operation_name: str | None, contract: Contract
) -> tuple[OperationDefinitionNode | None, Mapping[str, FragmentDefinitionNode]]:
    """The operation, and its fragments where they matter.

    Documents that differ in their literals share the tree of the first, so one that has literals is parsed here.
    """
    operation = compile_operation(document, operation_name, contract).operation
    if operation is None:
        return None, {}
    is_plain = all(isinstance(node, FieldNode) for node in operation.selection_set.selections)
    if is_plain and not take_apart(document).tokens:
        return operation, {}
    parsed = parse_document(document, operation_name)
    return parsed.operation, dict(parsed.fragments)


def _literal(use: _Use, value: Any, fixed: set[Mark], uses: dict[str, list[_Use]]) -> None:
    """What a value in the document sends by itself, and where variables stand in it."""
    if isinstance(value, VariableRef):
        uses.setdefault(value.name, []).append(use)
        return
    fixed |= use.marks
    if isinstance(value, list):
        for item in value:
            _literal(use, item, fixed, uses)
    elif isinstance(value, Mapping) and use.place.object_ is not None:
        rows = _rows(use.place.contract, use.place.object_)
        for key, item in value.items():
            if key in rows:
                mark, place = rows[key]
                _literal(_Use(use.marks | {mark}, place), item, fixed, uses)
    else:
        _see(use.place, value, fixed, 0)


def _root_fields(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], spread: set[str]
) -> Iterator[FieldNode]:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _root_fields(node.selection_set, fragments, spread)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
            spread.add(node.name.value)
            fragment = fragments.get(node.name.value)
            if fragment is not None:
                yield from _root_fields(fragment.selection_set, fragments, spread)


def _defaults(operation: OperationDefinitionNode) -> Mapping[str, Any]:
    return {
        definition.variable.name.value: literal_value(definition.default_value)
        for definition in operation.variable_definitions or ()
        if definition.default_value is not None
    }
