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


@dataclass(frozen=True, slots=True)
class _Use:
    """A place where a variable is put in: what stands on the way there, and what the place is."""

    marks: frozenset[Mark]
    type_: GraphQLInputType
    fact: Fact


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
                _see(compiled.contract, use.type_, given[name], use.fact, marks, 0)


def see_sent_along(compiled: CompiledOperation, variables: Mapping[str, Any], path: JsonPath, marks: set[Mark]) -> None:
    """Adds what stands on the way to a place below the variables, and all that is at its end."""
    name = str(path[0]) if path else ""
    if name not in variables:
        return
    for use in _sent(compiled.document, compiled.operation_name, compiled.contract).uses.get(name, ()):
        marks |= use.marks
        _along(compiled.contract, use, variables[name], path[1:], marks)


def _along(contract: Contract, use: _Use, value: Any, path: JsonPath, marks: set[Mark]) -> None:
    type_, fact = use.type_, use.fact
    for part in path[:_MAX_DEPTH]:
        if isinstance(part, int):
            if not isinstance(value, list) or part >= len(value):
                return
            value = value[part]
            continue
        named = get_named_type(type_)
        if not isinstance(named, GraphQLInputObjectType) or part not in named.fields or not isinstance(value, Mapping):
            return
        marks.add((Kind.INPUT_FIELDS, f"{named.name}.{part}"))
        type_, fact, value = named.fields[part].type, contract.fact(named.name, part), value.get(part)
    _see(contract, type_, value, fact, marks, 0)


def _see(contract: Contract, type_: GraphQLInputType, value: Any, fact: Fact, marks: set[Mark], depth: int) -> None:
    if depth > _MAX_DEPTH or value is None:
        return
    if isinstance(value, list):
        for item in value:
            _see(contract, type_, item, fact, marks, depth + 1)
        return
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        for key, item in value.items() if isinstance(value, Mapping) else ():
            if key in named.fields and key != PLACEHOLDER:
                marks.add((Kind.INPUT_FIELDS, f"{named.name}.{key}"))
                _see(contract, named.fields[key].type, item, contract.fact(named.name, key), marks, depth + 1)
    elif isinstance(value, str):
        leaf = leaf_of(contract, named, fact)
        mark = value_marks(leaf).get(value) if leaf.members is not None else None
        if mark is not None:
            marks.add(mark)


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
                use = _Use(way, field.args[name].type, fact)
                _literal(contract, use, literal_value(argument.value), fixed, uses)
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


def _literal(contract: Contract, use: _Use, value: Any, fixed: set[Mark], uses: dict[str, list[_Use]]) -> None:
    """What a value in the document sends by itself, and where variables stand in it."""
    if isinstance(value, VariableRef):
        uses.setdefault(value.name, []).append(use)
        return
    fixed |= use.marks
    if isinstance(value, list):
        for item in value:
            _literal(contract, use, item, fixed, uses)
        return
    named = get_named_type(use.type_)
    if isinstance(value, Mapping) and isinstance(named, GraphQLInputObjectType):
        for key, item in value.items():
            if key in named.fields and key != PLACEHOLDER:
                marks = use.marks | {(Kind.INPUT_FIELDS, f"{named.name}.{key}")}
                nested = _Use(marks, named.fields[key].type, contract.fact(named.name, key))
                _literal(contract, nested, item, fixed, uses)
    elif not isinstance(value, Mapping):
        _see(contract, use.type_, value, use.fact, fixed, 0)


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
