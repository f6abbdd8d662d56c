"""Answers against selections: clean ones give nothing, each fault gives a finding at its place, and both paths agree."""

from __future__ import annotations

import pytest

from conformance.operations.response import judge_response
from tests.operations.harness import Answers, assert_agreement, brief, compiled, faults, judge, to_json

DOCUMENTS = {
    "scalars": """{ order(id: 1) { id state kind channel speed guessed color createdAt day token country email code
      priority size weight gift owner } }""",
    "lists": "{ matrix loose orders { id notes lines { id quantity price } } }",
    "aliases": "{ first: order(id: 1) { number: id how: state } second: order(id: 2) { id total { amount currencyCode } } }",
    "fragments": """
      query q { order(id: 1) { ...Head lines { ...L } ... on Order { day } ... { gift } } }
      fragment Head on Order { id ...Tail }
      fragment Tail on Order { state lines { id product { id title variants { sku stock } } } }
      fragment L on Line { quantity }""",
    "union": "{ item { __typename ... on Book { title pages } ... on Toy { minimumAge } } }",
    "union, alias of __typename": "{ item { kind: __typename ... on Book { pages } ... on Toy { minimumAge } } }",
    "union without __typename": "{ order(id: 1) { items { ... on Book { title pages } ... on Toy { minimumAge } } } }",
    "union, all the same": "{ order(id: 1) { items { __typename } } }",
    "interface": "{ node(id: 1) { __typename id ... on Order { state parent { id } } ... on Product { title } } }",
    "interface without __typename": "{ node(id: 1) { id ... on Order { state } ... on Product { title } } }",
    "interface fields only": "{ node(id: 1) { id } owner { owner } }",
    "interface that nothing implements": "{ lonely { __typename name } }",
    "partial": "{ secret { name holder { __typename ... on Person { name } ... on Company { number } } } }",
    "partial without __typename": "{ secret { holder { ... on Person { name } ... on Company { number } } } }",
    "opaque": "{ secret { name unheardOf { a b } mystery { x } } any }",
    "guesses": "{ guess { __typename name state count } }",
    "nested typename": "{ __typename order(id: 1) { __typename parent { __typename parent { id } } } }",
    "mutation": "mutation { createOrder(input: {lineItems: [{sku: 1, quantity: 1}]}) { order { id } } }",
    "introspection": '{ __schema { queryType { name } } __type(name: "Order") { kind fields { name } } }',
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_clean_answers_give_no_finding(name: str) -> None:
    operation = compiled(DOCUMENTS[name])
    plan = operation.judge_for(None).plan  # type: ignore[union-attr]
    for seed in range(40):
        body = to_json(Answers(seed).answer(plan))
        assert assert_agreement(operation, body) == (), body


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_fault_gives_a_finding_at_its_place(name: str) -> None:
    operation = compiled(DOCUMENTS[name])
    plan = operation.judge_for(None).plan  # type: ignore[union-attr]
    count = 0
    for seed in range(6):
        for fault in faults(plan, Answers(seed).answer(plan)):
            findings = assert_agreement(operation, to_json(fault.answer))
            places = [(finding.rule, finding.path) for finding in findings]
            assert (fault.rule, fault.path) in places, (fault.kind, fault.rule, fault.path, places)
            count += 1
    assert count > 0
