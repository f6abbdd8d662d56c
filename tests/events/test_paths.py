"""Resource paths: businessProduct/{id}, then pairs of a type and an id; a fault says where, and shows no id."""

import pytest

from conformance.events.paths import PathFault, PathPattern, ResourcePath, match, parse_resource
from conformance.events.reading import load_catalogue

REFUND = PathPattern.parse("refund", "businessProduct/{businessProductId}/order/{orderId}/refund/{refundId}")


def parsed(text: str) -> ResourcePath:
    path = parse_resource(text)
    assert isinstance(path, ResourcePath)
    return path


def fault_of(text: str) -> PathFault:
    path = parse_resource(text)
    assert isinstance(path, PathFault)
    return path


def test_a_path_is_pairs_of_type_and_id() -> None:
    path = parsed("businessProduct/bp-1/order/o-1/refund/r-1")
    assert path.pairs == (("businessProduct", "bp-1"), ("order", "o-1"), ("refund", "r-1"))
    assert str(path) == "businessProduct/bp-1/order/o-1/refund/r-1"


def test_a_path_gives_its_ids_by_name() -> None:
    ids = match(parsed("businessProduct/bp-1/order/o-1/refund/r-1"), REFUND)
    assert ids == {"businessProductId": "bp-1", "orderId": "o-1", "refundId": "r-1"}


@pytest.mark.parametrize("pattern", load_catalogue().patterns.values(), ids=lambda pattern: pattern.name)
def test_every_documented_pattern_matches_itself_alone(pattern: PathPattern) -> None:
    path = parsed(pattern.template.replace("{", "").replace("}", ""))
    fitting = [
        other.name for other in load_catalogue().patterns.values() if not isinstance(match(path, other), PathFault)
    ]
    assert fitting == [pattern.name]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the resource path is empty"),
        ("/businessProduct/bp-1", "the resource path begins with a slash"),
        ("businessProduct/bp-1/", "the resource path ends with a slash"),
        ("businessProduct//order/o-1", "the 2nd segment of the resource path is empty"),
        ("order/o-1", "the resource path begins with 'order', not with 'businessProduct'"),
        ("businessproduct/bp-1", "the resource path begins with 'businessproduct', not with 'businessProduct'"),
        ("businessProduct", "the resource path ends after the type 'businessProduct', without its id"),
        ("businessProduct/bp-1/order", "the resource path ends after the type 'order', without its id"),
        ("businessProduct/bp-1/order/o 1", "the resource path has white space at character 29"),
        ("businessProduct/bp-1/order/o-1\n", "the resource path has white space at character 31"),
    ],
)
def test_a_path_against_the_grammar_says_where_it_goes_wrong(text: str, message: str) -> None:
    assert fault_of(text).message == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("businessProduct/bp-1/order/o-1", "the resource path ends before refund/{refundId}"),
        ("businessProduct/bp-1", "the resource path ends before order/{orderId}/refund/{refundId}"),
        ("businessProduct/bp-1/order/o-1/refunds/r-1", "the 3rd type of the resource path is 'refunds', not 'refund'"),
        ("businessProduct/bp-1/item/i-1/refund/r-1", "the 2nd type of the resource path is 'item', not 'order'"),
        ("businessProduct/bp-1/order/o-1/refund/r-1/part/2", "the resource path goes on with the type 'part'"),
    ],
)
def test_a_path_off_its_pattern_says_where_it_leaves_it(text: str, message: str) -> None:
    fault = match(parsed(text), REFUND)
    assert isinstance(fault, PathFault)
    assert fault.message == message
    assert fault.expected == REFUND.template


def test_a_fault_shows_types_and_no_ids() -> None:
    fault = match(parsed("businessProduct/secret-1/order/secret-2"), REFUND)
    assert isinstance(fault, PathFault)
    assert fault.actual == "businessProduct/…/order/…"


@pytest.mark.parametrize(
    "template", ["order/{orderId}", "businessProduct/bp/order/{orderId}", "businessProduct/{id}/order"]
)
def test_a_template_that_is_none_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"resource path|shorter|longer"):
        PathPattern.parse("faulty", template)
