"""The documented state machines and sums, written down from the pages, and a watch that holds a sandbox to them.

Nothing here comes from the sandbox's own code: the tables are those of the pages on changing states in the sandbox,
of update-refund-details and of cancel-a-buy-with-prime-order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from conformance.sandbox.store import Store

PACKAGE = {"PENDING": {"IN_TRANSIT", "CANCELLED"}, "IN_TRANSIT": {"DELIVERED", "CANCELLED"}}
REASONS = {"PENDING": {"UNFULFILLABLE", "CUSTOMER_REQUESTED"}, "IN_TRANSIT": {"UNDELIVERABLE"}}
RETURN_PACKAGE = {
    "CREATED": {"IN_TRANSIT", "DROPPED_OFF"},
    "DROPPED_OFF": {"IN_TRANSIT"},
    "IN_TRANSIT": {"DELIVERED", "FAILED"},
}
OLD_RETURN_PACKAGE = {state: targets | {"DELIVERED"} for state, targets in RETURN_PACKAGE.items()}
"""Before 2024-11-01 a return is completed as a whole, wherever its package is."""
RETURN = {"DRAFT": {"CREATED"}, "CREATED": {"COMPLETED", "CANCELLED"}}
REFUND = {
    "PENDING": {"PARTIAL", "FAILURE", "SUCCESS", "REJECTED"},
    "FAILURE": {"PARTIAL", "SUCCESS"},
    "PARTIAL": {"SUCCESS"},
}
"""REJECTED is a documented state without a place in the table: an end."""
CANCELLATION = {"PENDING": {"SUCCESS", "REJECTED"}}
EXECUTION = {"NOT_STARTED": {"STARTED"}}

TYPES = {"ValidationError", "AccessDeniedError", "ResourceNotFoundError", "ConflictError"}
CODES = {
    "AddressMismatch",
    "AliasLimitExceeded",
    "AliasValueAlreadyExists",
    "ConflictingPackageStateInput",
    "DuplicateAliasId",
    "DuplicateRefundId",
    "InvalidAddress",
    "InvalidAliasId",
    "InvalidDestination",
    "InvalidIdpToken",
    "InvalidPackageDeliveryDetailStateTransition",
    "InvalidRefundId",
    "InvalidRefundRequestReasonUpdate",
    "InvalidRefundStateTransition",
    "ItemAmountUnavailable",
    "ItemDoesNotExist",
    "MissingCancellationReason",
    "MissingRefundId",
    "PackageInformationDetailIdNotFound",
    "PackageTrackerNotAvailableForUpdate",
    "PackageTrackerNotFound",
    "ProductAmountUnavailable",
    "ProductNotPrimeEnabled",
    "ProductOutOfStock",
    "UnspecifiedError",
    "UpdatePackageTrackerLimitExceeded",
}
"""Every documented code that a walk through orders can meet."""


@dataclass
class Watch:
    """Looks at a store after each step. `moves` counts the transitions that were seen."""

    store: Store
    is_old: bool
    stock: dict[str, float] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    paid: dict[str, float] = field(default_factory=dict)
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.stock = {product["title"]: product["stock"] for product in self.store.products}

    def look(self, *, is_whole: bool = True) -> None:
        """Raises AssertionError at the first transition or sum that the documentation does not have.

        Looks at the last orders alone, or at all of them and at the stock that they leave.
        """
        orders = list(self.store.orders.values())
        for order in orders if is_whole else orders[-8:]:
            self._step("execution", order["id"], order["metadata"]["executionState"], EXECUTION)
            self._packages(order)
            for cancellation in order["cancellations"]:
                self._step("cancellation", cancellation["id"], cancellation["state"], CANCELLATION)
            for refund in order["refunds"]:
                self._refund(f"{order['id']}/{refund['id']}", refund)
            for return_ in order["returns"]:
                self._step("return", return_["id"], return_["state"], RETURN)
                for package in return_["packages"]:
                    table = OLD_RETURN_PACKAGE if self.is_old else RETURN_PACKAGE
                    self._step("return package", package["id"], package["state"], table)
                    assert (package["state"] == "FAILED") == (package["reason"] is not None)
            _check_sums(order)
        if is_whole:
            self._check_stock()

    def _packages(self, order: dict[str, Any]) -> None:
        before = {self.seen.get(f"package {package['id']}") for package in order["packages"]}
        for package in order["packages"]:
            was = self.seen.get(f"package {package['id']}")
            if was is None and package["state"] != "PENDING":
                # A part of a package that was split off and moved.
                origins = [state for state in before if package["state"] in PACKAGE.get(str(state), ())]
                assert origins, f"a new package in {package['state']}"
                was = origins[0]
                self.seen[f"package {package['id']}"] = was
            self._step("package", package["id"], package["state"], PACKAGE)
            if package["state"] == "CANCELLED" and was != "CANCELLED":
                possible = REASONS[str(was)] if len(before) < 2 else REASONS["PENDING"] | REASONS["IN_TRANSIT"]
                assert package["reason"] in possible
            assert (package["state"] == "CANCELLED") == (package["reason"] is not None)

    def _refund(self, name: str, refund: dict[str, Any]) -> None:
        self._step("refund", name, refund["state"], REFUND)
        total = ((refund["refundTotal"] or {}).get("totalAmount") or {}).get("amount") or 0
        assert total >= self.paid.get(name, 0), "what was refunded has shrunk"
        if refund["state"] in ("PARTIAL", "SUCCESS"):
            self.paid[name] = total

    def _step(self, kind: str, name: str, state: str, table: dict[str, set[str]]) -> None:
        was = self.seen.get(f"{kind} {name}", state)
        self.seen[f"{kind} {name}"] = state
        if was != state:
            assert state in table.get(was, ()), f"a {kind} went from {was} to {state}"
            self.moves[kind, was, state] += 1

    def _check_stock(self) -> None:
        taken: Counter[str] = Counter()
        for order in self.store.orders.values():
            for line in order["lineItems"]:
                if (
                    line["deliveryOffer"]["details"]
                    and line["deliveryOffer"]["details"]["deliveryProvider"] == "AMAZON"
                ):
                    sku = line["product"]["identifier"]["sku"]
                    taken[sku] += line["amount"]["value"] - _given_back(order, line)
        for product in self.store.products:
            assert product["stock"] == self.stock[product["title"]] - taken[product["identifier"]["sku"]] >= 0


def _is_amazon(line: dict[str, Any]) -> bool:
    details = line["deliveryOffer"]["details"]
    return bool(details) and details["deliveryProvider"] == "AMAZON"


def _held(order: dict[str, Any], line: dict[str, Any], *states: str) -> float:
    """How much of a line is in the order's packages in these states."""
    return float(
        sum(
            each["amount"]["value"]
            for package in order["packages"]
            if not states or package["state"] in states
            for each in package["packageInformationDetailsFor"]["orderLineItemAmounts"]
            if each["lineItem"] is line
        )
    )


def _given_back(order: dict[str, Any], line: dict[str, Any]) -> float:
    """What did not leave: lines of an order that was cancelled before it started, packages cancelled while PENDING."""
    if order["metadata"]["executionState"] == "NOT_STARTED":
        is_cancelled = any(cancellation["state"] == "SUCCESS" for cancellation in order["cancellations"])
        return float(line["amount"]["value"]) if is_cancelled else 0.0
    stayed = [
        package
        for package in order["packages"]
        if package["state"] == "CANCELLED" and package["reason"] in REASONS["PENDING"]
    ]
    return _held({"packages": stayed}, line)


def _check_sums(order: dict[str, Any]) -> None:
    """What was ordered is in the packages, no more and no less; no more comes back than was delivered."""
    for line in order["lineItems"]:
        is_sent = _is_amazon(line) and order["metadata"]["executionState"] == "STARTED"
        assert _held(order, line) == (line["amount"]["value"] if is_sent else 0)
        returned = sum(
            each["amount"]["value"]
            for return_ in order["returns"]
            if not return_["isExternal"] and return_["state"] not in ("DRAFT", "CANCELLED")
            for each in return_["returnFor"]["orderLineItemAmounts"]
            if each["lineItem"] is line
        )
        assert returned <= _held(order, line, "DELIVERED")
    cancelled = [package for package in order["packages"] if package["state"] == "CANCELLED"]
    asked = [refund for refund in order["refunds"] if refund["refundRequestReason"] == "CANCELLED_ORDER"]
    assert len(cancelled) == len([refund for refund in asked if not refund["isExternal"]])
