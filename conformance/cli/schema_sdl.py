"""SDL as this suite holds it, evidence directives included; a whole version of it can stand in as `judge --schema`."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    NameNode,
    ObjectTypeDefinitionNode,
    is_specified_directive,
    print_ast,
)
from graphql.utilities.print_schema import print_directive

from conformance.cli.schema_facts import find
from conformance.contract.model import Contract

_ROOTS = ("Query", "Mutation")


def sdl_of(contract: Contract, name: str | None) -> str:
    """The definition of a type, or of the operation or field `name`; of the whole version without a name.

    Raises InputError when the version has no such name.
    """
    if name is None:
        return "\n\n".join(_everything(contract)) + "\n"
    coordinate = find(contract, name)
    type_ = contract.schema.type_map[coordinate.type_name]
    if not coordinate.member:
        return _type(type_)
    fields = getattr(type_, "fields", None) or getattr(type_, "values", {})
    return print_ast(fields[coordinate.member].ast_node)


def _everything(contract: Contract) -> Iterator[str]:
    for directive in contract.schema.directives:
        if not is_specified_directive(directive):
            yield print_directive(directive)
    for type_ in contract.named_types():
        text = _type(type_)
        if text:
            yield text


def _type(type_: GraphQLNamedType) -> str:
    if type_.name in _ROOTS and isinstance(type_, GraphQLObjectType):
        return _root(type_)
    nodes = [type_.ast_node, *type_.extension_ast_nodes]
    return "\n\n".join(print_ast(node) for node in nodes if node is not None)


def _root(type_: GraphQLObjectType) -> str:
    """A root type with the fields that the interfaces' files bring, as one definition."""
    fields = tuple(field.ast_node for field in type_.fields.values() if field.ast_node is not None)
    if not fields:
        return ""
    return print_ast(ObjectTypeDefinitionNode(name=NameNode(value=type_.name), fields=fields))
