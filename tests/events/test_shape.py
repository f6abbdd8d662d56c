"""Shapes: a GraphQL selection with marks for weak evidence and for what event pages print otherwise."""

import pytest

from conformance.base.errors import InternalError
from conformance.events.shape import LIST, parse_selection
from conformance.findings.model import Grade


def test_a_selection_becomes_fields_with_their_evidence() -> None:
    (order,) = parse_selection("{ order { id refunds @printed(as: LIST) { state @inferred } } }", Grade.EXAMPLE)
    assert (order.name, order.grade) == ("order", Grade.EXAMPLE)
    refunds = order.child("refunds")
    assert refunds is not None
    assert refunds.printed == {LIST}
    assert [(field.name, field.grade) for field in refunds.fields] == [("state", Grade.INFERRED)]
    assert order.child("other") is None


def test_what_stands_below_an_inferred_field_is_inferred_too() -> None:
    (order,) = parse_selection("{ order @inferred { id } }", Grade.EXAMPLE)
    assert [(field.grade, field.is_shown) for field in order.fields] == [(Grade.INFERRED, False)]


@pytest.mark.parametrize(
    "text",
    ["{ order", "type Order { id: ID }", "{ ... on Query { order } }", "{ order @printed { id } }", "{ a } { b }"],
)
def test_a_faulty_selection_is_a_bug_of_ours(text: str) -> None:
    with pytest.raises(InternalError, match=r"events\.yaml"):
        parse_selection(text, Grade.PAGE)
