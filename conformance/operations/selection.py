"""A selection, worked out: which keys an answer has at each object, and what each of them has to be.

Fragments are spread, fields with one response name merged, `@skip` and `@include` decided. Selections that are used
in several places are worked out once, so a document whose fragments multiply stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

from conformance.base.coordinates import SchemaCoordinate
from conformance.contract.facts import Fact
from conformance.contract.leaves import Leaf, acceptor, leaf_of, whole_type
from conformance.contract.model import PLACEHOLDER, Contract
from conformance.findings.model import Grade

TYPENAME: Final = "__typename"
MAX_PLANS: Final = 20_000


class SelectionTooLargeError(Exception):
    """The selection has more objects than are judged."""


@dataclass(frozen=True, slots=True, eq=False)
class FieldPlan:
    """One key of an answer's object.

    `nullable` says for each list level, outermost first, and at last for the item whether null may stand there; so
    `len(nullable) - 1` is the depth of lists. Exactly one of `leaf` and `child` is set, unless the field is `opaque`:
    then its items are not judged.
    """

    key: str
    name: str
    coordinate: str
    type_text: str
    fact: Fact
    nullable: tuple[bool, ...]
    leaf: Leaf | None = None
    child: ObjectPlan | None = None
    opaque: bool = False
    accept: Callable[[Any], bool] = lambda _: True


Row: TypeAlias = "tuple[str, type | None, bool, bool, Callable[[Any], bool], ObjectPlan | None, FieldPlan]"
"""What the walker asks of a field first: its key, the Python type all of whose values will do (None: there is none), is
it a single leaf, may it be null, the check of a leaf's value, the plan of a single object of one type, the field."""


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """The keys of an object whose runtime type is known, in the order of the selection.

    `name_inferred`: the type's name is not documented. `any_name`: nothing is known of the name, as an interface
    without known implementations stands for it.
    """

    type_name: str
    fields: tuple[FieldPlan, ...]
    by_key: Mapping[str, FieldPlan]
    name_inferred: bool = False
    any_name: bool = False
    known: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ObjectPlan:
    """The object at one place of an answer.

    A concrete type has one variant. An interface or union has one for each type that it may be. `typename_key` is the
    key that tells them apart, where every variant selects one; else the object is one of the `candidates`. `common` is
    what an object of a type that the contract does not know must have.
    """

    type_name: str
    variants: tuple[Variant, ...]
    is_abstract: bool = False
    partial: str = ""
    grade: Grade = Grade.SPECIFICATION
    source: str = ""
    typename_key: str = ""
    common: Variant | None = None
    candidates: tuple[Variant, ...] = ()
    allowed: frozenset[str] = field(default_factory=frozenset)
    """Every key that some variant has."""


def fact_of(contract: Contract, type_name: str, member: str = "", argument: str = "") -> Fact:
    """As `Contract.fact`; for what GraphQL itself defines (`__typename`, introspection) a fact of the specification."""
    try:
        return contract.fact(type_name, member, argument)
    except KeyError:
        return Fact(SchemaCoordinate(type_name, member, argument), Grade.SPECIFICATION, "GraphQL: Introspection")


def is_placeholder(type_: GraphQLNamedType) -> bool:
    """Is it a type of which no field is known?"""
    fields: Mapping[str, object] = getattr(type_, "fields", {})
    return len(fields) == 1 and PLACEHOLDER in fields


def is_unknown_scalar(type_: GraphQLNamedType) -> bool:
    """Is it the scalar that stands for a type which no page states?"""
    return type_.name == "Unknown"


class SelectionPlanner:
    """Works out selections of one document. `decide` tells the value of a variable of `@skip` and `@include`."""

    def __init__(
        self,
        contract: Contract,
        fragments: Mapping[str, FragmentDefinitionNode],
        decide: Callable[[str], bool],
    ) -> None:
        self._contract = contract
        self._schema = contract.schema
        self._fragments = fragments
        self._decide = decide
        self._known: dict[tuple[str, tuple[int, ...]], ObjectPlan] = {}

    def plan(self, type_: GraphQLCompositeType, selections: tuple[SelectionSetNode, ...]) -> ObjectPlan:
        """The object that stands where `type_` is declared. Raises SelectionTooLargeError."""
        key = (type_.name, tuple(map(id, selections)))
        plan = self._known.get(key)
        if plan is None:
            if len(self._known) >= MAX_PLANS:
                raise SelectionTooLargeError
            plan = self._known[key] = self._make(type_, selections)
        return plan

    def _make(self, type_: GraphQLCompositeType, selections: tuple[SelectionSetNode, ...]) -> ObjectPlan:
        fact = fact_of(self._contract, type_.name)
        possible: Sequence[GraphQLCompositeType] = ()
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            possible = self._schema.get_possible_types(type_)
        abstract = bool(possible)
        possible = possible or (type_,)
        variants = tuple(self._variant(one, selections) for one in possible)
        common = _common(type_.name, variants) if abstract else None
        return ObjectPlan(
            type_name=type_.name,
            variants=variants,
            is_abstract=abstract,
            partial=fact.partial,
            grade=fact.grade,
            source=fact.source,
            typename_key=_typename_key(variants),
            common=common,
            candidates=_distinct((*variants, common) if common is not None and fact.partial else variants),
            allowed=frozenset(key for variant in variants for key in variant.by_key),
        )

    def _variant(self, type_: GraphQLCompositeType, selections: tuple[SelectionSetNode, ...]) -> Variant:
        grouped: dict[str, list[FieldNode]] = {}
        visited: set[str] = set()
        for selection in selections:
            self._collect(type_, selection, grouped, visited)
        fields = tuple(self._field(type_, key, nodes) for key, nodes in grouped.items())
        inferred = fact_of(self._contract, type_.name).name_inferred
        any_name = not isinstance(type_, GraphQLObjectType)
        known = frozenset(getattr(type_, "fields", ())) - {PLACEHOLDER}
        by_key = {plan.key: plan for plan in fields}
        return Variant(type_.name, fields, by_key, inferred, any_name, known, _rows(fields))

    def _collect(
        self,
        type_: GraphQLCompositeType,
        selections: SelectionSetNode,
        grouped: dict[str, list[FieldNode]],
        visited: set[str],
    ) -> None:
        """GraphQL's CollectFields for one runtime type."""
        for node in selections.selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                grouped.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                if condition is None or self._applies(condition.name.value, type_):
                    self._collect(type_, node.selection_set, grouped, visited)
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                fragment = self._fragments.get(name)
                if fragment is None or name in visited:
                    continue
                visited.add(name)
                if self._applies(fragment.type_condition.name.value, type_):
                    self._collect(type_, fragment.selection_set, grouped, visited)

    def _applies(self, condition: str, type_: GraphQLCompositeType) -> bool:
        if condition == type_.name:
            return True
        wanted = self._schema.type_map.get(condition)
        return (
            wanted is not None
            and is_abstract_type(wanted)
            and isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
            and self._schema.is_sub_type(wanted, type_)
        )

    def _is_included(self, node: Any) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name not in ("skip", "include"):
                continue
            condition = next((a.value for a in directive.arguments or () if a.name.value == "if"), None)
            if isinstance(condition, VariableNode):
                value = self._decide(condition.name.value)
            elif isinstance(condition, BooleanValueNode):
                value = condition.value
            else:
                continue
            if value == (name == "skip"):
                return False
        return True

    def _field(self, parent: GraphQLCompositeType, key: str, nodes: list[FieldNode]) -> FieldPlan:
        name = nodes[0].name.value
        definition = self._schema.get_field(parent, name)
        coordinate = f"{parent.name}.{name}"
        if definition is None or name == PLACEHOLDER:
            fact = fact_of(self._contract, parent.name)
            return FieldPlan(key, name, coordinate, "unknown", fact, (True,), opaque=True)
        fact = fact_of(self._contract, parent.name, name)
        if name == TYPENAME:
            leaf = Leaf("String", "string")
            return FieldPlan(key, name, coordinate, "String!", fact, (False,), leaf=leaf, accept=acceptor(leaf))
        return self._known_field(key, name, coordinate, definition, fact, nodes)

    def _known_field(
        self, key: str, name: str, coordinate: str, definition: GraphQLField, fact: Fact, nodes: list[FieldNode]
    ) -> FieldPlan:
        type_ = get_named_type(definition.type)
        nullable = nullability(definition.type)
        text = str(definition.type)
        selections = tuple(node.selection_set for node in nodes if node.selection_set is not None)
        opaque = not selections or is_placeholder(type_) if is_composite_type(type_) else bool(selections)
        if opaque:
            return FieldPlan(key, name, coordinate, text, fact, nullable, opaque=True)
        if is_composite_type(type_):
            child = self.plan(type_, selections)
            return FieldPlan(key, name, coordinate, text, fact, nullable, child=child)
        leaf = leaf_of(self._contract, type_, fact)
        return FieldPlan(key, name, coordinate, text, fact, nullable, leaf=leaf, accept=acceptor(leaf))


def nullability(type_: GraphQLOutputType) -> tuple[bool, ...]:
    """For each list level, outermost first, and for the item: may null stand there?"""
    levels: list[bool] = []
    while True:
        nullable = not is_non_null_type(type_)
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        levels.append(nullable)
        if not is_list_type(type_):
            return tuple(levels)
        type_ = type_.of_type


def _typename_key(variants: tuple[Variant, ...]) -> str:
    """A key under which every variant selects `__typename`; empty when there is none."""
    keys: set[str] | None = None
    for variant in variants:
        own = {plan.key for plan in variant.fields if plan.name == TYPENAME}
        keys = own if keys is None else keys & own
    if not keys:
        return ""
    return TYPENAME if TYPENAME in keys else min(keys)


def _common(type_name: str, variants: tuple[Variant, ...]) -> Variant:
    """The keys that every variant has: what an object of an unknown type must have at least."""
    first, *others = variants
    fields = tuple(plan for plan in first.fields if all(plan.key in other.by_key for other in others))
    by_key = {plan.key: plan for plan in fields}
    return Variant(type_name, fields, by_key, any_name=True, rows=_rows(fields))


def _distinct(variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
    """The variants that an object without `__typename` can be told from: of several alike the first."""
    shapes: dict[tuple[object, ...], Variant] = {}
    for variant in variants:
        shape = tuple(
            (field.key, field.nullable, field.leaf, id(field.child), field.opaque) for field in variant.fields
        )
        shapes.setdefault(shape, variant)
    return tuple(shapes.values())


def _rows(fields: tuple[FieldPlan, ...]) -> tuple[Row, ...]:
    leaves = [field.leaf is not None and len(field.nullable) == 1 and field.name != TYPENAME for field in fields]
    return tuple(
        (
            field.key,
            whole_type(field.leaf) if is_leaf and field.leaf is not None else None,
            is_leaf,
            field.nullable[0],
            field.accept,
            field.child if len(field.nullable) == 1 and field.child and not field.child.is_abstract else None,
            field,
        )
        for is_leaf, field in zip(leaves, fields, strict=True)
    )
