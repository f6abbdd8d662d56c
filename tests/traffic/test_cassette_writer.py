"""Cassettes that vcrpy itself loads and replays."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest
import vcr
import yaml

from conformance.traffic.cassette import CassetteHeader, parse_cassette, read_cassette
from conformance.traffic.cassette_writer import cassette_text, write_cassette
from conformance.traffic.model import Exchange, HttpRequest, HttpResponse

HEADER = CassetteHeader("documentation", "2024-11-01", recorded="2025-01-15", suite="0.1.0", note="yes: a note")
QUERY = json.dumps(
    {"query": "query order {\n  order { id }\n}", "variables": {"a": "é😀"}}, indent=2, ensure_ascii=False
)
ANSWER = '{\n  "data": {"order": {"id": "322-ABC1-AAAAAA"}}\n}'


def _exchange(
    body: bytes = QUERY.encode(), answer: bytes = ANSWER.encode(), headers: tuple[tuple[str, str], ...] = ()
) -> Exchange:
    request = HttpRequest("POST", "https://api.example/graphql", (("content-type", "application/json"),), body)
    return Exchange(request, HttpResponse(200, (("content-type", "application/json"), *headers), answer))


def test_vcrpy_replays_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "order.yaml"
    write_cassette(path, [_exchange()], HEADER, comment="A documented example.")
    call = urllib.request.Request("https://api.example/graphql", QUERY.encode(), {"content-type": "application/json"})
    with (
        vcr.use_cassette(str(path), record_mode="none", match_on=["method", "uri", "body"]) as played,
        urllib.request.urlopen(call) as answer,  # noqa: S310 - vcrpy answers
    ):
        assert answer.read() == ANSWER.encode()
        assert answer.status == 200
    assert played.all_played


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    exchanges = [
        _exchange(),
        _exchange(b'{"query": "1e5"}', b"\xff\x00", (("etag", "1e5"), ("x", "no"), ("x", "2024-11-01"), ("y", ""))),
        _exchange(b'{"query": "a\\r\\n"}\r\n \t\n', b""),
    ]
    write_cassette(path, exchanges, HEADER)
    cassette = read_cassette(path)
    assert cassette.header == HEADER
    assert [(read.request, read.response) for read in cassette.exchanges] == [
        (written.request, written.response) for written in exchanges
    ]


def test_the_text_is_made_for_readers() -> None:
    text = cassette_text([_exchange()], HEADER, comment="A documented example.\n\nNothing was sent.")
    assert text.startswith("# A documented example.\n#\n# Nothing was sent.\nconformance:\n")
    assert '\n      body: |-\n        {\n          "query": "query order' in text
    assert "é😀" in text


def test_equal_input_gives_equal_text() -> None:
    assert cassette_text([_exchange()], HEADER) == cassette_text([_exchange()], HEADER)


def test_headers_about_the_coding_of_the_body_are_left_out() -> None:
    headers = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Content-Length", "12"))
    (read,) = parse_cassette(cassette_text([_exchange(headers=headers)], HEADER).encode(), "c.yaml").exchanges
    assert read.response.headers == (("content-type", "application/json"), ("Content-Length", str(len(ANSWER))))


@pytest.mark.parametrize("text", ["no", "2024-11-01", "0o17", "1e5", "~", "{a", "", "'", "# x", "a: b", "é\u2028"])
def test_no_yaml_reader_takes_text_for_something_else(text: str) -> None:
    written = cassette_text([_exchange(answer=text.encode())], HEADER)
    (read,) = parse_cassette(written.encode(), "c.yaml").exchanges
    assert read.response.body == text.encode()
    assert yaml.safe_load(written)["interactions"][0]["response"]["body"]["string"] == text


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("old")
    broken = Exchange(HttpRequest("POST", "x", (("a", object()),)), HttpResponse(200))  # type: ignore[arg-type]
    with pytest.raises(Exception, match="object"):
        write_cassette(path, [broken, Exchange(broken.request, HttpResponse(object()))], HEADER)  # type: ignore[arg-type]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
