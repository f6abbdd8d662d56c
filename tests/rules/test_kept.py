"""Rules about what stays, and about the parts of an order: each accepts a documented flow, and finds a fault in it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.harness import Call, answering, assert_violations, with_arguments
from tests.rules.test_answers import EARLY, LATE, cancelled, grading, order, reported, returns, task
from tests.rules.test_flows import bought, deletion, read
from tests.rules.test_requests import order as creating

LINES = [{"id": "l-1", "amount": {"value": 2, "unit": "ONE"}}, {"id": "l-2", "amount": {"value": 1}}]
AGAIN = {"orderIdentifier": {"orderId": "o-1"}, "input": {"lineItems": [{"amount": {"value": 1}}]}}


def share(line: str = "l-1", value: float = 2, unit: str | None = "ONE") -> dict[str, Any]:
    return {"lineItem": {"id": line}, "amount": {"value": value, "unit": unit}}


def refunded(*shares: dict[str, Any]) -> Call:
    return order(lineItems=LINES, refunds={"details": [{"id": "r-1", "refundFor": {"orderLineItems": list(shares)}}]})


def packed(*shares: dict[str, Any]) -> Call:
    for_ = {"orderLineItemAmounts": list(shares)}
    package = {"id": "p-1", "packageInformationDetailsFor": for_}
    return order(lineItems=[{**LINES[0], "packageInformation": {"details": [package]}}, LINES[1]])


def graded(value: float, *amounts: float) -> Call:
    shares = [{"amount": {"value": one}} for one in amounts]
    summary = {"gradedAmount": {"value": value}}
    line = {"id": "rl", "returnFor": {"orderLineItemAmounts": shares}, "grading": {"summary": summary}}
    return returns(returnLineItems=[line])


def asked(given: str, answered: str) -> Call:
    call = cancelled(reason=answered)
    return Call("cancelOrder", {**call.arguments, "input": {"reason": given}}, call.answer)


def sent(amount: float, code: str = "USD") -> Call:
    return with_arguments(creating(), "input.totalPrice", {"value": {"amount": amount, "currencyCode": code}})


def priced(amount: float, code: str = "USD") -> Call:
    return read(lineItems=[{"product": {"price": {"amount": amount, "currencyCode": code}}}])


def at_time(time: str) -> Call:
    return read(metadata={"createdAt": time})


def refund_at(time: str) -> Call:
    return read(refunds={"details": [{"id": "r-1", "createdAt": time}]})


def to(**address: Any) -> Call:
    return read(recipient={"deliveryAddress": address})


def about(email: str) -> Call:
    return task("personalDataDeletionTask", dataSubject={"type": "SHOPPER", "email": email})


PAID = 10.0
REFUND = "data.order.refunds.details[0].refundFor.orderLineItems"
PACKAGE = "data.order.lineItems[0].packageInformation.details[0].packageInformationDetailsFor.orderLineItemAmounts"
GRADED = "data.order.returns.details[0].returnLineItems[0].grading.summary.gradedAmount.value"
PRICE = "data.order.lineItems[0].product.price.amount"
SENT = "variables.input.totalPrice.value"
CASES: list[tuple[str, list[Call], list[Call], str]] = [
    ("ORD-035", [refunded(share(), share("l-2", 1))], [refunded(share("l-3"))], f"{REFUND}[0].lineItem.id"),
    ("ORD-035", [packed(share())], [packed(share(), share("l-9"))], f"{PACKAGE}[1].lineItem.id"),
    ("ORD-036", [refunded(share(value=2))], [refunded(share(value=3))], f"{REFUND}[0].amount.value"),
    ("ORD-036", [packed(share(unit=None))], [packed(share("l-2", 1.5))], f"{PACKAGE}[0].amount.value"),
    ("ORD-037", [asked("OTHER", "OTHER")], [asked("OTHER", "OUT_OF_STOCK")], "data.cancelOrder.cancellation.reason"),
    ("ORD-038", [sent(0)], [sent(-0.5)], f"{SENT}.amount"),
    ("ORD-039", [sent(1, "EUR")], [sent(1, "US$")], f"{SENT}.currencyCode"),
    ("RET-016", [graded(2, 1, 1), graded(1, 2)], [graded(3, 2)], GRADED),
    ("FLW-056", [bought(), priced(PAID)], [bought(), priced(PAID + 1)], PRICE),
    ("FLW-056", [bought(), priced(PAID)], [bought(), priced(PAID, "EUR")], PRICE),
    ("FLW-057", [at_time(EARLY), at_time(EARLY)], [at_time(EARLY), at_time(LATE)], "data.order.metadata.createdAt"),
    (
        "FLW-057",
        [refund_at(EARLY), refund_at("2024-12-01T10:00:00.400Z")],
        [refund_at(EARLY), refund_at(LATE)],
        "data.order.refunds.details[0].createdAt",
    ),
    (
        "FLW-057",
        [reported(), reported()],
        [reported(), reported(requestTime="2024-11-30T10:00:00Z")],
        "data.reportTask.requestTime",
    ),
    (
        "FLW-058",
        [bought(), to(name="ADA  Example", postalCode="98109-1234")],
        [bought(), to(name="Ada Example", postalCode="10001")],
        "data.order.recipient.deliveryAddress.postalCode",
    ),
    (
        "FLW-059",
        [about("ada@example.org"), about("Ada@example.org")],
        [about("ada@example.org"), about("eve@example.org")],
        "data.personalDataDeletionTask.dataSubject.email",
    ),
]


@pytest.mark.parametrize(("rule_id", "accepted", "violating", "path"), CASES, ids=lambda value: str(value)[:12])
def test_a_rule_tells_a_fault_from_what_is_good(
    rule_id: str, accepted: list[Call], violating: list[Call], path: str
) -> None:
    assert_violations(rule_id, accepted)
    assert_violations(rule_id, violating, path)


def test_amounts_in_another_unit_are_not_compared() -> None:
    assert_violations("ORD-036", [packed(share(value=24, unit="PIECE"))])


def test_lines_that_were_not_selected_prove_nothing() -> None:
    without = answering(refunded(share("l-3", 9)), "lineItems", None)
    assert_violations("ORD-035", [without])
    assert_violations("ORD-036", [without])


def test_grading_without_what_was_returned_is_not_held_against_it() -> None:
    assert_violations("RET-016", [grading(3)])


def test_prices_may_change_when_an_update_gives_lines_again() -> None:
    update = Call("updateOrder", AGAIN, {"order": {"id": "o-1"}})
    assert_violations("FLW-056", [bought(), update, priced(PAID + 1)])


def test_a_task_is_held_against_its_start_too() -> None:
    start = deletion("t-1")
    other = deletion("t-2")
    assert_violations("FLW-059", [start, about("ada@example.org")])
    assert_violations("FLW-059", [other, about("eve@example.org")])
