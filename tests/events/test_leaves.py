"""Leaf values: the JSON kind of the scalar, enum members, tables of values, formats."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLScalarType

from conformance.contract.leaves import format_fits
from conformance.contract.load import contract_from_sdl
from conformance.events.leaves import check_leaf
from conformance.findings.model import Finding, Grade, Verdict

CONTRACT = contract_from_sdl(
    b"""
    directive @values(of: String!) on FIELD_DEFINITION
    directive @valueTable(open: Boolean! = false) on ENUM
    directive @partial(why: String!) on ENUM
    directive @format(as: String!) on FIELD_DEFINITION
    scalar Decimal
    scalar Long
    scalar Unknown
    enum Carrier { UPS FEDEX }
    enum Cut @partial(why: "cut") { ONE }
    enum State @valueTable { OPEN SHUT }
    enum Reason @valueTable(open: true) { LATE }
    type Query {
      string: String id: ID int: Int long: Long float: Float decimal: Decimal boolean: Boolean unknown: Unknown
      carrier: Carrier cut: Cut state: String @values(of: "State") reason: String @values(of: "Reason")
      at: String @format(as: "date-time")
    }
    """,
    "leaves.graphql",
)


def findings(field: str, value: Any, *, as_text: bool = False, grade: Grade = Grade.PAGE) -> list[Finding]:
    query = CONTRACT.schema.query_type
    assert query is not None
    type_ = query.fields[field].type
    assert isinstance(type_, GraphQLScalarType | GraphQLEnumType)
    fact = CONTRACT.fact("Query", field)
    return list(check_leaf(CONTRACT, type_, value, ("data", field), fact=fact, grade=grade, as_text=as_text))


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("string", ["", "text"], [1, True, [], {}]),
        ("id", ["1"], [1, True, []]),
        ("int", [0, 1.0, -(2**31)], [1.5, "1", True, 2**31, []]),
        ("long", [2**40], [2**63, 1.5, "1", False]),
        ("float", [1, 1.5], ["1", True, {}]),
        ("decimal", [10, 10.25], ["10", True, []]),
        ("boolean", [True, False], [0, "true", []]),
        ("unknown", [1, "a", [], {"a": 1}], []),
    ],
)
def test_a_value_has_the_kind_of_its_scalar(field: str, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert findings(field, value) == [], value
    for value in bad:
        (finding,) = findings(field, value)
        assert (finding.rule, finding.verdict, finding.path) == ("EVT-043", Verdict.FAIL, ("data", field)), value


def test_numbers_without_end_are_no_integers() -> None:
    for value in (float("inf"), float("nan")):
        assert [finding.rule for finding in findings("int", value)] == ["EVT-043"]


def test_a_number_that_a_page_prints_as_text_may_be_either() -> None:
    assert findings("decimal", "10.25", as_text=True) == []
    assert findings("decimal", 10.25, as_text=True) == []
    assert [finding.rule for finding in findings("decimal", "ten", as_text=True)] == ["EVT-043"]


def test_an_enum_value_is_a_member() -> None:
    assert findings("carrier", "UPS") == []
    wrong: list[Any] = ["DHL", "ups", 1, None, []]
    for value in wrong:
        (finding,) = findings("carrier", value)
        assert (finding.rule, finding.verdict, finding.expected) == ("EVT-047", Verdict.FAIL, "one of FEDEX, UPS")
    assert [finding.verdict for finding in findings("cut", "TWO")] == [Verdict.WARN]


def test_a_table_of_values_holds_closed_or_open() -> None:
    assert findings("state", "OPEN") == []
    assert [(finding.rule, finding.verdict) for finding in findings("state", "AJAR")] == [("EVT-048", Verdict.FAIL)]
    assert [(finding.rule, finding.verdict) for finding in findings("reason", "EARLY")] == [("EVT-049", Verdict.INFO)]


def test_what_stands_on_weak_evidence_only_warns() -> None:
    assert [finding.verdict for finding in findings("state", "AJAR", grade=Grade.GUIDE)] == [Verdict.WARN]
    assert [finding.verdict for finding in findings("at", "today", grade=Grade.INFERRED)] == [Verdict.WARN]


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        (
            "date-time",
            ["2024-11-01T12:34:56Z", "2024-11-01T12:34:56.789+02:00", "2024-11-01T12:34Z", "2024-12-31T23:59:60Z"],
            ["2024-11-01", "2024-11-01T12:34:56", "2024-11-31T12:34Z", "2024-11-01T25:00Z", "2024-11-01T12:34:61Z", ""],
        ),
        ("date", ["2024-02-29"], ["2023-02-29", "20240229", "2024-02-29T00:00:00Z"]),
        ("email", ["a.b@example.org"], ["a.b", "a@b", "a b@example.org"]),
        ("uri", ["https://shop.example/a"], ["shop.example", "https://shop example"]),
        ("uuid", ["6f1c2a34-9b8d-4e57-8a21-0c5d7e9f1b23", "6f1c2a349b8d4e578a210c5d7e9f1b23"], ["6f1c2a34"]),
        ("country-code", ["US"], ["us", "USA"]),
        ("currency-code", ["USD"], ["usd", "US"]),
        ("no such format", ["anything"], []),
    ],
)
def test_formats(form: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not format_fits(form, text)] == []
    assert [text for text in bad if format_fits(form, text)] == []
