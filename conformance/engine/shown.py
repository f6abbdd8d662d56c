"""What an answer, or an event's data, shows of a contract: fields, nulls, values, members of unions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Protocol

from graphql import GraphQLNamedType, GraphQLObjectType, get_named_type, is_abstract_type, is_leaf_type

from conformance.base.paths import JsonPath
from conformance.contract.leaves import Leaf, leaf_of
from conformance.contract.model import PLACEHOLDER, Contract
from conformance.engine.inventory import NULL, VALUE, Kind, Mark, member
from conformance.operations.selection import TYPENAME, FieldPlan, ObjectPlan, Variant, nullability


class Node(Protocol):
    """What may stand at a place of an answer."""

    def open(self, value: Mapping[str, Any]) -> Opened | None:
        """What the object there shows, None when its type cannot be told."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """What a key of an object shows. `field` is None for `__typename`; `null` and `value` are None where null may not
    stand. `depth` is that of its lists. `values` are the marks of the values of an enum or a table.
    """

    field: Mark | None = None
    null: Mark | None = None
    value: Mark | None = None
    depth: int = 0
    values: Mapping[str, Mark] | None = None
    child: Node | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """An object whose type is known. `member` says for which union or interface it stands, None for neither.

    `telling` are the type's name and the keys that not all types there have: who looks at one looks at the type.
    """

    rows: Mapping[str, Row]
    member: Mark | None = None
    telling: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class PlanNode:
    """An object of an answer, as its document selects it."""

    plan: ObjectPlan
    root: str = ""
    """The root type's name: its fields are operations. Empty below it."""

    def open(self, value: Mapping[str, Any]) -> Opened | None:
        variant = _variant(self.plan, value)
        return None if variant is None else _opened(self.plan, variant, self.root)


@lru_cache(maxsize=4096)
def plan_node(plan: ObjectPlan, root: str = "") -> PlanNode:
    """The node of a plan, one for each plan."""
    return PlanNode(plan, root)


def _variant(plan: ObjectPlan, value: Mapping[str, Any]) -> Variant | None:
    if len(plan.variants) == 1:
        return plan.variants[0]
    if plan.typename_key:
        name = value.get(plan.typename_key)
        return next((one for one in plan.variants if one.type_name == name), None)
    fitting = [one for one in plan.variants if one.by_key.keys() == value.keys()]
    return fitting[0] if len(fitting) == 1 else None


@lru_cache(maxsize=4096)
def _opened(plan: ObjectPlan, variant: Variant, root: str) -> Opened:
    rows = {one.key: _row(one, is_operation=bool(root)) for one in variant.fields}
    if not plan.is_abstract:
        return Opened(rows)
    common = plan.common.by_key if plan.common is not None and len(plan.variants) > 1 else {}
    telling = {one.key for one in variant.fields if one.key not in common or one.name == TYPENAME}
    return Opened(rows, member(plan.type_name, variant.type_name), frozenset(telling))


def _row(plan: FieldPlan, *, is_operation: bool) -> Row:
    child = plan_node(plan.child) if plan.child is not None else None
    depth = len(plan.nullable) - 1
    if plan.name.startswith("__"):
        return Row()
    if is_operation:
        return Row((Kind.OPERATIONS, plan.name), None, None, depth, _marks_of(plan.leaf), child)
    return _field_row(plan.coordinate, plan.nullable, _marks_of(plan.leaf), child)


def _field_row(
    coordinate: str, nullable: tuple[bool, ...], values: Mapping[str, Mark] | None, child: Node | None
) -> Row:
    may_be_null = nullable[0]
    return Row(
        (Kind.FIELDS, coordinate),
        (Kind.NULLS, coordinate + NULL) if may_be_null else None,
        (Kind.NULLS, coordinate + VALUE) if may_be_null else None,
        len(nullable) - 1,
        values,
        child,
    )


def _marks_of(leaf: Leaf | None) -> Mapping[str, Mark] | None:
    if leaf is None or leaf.members is None:
        return None
    return value_marks(leaf)


@lru_cache(maxsize=1024)
def value_marks(leaf: Leaf) -> Mapping[str, Mark]:
    """The marks of the values that an enum, or a text held to a table, may have."""
    kind, name = (Kind.TABLE_VALUES, leaf.table) if leaf.table else (Kind.ENUM_VALUES, leaf.type_name)
    return {value: (kind, f"{name}.{value}") for value in leaf.members or ()}


@dataclass(frozen=True, slots=True, eq=False)
class TypeNode:
    """An object of an event's data: there is no selection, so any field of its type may stand there."""

    contract: Contract
    type_: GraphQLNamedType

    def open(self, value: Mapping[str, Any]) -> Opened | None:
        if isinstance(self.type_, GraphQLObjectType):
            return _opened_type(self.contract, self.type_)
        types = self.contract.schema.get_possible_types(self.type_) if is_abstract_type(self.type_) else ()
        name = value.get(TYPENAME)
        fitting = [one for one in types if name in (None, one.name) and value.keys() <= {*one.fields, TYPENAME}]
        if len(fitting) != 1:
            return None
        rows = _opened_type(self.contract, fitting[0]).rows
        return Opened(rows, member(self.type_.name, fitting[0].name), frozenset((TYPENAME, *rows)))


@lru_cache(maxsize=2048)
def type_node(contract: Contract, type_: GraphQLNamedType) -> TypeNode:
    """The node of a type, one for each type."""
    return TypeNode(contract, type_)


@lru_cache(maxsize=2048)
def _opened_type(contract: Contract, type_: GraphQLObjectType) -> Opened:
    rows: dict[str, Row] = {}
    is_root = type_ is contract.schema.query_type
    for name, field in type_.fields.items():
        if name == PLACEHOLDER:
            continue
        named = get_named_type(field.type)
        child = None if is_leaf_type(named) else type_node(contract, named)
        leaf = leaf_of(contract, named, contract.fact(type_.name, name)) if is_leaf_type(named) else None
        row = _field_row(f"{type_.name}.{name}", nullability(field.type), _marks_of(leaf), child)
        # Events print lists where answers have single objects. Their data stands under a query that nobody sent.
        depth = row.depth + 1
        rows[name] = Row(depth=depth, child=row.child) if is_root else replace(row, depth=depth)
    return Opened(rows)


def see(node: Node, value: Any, marks: set[Mark], depth: int = 0) -> None:
    """Adds everything that a value shows, down to its leaves. Never raises because of what the value holds."""
    for item in _items(value, depth):
        if isinstance(item, dict):
            opened = node.open(item)
            if opened is None:
                continue
            if opened.member is not None:
                marks.add(opened.member)
            rows = opened.rows
            for key, nested in item.items():
                row = rows.get(key)
                if row is not None:
                    _see_row(row, nested, marks)


def _see_row(row: Row, value: Any, marks: set[Mark]) -> None:
    _touch(row, value, marks)
    if value is None:
        return
    if row.child is not None:
        see(row.child, value, marks, row.depth)
    elif row.values is not None:
        _see_values(row, value, marks)


def _touch(row: Row, value: Any, marks: set[Mark]) -> None:
    """The field itself, and whether it is null."""
    if row.field is not None:
        marks.add(row.field)
    half = row.null if value is None else row.value
    if half is not None:
        marks.add(half)


def _see_values(row: Row, value: Any, marks: set[Mark]) -> None:
    for item in _items(value, row.depth):
        mark = row.values.get(item) if row.values is not None and isinstance(item, str) else None
        if mark is not None:
            marks.add(mark)


def _items(value: Any, depth: int) -> Iterator[Any]:
    if depth > 0 and isinstance(value, list):
        for item in value:
            yield from _items(item, depth - 1)
    else:
        yield value


ALONG: Final = 100
"""Longer paths are not followed; no scenario's is."""


def see_along(node: Node, value: Any, path: JsonPath, marks: set[Mark], *, whole: bool) -> None:
    """Adds what stands on the way to a place, and at its end the field; with `whole` all that is below as well."""
    row, here = Row(child=node), value
    for part in path[:ALONG]:
        if isinstance(part, int):
            if not isinstance(here, list) or part >= len(here):
                return
            here = here[part]
            continue
        opened = row.child.open(here) if row.child is not None and isinstance(here, dict) else None
        if opened is None or part not in opened.rows or part not in here:
            return
        if opened.member is not None and part in opened.telling:
            marks.add(opened.member)
        row, here = opened.rows[part], here[part]
        _touch(row, here, marks)
    if whole and row.child is not None:
        see(row.child, here, marks, row.depth)
    elif whole:
        _see_values(row, here, marks)
