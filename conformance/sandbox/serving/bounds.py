"""How much a document may ask for. No page states a bound of size, depth or complexity: all of these are our choice,
far above what documented examples need, and low enough that no request takes a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TokenKind,
)
from graphql.execution.executor import Executor

MAX_TOKENS: Final = 6_000
MAX_DEFINITIONS: Final = 200
MAX_NESTING: Final = 60
"""Brackets of any kind within each other: selections, lists, objects, arguments."""
MAX_DEPTH: Final = 40
MAX_FIELDS: Final = 2_000
"""Of one operation, fragments spread out."""
MAX_ROOT_FIELDS: Final = 100
MAX_SAME_FIELDS: Final = 20_000
"""Pairs of fields that stand in one place under one name: validation compares each with each."""
MAX_STEPS: Final = 10 * MAX_FIELDS
MAX_ANSWER_FIELDS: Final = 20_000

_OPENING: Final = frozenset((TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L))
_CLOSING: Final = frozenset((TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R))
TOO_DEEP: Final = f"the document is nested more than {MAX_DEPTH} levels deep"


class ExcessError(Exception):
    """Something asks for too much; the text says for what."""


def excess(document: DocumentNode) -> str:
    """Why a document is too much to validate and execute; empty when it is not."""
    if len(document.definitions) > MAX_DEFINITIONS:
        return f"the document has more than {MAX_DEFINITIONS} definitions"
    if _nesting(document) > MAX_NESTING:
        return TOO_DEEP
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    steps = _Steps()
    try:
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
                _Walk(fragments, steps).measure(definition.selection_set)
    except ExcessError as error:
        return str(error)
    return ""


def _nesting(document: DocumentNode) -> int:
    deepest = level = 0
    token = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind in _OPENING:
            level += 1
            deepest = max(deepest, level)
        elif token.kind in _CLOSING:
            level -= 1
        token = token.next
    return deepest


@dataclass
class _Steps:
    """What walking costs, of all definitions together: fragments within fragments multiply it."""

    taken: int = 0

    def take(self) -> None:
        self.taken += 1
        if self.taken > MAX_STEPS:
            raise ExcessError(f"the document asks for more than {MAX_FIELDS} fields")


@dataclass
class _Walk:
    """A definition with its fragments spread out. A place is where a field stands in the answer."""

    fragments: dict[str, FragmentDefinitionNode]
    steps: _Steps
    fields: int = 0
    pairs: int = 0
    _places: dict[tuple[int, str], int] = field(default_factory=dict)
    _times: dict[int, int] = field(default_factory=dict)

    def measure(self, selection: SelectionSetNode) -> None:
        """Raises ExcessError."""
        self._visit(selection, 0, 1, frozenset())
        if sum(parent == 0 for parent, _ in self._places) > MAX_ROOT_FIELDS:
            raise ExcessError(f"the document asks for more than {MAX_ROOT_FIELDS} fields at its root")

    def _visit(self, selection: SelectionSetNode, parent: int, depth: int, within: frozenset[str]) -> None:
        if depth > MAX_DEPTH:
            raise ExcessError(TOO_DEEP)
        for node in selection.selections:
            self.steps.take()
            if isinstance(node, FieldNode):
                place = self._count(node, parent)
                if node.selection_set is not None:
                    self._visit(node.selection_set, place, depth + 1, within)
            elif isinstance(node, InlineFragmentNode):
                self._visit(node.selection_set, parent, depth, within)
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                # A fragment within itself is left to validation, which says so.
                if name in self.fragments and name not in within:
                    self._visit(self.fragments[name].selection_set, parent, depth, within | {name})

    def _count(self, node: FieldNode, parent: int) -> int:
        name = (node.alias or node.name).value
        place = self._places.setdefault((parent, name), len(self._places) + 1)
        times = self._times.get(place, 0)
        self._times[place] = times + 1
        self.fields += 1
        self.pairs += times
        if self.fields > MAX_FIELDS:
            raise ExcessError(f"the document asks for more than {MAX_FIELDS} fields")
        if self.pairs > MAX_SAME_FIELDS:
            raise ExcessError("the document asks for the same fields too often")
        return place


class BoundedExecutor(Executor[Any]):
    """Executes until the answer has `MAX_ANSWER_FIELDS` fields; then `is_over` is true and the answer worthless.

    Lists multiply fields, introspection's own above all, so that the document alone does not tell.
    """

    answer_fields = 0

    @property
    def is_over(self) -> bool:
        """Was there more to answer than may be?"""
        return self.answer_fields > MAX_ANSWER_FIELDS

    def execute_fields(
        self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position_context: Any
    ) -> Any:
        self.answer_fields += len(grouped_field_set)
        if self.is_over:
            raise ExcessError
        return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
