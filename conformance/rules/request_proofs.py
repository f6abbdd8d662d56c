"""Quick proofs that a request keeps its rules. As with answers: where a proof does not hold, the rules are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from conformance.rules.codes import COUNTRIES, CURRENCIES
from conformance.rules.model import RuleCase
from conformance.rules.order_extras import COLLECTED
from conformance.rules.proofs import all_differ
from conformance.rules.values import at

MAX_PROVED_LINES: Final = 20
_NO_MONEY: Final = frozenset(
    [
        "amount",
        "quantity",
        "aliases",
        "lineItemAliases",
        "orderAliases",
        "clientDetails",
        "customer",
        "recipient",
        "lineItems",
        "orderLinks",
        "shopperIdentity",
        "desiredExecutionState",
    ]
)
"""Fields of an order and of a line below which no money stands, or that are looked at by themselves."""


@dataclass(frozen=True, slots=True)
class RequestProof:
    """`holds` is true only of requests that keep the rules `about`."""

    about: frozenset[str]
    holds: Callable[[RuleCase], bool]


def _create_order(case: RuleCase) -> bool:
    """Values have the kinds that the contract gives them; of a line that is in order nothing is asked twice."""
    order = case.arguments.get("input")
    if type(order) is not dict or order.get("totalPrice") is None:
        return False
    lines = order.get("lineItems")
    if type(lines) is not list or not 0 < len(lines) <= MAX_PROVED_LINES:
        return False
    prime = False
    aliases: list[Any] = []
    for line in lines:
        offer = line.get("selectedDeliveryOffer")
        details = offer.get("details") if offer else None
        if details:
            kind = _delivery(details)
            if kind is None:
                return False
            prime = prime or kind
        payments = line.get("payments")
        if not _more_than_nothing(line) or (payments and not _payments_fit(payments)) or not _money_below(line):
            return False
        aliases += line.get("aliases") or ()
        aliases += line.get("lineItemAliases") or ()
    if len(aliases) > 1 and not _differ(aliases):
        return False
    return _of_order(order, lines, prime=prime)


def _of_order(order: Mapping[str, Any], lines: list[Any], *, prime: bool) -> bool:
    for name in ("aliases", "orderAliases"):
        aliases = order.get(name)
        if aliases and len(aliases) > 1 and not _differ(aliases):
            return False
    recipient = order.get("recipient")
    address = recipient.get("deliveryAddress") if recipient else None
    if address and not _country_exists(address):
        return False
    if prime and not (address and order.get("shopperIdentity")):
        return False
    for name in ("discounts", "taxes"):
        if order.get(name) and not any(line.get(name) for line in lines):
            return False
    payments = order.get("payments")
    return (not payments or _payments_fit(payments)) and _money_below(order)


def _money_below(holder: Mapping[str, Any]) -> bool:
    return all(_money_fits(value) for name, value in holder.items() if name not in _NO_MONEY)


def _money_fits(value: Any) -> bool:
    """No amount of money below is negative, and none in a currency that is none."""
    if isinstance(value, dict):
        code, amount = value.get("currencyCode"), value.get("amount")
        if code is not None:
            return isinstance(amount, int | float) and amount >= 0 and code in CURRENCIES
        return all(_money_fits(inner) for inner in value.values())
    return not isinstance(value, list) or all(_money_fits(inner) for inner in value)


def _delivery(details: Mapping[str, Any]) -> bool | None:
    """Is the line Prime? None when that, or what belongs to it, is not said as it has to be."""
    terms = details.get("deliveryTerms")
    eligible = terms.get("isPrimeEligible") if terms else None
    provider = details.get("deliveryProvider")
    if provider == "BUY_WITH_PRIME":
        return True
    if provider == "AMAZON":
        if eligible is True:
            return True if details.get("id") and details.get("deliveryPreviewId") else None
        return False if eligible is False and terms and terms.get("deliverySpeed") else None
    return None if eligible else False


def _more_than_nothing(line: Mapping[str, Any]) -> bool:
    amount, quantity = line.get("amount"), line.get("quantity")
    if amount is not None and quantity is not None:
        return False
    value = at(amount, "value") if amount is not None else at(quantity, "amount")
    return type(value) in (int, float) and value > 0


def _payments_fit(payments: Mapping[str, Any]) -> bool:
    """Each has an id of its own, none is collected, and who pays lives in a country that there is."""
    details = payments.get("details")
    if not details:
        return True
    if any(one.get("payer") and not _country_exists(one["payer"].get("billingAddress") or {}) for one in details):
        return False
    return all_differ([one.get("id") for one in details]) and all(one.get("state") != COLLECTED for one in details)


def _country_exists(address: Mapping[str, Any]) -> bool:
    country = address.get("countryCode")
    return not country or country in COUNTRIES


def _differ(aliases: list[Any]) -> bool:
    keys = {(alias.get("aliasType"), alias.get("aliasId")) for alias in aliases}
    return len(keys) == len(aliases)


def _names_order(case: RuleCase) -> bool:
    identifier = case.arguments.get("orderIdentifier")
    return (
        type(identifier) is dict
        and bool(identifier.get("orderId") or identifier.get("alias"))
        and case.arguments.get("orderId") is None
    )


REQUEST_PROOFS: Final[Mapping[str, RequestProof]] = MappingProxyType(
    {
        "createOrder": RequestProof(
            frozenset(f"ORD-{number:03d}" for number in (*range(1, 12), *range(15, 20), 38, 39)) | {"DLV-008"},
            _create_order,
        ),
        "order": RequestProof(frozenset(("ORD-013", "ORD-014")), _names_order),
    }
)
"""By operation."""
