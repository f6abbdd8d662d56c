"""Packages to the shopper: the documented transitions, the waits before them, and what each publishes.

Sources: change-the-state-of-an-outbound-package-in-the-sandbox, its predecessor of 2024-01-01,
troubleshoot-sandbox-errors. The mutations answer with the order as it is; packages move after the documented wait.
"""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import Final

from conformance.sandbox.context import Context
from conformance.sandbox.errors import ACCESS_DENIED, CONFLICT, UNSPECIFIED, api_error, invalid
from conformance.sandbox.orders.announce import package_moved
from conformance.sandbox.orders.lines import give_back, line_amounts
from conformance.sandbox.orders.order import find_order
from conformance.sandbox.orders.refunds import request_refund
from conformance.sandbox.orders.tracking import ENDS, check_room, is_at_end, reach, track, tracked_package
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

WAREHOUSE: Final = MappingProxyType(
    {
        "id": "warehouse-1",
        "name": "Sandbox warehouse",
        "streetAddress": "1 Example Way",
        "extendedAddress": "Dock 3",
        "locality": "Kent",
        "region": "WA",
        "postalCode": "98032",
        "countryCode": "US",
        "phoneNumber": "555-0100",
        "timezoneId": "America/Los_Angeles",
    }
)
"""Where packages come from once they are on their way; not known before (our choice)."""

WAIT_MINUTES: Final = MappingProxyType({"PENDING": 8, "IN_TRANSIT": 2})
"""The documented wait before a move, by the state that it leaves."""


def update_package_information(context: Context, arguments: Resource) -> Resource:
    """`updateOrderPackageInformation`: moves packages on. All entries are checked before one is carried out."""
    entries = [_new_entry(entry) for entry in items(part(arguments, "input", "packageInformation", "details"))]
    _check_reasons(entries)
    order = order_of(context, arguments)
    return _plan(context, order, entries)


def update_delivery_information(context: Context, arguments: Resource) -> Resource:
    """`updateOrderDeliveryInformation`, the predecessor."""
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
    _check_reasons(entries)
    order = order_of(context, arguments)
    return _plan(context, order, entries)


def order_of(context: Context, arguments: Resource) -> Resource:
    """The order that a sandbox mutation names; the documented answer for an unknown one is that of a stranger."""
    order = find_order(context.store, arguments)
    if order is None:
        raise api_error(ACCESS_DENIED, "Access denied: no order of this store has this identifier")
    return order


def report_milestone(context: Context, number: str, code: str) -> None:
    """A milestone as a carrier reports it. One that ends the way of a package gives the package its state."""
    order, package = tracked_package(context.store, number)
    if is_at_end(package):
        raise invalid(UNSPECIFIED, f"the way of the package with the number {number!r} has ended")
    check_room(package)
    reach(context, package, code)
    if code in ENDS and package in order["packages"]:
        move(context, order, package, ENDS[code], "UNDELIVERABLE")


def move(context: Context, order: Resource, package: Resource, state: str, reason: str | None) -> None:
    """Moves a package at once, with what follows from it."""
    if (package["state"], state) == ("PENDING", "CANCELLED"):
        give_back(context, item_amounts(package, "packageInformationDetailsFor"))
    order["metadata"]["updatedAt"] = context.store.time()
    package["state"] = state
    package["reason"] = reason if state == "CANCELLED" else None
    if state == "IN_TRANSIT":
        package["deliverFromAddress"] = dict(WAREHOUSE)
    if state == "DELIVERED":
        package["deliveredAt"] = context.store.time()
    has_tracker = bool(package.get("packageTracker"))
    if (has_tracker and not is_at_end(package)) or (not has_tracker and state != "CANCELLED"):
        track(context.store, package, "UNDELIVERABLE" if state == "CANCELLED" else state)
    package_moved(context, order, package)
    if state == "CANCELLED":
        amounts = item_amounts(package, "packageInformationDetailsFor")
        request_refund(context, order, amounts, "CANCELLED_ORDER")


def _new_entry(entry: Resource) -> Resource:
    state = entry.get("packageState") or {}
    asked, tracker = state.get("packageInformationState"), state.get("packageTrackerState")
    if asked and tracker:
        raise invalid(
            "ConflictingPackageStateInput", "packageInformationState and packageTrackerState exclude each other"
        )
    return {
        "id": entry.get("id"),
        # The field for the milestone is in no page; the example that shows the rest is about a delivered package.
        "state": "DELIVERED" if tracker else part(asked, "state"),
        "reason": part(asked, "reason"),
        "for": items(part(asked, "packageInformationDetailsFor", "orderLineItemAmounts")),
        "tracker": tracker,
    }


def _plan(context: Context, order: Resource, entries: list[Resource]) -> Resource:
    plans = []
    states: dict[str, str] = {}
    contents: dict[str, dict[str, float]] = {}
    if context.store.is_awaited(order["id"]):
        raise api_error(CONFLICT, "the order is being updated already")
    for entry in entries:
        package = next((known for known in order["packages"] if known["id"] == entry["id"]), None)
        if package is None:
            raise invalid("PackageInformationDetailIdNotFound", f"no package information has the id {entry['id']!r}")
        if entry.get("tracker"):
            _check_tracker(context, package, entry["tracker"])
        amounts = line_amounts(order, entry["for"], "/input/packageInformation")
        state = states.get(package["id"], package["state"])
        _check_move(state, entry["state"], entry["reason"])
        if _takes_all(contents.setdefault(package["id"], _contents(package)), amounts):
            states[package["id"]] = entry["state"]
        plans.append((WAIT_MINUTES[state], package, entry, amounts))
    for minutes, package, entry, amounts in plans:
        context.store.later(minutes, order["id"], partial(_carry_out, context, order, package, entry, amounts))
    return {"order": order}


def _check_reasons(entries: list[Resource]) -> None:
    """What is wrong with the request itself comes before what is wrong with it today."""
    if any(entry["state"] == "CANCELLED" and not entry["reason"] for entry in entries):
        raise invalid("MissingCancellationReason", "CANCELLED needs a reason")


def _check_move(state: str, target: str, reason: str | None) -> None:
    """Raises the documented error for a move that is not in the table."""
    reasons = OUTBOUND.get((state, target))
    if reasons is None or (reasons and reason not in reasons):
        because = f" because of {reason}" if reason else ""
        raise invalid(
            "InvalidPackageDeliveryDetailStateTransition", f"a package in {state} cannot become {target}{because}"
        )


def _check_tracker(context: Context, package: Resource, asked: Resource) -> None:
    if not package.get("packageTracker"):
        raise invalid("PackageTrackerNotAvailableForUpdate", "the package has no tracker yet")
    number = part(asked, "packageTrackerIdentifier", "trackingNumber")
    if tracked_package(context.store, number)[1] is not package:
        raise invalid("PackageTrackerNotFound", f"the tracker {number!r} is not that of the package")
    check_room(package)


def _carry_out(context: Context, order: Resource, package: Resource, entry: Resource, amounts: list[Resource]) -> None:
    """Moves a package, or a part of it, unless something else happened to it while the move waited."""
    held = _contents(package)
    is_held = all(held.get(each["lineItem"]["id"], 0) >= each["amount"]["value"] for each in amounts)
    if (package["state"], entry["state"]) not in OUTBOUND or not is_held:
        return
    if entry.get("tracker"):
        reach(context, package, entry["state"])
    move(context, order, _split(context, order, package, amounts), entry["state"], entry["reason"])


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
