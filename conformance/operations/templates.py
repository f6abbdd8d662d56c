"""Documents that differ in their literal values alone share one compilation.

Clients that write values into the document send a new text each time. What such a text says beyond its values was
worked out when the first of its kind came; of the next ones only the values are judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from graphql import (
    FloatValueNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
)

from conformance.contract.facts import Fact
from conformance.contract.model import Contract
from conformance.operations.inputs import InputJudge

Slot: TypeAlias = tuple[GraphQLInputType, Fact] | None
"""What a literal has to be: None where anything goes."""

_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r'|(?P<string>"(?:[^"\\\n\r]|\\.)*")'
    r"|#[^\n\r]*"
    r"|[A-Za-z_]\w*"
    r"|(?P<number>(?<![\w.])-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Literals:
    """A document taken apart: the text with marks for its literals, and the literals with their offsets."""

    text: str
    tokens: tuple[str, ...]
    offsets: tuple[int, ...]


def take_apart(document: str) -> Literals:
    """Takes the strings and numbers out of a document. Block strings stay: they may hold line breaks of any kind."""
    tokens: list[str] = []
    offsets: list[int] = []

    def mark(match: re.Match[str]) -> str:
        kind = match.lastgroup
        if kind is None:
            return match[0]
        token = match[0]
        tokens.append(token)
        offsets.append(match.start())
        if kind == "string":
            return "§S"
        return "§F" if any(letter in token for letter in ".eE") else "§I"

    return Literals(_TOKEN.sub(mark, document), tuple(tokens), tuple(offsets))


def slots_of(contract: Contract, type_: Any, node: ValueNode, fact: Fact) -> Iterator[tuple[int, Slot]]:
    """Offset and slot of each string and number within a value."""
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if isinstance(node, ListValueNode):
        item = type_.of_type if isinstance(type_, GraphQLList) else None
        for value in node.values:
            yield from slots_of(contract, item, value, fact)
    elif isinstance(type_, GraphQLList):
        yield from slots_of(contract, type_.of_type, node, fact)
    elif isinstance(node, ObjectValueNode):
        fields = type_.fields if isinstance(type_, GraphQLInputObjectType) else {}
        for field in node.fields:
            name = field.name.value
            known = fields.get(name)
            inner = contract.fact(type_.name, name) if known is not None else fact
            yield from slots_of(contract, known.type if known is not None else None, field.value, inner)
    elif isinstance(node, StringValueNode | IntValueNode | FloatValueNode) and node.loc is not None:
        yield node.loc.start, None if type_ is None else (type_, fact)


def slots_in_order(literals: Literals, slots: Mapping[int, Slot]) -> tuple[Slot, ...] | None:
    """The slot of each literal of a document. None when there is a literal that no slot is known of."""
    if any(offset not in slots for offset in literals.offsets):
        return None
    return tuple(slots[offset] for offset in literals.offsets)


def literals_fit(contract: Contract, literals: Literals, slots: tuple[Slot, ...]) -> bool:
    """Is every literal faultless for certain? False also when only a whole compilation can tell."""
    judge = InputJudge(contract, "document", in_document=True)
    for token, slot in zip(literals.tokens, slots, strict=True):
        value: Any
        if token[0] == '"':
            if "\\" in token or not token.isprintable():
                return False
            value = token[1:-1]
        elif len(token) > 30:
            return False
        else:
            value = float(token) if any(letter in token for letter in ".eE") else int(token)
        if slot is not None:
            judge.judge(slot[0], value, (), slot[1])
            if judge.findings:
                return False
    return True
