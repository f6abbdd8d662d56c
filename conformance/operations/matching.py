"""When two requests ask for the same: keys for looking recordings up, and a normal form for literals and variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
    parse,
    print_ast,
    type_from_ast,
)

from conformance.base.canonical import canonical_json, digest
from conformance.base.errors import InputError
from conformance.contract.model import Contract
from conformance.operations.document import MAX_DOCUMENT_CHARACTERS, MAX_TOKENS, reachable_fragments
from conformance.operations.envelope import GraphQLRequest
from conformance.operations.literals import VariableRef, literal_value

MAX_NODES: Final = 100_000
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class NormalOperation:
    """An operation in normal form: a tree of plain values. Equal operations have equal trees.

    Variables are replaced by their values, fragments by what they select; operation name and variable definitions are
    gone. Fields stand in the order of the document, because that is the order of the answer.
    """

    tree: Mapping[str, Any]

    @property
    def key(self) -> str:
        """A digest of the tree, 64 hexadecimal digits."""
        return digest(self.tree)

    @property
    def text(self) -> str:
        """The tree as canonical JSON."""
        return canonical_json(self.tree)


def operation_key(document: str, operation_name: str | None, variables: Mapping[str, Any] | None) -> str:
    """A digest of the operation as it was sent: the document printed anew, the operation's name, the variables.

    White space, comments and the order of keys in variables make no difference; everything else does. A document that
    does not parse is taken as it stands.
    """
    text, name = printed_operation(document, operation_name or None)
    return digest([text, name, dict(variables or {})])


@lru_cache(maxsize=4096)
def printed_operation(document: str, operation_name: str | None) -> tuple[str, str]:
    """The meant operation and its fragments, printed in one fixed way, and the operation's name."""
    try:
        tree, operation = _parsed(document, operation_name)
    except InputError:
        return document, operation_name or ""
    fragments = {node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)}
    used = reachable_fragments(operation, fragments)
    parts = [operation, *(node for name, node in sorted(used.items()))]
    return print_ast(DocumentNode(definitions=tuple(parts))), operation.name.value if operation.name else ""


def normalise_to_variables(
    document: str, operation_name: str | None, variables: Mapping[str, Any] | None, contract: Contract | None
) -> NormalOperation:
    """The normal form of an operation: the same for literal values in the document and for values in variables.

    The contract tells enum values from texts, identifiers from numbers, and where one value stands for a list of one;
    without it, values are taken as they stand. Raises InputError for a document that does not parse or has no such
    operation.
    """
    tree, operation = _parsed(document, operation_name)
    return NormalOperation(_Normaliser(_fragments(tree), operation, variables or {}, contract).tree())


def root_fields(
    document: str,
    parsed: tuple[OperationDefinitionNode, Mapping[str, FragmentDefinitionNode]] | None,
    operation_name: str | None,
    variables: Mapping[str, Any] | None,
    contract: Contract,
) -> list[dict[str, Any]]:
    """The root fields of an operation in normal form, without what is selected below them.

    `parsed` are the operation and the fragments of the document where they are known. Raises InputError as
    `normalise_to_variables` does.
    """
    if parsed is None:
        tree, operation = _parsed(document, operation_name)
        parsed = operation, _fragments(tree)
    operation, fragments = parsed
    normal = _Normaliser(fragments, operation, variables or {}, contract, is_deep=False).tree()
    fields: list[dict[str, Any]] = normal["select"]
    return fields


def normal_operation(request: GraphQLRequest, contract: Contract | None) -> NormalOperation:
    """As `normalise_to_variables`, for a request."""
    return normalise_to_variables(request.document, request.operation_name, request.variables, contract)


def same_operation(first: GraphQLRequest, second: GraphQLRequest, contract: Contract | None) -> bool:
    """Do two requests ask for the same? Raises InputError as `normalise_to_variables` does."""
    return normal_operation(first, contract).tree == normal_operation(second, contract).tree


@lru_cache(maxsize=64)
def _parsed(document: str, operation_name: str | None) -> tuple[DocumentNode, OperationDefinitionNode]:
    if len(document) > MAX_DOCUMENT_CHARACTERS:
        raise InputError.at(
            "document", f"{len(document):,} characters", expected=f"at most {MAX_DOCUMENT_CHARACTERS:,}"
        )
    try:
        tree = parse(document, no_location=True, max_tokens=MAX_TOKENS)
    except GraphQLError as error:
        place = error.locations[0] if error.locations else None
        line, column = (place.line, place.column) if place else (1, 1)
        raise InputError.at("document", error.message, line=line, column=column) from error
    except RecursionError as error:
        raise InputError.at("document", "nested too deeply", line=1, column=1) from error
    operations = [node for node in tree.definitions if isinstance(node, OperationDefinitionNode)]
    for node in operations:
        if operation_name is None or (node.name and node.name.value == operation_name):
            return tree, node
    if len(operations) == 1:
        return tree, operations[0]
    raise InputError.at("document", f"no operation {operation_name or ''}".rstrip(), expected="an operation", line=1)


def _fragments(tree: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)}


class _Normaliser:
    def __init__(
        self,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        contract: Contract | None,
        *,
        is_deep: bool = True,
    ) -> None:
        self._operation = operation
        self._schema = contract.schema if contract else None
        self._fragments = fragments
        self._is_deep = is_deep
        self._values = self._variable_values(variables)
        self._spreading: list[str] = []
        self._nodes = 0

    def tree(self) -> dict[str, Any]:
        kind = self._operation.operation
        root = self._schema.get_root_type(kind) if self._schema else None
        tree: dict[str, Any] = {"operation": kind.value}
        self._directives(self._operation.directives, tree)
        tree["select"] = self._selection(self._operation.selection_set, root)
        return tree

    def _variable_values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for definition in self._operation.variable_definitions or ():
            name = definition.variable.name.value
            if name in given:
                value = given[name]
            elif definition.default_value is not None:
                value = literal_value(definition.default_value)
            else:
                continue
            type_ = type_from_ast(self._schema, definition.type) if self._schema else None
            values[name] = self._value(value, type_)
        return values

    def _selection(self, selections: SelectionSetNode, parent: Any) -> list[Any]:
        return [part for node in selections.selections if (part := self._part(node, parent)) is not None]

    def _part(self, node: Any, parent: Any) -> dict[str, Any] | None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise InputError.at("document", f"more than {MAX_NODES:,} fields once fragments are spread")
        if isinstance(node, FieldNode):
            return self._field(node, parent)
        part: dict[str, Any] = {}
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else ""
            selections = node.selection_set
        else:
            name = node.name.value
            fragment = self._fragments.get(name)
            if fragment is None or name in self._spreading:
                return {"spread": name}
            condition, selections = fragment.type_condition.name.value, fragment.selection_set
            self._spreading.append(name)
        self._directives(node.directives, part)
        own = self._schema.type_map.get(condition) if self._schema and condition else parent
        if condition:
            part["on"] = condition
        part["select"] = self._selection(selections, own)
        if isinstance(node, FragmentSpreadNode):
            self._spreading.pop()
        return part

    def _field(self, node: FieldNode, parent: Any) -> dict[str, Any]:
        name = node.name.value
        definition = None
        if self._schema is not None and parent is not None and is_composite_type(parent):
            definition = self._schema.get_field(parent, name)
        part: dict[str, Any] = {"field": name}
        if node.alias and node.alias.value != name:
            part["alias"] = node.alias.value
        arguments = self._arguments(node.arguments, definition.args if definition else {})
        if arguments:
            part["arguments"] = arguments
        self._directives(node.directives, part)
        if node.selection_set is not None and self._is_deep:
            type_ = get_named_type(definition.type) if definition else None
            part["select"] = self._selection(node.selection_set, type_)
        return part

    def _arguments(self, nodes: Any, definitions: Mapping[str, Any]) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        for node in nodes or ():
            definition = definitions.get(node.name.value)
            value = self._value(literal_value(node.value), definition.type if definition else None)
            if value is not _ABSENT:
                arguments[node.name.value] = value
        return arguments

    def _directives(self, nodes: tuple[DirectiveNode, ...] | None, part: dict[str, Any]) -> None:
        if nodes:
            part["directives"] = [
                {"directive": node.name.value, "arguments": self._arguments(node.arguments, {})} for node in nodes
            ]

    def _value(self, value: Any, type_: Any) -> Any:
        """The plain value, variables replaced: `_ABSENT` for a variable that has no value."""
        if isinstance(value, VariableRef):
            return self._values.get(value.name, _ABSENT)
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        if value is None:
            return None
        if isinstance(type_, GraphQLList) and not isinstance(value, list | tuple):
            return [self._value(value, type_.of_type)]
        if isinstance(value, list | tuple):
            item_type = type_.of_type if isinstance(type_, GraphQLList) else None
            items = [self._value(item, item_type) for item in value]
            return [None if item is _ABSENT else item for item in items]
        if isinstance(value, Mapping):
            fields = type_.fields if isinstance(type_, GraphQLInputObjectType) else {}
            made = {key: self._value(item, fields[key].type if key in fields else None) for key, item in value.items()}
            return {key: item for key, item in made.items() if item is not _ABSENT}
        return _scalar(value, getattr(type_, "name", ""))


def _scalar(value: Any, type_name: str) -> Any:
    if isinstance(value, str):
        return str(value)
    if type_name == "ID" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
