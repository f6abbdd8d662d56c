"""The arguments of a request whose variables are faultless, read without working the document out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import FieldNode, ObjectValueNode, OperationDefinitionNode, ValueNode, VariableNode

from conformance.operations.compile import CompiledOperation
from conformance.operations.selection import FieldPlan
from conformance.rules.model import RuleCase

_KEY: Final = "rules.arguments"


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str


@dataclass(frozen=True, slots=True)
class _Root:
    """A root field: its arguments are variables, or objects of variables."""

    key: str
    operation: str
    arguments: Mapping[str, Any]


def quick_requests(compiled: CompiledOperation, variables: Mapping[str, Any] | None) -> tuple[RuleCase, ...] | None:
    """As `read_requests`, for variables that the decoder proved faultless.

    The values stand as they were sent: equal to those of `read_requests`, but for the way that a number is written,
    and the cases do not know where in the request a value stands. None where only `read_requests` can tell.
    """
    roots = compiled.cache.get(_KEY)
    if roots is None:
        roots = compiled.cache[_KEY] = _roots(compiled)
    if not roots:
        return None
    judge = compiled.judge_for(variables)
    if judge is None:
        return None
    plans = judge.cache.get(_KEY)
    if plans is None:
        plans = judge.cache[_KEY] = {plan.key: plan for variant in judge.plan.variants for plan in variant.fields}
    given = variables or {}
    return tuple([_case(compiled, root, given, plans.get(root.key)) for root in roots])


def _case(compiled: CompiledOperation, root: _Root, variables: Mapping[str, Any], plan: FieldPlan | None) -> RuleCase:
    arguments = {}
    for name, value in root.arguments.items():
        if type(value) is not _Variable:
            arguments[name] = _filled(value, variables)
        elif value.name in variables:
            arguments[name] = variables[value.name]
    return RuleCase(compiled.contract, root.operation, arguments, key=root.key, sources={}, field_plan=plan)


def _filled(value: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, one in value.items():
        if type(one) is not _Variable:
            made[name] = _filled(one, variables)
        elif one.name in variables:
            made[name] = variables[one.name]
    return made


def _roots(compiled: CompiledOperation) -> tuple[_Root, ...]:
    """The root fields; none when one of them, or the operation, is not of the plain kind."""
    operation = compiled.operation
    if operation is None or not compiled.is_judgeable or not _has_plain_variables(operation):
        return ()
    made: list[_Root] = []
    for node in operation.selection_set.selections:
        if not isinstance(node, FieldNode) or node.directives or node.name.value not in compiled.contract.operations:
            return ()
        arguments = {argument.name.value: _template(argument.value) for argument in node.arguments or ()}
        if None in arguments.values():
            return ()
        key = (node.alias or node.name).value
        made.append(_Root(key, node.name.value, arguments))
    return tuple(made) if len({root.key for root in made}) == len(made) else ()


def _has_plain_variables(operation: OperationDefinitionNode) -> bool:
    """Has no variable a default? Then a variable that is not given has no value."""
    return all(definition.default_value is None for definition in operation.variable_definitions or ())


def _template(node: ValueNode) -> _Variable | dict[str, Any] | None:
    """A variable, or an object of such; None for anything else."""
    if isinstance(node, VariableNode):
        return _Variable(node.name.value)
    if not isinstance(node, ObjectValueNode):
        return None
    fields = {field.name.value: _template(field.value) for field in node.fields}
    return None if None in fields.values() else fields
