"""A request that breaks a documented rule is refused, and with the documented error."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.rules.harness import Call, assert_violations, with_arguments
from tests.rules.test_flows import CANCEL, bought, moving, package, refunded, updated
from tests.rules.test_requests import (
    ALIAS,
    NEW_RETURN,
    alias,
    preview,
    refund,
    refunding,
    report,
    returning,
    subscription,
)

ORDERED = {"order": {"id": "o-1"}}


def accepted(call: Call) -> Call:
    return replace(call, answer=call.answer or ORDERED)


def refused(call: Call, code: str | None, kind: str = "ValidationError") -> Call:
    classification = {"type": kind, **({"code": code} if code else {})}
    error = {"message": "no", "path": [call.operation], "extensions": {"classification": classification}}
    return replace(call, answer=None, errors=(error,))


TWICE = refunding(refund(), refund())
NAMELESS = refunding(refund(id=None))
SHARED = refunding(refund(aliases=[alias("A", "1")]), refund(id="r-2", aliases=[alias("B", "1")]))
BACKWARDS = updated(1, "PENDING")
SAME_RETURN = returning(NEW_RETURN, NEW_RETURN)
THREE = returning({**NEW_RETURN, "aliases": [alias("A", str(n)) for n in range(3)]})
FAR = with_arguments(preview(), "input.location.shippingAddress.region", "PR")
NO_TYPE = report(reportType="MOON")
UPSIDE_DOWN = report(timeRange={"startDate": "2024-11-02T00:00:00Z", "endDate": "2024-11-01T00:00:00Z"})
NO_DATE = report(timeRange={"startDate": "yesterday"})
SPACED = subscription(eventType="REFUND REQUESTED")
REASONLESS = moving(state="CANCELLED")
BOTH = with_arguments(
    moving(state="IN_TRANSIT"),
    "input.packageInformation.details.0.packageState.packageTrackerState",
    {"packageTrackerIdentifier": {"trackingNumber": "T-1"}},
)
TAKEN = [bought(aliases=[ALIAS])]
MANY = bought(aliases=[alias("A", str(n)) for n in range(6)])
RUNNING = [Call("personalDataDeletionTask", {"taskId": "t-1"}, {"taskId": "t-1", "status": "IN_PROGRESS"})]
STOP = Call("cancelPersonalDataDeletionTask", {"taskId": "t-1"}, {"taskId": "t-1"})

REFUSED = [
    ("ORD-033", [package("IN_TRANSIT")], CANCEL, None, "ValidationError"),
    ("RFD-013", [], TWICE, "DuplicateRefundId", "ValidationError"),
    ("RFD-013", [], NAMELESS, "MissingRefundId", "ValidationError"),
    ("RFD-013", [], SHARED, "DuplicateAliasId", "ValidationError"),
    ("RFD-013", [refunded(1, "SUCCESS")], BACKWARDS, "InvalidRefundStateTransition", "ValidationError"),
    ("RFD-013", [], SAME_RETURN, "AliasValueAlreadyExists", "ValidationError"),
    ("RFD-013", [], THREE, "AliasLimitExceeded", "ValidationError"),
    ("DLV-010", [], FAR, "InvalidDestination", "ValidationError"),
    ("PRV-008", RUNNING, STOP, "CannotCancelPersonalDataDeletionTask", "ValidationError"),
    ("ANA-009", [], NO_TYPE, "InvalidReportType", "ValidationError"),
    ("ANA-009", [], UPSIDE_DOWN, "InvalidDateRange", "ValidationError"),
    ("ANA-009", [], NO_DATE, "InvalidDateFormat", "ValidationError"),
    ("SUB-009", [], SPACED, None, "AccessDeniedError"),
    ("SBX-006", [], REASONLESS, "MissingCancellationReason", "ValidationError"),
    ("SBX-006", [], BOTH, "ConflictingPackageStateInput", "ValidationError"),
    (
        "SBX-006",
        [package("DELIVERED")],
        moving(state="IN_TRANSIT"),
        "InvalidPackageDeliveryDetailStateTransition",
        "ValidationError",
    ),
]
CODED = {
    "ORD-033": "",
    "RFD-013": "RFD-014",
    "DLV-010": "DLV-011",
    "PRV-008": "PRV-009",
    "ANA-009": "ANA-010",
    "SUB-009": "SUB-010",
    "SBX-006": "SBX-007",
}
"""Beside each rule that there is an error the rule that it is the documented one."""

CASES = [*((one[0],) for one in REFUSED), *((rule,) for rule in CODED.values() if rule), ("ORD-034",)]


@pytest.mark.parametrize(("rule_id", "before", "call", "code", "kind"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_faulty_request_is_refused_with_the_documented_error(
    rule_id: str, before: list[Call], call: Call, code: str | None, kind: str
) -> None:
    place = f"data.{call.operation}"
    assert_violations(rule_id, [*before, refused(call, code, kind)])
    assert_violations(rule_id, [*before, accepted(call)], place)
    coded = CODED[rule_id]
    if coded:
        assert_violations(coded, [*before, refused(call, code, kind)])
        assert_violations(coded, [*before, refused(call, "MoonIsFull")], place)
        assert_violations(coded, [*before, refused(call, None, "ThrottlingError")])


@pytest.mark.parametrize(
    ("before", "call", "codes"),
    [(TAKEN, bought(aliases=[ALIAS]), ("AliasValueAlreadyExists", None)), ([], MANY, ("AnyCode",))],
)
def test_an_order_with_a_taken_alias_gets_the_documented_error(before: list[Call], call: Call, codes: Any) -> None:
    for code in codes:
        kind = "ValidationError" if code else "ConflictError"
        assert_violations("ORD-034", [*before, refused(call, code, kind)])
    wrong = refused(call, "MoonIsFull", "ConflictError" if call is MANY else "ValidationError")
    assert_violations("ORD-034", [*before, wrong], "data.createOrder")


def test_a_request_without_fault_may_get_any_error_or_none() -> None:
    call = refunding(refund())
    assert_violations("RFD-013", [accepted(call)])
    assert_violations("RFD-014", [refused(call, "MoonIsFull")])
    assert_violations("ORD-033", [package("PENDING"), CANCEL])
    assert_violations("DLV-010", [replace(preview(), answer={"id": "p-1"})])


@pytest.mark.parametrize("other", [("UnspecifiedError", "ValidationError"), (None, "ResourceNotFoundError")])
def test_what_else_is_wrong_with_a_request_may_be_seen_first(other: tuple[str | None, str]) -> None:
    call = bought(aliases=[ALIAS])
    assert_violations("ORD-034", [*TAKEN, refused(call, *other)])


def test_a_request_that_was_not_executed_is_refused_for_something_else() -> None:
    call = refused(bought(aliases=[ALIAS]), "MoonIsFull")
    error = {key: value for key, value in call.errors[0].items() if key != "path"}
    assert_violations("ORD-034", [*TAKEN, replace(call, errors=(error,))])
