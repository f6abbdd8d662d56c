"""The operations of orders."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from conformance.sandbox.context import Operation
from conformance.sandbox.orders import (
    cancellations,
    draft_returns,
    offers,
    order,
    packages,
    previews,
    return_packages,
    tracking,
)

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "cancelOrder": cancellations.cancel_order,
        "createOrder": order.create_order,
        "createOrderFromOffer": offers.create_order_from_offer,
        "createReturn": draft_returns.create_return,
        "deliveryPreview": previews.delivery_preview,
        "generateReversalOffers": previews.reversal_offers,
        "offers": offers.query_offers,
        "order": order.query_order,
        "packageTracker": tracking.package_tracker,
        "return": draft_returns.query_return,
        "reversalOffers": previews.reversal_offers,
        "shopperBwPEligibility": previews.shopper_eligibility,
        "updateOrder": order.update_order,
        "updateOrderDeliveryInformation": packages.update_delivery_information,
        "updateOrderPackageInformation": packages.update_package_information,
        "updateOrderReturns": return_packages.update_returns,
        "updateReturn": draft_returns.update_return,
    }
)
