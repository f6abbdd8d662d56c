"""What an update or a sandbox mutation changed comes back, and nothing else is lost (FLW-025 to FLW-034, FLW-054)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown, listed
from conformance.rules.flow_states import Transitions, reachable
from conformance.rules.memory import order_view, refunds, same_order
from conformance.rules.model import RuleCase, Scope, Violation, rule
from conformance.rules.order_requests import APRIL, NOVEMBER
from conformance.rules.values import alias_rows, at, instant, number, rows, text

JANUARY: Final = "2024-01-01"
QUERY: Final = ("order",)
WITH_ORDER: Final = ("order", "updateOrder")

RETURN_2024_01_01: Final[Transitions] = MappingProxyType(
    {"CREATED": frozenset(("COMPLETED",)), "COMPLETED": frozenset()}
)
RETURN: Final[Transitions] = MappingProxyType(
    {
        "DRAFT": frozenset(("CREATED", "CANCELLED", "COMPLETED")),
        "CREATED": frozenset(("CANCELLED", "COMPLETED")),
        "CANCELLED": frozenset(),
        "COMPLETED": frozenset(),
    }
)
"""The states of the newest pages; no table of their transitions was read, so only ends and beginnings are held to."""

_Parts = Callable[[Mapping[str, Any]], Iterator[tuple[JsonPath, Mapping[str, Any]]]]


def returns_of(order: Mapping[str, Any]) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    """The returns of an order."""
    yield from rows(order, "returns", "details")


def _lines(order: Mapping[str, Any]) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    yield from rows(order, "lineItems")


def answered_parts(case: RuleCase, parts: _Parts) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    """The parts of the order that a case answers, with their paths in the answer."""
    view = order_view(case)
    if view is not None:
        for path, part in parts(view[1]):
            yield (*view[0], *path), part


def _last_sent(case: RuleCase, part_id: Any, *place: str) -> Mapping[str, Any]:
    """What the latest accepted updateOrder before sent about a refund or a return; empty when none did."""
    for earlier in same_order(case) if isinstance(part_id, str) else ():
        if earlier.operation == "updateOrder" and earlier.accepted:
            for _, sent in rows(earlier.arguments, "input", *place):
                if part_id in (sent.get("id"), at(sent, "returnIdentifier", "id")):
                    return sent
    return {}


@rule(
    "FLW-025",
    Level.MUST,
    "A refund has the alias ids that it was last given, and loses none",
    "update-refund-details",
    scope=Scope.FLOW,
    versions=(APRIL, NOVEMBER),
    operations=WITH_ORDER,
    coordinate="RefundDetails.aliases",
    fix="Overwrite the alias id of a type that is known, add an alias of another type, and drop none",
)
def refund_aliases_stay(case: RuleCase) -> Iterator[Violation]:
    """The same alias type overwrites the id, a new type is added, and none can be deleted."""
    for path, refund in answered_parts(case, refunds):
        aliases = refund.get("aliases")
        known = _refund_aliases(case, refund.get("id")) if isinstance(aliases, list) else {}
        if not known or any("aliasId" not in one or "aliasType" not in one for _, one in rows(refund, "aliases")):
            continue
        now = {key for _, key in alias_rows(refund, "aliases")}
        for kind, alias_id in sorted(known.items()):
            if (kind, alias_id) not in now:
                stale = any(one == kind for one, _ in now)
                message = f"the alias of type {code_shown(kind)} {'has another id' if stale else 'is gone'}"
                yield Violation((*path, "aliases"), message, "the id last given", "another" if stale else "none")


def _refund_aliases(case: RuleCase, refund_id: Any) -> dict[str, str]:
    """By type the alias ids of a refund that were sent and accepted, or answered, before; the latest of each."""
    known: dict[str, str] = {}
    for earlier in reversed(list(same_order(case))):
        sent = rows(earlier.arguments, "input", "refunds", "details") if earlier.operation == "updateOrder" else ()
        view = order_view(earlier)
        found = [
            *(one for _, one in sent if earlier.accepted),
            *(one for _, one in (refunds(view[1]) if view else ())),
        ]
        for one in found:
            if isinstance(refund_id, str) and one.get("id") == refund_id:
                known.update(key for _, key in alias_rows(one, "aliases"))
    return known


@rule(
    "FLW-026",
    Level.MUST,
    "An order keeps its refunds and its returns",
    "get-refund-details",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=WITH_ORDER,
    coordinate="RefundDetails.id",
    fix="Answer every refund and every return that was answered before, under its id",
)
def parts_stay(case: RuleCase) -> Iterator[Violation]:
    """Against the latest answer before that has the list; no operation takes one away."""
    view = order_view(case)
    for name, parts in (("refunds", refunds), ("returns", returns_of)) if view else ():
        if view is None or not isinstance(at(view[1], name, "details"), list):
            continue
        now = {text(one.get("id")) for _, one in parts(view[1])}
        if "" in now:
            continue
        for earlier in same_order(case):
            past = order_view(earlier)
            before = {text(one.get("id")) for _, one in parts(past[1])} - {""} if past else set()
            if before:
                if before - now:
                    place = (*view[0], name, "details")
                    expected, actual = f"{len(before)} known ids", f"{len(before - now)} missing"
                    yield Violation(place, f"{name} that were answered before are gone", expected, actual)
                break


def _return_moved(case: RuleCase, table: Transitions) -> Iterator[Violation]:
    for path, one in answered_parts(case, returns_of):
        now, before = text(one.get("state")), _return_before(case, one.get("id"))
        if now in table and before in table and now not in reachable(table, before):
            expected = listed(sorted(reachable(table, before)))
            yield Violation((*path, "state"), f"{now} cannot follow {before}", expected, now)


def _return_before(case: RuleCase, return_id: Any) -> str:
    for earlier in same_order(case) if isinstance(return_id, str) else ():
        for _, one in answered_parts(earlier, returns_of):
            if one.get("id") == return_id and text(one.get("state")):
                return text(one.get("state"))
    return ""


@rule(
    "FLW-027",
    Level.MUST,
    "A return of 2024-01-01 goes from CREATED to COMPLETED",
    "change-the-state-of-a-return-in-the-sandbox",
    scope=Scope.FLOW,
    versions=(JANUARY,),
    operations=("order", "updateOrderReturns"),
    coordinate="ReturnDetails.state",
    fix="Keep a return COMPLETED",
)
def return_completes(case: RuleCase) -> Iterator[Violation]:
    """From one answer to a later one."""
    yield from _return_moved(case, RETURN_2024_01_01)


@rule(
    "FLW-028",
    Level.MUST,
    "A return that has ended stays as it ended",
    "get-return-details",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    versions=(APRIL, NOVEMBER),
    operations=("order", "updateOrder", "updateOrderReturns"),
    coordinate="ReturnDetails.state",
    fix="Keep a return CANCELLED or COMPLETED, and none goes back to DRAFT",
)
def return_ends(case: RuleCase) -> Iterator[Violation]:
    """From one answer to a later one."""
    yield from _return_moved(case, RETURN)


@rule(
    "FLW-029",
    Level.MUST,
    "An order is made before the chosen offer expires",
    "create-delivery-previews",
    scope=Scope.FLOW,
    operations=("createOrder", "order"),
    coordinate="DeliveryOffer.expiresAt",
    fix="Make another preview when the offer has expired",
)
def offer_has_not_expired(case: RuleCase) -> Iterator[Violation]:
    """The order's `metadata.createdAt` against `expiresAt`: both are times of the target, no clock of ours."""
    view = order_view(case)
    created = instant(at(view[1], "metadata", "createdAt")) if view else None
    making = _making(case)
    if view is None or created is None or making is None:
        return
    for _, line in rows(making.arguments, "input", "lineItems"):
        details = at(line, "selectedDeliveryOffer", "details")
        expires = instant(_expiry(case, details))
        if expires is not None and created > expires:
            place = (*view[0], "metadata", "createdAt")
            yield Violation(place, "the chosen offer had expired", "expiresAt or earlier", "a later time")
            return


def _making(case: RuleCase) -> RuleCase | None:
    if case.operation == "createOrder":
        return case
    return next((one for one in same_order(case) if one.operation == "createOrder" and one.accepted), None)


def _expiry(case: RuleCase, details: Any) -> Any:
    """When the chosen offer expires, as the preview that the order names says."""
    for preview in case.earlier:
        if preview.operation == "deliveryPreview" and at(preview.answer, "id") == at(details, "deliveryPreviewId"):
            for _, group in rows(preview.answer, "deliveryGroups"):
                for _, offer in rows(group, "deliveryOffers"):
                    if offer.get("id") == at(details, "id"):
                        return offer.get("expiresAt")
    return None


@rule(
    "FLW-030",
    Level.MUST,
    "What an update said about a refund comes back",
    "update-refund-details",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=QUERY,
    coordinate="RefundDetails.state",
    fix="Answer the state and the total of the last update",
)
def refund_update_comes_back(case: RuleCase) -> Iterator[Violation]:
    """State and total of the latest accepted update that had them."""
    place: JsonPath = ("refundTotal", "totalAmount", "amount")
    for path, refund in answered_parts(case, refunds):
        sent = _last_sent(case, refund.get("id"), "refunds", "details")
        state, wanted = text(refund.get("state")), text(sent.get("state"))
        if state and wanted and state != wanted:
            yield Violation((*path, "state"), "not the state of the last update", code_shown(wanted), code_shown(state))
        amount, total = number(at(refund, *place)), number(at(sent, *place))
        if amount is not None and total is not None and amount != total:
            yield Violation((*path, *place), "not the total of the last update", str(total), str(amount))


@rule(
    "FLW-031",
    Level.MUST,
    "What an update said about an external return comes back",
    "update-return-details",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    versions=(NOVEMBER,),
    operations=QUERY,
    coordinate="ReturnDetails.state",
    fix="Answer the state of the last update",
)
def return_update_comes_back(case: RuleCase) -> Iterator[Violation]:
    """Only external returns are updated, and nothing but an update moves them."""
    for path, one in answered_parts(case, returns_of):
        wanted = text(_last_sent(case, one.get("id"), "returns", "details").get("state"))
        state = text(one.get("state"))
        if state and wanted and state != wanted:
            yield Violation((*path, "state"), "not the state of the last update", code_shown(wanted), code_shown(state))


@rule(
    "FLW-032",
    Level.MUST,
    "Fulfilment starts when it is asked for",
    "update-a-buy-with-prime-order",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=QUERY,
    coordinate="OrderMetadata.executionState",
    fix="Answer STARTED once a request for it was accepted",
)
def asked_for_start(case: RuleCase) -> Iterator[Violation]:
    """`desiredExecutionState` of createOrder and updateOrder."""
    view = order_view(case)
    if view is None or at(view[1], "metadata", "executionState") != "NOT_STARTED":
        return
    for earlier in same_order(case):
        asked = at(earlier.arguments, "input", "desiredExecutionState")
        if earlier.operation in ("createOrder", "updateOrder") and earlier.accepted and asked == "STARTED":
            place = (*view[0], "metadata", "executionState")
            yield Violation(place, "a request to start was accepted", "STARTED", "NOT_STARTED")
            return


@rule(
    "FLW-033",
    Level.MUST,
    "The total and the taxes of the last update come back",
    "update-a-buy-with-prime-order",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=QUERY,
    coordinate="Order.totalPrice",
    fix="Answer the amounts that createOrder or the last updateOrder gave",
)
def total_comes_back(case: RuleCase) -> Iterator[Violation]:
    """`totalPrice.value` and `taxes.summary.collectableTaxAmount`; null in an update leaves them as they are."""
    view = order_view(case)
    for place in (("totalPrice", "value"), ("taxes", "summary", "collectableTaxAmount")) if view else ():
        amount = number(at(view[1], *place, "amount")) if view else None
        sent = next(
            (
                found
                for earlier in same_order(case)
                if earlier.operation in ("createOrder", "updateOrder") and earlier.accepted
                if (found := number(at(earlier.arguments, "input", *place, "amount"))) is not None
            ),
            None,
        )
        if view and amount is not None and sent is not None and amount != sent:
            yield Violation((*view[0], *place, "amount"), "not the amount last sent", str(sent), str(amount))


@rule(
    "FLW-034",
    Level.MUST,
    "The lines and the returns of an order keep their aliases",
    "order-objects-updateorderinput",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=WITH_ORDER,
    coordinate="LineItem.aliases",
    fix="Answer the aliases that were answered before, of every line and return",
)
def line_aliases_stay(case: RuleCase) -> Iterator[Violation]:
    """By the id of the line or of the return, against the answers before."""
    for parts in (_lines, returns_of):
        for path, part in answered_parts(case, parts):
            now = {key for _, key in alias_rows(part, "aliases")}
            known = {
                key
                for earlier in (same_order(case) if isinstance(part.get("aliases"), list) and part.get("id") else ())
                for _, one in answered_parts(earlier, parts)
                if one.get("id") == part["id"]
                for _, key in alias_rows(one, "aliases")
            }
            if known - now:
                yield Violation(
                    (*path, "aliases"), "an alias is gone", f"{len(known)} known", f"{len(known - now)} gone"
                )


@rule(
    "FLW-054",
    Level.SHOULD,
    "Fulfilment does not start before it is asked for",
    "create-a-buy-with-prime-order",
    scope=Scope.FLOW,
    operations=QUERY,
    coordinate="OrderMetadata.executionState",
    fix="Answer NOT_STARTED until a request asks for STARTED",
)
def unasked_start(case: RuleCase) -> Iterator[Violation]:
    """NOT_STARTED is what a new order is without `desiredExecutionState`, and an update without it changes nothing."""
    view, making = order_view(case), _making(case)
    if view is None or making is None or at(view[1], "metadata", "executionState") != "STARTED":
        return
    asked = [at(one.arguments, "input", "desiredExecutionState") for one in same_order(case)]
    if "STARTED" not in asked:
        place = (*view[0], "metadata", "executionState")
        yield Violation(place, "nobody asked for the start", "NOT_STARTED", "STARTED")
