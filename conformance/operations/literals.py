"""Values written inside a document, as plain values: what an input judge needs of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from conformance.base.paths import JsonPath


class EnumLiteral(str):
    """A name without quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class VariableRef:
    """A variable inside a value."""

    name: str


def literal_value(node: ValueNode) -> Any:  # noqa: PLR0911 - one return a kind of value
    """The plain value; `EnumLiteral` for a bare name, `VariableRef` for a variable."""
    match node:
        case VariableNode():
            return VariableRef(node.name.value)
        case NullValueNode():
            return None
        case EnumValueNode():
            return EnumLiteral(node.value)
        case StringValueNode() | BooleanValueNode():
            return node.value
        case IntValueNode():
            return int(node.value) if len(node.value) < 1000 else Decimal(node.value)
        case FloatValueNode():
            return float(node.value)
        case ListValueNode():
            return [literal_value(item) for item in node.values]
        case ObjectValueNode():
            return {field.name.value: literal_value(field.value) for field in node.fields}
        case _:
            return None


def node_at(node: ValueNode, path: JsonPath) -> ValueNode:
    """The part of a value that a path leads to, or the last part before the path leaves it."""
    for part in path:
        nested: ValueNode | None = None
        if isinstance(node, ObjectValueNode):
            nested = next((field.value for field in node.fields if field.name.value == part), None)
        elif isinstance(node, ListValueNode) and isinstance(part, int) and part < len(node.values):
            nested = node.values[part]
        if nested is None:
            return node
        node = nested
    return node
