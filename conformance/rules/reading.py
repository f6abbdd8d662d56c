"""From a compiled operation, its variables and its answer to what the rules see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from msgspec.structs import replace

from conformance.base.errors import InputError
from conformance.operations.compile import CompiledOperation
from conformance.operations.literals import literal_value
from conformance.operations.matching import root_fields
from conformance.operations.selection import FieldPlan, ObjectPlan
from conformance.rules.model import RuleCase, children


def read_requests(compiled: CompiledOperation, variables: Mapping[str, Any] | None) -> tuple[RuleCase, ...]:
    """A case without an answer for each root field that the contract knows.

    Empty when the document does not parse, and when values of its variables are not known: then nothing can be said
    about what was asked for.
    """
    if compiled.operation is None or not compiled.is_judgeable or _lacks_values(compiled.operation, variables):
        return ()
    try:
        fields = root_fields(compiled.document, compiled.syntax, compiled.operation_name, variables, compiled.contract)
    except InputError:
        return ()  # the request's own findings say why
    judge = compiled.judge_for(variables)
    plans = {plan.key: plan for variant in judge.plan.variants for plan in variant.fields} if judge else {}
    sources = dict(_sources(compiled, compiled.operation.selection_set))
    cases = []
    for part in _root_fields(fields):
        key = part.get("alias", part["field"])
        plan = plans.get(key)
        if plan is not None and part["field"] in compiled.contract.operations:
            arguments = part.get("arguments", {})
            cases.append(
                RuleCase(
                    compiled.contract,
                    part["field"],
                    arguments,
                    key=key,
                    sources=sources.get(key, arguments),
                    field_plan=plan,
                )
            )
    return tuple(cases)


def _lacks_values(operation: OperationDefinitionNode, variables: Mapping[str, Any] | None) -> bool:
    """Is a variable without a value that must have one? Of variables that nobody gave, each might have had one."""
    return any(
        definition.default_value is None
        and (variables is None or definition.variable.name.value not in variables)
        and (variables is None or isinstance(definition.type, NonNullTypeNode))
        for definition in operation.variable_definitions or ()
    )


def with_answer(cases: tuple[RuleCase, ...], answer: Any) -> tuple[RuleCase, ...]:
    """The cases with what a decoded answer gives each."""
    data = answer.get("data") if isinstance(answer, Mapping) else None
    errors = answer.get("errors") if isinstance(answer, Mapping) else None
    known = [error for error in errors if isinstance(error, Mapping)] if isinstance(errors, list) else []
    made = []
    for case in cases:
        value = data.get(case.key) if isinstance(data, Mapping) else None
        own = tuple(error for error in known if _concerns(error, case.key))
        made.append(replace(case, answer=_renamed(case.field_plan, value), errors=own, found={}))
    return tuple(made)


def _concerns(error: Mapping[str, Any], key: str) -> bool:
    path = error.get("path")
    return not isinstance(path, list) or not path or path[0] == key


def _root_fields(parts: list[Any]) -> Iterator[Mapping[str, Any]]:
    for part in parts:
        if "field" in part:
            yield part
        else:
            yield from _root_fields(part.get("select", []))


def _sources(compiled: CompiledOperation, selections: SelectionSetNode) -> Iterator[tuple[str, Any]]:
    """By response key the arguments as the document has them, variables as references."""
    for node in selections.selections:
        if isinstance(node, FieldNode):
            key = node.alias.value if node.alias else node.name.value
            yield key, {item.name.value: literal_value(item.value) for item in node.arguments or ()}
        elif isinstance(node, InlineFragmentNode):
            yield from _sources(compiled, node.selection_set)
        elif isinstance(node, FragmentSpreadNode):
            continue  # its arguments are shown where the document spreads it


@lru_cache(maxsize=4096)
def has_alias(plan: ObjectPlan) -> bool:
    """Is a field of the object, or one below it, selected under an alias?"""
    fields = [one for variant in plan.variants for one in variant.fields]
    return any(one.key != one.name or (one.child is not None and has_alias(one.child)) for one in fields)


def _renamed(plan: FieldPlan | None, value: Any) -> Any:
    """The value under the names of the schema; the value itself where no alias is below."""
    if plan is None or plan.child is None or not has_alias(plan.child):
        return value
    if isinstance(value, list):
        return [_renamed(plan, item) for item in value]
    if not isinstance(value, dict):
        return value
    made = dict(value)
    for name, child in children(plan.child).items():
        if child.key in value:
            made[name] = _renamed(child, value[child.key])
    return made
