"""NDJSON traffic: every line an exchange or an event; a faulty line is a fault of that line."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from conformance.base.errors import InputError
from conformance.traffic import ndjson
from conformance.traffic.model import Event, Exchange
from conformance.traffic.ndjson import read_ndjson
from conformance.traffic.stream import Fault, PassedOver, TrafficItem

REQUEST = {
    "method": "POST",
    "url": "https://api.example/graphql",
    "headers": {"Content-Type": "application/json", "X-Two": ["a", "b"]},
    "body": '{"query": "{ a }"}',
}
RESPONSE = {"status": 200, "headers": {"content-type": "application/json"}, "body": {"data": {"a": "é"}}}


def _line(**changes: Any) -> bytes:
    value = {"request": REQUEST, "response": RESPONSE, "started_at": "2024-11-01T00:00:00Z", "elapsed_ms": 12.5}
    value.update(changes)
    return json.dumps({key: item for key, item in value.items() if item is not None}).encode()


def _read(path: Path, *lines: bytes) -> list[TrafficItem]:
    path.write_bytes(b"\n".join(lines) + b"\n")
    return list(read_ndjson(path))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "traffic.ndjson"


def test_a_line_is_an_exchange(file: Path) -> None:
    (exchange,) = _read(file, _line())
    assert isinstance(exchange, Exchange)
    assert exchange.request.method == "POST"
    assert exchange.request.url == "https://api.example/graphql"
    assert exchange.request.headers == (("Content-Type", "application/json"), ("X-Two", "a"), ("X-Two", "b"))
    assert exchange.request.body == b'{"query": "{ a }"}'
    assert exchange.response.status == 200
    assert json.loads(exchange.response.body) == {"data": {"a": "é"}}
    assert (exchange.index, exchange.started_at, exchange.elapsed_ms) == (0, "2024-11-01T00:00:00Z", 12.5)
    assert str(exchange.position) == f"{file}:1:1"


def test_what_a_recorder_may_leave_out_has_a_default(file: Path) -> None:
    (exchange,) = _read(file, b'{"request":{"body":{"query":"{a}"}},"response":{"body":"{}"}}')
    assert isinstance(exchange, Exchange)
    assert (exchange.request.method, exchange.request.url, exchange.request.headers) == ("POST", "", ())
    assert (exchange.request.body, exchange.response.status, exchange.response.body) == (b'{"query":"{a}"}', 200, b"{}")
    assert exchange.elapsed_ms is None


@pytest.mark.parametrize(("body", "content"), [("x", b"x"), (None, b""), ([1, 2], b"[1, 2]"), (7, b"7")])
def test_a_body_is_text_or_a_json_value(file: Path, body: Any, content: bytes) -> None:
    (exchange,) = _read(file, _line(response={"body": body}))
    assert isinstance(exchange, Exchange)
    assert exchange.response.body == content


def test_a_body_may_be_base64_of_an_encoded_body(file: Path) -> None:
    packed = base64.b64encode(gzip.compress(b'{"data":null}', mtime=0)).decode()
    response = {"headers": {"Content-Encoding": "gzip"}, "base64": True, "body": packed}
    (exchange,) = _read(file, _line(response=response))
    assert isinstance(exchange, Exchange)
    assert exchange.response.body == b'{"data":null}'


def test_a_line_may_be_an_event(file: Path) -> None:
    webhook = {"eventDescriptor": "ORDER_CONFIRMED", "data": {}}
    bare = json.dumps(webhook).encode()
    wrapped = json.dumps({"event": webhook, "headers": {"X-Signature": "s"}}).encode()
    bridge = b'{"detail-type": "ORDER_CONFIRMED", "detail": {}}'
    events = _read(file, wrapped, bare, bridge)
    assert all(isinstance(event, Event) for event in events)
    assert [json.loads(event.body) for event in events if isinstance(event, Event)][:2] == [webhook, webhook]
    assert isinstance(events[0], Event)
    assert events[0].headers == (("X-Signature", "s"),)
    assert isinstance(events[2], Event)
    assert events[2].body == bridge


def test_blank_lines_and_a_byte_order_mark_are_passed_over(file: Path) -> None:
    items = _read(file, b"\xef\xbb\xbf" + _line(), b"", b"   \r", _line() + b"\r")
    assert [(item.index, str(item.position).rsplit(":", 2)[1]) for item in items if isinstance(item, Exchange)] == [
        (0, "1"),
        (1, "4"),
    ]


def test_the_last_line_needs_no_line_end(file: Path) -> None:
    file.write_bytes(_line() + b"\n" + _line())
    assert len(list(read_ndjson(file))) == 2


def test_other_traffic_is_passed_over(file: Path) -> None:
    token = {"method": "POST", "url": "https://api.example/token", "body": "grant_type=client_credentials"}
    (item,) = _read(file, _line(request=token))
    assert isinstance(item, PassedOver)
    assert item.url == "https://api.example/token"


def test_gzip_files_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "traffic.ndjson.gz"
    path.write_bytes(gzip.compress(_line() + b"\n" + _line() + b"\n", mtime=0))
    seen: list[int] = []
    assert len(list(read_ndjson(path, on_bytes=seen.append))) == 2
    assert sum(seen) == path.stat().st_size


FAULTS = [
    (b'{"request": {"body', "3:14", "not JSON"),
    (b"hello", "3:1", "not JSON"),
    (b'{"a": 1,}', "3:", "not JSON"),
    (b"[1]", "3:1", "the line is no JSON object"),
    (b"12", "3:1", "the line is no JSON object"),
    (b"{}", "3:1", "neither an exchange nor an event"),
    (b'{"request": {}}', "3:1", "no response"),
    (b'{"response": {}}', "3:1", "no request"),
    (b'{"request": {}, "response": {}, "event": {}}', "3:42", "at once"),
    (b'{"request": [], "response": {}}', "3:13", "request is no JSON object"),
    (b'{"request": {}, "response": 3}', "3:29", "response is no JSON object"),
    (b'{"request": {}, "response": {"status": "200"}}', "3:40", "no HTTP status code"),
    (b'{"request": {}, "response": {"status": 2000}}', "3:40", "no HTTP status code"),
    (b'{"request": {"url": 5}, "response": {}}', "3:21", "request.url is no string"),
    (b'{"request": {"headers": 5}, "response": {}}', "3:25", "a number where headers belong"),
    (b'{"request": {}, "response": {}, "elapsed_ms": "x"}', "3:47", "elapsed_ms is no number"),
    (b'{"request": {}, "response": {"base64": true, "body": "?"}}', "3:54", "not base64"),
    (b'{"request": {}, "response": {"base64": true, "body": {}}}', "3:54", "no string"),
    (b'{"request": {}, "response": {"base64": 7, "body": "x"}}', "3:40", "neither true nor false"),
    (b'{"request": {}, "response": {}, "request": {}}', "3:33", "'request' stands twice"),
    (b'{"request": {"url": "a", "url": "b"}, "response": {}}', "3:26", "'url' stands twice"),
    (b'{"request": {"url": "\xff"}, "response": {}}', "3:22", "not UTF-8"),
    (b'{"request": {"body": "\\ud800"}, "response": {}}', "3:1", ""),
    (b"[" * 100_000, "3:1", "levels deep"),
    (b'{"request": ' + b'{"a":' * 5_000, "3:1", "levels deep"),
    (b'{"request": {}, "response": {"status": ' + b"1" * 6000 + b"}}", "3:1", "6000 digits"),
    ('{"request": {}}'.encode("utf-16-le"), "3:", ""),
]


@pytest.mark.parametrize(("line", "place", "message"), FAULTS)
def test_a_faulty_line_is_a_fault_and_the_others_are_read(file: Path, line: bytes, place: str, message: str) -> None:
    items = _read(file, _line(), b"", line.replace(b"\n", b""), _line())
    assert [type(item) for item in items] == [Exchange, Fault, Exchange]
    fault = items[1]
    assert isinstance(fault, Fault)
    assert str(fault.problem.position).startswith(f"{file}:{place}")
    assert message in fault.problem.message
    assert items[2].index == 2


def test_a_line_over_the_cap_is_a_fault(file: Path) -> None:
    file.write_bytes(_line() + b"\n" + b'{"request": "' + b"x" * 5_000_000 + b'"}\n' + _line())
    first, fault, last = read_ndjson(file, max_line_bytes=100_000)
    assert isinstance(fault, Fault)
    assert str(fault.problem) == f"{file}:2:1: a line of more than 100,000 bytes; expected shorter lines"
    assert isinstance(first, Exchange)
    assert isinstance(last, Exchange)
    assert str(last.position) == f"{file}:3:1"


def test_a_file_of_nothing_but_faults_is_given_up(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "MAX_FAULTS", 3)
    file.write_bytes(b"x\n" * 100)
    with pytest.raises(InputError, match=":3: given up after 3 faulty lines"):
        list(read_ndjson(file))


def test_many_faults_after_a_good_line_are_all_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "MAX_FAULTS", 3)
    file.write_bytes(_line() + b"\n" + b"x\n" * 100)
    assert len(list(read_ndjson(file))) == 101


def test_a_damaged_gzip_file_gives_what_could_be_read(tmp_path: Path) -> None:
    path = tmp_path / "t.gz"
    lines = b"".join(_line(started_at=str(number)) + b"\n" for number in range(20_000))
    path.write_bytes(gzip.compress(lines, mtime=0)[:-5_000])
    reader = read_ndjson(path)
    assert isinstance(next(reader), Exchange)
    with pytest.raises(InputError, match="gzip stream is damaged"):
        list(reader)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.ndjson: cannot be read"):
        list(read_ndjson(tmp_path / "nowhere.ndjson"))
