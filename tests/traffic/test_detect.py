"""The format of a file is told by its content first, by its name second."""

from __future__ import annotations

import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conformance.base.errors import InputError
from conformance.traffic.detect import detect_format, read_traffic
from conformance.traffic.model import Exchange
from conformance.traffic.stream import PassedOver

LINE = b'{"request": {"body": {"query": "{a}"}}, "response": {"body": {"data": {"a": 1}}}}'
YAML = b"""\
interactions:
- request: {method: GET, uri: "https://x/", headers: {}, body: null}
  response: {status: {code: 200}, headers: {}, body: {string: x}}
- request: {method: POST, uri: "https://x/graphql", headers: {}, body: '{"query": "{a}"}'}
  response: {status: {code: 200}, headers: {}, body: {string: '{}'}}
"""


@pytest.mark.parametrize(
    ("name", "content", "known"),
    [
        ("x", LINE, "ndjson"),
        ("x.json", LINE + b"\n" + LINE, "ndjson"),
        ("x.har", LINE, "ndjson"),
        ("x", b"\xef\xbb\xbf\n" + LINE, "ndjson"),
        ("x", b'{"elapsed_ms": 1, "response": {', "ndjson"),
        ("x", b'{"eventDescriptor": "ORDER_CONFIRMED"}', "ndjson"),
        ("x", b'{"event": {}}', "ndjson"),
        ("x", gzip.compress(LINE, mtime=0), "ndjson"),
        ("x.jsonl", b"garbage", "ndjson"),
        ("x.ndjson.gz", gzip.compress(b"garbage", mtime=0), "ndjson"),
        ("x", b'{"log": {"entries": [', "har"),
        ("x.har", b"garbage", "har"),
        ("x", YAML, "cassette"),
        ("x", b"# a comment\nversion: 1\ninteractions : []", "cassette"),
        ("x.json", b'{"version": 1, "interactions": [', "cassette"),
        ("x", b"conformance: {}", "cassette"),
        ("x.yml", b"garbage", "cassette"),
    ],
)
def test_formats(tmp_path: Path, name: str, content: bytes, known: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert detect_format(path) == known


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty; expected a vcrpy cassette"),
        (b"\n  \n", "the file is empty"),
        (b"hello", "no known format of traffic; expected a vcrpy cassette"),
        (b"[]", "no known format"),
        (b'{\n "request": {}\n}', r"one object over several lines; .* Write each exchange on one line"),
        (b'{"data": {}}', "no known format .* a GraphQL answer: judge --operation FILE --response FILE"),
        (b'{"query": "{a}"}', "no known format .* a GraphQL request: judge --operation"),
        (LINE.decode().encode("utf-16"), "UTF-16 or UTF-32 text"),
        (b"\x00\x01\x02", "no known format"),
    ],
)
def test_unknown_files_are_input_errors(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"x.txt:1:1: {message}"):
        detect_format(path)


@pytest.mark.parametrize("content", [LINE + b"\n" + LINE, gzip.compress(LINE + b"\n" + LINE, mtime=0)])
def test_a_pipe_is_read_once(tmp_path: Path, content: bytes) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(pipe.write_bytes, content)
        assert [type(item) for item in read_traffic(pipe)] == [Exchange, Exchange]
        written.result()


def test_a_folder_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        detect_format(tmp_path)


def test_every_format_gives_the_same_kind_of_pieces(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(YAML)
    seen: list[int] = []
    items = list(read_traffic(path, on_bytes=seen.append))
    assert [(type(item), item.index) for item in items] == [(PassedOver, 0), (Exchange, 1)]
    assert sum(seen) == len(YAML)
    path.write_bytes(LINE)
    assert [type(item) for item in read_traffic(path)] == [Exchange]
    path.write_bytes(gzip.compress(YAML, mtime=0))
    assert len(list(read_traffic(path))) == 2
