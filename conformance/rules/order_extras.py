"""Orders beyond their lines: payment at shipment, packages and their trackers, refunds and what was paid back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.order_requests import NOVEMBER, is_prime
from conformance.rules.values import at, number, rows, text, total

COLLECTED: Final = "CAPTURED"


@rule(
    "ORD-019",
    Level.MUST,
    "Payment is collected once an item has shipped, not with the order",
    "package_delivery_in_transit",
    operations=("createOrder",),
    coordinate="PaymentDetailsInput.state",
    fix="Give AUTHORIZED or an earlier state, and collect the payment at PACKAGE_DELIVERY_IN_TRANSIT",
)
def payment_at_shipment(case: RuleCase) -> Iterator[Violation]:
    """CAPTURED in a new order with a Prime item, of the order or of a Prime line: nothing has shipped yet."""
    prime = [(path, line) for path, line in rows(case.arguments, "input", "lineItems") if is_prime(line)]
    holders: list[tuple[JsonPath, Any]] = [(("input",), at(case.arguments, "input")), *prime] if prime else []
    for path, holder in holders:
        for place, payment in rows(holder, "payments", "details"):
            if payment.get("state") == COLLECTED:
                where = (*path, *place, "state")
                yield Violation(where, "collected before anything shipped", "not yet collected", COLLECTED, REQUEST)


@rule(
    "ORD-032",
    Level.MUST,
    "A package is DELIVERED when its tracker says so",
    "change-the-state-of-an-outbound-package-in-the-sandbox",
    scope=Scope.ANSWER,
    versions=(NOVEMBER,),
    types=("PackageInformationDetails",),
    coordinate="PackageInformationDetails.state",
    fix="Set the package's state with the end of its tracker",
)
def package_follows_tracker(case: RuleCase) -> Iterator[Violation]:
    """The end that the page names; whether other milestones are ends was not read."""
    for path, package in case.objects("PackageInformationDetails"):
        code = at(package, "packageTracker", "latestMilestone", "status", "code")
        state = text(package.get("state"))
        if code == "DELIVERED" and state and state != "DELIVERED":
            yield Violation((*path, "state"), "the tracker says DELIVERED", "DELIVERED", code_shown(state))


@rule(
    "RFD-012",
    Level.SHOULD,
    "A refund's total covers the payments that succeeded",
    "update-refund-details",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    types=("RefundDetails",),
    coordinate="RefundDetails.refundTotal",
    fix="Answer as refundTotal what was refunded in all",
)
def payments_within_answered_total(case: RuleCase) -> Iterator[Violation]:
    """Where all are in one currency. `refundTotal` is cumulative, so it is at least the sum of `paymentDetails`."""
    for path, refund in case.objects("RefundDetails"):
        payments = [one for _, one in rows(refund, "paymentDetails") if one.get("state") == "SUCCESS"]
        paid = total(at(one, "amount", "amount") for one in payments)
        limit = number(at(refund, "refundTotal", "totalAmount", "amount"))
        currencies = {text(at(one, "amount", "currencyCode")) for one in payments}
        currencies.add(text(at(refund, "refundTotal", "totalAmount", "currencyCode")))
        if payments and paid is not None and limit is not None and len(currencies) == 1 and paid > limit:
            place = (*path, "refundTotal", "totalAmount", "amount")
            yield Violation(place, "less than the payments of the refund", f"{paid} or more", str(limit))
