"""Answers against selections: clean ones give nothing, each fault gives a finding at its place, both paths agree."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.contract.load import contract_from_sdl, load_contract
from conformance.operations.compile import compile_operation
from conformance.operations.response import judge_response
from tests.operations.harness import (
    Answers,
    assert_agreement,
    brief,
    compiled,
    contract_of,
    faults,
    is_accepted,
    judge,
    to_json,
)

DOCUMENTS = {
    "scalars": """{ order(id: 1) { id state kind channel speed guessed color createdAt day token country email code
      priority size weight gift owner } }""",
    "lists": "{ matrix loose orders { id notes lines { id quantity price } } }",
    "aliases": """{ first: order(id: 1) { number: id how: state }
      second: order(id: 2) { id total { amount currencyCode } } }""",
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
            if fault.kind == "renamed":
                places.remove(("RSP-002", (*fault.path[:-1], "renamed_")))
            assert places == [(fault.rule, fault.path)], (fault.kind, fault.rule, fault.path)
            count += 1
    assert count > 0


def order(**more: Any) -> dict[str, Any]:
    """An answer to `{ order(id: 1) { … } }`."""
    return {"data": {"order": more}}


@pytest.mark.parametrize(
    "document",
    ["{ order(id: 1) { id ... on Book { title } } }", "{ order(id: 1) { id ...F } } fragment F on Toy { title }"],
)
def test_a_fragment_that_can_never_apply_selects_nothing(document: str) -> None:
    assert judge(document, order(id="1")) == ()


CONDITIONS = """query q($a: Boolean!, $b: Boolean = true) {
  order(id: 1) {
    id state @include(if: $a) owner @skip(if: $b)
    ... @include(if: $a) { day } ...F @skip(if: $a) gift @include(if: false)
  } }
  fragment F on Order { weight }"""


@pytest.mark.parametrize(
    ("variables", "keys"),
    [
        ({"a": True}, ["id", "state", "day"]),
        ({"a": False}, ["id", "weight"]),
        ({"a": True, "b": False}, ["id", "state", "owner", "day"]),
        ({"a": False, "b": False}, ["id", "owner", "weight"]),
        ({"a": False, "b": True}, ["id", "weight"]),
        ({"a": "nonsense"}, ["id", "weight"]),
        (None, ["id", "weight"]),
    ],
)
def test_skip_and_include_are_decided_by_the_variables(variables: Any, keys: list[str]) -> None:
    values = {"id": "1", "state": "OPEN", "owner": None, "day": None, "weight": 1.5, "gift": True}
    operation = compiled(CONDITIONS)
    clean = to_json(order(**{key: values[key] for key in keys}))
    assert assert_agreement(operation, clean, variables) == ()
    for key in values:
        if key in keys:
            findings = assert_agreement(
                operation, to_json(order(**{one: values[one] for one in keys if one != key})), variables
            )
            assert brief(findings) == [("RSP-001", "FAIL", ("data", "order", key))]
        else:
            findings = assert_agreement(
                operation, to_json(order(**{one: values[one] for one in [*keys, key]})), variables
            )
            assert brief(findings) == [("RSP-002", "FAIL", ("data", "order", key))]


@pytest.mark.parametrize(
    ("document", "answer", "expected"),
    [
        # the specification itself is certain, whatever the grade of the type
        ("{ guess { name } }", {"data": {"guess": {}}}, [("RSP-001", "FAIL", ("data", "guess", "name"))]),
        ("{ guess { name } }", {"data": {"guess": []}}, [("RSP-007", "FAIL", ("data", "guess"))]),
        ("{ guess { name } }", {"data": {"guess": {"name": ["x"]}}}, [("RSP-007", "FAIL", ("data", "guess", "name"))]),
        # what a weak fact says about values warns
        ("{ guess { name } }", {"data": {"guess": {"name": None}}}, [("RSP-004", "WARN", ("data", "guess", "name"))]),
        ("{ guess { name } }", {"data": {"guess": {"name": 1}}}, [("RSP-003", "WARN", ("data", "guess", "name"))]),
        ("{ guess { count } }", {"data": {"guess": {"count": "1"}}}, [("RSP-003", "WARN", ("data", "guess", "count"))]),
        (
            "{ guess { state } }",
            {"data": {"guess": {"state": "LOST"}}},
            [("RSP-008", "WARN", ("data", "guess", "state"))],
        ),
        ("{ order(id: 1) { guessed } }", order(guessed="LOST"), [("RSP-008", "WARN", ("data", "order", "guessed"))]),
        # what a strong fact says fails
        ("{ order(id: 1) { state } }", order(state="LOST"), [("RSP-008", "FAIL", ("data", "order", "state"))]),
        ("{ order(id: 1) { kind } }", order(kind="PAIR"), [("RSP-009", "FAIL", ("data", "order", "kind"))]),
        # a table on weak evidence, an open one, an enum whose page is cut
        ("{ order(id: 1) { speed } }", order(speed="WARP"), [("RSP-009", "WARN", ("data", "order", "speed"))]),
        ("{ order(id: 1) { channel } }", order(channel="FAX"), [("RSP-017", "INFO", ("data", "order", "channel"))]),
        ("{ order(id: 1) { color } }", order(color="BLUE"), [("RSP-008", "WARN", ("data", "order", "color"))]),
        # a type that is not known to stand there
        (
            "{ item { __typename } }",
            {"data": {"item": {"__typename": "Car"}}},
            [("RSP-010", "FAIL", ("data", "item", "__typename"))],
        ),
        (
            "{ secret { holder { __typename } } }",
            {"data": {"secret": {"holder": {"__typename": "Club"}}}},
            [("RSP-010", "WARN", ("data", "secret", "holder", "__typename"))],
        ),
        (
            "{ secret { holder { __typename } } }",
            {"data": {"secret": {"holder": {"__typename": 1}}}},
            [("RSP-010", "FAIL", ("data", "secret", "holder", "__typename"))],
        ),
    ],
)
def test_the_grade_weighs_the_verdict(document: str, answer: Any, expected: Any) -> None:
    findings = assert_agreement(compiled(document), to_json(answer))
    assert brief(findings) == expected
    assert ("unconfirmed" in findings[0].message) == (findings[0].verdict.name == "WARN")


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"secret": {"name": "x", "unheardOf": {"a": [None], "c": 1}, "mystery": {"x": 1}}, "any": [[]]}},
        {"data": {"secret": {"name": "x", "unheardOf": None, "mystery": None}, "any": None}},
        {"data": {"secret": {"name": "x", "unheardOf": [3], "mystery": 5}, "any": "text"}},
    ],
)
def test_nothing_is_said_below_what_is_not_known(answer: Any) -> None:
    assert assert_agreement(compiled(DOCUMENTS["opaque"]), to_json(answer)) == ()


def test_a_field_that_is_not_known_is_still_answered() -> None:
    findings = judge(DOCUMENTS["opaque"], {"data": {"secret": {"name": "x", "mystery": None}, "any": None}})
    assert brief(findings) == [("RSP-001", "FAIL", ("data", "secret", "unheardOf"))]


def test_a_whole_number_may_be_written_with_a_point() -> None:
    document = "{ order(id: 1) { priority size } }"
    assert judge(document, '{"data": {"order": {"priority": 3.0, "size": 1e3}}}') == ()
    assert not is_accepted(compiled(document), b'{"data": {"order": {"priority": 3.0, "size": null}}}')


@pytest.mark.parametrize("number", ["0", "-1", "1.50", "1e2", "123456789012345678901234567890", "1E-400", "9" * 400])
def test_a_decimal_is_any_number(number: str) -> None:
    document = "{ order(id: 1) { total { amount } } }"
    assert judge(document, '{"data": {"order": {"total": {"amount": ' + number + "}}}}") == ()


def test_every_fault_is_reported_not_only_the_first() -> None:
    document = "{ order(id: 1) { id state lines { id quantity } total { amount } } }"
    answer = order(
        id=1, state="LOST", lines=[{"id": "1", "quantity": "2"}, {"id": None}, 5, None], total={"amount": "1", "x": 0}
    )
    at = ("data", "order")
    assert brief(assert_agreement(compiled(document), to_json(answer))) == [
        ("RSP-012", "FAIL", (*at, "id")),
        ("RSP-008", "FAIL", (*at, "state")),
        ("RSP-003", "FAIL", (*at, "lines", 0, "quantity")),
        ("RSP-004", "FAIL", (*at, "lines", 1, "id")),
        ("RSP-001", "FAIL", (*at, "lines", 1, "quantity")),
        ("RSP-005", "FAIL", (*at, "lines", 2)),
        ("RSP-004", "FAIL", (*at, "lines", 3)),
        ("RSP-013", "FAIL", (*at, "total", "amount")),
        ("RSP-002", "FAIL", (*at, "total", "x")),
    ]


def test_list_depths() -> None:
    document = "{ matrix loose }"
    for matrix, path in (
        ([1, 2], ("data", "matrix", 0)),
        (1, ("data", "matrix")),
    ):
        [finding, *_] = judge(document, {"data": {"matrix": matrix, "loose": None}})
        assert (finding.rule, finding.path) == ("RSP-006", path)
    [finding] = judge(document, {"data": {"matrix": [[[1]]], "loose": [None, [None]]}})
    assert (finding.rule, finding.path) == ("RSP-007", ("data", "matrix", 0, 0))


def test_a_finding_says_what_where_and_how_to_mend_it() -> None:
    document = "{ mine: order(id: 1) { number: id state } }"
    [missing, extra] = judge(document, {"data": {"mine": {"id": "1", "state": "OPEN"}}})
    assert missing.path == ("data", "mine", "number")
    assert missing.coordinate == "Order.id"
    assert missing.fix == "Answer it under its alias number"
    assert extra.coordinate == "Order.id"
    [finding] = judge(document, {"data": {"mine": {"number": "1", "state": "OPEM"}}})
    assert finding.message == '"OPEM" is no value of the enum OrderState'
    assert (finding.expected, finding.actual) == ("one of CLOSED, DONE, OPEN", '"OPEM"')
    assert finding.fix == "Did you mean 'OPEN'?"
    [finding] = judge(document, {"data": {"mine": {"number": "1", "state": "OPEN", "deliveryInformation": {}}}})
    assert finding.message == "the key deliveryInformation was not selected, and Order has no such field"


def test_an_interface_without_typename_is_told_by_its_keys() -> None:
    document = "{ node(id: 1) { id ... on Order { state } ... on Product { title } } }"
    [finding] = judge(document, {"data": {"node": {"id": "1", "state": 5}}})
    assert (finding.path, finding.coordinate) == (("data", "node", "state"), "Order.state")
    [finding] = judge(document, {"data": {"node": {"id": "1", "title": 5}}})
    assert (finding.path, finding.coordinate) == (("data", "node", "title"), "Product.title")
    assert judge(document, {"data": {"node": {"id": "1"}}}) == ()  # a Line
    assert [
        finding.rule for finding in judge(document, {"data": {"node": {"id": "1", "state": "OPEN", "title": "x"}}})
    ] == ["RSP-002"]


def test_without_typename_a_missing_key_is_told_rather_than_a_surplus_one() -> None:
    for member, key in (("Book", "pages"), ("Toy", "minimumAge")):
        document = f"{{ item {{ ... on {member} {{ title {key} }} }} }}"
        [finding] = judge(document, {"data": {"item": {"title": "x"}}})
        assert (finding.rule, finding.path) == ("RSP-001", ("data", "item", key))


def test_an_object_that_says_its_type_is_judged_as_it() -> None:
    document = "{ node(id: 1) { ... on Order { __typename state } ... on Product { kind: __typename title } } }"
    assert judge(document, {"data": {"node": {"__typename": "Order", "state": "OPEN"}}}) == ()
    [missing] = judge(document, {"data": {"node": {"__typename": "Order"}}})
    assert (missing.rule, missing.path) == ("RSP-001", ("data", "node", "state"))
    both = judge(document, {"data": {"node": {"__typename": "Order", "title": "x"}}})
    assert [(one.rule, one.path[-1]) for one in both] == [("RSP-001", "state"), ("RSP-002", "title")]
    assert [one.path[-1] for one in judge(document, {"data": {"node": {"kind": "Product"}}})] == ["title"]


def test_interfaces_within_interfaces_are_judged_in_reasonable_time() -> None:
    sdl = "interface I { next: I x: Int } type Query { i: I }" + "".join(
        f" type T{n} implements I {{ next: I x: Int }}" for n in range(4)
    )
    depth = 25
    operation = compile_operation("{ i { " + "next { " * depth + "x" + " }" * depth + " } }", None, contract_of(sdl))
    answer: Any = {"x": "text"}
    for _ in range(depth):
        answer = {"next": answer}
    [finding] = assert_agreement(operation, to_json({"data": {"i": answer}}))
    assert finding.path == ("data", "i", *["next"] * depth, "x")


def test_key_order_is_told_when_asked_for() -> None:
    document = "{ order(id: 1) { id state owner } any }"
    swapped = to_json({"data": {"order": {"state": "OPEN", "id": "1", "owner": None}, "any": 1}})
    operation = compiled(document)
    assert judge_response(operation, swapped) == ()
    assert brief(judge_response(operation, swapped, key_order=True)) == [
        ("RSP-016", "INFO", ("data", "order", "state"))
    ]
    assert judge_response(operation, to_json({"data": {"order": None, "any": 1}}), key_order=True) == ()


def test_thousands_of_faults_are_cut_off_with_a_word() -> None:
    answer = {"data": {"matrix": [[None] * 12_000], "loose": None}}
    findings = judge("{ matrix loose }", answer)
    assert len(findings) == 10_001
    assert findings[-1].rule == "RSP-018"


def test_an_answer_to_a_document_that_cannot_be_judged() -> None:
    assert judge("{ order(", {"data": {"whatever": 1}}) == ()
    assert [finding.rule for finding in judge("{ order(", {"data": 5, "x": 1})] == ["ENV-023", "ENV-025"]


def test_a_large_union_and_names_that_python_keeps_for_itself() -> None:
    members = [f"T{number}" for number in range(60)]
    sdl = "type Query { one: U class: String def: Int self: Boolean } union U = " + " | ".join(members)
    sdl += "".join(f" type {name} {{ f{index}: Int! class: String }}" for index, name in enumerate(members))
    document = (
        "{ one { __typename "
        + "".join(f"... on {name} {{ f{index} class }} " for index, name in enumerate(members))
        + "} class def self }"
    )
    operation = compile_operation(document, None, contract_of(sdl))
    assert operation.request_findings == ()
    answer = {"one": {"__typename": "T7", "f7": 1, "class": None}, "class": "x", "def": 1, "self": True}
    assert assert_agreement(operation, to_json({"data": answer})) == ()
    answer["one"]["f8"] = 1  # type: ignore[index]
    assert [finding.path for finding in assert_agreement(operation, to_json({"data": answer}))] == [
        ("data", "one", "f8")
    ]


def test_the_documented_partial_answer_of_inventory_item() -> None:
    operation = compile_operation(
        '{ inventoryItem(inventoryItemId: "a") { inventoryItemId buyableQuantity { amount } } }',
        None,
        load_contract("2024-04-01"),
    )
    classification = {
        "type": "ValidationError",
        "code": "InvalidAmazonSkuConfiguration",
        "details": {"message": "m"},
        "errorType": "ValidationException",
        "errorCode": 400,
    }
    error = {
        "message": "m",
        "locations": [{"line": 2, "column": 3}],
        "path": ["inventoryItem"],
        "extensions": {"classification": classification},
    }
    answer = {"errors": [error], "data": {"inventoryItem": {"inventoryItemId": "a", "buyableQuantity": None}}}
    assert judge_response(operation, to_json(answer)) == ()


@pytest.mark.parametrize(
    "text", ["ann.roe@example.com", "https://host.example/a?X-Amz-Signature=abc", "tok\u00e9n" * 20]
)
def test_text_that_may_be_personal_is_told_by_its_length_alone(text: str) -> None:
    own = contract_from_sdl(
        b"""
        directive @format(as: String!) on FIELD_DEFINITION
        directive @limit(pattern: String) on FIELD_DEFINITION
        enum E { A }
        type Query { e: E at: String @format(as: "date-time") p: String @limit(pattern: "^x$") }
        """,
        "s.graphql",
    )
    body = json.dumps({"data": {"e": text, "at": text, "p": text}}).encode()
    found = judge_response(compile_operation("{ e at p }", None, own), body)
    assert len(found) == 3
    for finding in found:
        assert text not in repr(finding)
        assert f"string of {len(text)} characters" in finding.actual


def test_a_bound_that_is_a_guess_only_warns() -> None:
    own = contract_from_sdl(
        b"""
        directive @limit(maxLength: Int, maxItems: Int, inferred: String) on FIELD_DEFINITION
        type Query { sure: String @limit(maxLength: 2)  guess: String @limit(maxLength: 2, inferred: "its twin")
          list: [String] @limit(maxItems: 1, inferred: "its twin") }
        """,
        "s.graphql",
    )
    body = json.dumps({"data": {"sure": "abc", "guess": "abc", "list": ["a", "b"]}}).encode()
    found = judge_response(compile_operation("{ sure guess list }", None, own), body)
    assert [(finding.rule, finding.verdict.name, finding.path[1]) for finding in found] == [
        ("RSP-015", "FAIL", "sure"),
        ("RSP-015", "WARN", "guess"),
        ("RSP-015", "WARN", "list"),
    ]
    assert found[1].source == "its twin"
