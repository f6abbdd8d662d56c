"""Bodies and headers as recorders write them."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import pytest

from conformance.traffic import bodies
from conformance.traffic.bodies import body_bytes, decode_base64, decode_content, header_pairs, is_graphql
from conformance.traffic.model import HttpRequest


@pytest.mark.parametrize(
    ("recorded", "pairs"),
    [
        (None, ()),
        ({"A": "1"}, (("A", "1"),)),
        ({"A": ["1", "2"]}, (("A", "1"), ("A", "2"))),
        ({"A": 12, "B": True, "C": None, "D": b"x"}, (("A", "12"), ("B", "true"), ("C", ""), ("D", "x"))),
        ([{"name": "A", "value": "1"}], (("A", "1"),)),
        ([["A", "1"]], (("A", "1"),)),
    ],
)
def test_headers_come_as_objects_or_lists(recorded: Any, pairs: tuple[tuple[str, str], ...]) -> None:
    assert header_pairs(recorded) == pairs


@pytest.mark.parametrize("recorded", ["text", 3, {"A": {"b": 1}}, [1], [{"name": "A"}], {"A": [[1]]}])
def test_other_headers_are_refused(recorded: Any) -> None:
    with pytest.raises(ValueError, match="write"):
        header_pairs(recorded)


@pytest.mark.parametrize(
    ("recorded", "content"),
    [
        (None, b""),
        ("é", "é".encode()),
        (b"\xff", b"\xff"),
        ({"string": "x"}, b"x"),
        ({"string": None}, b""),
        ({"encoding": "utf-8", "base64_string": "eA=="}, b"x"),
        ([b"a", b"b"], b"ab"),
        ({"query": "{ a }"}, b'{"query":"{ a }"}'),
        ({}, b"{}"),
    ],
)
def test_bodies_come_as_text_bytes_or_json_values(recorded: Any, content: bytes) -> None:
    assert body_bytes(recorded) == content


@pytest.mark.parametrize("text", ["a", "a===", "é", 3, None])
def test_what_is_no_base64_is_refused(text: Any) -> None:
    with pytest.raises(ValueError, match="not base64"):
        decode_base64(text)


def test_base64_may_be_wrapped() -> None:
    assert decode_base64("aGVs\n bG8=") == b"hello"


def _raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b'{"data": 1}', mtime=0)),
        ("x-gzip", gzip.compress(b'{"data": 1}', mtime=0)),
        ("deflate", zlib.compress(b'{"data": 1}')),
        ("deflate", _raw_deflate(b'{"data": 1}')),
        ("deflate, gzip", gzip.compress(zlib.compress(b'{"data": 1}'), mtime=0)),
        ("identity", b'{"data": 1}'),
        ("gzip", b'{"data": 1}'),
        ("deflate", b'{"data": 1}'),
        ("br", b'{"data": 1}'),
    ],
)
def test_content_codings_are_undone_or_were_undone_by_the_recorder(encoding: str, body: bytes) -> None:
    assert decode_content(body, (("Content-Encoding", encoding),)) == b'{"data": 1}'


@pytest.mark.parametrize(
    ("encoding", "body", "message"),
    [
        ("gzip", gzip.compress(b"x" * 100, mtime=0)[:-12], "cut off"),
        ("gzip", b"\x1f\x8b" + b"nonsense" * 4, "damaged"),
        ("deflate", b"\x78\x9c\xff\xff", "damaged"),
        ("br", b"\xce\xb2\xff\xcf", "'br'"),
    ],
)
def test_damaged_codings_are_refused(encoding: str, body: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decode_content(body, (("content-encoding", encoding),))


def test_a_decompression_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_BODY_BYTES", 10_000)
    with pytest.raises(ValueError, match="more than 10,000 bytes"):
        decode_content(gzip.compress(b" " * 1_000_000, mtime=0), (("content-encoding", "gzip"),))


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (HttpRequest("POST", "https://x/y", (), b'{"query": "{a}"}'), True),
        (HttpRequest("POST", "https://x/y", (), b'[{"query": "{a}"}]'), True),
        (HttpRequest("POST", "https://x/graphql", (), b"garbage"), True),
        (HttpRequest("POST", "https://x/y", (("Content-Type", "application/graphql; charset=utf-8"),), b"{a}"), True),
        (HttpRequest("GET", "https://x/graphql?query=%7Ba%7D"), True),
        (HttpRequest("GET", "https://x/graphql"), False),
        (HttpRequest("GET", "https://x/search?query=shoes"), False),
        (HttpRequest("POST", "https://x/token", (), b"grant_type=client_credentials"), False),
        (HttpRequest("POST", "https://x/log", (), b'{"event": 1}'), False),
        (HttpRequest("GET", "https://[broken"), False),
    ],
)
def test_graphql_calls_are_told_from_other_traffic(request_: HttpRequest, answer: bool) -> None:
    assert is_graphql(request_) is answer
