"""vcrpy's cassettes, read strictly: every fault at once, with its place."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pytest

from conformance.base.errors import InputError
from conformance.traffic.cassette import CassetteHeader, parse_cassette, read_cassette

CASSETTE = """\
interactions:
- request:
    body: '{"query": "{ a }"}'
    headers:
      Content-Type:
      - application/json
      x-api-version: 2024-11-01
    method: POST
    uri: https://api.example/graphql
  response:
    body:
      string: '{"data": {"a": 1}}'
    headers:
      Content-Type: [application/json]
    status: {code: 200, message: OK}
version: 1
"""


def test_an_interaction_is_an_exchange() -> None:
    cassette = parse_cassette(CASSETTE.encode(), "c.yaml")
    (exchange,) = cassette.exchanges
    assert cassette.header is None
    assert exchange.request.method == "POST"
    assert exchange.request.url == "https://api.example/graphql"
    assert exchange.request.headers == (("Content-Type", "application/json"), ("x-api-version", "2024-11-01"))
    assert exchange.request.body == b'{"query": "{ a }"}'
    assert (exchange.response.status, exchange.response.body) == (200, b'{"data": {"a": 1}}')
    assert str(exchange.position) == "c.yaml:2:3"


def test_a_cassette_may_be_json() -> None:
    interaction = {
        "request": {"method": "POST", "uri": "https://x/graphql", "headers": {}, "body": '{"query": "{a}"}'},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": "{}"}},
    }
    text = json.dumps({"version": 1, "interactions": [interaction]}, indent=1)
    (exchange,) = parse_cassette(text.encode(), "c.json").exchanges
    assert exchange.response.body == b"{}"
    assert str(exchange.position) == "c.json:4:3"


def test_the_header_says_where_the_answers_come_from() -> None:
    header = 'conformance: {origin: documentation, contract: 2024-11-01, recorded: "2025-01-15", suite: "0.1.0"}\n'
    cassette = parse_cassette((header + CASSETTE).encode(), "c.yaml")
    assert cassette.header == CassetteHeader("documentation", "2024-11-01", recorded="2025-01-15", suite="0.1.0")


@pytest.mark.parametrize(
    ("before", "after", "content"),
    [
        ('\'{"data": {"a": 1}}\'', "!!binary eyJkYXRhIjogMX0=", b'{"data": 1}'),
        ('\'{"data": {"a": 1}}\'', "", b""),
        ('\n      string: \'{"data": {"a": 1}}\'', " '{\"data\": 1}'", b'{"data": 1}'),
        ("body:\n      string", "content", b'{"data": {"a": 1}}'),
        ('\'{"data": {"a": 1}}\'', "!!python/str 'x'", None),
    ],
)
def test_bodies_come_in_all_of_vcrpys_forms(before: str, after: str, content: bytes | None) -> None:
    text = CASSETTE.replace(before, after).encode()
    if content is None:
        with pytest.raises(InputError, match="makes an object"):
            parse_cassette(text, "c.yaml")
    else:
        assert parse_cassette(text, "c.yaml").exchanges[0].response.body == content


def test_encoded_bodies_are_decoded() -> None:
    packed = "!!binary " + base64.b64encode(gzip.compress(b'{"data": 2}', mtime=0)).decode()
    text = CASSETTE.replace('\'{"data": {"a": 1}}\'', packed).replace(
        "Content-Type: [application/json]", "content-encoding: [gzip]"
    )
    assert parse_cassette(text.encode(), "c.yaml").exchanges[0].response.body == b'{"data": 2}'


def test_httpx_cassettes_of_older_vcrpy_are_read() -> None:
    text = CASSETTE.replace("status: {code: 200, message: OK}", "status_code: 201").replace(
        "body:\n      string", "content"
    )
    assert parse_cassette(text.encode(), "c.yaml").exchanges[0].response.status == 201


def test_other_traffic_is_passed_over() -> None:
    text = CASSETTE.replace('\'{"query": "{ a }"}\'', "grant_type=x").replace("/graphql", "/token")
    cassette = parse_cassette(text.encode(), "c.yaml")
    assert cassette.exchanges == ()
    assert [item.url for item in cassette.passed_over] == ["https://api.example/token"]


FAULTS = [
    ("method: POST", "method: 5", "8:13: method is missing or no text; expected text"),
    ("    uri: https://api.example/graphql\n", "", "3:5: uri is missing or no text"),
    ("uri: https://api.example/graphql", "uri: ''", "9:10: uri is missing or no text"),
    ("code: 200", "code: '200'", "15:20: the status code is missing or none; expected an integer from 100 to 599"),
    ("status: {code: 200, message: OK}", "status: true", "15:13: the status code is missing"),
    ("Content-Type: [application/json]", "Content-Type: {a: b}", "14:7: the header 'Content-Type' is an object"),
    ("version: 1", "version: 2", "16:10: cassette format version 2; expected 1"),
    ("version: 1", "version: 1\nversion: 1", "17:1: the key 'version' stands twice"),
    ("POST", "!!python/object:os.system {}", "8:13: the tag 'tag:yaml.org,2002:python/object:os.system' makes"),
    ("version: 1", "conformance: 5", "16:14: the header is no object"),
    (
        "version: 1",
        "conformance: {origin: mars, contract: next}",
        "16:23: unknown origin 'mars'; expected documentation",
    ),
    ("version: 1", "conformance: {origin: live}", "16:14: unknown contract ''; expected 2024-01-01"),
    ("version: 1", "conformance: {origin: live, contract: next, x: 1}", "16:48: unknown key 'x'"),
    ("version: 1", "conformance: {origin: live, contract: next, note: 1}", "16:51: note is no text"),
    ("interactions:", "http_interactions:", "1:1: a cassette of Ruby's VCR"),
    ("interactions:", "interaction:", "1:1: no list of interactions in this file; expected a vcrpy cassette"),
    ("interactions:\n", "", ""),
    ('\'{"data"', "!!binary '?", "12:15: "),
    ("version: 1", "\tversion: 1", "16:1: "),
    ('\'{"query"', '"\\ud800 {\\"query\\"', ""),
]


@pytest.mark.parametrize(("before", "after", "message"), FAULTS)
def test_faults_have_a_place(before: str, after: str, message: str) -> None:
    assert before in CASSETTE
    with pytest.raises(InputError) as caught:
        parse_cassette(CASSETTE.replace(before, after).encode(), "c.yaml")
    assert str(caught.value.problems[0]).startswith(f"c.yaml:{message}")


def test_all_faults_are_told_at_once() -> None:
    text = (
        CASSETTE.replace("method: POST", "method: 5")
        .replace("code: 200", "code: 2")
        .replace("version: 1", "version: 3")
    )
    with pytest.raises(InputError) as caught:
        parse_cassette(text.encode(), "c.yaml")
    assert sorted(problem.position.line for problem in caught.value.problems) == [8, 15, 16]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no list of interactions"),
        (b"just text", "no list of interactions"),
        (b"- request: {}\n  response: {}\n", "a cassette of vcrpy before 1.0"),
        (b"interactions: [5]", "1:16: an interaction that is no object"),
        (b"interactions: [{}]", "1:16: the request is missing"),
        (b"interactions: [" * 200, "deep"),
        (b"\xff\xfei\x00", "not UTF-8"),
        (b'{"interactions": [', "not JSON"),
        (b'{"interactions": [], "interactions": []}', "stands twice"),
        (b"interactions: &a [*a]", "alias"),
        (b"interactions: []\n---\ninteractions: []", "second document"),
    ],
)
def test_hostile_files_are_input_errors(content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_cassette(content, "c.yaml")


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_cassette(tmp_path / "no.yaml")
