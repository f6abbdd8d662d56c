"""Makes the operations that rules judge: real documents, compiled against a real contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.base.paths import format_path
from conformance.contract.load import load_contract
from conformance.contract.model import Contract
from conformance.engine.flows import UNCERTAIN, FlowMemory
from conformance.engine.judge import judge_exchange
from conformance.findings.model import Finding
from conformance.operations.compile import compile_operation
from conformance.rules.catalogue import RULES
from conformance.rules.judge import judge_rules
from conformance.rules.model import BusinessRule, RuleCase, Scope
from conformance.rules.reading import read_requests, with_answer
from tests.engine.harness import exchange_of

NOVEMBER = "2024-11-01"
SHOP = (("x-api-target-id", "shop-1"),)
NEEDS_MORE = ("FLW-024", "FLW-035")
"""Rules across exchanges that speak about a recording only when it has times, or an order to hang things on."""
RULE = {rule.id: rule for rule in RULES}


@dataclass(frozen=True)
class Call:
    """An operation: its arguments, what stands under its root field, the errors of the answer."""

    operation: str
    arguments: dict[str, Any] = field(default_factory=dict)
    answer: Any = None
    errors: tuple[dict[str, Any], ...] = ()


def document_of(call: Call, contract: Contract) -> str:
    """The document of a call: arguments go as variables, and every key of the answer is selected."""
    operation = contract.operations[call.operation]
    root = contract.schema.query_type if operation.kind == "query" else contract.schema.mutation_type
    assert root is not None
    types = {name: argument.type for name, argument in root.fields[call.operation].args.items()}
    declared = ", ".join(f"${name}: {types[name]}" for name in call.arguments)
    given = ", ".join(f"{name}: ${name}" for name in call.arguments)
    selection = _selection(call.answer) or " { id }"
    document = f"{operation.kind}{f'({declared})' if declared else ''} {{ {call.operation}"
    return f"{document}{f'({given})' if given else ''}{selection} }}"


def case_of(call: Call, version: str = NOVEMBER) -> RuleCase:
    """The case of a call."""
    contract = load_contract(version)
    requests = read_requests(compile_operation(document_of(call, contract), None, contract), call.arguments)
    answer = {"data": {call.operation: call.answer}, "errors": list(call.errors)}
    (case,) = with_answer(requests, answer)
    return case


def _selection(value: Any) -> str:
    if isinstance(value, list):
        merged: dict[str, Any] = {}
        for item in value:
            merged = _merged(merged, item) if isinstance(item, dict) else merged
        return _selection(merged) if merged else ""
    if isinstance(value, dict):
        return " { " + " ".join(f"{name}{_selection(item)}" for name, item in value.items()) + " }"
    return ""


def _merged(first: Any, second: Any) -> Any:
    if isinstance(first, dict) and isinstance(second, dict):
        return {name: _merged(first.get(name), second.get(name)) for name in (*first, *second)}
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *second]
    return second if first is None else first


def judge(
    rule_id: str, calls: Sequence[Call], version: str = NOVEMBER, rule: BusinessRule | None = None
) -> tuple[Finding, ...]:
    """What one rule finds in operations that belong together."""
    return judge_rules([case_of(call, version) for call in calls], rules=(rule or RULE[rule_id],))


def assert_violations(rule_id: str, calls: Sequence[Call], *paths: str, version: str = NOVEMBER) -> None:
    """A rule finds exactly these paths, in this order; none of them: the calls are accepted."""
    findings = judge(rule_id, calls, version)
    assert [format_path(finding.path) for finding in findings] == list(paths), findings
    assert_traffic_agrees(RULE[rule_id], calls, findings, version)
    for finding in findings:
        rule = RULE[rule_id]
        assert (finding.rule, finding.level, finding.source) == (rule.id, rule.level, rule.source)
        assert finding.fix
        assert finding.expected


def assert_traffic_agrees(
    rule: BusinessRule, calls: Sequence[Call], findings: Sequence[Finding], version: str = NOVEMBER
) -> None:
    """The judge of traffic, whose fast path proves most rules, finds the same; across exchanges at most the same."""
    contract, flows = load_contract(version), FlowMemory()
    found = []
    for call in calls:
        answer: dict[str, Any] = {"data": {call.operation: call.answer}}
        if call.errors:
            answer["errors"] = list(call.errors)
        exchange = exchange_of(document_of(call, contract), call.arguments, answer, headers=SHOP)
        found += [one for one in judge_exchange(exchange, contract, flows).findings if one.rule == rule.id]
    if rule.scope is Scope.FLOW and rule.id in UNCERTAIN:
        assert found == []
    elif rule.id in NEEDS_MORE or (rule.scope is not Scope.FLOW and len(calls) > 1):
        assert {one.path for one in found} <= {one.path for one in findings}
    else:
        assert [one.path for one in found] == [one.path for one in findings], rule.id


def changed(value: Any, path: str, new: Any) -> Any:
    """A copy with another value at a path like `lineItems.0.amount`; `...` as value takes the key out."""
    head, _, rest = path.partition(".")
    if isinstance(value, list):
        index = int(head)
        return [changed(item, rest, new) if rest else new for item in value[index : index + 1]] and [
            *value[:index],
            changed(value[index], rest, new) if rest else new,
            *value[index + 1 :],
        ]
    made = dict(value)
    if rest:
        made[head] = changed(made.get(head, {}), rest, new)
    elif new is ...:
        made.pop(head, None)
    else:
        made[head] = new
    return made


def with_arguments(call: Call, path: str, new: Any) -> Call:
    """The call with another argument value."""
    return replace(call, arguments=changed(call.arguments, path, new))


def answering(call: Call, path: str, new: Any) -> Call:
    """The call with another value in its answer."""
    return replace(call, answer=changed(call.answer, path, new))
