"""The two paths agree on every operation: generated documents and answers, one fault at a time, and any damage."""

from __future__ import annotations

import copy
import random
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes

from conformance.contract.load import load_contract
from conformance.contract.model import Contract
from conformance.findings.model import Verdict
from conformance.operations.compile import compile_operation
from tests.operations.harness import Answers, assert_agreement, brief, contract, contract_of, faults, to_json

FOREIGN = """
type Query {
  search(text: String!): [Result!]! me: User node(id: ID!): Node feed(first: Int = 10): Feed! cube: [[[Int]!]!]!
}
interface Node { id: ID! }
interface Named implements Node { id: ID! name: String }
type User implements Node & Named { id: ID! name: String friends: [User!] role: Role! score: Float! active: Boolean }
type Group implements Node & Named { id: ID! name: String members: [[User]] }
type Post implements Node { id: ID! author: User! text: String tags: [String!]! }
union Result = User | Group | Post
type Feed { items: [Result]! cursor: String }
enum Role { ADMIN GUEST }
"""
SCALARS = {
    "Decimal": st.integers(-5, 5).map(nodes.Int),
    "Long": st.integers(-5, 5).map(nodes.Int),
    "Unknown": st.booleans().map(nodes.Boolean),
}
FAST = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
THOROUGH = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


@lru_cache(maxsize=1)
def foreign() -> Contract:
    return contract_of(FOREIGN)


def documents(of: Contract) -> Any:
    return from_schema(of.schema, custom_scalars=SCALARS)


def assert_agreement_on(of: Contract, document: str, seed: int, sample: int = 25) -> None:
    """Clean answers give nothing, one fault gives a finding where it is, and the paths agree on any damage."""
    operation = compile_operation(document, None, of)
    judge = operation.judge_for(None)
    assert judge is not None, brief(operation.request_findings)
    chance = random.Random(seed)
    answer = Answers(seed).answer(judge.plan)
    body = to_json(answer)
    assert assert_agreement(operation, body) == (), body
    every = list(faults(judge.plan, answer))
    for fault in chance.sample(every, min(sample, len(every))):
        findings = assert_agreement(operation, to_json(fault.answer))
        assert (fault.rule, fault.path) in [(finding.rule, finding.path) for finding in findings], fault
    for _ in range(sample):
        assert_agreement(operation, to_json(damaged(answer, chance)))


def damaged(answer: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The answer with any value anywhere replaced by another one, or a key or item gone or doubled."""
    made: dict[str, Any] = copy.deepcopy(answer)
    place: Any = made
    while True:
        inner = [key for key in keys(place) if isinstance(place[key], dict | list) and place[key]]
        if not inner or (place is not made and chance.random() < 0.3):
            break
        place = place[chance.choice(inner)]
    if not keys(place):
        return made
    key = chance.choice(keys(place))
    others: list[Any] = [
        None,
        True,
        0,
        1.5,
        -1,
        2**31,
        "",
        "text",
        "OPEN",
        [],
        {},
        [[]],
        [None],
        {"id": "1"},
        {"__typename": "Book"},
    ]
    match chance.randrange(3):
        case 0:
            del place[key]
        case 1 if isinstance(place, dict):
            place[f"{key}_"] = place[key]
        case _:
            place[key] = chance.choice(others)
    return made


def keys(place: Any) -> list[Any]:
    return list(place) if isinstance(place, dict) else list(range(len(place)))


@FAST
@given(documents(foreign()), st.integers(0, 10**6))
def test_a_schema_of_anyone(document: str, seed: int) -> None:
    assert_agreement_on(foreign(), document, seed)


@FAST
@given(documents(contract()), st.integers(0, 10**6))
def test_a_schema_with_every_feature(document: str, seed: int) -> None:
    assert_agreement_on(contract(), document, seed)


@pytest.mark.slow
@pytest.mark.parametrize("version", ["2024-01-01", "2024-04-01", "2024-11-01", "next"])
def test_the_contracts(version: str) -> None:
    of = load_contract(version)

    @THOROUGH
    @given(documents(of), st.integers(0, 10**6))
    def check(document: str, seed: int) -> None:
        assert_agreement_on(of, document, seed)

    check()


@FAST
@given(documents(foreign()))
def test_a_generated_document_is_valid(document: str) -> None:
    operation = compile_operation(document, None, foreign())
    assert [finding for finding in operation.request_findings if finding.verdict >= Verdict.FAIL] == []
