"""The embedded sandbox as a target: one server, a fresh state for each case, credentials of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from conformance.base.errors import TargetError
from conformance.contract.load import load_contract
from conformance.targets.embedded import EmbeddedProvider, EmbeddedTarget
from conformance.targets.protocol import NoRecordingError
from conformance.traffic.model import HttpRequest

CONTRACT = load_contract("2024-11-01")
CANCEL = 'mutation c { cancelOrder(orderIdentifier: {orderId: "o-1"}) { cancellation { state } } }'
STATES = '{ order(orderIdentifier: {orderId: "o-1"}) { packageInformation { details { state } } } }'


@pytest.fixture
def provider() -> Iterator[EmbeddedProvider]:
    """A provider that is closed."""
    made = EmbeddedProvider()
    yield made
    made.close()


def _ask(target: EmbeddedTarget, query: str) -> dict[str, object]:
    headers = (("Content-Type", "application/json"), ("x-api-version", "2024-11-01"))
    body = json.dumps({"query": query}).encode()
    answer = target.send(HttpRequest("POST", target.endpoint, headers, body), deadline_s=10)
    assert answer.status == 200
    parsed: dict[str, object] = json.loads(answer.body)
    return parsed


def test_each_case_starts_from_a_fresh_state_on_the_same_server(provider: EmbeddedProvider) -> None:
    first = provider.open("order.cancel.by-alias", CONTRACT)
    assert "errors" not in _ask(first, CANCEL)
    assert "errors" in _ask(first, CANCEL)
    second = provider.open("order.cancel.by-alias", CONTRACT)
    assert second.endpoint == first.endpoint
    assert "errors" not in _ask(second, CANCEL)


def test_a_case_finds_the_documented_resources_in_the_state_it_needs(provider: EmbeddedProvider) -> None:
    def states(scenario: str) -> str:
        return json.dumps(_ask(provider.open(scenario, CONTRACT), STATES))

    assert "PENDING" in states("sandbox.packages.send-pending")
    assert "IN_TRANSIT" in states("sandbox.packages.deliver")


def test_says_why_a_scenario_cannot_be_run(provider: EmbeddedProvider) -> None:
    with pytest.raises(NoRecordingError, match="cannot be told from one"):
        provider.open("order.update.error-invalid-refund-id", CONTRACT)


def test_a_return_is_started_outside_of_the_api(provider: EmbeddedProvider) -> None:
    target = provider.open("sandbox.packages.deliver", CONTRACT)
    with pytest.raises(TargetError, match="refuses returns: nothing was delivered"):
        target.bring_about("returns", {"orderId": "o-1"}, deadline_s=10)
    tracked = '{ order(orderIdentifier: {orderId: "o-1"}) { packageInformation { details { packageTracker {'
    answer = _ask(target, f"{tracked} packageTrackerIdentifier {{ trackingNumber }} }} }} }} }} }}")
    assert "TN1" in json.dumps(answer)


def test_links_lead_to_the_sandbox_alone(provider: EmbeddedProvider) -> None:
    target = provider.open("order.cancel.by-alias", CONTRACT)
    unknown = target.endpoint.replace("/graphql", "/download/f-1/k")
    assert target.transfer(HttpRequest("GET", unknown, (), b""), deadline_s=10).status == 404
    with pytest.raises(TargetError, match="does not lead to"):
        target.transfer(HttpRequest("GET", "https://files.example/f-1", (), b""), deadline_s=10)


def test_other_credentials_have_the_named_scopes_only(provider: EmbeddedProvider) -> None:
    target = provider.open("order.cancel.by-alias", CONTRACT)
    assert "errors" not in _ask(target, STATES)
    target.bring_about("credentials", {"scopes": ["Read Inventory"]}, deadline_s=10)
    assert "AccessDeniedError" in json.dumps(_ask(target, "mutation { updateOrder(input: {}) { id: order { id } } }"))
