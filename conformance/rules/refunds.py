"""Refunds, asked for by Buy with Prime or recorded as external ones (RFD)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.order_requests import APRIL, NOVEMBER
from conformance.rules.values import alias_rows, at, number, repeated, rows, text, total

EXTERNAL_REFUND: Final = ("EXTERNAL-REFUND-ID", "EXTERNAL_REFUND_ID")
"""The documentation spells the alias type in both ways."""

DETAILS: Final = ("input", "refunds", "details")
TROUBLE: Final = "troubleshoot-refund-errors"


@rule(
    "RFD-001",
    Level.MUST,
    "A refund is updated once in a request",
    TROUBLE,
    operations=("updateOrder",),
    coordinate="RefundDetailsInput.id",
    fix="Send one update of a refund in a request",
)
def refund_ids_differ(case: RuleCase) -> Iterator[Violation]:
    """Else the documented error is DuplicateRefundId."""
    ids = (((*path, "id"), refund.get("id")) for path, refund in rows(case.arguments, *DETAILS))
    for path, key in repeated((path, key) for path, key in ids if isinstance(key, str)):
        yield Violation(path, "the same refund again", "each refund once", code_shown(key), REQUEST)


@rule(
    "RFD-002",
    Level.MUST,
    "A refund update names its refund",
    TROUBLE,
    operations=("updateOrder",),
    coordinate="RefundDetailsInput.id",
    fix="Give the refund's id, or the alias of an external refund",
)
def refund_is_named(case: RuleCase) -> Iterator[Violation]:
    """By id; since 2024-04-01 an external refund by its alias. Else the documented error is MissingRefundId."""
    for path, refund in rows(case.arguments, *DETAILS):
        external = case.version != "2024-01-01" and refund.get("aliases")
        if not refund.get("id") and not external:
            yield Violation((*path, "id"), "no refund is named", "the id of a refund", "missing", REQUEST)


@rule(
    "RFD-003",
    Level.MUST,
    "Two refunds have different alias ids",
    TROUBLE,
    versions=(APRIL, NOVEMBER),
    operations=("updateOrder",),
    coordinate="RefundDetailsInput.aliases",
    fix="Give each refund an alias id of its own",
)
def refund_aliases_differ(case: RuleCase) -> Iterator[Violation]:
    """Else the documented error is DuplicateAliasId."""
    refunds = [path for path, _ in rows(case.arguments, *DETAILS)]
    places = (place for path in refunds for place in alias_rows(case.arguments, *path, "aliases"))
    for path, key in repeated((path, key[1]) for path, key in places):
        yield Violation((*path, "aliasId"), "the alias id of another refund", "each once", code_shown(key), REQUEST)


@rule(
    "RFD-004",
    Level.MUST,
    "An external refund has an alias of the type EXTERNAL-REFUND-ID",
    "add-an-external-refund",
    versions=(APRIL, NOVEMBER),
    operations=("updateOrder",),
    coordinate="RefundDetailsInput.aliases",
    fix="Give an alias of this type",
)
def external_refund_alias(case: RuleCase) -> Iterator[Violation]:
    """A refund without an id is an external one. Both documented spellings pass."""
    for path, refund in rows(case.arguments, *DETAILS):
        kinds = [key[0] for _, key in alias_rows(refund, "aliases")]
        if not refund.get("id") and kinds and not any(kind in EXTERNAL_REFUND for kind in kinds):
            place = (*path, "aliases")
            message = "an external refund with an alias of another type"
            yield Violation(place, message, " or ".join(EXTERNAL_REFUND), code_shown(kinds[0]), REQUEST)


@rule(
    "RFD-005",
    Level.SHOULD,
    "The payments of an update are not more than the refund",
    "update-refund-details",
    grade=Grade.INFERRED,
    operations=("updateOrder",),
    coordinate="RefundDetailsInput.refundTotal",
    fix="Give as refundTotal what was refunded in all, this update included",
)
def payments_within_total(case: RuleCase) -> Iterator[Violation]:
    """`refundTotal` is cumulative, `paymentDetails` are those of this update."""
    for path, refund in rows(case.arguments, *DETAILS):
        payments = [one for _, one in rows(refund, "paymentDetails") if one.get("state") == "SUCCESS"]
        paid = total(at(one, "amount", "amount") for one in payments)
        limit = number(at(refund, "refundTotal", "totalAmount", "amount"))
        currencies = {text(at(one, "amount", "currencyCode")) for one in payments}
        currencies.add(text(at(refund, "refundTotal", "totalAmount", "currencyCode")))
        if paid is not None and limit is not None and len(currencies) == 1 and paid > limit:
            place = (*path, "refundTotal", "totalAmount", "amount")
            yield Violation(place, "less than the payments of this update", f"{paid} or more", str(limit), REQUEST)


@rule(
    "RFD-006",
    Level.SHOULD,
    "A refund gives money back",
    "update-refund-details",
    grade=Grade.INFERRED,
    operations=("updateOrder",),
    coordinate="RefundDetailsInput.refundTotal",
    fix="Give an amount of 0 or more",
)
def refund_is_not_negative(case: RuleCase) -> Iterator[Violation]:
    """`refundTotal` is no negative amount."""
    for path, refund in rows(case.arguments, *DETAILS):
        amount = number(at(refund, "refundTotal", "totalAmount", "amount"))
        if amount is not None and amount < 0:
            place = (*path, "refundTotal", "totalAmount", "amount")
            yield Violation(place, "a negative refund", "0 or more", str(amount), REQUEST)


@rule(
    "RFD-007",
    Level.MUST,
    "The refunds of an order have different ids",
    "get-refund-details",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    types=("Refunds",),
    coordinate="RefundDetails.id",
    fix="Answer each refund once",
)
def answered_refund_ids_differ(case: RuleCase) -> Iterator[Violation]:
    """An ID names one refund."""
    for path, refunds in case.objects("Refunds"):
        ids = (((*path, *place, "id"), one.get("id")) for place, one in rows(refunds, "details"))
        for where, key in repeated((where, key) for where, key in ids if isinstance(key, str)):
            yield Violation(where, "the id of another refund", "each id once", code_shown(key))


@rule(
    "RFD-008",
    Level.MUST,
    "The refunds of an order have different aliases",
    "update-refund-details",
    scope=Scope.ANSWER,
    versions=(APRIL, NOVEMBER),
    types=("Refunds",),
    coordinate="RefundDetails.aliases",
    fix="Answer an alias for one refund only",
)
def answered_refund_aliases_differ(case: RuleCase) -> Iterator[Violation]:
    """Refund aliases are unique in the order, and a type stands once in a refund: a new id of it overwrites."""
    for path, refunds in case.objects("Refunds"):
        details = [place for place, _ in rows(refunds, "details")]
        places = [place for one in details for place in alias_rows(refunds, *one, "aliases")]
        for where, key in repeated(places):
            yield Violation((*path, *where), "an alias that stands before", "each once", code_shown(key[0]))


@rule(
    "RFD-009",
    Level.MUST,
    "A refund has one alias of a type",
    "update-refund-details",
    scope=Scope.ANSWER,
    versions=(APRIL, NOVEMBER),
    types=("RefundDetails",),
    coordinate="RefundDetails.aliases",
    fix="Overwrite the alias id when another comes for its type",
)
def one_alias_of_a_type(case: RuleCase) -> Iterator[Violation]:
    """The same alias type overwrites the alias id."""
    for path, refund in case.objects("RefundDetails"):
        for where, kind in repeated((place, key[0]) for place, key in alias_rows(refund, "aliases")):
            yield Violation((*path, *where), "a second alias of this type", "one of a type", code_shown(kind))


@rule(
    "RFD-010",
    Level.MAY,
    "The reason of a refund that Buy with Prime asked for stays as it is",
    TROUBLE,
    versions=(NOVEMBER,),
    operations=("updateOrder",),
    coordinate="RefundDetailsInput.refundRequestReason",
    fix="Leave refundRequestReason out",
)
def reason_stays(case: RuleCase) -> Iterator[Violation]:
    """Only external refunds may change it. One that is updated by its id may be external without saying so again, so
    this informs.
    """
    for path, refund in rows(case.arguments, *DETAILS):
        kinds = {key[0] for _, key in alias_rows(refund, "aliases")}
        if text(refund.get("id")) and refund.get("refundRequestReason") and kinds.isdisjoint(EXTERNAL_REFUND):
            place = (*path, "refundRequestReason")
            yield Violation(place, "a reason for a refund that is not external", "left out", "a reason", REQUEST)
