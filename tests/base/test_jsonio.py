"""JSON from strangers: what is read, what is refused, and where the message points."""

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.base.errors import InputError
from conformance.base.jsonio import MAX_DEPTH, load_json, read_input


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('{"a": 1,\n "a": 2}', 2, 2, "stands twice"),
        ('{"x": [{"b": 1}, {"c": 1,\n   "c": 2}]}', 2, 4, "'c' stands twice"),
        ('{"a": "}{\\"a\\":1", "a": 2}', 1, 20, "stands twice"),
        ('{"a":', 1, 6, "not JSON"),
        ("", 1, 1, "not JSON"),
        ('{"a": NaN}', 1, 1, "NaN"),
        ("[1, -Infinity]", 1, 1, "-Infinity"),
        ("1" * 5000, 1, 1, "not JSON"),
        ("[" * 100_000, 1, 1, "nested"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), 1, 1, "nested"),
    ],
)
def test_a_faulty_text_is_refused_with_its_place(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(InputError) as caught:
        load_json(text, "answer.json")
    (problem,) = caught.value.problems
    assert (problem.position.file, problem.position.line, problem.position.column) == ("answer.json", line, column)
    assert words in problem.message


def test_a_byte_that_is_no_utf8_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match=r"f:2:3: not UTF-8 text: byte 0xff"):
        load_json(b'{\n "\xff": 1}', "f")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 250 + '"' + '\\"' * 300_000,  # a string that never ends, and looks like many
        "[" * 250 + '"' + '\\"\n' * 200_000,
        "[" * 300_000 + "]" * 300_000,
        "[" + "[[]]," * 100_000,
    ],
)
def test_a_hostile_text_is_refused_at_once(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(InputError):
        load_json(text, "f")
    assert time.perf_counter() - started < 5  # what takes time by the square takes minutes


def test_how_deep_a_text_nests_is_told() -> None:
    with pytest.raises(InputError, match="nested 300,000 levels deep"):
        load_json("[[]," + "[" * 299_999 + "]" * 300_000, "f")


def test_brackets_in_strings_do_not_count_as_nesting() -> None:
    assert load_json('["' + "[" * 1000 + '"]', "f") == ["[" * 1000]


def test_the_deepest_allowed_nesting_is_read() -> None:
    assert load_json("[" * MAX_DEPTH + "]" * MAX_DEPTH, "f")


def test_a_byte_order_mark_is_passed_over() -> None:
    assert load_json(b"\xef\xbb\xbf[1]", "f") == [1]


def test_the_line_of_a_text_inside_a_file_counts_from_its_first_line() -> None:
    with pytest.raises(InputError, match="f:41:2"):
        load_json("[\n ,]", "f", first_line=40)


def test_a_missing_file_names_itself(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.json: cannot be read: No such file"):
        read_input(tmp_path / "gone.json")


def test_a_file_over_its_cap_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    file.write_bytes(b"[" + b" " * 100 + b"]")
    with pytest.raises(InputError, match="102 bytes; expected at most 50"):
        read_input(file, max_bytes=50)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_give_a_value_or_an_input_error(content: bytes) -> None:
    with contextlib.suppress(InputError):
        load_json(content, "f")
