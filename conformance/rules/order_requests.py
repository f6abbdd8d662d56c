"""Orders, what a client sends: lines and their delivery, aliases, identifiers (ORD-001 to ORD-019)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.model import REQUEST, RuleCase, Violation, rule
from conformance.rules.values import alias_rows, at, number, repeated, rows, text

APRIL: Final = "2024-04-01"
NOVEMBER: Final = "2024-11-01"
CREATE_GUIDE: Final = "create-a-buy-with-prime-order"
BEST_PRACTICES: Final = "best-practices-for-orders"
OFFER_PAGE: Final = "order-objects-deliveryofferdetailsinput"
MAX_ITEMS: Final = 20


def is_prime(line: Mapping[str, Any]) -> bool:
    """Does the line ask for Prime delivery? Before 2024-11-01 whatever Buy with Prime delivers is Prime."""
    details = at(line, "selectedDeliveryOffer", "details")
    if at(details, "deliveryProvider") == "BUY_WITH_PRIME":
        return True
    return at(details, "deliveryTerms", "isPrimeEligible") is True


def amazon_lines(case: RuleCase) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    """The delivery details of every line that Amazon delivers (2024-11-01)."""
    for path, line in rows(case.arguments, "input", "lineItems"):
        details = at(line, "selectedDeliveryOffer", "details")
        if isinstance(details, Mapping) and details.get("deliveryProvider") == "AMAZON":
            yield (*path, "selectedDeliveryOffer", "details"), details


def _too_many(case: RuleCase, *, prime: bool) -> Iterator[Violation]:
    lines = [line for _, line in rows(case.arguments, "input", "lineItems") if is_prime(line) is prime]
    if len(lines) > MAX_ITEMS:
        what = "Prime" if prime else "other"
        message = f"{len(lines)} {what} line items in one order"
        path = ("input", "lineItems")
        yield Violation(path, message, f"at most {MAX_ITEMS} {what} line items", f"{len(lines)} of them", REQUEST)


@rule(
    "ORD-001",
    Level.MUST,
    "An order has at most 20 Prime items",
    CREATE_GUIDE,
    versions=(APRIL, NOVEMBER),
    operations=("createOrder",),
    coordinate="CreateOrderInput.lineItems",
    fix="Split the order",
)
def prime_items(case: RuleCase) -> Iterator[Violation]:
    """Items are counted as line items."""
    yield from _too_many(case, prime=True)


@rule(
    "ORD-002",
    Level.MUST,
    "An order has at most 20 items that are not Prime",
    CREATE_GUIDE,
    versions=(NOVEMBER,),
    operations=("createOrder",),
    coordinate="CreateOrderInput.lineItems",
    fix="Split the order",
)
def other_items(case: RuleCase) -> Iterator[Violation]:
    """Items are counted as line items."""
    yield from _too_many(case, prime=False)


def _missing_for_prime(case: RuleCase, name: str) -> Iterator[Violation]:
    for path, details in amazon_lines(case):
        if at(details, "deliveryTerms", "isPrimeEligible") is True and not at(details, name):
            yield Violation((*path, name), f"Prime delivery without {name}", "a value", "missing", REQUEST)


@rule(
    "ORD-003",
    Level.MUST,
    "Prime delivery names its offer",
    OFFER_PAGE,
    grade=Grade.PAGE,
    versions=(NOVEMBER,),
    operations=("createOrder",),
    coordinate="DeliveryOfferDetailsInput.id",
    fix="Give the id of the offer that deliveryPreview answered",
)
def prime_offer_id(case: RuleCase) -> Iterator[Violation]:
    """`selectedDeliveryOffer.details.id`."""
    yield from _missing_for_prime(case, "id")


@rule(
    "ORD-004",
    Level.MUST,
    "Prime delivery names its delivery preview",
    OFFER_PAGE,
    grade=Grade.PAGE,
    versions=(NOVEMBER,),
    operations=("createOrder",),
    coordinate="DeliveryOfferDetailsInput.deliveryPreviewId",
    fix="Give the id that deliveryPreview answered",
)
def prime_preview_id(case: RuleCase) -> Iterator[Violation]:
    """`selectedDeliveryOffer.details.deliveryPreviewId`."""
    yield from _missing_for_prime(case, "deliveryPreviewId")


@rule(
    "ORD-005",
    Level.MUST,
    "Delivery by Amazon says whether it is Prime",
    CREATE_GUIDE,
    versions=(NOVEMBER,),
    operations=("createOrder",),
    coordinate="DeliveryTermsInput.isPrimeEligible",
    fix="Give deliveryTerms.isPrimeEligible",
)
def prime_is_said(case: RuleCase) -> Iterator[Violation]:
    """`deliveryTerms.isPrimeEligible` is true for Prime and false without."""
    for path, details in amazon_lines(case):
        if at(details, "deliveryTerms", "isPrimeEligible") is None:
            place = (*path, "deliveryTerms", "isPrimeEligible")
            yield Violation(place, "Amazon delivers, but Prime is not said", "true or false", "missing", REQUEST)


@rule(
    "ORD-006",
    Level.MUST,
    "Delivery by Amazon without Prime has a delivery speed",
    CREATE_GUIDE,
    versions=(NOVEMBER,),
    operations=("createOrder",),
    coordinate="DeliveryTermsInput.deliverySpeed",
    fix="Give deliveryTerms.deliverySpeed, for example STANDARD",
)
def speed_without_prime(case: RuleCase) -> Iterator[Violation]:
    """`deliveryTerms.deliverySpeed` where `isPrimeEligible` is false."""
    for path, details in amazon_lines(case):
        terms = details.get("deliveryTerms")
        if at(terms, "isPrimeEligible") is False and not at(terms, "deliverySpeed"):
            place = (*path, "deliveryTerms", "deliverySpeed")
            yield Violation(place, "no Prime, and no delivery speed", "a delivery speed", "missing", REQUEST)


@rule(
    "ORD-007",
    Level.MUST,
    "A line that the merchant delivers is not Prime",
    CREATE_GUIDE,
    versions=(NOVEMBER,),
    operations=("createOrder",),
    coordinate="DeliveryTermsInput.isPrimeEligible",
    fix="Let AMAZON deliver it, or give isPrimeEligible: false",
)
def merchant_is_not_prime(case: RuleCase) -> Iterator[Violation]:
    """Prime is what Amazon delivers."""
    for path, line in rows(case.arguments, "input", "lineItems"):
        details = at(line, "selectedDeliveryOffer", "details")
        if at(details, "deliveryProvider") == "MERCHANT" and at(details, "deliveryTerms", "isPrimeEligible") is True:
            place = (*path, "selectedDeliveryOffer", "details", "deliveryTerms", "isPrimeEligible")
            yield Violation(place, "the merchant delivers, and it is called Prime", "false", "true", REQUEST)


@rule(
    "ORD-008",
    Level.MUST,
    "An order with a Prime item says who the shopper is",
    CREATE_GUIDE,
    versions=(NOVEMBER,),
    operations=("createOrder",),
    coordinate="CreateOrderInput.shopperIdentity",
    fix="Give the shopperIdentity that the preview was made with",
)
def prime_identity(case: RuleCase) -> Iterator[Violation]:
    """`shopperIdentity` may be left out only when no line is Prime."""
    if not at(case.arguments, "input", "shopperIdentity") and any(
        is_prime(line) for _, line in rows(case.arguments, "input", "lineItems")
    ):
        place = ("input", "shopperIdentity")
        yield Violation(place, "Prime delivery for an unknown shopper", "an identity token", "missing", REQUEST)


@rule(
    "ORD-009",
    Level.MUST,
    "An order with a Prime item has a delivery address",
    BEST_PRACTICES,
    operations=("createOrder",),
    coordinate="RecipientInput.deliveryAddress",
    fix="Give the address that the preview was made for",
)
def prime_address(case: RuleCase) -> Iterator[Violation]:
    """`recipient.deliveryAddress`, the same as in the preview."""
    given = at(case.arguments, "input", "recipient", "deliveryAddress")
    if (
        not given
        and case.version == NOVEMBER
        and any(is_prime(line) for _, line in rows(case.arguments, "input", "lineItems"))
    ):
        place = ("input", "recipient", "deliveryAddress")
        yield Violation(place, "Prime delivery without an address", "an address", "missing", REQUEST)


@rule(
    "ORD-010",
    Level.MUST,
    "An order alias is unique",
    BEST_PRACTICES,
    operations=("createOrder", "updateOrder"),
    coordinate="CreateOrderInput.aliases",
    fix="Give each alias once",
)
def order_aliases_differ(case: RuleCase) -> Iterator[Violation]:
    """Type and id together; within one request here, across orders in FLW-021."""
    for name in ("aliases", "orderAliases"):
        for path, key in repeated(alias_rows(case.arguments, "input", name)):
            yield Violation(path, "the same order alias again", "each alias once", code_shown(key[0]), REQUEST)


@rule(
    "ORD-011",
    Level.SHOULD,
    "Two lines of an order have different aliases",
    BEST_PRACTICES,
    grade=Grade.INFERRED,
    operations=("createOrder",),
    coordinate="LineItemInput.aliases",
    fix="Give each line an alias of its own",
)
def line_aliases_differ(case: RuleCase) -> Iterator[Violation]:
    """An alias names one line, as an alias of an order names one order."""
    names = ("aliases", "lineItemAliases")
    lines = [path for path, _ in rows(case.arguments, "input", "lineItems")]
    places = (place for path in lines for name in names for place in alias_rows(case.arguments, *path, name))
    for path, key in repeated(places):
        yield Violation(path, "the alias of another line", "each alias once", code_shown(key[0]), REQUEST)


@rule(
    "ORD-012",
    Level.SHOULD,
    "The aliases of a cancellation differ",
    "order-objects-cancelorderinput",
    grade=Grade.INFERRED,
    versions=(APRIL, NOVEMBER),
    operations=("cancelOrder",),
    coordinate="CancelOrderInput.aliases",
    fix="Give each alias once",
)
def cancellation_aliases_differ(case: RuleCase) -> Iterator[Violation]:
    """An alias that stands twice says nothing more."""
    for path, key in repeated(alias_rows(case.arguments, "input", "aliases")):
        yield Violation(path, "the same cancellation alias again", "each alias once", code_shown(key[0]), REQUEST)


@rule(
    "ORD-013",
    Level.MUST,
    "The order query takes orderIdentifier or orderId, never both",
    "query-a-buy-with-prime-order",
    versions=("2024-01-01",),
    operations=("order",),
    coordinate="Query.order(orderId:)",
    fix="Leave the deprecated orderId out",
)
def one_way_to_query(case: RuleCase) -> Iterator[Violation]:
    """Only 2024-01-01 has both arguments."""
    if case.arguments.get("orderId") is not None and case.arguments.get("orderIdentifier") is not None:
        yield Violation(("orderId",), "orderIdentifier and orderId together", "one of them", "both", REQUEST)


@rule(
    "ORD-014",
    Level.MUST,
    "A request about an order names the order",
    "query-a-buy-with-prime-order",
    operations=("order", "updateOrder", "cancelOrder"),
    coordinate="OrderIdentifierInput",
    fix="Give the order's id, or one of its aliases",
)
def order_is_named(case: RuleCase) -> Iterator[Violation]:
    """By id or by alias, wherever the version takes it; of what kind a value is, the contract says."""
    if not any(_named(case)):
        place = ("orderIdentifier",) if "orderIdentifier" in case.arguments else ()
        yield Violation(place, "no order is named", "an id or an alias", "neither", REQUEST)


def _named(case: RuleCase) -> Iterator[bool]:
    for place in _identifiers(case):
        yield any(at(place, name) not in (None, "") for name in ("orderId", "alias", "orderAlias"))


def _identifiers(case: RuleCase) -> tuple[Any, ...]:
    given = at(case.arguments, "input")
    inside = (at(given, "orderIdentifier"), at(given, "id"), given)
    return (case.arguments.get("orderIdentifier"), *inside, case.arguments)


def order_names(case: RuleCase) -> Iterator[str]:
    """The id and the alias by which a request names its order; `type/id` for an alias."""
    places = _identifiers(case)
    for place in places:
        yield text(at(place, "orderId"))
    for place in places[:3]:
        for name in ("alias", "orderAlias"):
            alias = at(place, name)
            yield "/".join(filter(None, (text(at(alias, "aliasType")), text(at(alias, "aliasId")))))


@rule(
    "ORD-015",
    Level.SHOULD,
    "The amount of a line is more than nothing",
    "order-objects-lineiteminput",
    grade=Grade.INFERRED,
    operations=("createOrder",),
    coordinate="LineItemInput.amount",
    fix="Leave the line out, or give its amount",
)
def amounts_are_positive(case: RuleCase) -> Iterator[Violation]:
    """`amount.value`, or `quantity.amount` in 2024-01-01."""
    for path, line in rows(case.arguments, "input", "lineItems"):
        for place in (("amount", "value"), ("quantity", "amount")):
            value = number(at(line, *place))
            if value is not None and value <= 0:
                yield Violation((*path, *place), "a line of nothing", "more than 0", str(value), REQUEST)


@rule(
    "ORD-016",
    Level.SHOULD,
    "Discounts and taxes stand on the lines",
    BEST_PRACTICES,
    operations=("createOrder",),
    coordinate="LineItemInput.taxes",
    fix="Give discounts and taxes of the lines on the lines; Prime fees and refunds are estimated from them",
)
def money_on_lines(case: RuleCase) -> Iterator[Violation]:
    """An amount of the whole order, and on no line any."""
    for name in ("discounts", "taxes"):
        lines = [line for _, line in rows(case.arguments, "input", "lineItems")]
        if at(case.arguments, "input", name) and lines and not any(at(line, name) for line in lines):
            yield Violation(
                ("input", name), f"{name} of the order, none of a line", f"{name} on lines", "none", REQUEST
            )


@rule(
    "ORD-017",
    Level.MUST,
    "The payments of one list have different ids",
    "order-objects-paymentdetailsinput",
    grade=Grade.PAGE,
    operations=("createOrder", "updateOrder"),
    coordinate="PaymentDetailsInput.id",
    fix="Give each payment an id of its own",
)
def sent_payment_ids_differ(case: RuleCase) -> Iterator[Violation]:
    """Order, line and refund each have a list."""
    lists: list[JsonPath] = [("input", "payments", "details")]
    lists += [(*path, "payments", "details") for path, _ in rows(case.arguments, "input", "lineItems")]
    lists += [(*path, "paymentDetails") for path, _ in rows(case.arguments, "input", "refunds", "details")]
    for place in lists:
        ids = ((path, payment.get("id")) for path, payment in rows(case.arguments, *place))
        for path, key in repeated((path, key) for path, key in ids if isinstance(key, str)):
            yield Violation((*path, "id"), "the id of another payment", "each id once", code_shown(key), REQUEST)


@rule(
    "ORD-018",
    Level.SHOULD,
    "An order says what it costs",
    BEST_PRACTICES,
    versions=(APRIL, NOVEMBER),
    operations=("createOrder",),
    coordinate="CreateOrderInput.totalPrice",
    fix="Give totalPrice",
)
def total_is_given(case: RuleCase) -> Iterator[Violation]:
    """`totalPrice`: as many order details as possible."""
    order = at(case.arguments, "input")
    if isinstance(order, Mapping) and order.get("totalPrice") is None:
        yield Violation(("input", "totalPrice"), "an order without its total", "totalPrice", "missing", REQUEST)
