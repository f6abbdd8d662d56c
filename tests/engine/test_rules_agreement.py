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
from conformance.rules.prepared import SETTLED, PreparedAnswer, prepared_answer
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


FAULTS: tuple[Any, ...] = (None, True, -1, "", "NOWHERE", [], {}, [{}], {"surplus": 1})


def spoilt(value: Any, chance: random.Random) -> Any:
    """The value with a few of its parts replaced, left out or put in."""
    if isinstance(value, dict):
        made = {key: spoilt(inner, chance) for key, inner in value.items() if chance.random() > 0.02}
        return {**made, "surplus": 1} if chance.random() < 0.02 else made
    if isinstance(value, list):
        again = [*value, *value[:1]] if chance.random() < 0.2 else value
        return [spoilt(inner, chance) for inner in again]
    return chance.choice(FAULTS) if chance.random() < 0.04 else value


@pytest.mark.parametrize("version", VERSIONS)
def test_of_a_faulty_answer_the_judge_finds_what_the_walks_find(version: str) -> None:
    """It goes to the parts alone that do not prove themselves clean."""
    shape = rules = 0
    for number, (contract, document, variables, answer) in enumerate(exchanges(version, range(2))):
        faulty = {"data": spoilt(answer["data"], random.Random(number))}
        exchange = exchange_of(document, variables, faulty)
        slow = slowly(document, variables, exchange.response.body, contract)
        judged = judge_exchange(exchange, contract)
        assert Counter(judged.findings) == Counter(slow), (document, variables, faulty)
        shape += any(finding.rule.startswith("RSP") for finding in slow)
        rules += any(finding.rule[:3] not in ("RSP", "ENV", "REQ", "ERR") for finding in slow)
    assert shape > 5
    assert rules > 5


ORDER = 'query { order(orderIdentifier: {orderId: "o-1"}) { id %s } }'
GRADING = "grading { summary { gradedAmount { value } unitWiseCondition { amount { value } } } }"
GRADED = {"gradedAmount": {"value": 3}, "unitWiseCondition": [{"amount": {"value": 1}}]}
STATES = {"packageInformation": {"summary": {"state": "DELIVERED"}, "details": [{"state": {}}]}}


@pytest.mark.parametrize(
    ("selection", "order", "rules"),
    [
        (
            f"returns {{ details {{ returnLineItems {{ {GRADING} }} }} }}",
            {"returns": {"details": [{"returnLineItems": [{"grading": {"summary": GRADED}}]}]}},
            {"RET-006"},
        ),
        ("packageInformation { summary { state } details { state } }", STATES, {"RSP-003"}),
    ],
    ids=["units that are not selected do not hide a sum", "a state of another kind is no fault of a rule"],
)
def test_what_is_found_of_an_order(selection: str, order: dict[str, Any], rules: set[str]) -> None:
    exchange = exchange_of(ORDER % selection, None, {"data": {"order": {"id": "o-1", **order}}})
    judged = judge_exchange(exchange, load_contract("2024-11-01"))
    assert {finding.rule for finding in judged.findings} == rules


class Asking:
    """A case that notes which objects a rule asks for, and has none."""

    def __init__(self) -> None:
        self.types: set[str] = set()

    def objects(self, *type_names: str) -> Any:
        self.types.update(type_names)
        return ()


def test_a_settled_rule_looks_at_the_objects_of_its_types_and_at_nothing_else() -> None:
    assert len(SETTLED) > 10
    for rule in RULES:
        if rule.id in SETTLED:
            asking = Asking()
            assert list(rule.check(asking)) == []  # type: ignore[arg-type]
            assert asking.types, rule.id
            assert asking.types <= set(rule.types), rule.id


def test_every_proof_is_about_a_rule_of_answers() -> None:
    assert {rule.id for rule in RULES if rule.scope is Scope.ANSWER} >= PROVED
