"""The tracking of packages, to the shopper and back.

Sources: track-packages, tracking-queries-packagetracker, package_tracker_milestone_changed,
change-the-state-of-an-outbound-package-in-the-sandbox, troubleshoot-sandbox-errors. The table of a tracker's own
transitions was not read: the sandbox lets a tracker reach any milestone until its way has ended (our choice).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from conformance.base.clock import timestamp
from conformance.sandbox.context import Context
from conformance.sandbox.errors import NOT_FOUND, api_error, invalid
from conformance.sandbox.orders.announce import milestone_changed
from conformance.sandbox.reading import part
from conformance.sandbox.store import Resource, Store

LIFE: Final = timedelta(days=90)
"""How long a tracking number is known."""

MAX_MILESTONES: Final = 50
"""Ours: the page that names the limit does not say how high it is."""

MILESTONES: Final = (
    "AVAILABLE_FOR_PICKUP",
    "CUSTOMER_ACTION",
    "DELAYED",
    "DELIVERED",
    "DELIVERY_ATTEMPTED",
    "EXCEPTION",
    "INFO_RECEIVED",
    "IN_TRANSIT",
    "LOST",
    "OUT_FOR_DELIVERY",
    "RETURN_TO_SENDER",
    "UNDELIVERABLE",
)
"""The documented codes that can be given."""

ENDS: Final = MappingProxyType(
    {
        "DELIVERED": "DELIVERED",
        "LOST": "CANCELLED",
        "RETURN_TO_SENDER": "CANCELLED",
        "UNDELIVERABLE": "CANCELLED",
    }
)
"""The milestones that end a way, each with the state that the package has by it. Only DELIVERED is documented."""

_TEXTS: Final = MappingProxyType({"DELIVERED": "Delivered", "IN_TRANSIT": "On its way"})


def package_tracker(context: Context, arguments: Resource) -> Any:
    """`packageTracker`: by tracking number and carrier."""
    wanted = part(arguments, "packageTrackerInput", "packageTrackerIdentifier") or {}
    for _, package in _tracked(context.store):
        if package["packageTracker"]["packageTrackerIdentifier"] == wanted:
            return package["packageTracker"]
    raise api_error(NOT_FOUND, "no tracker has this tracking number and carrier")


def tracked_package(store: Store, number: Any) -> tuple[Resource, Resource]:
    """The order and the package of a tracking number. Raises when no tracker has it, or no longer."""
    for order, package in _tracked(store):
        if package["packageTracker"]["packageTrackerIdentifier"]["trackingNumber"] == number:
            return order, package
    raise invalid("PackageTrackerNotFound", f"no tracker has the number {number!r}")


def track(store: Store, package: Resource, code: str) -> None:
    """Notes a milestone of a package; the first one gives it a tracking number."""
    tracker = package.get("packageTracker")
    if tracker is None:
        number = f"SANDBOX{store.digest('tracking')[:10].upper()}"
        tracker = package["packageTracker"] = {
            "packageTrackerIdentifier": {"trackingNumber": number, "carrierCode": "SANDBOX"},
            "estimatedDeliveryDate": {
                "earliest": timestamp(store.now + timedelta(days=1)),
                "latest": timestamp(store.now + timedelta(days=2)),
            },
            "milestones": [],
            "trackingUrl": f"https://tracking.sandbox.example/{number}",
            "since": timestamp(store.now),
        }
    text = _TEXTS.get(code, code.replace("_", " ").capitalize())
    message = {"locale": "en-US", "value": text, "language": "en-US", "content": text}
    milestone = {
        "status": {"code": code, "message": message},
        "address": {"locality": "Seattle", "region": "WA", "country": "US"},
        "occurredAt": store.time(),
    }
    tracker["milestones"] = [*tracker["milestones"], milestone]
    tracker["latestMilestone"] = milestone


def check_room(package: Resource) -> None:
    """Raises the documented error when a tracker was updated too often."""
    if len(package["packageTracker"]["milestones"]) >= MAX_MILESTONES:
        raise invalid("UpdatePackageTrackerLimitExceeded", f"a tracker has at most {MAX_MILESTONES} milestones")


def is_at_end(package: Resource) -> bool:
    """Has the way of a tracked package ended?"""
    return part(package["packageTracker"], "latestMilestone", "status", "code") in ENDS


def reach(context: Context, package: Resource, code: str) -> None:
    """A milestone that the carrier reports, with its event."""
    track(context.store, package, code)
    milestone_changed(context, package["packageTracker"])


def _tracked(store: Store) -> Iterator[tuple[Resource, Resource]]:
    for order in store.orders.values():
        sent_back = [package for return_ in order["returns"] for package in return_["packages"]]
        for package in (*order["packages"], *sent_back):
            tracker = package.get("packageTracker")
            if tracker and not _is_expired(store, tracker):
                yield order, package


def _is_expired(store: Store, tracker: Resource) -> bool:
    since = tracker.get("since")
    return since is not None and store.now - datetime.fromisoformat(since) > LIFE
