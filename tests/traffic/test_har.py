"""HAR 1.2 files: GraphQL calls picked out, everything else counted."""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path
from typing import Any

import pytest

from conformance.base.errors import InputError
from conformance.traffic.har import read_har
from conformance.traffic.model import Exchange
from conformance.traffic.stream import Fault, PassedOver, TrafficItem

ENTRY: dict[str, Any] = {
    "startedDateTime": "2024-11-01T10:00:00.000Z",
    "time": 51.2,
    "request": {
        "method": "POST",
        "url": "https://api.example/graphql",
        "httpVersion": "h2",
        "headers": [{"name": ":path", "value": "/graphql"}, {"name": "content-type", "value": "application/json"}],
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": 20,
        "postData": {"mimeType": "application/json", "text": '{"query": "{ a }"}'},
    },
    "response": {
        "status": 200,
        "statusText": "OK",
        "headers": [{"name": "content-type", "value": "application/json"}, {"name": "content-encoding", "value": "br"}],
        "cookies": [],
        "content": {"size": 20, "mimeType": "application/json", "text": '{"data": {"a": "é"}}'},
        "redirectURL": "",
    },
    "cache": {},
    "timings": {"send": 1, "wait": 2, "receive": 3},
}


def _entry(**changes: Any) -> dict[str, Any]:
    """An entry with some of its parts replaced: `request__url` is the URL of the request. A part `...` is left out."""
    entry = copy.deepcopy(ENTRY)
    for name, value in changes.items():
        *way, last = name.split("__")
        place = entry
        for step in way:
            place = place[step]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return entry


def _har(*entries: Any) -> bytes:
    log = {"version": "1.2", "creator": {"name": "test", "version": "1"}, "pages": [], "entries": list(entries)}
    return json.dumps({"log": log}, indent=1).encode()


def _read(path: Path, content: bytes) -> list[TrafficItem]:
    path.write_bytes(content)
    return list(read_har(path))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "traffic.har"


def test_an_entry_is_an_exchange(file: Path) -> None:
    (exchange,) = _read(file, _har(ENTRY))
    assert isinstance(exchange, Exchange)
    assert exchange.request.method == "POST"
    assert exchange.request.headers == (("content-type", "application/json"),)
    assert exchange.request.body == b'{"query": "{ a }"}'
    assert exchange.response.status == 200
    assert exchange.response.headers == (("content-type", "application/json"),)
    assert exchange.response.body == '{"data": {"a": "é"}}'.encode()
    assert (exchange.started_at, exchange.elapsed_ms) == ("2024-11-01T10:00:00.000Z", 51.2)
    assert str(exchange.position) == f"{file}:10:4"


def test_bodies_may_be_base64(file: Path) -> None:
    content = {"text": base64.b64encode(b'{"data": 1}').decode(), "encoding": "base64"}
    (exchange,) = _read(file, _har(_entry(response__content=content)))
    assert isinstance(exchange, Exchange)
    assert exchange.response.body == b'{"data": 1}'


def test_posted_parameters_become_a_body(file: Path) -> None:
    form = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "query", "value": "{ a }"}]}
    (exchange,) = _read(file, _har(_entry(request__postData=form)))
    assert isinstance(exchange, Exchange)
    assert exchange.request.body == b"query=%7B+a+%7D"


def test_an_answer_without_content_has_an_empty_body(file: Path) -> None:
    (exchange,) = _read(file, _har(_entry(response__content={"size": 0})))
    assert isinstance(exchange, Exchange)
    assert exchange.response.body == b""


def test_other_entries_are_passed_over(file: Path) -> None:
    page = _entry(request__method="GET", request__url="https://shop.example/", request__postData=...)
    items = _read(file, _har(page, ENTRY, page))
    assert [type(item) for item in items] == [PassedOver, Exchange, PassedOver]
    assert items[1].index == 1


def test_a_call_without_an_answer_is_passed_over(file: Path) -> None:
    (item,) = _read(file, _har(_entry(response__status=0)))
    assert isinstance(item, PassedOver)


def test_entries_may_come_in_any_place_of_the_log(file: Path) -> None:
    text = f'{{"log": {{"entries": [{json.dumps(ENTRY)}], "version": "1.2"}}, "x": [1]}}'
    assert len(_read(file, text.encode())) == 1


@pytest.mark.parametrize(
    ("entry", "place", "message"),
    [
        (_entry(request=...), "10:4", "missing required field `request`"),
        (_entry(request__url=5), "15:13", "Expected `str`, got `int`"),
        (_entry(request__postData__text=5), "33:15", "Expected `str | null`, got `int`"),
        (_entry(response__status="200"), "37:16", "Expected `int`, got `str`"),
        (_entry(response__status=4000), "10:4", "4000 is no HTTP status code"),
        (_entry(request__headers=[{"name": "a"}]), "10:4", "header 0 is an object"),
        (_entry(response__content={"text": "?", "encoding": "base64"}), "10:4", "not base64"),
        (_entry(time="x"), "12:13", "Expected `float | null`, got `str`"),
        (5, "10:4", "Expected `object`, got `int`"),
    ],
)
def test_a_faulty_entry_is_a_fault_and_the_others_are_read(file: Path, entry: Any, place: str, message: str) -> None:
    fault, exchange = _read(file, _har(entry, ENTRY))
    assert isinstance(fault, Fault)
    assert str(fault.problem.position) == f"{file}:{place}"
    assert message in fault.problem.message
    assert isinstance(exchange, Exchange)


def test_both_halves_of_an_entry_are_faulted(file: Path) -> None:
    faults = _read(file, _har(_entry(request__url=5, response__status="x")))
    assert [fault.problem.position.line for fault in faults if isinstance(fault, Fault)] == [15, 37]


def test_a_key_that_stands_twice_is_a_fault(file: Path) -> None:
    entry = json.dumps(ENTRY).replace('"status": 200', '"status": 500, "status": 200')
    (fault,) = _read(file, f'{{"log": {{"entries": [\n  {entry}]}}}}'.encode())
    assert isinstance(fault, Fault)
    assert fault.problem.message == "the key 'status' stands twice in one object"
    assert (fault.problem.position.line, fault.problem.position.column) == (2, entry.index('"status": 200') + 3)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ":1:1: not JSON: the text ends here"),
        (b"[]", ":1:1: no list of entries in this file; expected a HAR 1.2 file"),
        (b'{"log": []}', ":1:1: no list of entries"),
        (b'{"log": {"entries": {}}}', ":1:1: no list of entries"),
        (b'{"log": {"entries": []}} x', ":1:26: not JSON: 'x'; expected the end of the text"),
        (b'{"log": {"entries": []}, "log": {}}', ":1:26: the key 'log' stands twice"),
        (b'{"log": {"entries": [nonsense]}}', ":1:22: "),
        (b'{"log": {"entries": [{"a": 1,}]}}', ":1:"),
        (b"\xff\xfe{", ":1:1: "),
    ],
)
def test_what_is_no_har_file_is_an_input_error_or_a_fault(file: Path, content: bytes, message: str) -> None:
    file.write_bytes(content)
    problems = []
    try:
        problems = [str(item.problem) for item in read_har(file) if isinstance(item, Fault)]
    except InputError as error:
        problems = [str(problem) for problem in error.problems]
    assert problems
    assert problems[0].startswith(f"{file}{message}")


def test_a_cut_off_file_gives_the_entries_before_the_cut(file: Path) -> None:
    file.write_bytes(_har(ENTRY, ENTRY)[:-400])
    reader = read_har(file)
    assert isinstance(next(reader), Exchange)
    with pytest.raises(InputError, match=r":64:4: not JSON: the value that begins here is cut off"):
        list(reader)
