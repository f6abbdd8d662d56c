"""Orders that are answered wrongly: money, codes, times, ids, states."""

from __future__ import annotations

from typing import Final

from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.places import pick
from conformance.sandbox.faults.reach import (
    doubled,
    fields,
    objects,
    one_of,
    other_id,
    other_than,
    replaced,
    same_key,
    turned_round,
)

FAULTS: Final = FaultList()

NOVEMBER: Final = ("2024-11-01",)
TIMED: Final = (
    "Order",
    "OrderMetadata",
    "LineItem",
    "RefundDetails",
    "ReturnDetails",
    "PaymentDetails",
    "CancellationDetails",
    "CancellationRequestDetails",
)
ROLLUPS: Final = frozenset(("rollupCharges", "rollupPrices"))


@FAULTS.answer("money-with-a-minus", "ORD-020", "An amount of money is negative")
def money_with_a_minus(seen: Seen) -> bool:
    amounts = (each for each in fields(seen, "Money.amount") if ROLLUPS.isdisjoint(each.path))
    place = pick(seen, (each for each in amounts if isinstance(each.value, int | float)))
    return place is not None and place.put(-(abs(place.value) or seen.random.randrange(1, 50)))


@FAULTS.answer("currency-that-is-none", "ORD-021", "A currency code names no currency")
def currency_that_is_none(seen: Seen) -> bool:
    return replaced(seen, "Money.currencyCode", lambda _: seen.random.choice(("USX", "US$", "usd", "DOL", "ZZZ", "")))


@FAULTS.answer("country-that-is-none", "ORD-022", "A country code names no country")
def country_that_is_none(seen: Seen) -> bool:
    return replaced(seen, "ShippingAddress.countryCode", lambda _: seen.random.choice(("XX", "ZZ", "UK", "EN", "QQ")))


@FAULTS.answer("updated-before-created", "ORD-023", "Something was updated before it was created")
def updated_before_created(seen: Seen) -> bool:
    return turned_round(seen, TIMED, "createdAt", "updatedAt")


@FAULTS.answer("payment-twice", "ORD-024", "A payment is answered twice")
def payment_twice(seen: Seen) -> bool:
    return doubled(seen, seen.random.choice(("RefundDetails.paymentDetails", "Payments.details")))


@FAULTS.answer("line-twice", "ORD-025", "A line of an order is answered twice")
def line_twice(seen: Seen) -> bool:
    return doubled(seen, "Order.lineItems")


@FAULTS.answer("line-with-the-id-of-another", "ORD-025", "A line of an order has the id of another")
def line_with_the_id_of_another(seen: Seen) -> bool:
    return same_key(seen, "Order.lineItems")


@FAULTS.answer("package-twice", "ORD-025", "A package of an order is answered twice", versions=NOVEMBER)
def package_twice(seen: Seen) -> bool:
    order = next(objects(seen, "Order"), {})
    information = order.get("packageInformation")
    packages = information.get("details") if isinstance(information, dict) else None
    if not isinstance(packages, list) or not packages or not all(each.get("id") for each in packages):
        return False
    packages.append(dict(seen.random.choice(packages)))
    return True


@FAULTS.answer("alias-twice", "ORD-026", "An alias of an order is answered twice")
def alias_twice(seen: Seen) -> bool:
    whole = (each for each in objects(seen, "Order") if each.get("aliases"))
    order = next((each for each in whole if all({"aliasType", "aliasId"} <= {*one} for one in each["aliases"])), None)
    if order is None:
        return False
    order["aliases"].insert(seen.random.randrange(2), dict(seen.random.choice(order["aliases"])))
    return True


@FAULTS.answer("package-reason-out-of-place", "ORD-027", "A package has a reason, or none, against its state")
def package_reason_out_of_place(seen: Seen) -> bool:
    packages = [each for each in objects(seen, "PackageInformationDetails") if {"state", "reason"} <= {*each}]
    if not packages:
        return False
    package = seen.random.choice(packages)
    is_cancelled = package["state"] == "CANCELLED"
    reasons = ("UNFULFILLABLE", "CUSTOMER_REQUESTED", "UNDELIVERABLE")
    package["reason"] = None if is_cancelled else seen.random.choice(reasons)
    return True


@FAULTS.answer("package-cancelled-without-a-reason", "ORD-027", "A package is CANCELLED, and no reason is answered")
def package_cancelled_without_a_reason(seen: Seen) -> bool:
    packages = [each for each in objects(seen, "PackageInformationDetails") if {"state", "reason"} <= {*each}]
    if not packages:
        return False
    seen.random.choice(packages).update(state="CANCELLED", reason=None)
    return True


@FAULTS.answer("package-summary-of-another-state", "ORD-028", "The summary of packages has a state that none has")
def package_summary_of_another_state(seen: Seen) -> bool:
    found = []
    for information in objects(seen, "PackageInformation"):
        details, summary = information.get("details"), information.get("summary")
        states = {each.get("state") for each in details} if isinstance(details, list) else set()
        if len(states) == 1 and None not in states and isinstance(summary, dict) and summary.get("state"):
            found.append((summary, states.pop()))
    if not found:
        return False
    summary, state = seen.random.choice(found)
    summary["state"] = other_than(seen, state, "PENDING", "IN_TRANSIT", "DELIVERED", "CANCELLED")
    return True


@FAULTS.answer(
    "cancellation-decided-at-once", "ORD-029", "cancelOrder answers as if all were decided", operations=("cancelOrder",)
)
def cancellation_decided_at_once(seen: Seen) -> bool:
    states = ("SUCCESS", "FAILURE", "CANCELLED", "COMPLETED")
    return replaced(seen, "CancellationRequestDetails.state", lambda _: seen.random.choice(states))


@FAULTS.answer(
    "cancellation-by-somebody-else", "ORD-030", "cancelOrder names another one who asked", operations=("cancelOrder",)
)
def cancellation_by_somebody_else(seen: Seen) -> bool:
    others = ("SHOPPER", "BUY_WITH_PRIME", "AMAZON", "CARRIER")
    return replaced(seen, "CancellationRequestDetails.requestedBy", lambda _: seen.random.choice(others))


@FAULTS.answer(
    "another-order",
    "ORD-031",
    "Another order than the one asked for is answered",
    operations=("order", "updateOrder", "updateOrderPackageInformation", "updateOrderReturns"),
)
def another_order(seen: Seen) -> bool:
    if not _is_named_by_id(seen):
        return False
    order = one_of(seen, objects(seen, "Order"), "id")
    if order is None:
        return False
    order["id"] = other_id(seen, order["id"])
    return True


def _is_named_by_id(seen: Seen) -> bool:
    given = seen.variables.get("input")
    holders = [seen.variables, seen.variables.get("orderIdentifier")]
    holders += [given, given.get("orderIdentifier"), given.get("id")] if isinstance(given, dict) else []
    return any(isinstance(each, dict) and isinstance(each.get("orderId"), str) for each in holders)


@FAULTS.answer(
    "package-behind-its-tracker", "ORD-032", "A package is not DELIVERED, its tracker says it is", versions=NOVEMBER
)
def package_behind_its_tracker(seen: Seen) -> bool:
    found = []
    for package in objects(seen, "PackageInformationDetails"):
        tracker = package.get("packageTracker")
        milestone = tracker.get("latestMilestone") if isinstance(tracker, dict) else None
        status = milestone.get("status") if isinstance(milestone, dict) else None
        if isinstance(status, dict) and "code" in status and isinstance(package.get("state"), str):
            found.append((package, status))
    if not found:
        return False
    package, status = seen.random.choice(found)
    status["code"] = "DELIVERED"
    package["state"] = seen.random.choice(("PENDING", "IN_TRANSIT", "CANCELLED"))
    return True
