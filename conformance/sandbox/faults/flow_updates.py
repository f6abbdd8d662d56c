"""Answers in which updates are lost: refunds, returns, aliases, totals, trackers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from conformance.sandbox.faults.flows import before, created, order_of
from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.reach import Holder, moment, objects, other_id, other_than, shifted

FAULTS: Final = FaultList()

QUERY: Final = ("order",)
READING: Final = ("order", "updateOrder")
RETURNED: Final = ("order", "updateOrder", "updateOrderReturns")
JANUARY: Final = ("2024-01-01",)
SINCE_APRIL: Final = ("2024-04-01", "2024-11-01")
NOVEMBER: Final = ("2024-11-01",)
REASONS: Final = ("LOST", "DAMAGED", "REFUSED", "OTHER")
MILESTONES: Final = ("IN_TRANSIT", "OUT_FOR_DELIVERY", "DELAYED", "INFO_RECEIVED")
Parts: TypeAlias = Callable[[Holder], list[Holder]]


def at(value: Any, *path: str) -> Any:
    """What stands at a path; None when nothing does."""
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def listed(value: Any, *path: str) -> list[Holder]:
    """The objects of the list at a path."""
    found = at(value, *path)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def refunds(order: Holder) -> list[Holder]:
    return listed(order, "refunds", "details")


def returns(order: Holder) -> list[Holder]:
    return listed(order, "returns", "details")


def lines(order: Holder) -> list[Holder]:
    return listed(order, "lineItems")


def return_packages(order: Holder) -> list[Holder]:
    return [package for each in returns(order) for package in listed(each, "returnPackageDetails")]


def _accepted(seen: Seen) -> bool:
    return seen.answer is not None and not seen.body.get("errors")


def updates(seen: Seen, *place: str) -> Iterator[Holder]:
    """What accepted updates of the order said before at a place of their input, the latest first."""
    for each in reversed(seen.earlier):
        if each.operation == "updateOrder" and _accepted(each) and order_of(each).get("id") == order_of(seen).get("id"):
            yield from listed(each.variables, "input", *place)


def _last_update(seen: Seen, one: Holder, *place: str) -> Holder:
    """What the latest update said about a refund or a return; empty when none did."""
    known = (each for each in updates(seen, *place) if one.get("id") in _ids(each))
    return next(known, {}) if one.get("id") else {}


def _ids(sent: Holder) -> tuple[Any, ...]:
    return (sent.get("id"), at(sent, "returnIdentifier", "id"))


def _known(seen: Seen, parts: Parts) -> dict[Any, Holder]:
    """The parts by their ids, as they were answered last."""
    found: dict[Any, Holder] = {}
    for _, order in before(seen):
        for one in parts(order):
            found.setdefault(one.get("id"), one)
    return {key: value for key, value in found.items() if key}


def _some(seen: Seen, found: list[Holder]) -> Holder | None:
    return seen.random.choice(found) if found else None


@FAULTS.answer("refund-alias-lost", "FLW-025", "A refund loses an alias", operations=READING, versions=SINCE_APRIL)
def refund_alias_lost(seen: Seen) -> bool:
    found = []
    for one in refunds(order_of(seen)):
        known = [*listed(_known(seen, refunds).get(one.get("id")), "aliases")]
        known += listed(_last_update(seen, one, "refunds", "details"), "aliases")
        whole = all({"aliasType", "aliasId"} <= {*each} for each in listed(one, "aliases"))
        if whole and any(alias in known for alias in listed(one, "aliases")):
            found.append(one)
    refund = _some(seen, found)
    if refund is None:
        return False
    alias = seen.random.choice(refund["aliases"])
    if seen.random.random() < 0.3:
        refund["aliases"] = []
    else:
        alias["aliasId"] = other_id(seen, alias["aliasId"])
    return True


def _lost(seen: Seen, name: str, parts: Parts) -> bool:
    found = parts(order_of(seen))
    known = [one for one in found if one.get("id") in _latest(seen, parts)]
    if not known or not all(one.get("id") for one in found):
        return False
    one = seen.random.choice(known)
    details = order_of(seen)[name]["details"]
    if seen.random.random() < 0.3:
        details.remove(one)
    else:
        one["id"] = other_id(seen, one["id"])
    return True


def _latest(seen: Seen, parts: Parts) -> list[Any]:
    """The ids of the latest answer before that has such parts."""
    return next((ids for _, order in before(seen) if (ids := [one.get("id") for one in parts(order)])), [])


@FAULTS.answer("refund-lost", "FLW-026", "A refund that was answered is gone", operations=READING)
def refund_lost(seen: Seen) -> bool:
    return _lost(seen, "refunds", refunds)


@FAULTS.answer("return-lost", "FLW-026", "A return that was answered is gone", operations=READING)
def return_lost(seen: Seen) -> bool:
    return _lost(seen, "returns", returns)


def _back_to(seen: Seen, **states: tuple[str, ...]) -> bool:
    known = _known(seen, returns)
    moved = [one for one in returns(order_of(seen)) if at(known.get(one.get("id")), "state") in states]
    one = _some(seen, [one for one in moved if one.get("state")])
    if one is None:
        return False
    one["state"] = seen.random.choice(states[known[one["id"]]["state"]])
    return True


@FAULTS.answer(
    "return-created-again",
    "FLW-027",
    "A completed return is CREATED again",
    operations=("order", "updateOrderReturns"),
    versions=JANUARY,
)
def return_created_again(seen: Seen) -> bool:
    return _back_to(seen, COMPLETED=("CREATED",))


@FAULTS.answer("return-goes-back", "FLW-028", "A return leaves its end", operations=RETURNED, versions=SINCE_APRIL)
def return_goes_back(seen: Seen) -> bool:
    ends = {"COMPLETED": ("DRAFT", "CREATED", "CANCELLED"), "CANCELLED": ("DRAFT", "CREATED", "COMPLETED")}
    return _back_to(seen, CREATED=("DRAFT",), **ends)


@FAULTS.answer("order-by-an-expired-offer", "FLW-029", "An order is made after its offer expired", operations=QUERY)
def order_by_an_expired_offer(seen: Seen) -> bool:
    first, metadata = created(seen), order_of(seen).get("metadata")
    if first is None or not isinstance(metadata, dict) or not moment(metadata.get("createdAt")):
        return False
    chosen = [at(line, "selectedDeliveryOffer", "details") for line in listed(first.variables, "input", "lineItems")]
    ends = [
        offer["expiresAt"] for offer in _offers(seen) if _is_chosen(offer, chosen) and moment(offer.get("expiresAt"))
    ]
    if not ends:
        return False
    metadata["createdAt"] = shifted(seen, max(ends), 1)
    return True


def _offers(seen: Seen) -> Iterator[Holder]:
    for each in seen.earlier:
        yield from objects(each, "DeliveryOffer")


def _is_chosen(offer: Holder, chosen: list[Any]) -> bool:
    return any(at(details, "id") == offer.get("id") and at(details, "deliveryPreviewId") for details in chosen)


@FAULTS.answer("refund-update-ignored", "FLW-030", "A refund is not as it was last updated", operations=QUERY)
def refund_update_ignored(seen: Seen) -> bool:
    sent = [(one, _last_update(seen, one, "refunds", "details")) for one in refunds(order_of(seen))]
    found = [(one, update) for one, update in sent if one.get("state") and update.get("state")]
    if not found:
        return False
    refund, update = seen.random.choice(found)
    money = at(refund, "refundTotal", "totalAmount")
    has_totals = at(update, "refundTotal", "totalAmount", "amount") is not None and at(money, "amount") is not None
    if has_totals and seen.random.random() < 0.5:
        money["amount"] += seen.random.randrange(1, 90)
        return True
    refund["state"] = other_than(seen, update["state"], "PENDING", "PARTIAL", "FAILURE", "SUCCESS")
    return True


@FAULTS.answer(
    "return-update-ignored", "FLW-031", "A return is not as it was updated", operations=QUERY, versions=NOVEMBER
)
def return_update_ignored(seen: Seen) -> bool:
    sent = [(one, _last_update(seen, one, "returns", "details")) for one in returns(order_of(seen))]
    found = [(one, update) for one, update in sent if one.get("state") and update.get("state")]
    if not found:
        return False
    one, update = seen.random.choice(found)
    one["state"] = other_than(seen, update["state"], "CREATED", "COMPLETED", "CANCELLED", "DRAFT")
    return True


@FAULTS.answer("start-ignored", "FLW-032", "Fulfilment that was asked for is NOT_STARTED", operations=QUERY)
def start_ignored(seen: Seen) -> bool:
    metadata = order_of(seen).get("metadata")
    own = order_of(seen).get("id")
    asked = (
        each
        for each in seen.earlier
        if each.operation in ("createOrder", "updateOrder") and _accepted(each) and order_of(each).get("id") == own
    )
    if not isinstance(metadata, dict) or "executionState" not in metadata:
        return False
    if not any(at(each.variables, "input", "desiredExecutionState") == "STARTED" for each in asked):
        return False
    metadata["executionState"] = "NOT_STARTED"
    return True


@FAULTS.answer("total-altered", "FLW-033", "Another total or other taxes than those sent come back", operations=QUERY)
def total_altered(seen: Seen) -> bool:
    first = created(seen)
    found = []
    for place in (("totalPrice", "value"), ("taxes", "summary", "collectableTaxAmount")):
        money = at(order_of(seen), *place)
        sent = at(first.variables, "input", *place, "amount") if first is not None else None
        if sent is not None and at(money, "amount") is not None:
            found.append(money)
    money = _some(seen, found)
    if money is None:
        return False
    money["amount"] += seen.random.randrange(1, 90)
    return True


@FAULTS.answer("line-alias-lost", "FLW-034", "A line or a return loses an alias", operations=READING)
def line_alias_lost(seen: Seen) -> bool:
    found: list[Holder] = []
    for parts in (lines, returns):
        known = _known(seen, parts)
        named = (each for each in parts(order_of(seen)) if each.get("aliases"))
        found += [each for each in named if listed(known.get(each.get("id")), "aliases")]
    one = _some(seen, found)
    if one is None:
        return False
    if seen.random.random() < 0.3:
        one["aliases"] = []
    else:
        alias = seen.random.choice(one["aliases"])
        alias["aliasId"] = other_id(seen, alias["aliasId"])
    return True


@FAULTS.answer(
    "tracker-goes-on",
    "FLW-035",
    "A delivered tracker goes on",
    operations=("order", "packageTracker"),
    versions=NOVEMBER,
)
def tracker_goes_on(seen: Seen) -> bool:
    told = [one for each in seen.earlier for one in objects(each, "PackageTracker")]
    ended = [_number(one) for one in told if at(one, "latestMilestone", "status", "code") == "DELIVERED"]
    found = [one for one in objects(seen, "PackageTracker") if _number(one) and _number(one) in ended]
    one = _some(seen, [each for each in found if at(each, "latestMilestone", "status", "code")])
    if one is None:
        return False
    one["latestMilestone"]["status"]["code"] = seen.random.choice(MILESTONES)
    return True


def _number(tracker: Holder) -> Any:
    return at(tracker, "packageTrackerIdentifier", "trackingNumber")


@FAULTS.answer(
    "return-failed-otherwise", "FLW-037", "A return fails for another reason", operations=QUERY, versions=NOVEMBER
)
def return_failed_otherwise(seen: Seen) -> bool:
    failed = {
        package.get("id")
        for each in seen.earlier
        if each.operation == "updateOrderReturns" and _accepted(each)
        for one in listed(each.variables, "input", "returns", "details")
        for package in listed(one, "returnPackageDetails")
        if package.get("state") == "FAILED"
    }
    package = _some(
        seen, [one for one in return_packages(order_of(seen)) if one.get("id") in failed and one.get("reason")]
    )
    if package is None:
        return False
    package["reason"] = seen.random.choice(REASONS)
    return True


@FAULTS.answer("start-that-nobody-asked-for", "FLW-054", "Fulfilment starts by itself", operations=QUERY)
def start_that_nobody_asked_for(seen: Seen) -> bool:
    metadata, own = order_of(seen).get("metadata"), order_of(seen).get("id")
    if created(seen) is None or not isinstance(metadata, dict) or metadata.get("executionState") != "NOT_STARTED":
        return False
    same = [each for each in seen.earlier if order_of(each).get("id") == own]
    if any(at(each.variables, "input", "desiredExecutionState") for each in same):
        return False
    metadata["executionState"] = "STARTED"
    return True


@FAULTS.answer(
    "shopper-with-open-orders-deleted",
    "FLW-055",
    "A shopper with an open order is deleted",
    operations=("personalDataDeletionTask",),
)
def shopper_with_open_orders_deleted(seen: Seen) -> bool:
    answer = seen.answer
    codes = [each.get("code") for each in listed(answer, "errors")]
    packages = [one for each in seen.earlier for one in objects(each, "PackageInformationDetails")]
    is_known = any(one.get("state") in ("PENDING", "IN_TRANSIT") for one in packages)
    if not isinstance(answer, dict) or not is_known or "ORDERS_NOT_CLOSED" not in codes:
        return False
    answer["status"] = "COMPLETED"
    answer["errors"] = seen.random.choice(([], None, answer["errors"]))
    return True
