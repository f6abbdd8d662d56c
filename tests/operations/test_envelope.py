"""From a request's bytes to a document and its variables."""

from __future__ import annotations

import json
import random
from typing import Any
from urllib.parse import urlencode

import pytest

from conformance.contract.load import load_contract
from conformance.engine.judge import judge_exchange
from conformance.operations.envelope import GraphQLRequest, read_request
from conformance.traffic.model import Exchange, HttpRequest, HttpResponse
from tests.operations.harness import brief, contract


def post(body: Any, content_type: str = "application/json") -> HttpRequest:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpRequest("POST", "https://api.example/graphql", (("Content-Type", content_type),), content)


def get(**parameters: str) -> HttpRequest:
    return HttpRequest("GET", "https://api.example/graphql?" + urlencode(parameters))


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (post({"query": "{ a }"}), GraphQLRequest("{ a }")),
        (
            post({"query": "{ a }", "operationName": None, "variables": None, "extensions": None}),
            GraphQLRequest("{ a }"),
        ),
        (post({"query": "{ a }", "operationName": ""}), GraphQLRequest("{ a }")),
        (
            post({"query": "{ a }", "operationName": "q", "variables": {"a": [1]}, "extensions": {"p": 1}}),
            GraphQLRequest("{ a }", "q", {"a": [1]}, {"p": 1}),
        ),
        (get(query="{ a }", operationName="q", variables='{"a": 1}'), GraphQLRequest("{ a }", "q", {"a": 1})),
        (get(query="{ a }", variables=""), GraphQLRequest("{ a }")),
    ],
)
def test_well_formed_requests(request_: HttpRequest, expected: GraphQLRequest) -> None:
    assert read_request(request_) == (expected, ())


@pytest.mark.parametrize(
    ("request_", "document", "expected"),
    [
        (post(b""), None, [("ENV-004", ())]),
        (post(b'{"query": '), None, [("ENV-004", ())]),
        (post(b"\xff\xfe{"), None, [("ENV-004", ()), ("ENV-004", ())]),
        (post([{"query": "{ a }"}]), None, [("ENV-004", ())]),
        (post("text"), None, [("ENV-004", ())]),
        (post(b"{ a }", "application/graphql"), "{ a }", [("ENV-004", ())]),
        (post({}), None, [("ENV-005", ("query",))]),
        (post({"query": None}), None, [("ENV-005", ("query",))]),
        (post({"query": {"a": 1}}), None, [("ENV-005", ("query",))]),
        (post({"query": "{ a }", "variables": '{"a": 1}'}), "{ a }", [("ENV-006", ("variables",))]),
        (
            post({"query": "{ a }", "variables": [], "operationName": 1}),
            "{ a }",
            [("ENV-006", ("operationName",)), ("ENV-006", ("variables",))],
        ),
        (post({"query": "{ a }", "id": "x"}), "{ a }", [("ENV-007", ("id",))]),
        (get(query="{ a }", variables="{a"), "{ a }", [("ENV-006", ("variables",))]),
        (get(query="{ a }", variables="[]"), "{ a }", [("ENV-006", ("variables",))]),
        (get(), None, [("ENV-005", ("query",))]),
        (HttpRequest("GET", "/graphql?" + "a=1&" * 500), None, [("ENV-005", ())]),
        (HttpRequest("GET", "http://[bad"), None, [("ENV-005", ())]),
        (post(b"[" * 50_000), None, [("ENV-004", ())]),
    ],
)
def test_malformed_requests(request_: HttpRequest, document: str | None, expected: Any) -> None:
    request, findings = read_request(request_)
    assert (request.document if request else None) == document
    assert [(finding.rule, finding.path) for finding in findings] == expected
    assert all(finding.origin == "request" and finding.blame.value == "CLIENT" for finding in findings)


def test_a_batch_is_told_how_to_mend_it() -> None:
    _, [finding] = read_request(post([{"query": "{ a }"}]))
    assert finding.fix == "Send each operation in a request of its own"


def exchange(request: Any, answer: Any) -> Exchange:
    response = HttpResponse(200, (("Content-Type", "application/json"),), json.dumps(answer).encode())
    return Exchange(post(request), response)


def test_a_whole_exchange() -> None:
    query = {"query": "query q($id: ID!) { order(id: $id) { id } }", "variables": {"id": "1"}}
    clean = judge_exchange(exchange(query, {"data": {"order": {"id": "1"}}}), contract())
    assert clean.findings == ()
    assert clean.operation == "order"
    faulty = judge_exchange(exchange({**query, "variables": {"id": []}, "x": 1}, {"data": {"order": {}}}), contract())
    assert brief(faulty.findings) == [
        ("ENV-007", "INFO", ("x",)),
        ("REQ-040", "FAIL", ("variables", "id")),
        ("RSP-001", "FAIL", ("data", "order", "id")),
    ]
    nothing = judge_exchange(exchange({}, {"data": 1}), contract())
    assert brief(nothing.findings) == [("ENV-005", "FAIL", ("query",))]
    assert nothing.operation == ""


def test_an_answer_of_an_older_version_is_judged_with_findings_to_act_on() -> None:
    query = {"query": 'query q { order(orderIdentifier: {orderId: "1"}) { id } }'}
    old = {"data": {"order": {"id": "1", "deliveryInformation": {"details": []}}}}
    judged = judge_exchange(exchange(query, old), load_contract("2024-11-01"))
    [finding] = judged.findings
    assert (finding.rule, finding.path) == ("RSP-002", ("data", "order", "deliveryInformation"))
    assert "Version 2024-11-01 calls it Order.packageInformation" in finding.fix


def test_arbitrary_exchanges_give_findings_and_nothing_else() -> None:
    chance = random.Random(3)
    request = json.dumps({"query": "query q($id: ID!) { order(id: $id) { id } }", "variables": {"id": "1"}}).encode()
    answer = json.dumps({"data": {"order": {"id": "1"}}, "errors": [{"message": "m", "path": ["order"]}]}).encode()

    def damaged(content: bytes) -> bytes:
        made = bytearray(content)
        for _ in range(chance.randrange(3)):
            made[chance.randrange(len(made))] = chance.choice(b'{}[]":,x0 \\\x00\xff')
        return bytes(made)

    for _ in range(1500):
        sent = HttpRequest(chance.choice(["POST", "GET"]), "/graphql?query={a}", (), damaged(request))
        got = HttpResponse(chance.choice([200, 400, 500]), (("content-type", "application/json"),), damaged(answer))
        repr(judge_exchange(Exchange(sent, got), contract()).findings).encode()
