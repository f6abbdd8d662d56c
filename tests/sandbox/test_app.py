"""HTTP and the error model: what the documentation says, else GraphQL over HTTP; never a 500, never a traceback."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

import pytest

from conformance.base.versions import VERSIONS
from conformance.contract.load import load_contract
from conformance.sandbox.serving import execution
from conformance.sandbox.serving.app import SandboxApp, Settings
from conformance.sandbox.serving.http import Request
from tests.sandbox.client import CREATE, Client, order_input, preview

TYPENAME = b'{"query": "{ __typename }"}'
FORM = (("content-type", "application/x-www-form-urlencoded"),)
DENIED = {"type": "AccessDeniedError", "errorType": "AccessDeniedException", "errorCode": 403}


def _classification(body: bytes) -> dict[str, Any]:
    (error,) = json.loads(body)["errors"]
    part: dict[str, Any] = error["extensions"]["classification"]
    return part


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer foreign", "Basic abc", "Bearer \u00e9"])
def test_refuses_a_caller_without_a_token_of_its_own(client: Client, authorization: str) -> None:
    answer = client.send(TYPENAME, authorization=authorization)
    assert answer.status == 401
    assert _classification(answer.body) == DENIED


def test_a_token_lasts_15_minutes_and_a_new_one_does_not_end_it(client: Client) -> None:
    client.new_token()
    client.admin("clock", advance_s=14 * 60 + 59)
    assert client.send(TYPENAME).status == 200
    client.admin("clock", advance_s=1)
    answer = client.send(TYPENAME)
    assert answer.status == 401
    assert _classification(answer.body) == DENIED


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        (b"grant_type=client_credentials&client_id=me&client_secret=mine", 200, None),
        (b"grant_type=client_credentials&client_id=me&client_secret=other", 401, "invalid_client"),
        (b"grant_type=client_credentials", 401, "invalid_client"),
        (b"grant_type=password&client_id=me&client_secret=mine", 400, "unsupported_grant_type"),
        (b"\xff\xfe=1", 400, "invalid_request"),
        (b"&".join(b"a=1" for _ in range(30)), 400, "invalid_request"),
        (b"", 400, "unsupported_grant_type"),
    ],
)
def test_gives_tokens_for_client_credentials_only(form: bytes, status: int, error: str | None) -> None:
    app = SandboxApp(Settings(client=("me", "mine")))
    answer = app.answer(Request("POST", "/token", FORM, form))
    assert answer.status == status
    assert json.loads(answer.body).get("error") == error


def test_a_token_answer_has_what_oauth_asks_for() -> None:
    answer = SandboxApp().answer(
        Request("POST", "/token", FORM, b"grant_type=client_credentials&client_id=a&client_secret=b")
    )
    body = json.loads(answer.body)
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
    assert ("cache-control", "no-store") in answer.headers


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"", {}, 400),
        (b"\xff", {}, 400),
        (b"[]", {}, 400),
        (b"null", {}, 400),
        (b'{"query": 1}', {}, 400),
        (b'{"query": "{ __typename }", "variables": []}', {}, 400),
        (b'{"query": "{ __typename }", "variables": "{}"}', {}, 400),
        (b'{"query": "{ __typename }", "extensions": 1}', {}, 400),
        (b'{"query": "{ __typename }", "operationName": {}}', {}, 400),
        (b'{"query": "{ __typename }", "query": "{ a }"}', {}, 400),
        (b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}', {}, 400),
        (b'{"query": "{ __typename }", "variables": {"a": 1e999}}', {}, 400),
        (b'{"query": "{ __typename }", "variables": ' + b"[" * 5000 + b"]" * 5000 + b"}", {}, 400),
        (TYPENAME, {"content_type": "text/plain"}, 415),
        (TYPENAME, {"content_type": ""}, 415),
        (TYPENAME, {"x_api_version": "2023-01-01"}, 400),
        (TYPENAME, {"x_api_version": "2024-11-01 "}, 400),
        (b'{"query": "{"}', {}, 200),
        (b'{"query": ""}', {}, 200),
        (b'{"query": "{ nothing }"}', {}, 200),
        (b'{"query": "query a { __typename } query b { __typename }"}', {}, 200),
        (b'{"query": "{ __typename }", "operationName": "other"}', {}, 200),
        (b'{"query": "{ order(orderIdentifier: 1) { id } }"}', {}, 200),
        (b'{"query": "query a($a: Nothing) { __typename }"}', {}, 200),
        (b'{"query": "' + b"{a" * 4000 + b'"}', {}, 200),
        (b'{"query": "{ ' + b"a " * 3000 + b'}"}', {}, 200),
        (b'{"query": "{ ' + b"a " * 30000 + b'}"}', {}, 200),
        (b'{"query": "{ ...a } fragment a on Query { ...a }"}', {}, 200),
    ],
)
def test_answers_bad_requests_with_a_classified_error(
    client: Client, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = client.send(body, **headers)
    assert answer.status == status
    parsed = json.loads(answer.body)
    assert "data" not in parsed
    for error in parsed["errors"]:
        assert error["extensions"]["classification"]["errorType"] == "ValidationException"
    assert b"Traceback" not in answer.body
    assert client.send(TYPENAME).status == 200


def test_says_400_for_a_faulty_document_to_a_client_that_takes_graphql_response_json(client: Client) -> None:
    accept = "application/graphql-response+json, application/json;q=0.9"
    refused, answered = client.send(b'{"query": "{"}', accept=accept), client.send(TYPENAME, accept=accept)
    assert (refused.status, answered.status) == (400, 200)
    assert ("content-type", "application/graphql-response+json") in answered.headers


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "BREW"])
def test_takes_no_other_method_than_get_and_post(client: Client, method: str) -> None:
    answer = client.app.answer(Request(method, "/graphql"))
    assert answer.status == 405
    assert ("allow", "GET, POST") in answer.headers


def test_bounds_what_fragments_multiply_to(client: Client) -> None:
    levels = "".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }} " for n in range(30))
    query = "{ ...f0 } " + levels + "fragment f30 on Query { __typename }"
    answer = client.send(json.dumps({"query": query}).encode())
    assert b"the same fields too often" in answer.body


def test_picks_the_contract_by_x_api_version(client: Client) -> None:
    query = b'{"query": "{ __type(name: \\"PurchasedItem\\") { name } }"}'
    assert json.loads(client.send(query, x_api_version="2024-01-01").body)["data"]["__type"] == {
        "name": "PurchasedItem"
    }
    assert json.loads(client.send(query, x_api_version="2024-11-01").body)["data"]["__type"] is None
    assert client.send(query, x_api_version="").body == client.send(query, x_api_version="2024-11-01").body


def test_a_failed_operation_is_null_in_the_data(client: Client) -> None:
    query = 'query ask { order(orderIdentifier: {orderId: "none"}) { id } }'
    answer = client.ask(query)
    assert answer["data"] == {"order": None}
    (error,) = answer["errors"]
    assert error["path"] == ["order"]
    assert error["extensions"]["classification"] == {
        "type": "ResourceNotFoundError",
        "errorType": "ResourceNotFoundException",
        "errorCode": 404,
    }


def test_input_outside_documented_bounds_gives_the_documented_message(client: Client) -> None:
    aliases = [{"aliasId": str(number), "aliasType": "EXTERNAL_ID"} for number in range(6)]
    body = json.dumps({"query": CREATE, "variables": {"input": {"lineItems": [], "aliases": aliases}}}).encode()
    (error,) = json.loads(client.send(body).body)["errors"]
    start = "Input request is not valid, the following issues were encountered: [/createOrder/input/aliases "
    assert error["message"].startswith(start)
    assert error["extensions"]["classification"]["code"] == "UnspecifiedError"


@pytest.mark.parametrize("version", VERSIONS)
def test_says_plainly_that_an_operation_is_not_simulated(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "OPERATIONS", {})
    client, contract = Client(version), load_contract(version)
    asked = 0
    for name, operation in contract.operations.items():
        root = contract.schema.query_type if operation.kind == "query" else contract.schema.mutation_type
        assert root is not None
        if any(str(argument.type).endswith("!") for argument in root.fields[name].args.values()):
            continue
        answer = json.loads(
            client.send(json.dumps({"query": f"{operation.kind} {{ {name} {{ __typename }} }}"}).encode()).body
        )
        assert answer["errors"][0]["message"] == f"not simulated yet: {name}"
        assert answer["data"] == {name: None}
        asked += 1
    assert asked


_HOSTILE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    "",
    "x" * 500,
    [],
    {},
    [None],
    {"a": 1},
    "PENDING",
    [[]],
    0.5,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        found += _places(item, (*path, key))
    return found


def test_hostile_values_anywhere_in_an_order_never_break_the_server(every: Client) -> None:
    dice = random.Random(7)
    shown = preview(every)["data"]["deliveryPreview"]
    whole = order_input(every, shown)
    for place in _places(whole):
        given = deepcopy(whole)
        target: Any = given
        for key in place[:-1]:
            target = target[key]
        target[place[-1]] = dice.choice(_HOSTILE)
        answer = every.send(json.dumps({"query": CREATE, "variables": {"input": given}}).encode())
        assert answer.status == 200
        assert b"InternalServerError" not in answer.body


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "reset", b"{"),
        ("POST", "reset", b"[]"),
        ("POST", "reset", b'{"seed": "a"}'),
        ("POST", "reset", b'{"fixtures": {"package": 1}}'),
        ("POST", "reset", b'{"fixtures": {"other": "a"}}'),
        ("POST", "clock", b'{"advance_s": -1}'),
        ("POST", "clock", b'{"advance_s": 1e300}'),
        ("POST", "clock", b"{}"),
        ("POST", "returns", b'{"orderId": {}}'),
        ("GET", "nothing", b""),
    ],
)
def test_the_admin_surface_refuses_what_it_does_not_understand(
    client: Client, method: str, path: str, body: bytes
) -> None:
    answer = client.app.answer(Request(method, f"/_sandbox/{path}", (), body))
    assert answer.status == 400
    assert json.loads(answer.body)["error"]


def test_the_exchange_log_has_no_credentials(client: Client) -> None:
    client.ask("{ __typename }")
    log = client.admin("exchanges")["exchanges"]
    assert [each["path"] for each in log] == ["/token", "/graphql"]
    assert client.token not in json.dumps(log)
    assert "mine" not in json.dumps(log)
