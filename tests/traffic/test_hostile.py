"""Whatever bytes a file holds, reading it ends with pieces or with an InputError that names a place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.base.errors import InputError
from conformance.traffic.cassette import parse_cassette
from conformance.traffic.detect import read_traffic
from conformance.traffic.har import read_har
from conformance.traffic.ndjson import read_ndjson

_SETTINGS = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.just("eA=="),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
_PIECES = [
    b'{"log": {"entries": [',
    b'{"request": {"method": "POST", "url": "/graphql", "body": {"query": "x"}}, "response": {"status": 200}}',
    b'"response": ',
    b"interactions:\n- request: ",
    b'{"event": ',
    b"\xff",
    b"\x1f\x8b",
    b"\n",
    b"{",
    b"[",
    b"]",
    b"}",
    b'"',
    b",",
    b":",
    b"\\",
    b"!!python/object:x ",
    b"&a *a",
    b"\xef\xbb\xbf",
    b'"\\ud800"',
    b"1e999",
    b"- ",
]
_BYTES = st.binary(max_size=200) | st.lists(st.sampled_from(_PIECES) | st.binary(max_size=3), max_size=12).map(b"".join)


def _objects(*keys: str) -> st.SearchStrategy[Any]:
    """Objects that have some of these keys, with anything in them."""
    inner = st.fixed_dictionaries({}, optional=dict.fromkeys(_INNER, _JSON))
    return st.fixed_dictionaries({}, optional=dict.fromkeys(keys, _JSON | inner))


_INNER = ("method", "url", "uri", "headers", "body", "status", "base64", "postData", "content", "text", "encoding")


def _read(reader: Any, path: Path) -> None:
    problems = None
    try:
        list(reader(path))
    except InputError as error:
        problems = error.problems
    assert problems is None or (problems and all(problem.position.file for problem in problems))


@pytest.mark.parametrize("reader", [read_ndjson, read_har, read_traffic])
@given(content=_BYTES)
@_SETTINGS
def test_any_bytes(reader: Any, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    _read(reader, path)


@given(content=_BYTES)
@_SETTINGS
def test_any_bytes_as_a_cassette(content: bytes) -> None:
    _read(lambda path: [parse_cassette(content, str(path))], Path("c.yaml"))


@given(line=_objects("request", "response", "event", "headers", "started_at", "elapsed_ms", "base64"))
@_SETTINGS
def test_any_json_line(tmp_path: Path, line: Any) -> None:
    path = tmp_path / "x.ndjson"
    path.write_text(json.dumps(line))
    _read(read_ndjson, path)


@given(entry=_objects("request", "response", "startedDateTime", "time"))
@_SETTINGS
def test_any_har_entry(tmp_path: Path, entry: Any) -> None:
    path = tmp_path / "x.har"
    path.write_text(json.dumps({"log": {"entries": [entry]}}))
    _read(read_har, path)


@given(interaction=_objects("request", "response"), header=_JSON)
@_SETTINGS
def test_any_interaction(interaction: Any, header: Any) -> None:
    text = json.dumps({"interactions": [interaction], "conformance": header}).encode()
    _read(lambda path: [parse_cassette(text, str(path))], Path("c.json"))
