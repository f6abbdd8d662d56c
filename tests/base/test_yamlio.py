"""YAML from strangers: plain values with positions; everything else is a problem with a place."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.base.errors import InputError
from conformance.base.yamlio import load_yaml


def test_every_value_knows_where_it_stands() -> None:
    document = load_yaml("a: 1\nb:\n  - x\n  - {c: true}\n", "f.yaml")
    assert document.value == {"a": 1, "b": ["x", {"c": True}]}
    assert str(document.position(("b", 1, "c"))) == "f.yaml:4:9"
    assert str(document.position(("b", 7, "gone"))) == "f.yaml:3:3", "an unknown place is told by its nearest ancestor"


def test_words_and_dates_stay_text() -> None:
    document = load_yaml("{a: yes, b: NO, c: 2024-11-01, d: '1', e: 1.5, f: 0x10, g: null, h: 12:30}", "f")
    assert document.value == {
        "a": "yes", "b": "NO", "c": "2024-11-01", "d": "1", "e": 1.5, "f": 16, "g": None, "h": "12:30",
    }  # fmt: skip


def test_binary_values_are_bytes() -> None:
    assert load_yaml("a: !!binary aGk=", "f").value == {"a": b"hi"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", "f:3:1: the key 'a' stands twice, first at 1:1"),
        (
            "a: !!python/object/apply:os.system [id]\n",
            "f:1:4: the tag 'tag:yaml.org,2002:python/object/apply:os.system'",
        ),
        ("a: !thing x\n", "f:1:4: the tag '!thing' makes an object"),
        ("a: [1,\n", "f:2:1: did not find"),
        ("a: b: c\n", "f:1:5: mapping values are not allowed"),
        ("? [a]\n: b\n", "f:1:3: a key that is a list"),
        ("--- 1\n--- 2\n", "f:2:1: a second document"),
        ("&a [*a]\n", "f:1:5: the alias *a has no finished anchor"),
        ("[" * 200, "f:1:101: nested too deeply"),
        ("\tb: 1\n", "f:1:1"),
        (b"a: \xff\n", "f:1:4: not UTF-8 text"),
    ],
)
def test_a_faulty_text_is_refused_with_its_place(text: str | bytes, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        load_yaml(text, "f")
    assert expected in str(caught.value)


def test_all_faults_of_a_file_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        load_yaml("a: 1\na: 2\nb: !x 1\nc: {d: 1, d: 2}\n", "f")
    assert [problem.position.line for problem in caught.value.problems] == [2, 3, 4]


def test_aliases_cannot_blow_a_document_up() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(InputError, match="too many values"):
        load_yaml("\n".join(lines), "f")


@given(st.one_of(st.binary(max_size=100), st.text(alphabet="ab:-[]{}&*!|>'\"\n #?,%@`", max_size=60)))
def test_arbitrary_input_gives_a_value_or_an_input_error(content: bytes | str) -> None:
    with contextlib.suppress(InputError):
        load_yaml(content, "f")
