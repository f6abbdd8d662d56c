"""The events of orders: every documented type of each version, at its moment, filled as its page prints it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from conformance.contract.load import load_contract
from conformance.events.judge import judge_event
from conformance.findings.model import Verdict
from conformance.sandbox.serving.app import SandboxApp, Settings
from conformance.traffic.model import Event
from tests.sandbox.client import IS_OLD, Client
from tests.sandbox.story import Story

OLD = {
    "DELIVERY_CANCELLED",
    "DELIVERY_COMPLETED",
    "DELIVERY_IN_TRANSIT",
    "REFUND_REQUESTED",
    "RETURN_COMPLETED",
    "RETURN_DELIVERY_COMPLETED",
    "RETURN_DELIVERY_FAILED",
    "RETURN_DELIVERY_IN_TRANSIT",
    "RETURN_ITEM_GRADED",
    "RETURN_STARTED",
}
NEW = {
    "ORDER_CONFIRMED",
    "PACKAGE_DELIVERED",
    "PACKAGE_DELIVERY_CANCELLED",
    "PACKAGE_DELIVERY_IN_TRANSIT",
    "PACKAGE_TRACKER_MILESTONE_CHANGED",
    "REFUND_COMPLETED",
    "REFUND_REQUESTED",
    "RETURN_COMPLETED",
    "RETURN_ITEM_GRADED",
    "RETURN_PACKAGE_DELIVERED",
    "RETURN_PACKAGE_DELIVERY_FAILED",
    "RETURN_PACKAGE_IN_TRANSIT",
    "RETURN_STARTED",
}
DOCUMENTED = {
    "2024-01-01": OLD | {"ITEM_CANCELLED", "ITEM_DELIVERED", "ITEM_IN_TRANSIT"},
    "2024-04-01": OLD,
    "2024-11-01": NEW,
    "next": NEW,
}
"""The event types of orders, deliveries, refunds and returns that are not deprecated in the version."""


def _live(client: Client) -> Story:
    """Everything that can happen to orders."""
    Story(client).package("CANCELLED", "UNFULFILLABLE")
    story = Story(client)
    story.package("IN_TRANSIT")
    if not story.is_old:
        story.milestone("OUT_FOR_DELIVERY")
    story.package("DELIVERED")
    line = {"lineItemId": {"lineItemId": story.held["lineItems"][0]["id"]}, "amount": {"value": 1}}
    lost, good = (story.begin_return(lines=[line]) for _ in range(2))
    story.return_package(lost, "IN_TRANSIT", "FAILED")
    story.return_package(good, "IN_TRANSIT", "DELIVERED")
    story.grade(good)
    story.refund("SUCCESS")
    return story


def _entries(client: Client) -> list[dict[str, Any]]:
    return list(client.admin("events")["events"])


def _named(client: Client, name: str) -> dict[str, Any]:
    (entry,) = [entry for entry in _entries(client) if entry["eventType"] == name]
    event: dict[str, Any] = entry["event"]
    return event


def test_publishes_every_documented_type_of_the_version(every: Client) -> None:
    _live(every)
    assert set(every.events()) == DOCUMENTED[every.version]


def test_every_event_is_content_to_the_judge(every: Client) -> None:
    _live(every)
    for entry in _entries(every):
        for form in {"event", "eventBridge"} & set(entry):
            found = judge_event(Event(json.dumps(entry[form]).encode()), load_contract(every.version)).findings
            assert [each for each in found if each.verdict >= Verdict.WARN] == []


def test_an_occurrence_has_one_key_and_two_occurrences_have_two(client: Client) -> None:
    _live(client)
    entries = _entries(client)
    keys = [entry["event"]["idempotencyKey"] for entry in entries]
    assert len(keys) == len(set(keys))
    assert [entry["eventBridge"]["detail"]["idempotencyKey"] for entry in entries] == keys


def test_an_order_is_confirmed_with_what_was_bought(client: Client) -> None:
    story = Story(client)
    order = _named(client, "ORDER_CONFIRMED")["data"]["order"]
    assert order["id"] == story.order
    assert order["metadata"][0]["executionState"] == "STARTED"
    known = order["customer"][0]["bwpCustomerId"]
    assert known.startswith("amzn.")
    assert order["customer"][0]["contact"] == {"email": "ada@example.org", "id": known, "name": "Ada Example"}
    (line,) = order["lineItems"]
    assert line["amount"] == {"unit": "ONE", "value": "2"}
    assert line["product"]["amazonSku"]["value"] == story.held["lineItems"][0]["product"]["amazonSku"]


def test_a_package_event_has_the_package_that_its_path_names(client: Client) -> None:
    story = Story(client)
    story.package("CANCELLED", "CUSTOMER_REQUESTED")
    event = _named(client, "PACKAGE_DELIVERY_CANCELLED")
    (package,) = event["data"]["order"]["packageInformation"]["details"]
    assert event["resources"][0].endswith(f"/order/{story.order}/delivery/{package['id']}")
    assert (package["state"], package["reason"]) == ("CANCELLED", "CUSTOMER_REQUESTED")


def test_refund_events_have_the_refund_in_the_forms_of_their_pages(client: Client) -> None:
    story = Story(client)
    story.package("CANCELLED", "UNFULFILLABLE")
    story.refund("SUCCESS", 19)
    asked = _named(client, "REFUND_REQUESTED")["data"]["order"]["refunds"]["details"][0]
    assert (asked["state"], asked["refundTotal"]["totalAmount"]["amount"]) == ("PENDING", 20)
    (paid,) = _named(client, "REFUND_COMPLETED")["data"]["order"]["refunds"]
    assert paid["details"]["id"] == asked["id"]
    assert (paid["details"]["state"], paid["details"]["refundTotal"]["totalAmount"]["amount"]) == ("SUCCESS", 19)


def test_a_refund_is_completed_once(client: Client) -> None:
    story = Story(client)
    story.package("CANCELLED", "UNFULFILLABLE")
    for _ in range(2):
        assert "errors" not in story.refund("SUCCESS")
    assert client.events().count("REFUND_COMPLETED") == 1


def test_events_before_2024_11_01_are_thin(every: Client) -> None:
    _live(every)
    for entry in _entries(every):
        if IS_OLD[every.version]:
            assert entry["event"]["detail"] == {}
            assert "eventBridge" not in entry
        else:
            assert entry["eventBridge"]["detail"] == entry["event"]


@pytest.mark.parametrize("version", ["2024-01-01", "2024-11-01"])
def test_sends_every_event_to_the_webhook_of_the_command_line(version: str) -> None:
    got: list[Any] = []
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()
            if len(got) == wanted:
                done.set()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
            """Nothing is written."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        app = SandboxApp(Settings(version, webhook=f"http://127.0.0.1:{server.server_port}/"))
        client = Client(version, app)
        wanted = {"2024-01-01": 4, "2024-11-01": 3}[version]
        Story(client).deliver()
        assert done.wait(10)
        assert got == [entry["event"] for entry in _entries(client)]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
