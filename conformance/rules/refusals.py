"""What a target answers to a request that breaks a documented rule: an error, and the documented one.

The client's part of each fault has a rule of its own; here it is the target's. A fault is looked for with that very
rule, so both always agree on what a fault is.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from conformance.findings.model import Level
from conformance.operations.finding import code_shown, listed
from conformance.rules import (
    analytics,
    delivery,
    flow_states,
    refunds,
    returns,
    sandbox_requests,
    subscriptions,
)
from conformance.rules.memory import created_under, sent_aliases
from conformance.rules.model import BusinessRule, RuleCase, Scope, Violation
from conformance.rules.order_requests import APRIL, NOVEMBER
from conformance.rules.values import at, instant, rows

MAX_RETURN_ALIASES: Final = 2
MAX_ORDER_ALIASES: Final = 5
_ELSEWHERE: Final = frozenset(
    ("AccessDeniedError", "InternalServerError", "ResourceNotFoundError", "ThrottlingError", "UnspecifiedError")
)
"""Errors that any request may get: what else is wrong with it may be seen first."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fault of a request, and the codes or the types of the documented error, either of which will do.

    `codes` is empty where the documentation says only that there is an error.
    """

    operation: str
    fault: Callable[[RuleCase], bool]
    codes: tuple[str, ...]
    versions: tuple[str, ...]


def _of(rule: BusinessRule, operation: str, *codes: str) -> Refusal:
    return Refusal(operation, lambda case: any(True for _ in rule.check(case)), codes, rule.versions)


def _too_many_return_aliases(case: RuleCase) -> bool:
    details = rows(case.arguments, *returns.DETAILS)
    return any(len(list(rows(one, "aliases"))) > MAX_RETURN_ALIASES for _, one in details)


def _too_many_order_aliases(case: RuleCase) -> bool:
    return len(list(rows(case.arguments, "input", "aliases"))) > MAX_ORDER_ALIASES


def _taken_alias(case: RuleCase) -> bool:
    return any(created_under(case, "/".join(key)) for key in sent_aliases(case, "aliases"))


def _no_date(case: RuleCase) -> bool:
    dates = [at(case.arguments, "input", "timeRange", name) for name in ("startDate", "endDate")]
    return any(isinstance(date, str) and not _is_date(date) for date in dates)


def _is_date(text: str) -> bool:
    """Any form of ISO 8601 will do here; that it has to be in UTC is another rule."""
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return instant(text) is not None
    return True


def _both_states(case: RuleCase) -> bool:
    states = (at(one, "packageState") for _, one in rows(case.arguments, "input", "packageInformation", "details"))
    return any(at(one, "packageInformationState") and at(one, "packageTrackerState") for one in states)


def _impossible_move(case: RuleCase) -> bool:
    return any(violation.path[-1] == "state" for violation in flow_states.sandbox_moves.check(case))


def _running_deletion(case: RuleCase) -> bool:
    asked = case.arguments.get("taskId")
    for earlier in reversed(case.earlier):
        if earlier.operation == "personalDataDeletionTask" and earlier.arguments.get("taskId") == asked:
            return bool(at(earlier.answer, "status") == "IN_PROGRESS")
    return False


_ALL: Final = ("2024-01-01", APRIL, NOVEMBER)
REFUSALS: Final = (
    Refusal("createOrder", _taken_alias, ("AliasValueAlreadyExists", "ConflictError"), _ALL),
    Refusal("createOrder", _too_many_order_aliases, ("ValidationError",), _ALL),
    Refusal("updateOrder", _too_many_order_aliases, ("ValidationError",), _ALL),
    _of(flow_states.cancel_while_pending, "cancelOrder"),
    _of(refunds.refund_ids_differ, "updateOrder", "DuplicateRefundId"),
    _of(refunds.refund_is_named, "updateOrder", "MissingRefundId"),
    _of(refunds.refund_aliases_differ, "updateOrder", "DuplicateAliasId"),
    _of(flow_states.refund_updates, "updateOrder", "InvalidRefundStateTransition"),
    _of(returns.return_aliases_differ, "updateOrder", "AliasValueAlreadyExists"),
    Refusal("updateOrder", _too_many_return_aliases, ("AliasLimitExceeded",), (NOVEMBER,)),
    _of(delivery.destination_is_served, "deliveryPreview", "InvalidDestination"),
    _of(analytics.report_type, "startReportTask", "InvalidReportType"),
    _of(analytics.range_in_order, "startReportTask", "InvalidDateRange"),
    Refusal("startReportTask", _no_date, ("InvalidDateFormat",), _ALL),
    _of(subscriptions.no_white_space, "createEventSubscription", "AccessDeniedError"),
    Refusal("cancelPersonalDataDeletionTask", _running_deletion, ("CannotCancelPersonalDataDeletionTask",), _ALL),
    _of(sandbox_requests.cancelled_for_a_reason, "updateOrderPackageInformation", "MissingCancellationReason"),
    Refusal("updateOrderPackageInformation", _both_states, ("ConflictingPackageStateInput",), (NOVEMBER,)),
    Refusal(
        "updateOrderPackageInformation",
        _impossible_move,
        ("InvalidPackageDeliveryDetailStateTransition",),
        (NOVEMBER,),
    ),
)
"""Every documented error that a request itself, or the exchanges before it, call for."""


def faults(case: RuleCase) -> list[Refusal]:
    """What is wrong with the request, as far as a documented error goes with it."""
    return [
        one for one in REFUSALS if one.operation == case.operation and case.version in one.versions and one.fault(case)
    ]


def _accepted(case: RuleCase) -> Iterator[Violation]:
    for fault in faults(case) if case.accepted else ():
        yield Violation((), "accepted, although it has to be refused", listed(fault.codes) or "an error", "no error")
        return


def _other_error(case: RuleCase) -> Iterator[Violation]:
    found = faults(case)
    wanted = {code for fault in found for code in fault.codes}
    if not found or not all(fault.codes for fault in found):
        return
    given = {
        text
        for error in case.errors
        if error.get("path")  # without one, the request was refused before anything of it was executed
        for key in ("code", "type")
        if isinstance(text := at(error, "extensions", "classification", key), str)
    }
    if given and not given & (wanted | _ELSEWHERE):
        codes = [at(error, "extensions", "classification", "code") for error in case.errors]
        actual = next((code for code in codes if isinstance(code, str)), "no code")
        yield Violation((), "another error than the documented one", listed(sorted(wanted)), code_shown(actual))


def _rule(rule_id: str, source: str, *operations: str, code: bool = False) -> BusinessRule:
    named = ", ".join(operations)
    return BusinessRule(
        rule_id,
        Level.MUST,
        f"A faulty {named} gets the documented error" if code else f"A faulty {named} is refused",
        source,
        Scope.ERRORS if code else Scope.ANSWER,
        _other_error if code else _accepted,
        operations=operations,
        coordinate="errors",
        fix="Answer the documented code" if code else "Answer the documented error",
    )


_REFUND_PAGE: Final = "troubleshoot-refund-errors"
_REPORT_PAGE: Final = "troubleshoot-analytics-errors"
_SANDBOX_PAGE: Final = "troubleshoot-sandbox-errors"

cancel_refused: Final = _rule("ORD-033", "steps-to-cancel-orders", "cancelOrder")
order_error: Final = _rule("ORD-034", "troubleshoot-order-errors", "createOrder", code=True)
update_refused: Final = _rule("RFD-013", _REFUND_PAGE, "updateOrder")
update_error: Final = _rule("RFD-014", _REFUND_PAGE, "updateOrder", code=True)
preview_refused: Final = _rule("DLV-010", "troubleshoot-delivery-preview-errors", "deliveryPreview")
preview_error: Final = _rule("DLV-011", "troubleshoot-delivery-preview-errors", "deliveryPreview", code=True)
deletion_refused: Final = _rule("PRV-008", "cancel-a-data-deletion-request", "cancelPersonalDataDeletionTask")
deletion_error: Final = _rule("PRV-009", "cancel-a-data-deletion-request", "cancelPersonalDataDeletionTask", code=True)
report_refused: Final = _rule("ANA-009", _REPORT_PAGE, "startReportTask")
report_error: Final = _rule("ANA-010", _REPORT_PAGE, "startReportTask", code=True)
subscription_refused: Final = _rule("SUB-009", "troubleshoot-events", "createEventSubscription")
subscription_error: Final = _rule("SUB-010", "troubleshoot-events", "createEventSubscription", code=True)
sandbox_refused: Final = _rule("SBX-006", _SANDBOX_PAGE, "updateOrderPackageInformation")
sandbox_error: Final = _rule("SBX-007", _SANDBOX_PAGE, "updateOrderPackageInformation", code=True)

LOOKING_BACK: Final = (
    cancel_refused,
    order_error,
    update_refused,
    update_error,
    deletion_refused,
    deletion_error,
    sandbox_refused,
    sandbox_error,
)
"""Those that know some of their faults only by the exchanges before."""
