"""State machines: nothing moves against the documented transitions (FLW-014 to FLW-019, FLW-022 to FLW-024)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown, listed
from conformance.rules.memory import order_view, packages, refunds, return_packages, same_order
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.order_requests import APRIL, NOVEMBER
from conformance.rules.sandbox_requests import PACKAGE_MUTATIONS, package_moves
from conformance.rules.values import at, rows, text

Transitions: TypeAlias = Mapping[str, frozenset[str]]
_Parts: TypeAlias = Callable[[Mapping[str, Any]], Iterator[tuple[JsonPath, Mapping[str, Any]]]]


def _table(**states: str) -> Transitions:
    return MappingProxyType({state: frozenset(after.split()) for state, after in states.items()})


REFUND: Final = _table(
    PENDING="PENDING PARTIAL FAILURE SUCCESS",
    FAILURE="PARTIAL FAILURE SUCCESS",
    PARTIAL="PARTIAL SUCCESS",
    SUCCESS="SUCCESS",
)
PACKAGE: Final = _table(PENDING="CANCELLED IN_TRANSIT", IN_TRANSIT="CANCELLED DELIVERED", CANCELLED="", DELIVERED="")
RETURN_PACKAGE: Final = _table(
    CREATED="IN_TRANSIT DROPPED_OFF", DROPPED_OFF="IN_TRANSIT", IN_TRANSIT="DELIVERED FAILED", DELIVERED="", FAILED=""
)
CANCEL_REASONS: Final = MappingProxyType(
    {"PENDING": ("UNFULFILLABLE", "CUSTOMER_REQUESTED"), "IN_TRANSIT": ("UNDELIVERABLE",)}
)
TASK_ENDS: Final = ("COMPLETED", "FAILED")


def reachable(table: Transitions, state: str) -> frozenset[str]:
    """Every state that can follow, sooner or later, and the state itself: not every step is seen."""
    found, new = {state}, {state}
    while new:
        new = {after for one in new for after in table.get(one, ())} - found
        found |= new
    return frozenset(found)


def _moved(case: RuleCase, table: Transitions, parts: _Parts) -> Iterator[Violation]:
    """Parts of an order whose state cannot follow the one answered before."""
    view = order_view(case)
    if view is None:
        return
    for path, part in parts(view[1]):
        now, before = text(part.get("state")), _last_state(case, parts, part.get("id"))
        if now in table and before in table and now not in reachable(table, before):
            message = f"{now} cannot follow {before}"
            yield Violation((*view[0], *path, "state"), message, listed(sorted(reachable(table, before))), now)


def _last_state(case: RuleCase, parts: _Parts, part_id: Any) -> str:
    for earlier in same_order(case) if isinstance(part_id, str) else ():
        before = order_view(earlier)
        for _, one in parts(before[1]) if before else ():
            if one.get("id") == part_id and text(one.get("state")):
                return text(one.get("state"))
    return ""


@rule(
    "FLW-014",
    Level.MUST,
    "A refund moves along the documented transitions",
    "update-refund-details",
    scope=Scope.FLOW,
    operations=("order", "updateOrder"),
    coordinate="RefundDetails.state",
    fix="Keep a refund in its state when the transition is not documented",
)
def refund_states(case: RuleCase) -> Iterator[Violation]:
    """From one answer to a later one."""
    yield from _moved(case, REFUND, refunds)


@rule(
    "FLW-015",
    Level.MUST,
    "A refund is updated along the documented transitions",
    "update-refund-details",
    scope=Scope.FLOW,
    operations=("updateOrder",),
    coordinate="RefundDetailsInput.state",
    fix="Give a state that may follow",
)
def refund_updates(case: RuleCase) -> Iterator[Violation]:
    """Against the state last answered or last set. Else the documented error is InvalidRefundStateTransition."""
    for path, refund in rows(case.arguments, "input", "refunds", "details"):
        state, before = text(refund.get("state")), _refund_state(case, refund.get("id"))
        if state in REFUND and before in REFUND and state not in REFUND[before]:
            expected = listed(sorted(REFUND[before]))
            yield Violation((*path, "state"), f"{state} cannot follow {before}", expected, state, REQUEST)


def _refund_state(case: RuleCase, refund_id: Any) -> str:
    for earlier in same_order(case) if isinstance(refund_id, str) else ():
        view = order_view(earlier)
        seen = [*(refunds(view[1]) if view else ())]
        if earlier.operation == "updateOrder" and earlier.accepted:
            seen += rows(earlier.arguments, "input", "refunds", "details")
        for _, one in seen:
            if one.get("id") == refund_id and text(one.get("state")):
                return text(one.get("state"))
    return ""


@rule(
    "FLW-016",
    Level.MUST,
    "A package moves along the documented transitions",
    "change-the-state-of-an-outbound-package-in-the-sandbox",
    scope=Scope.FLOW,
    operations=("order", *PACKAGE_MUTATIONS),
    coordinate="PackageInformationDetails.state",
    fix="Keep a package in its state when the transition is not documented",
)
def package_states(case: RuleCase) -> Iterator[Violation]:
    """From one answer to a later one; steps between may be unseen."""
    yield from _moved(case, PACKAGE, packages)


@rule(
    "FLW-017",
    Level.MUST,
    "A return package moves along the documented transitions",
    "change-the-state-of-a-return-package-in-the-sandbox",
    scope=Scope.FLOW,
    versions=(APRIL, NOVEMBER),
    operations=("order", "updateOrderReturns"),
    coordinate="ReturnPackageDetails.state",
    fix="Keep a return package in its state when the transition is not documented",
)
def return_states(case: RuleCase) -> Iterator[Violation]:
    """From one answer to a later one; steps between may be unseen."""
    yield from _moved(case, RETURN_PACKAGE, return_packages)


@rule(
    "FLW-018",
    Level.MUST,
    "An order is cancelled only while every package is PENDING",
    "cancel-a-buy-with-prime-order",
    scope=Scope.FLOW,
    versions=(APRIL, NOVEMBER),
    operations=("cancelOrder",),
    coordinate="Mutation.cancelOrder",
    fix="Query the order first, and do not ask once a package is on its way",
)
def cancel_while_pending(case: RuleCase) -> Iterator[Violation]:
    """Against the latest answer before that has packages of the order."""
    for earlier in same_order(case):
        view = order_view(earlier)
        states = [text(one.get("state")) for _, one in packages(view[1])] if view else []
        moved = [state for state in states if state and state != "PENDING"]
        if moved:
            yield Violation((), "a package is no longer PENDING", "PENDING", code_shown(moved[0]), REQUEST)
        if states:
            return


@rule(
    "FLW-019",
    Level.MUST,
    "The sandbox is asked for documented transitions",
    "change-the-state-of-an-outbound-package-in-the-sandbox",
    scope=Scope.FLOW,
    operations=PACKAGE_MUTATIONS,
    coordinate="UpdatePackageInformationStateInput.state",
    fix="Give a state that may follow, with a reason that goes with it",
)
def sandbox_moves(case: RuleCase) -> Iterator[Violation]:
    """Against the state last answered, and those that accepted mutations asked for since: a package moves after a wait.

    Else the documented error is InvalidPackageDeliveryDetailStateTransition.
    """
    for path, package_id, wanted in package_moves(case):
        state, reason = text(wanted.get("state")), text(wanted.get("reason"))
        before = [one for one in _possible_states(case, package_id) if one in PACKAGE]
        if not before or state not in PACKAGE:
            continue
        ways = [one for one in before if state in PACKAGE[one]]
        reasons = {known for one in ways for known in CANCEL_REASONS.get(one, (reason,))}
        if not ways:
            expected = listed(sorted(PACKAGE[before[0]])) or "no other state"
            yield Violation((*path, "state"), f"{state} cannot follow {before[0]}", expected, state, REQUEST)
        elif state == "CANCELLED" and reason and reason not in reasons:
            message = f"{reason[:40]} is no reason to cancel what is {ways[0]}"
            yield Violation((*path, "reason"), message, listed(sorted(reasons)), code_shown(reason), REQUEST)


def _possible_states(case: RuleCase, package_id: Any) -> list[str]:
    """The states that a package may have: those asked for since it was last answered, the latest first, and that."""
    found: list[str] = []
    for earlier in same_order(case):
        view = order_view(earlier)
        if earlier.accepted and earlier.operation in PACKAGE_MUTATIONS:
            found += [text(wanted.get("state")) for _, one, wanted in package_moves(earlier) if one == package_id]
        parts = packages(view[1]) if view else ()
        answered = [text(one.get("state")) for _, one in parts if one.get("id") == package_id and one.get("state")]
        if answered:
            return [*found, answered[0]]
    return found


@rule(
    "FLW-022",
    Level.MUST,
    "A task that has ended stays as it ended",
    "query-privacy-requests",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    operations=("personalDataRetrievalTask", "personalDataDeletionTask", "catalogFeed", "reportTask"),
    coordinate="PersonalDataRetrievalTask.status",
    fix="Answer the status that the task ended with",
)
def ended_tasks(case: RuleCase) -> Iterator[Violation]:
    """COMPLETED and FAILED are ends."""
    status = at(case.answer, "status")
    for earlier in case.earlier:
        before = at(earlier.answer, "status")
        same = earlier.operation == case.operation and earlier.arguments == case.arguments
        if same and isinstance(status, str) and before in TASK_ENDS and status != before:
            yield Violation(("status",), f"the task had ended as {before}", before, code_shown(status))
            return


@rule(
    "FLW-023",
    Level.MUST,
    "A feed is made of a file that was to be uploaded",
    "upload-a-catalog",
    scope=Scope.FLOW,
    grade=Grade.GUIDE,
    operations=("createCatalogFeed",),
    coordinate="UploadedFileInput.fileId",
    fix="Give the fileId that createUploadLink answered",
)
def feed_of_an_upload(case: RuleCase) -> Iterator[Violation]:
    """Where links were created before in the same flow."""
    links = [one.answer for one in case.earlier if one.operation == "createUploadLink"]
    known = {text(at(link, "payload", "fileId")) or text(at(link, "fileId")) for link in links} - {""}
    place = ("input", "dataProvider", "uploadedFile", "fileId")
    named = at(case.arguments, *place)
    if known and isinstance(named, str) and named not in known:
        yield Violation(place, "no upload link of this flow has this file", "its fileId", code_shown(named), REQUEST)


@rule(
    "FLW-024",
    Level.MUST,
    "The same request with the same client token is one task",
    "privacy-objects-clienttoken",
    scope=Scope.FLOW,
    grade=Grade.PAGE,
    operations=("startPersonalDataRetrievalTask", "startPersonalDataDeletionTask"),
    coordinate="ClientToken.token",
    fix="Answer the task that the first request started",
)
def one_task_for_a_token(case: RuleCase) -> Iterator[Violation]:
    """Within eight hours; exchanges of one flow lie closer together."""
    task = text(at(case.answer, "taskId"))
    for earlier in case.earlier if at(case.arguments, "input", "clientToken", "token") and task else ():
        before = text(at(earlier.answer, "taskId"))
        same = earlier.operation == case.operation and earlier.arguments == case.arguments
        if same and before and before != task:
            yield Violation(("taskId",), "a second task for one token", code_shown(before), code_shown(task))
            return
