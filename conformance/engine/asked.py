"""What a request asks for, read once for all that judge it: the document compiled, its arguments, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from conformance.base.paths import JsonPath
from conformance.base.records import Record, record
from conformance.contract.model import Contract
from conformance.engine.duplicates import keeps_every_key
from conformance.engine.twice import keys_twice
from conformance.findings.model import Finding
from conformance.operations.compile import CompiledOperation, compile_operation
from conformance.operations.envelope import GraphQLRequest, read_request
from conformance.operations.request import judge_variables_precisely
from conformance.operations.response import WalkedAnswer
from conformance.operations.selection import ObjectPlan
from conformance.operations.variables import variables_are_clean
from conformance.rules.arguments import quick_requests
from conformance.rules.judge import judge_answer_rules, judge_case
from conformance.rules.model import ENTERED, BusinessRule, RuleCase, Scope
from conformance.rules.prepared import PreparedAnswer, keeps_request_rules
from conformance.rules.reading import read_requests, with_answer
from conformance.traffic.model import HttpRequest

_REMEMBERED_REQUESTS: Final = 1024
_REMEMBERED_BYTES: Final = 16 * 1024
_OF_ANSWERS: Final = (Scope.ANSWER, Scope.ERRORS)


@record
class Asked(Record, frozen=True):
    """What a request asks for, and what is wrong with it. `compiled` is None when it has no document.

    `cases` are its root fields as the rules see them, as far as their arguments are known. `is_quick`: they do not
    know where in the request a value stands, which `placed` cases do.
    """

    findings: tuple[Finding, ...]
    variables: Mapping[str, Any] | None = None
    compiled: CompiledOperation | None = None
    operation: str = ""
    cases: tuple[RuleCase, ...] = ()
    is_quick: bool = False

    @property
    def placed(self) -> tuple[RuleCase, ...]:
        """The cases, with the places of their values in the request."""
        if self.is_quick and self.compiled is not None:
            return read_requests(self.compiled, self.variables)
        return self.cases

    def answered(self, body: bytes) -> tuple[RuleCase, ...]:
        """The cases with what an answer gives each; none of an answer that is no JSON."""
        return with_answer(self.cases, decoded(body)) if self.cases else ()

    def placed_answers(self, body: bytes) -> tuple[RuleCase, ...]:
        """As `answered`, for rules that find faults in the request too."""
        return with_answer(self.placed, decoded(body)) if self.cases else ()


def ask(request: HttpRequest, contract: Contract) -> Asked:
    """Reads a request and judges it by itself. Requests come again: clients poll, and recorded traffic repeats."""
    return _remembered(request, contract) if len(request.body) <= _REMEMBERED_BYTES else _ask(request, contract)


def _ask(request: HttpRequest, contract: Contract) -> Asked:
    graphql, findings = read_request(request)
    twice = () if _keeps_every_key(graphql, request.body) else keys_twice(request.body, "request")
    if graphql is None:
        return Asked((*findings, *twice))
    compiled = compile_operation(graphql.document, graphql.operation_name, contract)
    variables, quick = graphql.variables, None
    if variables_are_clean(compiled, variables):
        quick = quick_requests(compiled, variables)
        wrong: tuple[Finding, ...] = ()
    else:
        wrong = judge_variables_precisely(compiled, variables)
    operation = ", ".join(compiled.root_fields)
    findings = (*findings, *compiled.request_findings, *wrong)
    if quick is not None and all(map(keeps_request_rules, quick)):
        return Asked((*findings, *twice), variables, compiled, operation, quick, is_quick=True)
    cases = read_requests(compiled, variables)
    return Asked((*findings, *request_rules(cases), *twice), variables, compiled, operation, cases)


def _keeps_every_key(graphql: GraphQLRequest | None, body: bytes) -> bool:
    """Did reading a request lose no member? Told without reading it again; False also when that cannot be told."""
    if graphql is None:
        return False
    value: dict[str, Any] = {"query": graphql.document}
    if graphql.variables is not None:
        value["variables"] = graphql.variables
    if graphql.operation_name is not None:
        value["operationName"] = graphql.operation_name
    if graphql.extensions is not None:
        value["extensions"] = graphql.extensions
    return keeps_every_key(value, body)


_remembered = lru_cache(maxsize=_REMEMBERED_REQUESTS)(_ask)


def request_rules(cases: tuple[RuleCase, ...]) -> tuple[Finding, ...]:
    """What the documented rules say about a request."""
    return tuple(finding for case in cases for finding in judge_case(case, scopes=(Scope.REQUEST,)))


def answer_rules(cases: tuple[RuleCase, ...], suspects: tuple[BusinessRule, ...] | None = None) -> tuple[Finding, ...]:
    """What the documented rules say about answers by themselves: all of them, or those that are suspects."""
    if suspects is None:
        return tuple(finding for case in cases for finding in judge_case(case, scopes=_OF_ANSWERS))
    return tuple(finding for case in cases for finding in judge_case(case, rules=suspects, scopes=_OF_ANSWERS))


def walked_rules(
    cases: tuple[RuleCase, ...], walked: WalkedAnswer, prepared: PreparedAnswer | None
) -> tuple[Finding, ...]:
    """What the documented rules say about a faulty answer: most look at the objects alone that are not clean."""
    cases = with_answer(cases, walked.value)
    if prepared is None:
        return answer_rules(cases)
    findings: list[Finding] = []
    for case in cases:
        entered = None
        if walked.entered is not None and prepared.settled:
            entered = replace(case, found=_by_type(walked.entered, case.key, prepared.settled_types))
        findings += judge_answer_rules(case, prepared.rules[case.key], prepared.settled, entered)
    return tuple(findings)


def _by_type(
    entered: tuple[tuple[ObjectPlan, JsonPath, Mapping[str, Any]], ...], key: str, types: frozenset[str]
) -> dict[str, list[tuple[JsonPath, Mapping[str, Any]]]]:
    """The objects of some types below a root field, as rules ask for them."""
    found: dict[str, list[tuple[JsonPath, Mapping[str, Any]]]] = {ENTERED: []}
    for plan, path, value in entered:
        if plan.type_name in types and path[1] == key:
            found.setdefault(plan.type_name, []).append((path[2:], value))
    return found


def decoded(body: bytes) -> Any:
    """The value of a JSON text; None for another text, which others report."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
