"""Method, status, media types and charset."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.findings.model import Blame, Finding
from conformance.operations.http import judge_http
from conformance.traffic.model import HttpRequest, HttpResponse

JSON = ("Content-Type", "application/json")
GRAPHQL = ("content-type", "application/graphql-response+json; charset=utf-8")
POST = HttpRequest("POST", "https://api.example/graphql", (JSON,), b'{"query": "{ any }"}')
DATA = b'{"data": {"any": 1}}'
ERRORS = b'{"errors": [{"message": "no"}]}'


def found(request: HttpRequest, response: HttpResponse) -> list[tuple[str, str, str]]:
    return [(finding.rule, finding.verdict.name, finding.blame.value) for finding in judge_http(request, response)]


@pytest.mark.parametrize(
    ("request_", "response"),
    [
        (POST, HttpResponse(200, (JSON,), DATA)),
        (POST, HttpResponse(200, (("content-type", "application/json;charset=UTF-8"),), ERRORS)),
        (POST, HttpResponse(200, (GRAPHQL,), DATA)),
        (POST, HttpResponse(200, (GRAPHQL,), b'{"data": null, "errors": []}')),
        (POST, HttpResponse(206, (GRAPHQL,), DATA)),
        (POST, HttpResponse(400, (GRAPHQL,), ERRORS)),
        (POST, HttpResponse(422, (GRAPHQL,), b'{"data": null}')),
        (HttpRequest("post", "/", (), b""), HttpResponse(200, (), DATA)),  # recorded without headers
        (HttpRequest("POST", "/", (JSON, ("Accept", "text/html, */*;q=0.1")), b""), HttpResponse(200, (JSON,), DATA)),
    ],
)
def test_faultless_exchanges_give_nothing(request_: HttpRequest, response: HttpResponse) -> None:
    assert judge_http(request_, response) == ()


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (HttpRequest("GET", "/graphql?query={any}", ()), [("ENV-001", "WARN", "CLIENT")]),
        (
            HttpRequest("GET", "/graphql?query=mutation{choose(by:{id:1})}", ()),
            [("ENV-001", "WARN", "CLIENT"), ("ENV-002", "FAIL", "CLIENT")],
        ),
        (HttpRequest("PUT", "/", (JSON,), b""), [("ENV-001", "WARN", "CLIENT")]),
        (HttpRequest("POST", "/", (("Content-Type", "text/plain"),), b"{}"), [("ENV-003", "FAIL", "CLIENT")]),
        (HttpRequest("POST", "/", (("X-Api-Version", "2024-11-01"),), b"{}"), [("ENV-003", "FAIL", "CLIENT")]),
        (HttpRequest("POST", "/", (JSON, ("Accept", "text/html")), b"{}"), [("ENV-008", "WARN", "CLIENT")]),
        (HttpRequest("POST", "/", (JSON, ("Accept", "application/json-seq")), b"{}"), [("ENV-008", "WARN", "CLIENT")]),
    ],
)
def test_faults_of_requests(request_: HttpRequest, expected: Any) -> None:
    assert found(request_, HttpResponse(200, (JSON,), DATA)) == expected


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (HttpResponse(200, (("Content-Type", "text/html"),), b"<html>"), [("ENV-010", "FAIL", "TARGET")]),
        (HttpResponse(200, (("Date", "today"),), DATA), [("ENV-010", "FAIL", "TARGET")]),
        (
            HttpResponse(200, (("Content-Type", "application/json; charset=latin-1"),), DATA),
            [("ENV-011", "FAIL", "TARGET")],
        ),
        (HttpResponse(200, (GRAPHQL,), ERRORS), [("ENV-012", "FAIL", "TARGET")]),
        (HttpResponse(400, (GRAPHQL,), DATA), [("ENV-012", "FAIL", "TARGET")]),
        (HttpResponse(500, (GRAPHQL,), DATA), [("ENV-015", "WARN", "TARGET"), ("ENV-012", "FAIL", "TARGET")]),
        (HttpResponse(201, (JSON,), DATA), [("ENV-013", "WARN", "TARGET")]),
        (HttpResponse(400, (JSON,), ERRORS), [("ENV-013", "WARN", "TARGET")]),
        (HttpResponse(302, (JSON,), b""), [("ENV-013", "WARN", "CONFIGURATION")]),
        (HttpResponse(404, (JSON,), b"{}"), [("ENV-013", "WARN", "CONFIGURATION")]),
        (HttpResponse(401, (JSON,), ERRORS), [("ENV-014", "WARN", "CONFIGURATION")]),
        (HttpResponse(403, (GRAPHQL,), ERRORS), [("ENV-014", "WARN", "CONFIGURATION")]),
        (HttpResponse(429, (JSON,), ERRORS), [("ENV-015", "WARN", "ENVIRONMENT")]),
        (HttpResponse(500, (JSON,), ERRORS), [("ENV-015", "WARN", "TARGET")]),
        (
            HttpResponse(503, (("Content-Type", "text/html"),), b"<html>"),
            [("ENV-010", "FAIL", "ENVIRONMENT"), ("ENV-015", "WARN", "ENVIRONMENT")],
        ),
    ],
)
def test_faults_of_answers(response: HttpResponse, expected: Any) -> None:
    assert found(POST, response) == expected


def test_a_bad_request_is_the_clients_fault() -> None:
    malformed = HttpRequest("POST", "/", (JSON,), json.dumps({"document": "{ any }"}).encode())
    assert found(malformed, HttpResponse(400, (JSON,), ERRORS)) == [("ENV-013", "WARN", "CLIENT")]


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"[" * 9999, b"null"])
def test_any_body_is_taken(body: bytes) -> None:
    for status in (200, 204, 400, 599):
        for kind in (JSON, GRAPHQL):
            findings: tuple[Finding, ...] = judge_http(POST, HttpResponse(status, (kind,), body))
            assert all(isinstance(finding.blame, Blame) for finding in findings)
