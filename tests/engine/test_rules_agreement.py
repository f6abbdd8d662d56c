"""The judge of traffic applies the documented rules: what its fast path calls clean, no walk has a word against."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest

from conformance.contract.load import load_contract
from conformance.contract.model import Contract
from conformance.engine.asked import Asked, ask
from conformance.engine.judge import judge_exchange
from conformance.findings.model import Finding
from conformance.operations.compile import compile_operation
from conformance.operations.request import judge_variables_precisely
from conformance.operations.response import judge_precisely
from conformance.rules.catalogue import RULES
from conformance.rules.judge import judge_case
from conformance.rules.model import Scope
from conformance.rules.prepared import PreparedAnswer, prepared_answer
from conformance.rules.proofs import PROVED
from conformance.rules.reading import read_requests, with_answer
from tests.engine.harness import Values, document_for, exchange_of, input_value

VERSIONS = ("2024-01-01", "2024-04-01", "2024-11-01", "next")
LONE = (Scope.REQUEST, Scope.ANSWER, Scope.ERRORS)


def slowly(document: str, variables: Any, body: bytes, contract: Contract) -> tuple[Finding, ...]:
    """Everything that walks find: over the variables, over the answer, and by each rule."""
    compiled = compile_operation(document, None, contract)
    findings = [*compiled.request_findings, *judge_variables_precisely(compiled, variables)]
    findings += judge_precisely(compiled, body, variables=variables)
    for case in with_answer(read_requests(compiled, variables), json.loads(body)):
        findings += judge_case(case, scopes=LONE)
    return tuple(findings)


def brief(findings: tuple[Finding, ...]) -> Counter[tuple[str, Any]]:
    return Counter((finding.rule, finding.path) for finding in findings)


def prepared(asked: Asked) -> PreparedAnswer | None:
    judge = asked.compiled.judge_for(asked.variables) if asked.compiled else None
    return prepared_answer(judge, asked.compiled.contract) if judge and asked.compiled else None


def exchanges(version: str, seeds: range) -> Any:
    contract = load_contract(version)
    for seed in seeds:
        for operation in contract.operations:
            chance = random.Random(f"{seed}{operation}")
            document, types = document_for(contract, operation, chance)
            values = Values(chance.randrange(10**6))
            variables = {name: input_value(type_, values, name) for name, type_ in types.items()}
            judge = compile_operation(document, None, contract).judge_for(variables)
            assert judge is not None, document
            yield contract, document, variables, values.answer(judge.plan)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_judge_finds_what_the_walks_find(version: str) -> None:
    clean = found = quick = 0
    for contract, document, variables, answer in exchanges(version, range(1)):
        exchange = exchange_of(document, variables, answer)
        body = exchange.response.body
        slow = slowly(document, variables, body, contract)
        judged = judge_exchange(exchange, contract)
        assert brief(judged.findings) == brief(slow), (document, variables, answer)
        of_answer = [finding for finding in slow if finding.origin == "response"]
        clean += not of_answer
        found += any(finding.rule[:3] not in ("RSP", "ENV", "REQ", "ERR") for finding in slow)
        quick += ask(exchange.request, contract).is_quick
    assert clean > 5
    assert found > 5
    assert quick > 5


@pytest.mark.parametrize("version", VERSIONS)
def test_a_clean_answer_is_proved_by_its_decoding_alone(version: str) -> None:
    """But for rules that have no proof, and answers in which a field stands twice."""
    proved = 0
    for contract, document, variables, answer in exchanges(version, range(1)):
        exchange = exchange_of(document, variables, answer)
        asked = ask(exchange.request, contract)
        made = prepared(asked)
        compiled = asked.compiled
        assert made is not None
        assert compiled is not None
        body = exchange.response.body
        answers = with_answer(asked.cases, json.loads(body))
        slow = [one for case in answers for one in judge_case(case, scopes=LONE[1:])]
        if judge_precisely(compiled, body, variables=variables) or "again_" in document:
            continue
        try:
            suspects = made.suspects(made.decode(body), asked.cases)
        except ValueError:
            suspects = None
        if not slow:
            assert suspects is not None, (document, variables, answer)
        elif suspects is not None:
            assert {finding.rule for finding in slow} <= {rule.id for rule in suspects}, (document, answer)
        proved += suspects == ()
    assert proved > 5


def test_every_proof_is_about_a_rule_of_answers() -> None:
    assert {rule.id for rule in RULES if rule.scope is Scope.ANSWER} >= PROVED
