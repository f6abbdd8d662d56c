"""When two requests are the same operation, and what to say when they are not."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.base.errors import InputError
from conformance.operations.difference import distance, explain_difference
from conformance.operations.envelope import GraphQLRequest
from conformance.operations.matching import normalise_to_variables, operation_key, same_operation
from tests.operations.harness import contract

LITERAL = GraphQLRequest(
    """mutation m {
      createOrder(input: {
        state: OPEN, lineItems: [{sku: "a", quantity: 2, price: 1.50}], identifier: {sku: 7}
      }) { order { id ...F } }
    } fragment F on Order { state }"""
)
VARIABLES = GraphQLRequest(
    "mutation x($i: CreateOrderInput!) { createOrder(input: $i) { order { id ... on Order { state } } } }",
    "x",
    {"i": {"lineItems": {"quantity": 2.0, "sku": "a", "price": 1.5}, "identifier": {"sku": "7"}, "state": "OPEN"}},
)
PARTLY = GraphQLRequest(
    """mutation ($line: LineItemInput!, $state: OrderState = OPEN, $note: String) {
      createOrder(input: {lineItems: [$line], state: $state, identifier: {sku: "7"}, note: $note}) {
        order { id ... on Order { state } } } }""",
    None,
    {"line": {"sku": "a", "quantity": 2, "price": 1.5}},
)


def test_literal_form_and_variables_form_are_the_same_operation() -> None:
    assert same_operation(LITERAL, VARIABLES, contract())
    assert same_operation(LITERAL, PARTLY, contract())
    keys = {
        normalise_to_variables(r.document, r.operation_name, r.variables, contract()).key
        for r in (LITERAL, VARIABLES, PARTLY)
    }
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{ order(id: 1) { id } }", '{ order(id: "1") { id } }'),
        ("{ orders(filter: {states: OPEN}) { id } }", "{ orders(filter: {states: [OPEN]}) { id } }"),
        ("{ orders(filter: {minimum: 1}) { id } }", "{ orders(filter: {minimum: 1.0}) { id } }"),
        ("query a { any }", "{ any # comment\n }"),
        (
            "{ a: any }",
            "{ ...F } fragment F on Query { a: any }".replace("...F", "a: any").replace(
                " fragment F on Query { a: any }", ""
            ),
        ),
    ],
)
def test_equal_by_the_schema(first: str, second: str) -> None:
    assert same_operation(GraphQLRequest(first), GraphQLRequest(second), contract())


def with_variables(**variables: Any) -> GraphQLRequest:
    return GraphQLRequest(VARIABLES.document, "x", {"i": {**VARIABLES.variables["i"], **variables}})  # type: ignore[index]


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (LITERAL, with_variables(state="DONE"), 'argument input.state of createOrder: "DONE" instead of "OPEN"'),
        (
            LITERAL,
            with_variables(lineItems=[{"sku": "a", "quantity": 3, "price": 1.5}]),
            "argument input.lineItems[0].quantity of createOrder: 3 instead of 2",
        ),
        (LITERAL, with_variables(note=None), "argument input.note of createOrder: null instead of nothing"),
        (
            LITERAL,
            with_variables(lineItems=[]),
            "argument input.lineItems of createOrder: empty list instead of list of 1",
        ),
        (
            GraphQLRequest("{ any }"),
            GraphQLRequest("mutation { any }"),
            "the kind of operation: mutation instead of query",
        ),
        (GraphQLRequest("{ any old }"), GraphQLRequest("{ any }"), "the selection: old is not selected"),
        (GraphQLRequest("{ any }"), GraphQLRequest("{ any old }"), "the selection: old is selected beyond"),
        (GraphQLRequest("{ any old }"), GraphQLRequest("{ old any }"), "the selection: old, any instead of any, old"),
        (GraphQLRequest("{ a: any }"), GraphQLRequest("{ any }"), "the selection: a: any is not selected"),
        (
            GraphQLRequest("{ order(id: 1) { id } }"),
            GraphQLRequest("{ order(id: 1) { state } }"),
            "the selection of order: id is not selected",
        ),
        (GraphQLRequest("{ any }"), GraphQLRequest("{ any @skip(if: true) }"), "the directives of any differ"),
        (
            GraphQLRequest("query a { any }", "a"),
            GraphQLRequest("query a { any }"),
            "the operation name: none instead of a",
        ),
        (LITERAL, GraphQLRequest(VARIABLES.document, None, VARIABLES.variables), "only the form differs"),
        (GraphQLRequest("{ any"), GraphQLRequest("{ any }"), "the first document cannot be read"),
        (GraphQLRequest("{ any }"), GraphQLRequest("{ any }"), ""),
    ],
)
def test_the_first_difference_is_named(first: GraphQLRequest, second: GraphQLRequest, sentence: str) -> None:
    said = explain_difference(first, second, contract())
    assert said.startswith(sentence)
    assert bool(said) == bool(sentence)


def test_the_nearest_recording_has_the_least_distance() -> None:
    near, far = with_variables(state="DONE"), GraphQLRequest("{ any }")
    assert distance(LITERAL, VARIABLES, contract()) == 0
    assert 0 < distance(LITERAL, near, contract()) < distance(LITERAL, far, contract())
    assert distance(LITERAL, GraphQLRequest("{"), contract()) > 1000


def test_without_a_contract_values_are_taken_as_they_stand() -> None:
    first, second = GraphQLRequest("{ a(x: OPEN, y: [1]) }"), GraphQLRequest('{ a(y: [1.0], x: "OPEN") }')
    assert same_operation(first, second, None)
    assert not same_operation(first, GraphQLRequest("{ a(x: OPEN, y: 1) }"), None)


def test_the_key_of_what_was_sent() -> None:
    key = operation_key("query q($a: ID!) { order(id: $a) { id } }", "q", {"a": "1", "b": {"c": 1, "d": 2}})
    same = operation_key(
        "query q ( $a : ID! ) {\n order(id: $a) { id, } # x\n}", "q", {"b": {"d": 2, "c": 1.0}, "a": "1"}
    )
    assert key == same
    assert key != operation_key("query q($a: ID!) { order(id: $a) { id } }", "q", {"a": "2"})
    assert key != operation_key("query r($a: ID!) { order(id: $a) { id } }", "r", {"a": "1", "b": {"c": 1, "d": 2}})
    assert operation_key("{ any }", None, None) == operation_key("{ any }", "", {})
    assert operation_key("query a { any } query b { old }", "a", None) == operation_key("query a { any }", "a", None)


@pytest.mark.parametrize("document", ["", "{", "nonsense", "fragment F on T { a }", "{" * 5000, "{ a }" * 2])
def test_a_document_that_cannot_be_read(document: str) -> None:
    assert len(operation_key(document, None, None)) == 64
    if document != "{ a }" * 2:
        with pytest.raises(InputError):
            normalise_to_variables(document, None, None, contract())


def test_circular_fragments_and_bombs_end() -> None:
    circular = "{ ...A } fragment A on Query { any ...B } fragment B on Query { ...A }"
    assert normalise_to_variables(circular, None, None, contract()).text
    bomb = "{ ...F0 }" + "".join(f" fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))
    with pytest.raises(InputError, match="100,000"):
        normalise_to_variables(bomb + " fragment F30 on Query { any }", None, None, contract())
