"""The judge of variables: every value that does not fit, with its path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graphql import GraphQLInputType, GraphQLNonNull, is_input_type, type_from_ast

from conformance.base.coordinates import SchemaCoordinate
from conformance.contract.facts import Fact
from conformance.findings.model import Blame, Finding, Grade
from conformance.findings.wording import key_for_path
from conformance.operations.compile import CompiledOperation
from conformance.operations.finding import found, kind_shown, listed
from conformance.operations.inputs import MAX_FINDINGS, InputJudge
from conformance.operations.variables import variables_are_clean

VARIABLES = "variables"
_ASKED_BY_PLACES: Final = frozenset(("REQ-045", "REQ-046", "REQ-048", "REQ-063", "REQ-071"))


def judge_variables(compiled: CompiledOperation, variables: Mapping[str, Any] | None) -> tuple[Finding, ...]:
    """Judges the variables of a request against the operation's definitions. Nothing comes back for faultless ones.

    Every fault is reported, at `("variables", <name>, …)`: kinds, unknown and missing fields, enum values, tables,
    bounds, formats, fields that exclude each other, and deprecated fields and values.
    """
    if variables_are_clean(compiled, variables):
        return ()
    return judge_variables_precisely(compiled, variables)


def judge_variables_precisely(compiled: CompiledOperation, variables: Mapping[str, Any] | None) -> tuple[Finding, ...]:
    """As `judge_variables`, without the fast path."""
    if variables is not None and not isinstance(variables, Mapping):
        actual = kind_shown(variables)
        return (_found("REQ-052", f"variables is {actual}", (), expected="an object", actual=actual),)
    operation = compiled.operation
    if operation is None:
        return ()
    given = variables or {}
    schema = compiled.contract.schema
    judge = InputJudge(compiled.contract, VARIABLES)
    declared = []
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        declared.append(name)
        type_ = type_from_ast(schema, definition.type)
        if type_ is None or not is_input_type(type_):
            continue
        if name in given:
            fact = Fact(SchemaCoordinate(f"${name}"), Grade.SPECIFICATION)
            try:
                judge.judge(type_, given[name], (VARIABLES, name), fact)
                judge.findings += _places_ask(compiled, type_, name, given[name], judge.findings)
            except RecursionError:
                message = f"${name} nests too deeply to be judged"
                judge.findings.append(_found("REQ-053", message, (name,), fix="Send a flatter value"))
        elif isinstance(type_, GraphQLNonNull) and definition.default_value is None:
            judge.findings.append(
                _found(
                    "REQ-042",
                    f"the required variable ${name} is missing",
                    (name,),
                    expected=str(type_),
                    actual="missing",
                    fix=f"Give {name} in variables",
                )
            )
    if len(judge.findings) >= MAX_FINDINGS:
        message = f"more than {MAX_FINDINGS:,} faults; the rest is not listed"
        return (*judge.findings, _found("REQ-053", message, ()))
    for name in list(given)[:MAX_FINDINGS]:
        if name not in declared:
            shown = key_for_path(str(name))
            judge.findings.append(
                _found(
                    "REQ-050",
                    f"the variable {shown} is given, but the operation does not declare it",
                    (shown,),
                    expected=listed(f"${one}" for one in declared) or "no variables",
                    actual=kind_shown(given[name]),
                    fix=f"Declare ${shown} in the operation, or leave it out",
                )
            )
    return tuple(judge.findings)


def _places_ask(
    compiled: CompiledOperation, type_: GraphQLInputType, name: str, value: Any, known: list[Finding]
) -> list[Finding]:
    """What a variable's value breaks of the tables, formats and bounds of the places where it is used."""
    seen = {(finding.rule, finding.path) for finding in known}
    findings: list[Finding] = []
    for fact in compiled.variable_facts.get(name, ()):
        judge = InputJudge(compiled.contract, VARIABLES)
        judge.judge(type_, value, (VARIABLES, name), fact)
        for finding in judge.findings:
            key = (finding.rule, finding.path)
            if finding.rule in _ASKED_BY_PLACES and key not in seen:
                seen.add(key)
                findings.append(finding)
    return findings


def _found(rule: str, message: str, path: tuple[str, ...], **more: str) -> Finding:
    return found(rule, message, path=(VARIABLES, *path), origin=VARIABLES, blame=Blame.CLIENT, **more)  # type: ignore[arg-type]
