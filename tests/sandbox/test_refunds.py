"""Refunds follow the documented table, and each documented fault has its code."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.sandbox.client import Client, code

NEXT = {
    "PENDING": {"PENDING", "PARTIAL", "FAILURE", "SUCCESS"},
    "FAILURE": {"PARTIAL", "FAILURE", "SUCCESS"},
    "PARTIAL": {"PARTIAL", "SUCCESS"},
    "SUCCESS": {"SUCCESS"},
}
UPDATE = "mutation update($input: UpdateOrderInput!) { updateOrder(input: $input) { id } }"
NEW_UPDATE = """mutation update($id: OrderIdentifierInput!, $input: UpdateOrderInput!) {
  updateOrder(orderIdentifier: $id, input: $input) { id } }"""


def _update(client: Client, *refunds: dict[str, Any]) -> dict[str, Any]:
    total = {"refundTotal": {"totalAmount": {"amount": 4, "currencyCode": "USD"}}}
    given = {"refunds": {"details": [{**total, **refund} for refund in refunds]}}
    if client.version in ("2024-01-01", "2024-04-01"):
        return client.ask(UPDATE, {"input": {"orderId": "o-1", **given}})
    return client.ask(NEW_UPDATE, {"id": {"orderId": "o-1"}, "input": given})


def _alias(text: str) -> list[dict[str, str]]:
    return [{"aliasType": "EXTERNAL_REFUND_ID", "aliasId": text}]


@pytest.mark.parametrize(("state", "target"), list(product(NEXT, NEXT)))
def test_moves_along_the_documented_table_only(every: Client, state: str, target: str) -> None:
    every.reset(refund=state)
    answer = _update(every, {"id": "r-1", "state": target})
    shown = every.order("o-1", "refunds { details { state } }")["refunds"]["details"]
    if target in NEXT[state]:
        assert "errors" not in answer
        assert shown == [{"state": target}]
    else:
        assert code(answer) == "InvalidRefundStateTransition"
        assert shown == [{"state": state}]


@pytest.mark.parametrize(
    ("refunds", "expected"),
    [
        ([{"id": "r-1"}, {"id": "r-1"}], "DuplicateRefundId"),
        ([{"id": "r-1", "aliases": _alias("a")}, {"id": "r-2", "aliases": _alias("a")}], "DuplicateAliasId"),
        ([{"aliases": _alias("a")}], "MissingRefundId"),
        ([{"id": "none"}], "InvalidRefundId"),
        ([{"id": "r-1", "aliases": _alias("oms-1")}], "InvalidAliasId"),
    ],
)
def test_refuses_faulty_updates_with_the_documented_code(
    every: Client, refunds: list[dict[str, Any]], expected: str
) -> None:
    every.reset(taken_refund_alias=True)
    assert code(_update(every, *refunds)) == expected


def test_changes_nothing_when_one_of_several_updates_is_refused(every: Client) -> None:
    every.reset()
    assert code(_update(every, {"id": "r-1", "state": "SUCCESS"}, {"id": "none"})) == "InvalidRefundId"
    assert every.order("o-1", "refunds { details { state } }")["refunds"]["details"] == [{"state": "PENDING"}]


@pytest.mark.parametrize("version", ["2024-04-01", "2024-11-01"])
def test_takes_an_external_refund_by_its_alias(version: str) -> None:
    client = Client(version)
    client.reset(refund="")
    assert "errors" not in _update(client, {"id": "mine", "aliases": _alias("a"), "state": "SUCCESS"})
    details = client.order("o-1", "refunds { details { id state aliases { aliasId } } }")["refunds"]["details"]
    assert details == [{"id": "mine", "state": "SUCCESS", "aliases": [{"aliasId": "a"}]}]


def test_2024_01_01_has_no_external_refunds() -> None:
    client = Client("2024-01-01")
    client.reset(refund="")
    assert code(_update(client, {"id": "mine", "aliases": _alias("a"), "state": "SUCCESS"})) == "InvalidRefundId"


def test_the_reason_of_a_refund_that_is_not_external_stays(client: Client) -> None:
    client.reset()
    answer = _update(client, {"id": "r-1", "refundRequestReason": "BILLING_ERROR"})
    assert code(answer) == "InvalidRefundRequestReasonUpdate"
