"""An operation, worked out once against a contract, to judge any number of its requests and answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from copy import copy
from functools import lru_cache
from typing import Any, Final

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    is_composite_type,
    parse,
)

from conformance.base.coordinates import SchemaCoordinate
from conformance.base.errors import InputError
from conformance.contract.facts import Fact
from conformance.contract.model import Contract
from conformance.findings.model import Finding, Grade
from conformance.operations.document import (
    MAX_TOKENS,
    ParsedDocument,
    document_finding,
    parse_document,
    reachable_fragments,
)
from conformance.operations.fast import AnswerDecoder, decoder_for
from conformance.operations.selection import ObjectPlan, SelectionPlanner, SelectionTooLargeError
from conformance.operations.templates import Literals, Slot, literals_fit, slots_in_order, take_apart
from conformance.operations.validate import validate_document

MAX_ASSIGNMENTS: Final = 64
CACHE_SIZE: Final = 1024
MAX_TEMPLATE_CHARACTERS: Final = 50_000

_UNPLANNABLE: Final = frozenset(("REQ-002", "REQ-019"))


class AnswerJudge:
    """A selection with every `@skip` and `@include` decided, and the decoder made of it at its first use.

    `cache` holds what other modules work out once for it.
    """

    __slots__ = ("_decoder", "_is_built", "cache", "plan")

    def __init__(self, plan: ObjectPlan) -> None:
        self.plan = plan
        self.cache: dict[str, Any] = {}
        self._decoder: AnswerDecoder | None = None
        self._is_built = False

    @property
    def decoder(self) -> AnswerDecoder | None:
        """Decodes an answer, and refuses one that is not clean. None when the selection makes no decoder."""
        if not self._is_built:
            self._decoder = decoder_for(self.plan)
            self._is_built = True
        return self._decoder


class CompiledOperation:
    """One operation of a document against one contract. Made by `compile_operation`; treat as frozen.

    `request_findings`: everything that the document alone says. `operation_type`: query, mutation or subscription,
    empty when the document does not tell. `root_fields`: the names of the selected root fields. `coordinates`: every
    field, argument, input field and enum value that the document uses. `grades`: how many of them rest on which
    evidence. `variable_facts`: of each variable what the places where it is used ask beyond its type. `cache` holds
    what other modules work out once for it.
    """

    def __init__(self, document: str, operation_name: str | None, contract: Contract) -> None:
        self.contract = contract
        self.document = document
        self.operation_name = operation_name
        self.is_copy = False
        self.cache: dict[str, Any] = {}
        parsed = parse_document(document, operation_name)
        self.operation = parsed.operation
        self.operation_type: str = parsed.operation.operation.value if parsed.operation else ""
        self.root_fields: tuple[str, ...] = _root_fields(parsed)
        self.plain_judge: AnswerJudge | None = None
        self._fragments = dict(parsed.fragments)
        self._conditions = _conditions(parsed)
        self._judges: dict[tuple[bool, ...], AnswerJudge] = {}
        findings, used = list(parsed.findings), dict[SchemaCoordinate, Fact]()
        self.slots: Mapping[int, Slot] = {}
        self.variable_facts: Mapping[str, tuple[Fact, ...]] = {}
        if parsed.tree is not None:
            more, usage = validate_document(parsed, parsed.tree, contract)
            findings += more
            used, self.slots, self.variable_facts = usage.coordinates, usage.slots, usage.variable_facts
        if any(finding.rule in _UNPLANNABLE for finding in findings):
            self.operation = None
        self.coordinates: frozenset[SchemaCoordinate] = frozenset(used)
        self.grades: Counter[Grade] = Counter(fact.grade for fact in used.values())
        try:
            first = self._judge((False,) * len(self._conditions))
            if not self._conditions:
                self.plain_judge = first
        except (SelectionTooLargeError, RecursionError):
            self.operation = None
            findings.append(document_finding("REQ-002", "the selection is too large or too deep to be judged"))
        self.request_findings: tuple[Finding, ...] = tuple(findings)

    def __repr__(self) -> str:
        return f"CompiledOperation({self.operation_type} {', '.join(self.root_fields)})"

    def with_document(self, document: str) -> CompiledOperation:
        """The same operation with other literal values; the syntax tree stays that of the first."""
        other = copy(self)
        other.document = document
        other.is_copy = True
        return other

    @property
    def syntax(self) -> tuple[OperationDefinitionNode, Mapping[str, FragmentDefinitionNode]] | None:
        """The operation and the fragments as this very document has them, where they are known."""
        return None if self.operation is None or self.is_copy else (self.operation, self._fragments)

    @property
    def conditions(self) -> tuple[str, ...]:
        """The variables that decide `@skip` and `@include`."""
        return tuple(name for name, _ in self._conditions)

    @property
    def is_judgeable(self) -> bool:
        """Is the selection known, so that the data of an answer can be judged?"""
        return self.operation is not None and self._root_type() is not None

    def judge_for(self, variables: Mapping[str, Any] | None) -> AnswerJudge | None:
        """What judges the answer to these variables, which decide `@skip` and `@include`.

        None when the document has no selection that can be judged.
        """
        if self.plain_judge is not None or not self._conditions:
            return self.plain_judge
        given = variables if isinstance(variables, Mapping) else {}
        assignment = tuple(given.get(name, default) is True for name, default in self._conditions)
        judge = self._judges.get(assignment)
        if judge is None:
            if len(self._judges) >= MAX_ASSIGNMENTS:
                self._judges.clear()
            judge = self._judge(assignment)
            if judge is not None:
                self._judges[assignment] = judge
        return judge

    def _judge(self, assignment: tuple[bool, ...]) -> AnswerJudge | None:
        root = self._root_type()
        if self.operation is None or root is None:
            return None
        values = {name: value for (name, _), value in zip(self._conditions, assignment, strict=True)}
        planner = SelectionPlanner(self.contract, self._fragments, lambda name: values.get(name, False))
        return AnswerJudge(planner.plan(root, (self.operation.selection_set,)))

    def _root_type(self) -> GraphQLObjectType | None:
        return None if self.operation is None else self.contract.schema.get_root_type(self.operation.operation)


class _Template:
    """What documents have in common that differ in their literals alone, learnt from the first faultless one."""

    def __init__(self) -> None:
        self.compiled: CompiledOperation | None = None
        self.slots: tuple[Slot, ...] = ()

    def learn(self, compiled: CompiledOperation, literals: Literals) -> None:
        slots = slots_in_order(literals, compiled.slots)
        if slots is not None and not compiled.request_findings:
            self.compiled, self.slots = compiled, slots


@lru_cache(maxsize=CACHE_SIZE)
def _template(_text: str, _operation_name: str | None, _contract: Contract) -> _Template:
    return _Template()


@lru_cache(maxsize=CACHE_SIZE)
def _compile(document: str, operation_name: str | None, contract: Contract) -> CompiledOperation:
    if len(document) > MAX_TEMPLATE_CHARACTERS:
        return CompiledOperation(document, operation_name, contract)
    literals = take_apart(document)
    if not literals.tokens:
        return CompiledOperation(document, operation_name, contract)
    template = _template(literals.text, operation_name, contract)
    if template.compiled is not None and literals_fit(contract, literals, template.slots):
        return template.compiled.with_document(document)
    compiled = CompiledOperation(document, operation_name, contract)
    template.learn(compiled, literals)
    return compiled


def compile_operation(document: str, operation_name: str | None, contract: Contract) -> CompiledOperation:
    """Compiles an operation, or gives the one compiled before. What is wrong with it is in `request_findings`."""
    return _compile(document, operation_name or None, contract)


def compile_selection(contract: Contract, type_name: str, selection: str) -> AnswerJudge:
    """A judge of objects of one type, outside of an answer: of an event's data, for example.

    `selection` is written `{ id state }`. Raises InputError when it does not parse, KeyError for an unknown type,
    ValueError for a type without fields.
    """
    type_ = contract.schema.type_map[type_name]
    if not is_composite_type(type_):
        raise ValueError(f"{type_name} has no fields to select")
    try:
        tree = parse(selection, max_tokens=MAX_TOKENS, no_location=True)
    except GraphQLError as error:
        place = error.locations[0] if error.locations else None
        line, column = (place.line, place.column) if place else (0, 0)
        raise InputError.at("selection", error.message, line=line, column=column) from error
    definition = tree.definitions[0]
    if len(tree.definitions) != 1 or not isinstance(definition, OperationDefinitionNode):
        raise InputError.at(
            "selection", "more than a selection", expected="one selection like { id }", line=1, column=1
        )
    return AnswerJudge(SelectionPlanner(contract, {}, lambda _: True).plan(type_, (definition.selection_set,)))


def _conditions(parsed: ParsedDocument) -> tuple[tuple[str, bool], ...]:
    """The variables that `@skip` and `@include` hang on, sorted, each with its default."""
    if parsed.operation is None:
        return ()
    names: set[str] = set()
    for selections in _all_selections(parsed.operation, dict(parsed.fragments)):
        for node in selections.selections:
            for directive in node.directives or ():
                if directive.name.value in ("skip", "include"):
                    values = (argument.value for argument in directive.arguments or ())
                    names.update(value.name.value for value in values if isinstance(value, VariableNode))
    defaults = {
        definition.variable.name.value: definition.default_value.value
        for definition in parsed.operation.variable_definitions or ()
        if isinstance(definition.default_value, BooleanValueNode)
    }
    return tuple((name, defaults.get(name, False)) for name in sorted(names))


def _all_selections(
    operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
) -> list[SelectionSetNode]:
    """Every selection set of an operation, those of its fragments included."""
    waiting = [operation.selection_set]
    waiting += [fragment.selection_set for fragment in reachable_fragments(operation, fragments).values()]
    for selections in waiting:
        for node in selections.selections:
            nested = getattr(node, "selection_set", None)
            if nested is not None:
                waiting.append(nested)
    return waiting


def _root_fields(parsed: ParsedDocument) -> tuple[str, ...]:
    if parsed.operation is None:
        return ()
    fragments = dict(parsed.fragments)
    names: dict[str, None] = {}
    waiting, seen = [parsed.operation.selection_set], set[str]()
    while waiting:
        for node in waiting.pop(0).selections:
            if isinstance(node, FieldNode):
                names[node.name.value] = None
            elif isinstance(node, FragmentSpreadNode):
                if node.name.value in fragments and node.name.value not in seen:
                    seen.add(node.name.value)
                    waiting.append(fragments[node.name.value].selection_set)
            elif node.selection_set is not None:  # type: ignore[attr-defined]
                waiting.append(node.selection_set)  # type: ignore[attr-defined]
    return tuple(names)
