"""From a delivery preview to an order: what has to be the same in both (FLW-001 to FLW-006)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.base.paths import JsonPath
from conformance.findings.model import Level
from conformance.operations.finding import code_shown
from conformance.rules.delivery import (
    ADDRESS_FIELDS,
    identifier_value,
    preview_address,
    preview_identity,
    preview_products,
)
from conformance.rules.memory import previews
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.order_requests import BEST_PRACTICES
from conformance.rules.values import at, number, rows, text

CREATE = ("createOrder",)


def chosen(case: RuleCase) -> Iterator[tuple[JsonPath, Mapping[str, Any], RuleCase]]:
    """Each line that names a preview made before: path, line, preview."""
    known = {text(at(one.answer, "id")): one for one in reversed(list(previews(case)))}
    for path, line in rows(case.arguments, "input", "lineItems"):
        preview = known.get(text(at(line, "selectedDeliveryOffer", "details", "deliveryPreviewId")))
        if preview is not None:
            yield path, line, preview


def _group(preview: RuleCase, offer_id: str) -> Any:
    """The delivery group with an offer."""
    for _, group in rows(preview.answer, "deliveryGroups"):
        if any(offer.get("id") == offer_id for _, offer in rows(group, "deliveryOffers")):
            return group
    return None


def _line_product(line: Mapping[str, Any]) -> tuple[JsonPath, str, JsonPath, Any]:
    if "purchasedItem" in line:
        value = identifier_value(at(line, "purchasedItem", "itemId"))
        return ("purchasedItem", "itemId"), value, ("quantity", "amount"), at(line, "quantity", "amount")
    value = identifier_value(at(line, "product", "identifier"))
    return ("product", "identifier"), value, ("amount", "value"), at(line, "amount", "value")


@rule(
    "FLW-001",
    Level.MUST,
    "An order names a delivery preview that was made",
    BEST_PRACTICES,
    scope=Scope.FLOW,
    operations=CREATE,
    coordinate="DeliveryOfferDetailsInput.deliveryPreviewId",
    fix="Give the id of the preview's answer",
)
def preview_exists(case: RuleCase) -> Iterator[Violation]:
    """Where previews were made before in the same flow."""
    known = {text(at(one.answer, "id")) for one in previews(case)}
    for path, line in rows(case.arguments, "input", "lineItems"):
        named = at(line, "selectedDeliveryOffer", "details", "deliveryPreviewId")
        if known and isinstance(named, str) and named not in known:
            place = (*path, "selectedDeliveryOffer", "details", "deliveryPreviewId")
            yield Violation(place, "no preview of this flow has this id", "a preview's id", code_shown(named), REQUEST)


@rule(
    "FLW-002",
    Level.MUST,
    "An order names an offer of its delivery preview",
    BEST_PRACTICES,
    scope=Scope.FLOW,
    operations=CREATE,
    coordinate="DeliveryOfferDetailsInput.id",
    fix="Give the id of the chosen offer",
)
def offer_exists(case: RuleCase) -> Iterator[Violation]:
    """Where the preview's answer has ids of offers."""
    for path, line, preview in chosen(case):
        offers = {
            text(offer.get("id"))
            for _, group in rows(preview.answer, "deliveryGroups")
            for _, offer in rows(group, "deliveryOffers")
        } - {""}
        named = at(line, "selectedDeliveryOffer", "details", "id")
        if offers and isinstance(named, str) and named not in offers:
            place = (*path, "selectedDeliveryOffer", "details", "id")
            yield Violation(place, "no offer of the preview has this id", "an offer's id", code_shown(named), REQUEST)


@rule(
    "FLW-003",
    Level.MUST,
    "A line's product is named as in its delivery preview",
    BEST_PRACTICES,
    scope=Scope.FLOW,
    operations=CREATE,
    coordinate="PurchasedProductViewInput.identifier",
    fix="Give the identifier that the preview answered",
)
def identifier_matches(case: RuleCase) -> Iterator[Violation]:
    """Against the group of the chosen offer, or the preview's request when the answer has no products."""
    for path, line, preview in chosen(case):
        group = _group(preview, text(at(line, "selectedDeliveryOffer", "details", "id")))
        known = {value for _, value, _ in preview_products(group) if value}
        known = known or {value for _, value, _ in preview_products(at(preview.arguments, "input")) if value}
        place, named, _, _ = _line_product(line)
        if named and known and named not in known:
            message = "the preview is for another product"
            yield Violation((*path, *place), message, "a product of the preview", code_shown(named), REQUEST)


@rule(
    "FLW-004",
    Level.MUST,
    "A line's amount is that of its delivery preview",
    BEST_PRACTICES,
    scope=Scope.FLOW,
    operations=CREATE,
    coordinate="LineItemInput.amount",
    fix="Order the amount of the preview, or make another preview",
)
def amount_matches(case: RuleCase) -> Iterator[Violation]:
    """For the product of the line, in the group of the chosen offer or in the preview's request."""
    for path, line, preview in chosen(case):
        group = _group(preview, text(at(line, "selectedDeliveryOffer", "details", "id")))
        _, named, place, amount = _line_product(line)
        ordered = number(amount)
        sources = (group, at(preview.arguments, "input"))
        amounts = [
            found
            for source in sources
            for _, value, raw in preview_products(source)
            if value == named and (found := number(raw)) is not None
        ]
        if ordered is not None and amounts and ordered not in amounts:
            message = "the preview is for another amount"
            yield Violation((*path, *place), message, str(amounts[0]), str(ordered), REQUEST)


@rule(
    "FLW-005",
    Level.MUST,
    "An order goes to the address of its delivery preview",
    BEST_PRACTICES,
    scope=Scope.FLOW,
    operations=CREATE,
    coordinate="RecipientInput.deliveryAddress",
    fix="Make a preview for the address of the order",
)
def address_matches(case: RuleCase) -> Iterator[Violation]:
    """Field by field, as far as the preview's address goes. No address is repeated in the finding."""
    address = at(case.arguments, "input", "recipient", "deliveryAddress")
    for _, _, preview in list(chosen(case))[:1]:
        _, shipping = preview_address(preview.arguments)
        for name in (*ADDRESS_FIELDS, "countryCode"):
            wanted, given = text(at(shipping, name)), at(address, name)
            if wanted and isinstance(given, str) and _plain(given) != _plain(wanted):
                place = ("input", "recipient", "deliveryAddress", name)
                yield Violation(place, f"{name} differs from the preview's", "the same", "another", REQUEST)


def _plain(value: str) -> str:
    return " ".join(value.split()).casefold()


@rule(
    "FLW-006",
    Level.MUST,
    "An order is for the shopper of its delivery preview",
    BEST_PRACTICES,
    scope=Scope.FLOW,
    operations=CREATE,
    coordinate="CreateOrderInput.shopperIdentity",
    fix="Give the identity that the preview was made with",
)
def identity_matches(case: RuleCase) -> Iterator[Violation]:
    """The kind of identity and its value. No token is repeated in the finding."""
    identity = at(case.arguments, "input", "shopperIdentity")
    for _, _, preview in list(chosen(case))[:1]:
        before = preview_identity(preview.arguments)
        for name in ("apayCheckoutSessionId", "lwaAccessToken"):
            wanted, given = at(before, name, "value"), at(identity, name, "value")
            if wanted and identity and given != wanted:
                place = ("input", "shopperIdentity", name)
                yield Violation(place, "not the identity of the preview", "the same", "another or none", REQUEST)
