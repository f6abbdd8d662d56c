"""Which operations are simulated, each by one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from conformance.sandbox import orders, packages, previews, subscriptions
from conformance.sandbox.context import Context
from conformance.sandbox.errors import NOT_FOUND, api_error
from conformance.sandbox.reading import part
from conformance.sandbox.store import Resource

Operation: TypeAlias = Callable[[Context, Resource], Any]


def package_tracker(context: Context, arguments: Resource) -> Any:
    """`packageTracker`: by tracking number and carrier."""
    wanted = part(arguments, "packageTrackerInput", "packageTrackerIdentifier") or {}
    for order in context.store.orders.values():
        for package in order["packages"]:
            tracker = package.get("packageTracker")
            if tracker and tracker["packageTrackerIdentifier"] == wanted:
                return tracker
    raise api_error(NOT_FOUND, "no tracker has this tracking number and carrier")


OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "cancelOrder": orders.cancel_order,
        "createEventSubscription": subscriptions.create_subscription,
        "createOrder": orders.create_order,
        "deleteEventSubscription": subscriptions.delete_subscription,
        "deliveryPreview": previews.delivery_preview,
        "eventSubscription": subscriptions.query_subscription,
        "eventSubscriptions": subscriptions.list_subscriptions,
        "generateReversalOffers": previews.reversal_offers,
        "order": orders.query_order,
        "packageTracker": package_tracker,
        "reversalOffers": previews.reversal_offers,
        "shopperBwPEligibility": previews.shopper_eligibility,
        "updateOrder": orders.update_order,
        "updateOrderDeliveryInformation": packages.update_delivery_information,
        "updateOrderPackageInformation": packages.update_package_information,
        "updateOrderReturns": packages.update_returns,
    }
)
"""The simulated operations, whatever versions have them."""
