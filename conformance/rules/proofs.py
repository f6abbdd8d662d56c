"""How the fast path proves that an answer keeps a rule, so that a clean answer is not walked.

A proof never says more than its rule: where it holds, the rule has nothing to report. Where it does not hold, the rule
itself is asked, and it is asked for every rule that has no proof here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from conformance.operations.proofs import LeafProof, ObjectProof, Path, Proof
from conformance.rules import refusals
from conformance.rules.codes import COUNTRIES, CURRENCIES
from conformance.rules.delivery import ADDRESS_FIELDS, preview_address, preview_identity
from conformance.rules.model import RuleCase
from conformance.rules.order_answers import OF_ORDERS
from conformance.rules.order_requests import order_names
from conformance.rules.refusals import faults
from conformance.rules.values import at, instant, number, total


@dataclass(frozen=True, slots=True)
class RootProof:
    """`holds` is true of a request and of the values at `paths` below the operation's root field.

    Where a path is not selected there is nothing to prove.
    """

    about: str
    paths: tuple[Path, ...]
    holds: Callable[..., bool]


def all_differ(values: Sequence[Any] | None) -> bool:
    """No text stands twice."""
    if not values or len(values) < 2 or len(set(values)) == len(values):
        return True
    texts = [value for value in values if value is not None]
    return len(set(texts)) == len(texts)


def keys_differ(keys: Sequence[tuple[Any, Any]]) -> bool:
    """No pair stands twice that has both its parts."""
    if len(keys) < 2 or len(set(keys)) == len(keys):
        return True
    whole = [key for key in keys if key[0] and key[1]]
    return len(set(whole)) == len(whole)


def kinds_differ(keys: Sequence[tuple[Any, Any]]) -> bool:
    """No first part of a whole pair stands twice."""
    return len(keys) < 2 or all_differ([kind for kind, name in keys if kind and name])


def in_order(first: Any, second: Any) -> bool:
    """The second moment is not before the first; decoded moments, or texts."""
    if type(first) is type(second) is datetime.datetime:
        return bool(first <= second)
    if first is None or second is None:
        return True
    first, second = instant(str(first)), instant(str(second))
    return first is None or second is None or bool(second >= first)


def _reason_with(wanted: str) -> Callable[[Any, Any], bool]:
    return lambda state, reason: state is None or (state == wanted) is not (reason is None)


def _one_state(summary: Any, states: Sequence[Any]) -> bool:
    if summary is None or not states or (first := states[0]) == summary:
        return True
    return len(states) > 1 and any(state != first for state in states)


def _adds_up(graded: Any, amounts: Sequence[Any]) -> bool:
    """Whatever the units, which need not be selected."""
    return graded is None or not amounts or number(graded) == total(amounts)


def _as_its_tracker(state: Any, code: Any) -> bool:
    return bool(code != "DELIVERED" or state == "DELIVERED")


def _covers(states: Sequence[Any], amounts: Sequence[Any], limit: Any) -> bool:
    """`limit` is at least the sum of what succeeded, whatever the currencies."""
    paid = [amount for state, amount in zip(states, amounts, strict=False) if state == "SUCCESS"]
    if not paid or limit is None or (len(paid) == 1 and type(paid[0]) is type(limit) is float and paid[0] <= limit):
        return True
    whole, most = total(paid), number(limit)
    return whole is None or most is None or whole <= most


_ALIAS: Final = ("aliasType", "aliasId")


def _types(*names: str) -> frozenset[str]:
    return frozenset(names)


PROOFS: Final[tuple[Proof, ...]] = (
    LeafProof(
        "ORD-020", _types("Money"), "amount", minimum=0, unless_below=frozenset(("rollupCharges", "rollupPrices"))
    ),
    LeafProof("ORD-021", _types("Money"), "currencyCode", members=CURRENCIES),
    LeafProof("ORD-022", _types("ShippingAddress"), "countryCode", members=COUNTRIES),
    ObjectProof("ORD-023", frozenset(OF_ORDERS), (("createdAt",), ("updatedAt",)), in_order),
    ObjectProof("ORD-024", _types("Payments"), (("details", "id"),), all_differ),
    ObjectProof("ORD-024", _types("RefundDetails"), (("paymentDetails", "id"),), all_differ),
    ObjectProof("ORD-025", _types("Order"), (("lineItems", "id"),), all_differ),
    ObjectProof("ORD-025", _types("Order"), (("packageInformation", "details", "id"),), all_differ),
    ObjectProof("ORD-025", _types("Order"), (("deliveryInformation", "details", "id"),), all_differ),
    ObjectProof("ORD-026", _types("Order"), (("aliases", _ALIAS),), keys_differ),
    ObjectProof("ORD-027", _types("PackageInformationDetails"), (("state",), ("reason",)), _reason_with("CANCELLED")),
    ObjectProof("ORD-028", _types("PackageInformation"), (("summary", "state"), ("details", "state")), _one_state),
    LeafProof("ORD-029", _types("CancellationRequestDetails"), "state", members=frozenset(("PENDING",))),
    LeafProof("ORD-030", _types("CancellationRequestDetails"), "requestedBy", members=frozenset(("MERCHANT",))),
    ObjectProof(
        "ORD-032",
        _types("PackageInformationDetails"),
        (("state",), ("packageTracker", "latestMilestone", "status", "code")),
        _as_its_tracker,
    ),
    ObjectProof("RFD-007", _types("Refunds"), (("details", "id"),), all_differ),
    ObjectProof("RFD-008", _types("Refunds"), (("details", "aliases", _ALIAS),), keys_differ),
    ObjectProof("RFD-009", _types("RefundDetails"), (("aliases", _ALIAS),), kinds_differ),
    ObjectProof(
        "RFD-012",
        _types("RefundDetails"),
        (("paymentDetails", "state"), ("paymentDetails", "amount", "amount"), ("refundTotal", "totalAmount", "amount")),
        _covers,
    ),
    ObjectProof("RET-004", _types("ReturnDeliveryDetails"), (("state",), ("reason",)), _reason_with("FAILED")),
    ObjectProof("RET-005", _types("ReturnPackageDetails"), (("state",), ("reason",)), _reason_with("FAILED")),
    ObjectProof(
        "RET-006",
        _types("ReturnGradingSummary"),
        (("gradedAmount", "value"), ("unitWiseCondition", "amount", "value")),
        _adds_up,
    ),
    ObjectProof("RET-008", _types("Returns"), (("details", "id"),), all_differ),
    ObjectProof("RET-009", _types("ReversalItemOfferSummary"), (("resolutionTypes",),), all_differ),
    ObjectProof("RET-014", _types("Returns"), (("details", "aliases", _ALIAS),), keys_differ),
    ObjectProof("DLV-005", _types("DeliveryDateRange"), (("earliest",), ("latest",)), in_order),
)
"""Proofs about objects of a type, wherever they stand."""


def _same(key: str) -> Callable[[RuleCase, Any], bool]:
    def holds(case: RuleCase, answered: Any) -> bool:
        return answered is None or answered == case.arguments.get(key)

    return holds


def _order_asked_for(case: RuleCase, answered: Any) -> bool:
    given = case.arguments
    identifier = given.get("orderIdentifier")
    if answered is None or (type(identifier) is dict and identifier.get("orderId") == answered):
        return True
    if len(given) == 1 and type(identifier) is dict and len(identifier) == 1:
        alias = identifier.get("alias")
        if type(alias) is dict and alias.get("aliasType") and alias.get("aliasId"):
            return True
    return not any(name and "/" not in name for name in order_names(case))


def _may_expire(case: RuleCase, moments: Sequence[Any]) -> bool:
    if all(moment is None for moment in moments):
        return True
    _, address = preview_address(case.arguments)
    return bool(preview_identity(case.arguments)) and all(at(address, name) for name in ADDRESS_FIELDS)


def _page(case: RuleCase, edges: Sequence[Any] | None) -> bool:
    first = case.arguments.get("first")
    return not edges or first is None or (isinstance(first, int) and len(edges) <= first)


def _values_differ(_: RuleCase, values: Sequence[Any]) -> bool:
    return all_differ(values)


def _moments_in_order(_: RuleCase, first: Any, second: Any) -> bool:
    return in_order(first, second)


def _without_report(_: RuleCase, status: Any, report: Any) -> bool:
    return report is None or status not in ("CREATED", "IN_PROGRESS")


def _link_at_the_end(_: RuleCase, status: Any, link: Any) -> bool:
    return link is None or status == "COMPLETED"


def _errors_of_failed(_: RuleCase, status: Any, errors: Any) -> bool:
    return status is None or (status == "FAILED") is bool(errors)


def _no_open_orders(_: RuleCase, codes: Sequence[Any]) -> bool:
    return "ORDERS_NOT_CLOSED" not in codes


def _days(_: RuleCase, days: Any) -> bool:
    return days is None or 0 <= days <= 180


def _draft_unless_started(case: RuleCase, state: Any) -> bool:
    return not state or state == "DRAFT" or at(case.arguments, "input", "desiredReturnExecutionState") is not None


def _return_asked_for(case: RuleCase, answered: Any) -> bool:
    given = case.arguments
    asked = at(given, "returnIdentifier", "id") if case.operation == "return" else None
    if not isinstance(asked, str):
        asked = at(given, "input", "id") if case.operation == "return" else at(given, "input", "returnIdentifier", "id")
    return answered is None or not asked or bool(asked == answered)


def _no_draft(_: RuleCase, state: Any) -> bool:
    return bool(state != "DRAFT")


def _no_fault(case: RuleCase) -> bool:
    return not faults(case)


def _order_proofs() -> tuple[RootProof, ...]:
    return (
        RootProof("ORD-031", (("id",),), _order_asked_for),
        RootProof("ORD-031", (("order", "id"),), _order_asked_for),
    )


ROOT_PROOFS: Final[Mapping[str, tuple[RootProof, ...]]] = MappingProxyType(
    {
        "ORD-031": _order_proofs(),
        **{
            rule.id: (RootProof(rule.id, (), _no_fault),)
            for rule in (
                refusals.cancel_refused,
                refusals.update_refused,
                refusals.preview_refused,
                refusals.deletion_refused,
                refusals.report_refused,
                refusals.subscription_refused,
                refusals.sandbox_refused,
            )
        },
        "RET-011": (RootProof("RET-011", (("returnDetails", "state"),), _draft_unless_started),),
        "RET-012": (RootProof("RET-012", (("returnDetails", "id"),), _return_asked_for),),
        "RET-015": (RootProof("RET-015", (("returnDetails", "state"),), _no_draft),),
        "DLV-004": (RootProof("DLV-004", (("deliveryGroups", "deliveryOffers", "expiresAt"),), _may_expire),),
        "DLV-006": (RootProof("DLV-006", (("deliveryGroups", "deliveryOffers", "id"),), _values_differ),),
        "CAT-002": (RootProof("CAT-002", (("edges",),), _page),),
        "CAT-003": (RootProof("CAT-003", (("edges", "node", "sku", "value"),), _values_differ),),
        "CAT-004": (RootProof("CAT-004", (("edges", "node", "id"),), _values_differ),),
        "CAT-005": (RootProof("CAT-005", (("status",), ("result", "resultReport")), _without_report),),
        "CAT-006": (RootProof("CAT-006", (("id",),), _same("catalogFeedId")),),
        "PRV-001": (RootProof("PRV-001", (("taskId",),), _same("taskId")),),
        "PRV-002": (RootProof("PRV-002", (("status",), ("dataRetrievalLink",)), _link_at_the_end),),
        "PRV-003": (RootProof("PRV-003", (("status",), ("errors",)), _errors_of_failed),),
        "PRV-004": (RootProof("PRV-004", (("submissionDate",), ("lastUpdatedDate",)), _moments_in_order),),
        "PRV-005": (RootProof("PRV-005", (("errors", "code"),), _no_open_orders),),
        "PRV-006": (RootProof("PRV-006", (("holdingPeriod",),), _days),),
        "ANA-006": (RootProof("ANA-006", (("taskId",),), _same("taskId")),),
        "ANA-007": (RootProof("ANA-007", (("requestTime",), ("lastUpdatedTime",)), _moments_in_order),),
        "SUB-005": (RootProof("SUB-005", (("edges", "node", "id"),), _values_differ),),
        "SUB-006": (RootProof("SUB-006", (("edges",),), _page),),
        "SUB-007": (RootProof("SUB-007", (("subscriptionId",),), _same("subscriptionId")),),
    }
)
"""Proofs about what stands below a root field, with the request's arguments at hand."""

PROVED: Final = frozenset(proof.about for proof in PROOFS) | frozenset(ROOT_PROOFS)
"""The rules of answers that have a proof."""
