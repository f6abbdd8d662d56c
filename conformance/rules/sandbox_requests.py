"""Moving packages and returns on in the sandbox, what a client sends (SBX)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.model import REQUEST, RuleCase, Violation, rule
from conformance.rules.values import at, rows

PACKAGE_MUTATIONS: Final = ("updateOrderPackageInformation", "updateOrderDeliveryInformation")


def package_moves(case: RuleCase) -> Iterator[tuple[JsonPath, str, Mapping[str, Any]]]:
    """Path, package id and new state object of each package that a sandbox mutation moves on."""
    for place, inner in (
        (("input", "packageInformation", "details"), ("packageState", "packageInformationState")),
        (("input", "details"), ("deliveryInformationState",)),
    ):
        for path, package in rows(case.arguments, *place):
            state = at(package, *inner)
            if isinstance(state, Mapping):
                yield (*path, *inner), str(package.get("id")), state


@rule(
    "SBX-001",
    Level.MUST,
    "A package is CANCELLED for a reason",
    "troubleshoot-sandbox-errors",
    operations=PACKAGE_MUTATIONS,
    coordinate="UpdatePackageInformationStateInput.reason",
    fix="Give the reason",
)
def cancelled_for_a_reason(case: RuleCase) -> Iterator[Violation]:
    """Else the documented error is MissingCancellationReason."""
    for path, _, state in package_moves(case):
        if state.get("state") == "CANCELLED" and not state.get("reason"):
            yield Violation((*path, "reason"), "a cancellation without a reason", "a reason", "missing", REQUEST)


@rule(
    "SBX-002",
    Level.SHOULD,
    "Only a CANCELLED package has a reason",
    "sandbox-objects-updatepackageinformationstateinput",
    grade=Grade.PAGE,
    operations=PACKAGE_MUTATIONS,
    coordinate="UpdatePackageInformationStateInput.reason",
    fix="Leave the reason out",
)
def reason_for_cancelled_only(case: RuleCase) -> Iterator[Violation]:
    """For any other state the reason means nothing."""
    for path, _, state in package_moves(case):
        if state.get("reason") and state.get("state") != "CANCELLED":
            actual = code_shown(state["reason"])
            yield Violation((*path, "reason"), "a reason without a cancellation", "left out", actual, REQUEST)


@rule(
    "SBX-003",
    Level.MUST,
    "No package goes back to PENDING",
    "change-the-state-of-an-outbound-package-in-the-sandbox",
    operations=PACKAGE_MUTATIONS,
    coordinate="UpdatePackageInformationStateInput.state",
    fix="Give IN_TRANSIT, DELIVERED or CANCELLED",
)
def not_to_pending(case: RuleCase) -> Iterator[Violation]:
    """No documented transition leads there."""
    for path, _, state in package_moves(case):
        if state.get("state") == "PENDING":
            yield Violation((*path, "state"), "no transition leads here", "another state", "PENDING", REQUEST)


@rule(
    "SBX-004",
    Level.MUST,
    "A return package is not sent back to CREATED",
    "change-the-state-of-a-return-in-the-sandbox",
    versions=("2024-01-01",),
    operations=("updateOrderReturns",),
    coordinate="ReturnDetailsInput.state",
    fix="Give COMPLETED",
)
def not_to_created(case: RuleCase) -> Iterator[Violation]:
    """The one documented transition of 2024-01-01 is from CREATED to COMPLETED."""
    for path, one in rows(case.arguments, "input", "details"):
        if one.get("state") == "CREATED":
            yield Violation((*path, "state"), "no transition leads here", "COMPLETED", "CREATED", REQUEST)
