"""The shape of an event's data: a GraphQL selection on the query type, with notes on evidence and deviations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graphql import (
    DirectiveNode,
    EnumValueNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from conformance.base.errors import InternalError
from conformance.findings.model import Grade
from conformance.findings.wording import weaker

LIST: Final = "LIST"
OBJECT: Final = "OBJECT"
STRING: Final = "STRING"
_PRINTED: Final = frozenset({LIST, OBJECT, STRING})


@dataclass(frozen=True, slots=True)
class ShapeField:
    """A field that an event carries.

    `printed` has the shapes that an event page prints although the GraphQL type has another: LIST for an object,
    OBJECT for a list, STRING for a number. They are accepted beside the type's own shape. `is_shown` is False for what
    the page, as far as it was read, does not show: nobody misses it.
    """

    name: str
    grade: Grade
    printed: frozenset[str] = frozenset()
    fields: tuple[ShapeField, ...] = ()
    is_shown: bool = True

    def child(self, name: str) -> ShapeField | None:
        """The field of this name below."""
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True, slots=True)
class DataShape:
    """The documented content of a filled `data`. Not `complete`: the page was read in part, `why` says how far."""

    grade: Grade
    source: str
    complete: bool
    why: str
    selection: str
    fields: tuple[ShapeField, ...]


def parse_selection(text: str, grade: Grade) -> tuple[ShapeField, ...]:
    """The fields of a selection; `grade` is that of each but the `@inferred` ones. Raises InternalError: it is ours."""
    try:
        (definition,) = parse(text).definitions
    except (GraphQLError, ValueError) as error:
        raise InternalError(f"events.yaml has a selection that is none: {error}") from error
    if not isinstance(definition, OperationDefinitionNode):
        raise InternalError("events.yaml has a selection that is no query")
    return _fields(definition.selection_set, grade, is_shown=True)


def _fields(selections: SelectionSetNode | None, grade: Grade, *, is_shown: bool) -> tuple[ShapeField, ...]:
    fields = []
    for node in selections.selections if selections else ():
        if not isinstance(node, FieldNode):
            raise InternalError("events.yaml has a selection with a fragment")
        marks = {directive.name.value: directive for directive in node.directives or ()}
        here = is_shown and "inferred" not in marks
        own = grade if here else weaker(grade, Grade.INFERRED)
        printed = frozenset({_shape_name(marks["printed"])}) if "printed" in marks else frozenset()
        below = _fields(node.selection_set, own, is_shown=here)
        fields.append(ShapeField(node.name.value, own, printed, below, here))
    return tuple(fields)


def _shape_name(directive: DirectiveNode) -> str:
    for argument in directive.arguments or ():
        if (
            argument.name.value == "as"
            and isinstance(argument.value, EnumValueNode)
            and argument.value.value in _PRINTED
        ):
            return argument.value.value
    raise InternalError("events.yaml has @printed without as: LIST, OBJECT or STRING")
