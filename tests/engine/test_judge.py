"""The judge of traffic: what it finds, whom it names, and that nothing makes it raise."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.base.errors import Problem, SourcePosition
from conformance.contract.load import load_contract
from conformance.engine import judge as judge_module
from conformance.engine.duplicates import duplicate_keys
from conformance.engine.judge import (
    asked_version,
    judge_event,
    judge_exchange,
    judge_fault,
    judge_request,
)
from conformance.findings.model import Blame, Verdict
from conformance.traffic.model import Event, Exchange, HttpRequest, HttpResponse
from conformance.traffic.stream import Fault

CONTRACT = load_contract("2024-11-01")
DOCUMENT = "query order($id: ID!) { order(orderIdentifier: {orderId: $id}) { id lineItems { amount { unit value } } } }"
ANSWER: dict[str, Any] = {"data": {"order": {"id": "1", "lineItems": [{"amount": {"unit": "ONE", "value": 2}}]}}}
PLACE = SourcePosition("t.ndjson", 3, 1)


def _exchange(
    answer: Any = ANSWER, *, variables: Any = None, request_body: bytes | None = None, version: str | None = None
) -> Exchange:
    body = json.dumps({"query": DOCUMENT, "variables": variables or {"id": "1"}}).encode()
    headers = (("x-api-version", version),) if version is not None else ()
    request = HttpRequest(
        "POST", "https://x/graphql", (*headers, ("Content-Type", "application/json")), request_body or body
    )
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return Exchange(request, HttpResponse(200, (("Content-Type", "application/json"),), content), 7, position=PLACE)


def _rules(exchange: Exchange) -> list[str]:
    return [finding.rule for finding in judge_exchange(exchange, CONTRACT).findings]


def test_a_clean_exchange_has_no_findings() -> None:
    judged = judge_exchange(_exchange(), CONTRACT)
    assert judged.findings == ()
    assert judged.verdict is Verdict.PASS
    assert (judged.index, judged.operation, judged.position, judged.kind) == (7, "order", PLACE, "exchange")


def test_a_faulty_answer_is_found_at_its_path() -> None:
    answer = {"data": {"order": {"id": "1", "lineItems": [{"amount": {"unit": "ONE", "value": None}}]}}}
    (finding,) = judge_exchange(_exchange(answer), CONTRACT).findings
    assert finding.path == ("data", "order", "lineItems", 0, "amount", "value")
    assert finding.verdict is Verdict.FAIL
    assert finding.blame is Blame.TARGET


def test_a_faulty_request_is_the_clients() -> None:
    findings = judge_exchange(_exchange(variables={"id": 1.5}), CONTRACT).findings
    assert {finding.blame for finding in findings} == {Blame.CLIENT}
    assert [finding.path for finding in findings] == [("variables", "id")]


def test_a_request_alone_can_be_judged() -> None:
    judged = judge_request(_exchange(variables={}).request, CONTRACT)
    assert judged.findings == ()
    assert judged.operation == "order"
    faulty = HttpRequest("POST", "", (), json.dumps({"query": "query { nonsense }"}).encode())
    assert Verdict.FAIL in {finding.verdict for finding in judge_request(faulty, CONTRACT).findings}


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{", b"\xff", b'{"query": 5}', b"[" * 100_000, b'[{"query": "x"}]']
)
def test_a_request_that_is_none_is_a_finding(body: bytes) -> None:
    judged = judge_exchange(_exchange(request_body=body or b" "), CONTRACT)
    assert judged.verdict >= Verdict.FAIL
    assert all(finding.blame is Blame.CLIENT for finding in judged.findings)
    assert judged.operation == ""


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff", b"<html>", b"[" * 100_000, b'{"data": NaN}'])
def test_an_answer_that_is_none_is_a_finding(body: bytes) -> None:
    judged = judge_exchange(_exchange(body), CONTRACT)
    assert judged.verdict >= Verdict.FAIL
    assert judged.operation == "order"


def test_a_key_that_stands_twice_is_found_on_both_sides() -> None:
    answer = json.dumps(ANSWER).replace('"unit": "ONE"', '"unit": "TWO", "unit": "ONE"').encode()
    (finding,) = judge_exchange(_exchange(answer), CONTRACT).findings
    assert (finding.rule, finding.verdict, finding.blame) == ("TRF-003", Verdict.FAIL, Blame.TARGET)
    assert finding.path == ("data", "order", "lineItems", 0, "amount", "unit")
    request = _exchange().request.body.replace(b'"variables"', b'"query": "{a}", "variables"')
    findings = judge_exchange(_exchange(request_body=request), CONTRACT).findings
    (finding,) = [finding for finding in findings if finding.rule.startswith("TRF")]
    assert (finding.rule, finding.blame, finding.path) == ("TRF-003", Blame.CLIENT, ("query",))


def test_a_judging_function_that_raises_is_a_finding_of_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("lineItems")

    monkeypatch.setattr(judge_module, "walk_answer", broken)
    judged = judge_exchange(_exchange({"data": {}}, variables={"id": 1.5}), CONTRACT)
    (suite,) = [finding for finding in judged.findings if finding.blame is Blame.SUITE]
    assert (suite.rule, suite.verdict) == ("SCN-002", Verdict.ERROR)
    assert suite.message.startswith("broken broke off in test_judge.py:")
    assert suite.message.endswith("KeyError: 'lineItems'")
    assert [finding.path for finding in judged.findings if finding.blame is Blame.CLIENT] == [("variables", "id")]


def test_an_event_judge_that_raises_is_a_finding_of_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_module, "judge_event_body", lambda *_: 1 / 0)
    judged = judge_event(Event(b"{}", index=2), CONTRACT)
    assert [finding.rule for finding in judged.findings] == ["SCN-002"]
    assert (judged.index, judged.kind) == (2, "event")


def test_an_event_is_judged() -> None:
    judged = judge_event(Event(b'{"eventDescriptor": "NONSENSE"}', position=PLACE), CONTRACT)
    assert judged.verdict >= Verdict.WARN
    assert all(finding.rule.startswith("EVT-") for finding in judged.findings)


def test_a_fault_of_the_traffic_is_never_a_pass() -> None:
    judged = judge_fault(Fault(4, Problem(PLACE, "no JSON", "JSON", "Record it anew")))
    (finding,) = judged.findings
    assert (finding.rule, finding.verdict, finding.blame) == ("TRF-001", Verdict.ERROR, Blame.CONFIGURATION)
    assert (finding.message, finding.expected, finding.fix) == ("no JSON", "JSON", "Record it anew")
    assert (judged.index, judged.kind, judged.position) == (4, "fault", PLACE)


@pytest.mark.parametrize(
    ("header", "version", "rules"),
    [
        (None, None, []),
        ("2024-04-01", "2024-04-01", []),
        (" 2024-01-01 ", "2024-01-01", []),
        ("2023-05-05", None, ["TRF-002"]),
        ("", None, ["TRF-002"]),
    ],
)
def test_a_request_says_which_version_it_asks_for(header: str | None, version: str | None, rules: list[str]) -> None:
    asked, findings = asked_version(_exchange(version=header))
    assert asked == version
    assert [finding.rule for finding in findings] == rules


@pytest.mark.parametrize(
    ("body", "version"),
    [
        (b'{"apiVersion": "2024-11-01"}', "2024-11-01"),
        (b'{"detail-type": "X", "detail": {"apiVersion": "2024-04-01"}}', "2024-04-01"),
        (b'{"apiVersion": "1999-01-01"}', None),
        (b'{"apiVersion": 5}', None),
        (b"{", None),
        (b"\xff", None),
        (b"[" * 100_000, None),
    ],
)
def test_an_event_says_which_version_it_is_of(body: bytes, version: str | None) -> None:
    assert asked_version(Event(body)) == (version, ())


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ('{"a": 1, "b": {"a": 2}}', []),
        ('{"a" : "\\":", "b":1}', []),
        ('{"\\u0061": 1, "b": 2}', []),
        ('{"a": 1, "a": 1}', [("a",)]),
        ('[{"x": [{"a": 1, "b": 2, "a": 3}]}]', [(0, "x", 0, "a")]),
        ('{"a": 1, "\\u0061": 2}', [("a",)]),
        ('{"a": {"b": 1}, "a": {"b": 1, "b": 2}}', [("a",), ("a", "b")]),
        ("not json", []),
        ("[" * 5000, []),
        ('{"a" :1,"b":1,"b":2}', [("b",)]),  # one key with a space behind it, one more that is lost
        ('{"a":"\\u0022\\u0022","b":1,"b":2}', [("b",)]),  # two quotes in another spelling, two more that are lost
        ('{"a": "\\u0022", "b": 1}', []),
    ],
)
def test_keys_that_stand_twice(text: str, paths: list[tuple[str | int, ...]]) -> None:
    assert sorted(duplicate_keys(text.encode()), key=len) == paths


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["data", "order", "id", "errors"]), inner)
    ),
    max_leaves=8,
)


@given(answer=_JSON | st.binary(max_size=60), body=st.none() | st.binary(max_size=60))
@settings(max_examples=150, deadline=None, database=None)
def test_no_exchange_makes_it_raise(answer: Any, body: bytes | None) -> None:
    judged = judge_exchange(_exchange(answer, request_body=body), CONTRACT)
    assert not [finding for finding in judged.findings if finding.blame is Blame.SUITE]


@given(body=_JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60))
@settings(max_examples=150, deadline=None, database=None)
def test_no_event_makes_it_raise(body: bytes) -> None:
    judged = judge_event(Event(body), CONTRACT)
    assert not [finding for finding in judged.findings if finding.blame is Blame.SUITE]
