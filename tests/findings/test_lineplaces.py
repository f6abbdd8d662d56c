import json

import pytest

from conformance.base.paths import JsonPath
from conformance.findings.lineplaces import place_of

LINE = '{"a": [1, {"b": "x:y"}], "c": {"d": null, "a": []}, "e\\"": 5}'


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ((), "{"),
        (("a",), "[1"),
        (("a", 0), "1,"),
        (("a", 1, "b"), '"x:y"'),
        (("c", "d"), "null"),
        (("c", "a"), "[]}"),
        (('e"',), "5}"),
    ],
)
def test_the_column_of_a_value(path: JsonPath, at: str) -> None:
    assert place_of(LINE, path) == LINE.index(at) + 1


@pytest.mark.parametrize(("path", "ancestor"), [(("c", "zz"), ("c",)), (("a", 7, "x"), ("a",)), (("nothing",), ())])
def test_a_path_that_leads_nowhere_gives_its_nearest_ancestor(path: JsonPath, ancestor: JsonPath) -> None:
    assert place_of(LINE, path) == place_of(LINE, ancestor)


def test_it_agrees_with_a_second_way_of_finding_values() -> None:
    value = {"k": [{"n": 17}, {"n": 23}, [[], [99]]], "z": "end"}
    line = json.dumps(value)
    assert line[place_of(line, ("k", 1, "n")) - 1 :].startswith("23")
    assert line[place_of(line, ("k", 2, 1, 0)) - 1 :].startswith("99")
    assert line[place_of(line, ("z",)) - 1 :].startswith('"end"')
