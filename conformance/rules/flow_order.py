"""An order over time: what stays, what only grows, what was sent comes back (FLW-007 to FLW-013, FLW-020, FLW-021)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.memory import created_under, order_view, refunds, same_order, sent_aliases
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.order_requests import BEST_PRACTICES, order_names
from conformance.rules.values import alias_rows, at, number, rows, text

QUERY = ("order",)
BEFORE_APRIL: Final[Mapping[JsonPath, JsonPath]] = MappingProxyType(
    {("amount", "value"): ("quantity", "amount"), ("product", "title"): ("purchasedItem", "title")}
)
"""Where createOrder of 2024-01-01 has what later versions send."""


@rule(
    "FLW-007",
    Level.MUST,
    "An alias leads to the order that was created under it",
    BEST_PRACTICES,
    scope=Scope.FLOW,
    grade=Grade.GUIDE,
    operations=(*QUERY, "updateOrder"),
    coordinate="Order.id",
    fix="Answer the order that has the alias",
)
def alias_leads_to_order(case: RuleCase) -> Iterator[Violation]:
    """Where the request names the order by an alias alone."""
    names = [name for name in order_names(case) if name]
    view = order_view(case)
    if view is None or len(names) != 1 or "/" not in names[0]:
        return
    created, answered = created_under(case, names[0]), text(view[1].get("id"))
    if created and answered and created != answered:
        message = "another order than the one created under this alias"
        yield Violation((*view[0], "id"), message, code_shown(created), code_shown(answered))


@rule(
    "FLW-008",
    Level.MUST,
    "The lines of an order keep their ids",
    "order-queries-order",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=(*QUERY, "updateOrder"),
    coordinate="LineItem.id",
    fix="Answer the ids that were answered before",
)
def line_ids_stay(case: RuleCase) -> Iterator[Violation]:
    """Against the latest answer before that has them; an order cannot lose or gain lines through the API."""
    view = order_view(case)
    own = _line_ids(view)
    for earlier in same_order(case):
        before = _line_ids(order_view(earlier))
        if view and own and before:
            if own != before:
                place = (*view[0], "lineItems")
                yield Violation(place, "other ids of lines than before", f"{len(before)} known ids", "other ids")
            return


def _line_ids(view: Any) -> set[str]:
    return {text(line.get("id")) for _, line in rows(view[1], "lineItems")} - {""} if view else set()


def _created(case: RuleCase) -> RuleCase | None:
    return next((one for one in same_order(case) if one.operation == "createOrder" and one.accepted), None)


def _differing(case: RuleCase, place: JsonPath) -> Iterator[tuple[JsonPath, str, str]]:
    """Lines whose value differs from those that createOrder sent; lines may stand in another order."""
    created, view = _created(case), order_view(case)
    if created is None or view is None:
        return
    lines = [line for _, line in rows(created.arguments, "input", "lineItems")]
    left = [_plain(at(line, *place)) or _plain(at(line, *BEFORE_APRIL[place])) for line in lines]
    answered = [(path, _plain(at(line, *place))) for path, line in rows(view[1], "lineItems")]
    if len(left) != len(answered) or not all(left) or not all(value for _, value in answered):
        return
    for path, value in answered:
        if value in left:
            left.remove(value)
        else:
            yield (*view[0], *path, *place), "one of those sent", value


def _plain(value: Any) -> str:
    found = number(value)
    return str(found).removesuffix(".0") if found is not None else text(value)


@rule(
    "FLW-009",
    Level.MUST,
    "The amounts that were ordered come back",
    "query-a-buy-with-prime-order",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=QUERY,
    coordinate="LineItem.amount",
    fix="Answer the amounts of createOrder",
)
def amounts_come_back(case: RuleCase) -> Iterator[Violation]:
    """Line by line, in any order."""
    for path, expected, actual in _differing(case, ("amount", "value")):
        yield Violation(path, "another amount than ordered", expected, actual)


@rule(
    "FLW-010",
    Level.MUST,
    "The titles of the products that were ordered come back",
    "query-a-buy-with-prime-order",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=QUERY,
    coordinate="PurchasedProductView.title",
    fix="Answer the titles of createOrder",
)
def titles_come_back(case: RuleCase) -> Iterator[Violation]:
    """Line by line, in any order."""
    for path, expected, actual in _differing(case, ("product", "title")):
        yield Violation(path, "another title than ordered", expected, code_shown(actual))


@rule(
    "FLW-011",
    Level.MUST,
    "An order keeps its aliases",
    "order-objects-updateorderinput",
    scope=Scope.FLOW,
    grade=Grade.PAGE,
    operations=(*QUERY, "updateOrder"),
    coordinate="Order.aliases",
    fix="Append aliases, and never drop or change one",
)
def aliases_stay(case: RuleCase) -> Iterator[Violation]:
    """Those that were sent and accepted, or answered, before."""
    view = order_view(case)
    if view is None or not isinstance(view[1].get("aliases"), list):
        return
    answered = {key for _, key in alias_rows(view[1], "aliases")}
    if any("aliasId" not in alias or "aliasType" not in alias for _, alias in rows(view[1], "aliases")):
        return
    known: set[tuple[str, str]] = set()
    for earlier in same_order(case):
        before = order_view(earlier)
        known |= {key for _, key in alias_rows(before[1], "aliases")} if before else set()
        if earlier.accepted and earlier.operation in ("createOrder", "updateOrder"):
            known |= {*sent_aliases(earlier, "aliases"), *sent_aliases(earlier, "orderAliases")}
    for key in sorted(known - answered):
        yield Violation((*view[0], "aliases"), "an alias is gone", code_shown(key[0]), "missing")


@rule(
    "FLW-012",
    Level.MUST,
    "What was refunded never shrinks",
    "sandbox-objects-refundtotal",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=(*QUERY, "updateOrder"),
    coordinate="RefundDetails.refundTotal",
    fix="Answer the cumulated total",
)
def refunded_never_shrinks(case: RuleCase) -> Iterator[Violation]:
    """Once money went back: before, while PENDING or after FAILURE, the total is an estimate."""
    view = order_view(case)
    for path, refund in refunds(view[1]) if view else ():
        amount = number(at(refund, "refundTotal", "totalAmount", "amount"))
        before = [
            number(at(one, "refundTotal", "totalAmount", "amount"))
            for earlier in same_order(case)
            if (past := order_view(earlier)) is not None
            for _, one in refunds(past[1])
            if one.get("id") == refund.get("id") and one.get("state") in ("PARTIAL", "SUCCESS")
        ]
        known = [one for one in before if one is not None]
        if view and amount is not None and known and amount < max(known):
            place = (*view[0], *path, "refundTotal", "totalAmount", "amount")
            yield Violation(place, "less is refunded than before", f"{max(known)} or more", str(amount))


@rule(
    "FLW-013",
    Level.MUST,
    "The total of a refund is cumulative",
    "update-refund-details",
    scope=Scope.FLOW,
    operations=("updateOrder",),
    coordinate="RefundDetailsInput.refundTotal",
    fix="Give what was refunded in all, earlier updates included",
)
def total_is_cumulative(case: RuleCase) -> Iterator[Violation]:
    """Against the accepted updates before of the same refund."""
    place: JsonPath = ("input", "refunds", "details")
    for path, refund in rows(case.arguments, *place):
        amount = number(at(refund, "refundTotal", "totalAmount", "amount"))
        known = [
            found
            for earlier in same_order(case)
            if earlier.operation == "updateOrder" and earlier.accepted
            for _, one in rows(earlier.arguments, *place)
            if text(one.get("id")) and one.get("id") == refund.get("id") and one.get("state") in ("PARTIAL", "SUCCESS")
            if (found := number(at(one, "refundTotal", "totalAmount", "amount"))) is not None
        ]
        if amount is not None and known and amount < max(known):
            where = (*path, "refundTotal", "totalAmount", "amount")
            yield Violation(where, "less than an earlier update", f"{max(known)} or more", str(amount), REQUEST)


@rule(
    "FLW-020",
    Level.MUST,
    "Fulfilment that has started stays started",
    "update-a-buy-with-prime-order",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=(*QUERY, "updateOrder"),
    coordinate="OrderMetadata.executionState",
    fix="Answer STARTED",
)
def started_stays(case: RuleCase) -> Iterator[Violation]:
    """NOT_STARTED after an answer that said STARTED."""
    view = order_view(case)
    if view is None or at(view[1], "metadata", "executionState") != "NOT_STARTED":
        return
    for earlier in same_order(case):
        before = order_view(earlier)
        if before and at(before[1], "metadata", "executionState") == "STARTED":
            place = (*view[0], "metadata", "executionState")
            yield Violation(place, "it had started before", "STARTED", "NOT_STARTED")
            return


@rule(
    "FLW-021",
    Level.MUST,
    "Two orders have different aliases",
    BEST_PRACTICES,
    scope=Scope.FLOW,
    operations=("createOrder",),
    coordinate="CreateOrderInput.aliases",
    fix="Refuse the second order with ValidationError or ConflictError",
)
def alias_of_one_order(case: RuleCase) -> Iterator[Violation]:
    """The target must refuse an alias that an order has."""
    own = text(at(case.answer, "order", "id"))
    for key in sent_aliases(case, "aliases") if case.accepted else ():
        created = created_under(case, "/".join(key))
        if created and own and created != own:
            message = "accepted, although another order has the alias"
            yield Violation(("order", "id"), message, "an error", code_shown(own))
