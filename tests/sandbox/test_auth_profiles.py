"""Authorization profiles, and the credentials of webhook calls."""

from __future__ import annotations

import base64
import http.server
import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.sandbox.client import Client, code

PROFILE = "mutation make($input: CreateAuthProfileInput!) { createAuthProfile(input: $input) { authProfileId } }"
UPDATE = "mutation change($input: UpdateAuthProfileInput!) { updateAuthProfile(input: $input) { authProfileId } }"
DELETE = "mutation delete($id: String!) { deleteAuthProfile(authProfileId: $id) { authProfileId } }"
SUBSCRIBE = """mutation subscribe($input: CreateEventSubscriptionInput!) {
  createEventSubscription(input: $input) { subscriptionId } }"""
SEND = """mutation move($input: UpdateOrderPackageInformationInput!) {
  updateOrderPackageInformation(orderIdentifier: {orderId: "o-1"}, input: $input) { order { id } } }"""
BASIC = {"basicAuthConfig": {"username": "user-1", "password": "example-password"}}
EVENT = "PACKAGE_DELIVERY_IN_TRANSIT"


@dataclass
class Receiver:
    """A webhook and a token endpoint on loopback: what came, and what tokens are answered."""

    address: str = ""
    calls: queue.Queue[tuple[str, dict[str, str], bytes]] = field(default_factory=queue.Queue)
    token_answer: bytes = b'{"access_token": "token-1"}'

    def next(self) -> tuple[str, dict[str, str], bytes]:
        return self.calls.get(timeout=5)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.calls.put((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            answer = made.token_answer if self.path == "/token" else b""
            self.send_response(200)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the name is the base class's
            """Nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def _oauth(endpoint: str, **changed: Any) -> dict[str, Any]:
    parameters = {"clientId": "client-1", "clientSecret": "example secret"}
    return {"oAuthConfig": {"clientParameters": parameters, "authEndpoint": endpoint, "httpMethod": "POST", **changed}}


def _profile(client: Client, config: Any, alias: str | None = "my-profile") -> dict[str, Any]:
    return client.ask(PROFILE, {"input": {"authProfileAliasId": alias, "authConfig": config}})


def _subscribe(client: Client, url: str, **credentials: Any) -> dict[str, Any]:
    destination = {"webhook": {"url": url, "method": "POST", **credentials}}
    return client.ask(SUBSCRIBE, {"input": {"destination": destination, "eventType": EVENT}})


def _publish(client: Client) -> None:
    entry = {"id": "pi-1", "packageState": {"packageInformationState": {"state": "IN_TRANSIT"}}}
    answer = client.ask(SEND, {"input": {"packageInformation": {"details": [entry]}}})
    assert "errors" not in answer


@pytest.fixture
def fresh(client: Client) -> Client:
    """With the documented orders, without a profile."""
    client.reset(auth_profile="", subscription="")
    return client


def test_an_alias_becomes_the_id_of_a_profile(fresh: Client) -> None:
    assert _profile(fresh, BASIC)["data"]["createAuthProfile"]["authProfileId"] == "my-profile"
    made = [_profile(fresh, BASIC, None)["data"]["createAuthProfile"]["authProfileId"] for _ in range(2)]
    assert len({*made, "my-profile"}) == 3
    assert code(_profile(fresh, BASIC)) == "ConflictError"


@pytest.mark.parametrize(
    "config",
    [
        None,
        {},
        {"basicAuthConfig": {"username": "user-1"}},
        {"basicAuthConfig": {"username": "", "password": "example-password"}},
        {**BASIC, **_oauth("https://auth.shop.example")},
        _oauth("http://auth.shop.example"),
        _oauth("https://"),
        _oauth("https://auth.shop.example", clientParameters={"clientId": "client-1"}),
        _oauth("https://auth.shop.example", httpParameters={"bodyParameters": [{"key": "scope"}]}),
    ],
)
def test_refuses_credentials_that_are_not_whole(fresh: Client, config: Any) -> None:
    assert code(_profile(fresh, config)) == "ValidationError"
    assert code(_subscribe(fresh, "https://hooks.shop.example", authProfileId="my-profile")) == "AccessDeniedError"


def test_an_id_has_1_to_50_characters(fresh: Client) -> None:
    assert [code(_profile(fresh, BASIC, "a" * length)) for length in (0, 1, 50, 51)] == [
        "ValidationError",
        "",
        "",
        "ValidationError",
    ]


def test_a_profile_that_is_unknown_or_of_another_client_is_no_ones(fresh: Client) -> None:
    _profile(fresh, BASIC)
    other = Client(fresh.version, fresh.app, fresh.new_token("other:secret"))
    for client, profile_id in ((fresh, "unknown"), (other, "my-profile")):
        answers = [
            client.ask(DELETE, {"id": profile_id}),
            client.ask(UPDATE, {"input": {"authProfileId": profile_id, "authConfig": BASIC}}),
            _subscribe(client, "https://hooks.shop.example", authProfileId=profile_id),
        ]
        assert [code(answer) for answer in answers] == ["AccessDeniedError"] * 3
    assert fresh.ask(DELETE, {"id": "my-profile"})["data"]["deleteAuthProfile"] == {"authProfileId": "my-profile"}
    assert code(fresh.ask(DELETE, {"id": "my-profile"})) == "AccessDeniedError"


def test_a_profile_that_a_subscription_has_cannot_be_deleted(fresh: Client) -> None:
    _profile(fresh, BASIC)
    made = _subscribe(fresh, "https://hooks.shop.example", authProfileId="my-profile")
    assert code(fresh.ask(DELETE, {"id": "my-profile"})) == "ConflictError"
    remove = "mutation delete($id: String!) { deleteEventSubscription(subscriptionId: $id) { subscriptionId } }"
    fresh.ask(remove, {"id": made["data"]["createEventSubscription"]["subscriptionId"]})
    assert code(fresh.ask(DELETE, {"id": "my-profile"})) == ""


def test_a_subscription_has_a_profile_or_credentials_of_its_own(fresh: Client) -> None:
    _profile(fresh, BASIC)
    url = "https://hooks.shop.example"
    assert code(_subscribe(fresh, url, authProfileId="my-profile", authConfig=BASIC)) == "ValidationError"
    assert code(_subscribe(fresh, url, authConfig=BASIC)) == ""


def test_calls_a_webhook_without_credentials_when_it_has_none(fresh: Client, receiver: Receiver) -> None:
    _subscribe(fresh, f"{receiver.address}/hook")
    _publish(fresh)
    path, headers, body = receiver.next()
    assert (path, headers["content-type"], json.loads(body)["eventDescriptor"]) == ("/hook", "application/json", EVENT)
    assert "authorization" not in headers


@pytest.mark.parametrize("is_profile", [True, False])
def test_calls_a_webhook_with_basic_credentials(fresh: Client, receiver: Receiver, is_profile: bool) -> None:
    _profile(fresh, BASIC)
    credentials = {"authProfileId": "my-profile"} if is_profile else {"authConfig": BASIC}
    _subscribe(fresh, f"{receiver.address}/hook", **credentials)
    _publish(fresh)
    expected = base64.b64encode(b"user-1:example-password").decode()
    assert receiver.next()[1]["authorization"] == f"Basic {expected}"


def test_a_changed_profile_counts_from_the_next_call_on(fresh: Client, receiver: Receiver) -> None:
    _profile(fresh, _oauth(f"{receiver.address}/token"))
    _subscribe(fresh, f"{receiver.address}/hook", authProfileId="my-profile")
    assert code(fresh.ask(UPDATE, {"input": {"authProfileId": "my-profile", "authConfig": BASIC}})) == ""
    _publish(fresh)
    path, headers, _ = receiver.next()
    assert (path, headers["authorization"].partition(" ")[0]) == ("/hook", "Basic")


def test_calls_a_webhook_with_a_token_of_its_endpoint(fresh: Client, receiver: Receiver) -> None:
    parameters = {
        "bodyParameters": [{"key": "scope", "value": "write:order"}],
        "headerParameters": [{"key": "X-Shop", "value": "7"}],
    }
    _profile(fresh, _oauth(f"{receiver.address}/token", httpParameters=parameters))
    _subscribe(fresh, f"{receiver.address}/hook", authProfileId="my-profile")
    _publish(fresh)
    path, headers, body = receiver.next()
    assert (path, headers["content-type"], headers["x-shop"]) == ("/token", "application/x-www-form-urlencoded", "7")
    assert {name: values[0] for name, values in parse_qs(body.decode()).items()} == {
        "grant_type": "client_credentials",
        "client_id": "client-1",
        "client_secret": "example secret",
        "scope": "write:order",
    }
    path, headers, _ = receiver.next()
    assert (path, headers["authorization"]) == ("/hook", "Bearer token-1")


def test_asks_for_a_token_in_json_when_a_header_parameter_says_so(fresh: Client, receiver: Receiver) -> None:
    parameters = {"headerParameters": [{"key": "content-type", "value": "application/json"}]}
    _subscribe(
        fresh, f"{receiver.address}/hook", authConfig=_oauth(f"{receiver.address}/token", httpParameters=parameters)
    )
    _publish(fresh)
    _, headers, body = receiver.next()
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["client_id"] == "client-1"
    assert receiver.next()[1]["authorization"] == "Bearer token-1"


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"access_token": 1}', b'{"error": "invalid_client"}'])
def test_does_not_call_a_webhook_whose_token_it_cannot_get(fresh: Client, receiver: Receiver, answer: bytes) -> None:
    receiver.token_answer = answer
    _subscribe(fresh, f"{receiver.address}/hook", authConfig=_oauth(f"{receiver.address}/token"))
    _subscribe(fresh, f"{receiver.address}/other")
    _publish(fresh)
    assert [receiver.next()[0], receiver.next()[0]] == ["/token", "/other"]


def test_asks_no_other_machine_for_a_token(fresh: Client, receiver: Receiver) -> None:
    _subscribe(fresh, f"{receiver.address}/hook", authConfig=_oauth("https://auth.shop.example"))
    _subscribe(fresh, f"{receiver.address}/other")
    _publish(fresh)
    assert receiver.next()[0] == "/other"


def test_the_logs_have_no_credentials(fresh: Client, receiver: Receiver) -> None:
    _profile(fresh, BASIC)
    _subscribe(fresh, f"{receiver.address}/hook", authConfig=BASIC)
    _publish(fresh)
    receiver.next()
    assert "example-password" not in json.dumps([fresh.admin("exchanges"), fresh.admin("events")])


def test_the_event_log_shows_what_each_subscription_got(fresh: Client) -> None:
    source = {"account": "123456789012", "name": "Mine"}
    destination = {"eventBridge": {"partnerEventSource": source, "region": "eu-west-1"}}
    made = fresh.ask(SUBSCRIBE, {"input": {"destination": destination, "eventType": EVENT}})
    _publish(fresh)
    entry = next(each for each in fresh.admin("events")["events"] if each["eventType"] == EVENT)
    (delivery,) = entry["deliveries"]
    assert delivery["subscriptionId"] == made["data"]["createEventSubscription"]["subscriptionId"]
    event = delivery["event"]
    assert (event["account"], event["region"], event["source"]) == (
        "123456789012",
        "eu-west-1",
        "aws.partner/buywithprime/Mine",
    )
    assert event["detail"]["subscriptionId"] == delivery["subscriptionId"]
    assert event["detail"]["idempotencyKey"] == entry["event"]["idempotencyKey"]
