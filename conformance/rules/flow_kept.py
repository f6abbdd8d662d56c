"""What nothing in the API changes stays as it was (FLW-056 to FLW-059)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.rules.memory import order_view, same_order
from conformance.rules.model import RuleCase, Scope, Violation, rule
from conformance.rules.values import at, instant, number, rows, text

QUERY: Final = ("order",)
TASK_STARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "personalDataRetrievalTask": "startPersonalDataRetrievalTask",
        "personalDataDeletionTask": "startPersonalDataDeletionTask",
    }
)
TASKS: Final = (*TASK_STARTS, "reportTask")
ADDRESS: Final = ("name", "region", "countryCode", "postalCode")
"""Fields of an address that a target has no reason to spell in another way; of a postal code the first five digits."""

_PRICES: Final = (("product", "price"), ("purchasedItem", "price", "currentPrice"))


def _created(case: RuleCase) -> RuleCase | None:
    return next((one for one in same_order(case) if one.operation == "createOrder" and one.accepted), None)


def _price(line: Mapping[str, Any]) -> tuple[JsonPath, Decimal, str] | None:
    """Where a line says its price, the number, and the currency."""
    for place in _PRICES:
        amount, code = number(at(line, *place, "amount")), text(at(line, *place, "currencyCode"))
        if amount is not None:
            return (*place, "amount"), amount, code
    return None


@rule(
    "FLW-056",
    Level.MUST,
    "The prices that were ordered come back",
    "query-a-buy-with-prime-order",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=QUERY,
    coordinate="PurchasedProductView.price",
    fix="Answer the prices of createOrder",
)
def prices_come_back(case: RuleCase) -> Iterator[Violation]:
    """Line by line, in any order; not when an update gave lines again. Currencies count where both are seen."""
    created, view = _created(case), order_view(case)
    if created is None or view is None or any(_gives_lines(one) for one in same_order(case)):
        return
    left = [_price(line) for _, line in rows(created.arguments, "input", "lineItems")]
    answered = [(path, _price(line)) for path, line in rows(view[1], "lineItems")]
    if len(left) != len(answered) or not all(left) or not all(price for _, price in answered):
        return
    for path, price in answered:
        match = next((one for one in left if one and price and _same_price(one, price)), None)
        if match is not None:
            left.remove(match)
        elif price is not None:
            shown = f"{price[1]} {price[2][:3]}".strip()
            yield Violation((*view[0], *path, *price[0]), "another price than ordered", "one of those sent", shown)


def _same_price(first: tuple[JsonPath, Decimal, str], second: tuple[JsonPath, Decimal, str]) -> bool:
    return first[1] == second[1] and (not first[2] or not second[2] or first[2] == second[2])


def _gives_lines(case: RuleCase) -> bool:
    return case.operation == "updateOrder" and bool(at(case.arguments, "input", "lineItems"))


def _times(case: RuleCase) -> Iterator[tuple[tuple[str, str], JsonPath, Any]]:
    """What has a time of creation: a name for it, the place of the time, the time."""
    if case.operation in TASKS:
        name = "submissionDate" if case.operation in TASK_STARTS else "requestTime"
        yield (case.operation, text(case.arguments.get("taskId"))), (name,), at(case.answer, name)
        return
    view = order_view(case)
    if view is None:
        return
    place: JsonPath = ("metadata", "createdAt")
    yield ("order", ""), (*view[0], *place), at(view[1], *place)
    for above in (("lineItems",), ("refunds", "details"), ("returns", "details")):
        for path, one in rows(view[1], *above):
            if text(one.get("id")):
                yield (above[0], text(one.get("id"))), (*view[0], *path, "createdAt"), one.get("createdAt")


@rule(
    "FLW-057",
    Level.MUST,
    "When something was created never changes",
    "order-queries-order",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=("order", "updateOrder", *TASKS),
    coordinate="OrderMetadata.createdAt",
    fix="Answer the time that was answered before",
)
def creation_stays(case: RuleCase) -> Iterator[Violation]:
    """Orders, their lines, refunds and returns, and tasks, against the answers before, to the second."""
    if case.operation in TASKS:
        before = [one for one in case.earlier if one.operation == case.operation]
    else:
        before = list(same_order(case))
    known: dict[tuple[str, str], Any] = {}
    for earlier in before:
        for name, _, value in _times(earlier):
            moment = instant(value)
            if moment is not None:
                known.setdefault(name, moment.replace(microsecond=0))
    for name, path, value in _times(case) if known else ():
        moment = instant(value)
        if moment is not None and name in known and moment.replace(microsecond=0) != known[name]:
            yield Violation(path, "another time than before", "the same", "another")


def _address(value: Any) -> dict[str, str]:
    found = {name: " ".join(text(at(value, name)).casefold().split()) for name in ADDRESS}
    found["postalCode"] = found["postalCode"][:5]
    return found


@rule(
    "FLW-058",
    Level.MUST,
    "An order goes to the recipient that it was made for",
    "query-a-buy-with-prime-order",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=QUERY,
    coordinate="Order.recipient",
    fix="Answer the recipient of createOrder",
)
def recipient_comes_back(case: RuleCase) -> Iterator[Violation]:
    """Name, region, country and postal code, where both have them; no operation changes a recipient."""
    created, view = _created(case), order_view(case)
    if created is None or view is None:
        return
    place: JsonPath = ("recipient", "deliveryAddress")
    sent, answered = _address(at(created.arguments, "input", *place)), _address(at(view[1], *place))
    for name in ADDRESS:
        if sent[name] and answered[name] and sent[name] != answered[name]:
            yield Violation((*view[0], *place, name), f"{name} differs from that of the order", "the same", "another")


@rule(
    "FLW-059",
    Level.MUST,
    "A privacy task is about the data subject that it was started for",
    "privacy-queries-personaldataretrievaltask",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=tuple(TASK_STARTS),
    coordinate="DataSubject.email",
    fix="Answer the data subject of the request",
)
def subject_stays(case: RuleCase) -> Iterator[Violation]:
    """The email address, against the start of the task and the answers before."""
    task, email = text(case.arguments.get("taskId")), text(at(case.answer, "dataSubject", "email")).casefold()
    for earlier in case.earlier if task and email else ():
        known = ""
        if earlier.operation == TASK_STARTS[case.operation] and at(earlier.answer, "taskId") == task:
            known = text(at(earlier.arguments, "input", "dataSubject", "email"))
        elif earlier.operation == case.operation and earlier.arguments.get("taskId") == task:
            known = text(at(earlier.answer, "dataSubject", "email"))
        if known and known.casefold() != email:
            yield Violation(("dataSubject", "email"), "another data subject", "the same", "another")
            return
