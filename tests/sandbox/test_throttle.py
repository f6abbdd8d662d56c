"""How often a client may call: off by default, then a bucket per client on the sandbox's clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from conformance.sandbox.serving.http import Request
from conformance.sandbox.throttle import Throttle
from tests.sandbox.client import Client, code

ASK = "{ eventSubscriptions { totalCount } }"
THROTTLED = {"type": "ThrottlingError", "errorType": "ThrottlingException", "errorCode": 429}


def test_a_bucket_empties_and_fills_up_again() -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC)
    throttle = Throttle(requests_per_s=2, burst=3)
    assert [throttle.takes("me", now) for _ in range(4)] == [True, True, True, False]
    assert throttle.takes("other", now)
    assert not throttle.takes("me", now + timedelta(milliseconds=499))
    assert throttle.takes("me", now + timedelta(milliseconds=500))
    later = now + timedelta(hours=1)
    assert [throttle.takes("me", later) for _ in range(4)] == [True, True, True, False]


def test_nobody_is_throttled_unless_it_is_asked_for(client: Client) -> None:
    client.reset()
    assert [code(client.ask(ASK)) for _ in range(100)] == [""] * 100


def test_a_client_that_calls_too_often_gets_the_documented_error(client: Client) -> None:
    client.reset()
    client.admin("throttle", requests_per_s=0.1, burst=2)
    assert [code(client.ask(ASK)) for _ in range(3)] == ["", "", "ThrottlingError"]
    answer = client.send(json.dumps({"query": ASK}).encode())
    body = json.loads(answer.body)
    assert body["errors"][0]["extensions"]["classification"] == THROTTLED
    assert (answer.status, body["data"]) == (200, {"eventSubscriptions": None})
    assert "retry-after" not in {name.lower() for name, _ in answer.headers}
    client.admin("clock", advance_s=10)
    assert [code(client.ask(ASK)) for _ in range(2)] == ["", "ThrottlingError"]


def test_clients_do_not_take_each_others_places(client: Client) -> None:
    client.reset()
    other = Client(client.version, client.app, client.new_token("other:secret"))
    client.admin("throttle", requests_per_s=0, burst=1)
    assert [code(client.ask(ASK)), code(client.ask(ASK)), code(other.ask(ASK))] == ["", "ThrottlingError", ""]


def test_each_operation_of_a_request_takes_a_place(client: Client) -> None:
    client.reset()
    client.admin("throttle", requests_per_s=0, burst=2)
    answer = client.ask(f"{{ {' '.join(f'{name}: eventSubscriptions {{ totalCount }}' for name in 'abc')} }}")
    assert [name for name, value in answer["data"].items() if value is None] == ["c"]
    assert code(answer) == "ThrottlingError"


def test_tokens_are_throttled_too(client: Client) -> None:
    client.admin("throttle", requests_per_s=0, burst=1)
    form = b"grant_type=client_credentials&client_id=a&client_secret=b"
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    statuses = [client.app.answer(Request("POST", "/token", headers, form)).status for _ in range(2)]
    assert statuses == [200, 429]


def test_nothing_and_a_reset_take_the_limit_away(client: Client) -> None:
    client.reset()
    client.admin("throttle", requests_per_s=0, burst=1)
    client.admin("throttle")
    assert [code(client.ask(ASK)) for _ in range(3)] == [""] * 3
    client.admin("throttle", requests_per_s=0, burst=1)
    client.reset()
    assert [code(client.ask(ASK)) for _ in range(3)] == [""] * 3


@pytest.mark.parametrize(
    "body",
    [b'{"requests_per_s": -1}', b'{"requests_per_s": "1"}', b'{"burst": 1}', b'{"requests_per_s": 1, "burst": 0}'],
)
def test_refuses_rates_that_are_none(client: Client, body: bytes) -> None:
    answer = client.app.answer(Request("POST", "/_sandbox/throttle", (), body))
    assert answer.status == 400
    assert json.loads(answer.body)["error"]
