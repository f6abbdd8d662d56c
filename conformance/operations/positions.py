"""Variables: is each of a type that fits the places where it is used?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNonNull,
    NamedTypeNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    is_nullable_type,
    type_from_ast,
)
from graphql.utilities import is_type_sub_type_of

from conformance.base.errors import SourcePosition
from conformance.contract.facts import Fact
from conformance.contract.model import Contract
from conformance.findings.model import Blame, Finding
from conformance.operations.document import DOCUMENT, ParsedDocument, document_finding
from conformance.operations.elsewhere import hint
from conformance.operations.finding import found, listed, near
from conformance.operations.selection import fact_of, is_unknown_scalar


@dataclass(frozen=True, slots=True)
class Usage:
    """One use of a variable: where it stands, what belongs there; `one_of` is the oneOf input whose field it fills."""

    name: str
    type_: Any
    has_default: bool
    one_of: str
    fact: Fact
    position: SourcePosition | None


class VariablePositions:
    """Gathers the uses of variables during a walk, and judges them against the definitions afterwards."""

    def __init__(self, contract: Contract, parsed: ParsedDocument, findings: list[Finding]) -> None:
        self._contract = contract
        self._schema = contract.schema
        self._fragments = dict(parsed.fragments)
        self._findings = findings
        self._uses: dict[int, list[Usage]] = {}
        self._current: list[Usage] = []
        self._names: dict[int, list[VariableNode]] = {}
        self._current_names: list[VariableNode] = []
        self._operations: list[OperationDefinitionNode] = []
        self._meant = parsed.operation
        self.facts: dict[str, tuple[Fact, ...]] = {}
        """Of each variable of the meant operation what its places ask beyond the type: tables, formats, bounds."""

    def enter(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> None:
        """A definition begins."""
        self._current = self._uses[id(node)] = []
        self._current_names = self._names[id(node)] = []
        if isinstance(node, OperationDefinitionNode):
            self._operations.append(node)

    def note(self, usage: Usage) -> None:
        """A variable is used in the definition that began last, where a value of a known type belongs."""
        self._current.append(usage)

    def name(self, node: VariableNode) -> None:
        """A variable is used in the definition that began last, wherever that is."""
        self._current_names.append(node)

    def judge(self) -> None:
        """Adds the findings of every operation of the document."""
        for operation in self._operations:
            uses = list(self._uses[id(operation)])
            names = list(self._names[id(operation)])
            waiting, seen = [operation.selection_set], set[str]()
            while waiting:
                for name in spread_names(waiting.pop()) - seen:
                    seen.add(name)
                    fragment = self._fragments.get(name)
                    if fragment is not None:
                        uses += self._uses.get(id(fragment), ())
                        names += self._names.get(id(fragment), ())
                        waiting.append(fragment.selection_set)
            definitions = operation.variable_definitions or ()
            for definition in definitions:
                name = definition.variable.name.value
                own = [use for use in uses if use.name == name]
                self._definition(definition, own)
                asked = {use.fact.coordinate: use.fact for use in own if _asks_more(use.fact)}
                if asked and operation is self._meant:
                    self.facts[name] = tuple(asked.values())
            self._defined_and_used(operation, definitions, names)

    def _defined_and_used(
        self,
        operation: OperationDefinitionNode,
        definitions: Sequence[VariableDefinitionNode],
        names: list[VariableNode],
    ) -> None:
        of = f" in {operation.name.value}" if operation.name else ""
        defined = {definition.variable.name.value for definition in definitions}
        used = {node.name.value for node in names}
        self._findings += [
            document_finding(
                "REQ-022",
                f"${node.name.value} is not defined{of}",
                node,
                path=(f"${node.name.value}",),
                expected=listed(f"${name}" for name in sorted(defined)) or "no variables",
                actual=f"${node.name.value}",
                fix=near(node.name.value, sorted(defined)) or f"Define ${node.name.value}",
            )
            for node in names
            if node.name.value not in defined
        ]
        self._findings += [
            document_finding(
                "REQ-023",
                f"${definition.variable.name.value} is never used{of}",
                definition,
                path=(f"${definition.variable.name.value}",),
                fix=f"Leave ${definition.variable.name.value} out",
            )
            for definition in definitions
            if definition.variable.name.value not in used
        ]

    def _definition(self, definition: VariableDefinitionNode, uses: list[Usage]) -> None:
        type_ = type_from_ast(self._schema, definition.type)
        if type_ is None:
            self._unknown(definition, uses)
            return
        name = definition.variable.name.value
        for use in uses:
            if is_unknown_scalar(get_named_type(use.type_)):
                continue
            if not self._fits(type_, definition, use):
                self._add(
                    "REQ-036", f"${name} is of type {type_} but stands where {use.type_} belongs", use, use.type_, type_
                )
            if use.one_of and is_nullable_type(type_):
                message = f"${name} may be null, but {use.one_of} takes exactly one field that is not"
                self._add("REQ-049", message, use, f"{type_}!", type_)

    def _fits(self, type_: Any, definition: VariableDefinitionNode, use: Usage) -> bool:
        """GraphQL's IsVariableUsageAllowed."""
        expected = use.type_
        if isinstance(expected, GraphQLNonNull) and not isinstance(type_, GraphQLNonNull):
            own = definition.default_value
            if (own is None or isinstance(own, NullValueNode)) and not use.has_default:
                return False
            expected = expected.of_type
        return is_type_sub_type_of(self._schema, type_, expected)

    def _add(self, rule: str, message: str, use: Usage, expected: object, actual: object) -> None:
        self._findings.append(
            found(
                rule,
                message,
                origin=DOCUMENT,
                path=(f"${use.name}",),
                coordinate=str(use.fact.coordinate),
                expected=str(expected),
                actual=str(actual),
                grade=use.fact.grade,
                source=use.fact.source,
                position=use.position,
                fix=f"Declare ${use.name}: {expected}",
                blame=Blame.CLIENT,
            )
        )

    def _unknown(self, definition: VariableDefinitionNode, uses: list[Usage]) -> None:
        named: Any = definition.type
        while not isinstance(named, NamedTypeNode):
            named = named.type
        name = named.name.value
        expected = sorted({get_named_type(use.type_).name for use in uses})
        inferred = all(one == "Unknown" or fact_of(self._contract, one).name_inferred for one in expected)
        similar = hint(self._contract, name) or near(name, list(self._schema.type_map))
        self._findings.append(
            document_finding(
                "REQ-034",
                f"there is no type {name} in version {self._contract.version}",
                named,
                path=(f"${definition.variable.name.value}",),
                coordinate=name,
                expected=" or ".join(expected),
                actual=name,
                fix=f"Declare it as {expected[0]}" if expected and not inferred else similar,
                unconfirmed="the documentation does not name the type that belongs here"
                if inferred and expected
                else "",
            )
        )


def _asks_more(fact: Fact) -> bool:
    return bool(fact.values or fact.format or fact.limit is not None)


def spread_names(selections: SelectionSetNode) -> set[str]:
    """The fragments that a selection spreads directly."""
    names: set[str] = set()
    waiting = [selections]
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                names.add(selection.name.value)
            else:
                nested = getattr(selection, "selection_set", None)
                if nested is not None:
                    waiting.append(nested)
    return names
