"""What the exchanges before say: previews, orders, the states that things were last seen in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.operations.proofs import Path
from conformance.rules.model import RuleCase
from conformance.rules.order_requests import order_names
from conformance.rules.values import alias_rows, at, rows, text

OrderView = tuple[JsonPath, Mapping[str, Any]]

_WITH_ORDER: Final = (
    "createOrder",
    "createOrderFromOffer",
    "updateOrder",
    "updateOrderPackageInformation",
    "updateOrderDeliveryInformation",
    "updateOrderReturns",
)

_ORDER_ID: Final = ("order", "id")

ANSWER_IDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "order": ("id",),
        **dict.fromkeys(_WITH_ORDER, _ORDER_ID),
        "cancelOrder": (),
        "deliveryPreview": ("id",),
    }
)
"""The operations about an order or a preview, and where the answer has its id. Empty: nowhere."""

_NAMED: Final[tuple[Path, ...]] = ((), ("lineItems",), ("refunds", "details"), ("returns", "details"))
_PLACES: Final[tuple[Path, ...]] = tuple(
    (*above, name, "details")
    for above in ((), ("lineItems",))
    for name in ("packageInformation", "deliveryInformation")
)
COURSE: Final[tuple[Path, ...]] = (
    *((*place, one) for place in _PLACES for one in ("id", "state", "reason")),
    *((*place, "packageTracker", "latestMilestone", "status", "code") for place in _PLACES),
    *(("returns", "details", one) for one in ("id", "state")),
    *(
        ("returns", "details", name, one)
        for name in ("returnPackageDetails", "returnDeliveryDetails")
        for one in ("id", "state", "reason")
    ),
    *(("refunds", "details", one) for one in ("id", "state")),
    ("refunds", "details", "refundTotal", "totalAmount", "amount"),
    *((*above, "aliases", one) for above in _NAMED for one in ("aliasType", "aliasId")),
    ("id",),
    ("metadata", "executionState"),
    ("metadata", "createdAt"),
    ("lineItems", "id"),
    ("lineItems", "amount", "value"),
    ("lineItems", "quantity", "amount"),
    ("lineItems", "product", "title"),
    *(("lineItems", "product", "price", one) for one in ("amount", "currencyCode")),
    *(("lineItems", "purchasedItem", "price", "currentPrice", one) for one in ("amount", "currencyCode")),
    *((*above, "createdAt") for above in (("lineItems",), ("refunds", "details"), ("returns", "details"))),
    *(("recipient", "deliveryAddress", one) for one in ("name", "region", "countryCode", "postalCode")),
)
"""What the rules across exchanges that a recording can break look at in an answered order."""


def previews(case: RuleCase) -> Iterator[RuleCase]:
    """The delivery previews made before, the latest first."""
    for earlier in reversed(case.earlier):
        if earlier.operation == "deliveryPreview" and text(at(earlier.answer, "id")):
            yield earlier


def order_view(case: RuleCase) -> OrderView | None:
    """The order in an answer, with its path."""
    place: JsonPath = ("order",) if case.operation in _WITH_ORDER else ()
    found = at(case.answer, *place)
    return (place, found) if (place or case.operation == "order") and isinstance(found, Mapping) else None


def order_id(case: RuleCase) -> str:
    """The id of the order that an exchange is about, as far as it and those before say. Empty when they do not."""
    view = order_view(case)
    answered = text(view[1].get("id")) if view else ""
    if answered:
        return answered
    for name in filter(None, order_names(case)):
        if "/" not in name:
            return name
        created = created_under(case, name)
        if created:
            return created
    return ""


def created_under(case: RuleCase, name: str) -> str:
    """The id of the order that was created before under an alias, written `type/id`."""
    for earlier in case.earlier:
        if earlier.operation == "createOrder" and earlier.accepted:
            keys = {"/".join(key) for one in ("aliases", "orderAliases") for key in sent_aliases(earlier, one)}
            if name in keys:
                return text(at(earlier.answer, "order", "id"))
    return ""


def sent_aliases(case: RuleCase, name: str) -> Iterator[tuple[str, str]]:
    """The order aliases that a request gives under a name."""
    return (key for _, key in alias_rows(case.arguments, "input", name))


def same_order(case: RuleCase) -> Iterator[RuleCase]:
    """The exchanges before about the same order, the latest first."""
    own = order_id(case)
    if own:
        for index in range(len(case.earlier) - 1, -1, -1):
            if order_id(case.earlier[index]) == own:
                yield case.earlier[index]


def packages(order: Mapping[str, Any]) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    """The packages of an order and of its lines; deliveries in 2024-01-01."""
    for name in ("packageInformation", "deliveryInformation"):
        yield from rows(order, name, "details")
        for path, line in rows(order, "lineItems"):
            for place, one in rows(line, name, "details"):
                yield (*path, *place), one


def refunds(order: Mapping[str, Any]) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    """The refunds of an order."""
    yield from rows(order, "refunds", "details")


def return_packages(order: Mapping[str, Any]) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    """The packages of an order's returns, under either of their names."""
    for path, one in rows(order, "returns", "details"):
        for name in ("returnPackageDetails", "returnDeliveryDetails"):
            for place, package in rows(one, name):
                yield (*path, *place), package
