"""Requests that mean harm: the documented error, or what GraphQL over HTTP says; soon; one line in the log."""

from __future__ import annotations

import json
import logging
import time

import pytest

from conformance.sandbox.serving.app import SandboxApp, Settings
from conformance.sandbox.serving.http import JSON, Request, answer_type
from tests.sandbox.client import Client, order_input, preview
from tests.sandbox.hostile import CASES, TYPENAME, body
from tests.sandbox.requests import HOSTILE

CANARY = "canary-5b1d"
GRAPHQL = "application/graphql-response+json"


@pytest.fixture(scope="module")
def shared() -> Client:
    """One sandbox for all requests that mean harm: it has to bear every one of them."""
    client = Client()
    client.reset()
    client.send(TYPENAME)
    return client


@pytest.mark.parametrize(("content", "status", "part"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_hostile_request_is_answered_soon(shared: Client, content: bytes, status: int, part: bytes) -> None:
    started = time.process_time()
    answer = shared.send(content)
    assert time.process_time() - started < 1
    assert answer.status == status
    assert part in answer.body
    assert b"Traceback" not in answer.body
    assert b"InternalServerError" not in answer.body
    assert len(answer.body) < 300_000
    parsed = json.loads(answer.body)
    for error in parsed.get("errors", ()):
        assert error["extensions"]["classification"]["type"]
    assert shared.send(TYPENAME).body == b'{"data":{"__typename":"Query"}}'


def test_many_valid_mutations_in_one_request_are_done_soon(client: Client) -> None:
    given = order_input(client, preview(client)["data"]["deliveryPreview"])
    fields = " ".join(f"a{number}: createOrder(input: $input) {{ order {{ id }} }}" for number in range(100))
    started = time.process_time()
    answer = json.loads(
        client.send(body(f"mutation create($input: CreateOrderInput!) {{ {fields} }}", {"input": given})).body
    )
    assert time.process_time() - started < 1
    assert len({order["order"]["id"] for order in answer["data"].values()}) == 100


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b'{"query": "{ %s }"' % CANARY.encode(), {}, 400),
        (body(f"{{ {CANARY.replace('-', '_')} }}"), {}, 200),
        (TYPENAME, {"content_type": f"text/{CANARY}"}, 415),
        (TYPENAME, {"content_type": "application/json; charset=utf-16"}, 415),
        (TYPENAME, {"content_encoding": "gzip"}, 415),
        (TYPENAME, {"x_api_version": CANARY}, 400),
        (TYPENAME, {"x_api_version": "2024-11-01\n"}, 400),
        (TYPENAME, {"authorization": f"Bearer {CANARY}"}, 401),
        (TYPENAME, {"authorization": f"Basic {CANARY}"}, 401),
        (TYPENAME, {"authorization": ""}, 401),
    ],
)
def test_a_refused_request_is_one_line_in_the_log_without_what_it_held(
    client: Client, caplog: pytest.LogCaptureFixture, content: bytes, headers: dict[str, str], status: int
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.send(content, **headers)
    assert answer.status == status
    (line,) = caplog.messages
    assert line == f"POST /graphql: {f'HTTP {status}' if status != 200 else 'not executed'}"
    assert CANARY not in caplog.text
    assert client.token not in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "shown"),
    [
        ("GET", f"/{CANARY}", "GET other path: HTTP 404"),
        (CANARY, "/graphql", "other method /graphql: HTTP 405"),
        ("PUT", f"/upload/{CANARY}/{CANARY}", "PUT /upload/…: HTTP 404"),
        ("GET", "/graphql\nERROR all is lost", "GET other path: HTTP 404"),
        ("GET", "/graphql%2f", "GET other path: HTTP 404"),
        ("GET", "", "GET other path: HTTP 404"),
        ("GET", "//graphql", "GET other path: HTTP 404"),
        ("GET", "/../graphql", "GET other path: HTTP 404"),
    ],
)
def test_what_callers_make_up_does_not_get_into_the_log(
    client: Client, caplog: pytest.LogCaptureFixture, method: str, path: str, shown: str
) -> None:
    client.app.answer(Request(method, path))
    assert caplog.messages == [shown]


def test_a_fault_of_ours_is_a_documented_error_and_one_line(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("conformance.sandbox.serving.execution.admit", broken)
    answer = json.loads(client.send(body('{ order(orderIdentifier: {orderId: "o-1"}) { id } }')).body)
    (error,) = answer["errors"]
    assert (error["message"], answer["data"]) == ("Internal server error", {"order": None})
    assert error["extensions"]["classification"] == {"type": "InternalServerError", "errorCode": 500}
    (line,) = caplog.messages
    assert "RuntimeError < test_hostile.py" in line
    assert CANARY not in caplog.text


def _get(client: Client, query: str, accept: str = "") -> tuple[int, bytes]:
    headers = (("authorization", f"Bearer {client.token}"), ("accept", accept))
    answer = client.app.answer(Request("GET", "/graphql", headers, b"", query))
    return answer.status, answer.body


@pytest.mark.parametrize(
    ("query", "status", "part"),
    [
        ("query=%7B__typename%7D", 200, b'"Query"'),
        ("query=query+a($n:String!){__type(name:$n){name}}&variables=%7B%22n%22:%22Order%22%7D", 200, b'"Order"'),
        ("query=query+a{__typename}+query+b{b:__typename}&operationName=b", 200, b'"b"'),
        ("query={__typename}&operationName=&variables=&extensions=", 200, b'"Query"'),
        ("", 400, b"query must be a string"),
        ("query={__typename}&query={__typename}", 400, b"given twice"),
        ("query={__typename}&variables={", 400, b"not JSON"),
        ("query={__typename}&variables=[]", 400, b"must be an object"),
        ("query=%ff%fe", 400, b"cannot be read"),
        ("&".join(f"a{number}=1" for number in range(50)), 400, b"cannot be read"),
        ("query=mutation{__typename}", 405, b"must be sent with POST"),
        ("query=query+a{__typename}+mutation+b{__typename}&operationName=b", 405, b"must be sent with POST"),
    ],
)
def test_a_get_asks_and_never_changes(client: Client, query: str, status: int, part: bytes) -> None:
    answered = _get(client, query)
    assert answered[0] == status
    assert part in answered[1]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/html", JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.1, {JSON};q=0.9", JSON),
        (f"{GRAPHQL};q=0", JSON),
        (f"{GRAPHQL};q=much", JSON),
        (", ;,;q=;=," * 1000, JSON),
    ],
)
def test_the_accept_header_chooses_the_media_type(accept: str, kind: str) -> None:
    assert answer_type(accept) == kind


def test_a_refusal_comes_in_the_media_type_that_is_asked_for(client: Client) -> None:
    for content, changed in ((b"{", {}), (TYPENAME, {"authorization": ""}), (TYPENAME, {"content_type": "text/plain"})):
        answer = client.send(content, accept=GRAPHQL, **changed)
        assert answer.status >= 400
        assert ("content-type", GRAPHQL) in answer.headers


def test_anonymous_callers_come_in_only_when_the_settings_say_so() -> None:
    headers = (("content-type", JSON),)
    request = Request("POST", "/graphql", headers, TYPENAME)
    assert SandboxApp().answer(request).status == 401
    opened = SandboxApp(Settings(is_anonymous=True))
    assert opened.answer(request).status == 200
    foreign = Request("POST", "/graphql", (*headers, ("authorization", "Bearer foreign")), TYPENAME)
    assert opened.answer(foreign).status == 401


ADMIN = ("reset", "clock", "throttle", "faults", "returns", "return-packages", "grading", "milestones", "events", "x")
OPTIONS = (
    *("seed", "fixtures", "advance_s", "wait", "requests_per_s", "burst", "names", "every", "version"),
    *("orderId", "returnId", "packageId", "state", "condition", "trackingNumber", "code", "lines", "isDropOff"),
)


@pytest.mark.parametrize("what", ADMIN)
def test_nothing_that_the_admin_surface_gets_is_a_fault_of_ours(shared: Client, what: str) -> None:
    good = {"orderId": "o-1", "returnId": "return-1", "fixtures": True, "state": "IN_TRANSIT", "code": "IN_TRANSIT"}
    contents = [json.dumps({**good, name: value}).encode() for name in OPTIONS for value in HOSTILE]
    for content in (*contents, b"{", b"[]", b"\xff", b"{" * 300, b'{"a": NaN}', b""):
        answer = shared.app.answer(Request("POST", f"/_sandbox/{what}", (), content))
        assert answer.status in (200, 400), (content, answer)
        json.loads(answer.body)
    shared.reset()
    assert shared.send(TYPENAME).status == 200


FORMS = (
    b"grant_type=client_credentials&client_id=%00&client_secret=%ff",
    b"grant_type=client_credentials&client_id=\xc3\xa9&client_secret=%F0%9F%8F%8A&scope=%00",
    b"grant_type=client_credentials&client_id=a&client_id=b&client_secret=c&scope=" + b"x+" * 100_000,
    b"grant_type=client_credentials&client_id=" + b"a" * 1_000_000 + b"&client_secret=b",
    b"&" * 1_000_000,
    b"=" * 1_000_000,
    b"%" * 1_000_000,
    b"\x00",
)


@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
def test_nothing_that_the_token_endpoint_gets_is_a_fault_of_ours(form: bytes) -> None:
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    for settings in (Settings(), Settings(client=("m\u00e9", "mine"))):
        started = time.process_time()
        answer = SandboxApp(settings).answer(Request("POST", "/token", headers, form))
        assert answer.status in (200, 400, 401)
        json.loads(answer.body)
        assert time.process_time() - started < 1


@pytest.mark.parametrize("start", ["/upload/", "/download/"])
def test_nothing_that_a_link_gets_is_a_fault_of_ours(shared: Client, start: str) -> None:
    for method in ("GET", "PUT", "POST", "DELETE"):
        for rest in ("", "/", "a", "a/b", "a/b/c", "\u00e9/\ud800", "../../etc/passwd", "%2e%2e/%00", "x" * 60_000):
            answer = shared.app.answer(Request(method, start + rest, (), b"x" * 100))
            assert 400 <= answer.status < 500
            assert b"Traceback" not in answer.body
