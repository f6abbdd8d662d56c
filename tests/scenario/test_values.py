"""References inside values, and paths with wildcards."""

import pytest

from conformance.scenario.values import Place, Scope, parse_pattern, places, references


def test_a_path_leads_to_every_item() -> None:
    root = {"items": [{"id": 1}, {"id": 2}, {}]}
    assert list(places(root, "items[*].id", ("data",))) == [
        Place(("data", "items", 0, "id"), 1),
        Place(("data", "items", 1, "id"), 2),
        Place(("data", "items", 2, "id"), found=False),
    ]


@pytest.mark.parametrize("path", ["gone.id", "items[9]", "items.id", "items[0].id.deeper"])
def test_a_path_that_breaks_off_says_so(path: str) -> None:
    (place,) = places({"items": [{"id": 1}]}, path)
    assert not place.found


def test_a_wildcard_over_no_list_leads_nowhere() -> None:
    (place,) = places({"items": {"a": 1}}, "items[*].id")
    assert not place.found


def test_a_wildcard_over_an_empty_list_leads_to_nothing_at_all() -> None:
    assert list(places({"items": []}, "items[*].id")) == []


def test_a_faulty_path_says_where() -> None:
    with pytest.raises(ValueError, match="not a path at character 6"):
        parse_pattern("items[x]")


def test_references_are_replaced_wherever_they_stand() -> None:
    scope = Scope({"sku": "s-1"}, {"orderId": "o-1"}).with_captures({"late": [1]})
    value = {"a": [{"sku": {"$input": "sku"}}], "id": {"$capture": "orderId"}, "l": {"$capture": "late"}, "n": 1}
    assert scope.resolve(value) == {"a": [{"sku": "s-1"}], "id": "o-1", "l": [1], "n": 1}


def test_references_are_found_with_their_place() -> None:
    assert list(references({"a": [{"$input": "x"}], "b": {"$capture": "y"}})) == [
        ("$input", "x", ("a", 0)),
        ("$capture", "y", ("b",)),
    ]
