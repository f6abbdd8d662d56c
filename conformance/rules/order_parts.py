"""What the parts of an order say of its lines: packages, refunds, returns and cancellations (ORD-035 to ORD-039)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.codes import CURRENCIES
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.order_requests import APRIL, NOVEMBER
from conformance.rules.values import at, number, rows, text

SHARES: Final = ("OrderLineItemAmount", "RefundedOrderLineItem", "ReturnOrderLineItem", "CanceledOrderLineItem")
"""The types that say how much of a line something is about."""

AMOUNTS: Final = (("amount", "value"), ("refundedQuantity", "amount"), ("returnedQuantity", "amount"))
"""Where they say it, by version."""


def _lines(case: RuleCase) -> Mapping[str, Mapping[str, Any]]:
    """The lines of the answered order by id; empty when an answer has several orders, or lines without ids."""
    orders = list(case.objects("Order"))
    if len(orders) != 1:
        return {}
    found = {text(line.get("id")): line for _, line in rows(orders[0][1], "lineItems")}
    return {} if "" in found else found


def _amount(share: Mapping[str, Any]) -> tuple[JsonPath, Decimal, str] | None:
    """Where an object says how much, the number, and its unit, empty when that is not said."""
    for place in AMOUNTS:
        value = number(at(share, *place))
        if value is not None:
            return place, value, text(at(share, place[0], "unit"))
    return None


@rule(
    "ORD-035",
    Level.MUST,
    "Packages, refunds, returns and cancellations are for lines of their order",
    "order-queries-order",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    types=SHARES,
    coordinate="OrderLineItemAmount.lineItem",
    fix="Answer the id of a line of the order",
)
def shares_are_of_known_lines(case: RuleCase) -> Iterator[Violation]:
    """Where the ids of the order's lines are selected too."""
    lines = _lines(case)
    for path, share in case.objects(*SHARES) if lines else ():
        name = text(at(share, "lineItem", "id"))
        if name and name not in lines:
            place = (*path, "lineItem", "id")
            yield Violation(place, "no line of the order", f"one of {len(lines)} known ids", code_shown(name))


@rule(
    "ORD-036",
    Level.MUST,
    "A package, refund, return or cancellation is for no more of a line than was ordered",
    "order-queries-order",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    types=SHARES,
    coordinate="OrderLineItemAmount.amount",
    fix="Answer at most the amount of the line",
)
def shares_fit_their_lines(case: RuleCase) -> Iterator[Violation]:
    """Each by itself, in the unit of the line or in none; where the lines are selected with their amounts."""
    lines = _lines(case)
    for path, share in case.objects(*SHARES) if lines else ():
        line, own = lines.get(text(at(share, "lineItem", "id"))), _amount(share)
        if line is None or own is None:
            continue
        ordered = number(at(line, "amount", "value"))
        unit = text(at(line, "amount", "unit"))
        if ordered is None:
            ordered, unit = number(at(line, "quantity", "amount")), text(at(line, "quantity", "unit"))
        place, value, own_unit = own
        if ordered is not None and value > ordered and (not unit or not own_unit or unit == own_unit):
            yield Violation((*path, *place), "more than was ordered", f"{ordered} or less", str(value))


@rule(
    "ORD-037",
    Level.MUST,
    "A cancellation has the reason that was given",
    "order-mutations-cancelorder",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    versions=(APRIL, NOVEMBER),
    operations=("cancelOrder",),
    types=("CancellationRequestDetails",),
    coordinate="CancellationRequestDetails.reason",
    fix="Answer the reason of the request",
)
def cancelled_for_the_given_reason(case: RuleCase) -> Iterator[Violation]:
    """Its documented example answers what it was sent."""
    given = text(at(case.arguments, "input", "reason"))
    for path, asked in case.objects("CancellationRequestDetails") if given else ():
        reason = text(asked.get("reason"))
        if reason and reason != given:
            yield Violation((*path, "reason"), "another reason", code_shown(given), code_shown(reason))


def _money(value: Any, path: JsonPath = ()) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    """The amounts of money below a value; roll-up charges may be discounts, so they are left out."""
    if isinstance(value, Mapping):
        if "currencyCode" in value:
            yield path, value
            return
        for name, inner in value.items():
            if isinstance(inner, Mapping | list) and name != "rollupCharges":
                yield from _money(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _money(inner, (*path, index))


@rule(
    "ORD-038",
    Level.SHOULD,
    "Money that is sent is not negative",
    "order-mutations-createorder",
    grade=Grade.INFERRED,
    operations=("createOrder", "updateOrder"),
    coordinate="MoneyInput.amount",
    fix="Give an amount of 0 or more; what is taken off stands under discounts, without a sign",
)
def sent_money_is_not_negative(case: RuleCase) -> Iterator[Violation]:
    """Totals of refunds have a rule of their own."""
    for path, money in _money(case.arguments.get("input"), ("input",)):
        amount = number(money.get("amount"))
        if amount is not None and amount < 0 and "refundTotal" not in path:
            yield Violation((*path, "amount"), "a negative amount of money", "0 or more", str(amount), REQUEST)


@rule(
    "ORD-039",
    Level.SHOULD,
    "The currency of money that is sent is one of ISO 4217",
    "order-mutations-createorder",
    grade=Grade.EXAMPLE,
    operations=("createOrder", "updateOrder"),
    coordinate="MoneyInput.currencyCode",
    fix="Give a code of ISO 4217, like USD",
)
def sent_currency_codes(case: RuleCase) -> Iterator[Violation]:
    """Three capital letters that name a currency."""
    for path, money in _money(case.arguments.get("input"), ("input",)):
        code = money["currencyCode"]
        if isinstance(code, str) and code not in CURRENCIES:
            where = (*path, "currencyCode")
            yield Violation(where, "no currency of ISO 4217", "a code like USD", code_shown(code), REQUEST)
