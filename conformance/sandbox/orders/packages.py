"""Packages to the shopper and back: the documented transitions, and what each publishes.

Sources: change-the-state-of-an-outbound-package-in-the-sandbox, change-the-state-of-a-return-package-in-the-sandbox,
their predecessors of 2024-01-01, troubleshoot-sandbox-errors. Documented waits pass at once.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from conformance.sandbox.context import Context
from conformance.sandbox.errors import ACCESS_DENIED, UNSPECIFIED, api_error, invalid, not_simulated
from conformance.sandbox.orders.announce import package_moved, return_event
from conformance.sandbox.orders.lines import line_amounts
from conformance.sandbox.orders.order import find_order
from conformance.sandbox.orders.refunds import request_refund
from conformance.sandbox.orders.returns import find_return, new_return
from conformance.sandbox.reading import items, part
from conformance.sandbox.store import Resource, item_amounts

OUTBOUND: Final = MappingProxyType(
    {
        ("PENDING", "CANCELLED"): ("UNFULFILLABLE", "CUSTOMER_REQUESTED"),
        ("PENDING", "IN_TRANSIT"): (),
        ("IN_TRANSIT", "CANCELLED"): ("UNDELIVERABLE",),
        ("IN_TRANSIT", "DELIVERED"): (),
    }
)
"""Allowed moves of a package, each with the reasons that it takes."""

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

_RETURN_EVENTS: Final = MappingProxyType(
    {"IN_TRANSIT": "RETURN_PACKAGE_IN_TRANSIT", "DELIVERED": "RETURN_PACKAGE_DELIVERED"}
)


def update_package_information(context: Context, arguments: Resource) -> Resource:
    """`updateOrderPackageInformation`: moves packages on. All entries are checked before one is carried out."""
    order = _order_of(context, arguments)
    entries = [_new_entry(entry) for entry in items(part(arguments, "input", "packageInformation", "details"))]
    return _move(context, order, entries)


def update_delivery_information(context: Context, arguments: Resource) -> Resource:
    """`updateOrderDeliveryInformation`, the predecessor."""
    order = _order_of(context, arguments)
    entries = []
    for entry in items(part(arguments, "input", "details")):
        asked = entry.get("deliveryInformationState") or {}
        entries.append(
            {
                "id": entry.get("id"),
                "state": asked.get("state"),
                "reason": asked.get("reason"),
                "for": items(part(entry, "deliveryInformationDetailsFor", "orderLineItems")),
            }
        )
    return _move(context, order, entries)


def _order_of(context: Context, arguments: Resource) -> Resource:
    order = find_order(context.store, arguments)
    if order is None:
        raise api_error(ACCESS_DENIED, "Access denied: no order of this store has this identifier")
    return order


def _new_entry(entry: Resource) -> Resource:
    state = entry.get("packageState") or {}
    asked, tracker = state.get("packageInformationState"), state.get("packageTrackerState")
    if asked and tracker:
        raise invalid(
            "ConflictingPackageStateInput", "packageInformationState and packageTrackerState exclude each other"
        )
    return {
        "id": entry.get("id"),
        "state": part(asked, "state"),
        "reason": part(asked, "reason"),
        "for": items(part(asked, "packageInformationDetailsFor", "orderLineItemAmounts")),
        "tracker": tracker,
    }


def _move(context: Context, order: Resource, entries: list[Resource]) -> Resource:
    moves = []
    states: dict[str, str] = {}
    contents: dict[str, dict[str, float]] = {}
    for entry in entries:
        package = next((known for known in order["packages"] if known["id"] == entry["id"]), None)
        if package is None:
            raise invalid("PackageInformationDetailIdNotFound", f"no package information has the id {entry['id']!r}")
        if entry.get("tracker"):
            _refuse_tracker(order, package, entry["tracker"])
        amounts = line_amounts(order, entry["for"], "/input/packageInformation")
        _check_move(states.get(package["id"], package["state"]), entry)
        if _takes_all(contents.setdefault(package["id"], _contents(package)), amounts):
            states[package["id"]] = entry["state"]
        moves.append((package, entry, amounts))
    for package, entry, amounts in moves:
        moved = _split(context, order, package, amounts)
        moved["state"] = entry["state"]
        moved["reason"] = entry["reason"] if entry["state"] == "CANCELLED" else None
        _after_move(context, order, moved)
    return {"order": order}


def _check_move(state: str, entry: Resource) -> None:
    target = entry["state"]
    if target == "CANCELLED" and not entry["reason"]:
        raise invalid("MissingCancellationReason", "CANCELLED needs a reason")
    reasons = OUTBOUND.get((state, target))
    if reasons is None or (reasons and entry["reason"] not in reasons):
        because = f" because of {entry['reason']}" if entry["reason"] else ""
        raise invalid(
            "InvalidPackageDeliveryDetailStateTransition", f"a package in {state} cannot become {target}{because}"
        )


def _refuse_tracker(order: Resource, package: Resource, asked: Resource) -> None:
    """No page says in which field a milestone is given, so trackers are found but not moved."""
    wanted = part(asked, "packageTrackerIdentifier", "trackingNumber")
    if not package.get("packageTracker"):
        raise invalid("PackageTrackerNotAvailableForUpdate", "the package has no tracker yet")
    known = {part(each, "packageTracker", "packageTrackerIdentifier", "trackingNumber") for each in order["packages"]}
    if wanted not in known:
        raise invalid("PackageTrackerNotFound", f"no tracker has the number {wanted!r}")
    raise not_simulated("updateOrderPackageInformation with packageTrackerState")


def _contents(package: Resource) -> dict[str, float]:
    """How much of each line is in a package."""
    amounts = item_amounts(package, "packageInformationDetailsFor")
    return {each["lineItem"]["id"]: each["amount"]["value"] for each in amounts}


def _takes_all(held: dict[str, float], amounts: list[Resource]) -> bool:
    """Takes amounts out of what a package holds. Is it the whole package? Nothing named is all of it."""
    if not amounts:
        return True
    for each in amounts:
        line = each["lineItem"]["id"]
        if held.get(line, 0) < each["amount"]["value"]:
            raise invalid(UNSPECIFIED, f"the package does not hold so much of line {line!r}")
        held[line] -= each["amount"]["value"]
    return not any(held.values())


def _split(context: Context, order: Resource, package: Resource, amounts: list[Resource]) -> Resource:
    """The package itself, or a new one that takes a part of what was in it."""
    held = _contents(package)
    if _takes_all(held, amounts):
        return package
    taken = [{"lineItem": each["lineItem"], "amount": dict(each["amount"])} for each in amounts]
    whole = item_amounts(package, "packageInformationDetailsFor")
    for each in whole:
        each["amount"] = {**each["amount"], "value": held[each["lineItem"]["id"]]}
    package["packageInformationDetailsFor"] = {
        "orderLineItemAmounts": [each for each in whole if each["amount"]["value"] > 0]
    }
    new = {
        **package,
        "id": context.store.new_id("package"),
        "packageInformationDetailsFor": {"orderLineItemAmounts": taken},
        "packageTracker": None,
    }
    order["packages"].append(new)
    return new


def _after_move(context: Context, order: Resource, package: Resource) -> None:
    state = package["state"]
    if state in ("IN_TRANSIT", "DELIVERED"):
        _track(context, package)
    package_moved(context, order, package)
    if state == "CANCELLED":
        amounts = item_amounts(package, "packageInformationDetailsFor")
        request_refund(context, order, amounts, "CANCELLED_ORDER")


def _track(context: Context, package: Resource) -> None:
    tracker = package.get("packageTracker")
    if tracker is None:
        number = f"SANDBOX{context.store.digest('tracking')[:10].upper()}"
        tracker = package["packageTracker"] = {
            "packageTrackerIdentifier": {"trackingNumber": number, "carrierCode": "SANDBOX"},
            "milestones": [],
            "trackingUrl": f"https://tracking.sandbox.example/{number}",
        }
    text = "Delivered" if package["state"] == "DELIVERED" else "On its way"
    message = {"locale": "en-US", "value": text, "language": "en-US", "content": text}
    milestone = {"status": {"code": package["state"], "message": message}, "occurredAt": context.store.time()}
    tracker["milestones"] = [*tracker["milestones"], milestone]
    tracker["latestMilestone"] = milestone


def update_returns(context: Context, arguments: Resource) -> Resource:
    """`updateOrderReturns`: moves the packages of returns on; before 2024-11-01 the returns themselves."""
    order = _order_of(context, arguments)
    given = arguments.get("input") or {}
    if "details" in given:
        return _complete_returns(context, order, items(given["details"]))
    moves = []
    for entry in items(part(given, "returns", "details")):
        return_ = _return_of(order, entry.get("returnIdentifier") or {})
        if items(entry.get("returnLineItems")):
            raise not_simulated("updateOrderReturns with returnLineItems: no page shows how grading is given")
        moves += [(return_, *_return_move(return_, asked)) for asked in items(entry.get("returnPackageDetails"))]
    for return_, package, state in moves:
        package["state"] = state
        package["reason"] = "UNDELIVERABLE" if state == "FAILED" else None
        return_["updatedAt"] = context.store.time()
        if state in _RETURN_EVENTS:
            _publish_return(context, order, return_, _RETURN_EVENTS[state])
        if state in ("DELIVERED", "DROPPED_OFF"):
            _refund_return(context, order, return_)
    return {"order": order}


def _return_of(order: Resource, wanted: Any) -> Resource:
    return_ = find_return(order, wanted)
    if return_ is None:
        raise invalid(UNSPECIFIED, "no return of the order has this identifier")
    return return_


def _return_move(return_: Resource, asked: Resource) -> tuple[Resource, str]:
    package: Any = next((known for known in return_["packages"] if known["id"] == asked.get("id")), None)
    if package is None:
        raise invalid(UNSPECIFIED, f"the return has no package {asked.get('id')!r}")
    move = (package["state"], asked.get("state"))
    if move not in RETURN or (move[1] == "DROPPED_OFF" and not return_["isDropOff"]):
        raise invalid(UNSPECIFIED, f"a return package in {move[0]} cannot become {move[1]}")
    return package, str(move[1])


def _complete_returns(context: Context, order: Resource, entries: list[Resource]) -> Resource:
    found = []
    for entry in entries:
        return_ = _return_of(order, {"id": entry.get("id")})
        if return_["state"] != "CREATED" or entry.get("state") != "COMPLETED":
            raise invalid(UNSPECIFIED, f"a return in {return_['state']} cannot become {entry.get('state')}")
        found.append(return_)
    for return_ in found:
        if return_["state"] == "COMPLETED":
            continue
        return_["state"] = "COMPLETED"
        return_["updatedAt"] = context.store.time()
        for package in return_["packages"]:
            package["state"] = "DELIVERED"
        _publish_return(context, order, return_, "RETURN_PACKAGE_DELIVERED")
        _refund_return(context, order, return_)
    return {"order": order}


def _publish_return(context: Context, order: Resource, return_: Resource, name: str) -> None:
    return_event(context, order, return_, name)


def _refund_return(context: Context, order: Resource, return_: Resource) -> None:
    """A return is refunded once, although dropping off and arrival are both documented to ask for it."""
    if not return_["isRefundRequested"]:
        return_["isRefundRequested"] = True
        request_refund(context, order, item_amounts(return_, "returnFor"), "RETURN_RECEIVED")


def start_return(context: Context, order: Resource, *, is_drop_off: bool = False) -> Resource:
    """A return as a shopper starts it in the online returns centre: everything that was delivered."""
    amounts = [
        {"lineItem": each["lineItem"], "amount": dict(each["amount"])}
        for package in order["packages"]
        if package["state"] == "DELIVERED"
        for each in item_amounts(package, "packageInformationDetailsFor")
    ]
    if not amounts:
        raise invalid(UNSPECIFIED, "nothing of the order was delivered")
    return_ = new_return(context, amounts, is_drop_off=is_drop_off)
    order["returns"].append(return_)
    _publish_return(context, order, return_, "RETURN_STARTED")
    return return_
