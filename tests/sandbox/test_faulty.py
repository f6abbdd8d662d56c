"""A sandbox with defects: they show in answers, in the event log and at webhooks, and nowhere without being asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.sandbox.faults.catalogue import FAULTS
from conformance.sandbox.serving.app import SandboxApp, Settings
from conformance.sandbox.serving.http import Answer, Request

QUERY = '{ shopperBwPEligibility(shopperIdentity: {lwaAccessToken: {value: "x"}}) { __typename } }'


def ask(app: SandboxApp, query: str, version: str = "2024-11-01") -> Answer:
    headers = (("content-type", "application/json"), ("x-api-version", version))
    return app.answer(Request("POST", "/graphql", headers, json.dumps({"query": query}).encode()))


def administer(app: SandboxApp, what: str, body: dict[str, Any] | None = None) -> Any:
    method, content = ("GET", b"") if body is None else ("POST", json.dumps(body).encode())
    answer = app.answer(Request(method, f"/_sandbox/{what}", (), content))
    return answer.status, json.loads(answer.body)


def test_a_fault_of_the_settings_shows_in_answers() -> None:
    clean, faulty = (SandboxApp(Settings(is_anonymous=True, faults=names)) for names in ((), ("extra-field",)))
    assert b"debug" not in ask(clean, "{ __typename }").body
    query = '{ order(orderIdentifier: {orderId: "o-1"}) { id lineItems { id } } }'
    for app in (clean, faulty):
        administer(app, "reset", {"fixtures": True})
    assert set(json.loads(ask(clean, query).body)["data"]["order"]) == {"id", "lineItems"}
    assert b"debug" in ask(faulty, query).body


def test_the_admin_surface_puts_faults_in_and_takes_them_out() -> None:
    app = SandboxApp(Settings(is_anonymous=True))
    administer(app, "reset", {"fixtures": True})
    query = '{ order(orderIdentifier: {orderId: "o-1"}) { id } }'
    assert administer(app, "faults", {"names": ["lost-field"]})[0] == 200
    assert administer(app, "faults")[1]["shown"] == ["lost-field"]
    assert "id" not in (json.loads(ask(app, query).body)["data"].get("order") or {})
    administer(app, "faults", {"names": []})
    assert json.loads(ask(app, query).body)["data"]["order"]["id"] == "o-1"


def test_a_fault_may_show_now_and_then() -> None:
    app = SandboxApp(Settings(is_anonymous=True))
    administer(app, "reset", {"fixtures": True})
    administer(app, "faults", {"names": ["extra-field"], "every": 3})
    query = '{ order(orderIdentifier: {orderId: "o-1"}) { id } }'
    assert ["debug" in ask(app, query).body.decode() for _ in range(6)] == [False, False, True, False, False, True]


@pytest.mark.parametrize(
    "options", [{"names": ["nope"]}, {"names": "lost-field"}, {"every": 0}, {"every": True}, {"seed": "1"}]
)
def test_faults_that_cannot_be_shown_are_refused(options: dict[str, Any]) -> None:
    status, answer = administer(SandboxApp(), "faults", options)
    assert status == 400
    assert answer["error"]


def test_every_fault_is_listed_with_the_rule_that_reports_it() -> None:
    known = administer(SandboxApp(), "faults")[1]["known"]
    assert [each["name"] for each in known] == list(FAULTS)
    assert all(each["rule"] and each["summary"] for each in known)


def test_a_fault_of_events_shows_in_the_log() -> None:
    seen = []
    for names in ((), ("event-key-added",)):
        app = SandboxApp(Settings(is_anonymous=True, faults=names))
        administer(app, "reset", {"fixtures": {"package": "DELIVERED"}})
        assert administer(app, "returns", {"orderId": "o-1"})[0] == 200
        seen.append(administer(app, "events")[1]["events"])
    clean, faulty = seen
    assert len(clean) == len(faulty) > 0
    assert not any("debug" in json.dumps(entry["event"]) for entry in clean)
    assert any("debug" in json.dumps(entry["event"]) for entry in faulty)
