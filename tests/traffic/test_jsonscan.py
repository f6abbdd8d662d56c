"""Walking through JSON texts of any size."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from conformance.base.errors import InputError
from conformance.base.paths import JsonPath
from conformance.traffic.jsonscan import JsonScanner, locate, locate_all


class _Drops(io.BytesIO):
    """Gives a few bytes at a time, so that every token is cut somewhere."""

    def read(self, size: int | None = -1, /) -> bytes:  # noqa: ARG002
        return super().read(5)


SAMPLE = json.dumps(
    {"a": [1, 'x]\\"{', {"deep": [[], {}]}], "b": None, 'é"': -1.5e3, "long": "y" * 100}, indent=1, ensure_ascii=False
).encode()


def _walk(scanner: JsonScanner) -> Any:
    kind = scanner.kind()
    if kind == "{":
        return {key: _walk(scanner) for key in scanner.members()}
    if kind == "[":
        return [_walk(scanner) for _ in scanner.items()]
    return json.loads(scanner.take())


@pytest.mark.parametrize("source", [io.BytesIO, _Drops])
def test_walking_visits_every_value(source: type[io.BytesIO]) -> None:
    scanner = JsonScanner(source(SAMPLE), "f")
    assert _walk(scanner) == json.loads(SAMPLE)
    scanner.finish()


@pytest.mark.parametrize("source", [io.BytesIO, _Drops])
def test_a_value_is_taken_whole(source: type[io.BytesIO]) -> None:
    scanner = JsonScanner(source(b'\xef\xbb\xbf [ {"a": "]}"} , 12 , "x" ]'), "f")
    assert [scanner.kind() and scanner.take() for _ in scanner.items()] == [b'{"a": "]}"}', b"12", b'"x"']


@pytest.mark.parametrize("source", [io.BytesIO, _Drops])
def test_positions_count_lines_and_characters(source: type[io.BytesIO]) -> None:
    scanner = JsonScanner(source('["é", 1,\n\n  2]'.encode()), "f")
    places = []
    for _ in scanner.items():
        scanner.kind()
        places.append(str(scanner.position()))
        scanner.take()
    assert places == ["f:1:2", "f:1:7", "f:3:3"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "f:1:1: not JSON: the text ends here"),
        (b'{"a": 1', 'f:1:8: not JSON: the text ends here; expected "," or "}"'),
        (b'{"a" 1}', "f:1:6: not JSON: '1'; expected \":\""),
        (b"{a: 1}", "f:1:2: not JSON: 'a'; expected a key in double quotes"),
        (b"[1 2]", 'f:1:4: not JSON: \'2\'; expected "," or "]"'),
        (b'["a', "f:1:2: not JSON: '\"'; expected the end of the string"),
        (b'[{"a": [1,', "f:1:2: not JSON: the value that begins here is cut off, 2 brackets are open"),
        (b"[1]]", "f:1:4: not JSON: ']'; expected the end of the text"),
        (b"[" + b'{"a":' * 300, "f:1:2: not JSON: a value nested too deeply; expected at most 200 levels"),
    ],
)
def test_faults_have_a_place(text: bytes, message: str) -> None:
    scanner = JsonScanner(io.BytesIO(text), "f")
    with pytest.raises(InputError) as caught:
        _take_members(scanner)
    assert str(caught.value).startswith(message)


def _take_members(scanner: JsonScanner) -> None:
    for _ in scanner.members() if scanner.kind() == "{" else scanner.items():
        scanner.kind()
        scanner.take()
    scanner.finish()


def test_a_key_that_stands_twice_is_noted() -> None:
    scanner = JsonScanner(io.BytesIO(b'{"a": 1,\n "a": 2}'), "f")
    assert [(key, scanner.kind() and scanner.take()) for key in scanner.members()] == [("a", b"1"), ("a", b"2")]
    assert [str(problem) for problem in scanner.problems] == [
        "f:2:2: the key 'a' stands twice in one object; expected each key once"
    ]


def test_a_value_over_the_cap_is_refused() -> None:
    scanner = JsonScanner(io.BytesIO(b'["' + b"x" * 5_000_000 + b'"]'), "f", max_value_bytes=1_000_000)
    with pytest.raises(InputError, match=r"f:1:2: .*more than 1,000,000 bytes"):
        _take_members(scanner)


@pytest.mark.parametrize(
    ("path", "place"),
    [((), "1:1"), (("a",), "1:7"), (("a", 1), "1:11"), (("b", "c"), "2:13"), (("a", 7), "1:7"), (("zz",), "1:1")],
)
def test_a_path_leads_to_a_place_or_to_its_nearest_ancestor(path: JsonPath, place: str) -> None:
    text = b'{"a": [1, 2],\n "b": {"c": 3}}'
    assert str(locate(text, path, file="f")) == f"f:{place}"


def test_places_count_from_where_the_text_begins() -> None:
    assert str(locate(b'{"a":\n 1}', (), first_line=5, first_column=10, file="f")) == "f:5:10"
    assert str(locate(b'{"a":\n 1}', ("a",), first_line=5, first_column=10, file="f")) == "f:6:2"


def test_a_text_that_is_no_json_is_located_as_far_as_it_goes() -> None:
    assert str(locate(b'{"a": ', ("a",), file="f")) == "f:1:7"


def test_many_paths_are_located_in_one_walk() -> None:
    text = b'{"a": [1, {"b": 2}],\n "c": {"d": 3}, "c2": 4}'
    paths: list[JsonPath] = [(), ("a", 1, "b"), ("a", 0), ("a", 7, "x"), ("c", "e"), ("c",), ("c2",), ("z", "y")]
    places = locate_all(text, [*paths, ("a", 0)])
    assert places == {path: locate(text, path) for path in paths}
    assert {path: (place.line, place.column) for path, place in places.items()} == {
        (): (1, 1),
        ("a", 1, "b"): (1, 17),
        ("a", 0): (1, 8),
        ("a", 7, "x"): (1, 7),
        ("c", "e"): (2, 7),
        ("c",): (2, 7),
        ("c2",): (2, 23),
        ("z", "y"): (1, 1),
    }
    assert locate_all(text, []) == {}


def test_what_lies_behind_the_end_of_a_broken_text_is_told_there() -> None:
    places = locate_all(b'{"a": 1, "b": [2, x', [("a",), ("b", 0), ("b", 1), ("c",)])
    assert {path: place.column for path, place in places.items()} == {("a",): 7, ("b", 0): 16, ("b", 1): 19, ("c",): 20}


def test_a_thousand_places_in_a_large_text_are_found_in_reasonable_time() -> None:
    count = 50_000
    text = json.dumps({f"k{index}": index for index in range(count)}).encode()
    places = locate_all(text, [(f"k{index}",) for index in range(count)])
    assert len({place.column for place in places.values()}) == count
