"""What an order shows that little, or something unusual, is known of."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.sandbox.orders.people import paid, payment_from
from tests.sandbox.client import Client


def _payment(amount: float, state: str = "SUCCESS", currency: str = "USD", **method: str) -> dict[str, Any]:
    return {"amount": {"amount": amount, "currencyCode": currency}, "paymentMethod": method, "state": state}


def test_payments_of_one_currency_are_added_up() -> None:
    summary = paid([_payment(4, displayString="Card"), _payment(2.5, type="GIFT_CARD")])
    money = {"amount": 6.5, "currencyCode": "USD"}
    assert summary == {"amount": money, "paymentMethodDisplayString": "Card, GIFT_CARD", "state": "SUCCESS"}


@pytest.mark.parametrize("payments", [[], [_payment(1), _payment(1, currency="EUR")], [{"amount": None}]])
def test_other_payments_have_no_sum(payments: list[dict[str, Any]]) -> None:
    assert paid(payments) is None


def test_payments_in_several_states_have_none_together() -> None:
    summary = paid([_payment(1), _payment(1, state="FAILED")])
    assert summary is not None
    assert summary["state"] is None


def test_a_payer_is_answered_in_the_fields_of_answers() -> None:
    given = {
        "payer": {"billingAddress": {"contactNumber": "555-0100"}, "contact": {"emailData": {"email": "a@example.org"}}}
    }
    payer = payment_from(given)["payer"]
    assert payer["billingAddress"]["phoneNumber"] == "555-0100"
    assert payer["contact"] == {"id": None, "email": "a@example.org"}


@pytest.mark.parametrize("version", ["2024-01-01", "2024-04-01", "2024-11-01"])
def test_orders_that_little_is_known_of_are_answered_without_an_error(version: str) -> None:
    client = Client(version)
    client.reset(is_sparse=True)
    fields = (
        "lineItems { id payments { summary { state } } } customer { contact { name } } refunds { details { state } }"
    )
    bare, hollow = client.order("o-1", fields), client.order("111-2222-3333", fields)
    assert (bare["customer"], bare["refunds"]) == (None, None)
    assert hollow["customer"] == {"contact": None}
    assert [refund["state"] for refund in hollow["refunds"]["details"]] == [None, None, None]
