"""Returns and reversal offers (RET)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.order_requests import APRIL, NOVEMBER
from conformance.rules.values import alias_rows, at, number, repeated, rows, text, total

DETAILS: Final = ("input", "returns", "details")


@rule(
    "RET-001",
    Level.SHOULD,
    "A new external return has an alias",
    "steps-to-process-returns",
    versions=(NOVEMBER,),
    operations=("updateOrder",),
    coordinate="ReturnDetailsInput.aliases",
    fix="Give an alias, for example of the type EXTERNAL-RETURN-ID",
)
def new_return_has_alias(case: RuleCase) -> Iterator[Violation]:
    """A return without `returnIdentifier` is a new one."""
    for path, one in rows(case.arguments, *DETAILS):
        if not one.get("returnIdentifier") and not one.get("aliases"):
            yield Violation((*path, "aliases"), "a new return without a name", "an alias", "missing", REQUEST)


@rule(
    "RET-002",
    Level.MUST,
    "Two returns have different aliases",
    "troubleshoot-return-errors",
    versions=(NOVEMBER,),
    operations=("updateOrder",),
    coordinate="ReturnDetailsInput.aliases",
    fix="Give each return an alias of its own",
)
def return_aliases_differ(case: RuleCase) -> Iterator[Violation]:
    """Else the documented error is AliasValueAlreadyExists."""
    returns = [path for path, _ in rows(case.arguments, *DETAILS)]
    places = (place for path in returns for place in alias_rows(case.arguments, *path, "aliases"))
    for path, key in repeated(places):
        yield Violation(path, "the alias of another return", "each alias once", code_shown(key[0]), REQUEST)


@rule(
    "RET-003",
    Level.MUST,
    "A new external return begins as CREATED",
    "add-an-external-return",
    versions=(NOVEMBER,),
    operations=("updateOrder",),
    coordinate="ReturnDetailsInput.state",
    fix="Give CREATED; change it with a later update that has a returnIdentifier",
)
def new_return_is_created(case: RuleCase) -> Iterator[Violation]:
    """A return without `returnIdentifier` is a new one."""
    for path, one in rows(case.arguments, *DETAILS):
        state = one.get("state")
        if not one.get("returnIdentifier") and isinstance(state, str) and state != "CREATED":
            yield Violation((*path, "state"), "a new return in a later state", "CREATED", code_shown(state), REQUEST)


def _reason(case: RuleCase, type_name: str) -> Iterator[Violation]:
    for path, package in case.objects(type_name):
        if "reason" not in package or not isinstance(package.get("state"), str):
            continue
        failed, reason = package["state"] == "FAILED", package["reason"]
        if failed is (reason is None):
            message = f"{'no' if failed else 'a'} reason in the state {package['state'][:40]}"
            expected = "a reason" if failed else "null"
            yield Violation((*path, "reason"), message, expected, code_shown(reason) if reason else "null")


@rule(
    "RET-004",
    Level.MUST,
    "A return delivery has a reason when it FAILED, and only then",
    "sandbox-objects-returndeliverydetails",
    scope=Scope.ANSWER,
    grade=Grade.PAGE,
    versions=(APRIL, NOVEMBER),
    types=("ReturnDeliveryDetails",),
    coordinate="ReturnDeliveryDetails.reason",
    fix="Answer the reason of a failed delivery, null for any other",
)
def delivery_reason(case: RuleCase) -> Iterator[Violation]:
    """Judged where both are selected."""
    yield from _reason(case, "ReturnDeliveryDetails")


@rule(
    "RET-005",
    Level.MUST,
    "A return package has a reason when it FAILED, and only then",
    "order-objects-returnpackagedetails",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    versions=(NOVEMBER,),
    types=("ReturnPackageDetails",),
    coordinate="ReturnPackageDetails.reason",
    fix="Answer the reason of a failed package, null for any other",
)
def package_reason(case: RuleCase) -> Iterator[Violation]:
    """Judged where both are selected; the page has no version."""
    yield from _reason(case, "ReturnPackageDetails")


@rule(
    "RET-006",
    Level.MUST,
    "The conditions of graded units add up",
    "get-return-details",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    versions=(APRIL, NOVEMBER),
    types=("ReturnGradingSummary",),
    coordinate="ReturnGradingSummary.gradedAmount",
    fix="Answer as gradedAmount the sum over all conditions",
)
def grading_adds_up(case: RuleCase) -> Iterator[Violation]:
    """`gradedAmount` against `unitWiseCondition`, in one unit."""
    for path, summary in case.objects("ReturnGradingSummary"):
        amounts = [at(one, "amount") for _, one in rows(summary, "unitWiseCondition")]
        graded, found = number(at(summary, "gradedAmount", "value")), total(at(one, "value") for one in amounts)
        units = {text(at(one, "unit")) for one in amounts} | {text(at(summary, "gradedAmount", "unit"))}
        if amounts and graded is not None and found is not None and len(units) == 1 and graded != found:
            place = (*path, "gradedAmount", "value")
            yield Violation(place, "not the sum of the conditions", str(found), str(graded))


@rule(
    "RET-016",
    Level.MUST,
    "No more is graded than was returned",
    "get-return-details",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    versions=(APRIL, NOVEMBER),
    types=("ReturnGradingSummary",),
    coordinate="ReturnGradingSummary.gradedAmount",
    fix="Answer at most what the line of the return is for",
)
def graded_was_returned(case: RuleCase) -> Iterator[Violation]:
    """`gradedAmount` against the amounts of `returnFor`, in one unit or where a unit is not said."""
    for path, line in case.objects("ReturnLineItem"):
        graded = at(line, "grading", "summary", "gradedAmount")
        amounts = [at(one, "amount") for _, one in rows(line, "returnFor", "orderLineItemAmounts")]
        value, limit = number(at(graded, "value")), total(at(one, "value") for one in amounts)
        units = {text(at(one, "unit")) for one in (graded, *amounts)} - {""}
        if amounts and value is not None and limit is not None and len(units) < 2 and value > limit:
            place = (*path, "grading", "summary", "gradedAmount", "value")
            yield Violation(place, "more than was returned", f"{limit} or less", str(value))


@rule(
    "RET-007",
    Level.MUST,
    "Reversal offers are for the items asked for",
    "returns-queries-reversaloffers",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=("reversalOffers",),
    types=("ReversalItem",),
    coordinate="ReversalItem.id",
    fix="Answer offers for the items of the request only",
)
def offers_for_items(case: RuleCase) -> Iterator[Violation]:
    """By the value of the item's identifier, whichever kind it is."""
    asked = set()
    for _, item in rows(case.arguments, "reversalOffersInput", "items"):
        for value in (at(item, "id") or {}).values() if isinstance(at(item, "id"), dict) else ():
            asked.add(value if isinstance(value, str) else at(value, "value"))
    for path, item in case.objects("ReversalItem"):
        value = at(item, "id", "value")
        if asked and isinstance(value, str) and value not in asked:
            yield Violation(
                (*path, "id", "value"), "nobody asked for this item", "an item asked for", code_shown(value)
            )


@rule(
    "RET-008",
    Level.MUST,
    "The returns of an order have different ids",
    "get-return-details",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    types=("Returns",),
    coordinate="ReturnDetails.id",
    fix="Answer each return once",
)
def return_ids_differ(case: RuleCase) -> Iterator[Violation]:
    """An ID names one return."""
    for path, returns in case.objects("Returns"):
        ids = (((*path, *place, "id"), one.get("id")) for place, one in rows(returns, "details"))
        for where, key in repeated((where, key) for where, key in ids if isinstance(key, str)):
            yield Violation(where, "the id of another return", "each id once", code_shown(key))


@rule(
    "RET-009",
    Level.MUST,
    "A resolution type stands once for an item",
    "get-reversal-offers",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    types=("ReversalItemOfferSummary",),
    coordinate="ReversalItemOfferSummary.resolutionTypes",
    fix="Answer each resolution type once",
)
def resolution_types_differ(case: RuleCase) -> Iterator[Violation]:
    """An item without RETURN cannot be returned; one with it twice says nothing more."""
    for path, summary in case.objects("ReversalItemOfferSummary"):
        types = summary.get("resolutionTypes")
        named = (((*path, "resolutionTypes", index), one) for index, one in enumerate(types or ()))
        if isinstance(types, list):
            for where, key in repeated((where, key) for where, key in named if isinstance(key, str)):
                yield Violation(where, "the same resolution type again", "each once", code_shown(key))
