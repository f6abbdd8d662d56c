"""Orders, what a target answers: money, codes, ids, states, times (ORD-020 to ORD-039)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.codes import COUNTRIES, CURRENCIES
from conformance.rules.model import RuleCase, Scope, Violation, rule
from conformance.rules.order_requests import NOVEMBER, order_names
from conformance.rules.values import alias_rows, at, instant, repeated, rows, text

OF_ORDERS: Final = (
    "Order",
    "LineItem",
    "RefundDetails",
    "ReturnDetails",
    "PaymentDetails",
    "CancellationDetails",
    "CancellationRequestDetails",
    "OrderMetadata",
)
_LISTS: Final = (
    ("Order", ("lineItems",)),
    ("Order", ("packageInformation", "details")),
    ("Order", ("deliveryInformation", "details")),
)


@rule(
    "ORD-020",
    Level.SHOULD,
    "Money is not negative",
    "order-mutations-createorder",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    types=("Money",),
    coordinate="Money.amount",
    fix="Answer an amount of 0 or more",
)
def money_is_not_negative(case: RuleCase) -> Iterator[Violation]:
    """Everywhere but in roll-up charges, where a discount may be written so."""
    for path, money in case.objects("Money"):
        amount = money.get("amount")
        if (
            isinstance(amount, int | float)
            and amount < 0
            and "rollupCharges" not in path
            and "rollupPrices" not in path
        ):
            yield Violation((*path, "amount"), "a negative amount of money", "0 or more", str(amount))


@rule(
    "ORD-021",
    Level.SHOULD,
    "A currency code is one of ISO 4217",
    "order-mutations-createorder",
    scope=Scope.ANSWER,
    grade=Grade.EXAMPLE,
    types=("Money",),
    coordinate="Money.currencyCode",
    fix="Answer a code of ISO 4217, like USD",
)
def currency_codes(case: RuleCase) -> Iterator[Violation]:
    """Three capital letters that name a currency."""
    for path, money in case.objects("Money"):
        code = money.get("currencyCode")
        if isinstance(code, str) and code not in CURRENCIES:
            message = "no currency of ISO 4217"
            yield Violation((*path, "currencyCode"), message, "a code like USD", code_shown(code))


@rule(
    "ORD-022",
    Level.SHOULD,
    "A country code is one of ISO 3166-1",
    "returns-objects-shippingaddress",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    types=("ShippingAddress",),
    coordinate="ShippingAddress.countryCode",
    fix="Answer a code of ISO 3166-1 alpha-2, like US",
)
def country_codes(case: RuleCase) -> Iterator[Violation]:
    """Two capital letters in use; their form is the contract's affair."""
    for path, address in case.objects("ShippingAddress"):
        code = address.get("countryCode")
        if isinstance(code, str) and len(code) == 2 and code.isupper() and code not in COUNTRIES:
            yield Violation((*path, "countryCode"), "no country of ISO 3166-1", "a code like US", code_shown(code))


@rule(
    "ORD-023",
    Level.SHOULD,
    "Nothing is updated before it is created",
    "sandbox-objects-order",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    types=OF_ORDERS,
    coordinate="OrderMetadata.updatedAt",
    fix="Answer updatedAt at or after createdAt",
)
def created_before_updated(case: RuleCase) -> Iterator[Violation]:
    """Of orders, refunds, returns, payments and cancellations."""
    for path, one in case.objects(*OF_ORDERS):
        created, updated = instant(one.get("createdAt")), instant(one.get("updatedAt"))
        if created and updated and updated < created:
            actual = code_shown(one["updatedAt"])
            yield Violation((*path, "updatedAt"), "updated before it was created", "createdAt or later", actual)


@rule(
    "ORD-024",
    Level.MUST,
    "The payments of one list have different ids",
    "sandbox-objects-paymentdetails",
    scope=Scope.ANSWER,
    grade=Grade.PAGE,
    types=("PaymentDetails",),
    coordinate="PaymentDetails.id",
    fix="Answer each payment once",
)
def payment_ids_differ(case: RuleCase) -> Iterator[Violation]:
    """Unique within one list."""
    ids = (((*path, "id"), (path[:-1], one.get("id"))) for path, one in case.objects("PaymentDetails"))
    for path, (_, key) in repeated((path, key) for path, key in ids if isinstance(key[1], str)):
        yield Violation(path, "the id of another payment of the list", "each id once", code_shown(key))


@rule(
    "ORD-025",
    Level.MUST,
    "The lines and packages of an order have different ids",
    "sandbox-objects-order",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    types=("Order",),
    coordinate="LineItem.id",
    fix="Answer each line and each package once",
)
def order_ids_differ(case: RuleCase) -> Iterator[Violation]:
    """An ID names one thing."""
    for path, order in case.objects("Order"):
        for _, place in _LISTS:
            ids = (((*path, *at_, "id"), one.get("id")) for at_, one in rows(order, *place))
            for where, key in repeated((where, key) for where, key in ids if isinstance(key, str)):
                yield Violation(where, "the id of another one of the list", "each id once", code_shown(key))


@rule(
    "ORD-026",
    Level.MUST,
    "The aliases of an order differ",
    "best-practices-for-orders",
    scope=Scope.ANSWER,
    types=("Order",),
    coordinate="Order.aliases",
    fix="Answer each alias once",
)
def answered_aliases_differ(case: RuleCase) -> Iterator[Violation]:
    """Type and id together."""
    for path, order in case.objects("Order"):
        for where, key in repeated(alias_rows(order, "aliases")):
            yield Violation((*path, *where), "the same alias again", "each alias once", code_shown(key[0]))


@rule(
    "ORD-027",
    Level.MUST,
    "A package has a reason when it is CANCELLED, and only then",
    "sandbox-objects-packageinformationdetails",
    scope=Scope.ANSWER,
    grade=Grade.PAGE,
    versions=(NOVEMBER,),
    types=("PackageInformationDetails",),
    coordinate="PackageInformationDetails.reason",
    fix="Answer the reason of a cancelled package, null for any other",
)
def package_reason(case: RuleCase) -> Iterator[Violation]:
    """Judged where both are selected."""
    for path, package in case.objects("PackageInformationDetails"):
        if "reason" not in package or not isinstance(package.get("state"), str):
            continue
        cancelled, reason = package["state"] == "CANCELLED", package["reason"]
        if cancelled is (reason is None):
            expected = "a reason" if cancelled else "null"
            message = f"{'no' if cancelled else 'a'} reason in the state {package['state'][:40]}"
            yield Violation((*path, "reason"), message, expected, code_shown(reason) if reason else "null")


@rule(
    "ORD-028",
    Level.MUST,
    "The state of all packages is that which each of them has",
    "sandbox-objects-packageinformationsummary",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    versions=(NOVEMBER,),
    types=("PackageInformation",),
    coordinate="PackageInformationSummary.state",
    fix="Answer the aggregate of the packages' states",
)
def package_summary(case: RuleCase) -> Iterator[Violation]:
    """How mixed states add up is not documented; when they agree, so must the summary."""
    for path, information in case.objects("PackageInformation"):
        states = {text(package.get("state")) for _, package in rows(information, "details")}
        summary = at(information, "summary", "state")
        if len(states) == 1 and isinstance(summary, str) and {summary} != states and all(states):
            yield Violation(
                (*path, "summary", "state"),
                "another state than that of every package",
                code_shown(next(iter(states))),
                code_shown(summary),
            )


@rule(
    "ORD-029",
    Level.SHOULD,
    "A cancellation that the merchant asks for begins as PENDING",
    "cancel-a-buy-with-prime-order",
    scope=Scope.ANSWER,
    operations=("cancelOrder",),
    types=("CancellationRequestDetails",),
    coordinate="CancellationRequestDetails.state",
    fix="Answer PENDING until the cancellation is decided",
)
def cancellation_begins(case: RuleCase) -> Iterator[Violation]:
    """The answer of cancelOrder does not mean that anything is cancelled."""
    for path, request in case.objects("CancellationRequestDetails"):
        state = request.get("state")
        if isinstance(state, str) and state != "PENDING":
            yield Violation((*path, "state"), "the cancellation is decided at once", "PENDING", code_shown(state))


@rule(
    "ORD-030",
    Level.SHOULD,
    "A cancellation through the API is the merchant's",
    "cancel-a-buy-with-prime-order",
    scope=Scope.ANSWER,
    operations=("cancelOrder",),
    types=("CancellationRequestDetails",),
    coordinate="CancellationRequestDetails.requestedBy",
    fix="Answer MERCHANT",
)
def cancellation_by_merchant(case: RuleCase) -> Iterator[Violation]:
    """`requestedBy` in the answer of cancelOrder."""
    for path, request in case.objects("CancellationRequestDetails"):
        who = request.get("requestedBy")
        if isinstance(who, str) and who != "MERCHANT":
            yield Violation((*path, "requestedBy"), "not asked for by the merchant", "MERCHANT", code_shown(who))


@rule(
    "ORD-031",
    Level.MUST,
    "The order that is answered is the one asked for",
    "query-a-buy-with-prime-order",
    scope=Scope.ANSWER,
    operations=("order", "updateOrder", "updateOrderPackageInformation", "updateOrderReturns"),
    types=("Order",),
    coordinate="Order.id",
    fix="Answer the order with this id",
)
def order_is_the_one_asked_for(case: RuleCase) -> Iterator[Violation]:
    """Where the request names the order by its id."""
    asked = next((name for name in order_names(case) if name and "/" not in name), "")
    place = () if case.operation == "order" else ("order",)
    answered = at(case.answer, *place, "id")
    if asked and isinstance(answered, str) and answered != asked:
        yield Violation((*place, "id"), "another order than asked for", code_shown(asked), code_shown(answered))
