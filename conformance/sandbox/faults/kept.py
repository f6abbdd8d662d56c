"""Answers that say other things of an order than it was made of, or more than can be true of its lines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from conformance.sandbox.faults.flows import QUERY, before, created, order_of
from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.reach import Holder, moment, objects, one_of, other_id

FAULTS: Final = FaultList()

SHARES: Final = ("OrderLineItemAmount", "RefundedOrderLineItem", "ReturnOrderLineItem", "CanceledOrderLineItem")
AMOUNTS: Final = (("amount", "value"), ("refundedQuantity", "amount"), ("returnedQuantity", "amount"))
STARTS: Final = {
    "personalDataRetrievalTask": "startPersonalDataRetrievalTask",
    "personalDataDeletionTask": "startPersonalDataDeletionTask",
}
SINCE_APRIL: Final = ("2024-04-01", "2024-11-01")


def _lines(seen: Seen) -> dict[str, Holder]:
    """The lines of the one order of an answer, by id."""
    orders = list(objects(seen, "Order"))
    lines = orders[0].get("lineItems") if len(orders) == 1 else None
    found = [each for each in lines if isinstance(each, dict)] if isinstance(lines, list) else []
    return {str(each.get("id")): each for each in found} if all(each.get("id") for each in found) else {}


def _shares(seen: Seen) -> list[tuple[Holder, Holder]]:
    """What says how much of a line something is about, with that line."""
    lines = _lines(seen)
    found = ((each, each.get("lineItem") or {}) for each in objects(seen, *SHARES))
    return [(each, lines[str(named.get("id"))]) for each, named in found if str(named.get("id")) in lines]


@FAULTS.answer("share-of-a-foreign-line", "ORD-035", "A package, refund or return is for a line of another order")
def share_of_a_foreign_line(seen: Seen) -> bool:
    shares = _shares(seen)
    if not shares:
        return False
    share, line = seen.random.choice(shares)
    share["lineItem"] = {**share["lineItem"], "id": other_id(seen, line["id"])}
    return True


@FAULTS.answer("share-of-more-than-ordered", "ORD-036", "A package, refund or return is for more than was ordered")
def share_of_more_than_ordered(seen: Seen) -> bool:
    places: list[tuple[Holder, str, float]] = []
    for share, line in _shares(seen):
        ordered = (line.get("amount") or {}).get("value", (line.get("quantity") or {}).get("amount"))
        for name, inner in AMOUNTS:
            own = share.get(name)
            if isinstance(ordered, int | float) and isinstance(own, dict) and isinstance(own.get(inner), int | float):
                places.append((own, inner, ordered))
    if not places:
        return False
    holder, inner, ordered = seen.random.choice(places)
    holder[inner] = ordered + seen.random.randrange(1, 20)
    return True


@FAULTS.answer(
    "cancelled-for-another-reason",
    "ORD-037",
    "A cancellation has another reason than was given",
    operations=("cancelOrder",),
    versions=SINCE_APRIL,
)
def cancelled_for_another_reason(seen: Seen) -> bool:
    asked = one_of(seen, objects(seen, "CancellationRequestDetails"), "reason")
    given = seen.variables.get("input")
    if asked is None or not isinstance(given, dict) or given.get("reason") != asked["reason"]:
        return False
    reasons = ("ORDERED_BY_MISTAKE", "ITEMS_ARRIVING_LATE", "OUT_OF_STOCK", "PAYMENT_ISSUE", "OTHER")
    asked["reason"] = seen.random.choice([each for each in reasons if each != given["reason"]])
    return True


@FAULTS.answer("graded-more-than-returned", "RET-016", "More is graded than was returned", versions=SINCE_APRIL)
def graded_more_than_returned(seen: Seen) -> bool:
    found: list[tuple[Holder, list[Any]]] = []
    for line in objects(seen, "ReturnLineItem"):
        summary = (line.get("grading") or {}).get("summary") or {}
        shares = (line.get("returnFor") or {}).get("orderLineItemAmounts") or []
        values = [(each.get("amount") or {}).get("value") for each in shares if isinstance(each, dict)]
        graded = summary.get("gradedAmount")
        if values and all(isinstance(each, int | float) for each in values) and isinstance(graded, dict):
            found.append((graded, values))
    if not found:
        return False
    graded, values = seen.random.choice(found)
    graded["value"] = sum(values) + seen.random.randrange(1, 9)
    return "value" in graded


def _price(line: Any) -> Holder:
    holder: Any = line
    for name in ("product", "price") if isinstance(line, dict) and line.get("product") else ():
        holder = holder.get(name) if isinstance(holder, dict) else None
    for name in (
        ("purchasedItem", "price", "currentPrice") if isinstance(line, dict) and not line.get("product") else ()
    ):
        holder = holder.get(name) if isinstance(holder, dict) else None
    known = isinstance(holder, dict) and holder is not line and isinstance(holder.get("amount"), int | float)
    return holder if known else {}


@FAULTS.answer("price-altered", "FLW-056", "Another price than ordered comes back", operations=QUERY)
def price_altered(seen: Seen) -> bool:
    first, order = created(seen), order_of(seen)
    given = first.variables.get("input") if first is not None else None
    sent = [_price(each) for each in given.get("lineItems") or ()] if isinstance(given, dict) else []
    prices = [_price(each) for each in order.get("lineItems") or ()]
    again = any(
        isinstance(one.variables.get("input"), dict)
        and one.operation == "updateOrder"
        and one.variables["input"].get("lineItems")
        for one in seen.earlier
    )
    if not prices or len(prices) != len(sent) or again or not all(prices) or not all(sent):
        return False
    seen.random.choice(prices)["amount"] += seen.random.randrange(1, 500) / 100 + 1000
    return True


@FAULTS.answer("created-at-another-time", "FLW-057", "The time of creation changes from one answer to the next")
def created_at_another_time(seen: Seen) -> bool:
    places: list[tuple[Holder, str]] = []
    if seen.operation in (*STARTS, "reportTask"):
        name = "requestTime" if seen.operation == "reportTask" else "submissionDate"
        known = any(
            each.operation == seen.operation and each.variables == seen.variables and _at(each.answer, name)
            for each in seen.earlier
        )
        places += [(seen.answer, name)] if known and _at(seen.answer, name) else []
    elif seen.operation in ("order", "updateOrder"):
        order = order_of(seen)
        if any(_at(each, "metadata", "createdAt") for _, each in before(seen)) and _at(order, "metadata", "createdAt"):
            places.append((order["metadata"], "createdAt"))
    if not places:
        return False
    holder, name = seen.random.choice(places)
    first = moment(holder[name])
    if first is None:
        return False
    holder[name] = (first - timedelta(seconds=seen.random.randrange(1, 90_000))).isoformat().replace("+00:00", "Z")
    return True


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


@FAULTS.answer("order-for-somebody-else", "FLW-058", "An order comes back with another recipient", operations=QUERY)
def order_for_somebody_else(seen: Seen) -> bool:
    first, order = created(seen), order_of(seen)
    given = first.variables.get("input") if first is not None else None
    sent, answered = _at(given, "recipient", "deliveryAddress"), _at(order, "recipient", "deliveryAddress")
    if not isinstance(sent, dict) or not isinstance(answered, dict):
        return False
    names = [name for name in ("name", "region", "postalCode") if sent.get(name) and answered.get(name)]
    if not names:
        return False
    name = seen.random.choice(names)
    others = {"name": ("Ivo Other", "Mia Wrong", "Kim False"), "region": ("TX", "NY", "CA", "WA")}
    values = others.get(name, ("10001", "73301", "98101", "60601"))
    answered[name] = seen.random.choice([each for each in values if each != sent[name]])
    return True


@FAULTS.answer("task-about-somebody-else", "FLW-059", "A task is about another data subject", operations=tuple(STARTS))
def task_about_somebody_else(seen: Seen) -> bool:
    subject, task = _at(seen.answer, "dataSubject"), seen.variables.get("taskId")
    known = any(
        (each.operation == STARTS[seen.operation] and _at(each.answer, "taskId") == task)
        or (each.operation == seen.operation and each.variables == seen.variables and _at(each.answer, "dataSubject"))
        for each in seen.earlier
    )
    if not known or not isinstance(subject, dict) or not subject.get("email"):
        return False
    subject["email"] = f"somebody-{seen.random.randrange(1000)}@example.org"
    return True
