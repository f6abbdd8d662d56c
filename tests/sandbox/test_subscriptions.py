"""Subscriptions, and the webhook calls that they lead to."""

from __future__ import annotations

import http.server
import json
import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from conformance.contract.load import load_contract
from conformance.events.judge import judge_event
from conformance.findings.model import Verdict
from conformance.traffic.model import Event
from tests.sandbox.client import Client, code

CREATE = """mutation subscribe($input: CreateEventSubscriptionInput!) {
  createEventSubscription(input: $input) { subscriptionId } }"""
CANCELLED = {"state": "CANCELLED", "reason": "UNFULFILLABLE"}
CANCEL = """mutation move($input: UpdateOrderPackageInformationInput!) {
  updateOrderPackageInformation(orderIdentifier: {orderId: "o-1"}, input: $input) { order { id } } }"""


def _bridge(name: str = "mine", account: str = "000000000000", region: str = "us-east-1") -> dict[str, Any]:
    return {"eventBridge": {"partnerEventSource": {"account": account, "name": name}, "region": region}}


def _subscribe(client: Client, destination: dict[str, Any], event_type: str = "REFUND_REQUESTED") -> dict[str, Any]:
    return client.ask(CREATE, {"input": {"destination": destination, "eventType": event_type}})


class _Receiver(http.server.BaseHTTPRequestHandler):
    received: queue.Queue[bytes]

    def do_POST(self) -> None:
        self.received.put(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the name is the base class's
        """Nothing."""


@pytest.fixture
def webhook() -> Iterator[tuple[str, queue.Queue[bytes]]]:
    """The address of a webhook, and what arrives there."""
    received: queue.Queue[bytes] = queue.Queue()
    handler = type("Receiver", (_Receiver,), {"received": received})
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", received
    server.shutdown()
    thread.join()
    server.server_close()


def test_calls_a_webhook_with_the_events_it_subscribed_to(
    client: Client, webhook: tuple[str, queue.Queue[bytes]]
) -> None:
    url, received = webhook
    client.reset()
    ids = {
        name: _subscribe(client, {"webhook": {"url": url, "method": "POST"}}, name)["data"]["createEventSubscription"]
        for name in ("REFUND_REQUESTED", "PACKAGE_DELIVERED", "PACKAGE_DELIVERY_CANCELLED")
    }
    entry = {
        "id": "pi-1",
        "packageState": {"packageInformationState": {"state": "CANCELLED", "reason": "UNFULFILLABLE"}},
    }
    client.ask(CANCEL, {"input": {"packageInformation": {"details": [entry]}}})
    bodies = [received.get(timeout=5), received.get(timeout=5)]
    assert received.empty()
    events = [json.loads(body) for body in bodies]
    assert [event["eventDescriptor"] for event in events] == ["PACKAGE_DELIVERY_CANCELLED", "REFUND_REQUESTED"]
    assert [event["subscriptionId"] for event in events] == [
        ids[event["eventDescriptor"]]["subscriptionId"] for event in events
    ]
    for body in bodies:
        findings = judge_event(Event(body), load_contract("2024-11-01")).findings
        assert [found for found in findings if found.verdict >= Verdict.FAIL] == []


def test_a_webhook_that_does_not_answer_stops_nothing(client: Client) -> None:
    client.reset()
    assert code(_subscribe(client, {"webhook": {"url": "http://127.0.0.1:1/", "method": "POST"}})) == ""
    entry = {
        "id": "pi-1",
        "packageState": {"packageInformationState": {"state": "CANCELLED", "reason": "UNFULFILLABLE"}},
    }
    assert "errors" not in client.ask(CANCEL, {"input": {"packageInformation": {"details": [entry]}}})


def test_refuses_subscriptions_with_the_documented_codes(client: Client) -> None:
    assert code(_subscribe(client, _bridge())) == ""
    assert code(_subscribe(client, _bridge())) == "SubscriptionAlreadyExists"
    assert code(_subscribe(client, _bridge(), "RETURN_STARTED")) == ""
    assert code(_subscribe(client, _bridge(account="111111111111"), "ORDER_CONFIRMED")) != ""
    assert code(_subscribe(client, _bridge(account="111111111111"))) == "DestinationNameAlreadyExists"
    assert code(_subscribe(client, _bridge(region="mars"))) == "ValidationError"
    assert code(_subscribe(client, _bridge(), "REFUND REQUESTED")) == "AccessDeniedError"
    assert code(_subscribe(client, {"webhook": {"url": "http://shop.example", "method": "POST"}})) == "ValidationError"


def test_a_subscription_can_be_read_listed_and_deleted(every: Client) -> None:
    ids = [
        _subscribe(every, _bridge(), name)["data"]["createEventSubscription"]["subscriptionId"]
        for name in ("REFUND_REQUESTED", "RETURN_STARTED", "RETURN_COMPLETED")
    ]
    read = "query read($id: String!) { eventSubscription(subscriptionId: $id) { subscriptionId targetId } }"
    assert every.ask(read, {"id": ids[0]})["data"]["eventSubscription"]["subscriptionId"] == ids[0]
    delete = "mutation delete($id: String!) { deleteEventSubscription(subscriptionId: $id) { subscriptionId } }"
    assert every.ask(delete, {"id": ids[0]})["data"]["deleteEventSubscription"]["subscriptionId"] == ids[0]
    assert code(every.ask(read, {"id": ids[0]})) == "AccessDeniedError"
    listed = every.ask("{ eventSubscriptions { edges { node { id } } totalCount } }")["data"]["eventSubscriptions"]
    assert listed == {"edges": [{"node": {"id": each}} for each in ids[1:]], "totalCount": 2}


def test_pages_through_subscriptions(client: Client) -> None:
    for name in ("REFUND_REQUESTED", "RETURN_STARTED", "RETURN_COMPLETED"):
        _subscribe(client, _bridge(), name)
    query = """query page($after: String) { eventSubscriptions(first: 2, after: $after) {
      edges { node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }"""
    first = client.ask(query)["data"]["eventSubscriptions"]
    second = client.ask(query, {"after": first["pageInfo"]["endCursor"]})["data"]["eventSubscriptions"]
    assert (len(first["edges"]), len(second["edges"])) == (2, 1)
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    assert second["pageInfo"]["hasPreviousPage"] is True


def test_cursors_are_places_in_base64_and_nothing_else_is_one(client: Client) -> None:
    _subscribe(client, _bridge())
    query = "query page($after: String) { eventSubscriptions(after: $after) { edges { cursor } } }"
    assert client.ask(query)["data"]["eventSubscriptions"] == {"edges": [{"cursor": "MA=="}]}
    assert client.ask(query, {"after": "MA=="})["data"]["eventSubscriptions"] == {"edges": []}
    for cursor in ("mine", "LTE=", "MDA="):
        assert code(client.ask(query, {"after": cursor})) == "UnspecifiedError"


def test_a_page_may_be_empty_and_has_at_most_1000_subscriptions(client: Client) -> None:
    _subscribe(client, _bridge())
    query = "query page($first: Int) { eventSubscriptions(first: $first) { totalCount pageInfo { hasNextPage } } }"
    page = client.ask(query, {"first": 0})["data"]["eventSubscriptions"]
    assert page == {"totalCount": 1, "pageInfo": {"hasNextPage": True}}
    assert [code(client.ask(query, {"first": first})) for first in (-1, 1000, 1001)] == [
        "UnspecifiedError",
        "",
        "UnspecifiedError",
    ]


def test_a_subscription_is_seen_by_its_own_client_alone(client: Client) -> None:
    made = _subscribe(client, _bridge())["data"]["createEventSubscription"]["subscriptionId"]
    other = Client(client.version, client.app, client.new_token("other:secret"))
    read = "query read($id: String!) { eventSubscription(subscriptionId: $id) { subscriptionId } }"
    delete = "mutation delete($id: String!) { deleteEventSubscription(subscriptionId: $id) { subscriptionId } }"
    count = "{ eventSubscriptions { totalCount } }"
    answers = [other.ask(read, {"id": made}), other.ask(delete, {"id": made}), other.ask(count)]
    assert [code(answer) for answer in answers] == ["AccessDeniedError"] * 3
    assert answers[0]["errors"][0]["message"] == "You do not have sufficient access to perform this action."
    assert client.ask(count)["data"]["eventSubscriptions"] == {"totalCount": 1}
