"""Where a defect can be seen at all: what the rest of the traffic must show for a rule to have its evidence.

A wrong event is no contradiction before somebody asks the API. The defect is made where the flow goes on to ask.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from conformance.events.reading import load_catalogue
from conformance.sandbox.faults.injector import see
from conformance.sandbox.faults.model import Seen
from conformance.selftest.model import Recorded
from conformance.traffic.model import Event, Exchange

Place: TypeAlias = Callable[[Recorded, int], bool]
_SANDBOX: Final = ("updateOrderPackageInformation", "updateOrderDeliveryInformation", "updateOrderReturns")


def offers(rule: str, recorded: Recorded, index: int) -> bool:
    """May a defect of this rule be put into this item?"""
    place = _PLACES.get(rule)
    return place is None or place(recorded, index)


def _is_flow(recorded: Recorded, index: int) -> bool:
    """Is the item an event that the target published in the course of a case?"""
    return recorded.is_complete and isinstance(recorded.items[index], Event)


def _exchanges(recorded: Recorded, first: int, last: int | None = None) -> Iterator[Seen]:
    for item in recorded.items[first:last]:
        if isinstance(item, Exchange):
            seen = see(recorded.case.version, item.request.body, item.response)
            if seen is not None:
                yield seen


def _later_orders(recorded: Recorded, index: int) -> Iterator[Mapping[str, Any]]:
    for seen in _exchanges(recorded, index + 1):
        if seen.operation == "order" and isinstance(seen.answer, dict):
            yield seen.answer


def _ids(recorded: Recorded, index: int) -> Mapping[str, str]:
    """The ids of the event's resource path by their types."""
    item = recorded.items[index]
    body = json.loads(item.body) if isinstance(item, Event) else {}
    parts = str((body.get("resources") or [""])[0]).split("/")
    return dict(zip(parts[0::2], parts[1::2], strict=False))


def _type(recorded: Recorded, index: int) -> str:
    item = recorded.items[index]
    body = json.loads(item.body) if isinstance(item, Event) else {}
    return str(body.get("detail-type") or body.get("eventDescriptor"))


def _details(order: Mapping[str, Any], *names: str) -> list[Mapping[str, Any]]:
    found: Any = next((order[name] for name in names if order.get(name)), {})
    details = found.get("details") if isinstance(found, dict) else None
    return [each for each in details or () if isinstance(each, dict)]


def _packages(order: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _details(order, "packageInformation", "deliveryInformation")


def _asked_for_the_order(recorded: Recorded, index: int) -> bool:
    """Has every request so far named the order by its id? By its alias only, another order cannot be told from it."""
    order = str(_ids(recorded, index).get("order"))
    before = [json.dumps([seen.variables, seen.answer]) for seen in _exchanges(recorded, 0, index)]
    return _is_flow(recorded, index) and bool(before) and all(order in text for text in before)


def _answered_with_ids(recorded: Recorded, index: int) -> bool:
    ids = _ids(recorded, index)
    kinds = {"delivery": _packages, "refund": _refunds, "return": _returns}
    return _is_flow(recorded, index) and any(
        each.get("id") == ids.get(kind)
        for order in _later_orders(recorded, index)
        for kind, parts in kinds.items()
        if kind in ids
        for each in parts(order)
    )


def _refunds(order: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _details(order, "refunds")


def _returns(order: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _details(order, "returns")


def _package_still_on_its_way(recorded: Recorded, index: int) -> bool:
    wanted = _ids(recorded, index).get("delivery")
    states = [
        each.get("state")
        for order in _later_orders(recorded, index)
        for each in _packages(order)
        if each.get("id") == wanted
    ]
    return _is_flow(recorded, index) and states[:1] == ["IN_TRANSIT"]


def _refund_pending(recorded: Recorded, index: int) -> bool:
    wanted = _ids(recorded, index).get("refund")
    return _is_flow(recorded, index) and any(
        each.get("id") == wanted and each.get("state") in ("PENDING", "FAILURE")
        for order in _later_orders(recorded, index)
        for each in _refunds(order)
    )


def _refund_amount_asked(recorded: Recorded, index: int) -> bool:
    told = _ids(recorded, index).get("refund")
    for seen in _exchanges(recorded, index + 1):
        if seen.operation == "updateOrder":
            return False
        if seen.operation == "order" and isinstance(seen.answer, dict):
            found = [each for each in _refunds(seen.answer) if each.get("id") == told]
            if any(each.get("refundTotal") and each.get("state") for each in found):
                return _is_flow(recorded, index) and not any(
                    before.operation == "updateOrder" for before in _exchanges(recorded, 0, index)
                )
    return False


def _return_packages_asked(recorded: Recorded, index: int) -> bool:
    wanted = _ids(recorded, index).get("return")
    for order in _later_orders(recorded, index):
        for each in _returns(order):
            packages = each.get("returnPackageDetails") or each.get("returnDeliveryDetails") or []
            states = [package.get("state") for package in packages if isinstance(package, dict)]
            if each.get("id") == wanted and states and all(states):
                told = "DELIVERED" if _type(recorded, index).endswith("IN_TRANSIT") else "FAILED"
                return _is_flow(recorded, index) and told not in states
    return False


def _return_goes_on(recorded: Recorded, index: int) -> bool:
    wanted = _ids(recorded, index).get("return")
    return _is_flow(recorded, index) and any(
        each.get("id") == wanted and each.get("state") not in (None, "COMPLETED")
        for order in _later_orders(recorded, index)
        for each in _returns(order)
    )


def _task_asked(recorded: Recorded, index: int) -> bool:
    return _is_flow(recorded, index) and any(
        seen.operation.startswith("personalData") and isinstance(seen.answer, dict) and seen.answer.get("status")
        for seen in _exchanges(recorded, index + 1)
    )


def _end_was_answered(recorded: Recorded, index: int) -> bool:
    """Was the last package that ended before answered in that state, with another answer between?"""
    ended = [
        _ids(recorded, at).get("delivery")
        for at in range(index)
        if isinstance(recorded.items[at], Event)
        if _type(recorded, at).endswith(("DELIVERED", "COMPLETED", "CANCELLED"))
        if "delivery" in _ids(recorded, at)
    ]
    answers = list(_exchanges(recorded, 0, index))
    return _is_flow(recorded, index) and any(
        package.get("id") in ended[-1:] and package.get("state") in ("DELIVERED", "CANCELLED")
        for seen in answers[:-1]
        for holder in _orders_in(seen.answer)
        for package in _packages(holder)
    )


def _orders_in(answer: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(answer, dict):
        yield answer
        if isinstance(answer.get("order"), dict):
            yield answer["order"]


_ENDS: Final = {
    "IN_TRANSIT": "IN_TRANSIT",
    "DELIVERED": "DELIVERED",
    "COMPLETED": "DELIVERED",
    "CANCELLED": "CANCELLED",
}
"""How the name of a package's event ends, and the state that it tells."""


def _move_was_answered(recorded: Recorded, index: int) -> bool:
    """Was the package of the event answered in another state before, and in the state of the event after?"""
    wanted = _ids(recorded, index).get("delivery")
    state = next((value for end, value in _ENDS.items() if _type(recorded, index).endswith(end)), "")
    states = [
        (place, package.get("state"))
        for place, item in enumerate(recorded.items)
        if isinstance(item, Exchange)
        for seen in _exchanges(recorded, place, place + 1)
        for holder in _orders_in(seen.answer)
        for package in _packages(holder)
        if package.get("id") == wanted
    ]
    before = [value for place, value in states if place < index - 1]
    after = [value for place, value in states if place >= index - 1]
    if not before or before[-1] == state or state not in after or not _is_flow(recorded, index):
        return False
    told_again = [
        at
        for at in range(len(recorded.items))
        if at != index and _is_flow(recorded, at) and _ids(recorded, at).get("delivery") == wanted
        if any(_type(recorded, at).endswith(end) for end, value in _ENDS.items() if value == state)
    ]
    return not told_again


def _only_refund_request(recorded: Recorded, index: int) -> bool:
    order = _ids(recorded, index).get("order")
    same = [
        at
        for at in range(len(recorded.items))
        if _is_flow(recorded, at)
        and _type(recorded, at) == "REFUND_REQUESTED"
        and _ids(recorded, at).get("order") == order
    ]
    return same == [index]


def _refund_is_worked_off(recorded: Recorded, index: int) -> bool:
    """Is the refund of an order of this flow updated later, and is no external refund added to the flow's orders?"""
    created = any(seen.operation == "createOrder" for seen in _exchanges(recorded, 0, index))
    refund = _ids(recorded, index).get("refund")
    updates = [seen.variables.get("input") for seen in _exchanges(recorded, 0) if seen.operation == "updateOrder"]
    refunds = [each.get("id") for update in updates if isinstance(update, dict) for each in _refunds(update)]
    return _is_flow(recorded, index) and created and all(refunds) and refund in refunds


def _in_a_sandbox(recorded: Recorded, index: int) -> bool:
    return _is_flow(recorded, index) and any(
        seen.operation in _SANDBOX and seen.answer and "errors" not in seen.body
        for seen in _exchanges(recorded, 0, index)
    )


def _page_was_read(recorded: Recorded, index: int) -> bool:
    """Was the page of the event type read in full? Otherwise it cannot be said what it shows."""
    event = load_catalogue().event(_type(recorded, index))
    return event is not None and event.data is not None and event.data.complete


_PLACES: Final[Mapping[str, Place]] = MappingProxyType(
    {
        "EVT-045": _page_was_read,
        "EVT-046": _page_was_read,
        "EVT-069": _is_flow,
        "FLW-041": _asked_for_the_order,
        "FLW-042": _answered_with_ids,
        "FLW-043": _package_still_on_its_way,
        "FLW-044": _refund_pending,
        "FLW-045": _refund_amount_asked,
        "FLW-046": _return_packages_asked,
        "FLW-047": _return_goes_on,
        "FLW-048": _task_asked,
        "FLW-049": _end_was_answered,
        "FLW-050": _move_was_answered,
        "FLW-051": _only_refund_request,
        "FLW-052": _refund_is_worked_off,
        "FLW-053": _in_a_sandbox,
    }
)
