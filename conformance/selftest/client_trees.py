"""Documents of requests as syntax trees: what faults of a client take apart, and put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeVar

from graphql import (
    BooleanValueNode,
    ConstListValueNode,
    ConstObjectFieldNode,
    ConstObjectValueNode,
    ConstValueNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    IntValueNode,
    NameNode,
    Node,
    NullValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    parse,
    print_ast,
    type_from_ast,
    visit,
)

from conformance.contract.model import PLACEHOLDER
from conformance.selftest.clients import Sending

_N = TypeVar("_N", bound=Node)
_NAME: Final = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
ROOTS: Final = ("Query", "Mutation", "Subscription")


@dataclass(frozen=True, slots=True)
class Selected:
    """A field of a document: `parent` is the type that it is selected on, `field` None for one that is not known."""

    node: FieldNode
    parent: Any
    field: GraphQLField | None

    @property
    def type(self) -> Any:
        """The innermost type of what the field answers."""
        return get_named_type(self.field.type) if self.field is not None else None

    @property
    def key(self) -> str:
        """The response key."""
        return (self.node.alias or self.node.name).value

    @property
    def is_known_object(self) -> bool:
        """Does it answer objects of which the contract knows fields?"""
        return is_composite_type(self.type) and PLACEHOLDER not in getattr(self.type, "fields", {})


class _Reader(Visitor):
    """Gathers the fields and the uses of variables, each with its type."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.fields: list[Selected] = []
        self.uses: list[tuple[str, Any]] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self.fields.append(Selected(node, self._info.get_parent_type(), self._info.get_field_def()))

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        if self._info.get_argument() is not None:
            self.uses.append((node.name.value, self._info.get_input_type()))


def tree_of(sending: Sending) -> DocumentNode:
    """The request's document. Nodes are frozen, so many faults begin with the same tree."""
    return _tree(sending.query)


@lru_cache(maxsize=1024)
def _tree(query: str) -> DocumentNode:
    return parse(query, no_location=True)


def send(sending: Sending, tree: DocumentNode) -> bool:
    """Makes the tree the request's document; True, so that a fault can end with it."""
    sending.body["query"] = print_ast(tree)
    return True


def operation_of(tree: DocumentNode) -> OperationDefinitionNode:
    """The first operation."""
    return next(each for each in tree.definitions if isinstance(each, OperationDefinitionNode))


def selected(sending: Sending, tree: DocumentNode) -> list[Selected]:
    """Every field of the document on a known type, parents before children."""
    return [each for each in _read(sending, tree).fields if each.parent is not None]


def variable_uses(sending: Sending, tree: DocumentNode) -> list[tuple[str, Any]]:
    """Every use of a variable in an argument, with the type that belongs there."""
    return [each for each in _read(sending, tree).uses if each[1] is not None]


def choose(sending: Sending, fields: Iterator[Selected]) -> Selected | None:
    """One of the fields, by the seed; None when there is none."""
    found = list(fields)
    return sending.random.choice(found) if found else None


def objects(sending: Sending, tree: DocumentNode) -> Iterator[Selected]:
    """The fields with a selection on a type of which fields are known."""
    return (each for each in selected(sending, tree) if each.is_known_object and each.node.selection_set is not None)


def replaced(tree: DocumentNode, old: Node, new: Node) -> DocumentNode:
    """The document with one node in the place of another."""

    class _Replacing(Visitor):
        def enter(self, node: Node, *_: Any) -> Node | None:
            return new if node is old else None

    made: DocumentNode = visit(tree, _Replacing())
    return made


def with_definitions(tree: DocumentNode, text: str, *, first: bool = False) -> DocumentNode:
    """The document with more definitions, written as text."""
    more = parse(text, no_location=True).definitions
    return replace(tree, definitions=(*more, *tree.definitions) if first else (*tree.definitions, *more))


def selections(text: str) -> tuple[SelectionNode, ...]:
    """Selections written as text, without the braces around them."""
    definition = parse("{ " + text + " }", no_location=True).definitions[0]
    assert isinstance(definition, OperationDefinitionNode)  # noqa: S101 - so it was written
    return definition.selection_set.selections


def select_more(tree: DocumentNode, field: Selected | OperationDefinitionNode, text: str) -> DocumentNode:
    """The document with more selections at the end of a field's, or of the operation's."""
    node = field.node if isinstance(field, Selected) else field
    had = node.selection_set.selections if node.selection_set is not None else ()
    chosen = SelectionSetNode(selections=(*had, *selections(text)))
    return replaced(tree, node, replace(node, selection_set=chosen))


def example_selection(type_: Any) -> str:
    """What to write after a field of this type: nothing for a leaf."""
    return " { __typename }" if is_composite_type(get_named_type(type_)) else ""


def inline_variables(sending: Sending) -> bool:
    """Writes the variables' values into the document; False when there are none, or they cannot be written there."""
    tree = tree_of(sending)
    operation = operation_of(tree)
    literals: dict[str, ConstValueNode] = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        if name in sending.variables:
            type_ = type_from_ast(sending.contract.schema, definition.type)
            literals[name] = literal(type_, sending.variables[name])
    if not literals:
        return False

    class _Inlining(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> Node | None:
            return literals.get(node.name.value)

    kept = [each for each in operation.variable_definitions or () if each.variable.name.value not in literals]
    bare = replaced(tree, operation, replace(operation, variable_definitions=tuple(kept)))
    sending.body["variables"] = {}
    made: DocumentNode = visit(bare, _Inlining())
    return send(sending, made)


def literal(type_: Any, value: Any) -> ConstValueNode:  # noqa: PLR0911 - one return a kind of value
    """A JSON value as it is written in a document, where a value of this type belongs."""
    nullable = get_nullable_type(type_) if type_ is not None else None
    named = get_named_type(type_) if type_ is not None else None
    match value:
        case None:
            return NullValueNode()
        case bool():
            return BooleanValueNode(value=value)
        case int():
            return IntValueNode(value=str(value))
        case float():
            return FloatValueNode(value=repr(value))
        case str():
            is_name = isinstance(named, GraphQLEnumType) and _NAME.fullmatch(value)
            return EnumValueNode(value=value) if is_name else StringValueNode(value=value)
        case list():
            item = nullable.of_type if is_list_type(nullable) else type_
            return ConstListValueNode(values=tuple(literal(item, each) for each in value))
        case _:
            members = named.fields if isinstance(named, GraphQLInputObjectType) else {}
            return ConstObjectValueNode(
                fields=tuple(
                    ConstObjectFieldNode(
                        name=NameNode(value=key), value=literal(members[key].type if key in members else None, each)
                    )
                    for key, each in value.items()
                )
            )


def copied(node: _N, **changes: Any) -> _N:
    """The node with other parts; nodes are frozen."""
    return replace(node, **changes)


def _read(sending: Sending, tree: DocumentNode) -> _Reader:
    info = TypeInfo(sending.contract.schema)
    reader = _Reader(info)
    visit(tree, TypeInfoVisitor(info, reader))
    return reader
