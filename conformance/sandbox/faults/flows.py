"""Answers that contradict those before them: orders that change, states that go back, tasks that multiply."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.reach import Holder, objects, other_id, other_than

FAULTS: Final = FaultList()

QUERY: Final = ("order",)
READING: Final = ("order", "updateOrder")
TASKS: Final = ("personalDataRetrievalTask", "personalDataDeletionTask", "catalogFeed", "reportTask")
STARTS: Final = ("startPersonalDataRetrievalTask", "startPersonalDataDeletionTask")
BEFORE: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "refund": MappingProxyType({"PARTIAL": ("PENDING", "FAILURE"), "SUCCESS": ("PENDING", "PARTIAL", "FAILURE")}),
        "package": MappingProxyType(
            {
                "IN_TRANSIT": ("PENDING",),
                "DELIVERED": ("PENDING", "IN_TRANSIT", "CANCELLED"),
                "CANCELLED": ("PENDING", "IN_TRANSIT", "DELIVERED"),
            }
        ),
        "return package": MappingProxyType(
            {
                "DROPPED_OFF": ("CREATED",),
                "IN_TRANSIT": ("CREATED", "DROPPED_OFF"),
                "DELIVERED": ("CREATED", "DROPPED_OFF", "IN_TRANSIT", "FAILED"),
                "FAILED": ("CREATED", "DROPPED_OFF", "IN_TRANSIT", "DELIVERED"),
            }
        ),
    }
)
"""By kind and state those states that can never follow it."""


def order_of(seen: Seen) -> Holder:
    """The order of an answer; empty when it has none."""
    return next(objects(seen, "Order"), {})


def before(seen: Seen) -> Iterator[tuple[Seen, Holder]]:
    """The exchanges before about the same order that answered it, the latest first."""
    own = order_of(seen).get("id")
    for each in reversed(seen.earlier):
        order = order_of(each)
        if own and order.get("id") == own:
            yield each, order


def created(seen: Seen) -> Seen | None:
    """The exchange that created the order."""
    return next((each for each, _ in before(seen) if each.operation == "createOrder" and _accepted(each)), None)


def _accepted(seen: Seen) -> bool:
    return seen.answer is not None and not seen.body.get("errors")


def _sent_lines(seen: Seen) -> Sequence[Any]:
    given = seen.variables.get("input")
    lines = given.get("lineItems") if isinstance(given, dict) else None
    return lines if isinstance(lines, list) else ()


@FAULTS.answer("alias-of-another-order", "FLW-007", "An alias leads to another order", operations=READING)
def alias_of_another_order(seen: Seen) -> bool:
    identifier = seen.variables.get("orderIdentifier")
    alias = identifier.get("alias") if isinstance(identifier, dict) and not identifier.get("orderId") else None
    first, order = created(seen), order_of(seen)
    given = first.variables.get("input") if first is not None else None
    if not alias or not isinstance(given, dict) or alias not in (given.get("aliases") or ()):
        return False
    order["id"] = other_id(seen, order["id"])
    return True


def _lines(order: Holder) -> list[Holder]:
    found = order.get("lineItems")
    return found if isinstance(found, list) else []


def _with_value(lines: list[Holder], key: str, inner: str) -> list[Holder]:
    """What the lines have under a key, of those where it has a value."""
    found = (each.get(key) for each in lines)
    return [each for each in found if isinstance(each, dict) and each.get(inner)]


@FAULTS.answer("line-with-a-new-id", "FLW-008", "A line gets another id", operations=READING)
def line_with_a_new_id(seen: Seen) -> bool:
    lines = [each for each in _lines(order_of(seen)) if each.get("id")]
    known = {one.get("id") for _, order in before(seen) for one in _lines(order)}
    if not lines or not known - {None}:
        return False
    line = seen.random.choice(lines)
    line["id"] = other_id(seen, line["id"])
    return True


@FAULTS.answer("line-lost", "FLW-008", "A line of an order is gone", operations=READING)
def line_lost(seen: Seen) -> bool:
    lines = _lines(order_of(seen))
    known = {one.get("id") for _, order in before(seen) for one in _lines(order)}
    if len(lines) < 2 or not all(each.get("id") in known for each in lines):
        return False
    del lines[seen.random.randrange(len(lines))]
    return True


@FAULTS.answer("amount-altered", "FLW-009", "Another amount than ordered comes back", operations=QUERY)
def amount_altered(seen: Seen) -> bool:
    first, lines = created(seen), _lines(order_of(seen))
    amounts = _with_value(lines, "amount", "value")
    if first is None or not amounts or len(amounts) != len(lines):
        return False
    if len(amounts) != len(_sent_lines(first)):
        return False
    amount = seen.random.choice(amounts)
    amount["value"] += seen.random.randrange(1, 50)
    return True


@FAULTS.answer("title-altered", "FLW-010", "Another title than ordered comes back", operations=QUERY)
def title_altered(seen: Seen) -> bool:
    first, lines = created(seen), _lines(order_of(seen))
    products = _with_value(lines, "product", "title")
    if first is None or not products or len(products) != len(lines):
        return False
    if not all((each.get("product") or each.get("purchasedItem") or {}).get("title") for each in _sent_lines(first)):
        return False
    product = seen.random.choice(products)
    title = str(product["title"])
    texts = (title.upper(), title[:-1], f"{title} ", f"New {title}")
    product["title"] = seen.random.choice([each for each in texts if each != title])
    return True


def _sent_aliases(seen: Seen) -> list[Any]:
    given = seen.variables.get("input")
    found = given.get("aliases") if isinstance(given, dict) and _accepted(seen) else None
    return found if isinstance(found, list) else []


@FAULTS.answer("alias-lost", "FLW-011", "An alias of an order is gone", operations=READING)
def alias_lost(seen: Seen) -> bool:
    order = order_of(seen)
    aliases = order.get("aliases")
    if not aliases or not all({"aliasType", "aliasId"} <= {*each} for each in aliases):
        return False
    known = [one for each, earlier in before(seen) for one in [*_sent_aliases(each), *(earlier.get("aliases") or ())]]
    lost = [each for each in aliases if each in known]
    if not lost:
        return False
    one = seen.random.choice(lost)
    if seen.random.random() < 0.5:
        aliases.remove(one)
    else:
        aliases[aliases.index(one)] = {**one, "aliasId": other_id(seen, one["aliasId"])}
    return True


def _refunds(order: Holder) -> list[Holder]:
    refunds = order.get("refunds")
    found = refunds.get("details") if isinstance(refunds, dict) else None
    return found if isinstance(found, list) else []


def _refunded(refund: Holder) -> Holder:
    total = refund.get("refundTotal")
    money = total.get("totalAmount") if isinstance(total, dict) else None
    return money if isinstance(money, dict) and isinstance(money.get("amount"), int | float) else {}


@FAULTS.answer("refund-total-shrinks", "FLW-012", "Less is refunded than before", operations=QUERY)
def refund_total_shrinks(seen: Seen) -> bool:
    paid: dict[Any, float] = {}
    for _, order in before(seen):
        for one in _refunds(order):
            if one.get("state") in ("PARTIAL", "SUCCESS") and _refunded(one):
                paid[one.get("id")] = max(paid.get(one.get("id"), 0), _refunded(one)["amount"])
    known = [each for each in _refunds(order_of(seen)) if paid.get(each.get("id")) and _refunded(each)]
    if not known:
        return False
    refund = seen.random.choice(known)
    _refunded(refund)["amount"] = round(paid[refund["id"]] * seen.random.randrange(100) / 100, 2)
    return True


def _packages(order: Holder) -> list[Holder]:
    found: list[Holder] = []
    for holder in (order, *_lines(order)):
        for name in ("packageInformation", "deliveryInformation"):
            information = holder.get(name)
            details = information.get("details") if isinstance(information, dict) else None
            found += [each for each in details if isinstance(each, dict)] if isinstance(details, list) else []
    return found


def _return_packages(order: Holder) -> list[Holder]:
    returns = order.get("returns")
    details = returns.get("details") if isinstance(returns, dict) else None
    found: list[Holder] = []
    for each in details if isinstance(details, list) else ():
        for name in ("returnPackageDetails", "returnDeliveryDetails"):
            found += each.get(name) or ()
    return found


def _back(seen: Seen, kind: str, parts: Any) -> bool:
    """Sends a part back to a state that cannot follow the one answered last."""
    last: dict[Any, str] = {}
    for _, order in before(seen):
        for one in parts(order):
            if isinstance(one.get("state"), str):
                last.setdefault(one.get("id"), one["state"])
    moved = [each for each in parts(order_of(seen)) if each.get("state") and last.get(each.get("id")) in BEFORE[kind]]
    if not moved:
        return False
    part = seen.random.choice(moved)
    part["state"] = seen.random.choice(BEFORE[kind][last[part["id"]]])
    return True


@FAULTS.answer("refund-goes-back", "FLW-014", "A refund goes back to an earlier state", operations=READING)
def refund_goes_back(seen: Seen) -> bool:
    return _back(seen, "refund", _refunds)


@FAULTS.answer(
    "package-goes-back",
    "FLW-016",
    "A package goes back to an earlier state",
    operations=("order", "updateOrderPackageInformation", "updateOrderDeliveryInformation"),
)
def package_goes_back(seen: Seen) -> bool:
    return _back(seen, "package", _packages)


@FAULTS.answer(
    "return-package-goes-back",
    "FLW-017",
    "A return package goes back to an earlier state",
    operations=("order", "updateOrderReturns"),
    versions=("2024-04-01", "2024-11-01"),
)
def return_package_goes_back(seen: Seen) -> bool:
    return _back(seen, "return package", _return_packages)


@FAULTS.answer("fulfilment-not-started-again", "FLW-020", "What had started is NOT_STARTED again", operations=READING)
def fulfilment_not_started_again(seen: Seen) -> bool:
    metadata = order_of(seen).get("metadata")
    if not isinstance(metadata, dict) or "executionState" not in metadata:
        return False
    for _, order in before(seen):
        known = order.get("metadata")
        if isinstance(known, dict) and known.get("executionState") == "STARTED":
            metadata["executionState"] = "NOT_STARTED"
            return True
    return False


@FAULTS.answer(
    "alias-taken-twice", "FLW-021", "A second order gets the alias of a first one", operations=("createOrder",)
)
def alias_taken_twice(seen: Seen) -> bool:
    own = _own_aliases(seen)
    for each in seen.earlier if seen.body.get("errors") else ():
        if each.operation == "createOrder" and any(alias in own for alias in _sent_aliases(each)):
            seen.body, seen.status = copy.deepcopy(each.body), each.status
            order = order_of(seen)
            order["id"] = other_id(seen, order["id"])
            return True
    return False


def _own_aliases(seen: Seen) -> list[Any]:
    given = seen.variables.get("input")
    found = given.get("aliases") if isinstance(given, dict) else None
    return found if isinstance(found, list) else []


@FAULTS.answer("task-begins-again", "FLW-022", "A task that had ended has another status", operations=TASKS)
def task_begins_again(seen: Seen) -> bool:
    answer = seen.answer
    for each in seen.earlier if isinstance(answer, dict) and "status" in answer else ():
        known = each.answer if each.operation == seen.operation and each.variables == seen.variables else None
        if isinstance(answer, dict) and isinstance(known, dict) and known.get("status") in ("COMPLETED", "FAILED"):
            answer["status"] = other_than(seen, known["status"], "COMPLETED", "FAILED", "IN_PROGRESS", "CREATED")
            return True
    return False


@FAULTS.answer("token-starts-a-second-task", "FLW-024", "The same token starts a second task", operations=STARTS)
def token_starts_a_second_task(seen: Seen) -> bool:
    answer, given = seen.answer, seen.variables.get("input")
    token = given.get("clientToken") if isinstance(given, dict) else None
    for each in seen.earlier if token and isinstance(answer, dict) else ():
        same = each.operation == seen.operation and each.variables == seen.variables
        if isinstance(answer, dict) and same and isinstance(each.answer, dict) and each.answer.get("taskId"):
            answer["taskId"] = other_id(seen, each.answer["taskId"])
            return True
    return False
