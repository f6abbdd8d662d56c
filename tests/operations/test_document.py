"""Documents against a contract: every error with line and column, what is deprecated, what is unconfirmed."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from graphql import parse, specified_rules, validate
from graphql.validation import MaxIntrospectionDepthRule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema

from conformance.contract.load import load_contract
from conformance.findings.model import Finding, Grade, Verdict
from conformance.operations.compile import compile_operation, compile_selection
from conformance.operations.document import MAX_DOCUMENT_CHARACTERS
from tests.operations.harness import SDL, compiled, contract, contract_of
from tests.operations.test_agreement import FOREIGN, foreign


def findings(document: str, name: str | None = None) -> tuple[Finding, ...]:
    return compiled(document, name).request_findings


def placed(document: str, name: str | None = None) -> list[tuple[str, str, int, int]]:
    """Rule, verdict, line and column of each finding."""
    made = []
    for finding in findings(document, name):
        assert finding.blame.value == "CLIENT"
        position = finding.position
        made.append(
            (finding.rule, finding.verdict.name, position.line if position else 0, position.column if position else 0)
        )
    return made


def test_a_faultless_document() -> None:
    operation = compiled("query q($id: ID!) { order(id: $id) { id state owner } any }")
    assert operation.request_findings == ()
    assert operation.operation_type == "query"
    assert operation.root_fields == ("order", "any")
    assert {str(coordinate) for coordinate in operation.coordinates} == {
        "Query.order",
        "Query.order(id:)",
        "Order.id",
        "Order.state",
        "Order.owner",
        "Query.any",
    }
    assert operation.grades[Grade.PAGE] == 6


def test_coordinates_include_what_literal_values_use() -> None:
    operation = compiled('{ orders(filter: {states: [OPEN], nested: {kind: "BUNDLE"}}) { id } }')
    used = {str(coordinate) for coordinate in operation.coordinates}
    assert used >= {
        "OrderFilter.states",
        "OrderState.OPEN",
        "OrderFilter.nested",
        "OrderFilter.kind",
        "Query.orders(filter:)",
    }


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("", [("REQ-001", "FAIL", 1, 1)]),
        ("{ order(id: 1) { id ", [("REQ-001", "FAIL", 1, 21)]),
        ("{\n  order(id: 1) {\n    id }}\n}", [("REQ-001", "FAIL", 4, 1)]),
        ("query {", [("REQ-001", "FAIL", 1, 8)]),
        ("fragment F on Order { id }", [("REQ-003", "FAIL", 0, 0), ("REQ-018", "FAIL", 1, 1)]),
        ("{ unheardOf }", [("REQ-004", "FAIL", 1, 3)]),
        ("mutation { order(id: 1) { id } }", [("REQ-004", "FAIL", 1, 12)]),
        ("type T { a: Int } { any }", [("REQ-010", "FAIL", 1, 1)]),
        ("query q { any } query q { any }", [("REQ-003", "FAIL", 1, 17), ("REQ-011", "FAIL", 1, 23)]),
        ("subscription { any }", [("REQ-014", "FAIL", 1, 1)]),
        ("{ ...F } fragment F on OrderState { id }", [("REQ-015", "FAIL", 1, 24)]),
        ("{ ...F any } fragment F on Query { any } fragment F on Query { any }", [("REQ-016", "FAIL", 1, 51)]),
        ("{ ...F }", [("REQ-017", "FAIL", 1, 6)]),
        ("{ any } fragment F on Query { any }", [("REQ-018", "FAIL", 1, 9)]),
        ("{ ...F } fragment F on Query { any ...G } fragment G on Query { ...F }", [("REQ-019", "FAIL", 1, 36)]),
        ("query ($a: ID!, $a: ID!) { order(id: $a) { id } }", [("REQ-020", "FAIL", 1, 18)]),
        ("query ($a: Order) { any @skip(if: true) }", [("REQ-023", "FAIL", 1, 8), ("REQ-021", "FAIL", 1, 12)]),
        ("{ order(id: $a) { id } }", [("REQ-022", "FAIL", 1, 13)]),
        ("query ($a: ID) { any }", [("REQ-023", "FAIL", 1, 8)]),
        ("{ any @nonsense }", [("REQ-024", "FAIL", 1, 7)]),
        ("{ any @skip(if: true) @skip(if: true) }", [("REQ-025", "FAIL", 1, 23)]),
        ("{ order(id: 1, id: 1) { id } }", [("REQ-026", "FAIL", 1, 16)]),
        ('{ orders(filter: {kind: "BUNDLE", kind: "BUNDLE"}) { id } }', [("REQ-027", "FAIL", 1, 35)]),
        ("{ order(id: 1) { id } order(id: 2) { id } }", [("REQ-028", "FAIL", 1, 3)]),
        ("{ any @skip }", [("REQ-029", "FAIL", 1, 7)]),
        ("{ any @skip(if: true, why: 1) }", [("REQ-029", "FAIL", 1, 23)]),
        ("{ order(id: 1) { ident } }", [("REQ-030", "FAIL", 1, 18)]),
        ("{ guess { ident } }", [("REQ-030", "WARN", 1, 11)]),
        ("{ order(ident: 1, id: 1) { id } }", [("REQ-031", "FAIL", 1, 9)]),
        ("{ order { id } }", [("REQ-032", "FAIL", 1, 3)]),
        ("{ order(id: 1) }", [("REQ-033", "FAIL", 1, 3)]),
        ("{ required { length } }", [("REQ-033", "FAIL", 1, 3)]),
        ("{ item { ... on Car { id } } }", [("REQ-034", "FAIL", 1, 17)]),
        ("{ secret { holder { ... on Club { id } } } }", [("REQ-034", "WARN", 1, 28)]),
        ("query ($a: Ident!) { order(id: $a) { id } }", [("REQ-034", "FAIL", 1, 12)]),
        ("{ item { ... on Order { id } } }", [("REQ-035", "FAIL", 1, 10)]),
        ("{ secret { holder { ... on Book { title } } } }", [("REQ-035", "WARN", 1, 21)]),
        ("query ($a: Int!) { order(id: $a) { id } }", [("REQ-036", "FAIL", 1, 30)]),
        ("query ($a: ID) { order(id: $a) { id } }", [("REQ-036", "FAIL", 1, 28)]),
        ("query ($k: [String]) { orders(filter: {kind: $k}) { id } }", [("REQ-036", "FAIL", 1, 46)]),
        ("query ($i: ID) { a: any }", [("REQ-023", "FAIL", 1, 8)]),
        ("mutation ($i: ID) { choose(by: {id: $i}) }", [("REQ-049", "FAIL", 1, 37)]),
        ("{ order(id: 1.5) { id } }", [("REQ-040", "FAIL", 1, 13)]),
        ("{ order(id: null) { id } }", [("REQ-041", "FAIL", 1, 13)]),
        ('query ($a: Int = "x") { order(id: 1, first: $a) { id } }', [("REQ-040", "FAIL", 1, 18)]),
        ("{ order(id: 1, first: 21) { id } }", [("REQ-046", "FAIL", 1, 23)]),
        ('{ orders(filter: {states: ["OPEN"]}) { id } }', [("REQ-040", "FAIL", 1, 28)]),
        ("{ orders(filter: {states: [LOST]}) { id } }", [("REQ-044", "FAIL", 1, 28)]),
        ("{ orders(filter: {kind: BUNDLE}) { id } }", [("REQ-040", "FAIL", 1, 25)]),
        ('{ orders(filter: {kind: "PAIR"}) { id } }', [("REQ-045", "FAIL", 1, 25)]),
        ('{ orders(filter: {channel: "FAX"}) { id } }', [("REQ-071", "INFO", 1, 28)]),
        ('{ orders(filter: {minimum: "1"}) { id } }', [("REQ-051", "WARN", 1, 28)]),
        ("{ orders(filter: {surplus: 1}) { id } }", [("REQ-043", "FAIL", 1, 28)]),
        ("mutation { createOrder(input: {}) { order { id } } }", [("REQ-042", "FAIL", 1, 31)]),
        (
            'mutation { rate(value: 1, at: "now", tags: ["a", "b", "c"]) }',
            [("REQ-048", "FAIL", 1, 31), ("REQ-046", "FAIL", 1, 44)],
        ),
        ("{ old }", [("REQ-060", "WARN", 1, 3)]),
        ('{ orders(after: "x") { id } }', [("REQ-061", "WARN", 1, 10)]),
        ('{ orders(filter: {legacy: "x"}) { id } }', [("REQ-062", "WARN", 1, 27)]),
        ("{ orders(filter: {states: [CLOSED]}) { id } }", [("REQ-063", "WARN", 1, 28)]),
        ("{ secret { nickname } }", [("REQ-070", "WARN", 1, 12)]),
        ("{ secret { mystery { a b { c } } } }", [("REQ-070", "WARN", 1, 22)]),
        ("{ any { a { b } } }", [("REQ-070", "WARN", 1, 3)]),
        ("{ secret { _ mystery { _ } } }", [("REQ-070", "WARN", 1, 12), ("REQ-070", "WARN", 1, 24)]),
    ],
)
def test_each_fault_with_its_place(document: str, expected: list[Any]) -> None:
    assert placed(document) == expected


def test_every_fault_is_listed_in_the_order_of_the_document() -> None:
    document = """
      query q($unused: Int) {
        order(ident: 1) {
          nothing
          state { x }
        }
        old
        unheardOf
      }"""
    assert [rule for rule, *_ in placed(document)] == [
        "REQ-023",
        "REQ-032",
        "REQ-031",
        "REQ-030",
        "REQ-033",
        "REQ-060",
        "REQ-004",
    ]


def test_the_operation_that_is_meant() -> None:
    document = "query a { old } query b { any }"
    assert placed(document, "a") == [("REQ-060", "WARN", 1, 11)]
    assert placed(document, "b") == []
    assert placed(document, "c") == [("REQ-003", "FAIL", 1, 1)]
    assert placed(document) == [("REQ-003", "FAIL", 1, 17)]
    assert compiled(document).operation is None
    assert compiled(document, "b").root_fields == ("any",)
    [finding] = findings(document, "c")
    assert (finding.expected, finding.actual) == ("a, b", '"c"')


def test_an_operation_of_another_version_is_told() -> None:
    def told(document: str, version: str) -> Finding:
        return compile_operation(document, None, load_contract(version)).request_findings[0]

    finding = told("{ mappingProduct(a: 1) { id } }", "2024-11-01")
    assert (finding.rule, finding.path) == ("REQ-004", ("mappingProduct",))
    assert "it exists in 2024-01-01" in finding.message
    assert finding.fix == "Version 2024-11-01 calls it product"
    assert "calls it mappingProduct" in told("{ product(a: 1) { id } }", "2024-01-01").fix
    assert "x-api-version: 2024-11-01" in told("{ packageTracker(a: 1) { id } }", "2024-01-01").fix
    assert told("mutation { order(id: 1) { id } }", "2024-11-01").fix == "order is a query: write query { order … }"


def test_a_field_of_another_version_is_told() -> None:
    def told(document: str, version: str) -> dict[str, str]:
        made = compile_operation(document, None, load_contract(version)).request_findings
        return {finding.coordinate: finding.fix for finding in made if finding.fix}

    document = (
        "mutation { createOrder(input: {lineItems: [{purchasedItem: {}}]}) { order { deliveryInformation { id } } } }"
    )
    fixes = told(document, "2024-11-01").values()
    assert "Version 2024-11-01 calls it LineItemInput.product" in fixes
    assert "Version 2024-11-01 calls it Order.packageInformation" in fixes
    document = 'query q($id: MskuProductIdentifier) { order(orderId: "1") { id } }'
    fixes = told(document, "2024-11-01").values()
    assert "Version 2024-11-01 calls it AmazonSkuProductIdentifier" in fixes
    assert "Version 2024-11-01 calls it Query.order(orderIdentifier:)" in fixes


def test_a_deprecated_name_comes_with_its_replacement() -> None:
    [finding] = findings("{ order(id: 1) { legacy } }")
    assert (finding.rule, finding.coordinate, finding.fix) == ("REQ-060", "Order.legacy", "Use kind")
    assert finding.source == "order-objects-order"


def test_hints_name_the_near_and_the_right_form() -> None:
    assert findings("{ order(id: 1) { stat } }")[0].fix == "Did you mean 'state'?"
    assert findings("{ node(id: 1) { title } }")[0].fix == "Select it within ... on Product"
    assert findings('{ orders(filter: {states: ["OPEN"]}) { id } }')[0].fix == "Write OPEN without quotes"
    assert findings("{ orders(filter: {kind: BUNDLE}) { id } }")[0].fix == 'Write "BUNDLE" with quotes'


def test_an_unconfirmed_selection_warns_once_for_each_field() -> None:
    [finding] = findings("{ secret { nick { a b c { d } } } again: secret { name } }")
    assert finding.coordinate == "Hidden"
    assert "nothing below it is judged" in finding.message


def test_a_document_that_nests_too_deeply_is_not_called_wrong() -> None:
    deep = "{ any " + "... {" * 3000 + " any " + "}" * 3000 + "}"
    assert {finding.rule for finding in findings(deep)} == {"REQ-002"}


@pytest.mark.parametrize(
    "document",
    [
        "{" * 5000,
        "{ a " * 5000 + "}" * 5000,
        "{ any " + "a " * 200_000 + "}",
        "{" + " any" * 3000 + "}",
        "x" * (MAX_DOCUMENT_CHARACTERS + 1),
        "{ orders(filter: " + "{nested: " * 3000 + "{}" + "}" * 3000 + ") { id } }",
        "{ any"
        + "".join(f" ...F{n}" for n in range(300))
        + " }"
        + "".join(f" fragment F{n} on Query {{ ...F{n + 1} any }}" for n in range(300))
        + " fragment F300 on Query { any }",
    ],
)
def test_hostile_documents_are_findings(document: str) -> None:
    rules = {finding.rule for finding in findings(document)}
    assert rules & {"REQ-001", "REQ-002"}
    assert compiled(document).judge_for({}) is None


@pytest.mark.parametrize(
    "document", ["\ud800", "{ a\u0000b }", '{ order(id: "\ud800") { id } }', "\ufeff{ any }", "{ any } \x01"]
)
def test_odd_characters_do_no_harm(document: str) -> None:
    for finding in findings(document):
        repr(finding).encode()


def test_fragments_that_multiply_stay_small() -> None:
    deep = 20
    document = "{ order(id: 1) { ...F0 } }" + "".join(
        f" fragment F{n} on Order {{ a: parent {{ ...F{n + 1} }} b: parent {{ ...F{n + 1} }} }}" for n in range(deep)
    )
    operation = compiled(document + f" fragment F{deep} on Order {{ id }}")
    assert operation.request_findings == ()
    assert operation.judge_for(None) is not None


def test_a_selection_alone() -> None:
    judge = compile_selection(contract(), "Order", "{ id lines { quantity } }")
    assert [field.key for field in judge.plan.variants[0].fields] == ["id", "lines"]
    with pytest.raises(ValueError, match="has no fields"):
        compile_selection(contract(), "OrderState", "{ id }")
    with pytest.raises(KeyError):
        compile_selection(contract(), "Nothing", "{ id }")


def test_compiling_twice_gives_the_same() -> None:
    document = "{ any }"
    assert compiled(document) is compiled("".join(list(document)))
    assert compile_operation(document, "", contract()) is compiled(document)
    assert compile_operation(document, None, contract_of(SDL)) is not compiled(document)


_RULES = tuple(rule for rule in specified_rules if rule is not MaxIntrospectionDepthRule)
_WORDS = [
    *re.findall(r"\w+", FOREIGN),
    "$x",
    "null",
    "1",
    '"text"',
    "{",
    "}",
    "(",
    ")",
    "...",
    "on",
    "@skip(if: true)",
    ":",
    "!",
]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(from_schema(foreign().schema), st.integers(0, 10**9))
def test_what_graphql_core_refuses_is_found_and_what_it_takes_is_not(document: str, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(5):
        words = re.findall(r'"(?:[^"\\]|\\.)*"|\w+|\.\.\.|\S', document)
        for _ in range(chance.randrange(1, 3)):
            words[chance.randrange(len(words))] = chance.choice(_WORDS)
        text = " ".join(words)
        operation = compile_operation(text, None, foreign())
        failed = [finding for finding in operation.request_findings if finding.verdict is Verdict.FAIL]
        try:
            errors = validate(foreign().schema, parse(text), _RULES, max_errors=10_000)
        except Exception as error:  # noqa: BLE001 - any refusal of graphql-core counts
            errors = [error]  # type: ignore[list-item]
        assert bool(errors) == bool(failed), (text, [str(error) for error in errors], failed)
