"""Variables against their definitions: every fault with its path; graphql-core and the fast path as witnesses."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from graphql import GraphQLError
from graphql.execution.values import get_variable_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.operations.request import judge_variables, judge_variables_precisely
from conformance.operations.variables import variables_are_clean
from tests.operations.harness import brief, compiled

CREATE = "mutation c($input: CreateOrderInput!) { createOrder(input: $input) { order { id } } }"
CHOOSE = "mutation c($by: Choice!) { choose(by: $by) }"
RATE = """mutation r($value: Float!, $exact: Decimal, $big: Long, $at: String) {
  rate(value: $value, exact: $exact, big: $big, at: $at) }"""
FILTER = "query f($filter: OrderFilter) { orders(filter: $filter) { id } }"
SCALARS = """query s($id: ID!, $first: Int = 3, $include: Boolean!) {
  order(id: $id, first: $first) { id state @include(if: $include) } }"""
TAGS = "mutation t($tags: [String!]) { rate(value: 1, tags: $tags) }"
FRAGMENT = 'query f($first: Int) { ...F } fragment F on Query { order(id: "1", first: $first) { id } }'
TABLE = "query t($kind: String) { orders(filter: {kind: $kind, nested: {channel: $kind}}) { id } }"
CLEAN = {"lineItems": [{"sku": "a", "quantity": 1, "price": 2.5, "gift": None, "aliases": ["x"]}], "state": "DONE"}


def found(document: str, variables: Any) -> list[tuple[str, str, Any]]:
    operation = compiled(document)
    assert operation.request_findings == ()
    findings = judge_variables(operation, variables)
    assert findings == judge_variables_precisely(operation, variables)
    assert all(finding.origin == "variables" and finding.blame.value == "CLIENT" for finding in findings)
    return [(rule, verdict, path[1:]) for rule, verdict, path in brief(findings)]


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        (CREATE, {"input": CLEAN}),
        (CREATE, {"input": {"lineItems": {"sku": "a", "quantity": 1}}}),  # one value for a list of one
        (CREATE, {"input": {**CLEAN, "extra": [{"anything": 1}], "note": "0123456789", "email": "a@b.co"}}),
        (CREATE, {"input": {**CLEAN, "identifier": {"sku": 5}, "state": None}}),  # an integer for an ID
        (CREATE, {"input": {**CLEAN, "identifier": {"sku": "a", "externalId": None, "place": "x"}}}),
        (CREATE, {"input": {**CLEAN, "partial": {"name": "x"}}}),
        (CHOOSE, {"by": {"id": "1"}}),
        (RATE, {"value": 1, "exact": 1.25, "big": 2**63 - 1, "at": "2024-11-01T10:00:00Z"}),
        (RATE, {"value": 1.5, "exact": None}),
        (FILTER, {}),
        (FILTER, None),
        (FILTER, {"filter": {"states": ["OPEN"], "kind": "BUNDLE", "channel": "WEB", "nested": {"nested": {}}}}),
        (SCALARS, {"id": "1", "include": True}),
        (SCALARS, {"id": 1, "first": 2.0, "include": False}),
        (TAGS, {"tags": ["a", "b"]}),
        (FRAGMENT, {"first": 20}),
    ],
)
def test_faultless_variables_give_nothing(document: str, variables: Any) -> None:
    assert found(document, variables) == []


@pytest.mark.parametrize(
    ("document", "variables", "expected"),
    [
        (CREATE, {}, [("REQ-042", "FAIL", ("input",))]),
        (CREATE, None, [("REQ-042", "FAIL", ("input",))]),
        (CREATE, {"input": None}, [("REQ-041", "FAIL", ("input",))]),
        (CREATE, {"input": "text"}, [("REQ-040", "FAIL", ("input",))]),
        (CREATE, {"input": {}}, [("REQ-042", "FAIL", ("input", "lineItems"))]),
        (CREATE, {"input": {"lineItems": []}}, [("REQ-046", "FAIL", ("input", "lineItems"))]),
        (CREATE, {"input": {"lineItems": [None]}}, [("REQ-041", "FAIL", ("input", "lineItems", 0))]),
        (CREATE, {"input": {**CLEAN, "surplus": 1}}, [("REQ-043", "FAIL", ("input", "surplus"))]),
        (
            CREATE,
            {"input": {**CLEAN, "partial": {"name": "x", "more": 1}}},
            [("REQ-070", "WARN", ("input", "partial", "more"))],
        ),
        (CREATE, {"input": {**CLEAN, "email": "nobody"}}, [("REQ-048", "FAIL", ("input", "email"))]),
        (CREATE, {"input": {**CLEAN, "note": "01234567890"}}, [("REQ-046", "FAIL", ("input", "note"))]),
        (CREATE, {"input": {**CLEAN, "state": "LOST"}}, [("REQ-044", "FAIL", ("input", "state"))]),
        (CREATE, {"input": {**CLEAN, "state": 3}}, [("REQ-040", "FAIL", ("input", "state"))]),
        (CREATE, {"input": {**CLEAN, "state": "CLOSED"}}, [("REQ-063", "WARN", ("input", "state"))]),
        (
            CREATE,
            {"input": {**CLEAN, "identifier": {"sku": "a", "externalId": "b"}}},
            [("REQ-047", "FAIL", ("input", "identifier"))],
        ),
        (CREATE, {"input": CLEAN, "more": 1}, [("REQ-050", "WARN", ("more",))]),
        (CHOOSE, {"by": {}}, [("REQ-049", "FAIL", ("by",))]),
        (CHOOSE, {"by": {"id": "1", "name": "x"}}, [("REQ-049", "FAIL", ("by",))]),
        (CHOOSE, {"by": {"id": None}}, [("REQ-049", "FAIL", ("by",))]),
        (RATE, {"value": "1"}, [("REQ-040", "FAIL", ("value",))]),
        (RATE, {"value": True}, [("REQ-040", "FAIL", ("value",))]),
        (RATE, {"value": 1, "exact": "1.25"}, [("REQ-051", "WARN", ("exact",))]),
        (RATE, {"value": 1, "exact": "much"}, [("REQ-040", "FAIL", ("exact",))]),
        (RATE, {"value": 1, "big": 2**63}, [("REQ-040", "FAIL", ("big",))]),
        (FILTER, {"filter": {"kind": "PAIR"}}, [("REQ-045", "FAIL", ("filter", "kind"))]),
        (FILTER, {"filter": {"kind": "SET"}}, [("REQ-063", "WARN", ("filter", "kind"))]),
        (FILTER, {"filter": {"channel": "FAX"}}, [("REQ-071", "INFO", ("filter", "channel"))]),
        (FILTER, {"filter": {"legacy": "x"}}, [("REQ-062", "WARN", ("filter", "legacy"))]),
        (FILTER, {"filter": {"states": [["OPEN"]]}}, [("REQ-040", "FAIL", ("filter", "states", 0))]),
        (
            FILTER,
            {"filter": {"nested": {"nested": {"kind": 1}}}},
            [("REQ-040", "FAIL", ("filter", "nested", "nested", "kind"))],
        ),
        (SCALARS, {"id": 1.5, "include": "yes"}, [("REQ-040", "FAIL", ("id",)), ("REQ-040", "FAIL", ("include",))]),
        (SCALARS, {"id": "1", "first": 2**31, "include": True}, [("REQ-040", "FAIL", ("first",))]),
        # What the places ask where a variable is used: bounds, formats, tables.
        (SCALARS, {"id": "1", "first": 21, "include": True}, [("REQ-046", "FAIL", ("first",))]),
        (RATE, {"value": 1, "at": "yesterday"}, [("REQ-048", "FAIL", ("at",))]),
        (TAGS, {"tags": ["a", "b", "c"]}, [("REQ-046", "FAIL", ("tags",))]),
        (TABLE, {"kind": "PAIR"}, [("REQ-045", "FAIL", ("kind",)), ("REQ-071", "INFO", ("kind",))]),
        (TABLE, {"kind": "WEB"}, [("REQ-045", "FAIL", ("kind",))]),
        (FRAGMENT, {"first": 21}, [("REQ-046", "FAIL", ("first",))]),
        ([], [], []),
    ][:-1],
)
def test_each_fault_is_found_at_its_path(document: str, variables: Any, expected: list[Any]) -> None:
    assert found(document, variables) == expected


def test_every_fault_is_reported_not_only_the_first() -> None:
    variables = {
        "input": {
            "lineItems": [{"sku": None, "quantity": "2"}, {"quantity": 1.5, "colour": "red"}, 7],
            "note": 5,
            "state": "OPENED",
        }
    }
    assert sorted(found(CREATE, variables)) == sorted(
        [
            ("REQ-041", "FAIL", ("input", "lineItems", 0, "sku")),
            ("REQ-040", "FAIL", ("input", "lineItems", 0, "quantity")),
            ("REQ-042", "FAIL", ("input", "lineItems", 1, "sku")),
            ("REQ-040", "FAIL", ("input", "lineItems", 1, "quantity")),
            ("REQ-043", "FAIL", ("input", "lineItems", 1, "colour")),
            ("REQ-040", "FAIL", ("input", "lineItems", 2)),
            ("REQ-040", "FAIL", ("input", "note")),
            ("REQ-044", "FAIL", ("input", "state")),
        ]
    )


def test_variables_that_are_no_object() -> None:
    operation = compiled(FILTER)
    assert brief(judge_variables(operation, [1])) == [("REQ-052", "FAIL", ("variables",))]  # type: ignore[arg-type]


def test_hostile_variables_are_findings() -> None:
    deep: Any = {}
    for _ in range(600):
        deep = {"nested": deep}
    assert [rule for rule, *_ in found(FILTER, {"filter": deep})] == ["REQ-053"]
    many = {f"key{number}": number for number in range(50_000)}
    rules = [rule for rule, *_ in found(FILTER, {"filter": many})]
    assert rules == ["REQ-043"] * 1000 + ["REQ-053"]
    odd = {"filter": {"\ud800\u0000" + "x" * 9999: "\udfff", "kind": "\ud800"}}
    repr(judge_variables(compiled(FILTER), odd)).encode()


def test_a_message_says_what_to_do() -> None:
    [finding] = judge_variables(compiled(CREATE), {"input": {**CLEAN, "lineItem": []}})
    assert finding.coordinate == "CreateOrderInput"
    assert finding.fix == "Did you mean 'lineItems'?"
    [finding] = judge_variables(compiled(FILTER), {"filter": {"legacy": "x"}})
    assert (finding.coordinate, finding.fix) == ("OrderFilter.legacy", "Use kind")
    [finding] = judge_variables(compiled(CREATE), {"input": {**CLEAN, "state": "CLOSE"}})
    assert finding.expected == "one of CLOSED, DONE, OPEN"
    assert finding.fix.startswith("Did you mean 'CLOSED'")


def test_a_value_that_could_be_a_secret_is_not_shown() -> None:
    [finding] = judge_variables(
        compiled(CREATE), {"input": {**CLEAN, "lineItems": [{"sku": "a", "quantity": "s3cret"}]}}
    )
    assert "s3cret" not in repr(finding)


DOCUMENTS = (CREATE, CHOOSE, RATE, FILTER, SCALARS)
START: tuple[Any, ...] = (
    {"input": CLEAN},
    {"by": {"id": "1"}},
    {"value": 1.5, "exact": 1, "big": 5, "at": "2024-11-01T10:00:00Z"},
    {"filter": {"states": ["OPEN"], "minimum": 1.5, "nested": {"kind": "BUNDLE"}}},
    {"id": "1", "first": 1, "include": True},
)
_KINDS = frozenset(("REQ-040", "REQ-041", "REQ-042", "REQ-043", "REQ-044", "REQ-049"))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.integers(0, 4), st.integers(0, 10**9))
def test_what_graphql_core_refuses_is_found_and_what_it_takes_is_not(which: int, seed: int) -> None:
    """Faults of kind, as the specification sees them; tables, bounds and formats are beyond it."""
    operation = compiled(DOCUMENTS[which])
    assert operation.operation is not None
    variables = damaged(START[which], random.Random(seed))
    result = get_variable_values(operation.contract.schema, operation.operation.variable_definitions or (), variables)
    refused = isinstance(result, list) and all(isinstance(error, GraphQLError) for error in result)
    findings = judge_variables_precisely(operation, variables)
    kinds = [finding for finding in findings if finding.rule in _KINDS and finding.coordinate not in OURS]
    assert bool(kinds) == refused, (variables, brief(findings), result)
    assert variables_are_clean(operation, variables) <= (not findings)


OURS = {"Mutation.rate(exact:)", "Mutation.rate(big:)", "$exact", "$big", "OrderFilter.minimum", "LineItemInput.price"}
"""Places of custom scalars: graphql-core takes anything there."""


def damaged(variables: Any, chance: random.Random) -> Any:
    """Up to two values anywhere replaced, gone or doubled."""
    made = copy.deepcopy(variables)
    for _ in range(chance.randrange(3)):
        place = made
        while True:
            inner = [key for key in _keys(place) if isinstance(place[key], dict | list) and place[key]]
            if not inner or chance.random() < 0.2:
                break
            place = place[chance.choice(inner)]
        if not _keys(place):
            continue
        key = chance.choice(_keys(place))
        others: list[Any] = [
            None,
            True,
            0,
            1.5,
            2.0,
            2**31,
            "",
            "OPEN",
            "1",
            [],
            {},
            [None],
            [[]],
            {"id": "1"},
            {"sku": "a", "quantity": 2},
        ]
        match chance.randrange(4):
            case 0:
                del place[key]
            case 1 if isinstance(place, dict):
                place[chance.choice(["surplus", "name", "sku", "id"])] = place[key]
            case _:
                place[key] = chance.choice(others)
    return made


def _keys(place: Any) -> list[Any]:
    return list(place) if isinstance(place, dict) else list(range(len(place)))


def test_a_variable_that_is_declared_twice_is_a_finding_of_the_document_alone() -> None:
    operation = compiled("query f($id: ID!, $id: ID!) { order(id: $id) { id } }")
    assert [finding.rule for finding in operation.request_findings] == ["REQ-020"]
    assert judge_variables(operation, {"id": "1"}) == ()


@pytest.mark.parametrize("variables", [{"\ud800": 1}, {"id": "\ud800", "\ud800": {"\ud800": "\udfff"}}])
def test_names_and_values_that_are_half_a_surrogate_pair_are_judged(variables: Any) -> None:
    assert "REQ-050" in {rule for rule, *_ in found(SCALARS, variables)}
