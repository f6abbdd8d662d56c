"""What comes back: returns that a shopper starts, their packages, the grading of what was returned.

Sources: change-the-state-of-a-return-package-in-the-sandbox, its predecessor of 2024-01-01, process-returns,
return_item_graded, return_completed, sandbox-objects-conditionunits.
"""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import Any, Final

from conformance.sandbox.context import Context
from conformance.sandbox.errors import CONFLICT, UNSPECIFIED, api_error, invalid
from conformance.sandbox.orders.announce import return_event
from conformance.sandbox.orders.lines import line_amounts
from conformance.sandbox.orders.packages import order_of
from conformance.sandbox.orders.refunds import request_refund
from conformance.sandbox.orders.returns import close_return, find_return, new_return, returnable, returned_amount
from conformance.sandbox.orders.tracking import track
from conformance.sandbox.reading import amount, items, part
from conformance.sandbox.store import Resource, item_amounts

RETURN: Final = frozenset(
    {
        ("CREATED", "IN_TRANSIT"),
        ("CREATED", "DROPPED_OFF"),
        ("DROPPED_OFF", "IN_TRANSIT"),
        ("IN_TRANSIT", "DELIVERED"),
        ("IN_TRANSIT", "FAILED"),
    }
)
"""Allowed moves of a return's package."""

WAIT_MINUTES: Final = 2
"""The documented wait before every change of a return."""

FAILED_BECAUSE: Final = "UNDELIVERABLE"
"""The reason of every failure that the sandbox mutation brings about, as documented."""

FAILURES: Final = ("CARRIER_REJECTED", "EXCEPTION", "PICKUP_MISSED", "SHIPMENT_LOST", FAILED_BECAUSE)
"""The reasons that a carrier may have."""

CONDITIONS: Final = ("DAMAGED", "DEFECTIVE", "FULFILLMENT_EXPIRED", "SELLABLE")

_EVENTS: Final = MappingProxyType(
    {
        "IN_TRANSIT": "RETURN_PACKAGE_IN_TRANSIT",
        "DELIVERED": "RETURN_PACKAGE_DELIVERED",
        "FAILED": "RETURN_PACKAGE_DELIVERY_FAILED",
    }
)
"""The sandbox page has no event for FAILED, the event's own page has: it is published."""


def update_returns(context: Context, arguments: Resource) -> Resource:
    """`updateOrderReturns`: moves packages of returns on and grades items; before 2024-11-01 moves the returns."""
    order = order_of(context, arguments)
    given = arguments.get("input") or {}
    if "details" in given:
        return _complete_returns(context, order, items(given["details"]))
    moves: list[tuple[Resource, Resource, str]] = []
    grades: list[tuple[Resource, Resource, Resource]] = []
    states: dict[str, str] = {}
    for entry in items(part(given, "returns", "details")):
        return_ = return_of(context, order, entry.get("returnIdentifier") or {})
        for asked in items(entry.get("returnPackageDetails")):
            package = package_of(return_, asked.get("id"))
            state = str(asked.get("state"))
            check_return_move(return_, str(states.get(package["id"], package["state"])), state)
            states[package["id"]] = state
            moves.append((return_, package, state))
        grades += [(return_, *_grade(return_, asked)) for asked in items(entry.get("returnLineItems"))]
    for return_, package, target in moves:
        action = partial(move_return_package, context, order, return_, package, target)
        context.store.later(WAIT_MINUTES, return_["id"], action)
    for return_, line, grading in grades:
        context.store.later(WAIT_MINUTES, return_["id"], partial(grade, context, order, return_, line, grading))
    return {"order": order}


def start_return(
    context: Context, order: Resource, *, is_drop_off: bool = False, given: list[Any] | None = None
) -> Resource:
    """A return as a shopper starts it in the online returns centre: all that was delivered and is not on its way back,
    or the given lines and amounts of it."""
    amounts = returnable(context, order, line_amounts(order, given, "/lines") if given else None)
    return_ = new_return(context, amounts, is_drop_off=is_drop_off)
    order["returns"].append(return_)
    return_event(context, order, return_, "RETURN_STARTED")
    return return_


def check_return_move(return_: Resource, state: str, target: str) -> None:
    """Raises for a move that is not in the table; only a return without box and label is dropped off."""
    if (state, target) not in RETURN or (target == "DROPPED_OFF" and not return_["isDropOff"]):
        raise invalid(UNSPECIFIED, f"a return package in {state} cannot become {target}")


def move_return_package(
    context: Context, order: Resource, return_: Resource, package: Resource, state: str, reason: str = FAILED_BECAUSE
) -> None:
    """Moves a package at once, with what follows from it; the reason is one of a failure."""
    package["state"] = state
    package["reason"] = reason if state == "FAILED" else None
    return_["updatedAt"] = order["metadata"]["updatedAt"] = context.store.time()
    if state in ("IN_TRANSIT", "DELIVERED"):
        track(context.store, package, state)
    if state in _EVENTS:
        return_event(context, order, return_, _EVENTS[state])
    if state in ("DELIVERED", "DROPPED_OFF"):
        _refund_return(context, order, return_)
    close_return(context, order, return_)


def grade(context: Context, order: Resource, return_: Resource, line: Resource, grading: Resource) -> None:
    """Notes the grading of a line of a return."""
    line["grading"] = grading
    return_["updatedAt"] = order["metadata"]["updatedAt"] = context.store.time()
    return_event(context, order, return_, "RETURN_ITEM_GRADED")
    close_return(context, order, return_)


def graded_as(line: Resource, condition: str) -> Resource:
    """The grading of a line all of whose units are in one condition."""
    whole = item_amounts(line, "returnFor")[0]["amount"]
    return {"summary": {"gradedAmount": whole, "unitWiseCondition": [{"amount": whole, "condition": condition}]}}


def find_return_package(
    context: Context, order: Resource, return_id: Any, package_id: Any
) -> tuple[Resource, Resource]:
    """A return of the order and its package; the only one when none is named."""
    return_ = return_of(context, order, {"id": return_id})
    ids = [package["id"] for package in return_["packages"]]
    return return_, package_of(return_, package_id if package_id or len(ids) != 1 else ids[0])


def return_of(context: Context, order: Resource, wanted: Any) -> Resource:
    """A return of the order, by id or alias. Raises when there is none, and while it is being updated."""
    return_ = find_return(order, wanted)
    if return_ is None:
        raise invalid(UNSPECIFIED, "no return of the order has this identifier")
    if context.store.is_awaited(return_["id"]):
        raise api_error(CONFLICT, "the return is being updated already")
    return return_


def package_of(return_: Resource, package_id: Any) -> Resource:
    """A package of a return. Raises when there is none with this id."""
    package: Any = next((known for known in return_["packages"] if known["id"] == package_id), None)
    if package is None:
        raise invalid(UNSPECIFIED, f"the return has no package {package_id!r}")
    return package  # type: ignore[no-any-return]


def _grade(return_: Resource, asked: Any) -> tuple[Resource, Resource]:
    """A line of the return and its grading. No page shows the input: it is read in the form of the answer."""
    line = next((known for known in return_["returnLineItems"] if known["id"] == part(asked, "id")), None)
    if line is None:
        raise invalid(UNSPECIFIED, "the return has no line with this id")
    whole = returned_amount(line)
    given = items(part(asked, "grading", "summary", "unitWiseCondition"))
    units = []
    for each in given:
        if part(each, "condition") not in CONDITIONS:
            raise invalid(UNSPECIFIED, f"condition must be one of {', '.join(CONDITIONS)}")
        units.append({"condition": each["condition"], "amount": amount(part(each, "amount"), "/grading")})
    graded = sum(each["amount"]["value"] for each in units)
    if not 0 < graded <= whole:
        raise invalid(UNSPECIFIED, "the graded units must be some of those that were returned")
    return line, {"summary": {"gradedAmount": {"value": graded, "unit": "ONE"}, "unitWiseCondition": units}}


def _complete_returns(context: Context, order: Resource, entries: list[Resource]) -> Resource:
    found = []
    for entry in entries:
        return_ = return_of(context, order, {"id": entry.get("id")})
        if return_["state"] != "CREATED" or entry.get("state") != "COMPLETED" or return_["isExternal"]:
            raise invalid(UNSPECIFIED, f"a return in {return_['state']} cannot become {entry.get('state')}")
        found.append(return_)
    for return_ in found:
        context.store.later(WAIT_MINUTES, return_["id"], partial(_complete, context, order, return_))
    return {"order": order}


def _complete(context: Context, order: Resource, return_: Resource) -> None:
    """Completes a return as 2024-01-01 does: what is on its way arrives."""
    if return_["state"] != "CREATED":
        return
    return_["updatedAt"] = order["metadata"]["updatedAt"] = context.store.time()
    return_["state"] = "COMPLETED"
    arriving = [package for package in return_["packages"] if package["state"] not in ("DELIVERED", "FAILED")]
    for package in arriving:
        package["state"] = "DELIVERED"
    if arriving:
        return_event(context, order, return_, "RETURN_PACKAGE_DELIVERED")
    _refund_return(context, order, return_)
    return_event(context, order, return_, "RETURN_COMPLETED")


def _refund_return(context: Context, order: Resource, return_: Resource) -> None:
    """A return is refunded once, although dropping off and arrival are both documented to ask for it."""
    if return_["refundId"] is None:
        refund = request_refund(context, order, item_amounts(return_, "returnFor"), "RETURN_RECEIVED")
        return_["refundId"] = refund["id"]
