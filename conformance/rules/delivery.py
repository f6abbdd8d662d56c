"""Delivery previews (DLV)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.codes import COUNTRIES
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.values import at, instant, number, repeated, rows, text

REFUSED_REGIONS: Final = frozenset(("AA", "AE", "AP", "AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI"))
"""Territories outside the continent and military addresses."""

ADDRESS_FIELDS: Final = ("streetAddress", "locality", "region", "postalCode")
OPERATIONS: Final = ("deliveryPreview",)


def preview_address(arguments: Mapping[str, Any]) -> tuple[JsonPath, Any]:
    """The shipping address of a preview request, with its path: in `terms` before 2024-11-01."""
    for place in (("input", "location", "shippingAddress"), ("input", "terms", "location", "shippingAddress")):
        found = at(arguments, *place)
        if found is not None:
            return place, found
    return ("input", "location", "shippingAddress"), None


def preview_identity(arguments: Mapping[str, Any]) -> Any:
    """The shopper identity of a preview request: in `terms` before 2024-11-01."""
    return at(arguments, "input", "shopperIdentity") or at(arguments, "input", "terms", "shopperIdentity")


def preview_products(value: Any) -> Iterator[tuple[JsonPath, str, Any]]:
    """Path, identifier value and amount of each product of a preview's request or of a delivery group."""
    for name, identifier, field in (("products", "productIdentifier", "amount"), ("items", "itemIdentifier", "amount")):
        for path, one in rows(value, name):
            amount = at(one, field, "value")
            yield (
                path,
                identifier_value(one.get(identifier)),
                at(one, "quantity", "amount") if amount is None else amount,
            )


def identifier_value(identifier: Any) -> str:
    """The value of a product identifier, whichever of its fields holds it. Empty when there is none."""
    if isinstance(identifier, Mapping):
        candidates = (identifier.get("value"), *(item for name, item in identifier.items() if name != "__typename"))
        for value in candidates:
            found = text(value) or text(at(value, "value"))
            if found:
                return found
    return ""


@rule(
    "DLV-001",
    Level.MUST,
    "A preview is for a destination that is served",
    "troubleshoot-delivery-preview-errors",
    operations=OPERATIONS,
    coordinate="DeliveryPreviewInput",
    fix="Ask for an address on the continent of the United States",
)
def destination_is_served(case: RuleCase) -> Iterator[Violation]:
    """Not outside the US, not its territories off the continent, not the military. Else InvalidDestination."""
    path, address = preview_address(case.arguments)
    country, region = text(at(address, "countryCode")), text(at(address, "region"))
    if country and country.upper() != "US":
        yield Violation((*path, "countryCode"), "a country that is not served", "US", code_shown(country), REQUEST)
    elif region.upper() in REFUSED_REGIONS:
        yield Violation((*path, "region"), "a region that is not served", "another region", code_shown(region), REQUEST)


@rule(
    "DLV-002",
    Level.SHOULD,
    "A preview for a known shopper has the whole address",
    "best-practices-for-delivery-preview-generation",
    operations=OPERATIONS,
    coordinate="DeliveryPreviewInput",
    fix="Give street, locality, region and postal code",
)
def whole_address(case: RuleCase) -> Iterator[Violation]:
    """Only such a preview can lead to an order."""
    path, address = preview_address(case.arguments)
    missing = [name for name in ADDRESS_FIELDS if not at(address, name)]
    if preview_identity(case.arguments) and missing:
        message = "the shopper is known, the address is not whole"
        yield Violation(path, message, ", ".join(ADDRESS_FIELDS), f"no {', '.join(missing)}", REQUEST)


@rule(
    "DLV-003",
    Level.SHOULD,
    "A preview is for more than nothing",
    "create-a-delivery-preview-for-checkout",
    grade=Grade.INFERRED,
    operations=OPERATIONS,
    coordinate="DeliveryPreviewInput",
    fix="Give the amount that the shopper wants",
)
def amount_is_positive(case: RuleCase) -> Iterator[Violation]:
    """The amount of every product."""
    for path, _, amount in preview_products(at(case.arguments, "input")):
        value = number(amount)
        if value is not None and value <= 0:
            by_amount = at(case.arguments, "input", *path, "amount") is not None
            place = ("input", *path, *(("amount", "value") if by_amount else ("quantity", "amount")))
            yield Violation(place, "a preview for nothing", "more than 0", str(value), REQUEST)


@rule(
    "DLV-004",
    Level.MUST,
    "An offer expires only for a known shopper with a whole address",
    "create-delivery-previews",
    scope=Scope.ANSWER,
    operations=OPERATIONS,
    types=("DeliveryOffer",),
    coordinate="DeliveryOffer.expiresAt",
    fix="Answer null for an estimate",
)
def estimates_do_not_expire(case: RuleCase) -> Iterator[Violation]:
    """`expiresAt` is null without an identity or with half an address."""
    _, address = preview_address(case.arguments)
    if preview_identity(case.arguments) and all(at(address, name) for name in ADDRESS_FIELDS):
        return
    for path, offer in case.objects("DeliveryOffer"):
        if offer.get("expiresAt") is not None:
            yield Violation((*path, "expiresAt"), "an estimate that expires", "null", "a time")


@rule(
    "DLV-005",
    Level.MUST,
    "An offer's earliest date is not after its latest",
    "delivery_preview-queries-deliverypreview",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    types=("DeliveryDateRange",),
    coordinate="DeliveryDateRange.latest",
    fix="Answer earliest at or before latest",
)
def dates_in_order(case: RuleCase) -> Iterator[Violation]:
    """In previews, orders and package tracking."""
    for path, dates in case.objects("DeliveryDateRange"):
        earliest, latest = instant(dates.get("earliest")), instant(dates.get("latest"))
        if earliest and latest and latest < earliest:
            yield Violation(
                (*path, "latest"), "before the earliest date", "earliest or later", code_shown(dates["latest"])
            )


@rule(
    "DLV-006",
    Level.MUST,
    "The offers of a preview have different ids",
    "delivery_preview-objects-deliveryoffer",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=OPERATIONS,
    types=("DeliveryOffer",),
    coordinate="DeliveryOffer.id",
    fix="Give each offer an id of its own",
)
def offer_ids_differ(case: RuleCase) -> Iterator[Violation]:
    """An order names the chosen offer by it."""
    ids = (((*path, "id"), offer.get("id")) for path, offer in case.objects("DeliveryOffer"))
    for path, key in repeated((path, key) for path, key in ids if isinstance(key, str)):
        yield Violation(path, "the id of another offer", "each id once", code_shown(key))


@rule(
    "DLV-007",
    Level.MUST,
    "A preview answers about the products asked for",
    "delivery_preview-queries-deliverypreview",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=OPERATIONS,
    types=("DeliveryProduct", "DeliveryItem"),
    coordinate="DeliveryGroup.products",
    fix="Answer the products of the request, under the identifier that it used",
)
def products_as_asked(case: RuleCase) -> Iterator[Violation]:
    """Every product of the answer has an identifier of the request: in a delivery group, and in a message."""
    asked = {value for _, value, _ in preview_products(at(case.arguments, "input"))}
    for path, product in case.objects("DeliveryProduct", "DeliveryItem"):
        identifier = product.get("productIdentifier") or product.get("itemIdentifier")
        value = identifier_value(identifier)
        if value and asked and value not in asked:
            yield Violation(path, "nobody asked for this product", "a product asked for", code_shown(value))


@rule(
    "DLV-008",
    Level.SHOULD,
    "The country of an address is one of ISO 3166-1",
    "create-a-delivery-preview-for-checkout",
    grade=Grade.INFERRED,
    operations=("deliveryPreview", "createOrder"),
    coordinate="ShippingAddressInput.countryCode",
    fix="Give a code of ISO 3166-1 alpha-2, like US",
)
def country_exists(case: RuleCase) -> Iterator[Violation]:
    """Of a preview; of an order's recipient, and of those who pay it or a line of it."""
    for path, address in _addresses(case):
        code = at(address, "countryCode")
        if isinstance(code, str) and code and code not in COUNTRIES:
            at_code = (*path, "countryCode")
            yield Violation(at_code, "no country of ISO 3166-1", "a code like US", code_shown(code), REQUEST)


def _addresses(case: RuleCase) -> Iterator[tuple[JsonPath, Any]]:
    if case.operation == "deliveryPreview":
        yield preview_address(case.arguments)
        return
    order = ("input", "recipient", "deliveryAddress")
    yield order, at(case.arguments, *order)
    lines = (path for path, _ in rows(case.arguments, "input", "lineItems"))
    for holder in (("input",), *lines):
        for path, payment in rows(case.arguments, *holder, "payments", "details"):
            yield (*path, "payer", "billingAddress"), at(payment, "payer", "billingAddress")
