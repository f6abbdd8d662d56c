"""`judge FILE…`:

recorded traffic of any form, judged piece by piece; one faulty file does not lose the others' work.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import judge_output
from conformance.traffic.cassette import CassetteHeader
from conformance.traffic.cassette_writer import write_cassette
from conformance.traffic.model import Exchange, HttpRequest, HttpResponse

Call = Callable[..., Any]

DOCUMENT = "query order($id: ID!) { order(orderIdentifier: {orderId: $id}) { id lineItems { amount { unit value } } } }"
CLEAN = {"data": {"order": {"id": "1", "lineItems": [{"amount": {"unit": "ONE", "value": 2}}]}}}
FAULTY = {"data": {"order": {"id": "1", "lineItems": [{"amount": {"unit": "ONE", "value": None}}]}}}
FAULTY_PATH = ["data", "order", "lineItems", 0, "amount", "value"]
WARNED = {"data": {"order": None}, "errors": [{"message": "x", "path": ["order"]}]}
_FINDING_KEYS = set(
    "rule level verdict blame path coordinate message expected actual grade source fix".split()  # noqa: SIM905
)
EVENT = {
    "eventDescriptor": "NONSENSE_HAPPENED",
    "resources": ["businessProduct/bp-1/order/1"],
    "apiVersion": "2024-11-01",
}


def _line(answer: Any = CLEAN, version: str | None = "2024-11-01", **request: Any) -> str:
    headers = {"content-type": "application/json"} | ({"x-api-version": version} if version else {})
    body = json.dumps({"query": DOCUMENT, "variables": {"id": "1"}})
    sent = {"method": "POST", "url": "https://api.example/graphql", "headers": headers, "body": body, **request}
    received = {"status": 200, "headers": {"content-type": "application/json"}, "body": answer}
    return json.dumps({"request": sent, "response": received})


def _stream(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def _har(path: Path, *answers: Any) -> Path:
    entries = []
    for answer in answers:
        exchange = json.loads(_line(answer))
        headers = [{"name": name, "value": value} for name, value in exchange["request"]["headers"].items()]
        request: dict[str, Any] = {"method": "POST", "url": "https://api.example/graphql", "headers": headers}
        request["postData"] = {"mimeType": "application/json", "text": exchange["request"]["body"]}
        content = {"mimeType": "application/json", "text": json.dumps(answer)}
        entries.append({"request": request, "response": {"status": 200, "headers": [], "content": content}})
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return path


def _cassette(path: Path, *answers: Any) -> Path:
    body = json.dumps({"query": DOCUMENT, "variables": {"id": "1"}}).encode()
    json_type = (("content-type", "application/json"),)
    request = HttpRequest("POST", "https://api.example/graphql", (*json_type, ("x-api-version", "2024-11-01")), body)
    exchanges = [Exchange(request, HttpResponse(200, json_type, json.dumps(answer).encode())) for answer in answers]
    write_cassette(path, exchanges, CassetteHeader("documentation", "2024-11-01"))
    return path


@pytest.mark.parametrize(("make", "name"), [(_har, "t.har"), (_cassette, "t.yaml")])
def test_har_files_and_cassettes_are_judged(call: Call, tmp_path: Path, make: Any, name: str) -> None:
    called = call("judge", "--format", "json", make(tmp_path / name, CLEAN, FAULTY))
    document = json.loads(called.out)
    assert called.status == 1
    assert [entry["verdict"] for entry in document["exchanges"]] == ["PASS", "FAIL"]
    assert document["exchanges"][1]["findings"][0]["path"] == FAULTY_PATH


def test_the_json_has_the_documented_form(call: Call, tmp_path: Path) -> None:
    called = call("judge", "--format", "json", _stream(tmp_path / "t.ndjson", _line(), _line(FAULTY)))
    document = json.loads(called.out)
    assert list(document) == ["format", "format_version", "contract", "verdict", "notes", "exchanges"]
    assert document["format"] == "bwp-conformance/judgement"
    assert document["format_version"] == 1
    assert document["contract"] == "2024-11-01"
    assert document["verdict"] == "FAIL"
    clean, faulty = document["exchanges"]
    assert clean == {
        "index": 0,
        "kind": "exchange",
        "operation": "order",
        "position": f"{tmp_path}/t.ndjson:1:1",
        "contract": "2024-11-01",
        "verdict": "PASS",
        "findings": [],
    }
    (finding,) = faulty["findings"]
    assert finding.keys() >= _FINDING_KEYS
    assert finding["rule"] == "RSP-004"
    assert finding["level"] == "MUST"
    assert finding["verdict"] == "FAIL"
    assert finding["blame"] == "TARGET"
    assert finding["coordinate"] == "Amount.value"
    assert finding["path"] == FAULTY_PATH


def test_clean_traffic_is_status_0(call: Call, tmp_path: Path) -> None:
    called = call("judge", _stream(tmp_path / "t.ndjson", _line(), _line()))
    assert called.status == 0
    assert called.out == "PASS  2 exchanges judged: 2 clean; contract 2024-11-01\n"
    assert called.err == ""


def test_text_shows_each_finding_with_its_place(call: Call, tmp_path: Path) -> None:
    called = call("judge", _stream(tmp_path / "t.ndjson", _line(), _line(FAULTY)))
    lines = called.out.splitlines()
    assert called.status == 1
    assert lines[0] == f"FAIL {tmp_path}/t.ndjson:2:1 order (2024-11-01)"
    assert lines[1].startswith("  FAIL RSP-004 data.order.lineItems[0].amount.value: ")
    assert lines[2] == "       expected Decimal!, actual null"
    assert lines[-1] == "FAIL  2 exchanges judged: 1 clean, 1 failed; contract 2024-11-01"


def test_after_the_first_exchanges_text_counts_rules(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge_output, "_SHOWN_EXCHANGES", 2)
    path = _stream(tmp_path / "t.ndjson", *[_line(FAULTY)] * 5)
    short, full = call("judge", path), call("judge", "--all", path)
    assert "3 more with findings (all of them: --all):\n          3 times FAIL RSP-004 (TARGET)" in short.out
    assert short.out.count("  FAIL RSP-004") == 2
    assert full.out.count("  FAIL RSP-004") == 5


def test_each_exchange_is_judged_by_the_version_it_asks_for(call: Call, tmp_path: Path) -> None:
    path = _stream(tmp_path / "t.ndjson", _line(), _line(version="2024-04-01"), _line(version=None))
    document = json.loads(call("judge", "--format", "json", path).out)
    assert [entry["contract"] for entry in document["exchanges"]] == ["2024-11-01", "2024-04-01", "2024-11-01"]
    assert document["contract"] == "2024-04-01, 2024-11-01"
    assert document["notes"] == ["1 without a known API version, judged as 2024-11-01; choose with --version"]
    document = json.loads(call("judge", "--version", "2024-04-01", "--format", "json", path).out)
    assert document["contract"] == "2024-04-01"
    assert document["notes"] == []


def test_an_unknown_version_is_a_finding(call: Call, tmp_path: Path) -> None:
    path = _stream(tmp_path / "t.ndjson", _line(version="2025-12-24"))
    document = json.loads(call("judge", "--format", "json", path).out)
    assert [finding["rule"] for finding in document["exchanges"][0]["findings"]] == ["TRF-002"]


def test_a_schema_can_stand_in(call: Call, tmp_path: Path) -> None:
    schema = tmp_path / "s.graphql"
    schema.write_text("type Query { order(orderIdentifier: X): O } input X { orderId: ID } type O { id: Int! }")
    path = _stream(tmp_path / "t.ndjson", _line())
    document = json.loads(call("judge", "--schema", schema, "--format", "json", path).out)
    assert document["contract"] == "custom"
    assert {finding["rule"] for finding in document["exchanges"][0]["findings"]} >= {"REQ-030"}


def test_the_suites_own_sdl_can_stand_in(call: Call, tmp_path: Path) -> None:
    schema = tmp_path / "s.graphql"
    schema.write_text(call("schema", "show", "--sdl").out)
    path = _stream(tmp_path / "t.ndjson", _line(FAULTY))
    own, other = call("judge", path, "--format", "json"), call("judge", "--schema", schema, path, "--format", "json")
    first, second = (json.loads(called.out)["exchanges"][0]["findings"] for called in (own, other))
    assert first == second


def test_warnings_fail_only_when_asked(call: Call, tmp_path: Path) -> None:
    path = _stream(tmp_path / "t.ndjson", _line(WARNED))
    called = call("judge", path)
    assert (called.status, called.out.splitlines()[-1]) == (
        0,
        "WARN  1 exchange judged: 1 with warnings; contract 2024-11-01",
    )
    assert call("judge", "--fail-on", "warn", path).status == 1


def test_output_goes_to_a_file(call: Call, tmp_path: Path) -> None:
    path, output = _stream(tmp_path / "t.ndjson", _line(FAULTY)), tmp_path / "deep" / "out.json"
    called = call("judge", path, "--format", "json", "--output", output)
    assert (called.status, called.out) == (1, "")
    assert json.loads(output.read_text())["verdict"] == "FAIL"
    assert call("judge", path, "--output", tmp_path / "t.ndjson" / "x").status == 2


def test_pieces_of_several_files_are_numbered_on(call: Call, tmp_path: Path) -> None:
    first = _stream(tmp_path / "a.ndjson", _line(), _line(FAULTY))
    second = _har(tmp_path / "b.har", FAULTY, CLEAN)
    document = json.loads(call("judge", "--format", "json", first, second).out)
    assert [(entry["index"], entry["verdict"]) for entry in document["exchanges"]] == [
        (0, "PASS"),
        (1, "FAIL"),
        (2, "FAIL"),
        (3, "PASS"),
    ]


def test_events_may_stand_between_exchanges(call: Call, tmp_path: Path) -> None:
    path = _stream(tmp_path / "t.ndjson", _line(), json.dumps({"event": EVENT}), json.dumps(EVENT))
    document = json.loads(call("judge", "--format", "json", path).out)
    assert [(entry["kind"], entry["operation"]) for entry in document["exchanges"]] == [
        ("exchange", "order"),
        ("event", "NONSENSE_HAPPENED"),
        ("event", "NONSENSE_HAPPENED"),
    ]


def test_a_faulty_line_is_a_finding_and_the_others_are_judged(call: Call, tmp_path: Path) -> None:
    path = _stream(tmp_path / "t.ndjson", _line(), '{"request": {"method"', _line(FAULTY))
    called = call("judge", "--format", "json", path)
    entries = json.loads(called.out)["exchanges"]
    assert called.status == 2
    assert [(entry["kind"], entry["verdict"]) for entry in entries] == [
        ("exchange", "PASS"),
        ("fault", "ERROR"),
        ("exchange", "FAIL"),
    ]
    (finding,) = entries[1]["findings"]
    assert (finding["rule"], finding["blame"]) == ("TRF-001", "CONFIGURATION")
    assert finding["position"].startswith(f"{path}:2:")
    assert called.err.startswith(f"{path}:2:")


def test_faulty_lines_are_not_all_told_twice(call: Call, tmp_path: Path) -> None:
    called = call("judge", _stream(tmp_path / "t.ndjson", _line(), *["x"] * 200))
    assert called.status == 2
    assert len(called.err.splitlines()) == 51
    assert called.err.splitlines()[-1] == "… and 150 more faults of this kind"


def test_a_faulty_file_does_not_lose_the_others_work(call: Call, tmp_path: Path) -> None:
    cassette = tmp_path / "b.yaml"
    cassette.write_text("interactions:\n- request: 5\n  response: 6\n")
    files = [
        _stream(tmp_path / "a.ndjson", _line(FAULTY)),
        cassette,
        tmp_path / "missing.har",
        _har(tmp_path / "c.har", CLEAN),
    ]
    called = call("judge", "--format", "json", *files)
    assert called.status == 2
    assert [entry["verdict"] for entry in json.loads(called.out)["exchanges"]] == ["FAIL", "PASS"]
    assert called.err.splitlines() == [
        f"{cassette}:2:12: the request is missing or no object; expected an object with method, uri, headers, body",
        f"{cassette}:3:13: the response is missing or no object; expected an object with status, headers, body",
        f"{tmp_path}/missing.har: cannot be read: No such file or directory",
    ]


def test_calls_that_are_no_graphql_are_counted(call: Call, tmp_path: Path) -> None:
    token = _line(url="https://api.example/token", body="grant_type=client_credentials")
    called = call("judge", _stream(tmp_path / "t.ndjson", token, _line()))
    assert called.status == 0
    assert "note: 1 recorded call is no GraphQL, or without an answer, and passed over" in called.out


@pytest.mark.parametrize("lines", [(), (_line(url="https://api.example/token", body="x"),)])
def test_a_file_with_nothing_to_judge_is_never_green(call: Call, tmp_path: Path, lines: tuple[str, ...]) -> None:
    path = _stream(tmp_path / "t.ndjson", *lines)
    called = call("judge", path)
    assert called.status == 2
    assert called.out.splitlines()[-1] == "ERROR  nothing judged; contract 2024-11-01"
    assert called.err.startswith(str(path))


def test_half_of_a_surrogate_pair_does_no_harm(call: Call, tmp_path: Path) -> None:
    interaction = {
        "request": {"method": "POST", "uri": "https://x/graphql", "headers": {"x-api-version": "\ud800"}, "body": "{}"},
        "response": {"status": {"code": 200}, "headers": {"\udc00": "\udc00"}, "body": {"string": '{"data": null}'}},
    }
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"interactions": [interaction]}))
    called = call("judge", "--format", "json", path)
    assert called.status == 1
    assert json.loads(called.out)["exchanges"][0]["findings"][0]["rule"] == "TRF-002"
    assert call("judge", path).status == 1


def test_gzip_streams_are_judged(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "t.ndjson.gz"
    path.write_bytes(gzip.compress(f"{_line()}\n{_line(FAULTY)}\n".encode(), mtime=0))
    assert call("judge", path).out.splitlines()[-1].startswith("FAIL  2 exchanges judged: 1 clean, 1 failed")


def test_a_fault_of_the_suite_is_status_4(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.engine.judge.judge_http", lambda *_: 1 / 0)
    called = call("judge", "--format", "json", _stream(tmp_path / "t.ndjson", _line()))
    assert called.status == 4
    (finding,) = json.loads(called.out)["exchanges"][0]["findings"]
    assert (finding["rule"], finding["blame"], finding["verdict"]) == ("SCN-002", "SUITE", "ERROR")


MALFORMED = [
    ("t.ndjson", _line()[:-30].encode(), ":1:"),
    ("t.ndjson", _line().encode("utf-16"), ":1:1: UTF-16 or UTF-32 text"),
    ("t.ndjson", _line().replace("order", "\xe9").encode("latin-1"), ":1:"),
    ("t.ndjson", b'{"request": ' + b"[" * 100_000, ":1:1: nested"),
    ("t.ndjson", b'{"request": {}, "request": {}, "response": {}}', ":1:17: the key 'request' stands twice"),
    ("t.ndjson", b'{"request": [], "response": 5}', ":1:13: request is no JSON object"),
    ("t.ndjson", b"\x00" * 1000, ":1:"),
    ("t.har", b'{"log": {"entries": [{"request": {"url"', ":1:22: not JSON"),
    ("t.har", b'{"log": {"entries": [' + b"[" * 100_000, ":1:22: not JSON: a value nested too deeply"),
    ("t.har", b'{"log": {"entries": 5}}', ":1:1: no list of entries"),
    ("t.har", b'{"log": {"entries": [{"request": 5, "response": {}}]}}', ":1:34: "),
    ("t.har", b"\xff\xfe\x00", ":1:1: UTF-16"),
    ("t.har", b'\xffo{"log": 1}', ":1:1: not JSON"),
    ("t.yaml", b"interactions: [", ":2:1: "),
    ("t.yaml", b"interactions: !!python/object/apply:os.system ['true']", ":1:15: the tag"),
    ("t.yaml", b"interactions: []\ninteractions: []", ":2:1: the key 'interactions' stands twice"),
    ("t.yaml", b"interactions: " + b"[" * 10_000, ":1:"),
    ("t.yaml", b"interactions:\n- request: \xff", ":2:12: not UTF-8 text"),
    ("t.yaml", b"interactions: {}", ":1:15: no list of interactions"),
    ("t.json", b'{"interactions": [{"request": 5}]}', ":1:31: the request is missing or no object"),
    ("t.txt", b"hello", ":1:1: no known format"),
    ("t.txt", b"", ":1:1: the file is empty"),
    ("t.gz", gzip.compress(_line().encode() * 50, mtime=0)[:-20], ": the gzip stream is damaged"),
]


@pytest.mark.parametrize(("name", "content", "message"), MALFORMED)
def test_malformed_files_are_status_2_with_a_place(
    call: Call, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    called = call("judge", path)
    assert called.status == 2
    assert called.err.startswith(f"{path}{message}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"type Query { a: }", ":1:17: Syntax Error"),
        (b"type Query { a: Nothing }", ":1:17: Unknown type 'Nothing'"),
        (b"\xff", ":1:1: not UTF-8"),
        (b"type Query { " + b"a" * 10, ":1:"),
        (b"scalar X", ": Query root type must be provided."),
    ],
)
def test_a_malformed_schema_is_status_2(call: Call, tmp_path: Path, content: bytes, message: str) -> None:
    schema = tmp_path / "s.graphql"
    schema.write_bytes(content)
    called = call("judge", "--schema", schema, _stream(tmp_path / "t.ndjson", _line()))
    assert called.status == 2
    assert called.err.startswith(f"{schema}{message}")
