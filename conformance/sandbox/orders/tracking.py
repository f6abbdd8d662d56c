"""The tracking of packages."""

from __future__ import annotations

from typing import Any

from conformance.sandbox.context import Context
from conformance.sandbox.errors import NOT_FOUND, api_error
from conformance.sandbox.reading import part
from conformance.sandbox.store import Resource


def package_tracker(context: Context, arguments: Resource) -> Any:
    """`packageTracker`: by tracking number and carrier."""
    wanted = part(arguments, "packageTrackerInput", "packageTrackerIdentifier") or {}
    for order in context.store.orders.values():
        for package in order["packages"]:
            tracker = package.get("packageTracker")
            if tracker and tracker["packageTrackerIdentifier"] == wanted:
                return tracker
    raise api_error(NOT_FOUND, "no tracker has this tracking number and carrier")
