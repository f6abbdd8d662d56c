"""`judge --operation --response` and `judge --event`: one call or event from files, findings placed in the files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]
Files = Callable[..., list[object]]

DOCUMENT = """\
query order($id: ID!) {
  order(orderIdentifier: {orderId: $id}) { id lineItems { amount { unit value } } }
}
"""
CLEAN = '{"data": {"order": {"id": "1",\n "lineItems": [{"amount": {"unit": "ONE", "value": 2}}]}}}'
FAULTY = CLEAN.replace('"value": 2', '"value": null')


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Writes the files of a call and gives the options that name them."""

    def write(**contents: str | bytes) -> list[object]:
        options: list[object] = []
        for name, content in contents.items():
            path = tmp_path / f"{name}.{'graphql' if name == 'operation' else 'json'}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            options += [f"--{name}", path]
        return options

    return write


def _findings(called: Any) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = json.loads(called.out)["exchanges"][0]["findings"]
    return findings


def test_a_clean_answer_has_no_findings(call: Call, files: Files) -> None:
    called = call("judge", "--version", "2024-11-01", "--format", "json", *files(operation=DOCUMENT, response=CLEAN))
    assert called.status == 0
    assert _findings(called) == []
    assert json.loads(called.out)["verdict"] == "PASS"


def test_a_faulty_answer_is_found_in_its_file(call: Call, files: Files, tmp_path: Path) -> None:
    called = call("judge", "--format", "json", *files(operation=DOCUMENT, response=FAULTY))
    (finding,) = _findings(called)
    assert called.status == 1
    assert finding["path"] == ["data", "order", "lineItems", 0, "amount", "value"]
    assert finding["position"] == f"{tmp_path}/response.json:2:52"


def test_a_missing_key_is_placed_at_the_object_that_lacks_it(call: Call, files: Files, tmp_path: Path) -> None:
    answer = CLEAN.replace('"unit": "ONE", ', "")
    (finding,) = _findings(call("judge", "--format", "json", *files(operation=DOCUMENT, response=answer)))
    assert finding["path"][-1] == "unit"
    assert finding["position"] == f"{tmp_path}/response.json:2:27"


def test_a_faulty_document_is_found_in_its_file(call: Call, files: Files, tmp_path: Path) -> None:
    document = DOCUMENT.replace("orderIdentifier:", "orderIdentifyer:")
    called = call("judge", "--format", "json", *files(operation=document, response=CLEAN))
    assert called.status == 1
    assert f"{tmp_path}/operation.graphql:2:9" in [finding["position"] for finding in _findings(called)]


def test_a_document_that_does_not_parse_is_a_finding(call: Call, files: Files, tmp_path: Path) -> None:
    called = call("judge", "--format", "json", *files(operation="query {\n  order(", response=CLEAN))
    assert called.status == 1
    assert _findings(called)[0]["rule"] == "REQ-001"
    assert _findings(called)[0]["position"].startswith(f"{tmp_path}/operation.graphql:2:")


def test_variables_are_judged_when_they_are_given(call: Call, files: Files, tmp_path: Path) -> None:
    options = files(operation=DOCUMENT, response=CLEAN, variables='{\n "id": 1.5}')
    (finding,) = _findings(call("judge", "--format", "json", *options))
    assert finding["origin"] == "variables"
    assert finding["path"] == ["variables", "id"]
    assert finding["position"] == f"{tmp_path}/variables.json:2:8"
    options = files(operation=DOCUMENT, response=CLEAN, variables="{}")
    assert [finding["rule"] for finding in _findings(call("judge", "--format", "json", *options))] == ["REQ-042"]


def test_variables_that_nobody_gave_are_not_missing(call: Call, files: Files) -> None:
    assert _findings(call("judge", "--format", "json", *files(operation=DOCUMENT, response=CLEAN))) == []


@pytest.mark.parametrize(
    ("order", "rules"),
    [
        ({"id": "1", "state": "OPEN", "kind": "Order"}, []),
        ({"id": "1", "kind": "Order"}, []),
        ({"id": "1", "state": "OPEN"}, []),
        ({"id": "1"}, []),
        ({"id": 1, "kind": "Order"}, ["RSP-012"]),
    ],
)
def test_unknown_variables_may_skip_and_include(call: Call, tmp_path: Path, order: Any, rules: list[str]) -> None:
    document = tmp_path / "conditional.graphql"
    document.write_text("""query q($a: Boolean!, $b: Boolean = true) {
      order(orderIdentifier: {orderId: "1"}) { id state: id @include(if: $a) kind: __typename @skip(if: $b) } }""")
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({"data": {"order": order}}))
    options = ("--version", "2024-11-01", "--operation", str(document), "--response", str(answer), "--format", "json")
    assert [finding["rule"] for finding in _findings(call("judge", *options))] == rules


def test_a_request_body_brings_its_variables(call: Call, files: Files, tmp_path: Path) -> None:
    body = {"query": DOCUMENT, "variables": {"id": 1.5}, "operationName": "order"}
    options = files(operation=json.dumps(body, indent=1), response=CLEAN)
    (finding,) = _findings(call("judge", "--format", "json", *options))
    assert finding["path"] == ["variables", "id"]
    assert finding["position"] == f"{tmp_path}/operation.graphql:4:9"
    options += files(variables='{"id": "1"}')
    assert _findings(call("judge", "--format", "json", *options)) == []


def test_a_request_body_is_judged_as_it_stands(call: Call, files: Files) -> None:
    body = json.dumps({"query": DOCUMENT, "variables": {"id": "1"}, "operationName": 5})
    findings = _findings(call("judge", "--format", "json", *files(operation=body, response=CLEAN)))
    assert [finding["rule"] for finding in findings] == ["ENV-006"]


def test_the_operation_is_named_by_an_option(call: Call, files: Files) -> None:
    options = files(operation=DOCUMENT + DOCUMENT.replace("order(", "other(", 1), response=CLEAN)
    assert _findings(call("judge", "--format", "json", *options, "--operation-name", "other")) == []
    findings = _findings(call("judge", "--format", "json", *options))
    assert [finding["rule"] for finding in findings] == ["REQ-003"]


def test_status_and_content_type_are_judged_when_they_are_given(call: Call, files: Files) -> None:
    options = files(operation=DOCUMENT, response=CLEAN)
    for more, rule in ((("--content-type", "text/html"), "ENV-010"), (("--status", "500"), "ENV-015")):
        findings = _findings(call("judge", "--format", "json", *options, *more))
        assert [finding["rule"] for finding in findings] == [rule]
    good = ("--status", "200", "--content-type", "application/graphql-response+json; charset=utf-8")
    assert _findings(call("judge", "--format", "json", *options, *good)) == []


def test_a_request_alone_can_be_judged(call: Call, files: Files) -> None:
    called = call("judge", *files(operation=DOCUMENT, variables='{"id": "1"}'))
    assert (called.status, called.out.splitlines()[-1]) == (0, "PASS  1 request judged: 1 clean; contract 2024-11-01")
    assert call("judge", *files(operation=DOCUMENT, variables='{"id": null}')).status == 1


@pytest.mark.parametrize(
    ("answer", "rule"),
    [("[]", "ENV-022"), ("null", "ENV-022"), ("{}", "ENV-024"), ('"x"', "ENV-022"), ('{"data": []}', "ENV-025")],
)
def test_json_that_is_no_answer_is_a_finding(call: Call, files: Files, answer: str, rule: str) -> None:
    called = call("judge", "--format", "json", *files(operation=DOCUMENT, response=answer))
    assert called.status == 1
    assert [finding["rule"] for finding in _findings(called)] == [rule]


def test_a_byte_order_mark_belongs_to_the_file(call: Call, files: Files) -> None:
    bom = b"\xef\xbb\xbf"
    contents = {"operation": DOCUMENT, "response": CLEAN, "variables": '{"id": "1"}'}
    options = files(**{name: bom + text.encode() for name, text in contents.items()})
    assert call("judge", *options).status == 0


MALFORMED = [
    ("response", b"", "1:1: not JSON"),
    ("response", CLEAN.encode()[:-5], "2:"),
    ("response", b'{"data": NaN}', "1:1: not JSON: NaN is no JSON value"),
    ("response", b'{"data": 1,\n "data": 2}', "2:2: the key 'data' stands twice in one object; expected each key once"),
    ("response", b'{"data": "\xff"}', "1:11: not UTF-8 text"),
    ("response", CLEAN.encode("utf-16"), "1:1: not UTF-8 text"),
    ("response", b'{"data": ' + b"[" * 100_000, "1:1: nested"),
    ("response", b"[" * 300 + b"]" * 300, "1:1: nested 300 levels deep; expected at most 200"),
    ("response", b"{'data': 1}", "1:2: not JSON"),
    ("variables", b"{", "1:2: not JSON"),
    ("variables", b"[]", "1:1: the variables are no object; expected a JSON object"),
    ("operation", b"query { \xff }", "1:9: not UTF-8 text"),
    ("operation", b'{"query": "{a}"', "1:"),
    ("operation", b'{"variables": {}}', "1:1: the request body has no query; expected a GraphQL document"),
    ("operation", b'{"query": 5}', "1:11: the request body has no query"),
    ("event", b"{", "1:2: not JSON"),
    ("event", b'{"a": [1,]}', "1:"),
    ("event", b'{"a": 1, "a": 2}', "1:10: the key 'a' stands twice"),
    ("event", b"\xff\xfe", "1:1: not UTF-8 text"),
    ("event", b'{"a": ' * 10_000, "1:1: nested"),
]


@pytest.mark.parametrize(("name", "content", "message"), MALFORMED)
def test_malformed_files_are_status_2_with_a_place(
    call: Call, files: Files, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    contents: dict[str, str | bytes] = {"operation": DOCUMENT, "response": CLEAN, name: content}
    called = call("judge", *files(**contents))
    assert called.status == 2
    suffix = "graphql" if name == "operation" else "json"
    assert called.err.startswith(f"{tmp_path}/{name}.{suffix}:{message}")


def test_the_faults_of_all_files_are_told_at_once(call: Call, files: Files, tmp_path: Path) -> None:
    called = call("judge", *files(operation=b"\xff", response="{", variables="["), "--event", tmp_path / "gone.json")
    assert called.status == 2
    assert [line.split(":")[0].rsplit("/", 1)[1] for line in called.err.splitlines()] == [
        "operation.graphql",
        "variables.json",
        "response.json",
        "gone.json",
    ]


@pytest.mark.parametrize("options", [("--response", "x"), ("--variables", "x"), ("--status", "200", "x.ndjson")])
def test_parts_of_a_call_need_an_operation(call: Call, options: tuple[str, ...]) -> None:
    called = call("judge", *options)
    assert called.status == 2
    assert f"{options[0]} needs --operation" in called.err


def test_a_status_needs_a_response(call: Call, files: Files) -> None:
    called = call("judge", *files(operation=DOCUMENT), "--status", "200")
    assert called.status == 2
    assert "need --response" in called.err


def test_a_version_and_a_schema_exclude_each_other(call: Call, files: Files) -> None:
    called = call("judge", *files(operation=DOCUMENT), "--version", "2024-11-01", "--schema", "x.graphql")
    assert called.status == 2
    assert "exclude each other" in called.err


def test_an_unknown_version_names_the_known_ones(call: Call, files: Files) -> None:
    called = call("judge", *files(operation=DOCUMENT), "--version", "2020-01-01")
    assert called.status == 2
    assert "2024-04-01" in called.err


EVENT = {
    "idempotencyKey": "key",
    "eventDescriptor": "ORDER_CONFIRMED",
    "resources": ["businessProduct/bp-6e3dc2a5-5b8a-4b8e-9d0c-0c0d3e1a2b3c/order/322-ABC1-AAAAAA"],
    "eventId": "e-1",
    "apiVersion": "2024-11-01",
    "subscriptionId": "s-1",
    "eventTime": "2025-01-20T12:34:56Z",
    "data": {},
}


def test_events_are_judged_by_the_version_that_they_name(call: Call, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(EVENT))
    bad.write_text(json.dumps({**EVENT, "resources": ["nonsense"]}, indent=1))
    called = call("judge", "--format", "json", "--event", good, "--event", bad)
    first, second = json.loads(called.out)["exchanges"]
    assert (first["kind"], first["operation"], first["contract"]) == ("event", "ORDER_CONFIRMED", "2024-11-01")
    assert (first["index"], second["index"]) == (0, 1)
    assert first["verdict"] in ("PASS", "INFO")
    assert ["resources", 0] in [finding["path"] for finding in second["findings"]]


def test_a_call_an_event_and_a_file_are_judged_together(call: Call, files: Files, tmp_path: Path) -> None:
    event = tmp_path / "e.json"
    event.write_text(json.dumps(EVENT))
    stream = tmp_path / "t.ndjson"
    stream.write_text(json.dumps({"event": EVENT}))
    options = files(operation=DOCUMENT, response=CLEAN)
    document = json.loads(call("judge", "--format", "json", *options, "--event", event, stream).out)
    assert [(entry["index"], entry["kind"]) for entry in document["exchanges"]] == [
        (0, "exchange"),
        (1, "event"),
        (2, "event"),
    ]
