"""Packages and returns move along the documented transitions, and along no other."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from tests.sandbox.client import Client, bought, code

STATES = ("PENDING", "IN_TRANSIT", "DELIVERED", "CANCELLED")
REASONS = (None, "UNFULFILLABLE", "CUSTOMER_REQUESTED", "UNDELIVERABLE")
ALLOWED = {
    ("PENDING", "CANCELLED", "UNFULFILLABLE"): ["DELIVERY_CANCELLED", "REFUND_REQUESTED"],
    ("PENDING", "CANCELLED", "CUSTOMER_REQUESTED"): ["DELIVERY_CANCELLED", "REFUND_REQUESTED"],
    ("IN_TRANSIT", "CANCELLED", "UNDELIVERABLE"): ["DELIVERY_CANCELLED", "REFUND_REQUESTED"],
    **{("PENDING", "IN_TRANSIT", reason): ["DELIVERY_IN_TRANSIT"] for reason in REASONS},
    **{("IN_TRANSIT", "DELIVERED", reason): ["DELIVERY_COMPLETED"] for reason in REASONS},
}
"""What the documentation allows (a reason is looked at for CANCELLED only), with the events of 2024-01-01."""
RENAMED = {
    "DELIVERY_CANCELLED": "PACKAGE_DELIVERY_CANCELLED",
    "DELIVERY_IN_TRANSIT": "PACKAGE_DELIVERY_IN_TRANSIT",
    "DELIVERY_COMPLETED": "PACKAGE_DELIVERED",
}
MOVE = """mutation move($id: OrderIdentifierInput!, $input: UpdateOrderPackageInformationInput!) {
  updateOrderPackageInformation(orderIdentifier: $id, input: $input) { order { id } } }"""
OLD_MOVE = """mutation move($input: UpdateOrderDeliveryInformationInput!) {
  updateOrderDeliveryInformation(input: $input) { order { id } } }"""
RETURN = """mutation move($id: OrderIdentifierInput!, $input: UpdateOrderReturnsInput!) {
  updateOrderReturns(orderIdentifier: $id, input: $input) { order { id } } }"""


def _move(client: Client, state: str, reason: str | None = None, **more: Any) -> dict[str, Any]:
    asked = {"state": state, "reason": reason, **more}
    entry = {"id": "pi-1", "packageState": {"packageInformationState": asked}}
    variables = {"id": {"orderId": "o-1"}, "input": {"packageInformation": {"details": [entry]}}}
    return client.ask(MOVE, variables)


def _old_move(client: Client, state: str, reason: str | None) -> dict[str, Any]:
    entry = {"id": "di-1", "deliveryInformationState": {"state": state, "reason": reason}}
    return client.ask(OLD_MOVE, {"input": {"orderId": "o-1", "details": [entry]}})


def _packages(client: Client) -> dict[str, str]:
    details = client.order("o-1", "packageInformation { details { id state } }")["packageInformation"]["details"]
    return {each["id"]: each["state"] for each in details}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("version", ["2024-01-01", "2024-04-01", "2024-11-01", "next"])
def test_moves_a_package_along_the_documented_transitions_only(version: str, state: str) -> None:
    client = Client(version)
    for target, reason in product(STATES, REASONS):
        client.reset(package=state)
        is_old = version in ("2024-01-01", "2024-04-01")
        answer = _old_move(client, target, reason) if is_old else _move(client, target, reason)
        events = ALLOWED.get((state, target, reason))
        if events is not None:
            assert "errors" not in answer
            shown = [name for name in client.events() if not name.startswith("ITEM_")]
            assert shown == (events if is_old else [RENAMED.get(name, name) for name in events])
        elif target == "CANCELLED" and reason is None:
            assert code(answer) == "MissingCancellationReason"
        else:
            assert code(answer) == "InvalidPackageDeliveryDetailStateTransition"
        if events is None:
            assert client.events() == []


def test_shows_the_new_state_and_the_reason_of_a_cancelled_package(client: Client) -> None:
    client.reset()
    _move(client, "CANCELLED", "UNFULFILLABLE")
    found = client.order("o-1", "packageInformation { details { id state reason } }")["packageInformation"]["details"]
    assert found[0] == {"id": "pi-1", "state": "CANCELLED", "reason": "UNFULFILLABLE"}


def test_splits_a_package_of_which_a_part_is_moved(client: Client) -> None:
    client.reset()
    part = {"orderLineItemAmounts": [{"lineItemId": {"lineItemId": "li-1"}, "amount": {"value": 1}}]}
    assert "errors" not in _move(client, "CANCELLED", "UNFULFILLABLE", packageInformationDetailsFor=part)
    assert sorted(_packages(client).values()) == ["CANCELLED", "PENDING", "PENDING"]
    refunds = client.order("o-1", "refunds { details { state refundTotal { totalAmount { amount } } } }")["refunds"]
    assert refunds["details"][-1] == {"state": "PENDING", "refundTotal": {"totalAmount": {"amount": 10}}}


def test_refuses_to_take_more_out_of_a_package_than_is_in_it_and_changes_nothing(client: Client) -> None:
    client.reset()
    part = {"orderLineItemAmounts": [{"lineItemId": {"lineItemId": "li-1"}, "amount": {"value": 3}}]}
    assert code(_move(client, "CANCELLED", "UNFULFILLABLE", packageInformationDetailsFor=part)) == "UnspecifiedError"
    assert set(_packages(client).values()) == {"PENDING"}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            {"id": "none", "packageState": {"packageInformationState": {"state": "DELIVERED"}}},
            "PackageInformationDetailIdNotFound",
        ),
        (
            {
                "id": "pi-1",
                "packageState": {
                    "packageInformationState": {"state": "IN_TRANSIT"},
                    "packageTrackerState": {"packageTrackerIdentifier": {"trackingNumber": "TN1"}},
                },
            },
            "ConflictingPackageStateInput",
        ),
        (
            {
                "id": "pi-1",
                "packageState": {"packageTrackerState": {"packageTrackerIdentifier": {"trackingNumber": "1"}}},
            },
            "PackageTrackerNotAvailableForUpdate",
        ),
    ],
)
def test_refuses_faulty_package_updates_with_the_documented_code(
    client: Client, entry: dict[str, Any], expected: str
) -> None:
    client.reset()
    variables = {"id": {"orderId": "o-1"}, "input": {"packageInformation": {"details": [entry]}}}
    if expected == "ConflictingPackageStateInput":
        answer = client.send(_body(MOVE, variables))
        assert expected.encode() in answer.body
    else:
        assert code(client.ask(MOVE, variables)) == expected


def _body(query: str, variables: dict[str, Any]) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


def test_does_not_know_orders_of_others(client: Client) -> None:
    variables = {"id": {"orderId": "none"}, "input": {"packageInformation": {"details": []}}}
    assert code(client.ask(MOVE, variables)) == "AccessDeniedError"


RETURN_STATES = ("CREATED", "DROPPED_OFF", "IN_TRANSIT", "DELIVERED", "FAILED")
RETURN_MOVES = {
    ("CREATED", "IN_TRANSIT"): ["RETURN_PACKAGE_IN_TRANSIT"],
    ("CREATED", "DROPPED_OFF"): ["REFUND_REQUESTED"],
    ("DROPPED_OFF", "IN_TRANSIT"): ["RETURN_PACKAGE_IN_TRANSIT"],
    ("IN_TRANSIT", "DELIVERED"): ["RETURN_PACKAGE_DELIVERED", "REFUND_REQUESTED"],
    ("IN_TRANSIT", "FAILED"): ["RETURN_PACKAGE_DELIVERY_FAILED"],
}


@pytest.mark.parametrize(("state", "target"), list(product(RETURN_STATES, RETURN_STATES[1:])))
def test_moves_a_return_package_along_the_documented_transitions_only(client: Client, state: str, target: str) -> None:
    client.reset(return_=state)
    entry = {"returnIdentifier": {"id": "ret-1"}, "returnPackageDetails": [{"id": "rp-1", "state": target}]}
    answer = client.ask(RETURN, {"id": {"orderId": "o-1"}, "input": {"returns": {"details": [entry]}}})
    if (state, target) in RETURN_MOVES:
        assert "errors" not in answer
        assert client.events() == RETURN_MOVES[state, target]
    else:
        assert code(answer) == "UnspecifiedError"
        assert client.events() == []


def test_reports_a_failed_return_as_undeliverable_whatever_was_given(client: Client) -> None:
    client.reset(return_="IN_TRANSIT")
    package = {"id": "rp-1", "state": "FAILED", "reason": "SHIPMENT_LOST"}
    entry = {"returnIdentifier": {"id": "ret-1"}, "returnPackageDetails": [package]}
    client.ask(RETURN, {"id": {"orderId": "o-1"}, "input": {"returns": {"details": [entry]}}})
    found = client.order("o-1", "returns { details { returnPackageDetails { state reason } } }")
    assert found["returns"]["details"][0]["returnPackageDetails"] == [{"state": "FAILED", "reason": "UNDELIVERABLE"}]


def test_a_return_that_is_not_dropped_off_cannot_be(client: Client) -> None:
    order = bought(client)
    package = client.order(order, "packageInformation { details { id } }")["packageInformation"]["details"][0]["id"]
    for state in ("IN_TRANSIT", "DELIVERED"):
        entry = {"id": package, "packageState": {"packageInformationState": {"state": state}}}
        client.ask(MOVE, {"id": {"orderId": order}, "input": {"packageInformation": {"details": [entry]}}})
    started = client.admin("returns", orderId=order)
    drop = {"id": started["packageIds"][0], "state": "DROPPED_OFF"}
    entry = {"returnIdentifier": {"id": started["returnId"]}, "returnPackageDetails": [drop]}
    answer = client.ask(RETURN, {"id": {"orderId": order}, "input": {"returns": {"details": [entry]}}})
    assert code(answer) == "UnspecifiedError"


@pytest.mark.parametrize("version", ["2024-01-01", "2024-04-01"])
def test_completes_a_return_once_before_2024_11_01(version: str) -> None:
    client = Client(version)
    client.reset()
    query = "mutation move($input: UpdateOrderReturnsInput) { updateOrderReturns(input: $input) { order { id } } }"
    variables = {"input": {"orderId": "o-1", "details": [{"id": "ret-1", "state": "COMPLETED"}]}}
    assert "errors" not in client.ask(query, variables)
    assert client.events() == ["RETURN_DELIVERY_COMPLETED", "REFUND_REQUESTED", "RETURN_COMPLETED"]
    assert code(client.ask(query, variables)) == "UnspecifiedError"
