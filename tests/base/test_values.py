"""Paths, coordinates, canonical JSON, versions, errors: small values that everything else is told with."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.base.canonical import canonical_json, digest
from conformance.base.coordinates import SchemaCoordinate
from conformance.base.errors import ExitStatus, InputError, InternalError, Problem, SourcePosition, TargetError
from conformance.base.paths import format_path, parse_path
from conformance.base.versions import check_version


def test_a_path_is_written_as_javascript_would() -> None:
    assert format_path(("data", "order", "lineItems", 0, "id")) == "data.order.lineItems[0].id"
    assert format_path(("a.b", 'c"d')) == '["a.b"]["c\\"d"]'


@given(st.lists(st.one_of(st.text(max_size=5), st.integers(min_value=0, max_value=99)), max_size=6))
def test_a_path_survives_its_text_form(parts: list[str | int]) -> None:
    assert parse_path(format_path(tuple(parts))) == tuple(parts)


def test_what_is_no_path_is_refused() -> None:
    with pytest.raises(ValueError, match="not a path at character 2"):
        parse_path("a.!")


@pytest.mark.parametrize("text", ["Order", "Order.id", "Query.order(orderIdentifier:)"])
def test_a_coordinate_survives_its_text_form(text: str) -> None:
    assert str(SchemaCoordinate.parse(text)) == text


def test_a_coordinate_contains_its_parts_and_nothing_that_only_begins_alike() -> None:
    field = SchemaCoordinate.parse("Order.id")
    assert SchemaCoordinate.parse("Order").contains(field)
    assert field.contains(field)
    assert SchemaCoordinate.parse("Query.order").contains(SchemaCoordinate.parse("Query.order(id:)"))
    assert not field.contains(SchemaCoordinate.parse("Order.identifier"))
    assert not field.contains(SchemaCoordinate.parse("Order"))


@pytest.mark.parametrize("text", ["", "order.", "Order id", "Order.id(x)", "1Order"])
def test_what_is_no_coordinate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no schema coordinate"):
        SchemaCoordinate.parse(text)


def test_equal_json_values_have_one_canonical_text() -> None:
    assert canonical_json({"b": 1.0, "a": [Decimal("2.50")]}) == '{"a":[2.5],"b":1}'
    assert digest({"a": 1, "b": 2}) == digest({"b": 2.0, "a": 1})
    assert digest({"a": 1}) != digest({"a": "1"})


def test_an_unknown_version_names_the_known_ones() -> None:
    assert check_version("2024-11-01") == "2024-11-01"
    with pytest.raises(ValueError, match="known are 2024-01-01, 2024-04-01, 2024-11-01, next"):
        check_version("2023-01-01")


def test_a_problem_says_where_what_and_how_to_mend_it() -> None:
    problem = Problem(SourcePosition("x.yaml", 3, 7), "steps: missing", "a list", "Add one")
    assert str(problem) == "x.yaml:3:7: steps: missing; expected a list. Add one"


def test_each_exception_has_its_exit_status() -> None:
    assert InputError.at("f", "m").exit_status is ExitStatus.BAD_INPUT
    assert TargetError("m").exit_status is ExitStatus.UNREACHABLE
    assert InternalError("m").exit_status is ExitStatus.BUG
