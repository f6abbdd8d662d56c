"""Trackers, returns by API, the sandbox, shoppers, subscriptions over time (FLW-035 to FLW-039, FLW-055, SUB-011)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown, listed
from conformance.rules.delivery import preview_identity
from conformance.rules.flow_states import RETURN_PACKAGE
from conformance.rules.flow_updates import answered_parts
from conformance.rules.memory import order_view, packages, return_packages, same_order
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.order_requests import NOVEMBER
from conformance.rules.sandbox_requests import PACKAGE_MUTATIONS
from conformance.rules.values import at, rows, text

QUERY: Final = ("order",)
RETURNS_GUIDE: Final = "change-the-state-of-a-return-package-in-the-sandbox"
SANDBOX_TOKEN: Final = b"sandbox-mocked-test-"
"""What every documented token of a sandbox shopper begins with, once decoded."""


@rule(
    "FLW-035",
    Level.MUST,
    "A tracker that has said DELIVERED says nothing else",
    "change-the-state-of-an-outbound-package-in-the-sandbox",
    scope=Scope.FLOW,
    grade=Grade.INFERRED,
    versions=(NOVEMBER,),
    operations=("order", "packageTracker"),
    coordinate="PackageTracker.latestMilestone",
    fix="Keep DELIVERED as the latest milestone",
)
def delivered_tracker_stays(case: RuleCase) -> Iterator[Violation]:
    """By tracking number and carrier. The table of a tracker's transitions was not read; this end of it is named."""
    for path, tracker in case.objects("PackageTracker"):
        code, name = _milestone(tracker), _tracker_name(tracker)
        for earlier in case.earlier if code and code != "DELIVERED" and name else ():
            told = [one for _, one in earlier.objects("PackageTracker") if _tracker_name(one) == name]
            if any(_milestone(one) == "DELIVERED" for one in told):
                place = (*path, "latestMilestone", "status", "code")
                yield Violation(place, "it had been delivered", "DELIVERED", code_shown(code))
                break


def _milestone(tracker: Mapping[str, Any]) -> str:
    return text(at(tracker, "latestMilestone", "status", "code"))


def _tracker_name(tracker: Mapping[str, Any]) -> tuple[str, ...]:
    identifier = at(tracker, "packageTrackerIdentifier")
    name = (text(at(identifier, "trackingNumber")), text(at(identifier, "carrierCode")))
    return name if name[0] else ()


def _return_moves(case: RuleCase) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    for path, _ in rows(case.arguments, "input", "returns", "details"):
        yield from rows(case.arguments, *path, "returnPackageDetails")


@rule(
    "FLW-036",
    Level.MUST,
    "The sandbox is asked for documented transitions of return packages",
    RETURNS_GUIDE,
    scope=Scope.FLOW,
    versions=(NOVEMBER,),
    operations=("updateOrderReturns",),
    coordinate="ReturnPackageDetailsInput.state",
    fix="Give a state that may follow",
)
def sandbox_return_moves(case: RuleCase) -> Iterator[Violation]:
    """Against the state last answered, and those that accepted mutations asked for since: a package moves later."""
    for path, package in _return_moves(case):
        state = text(package.get("state"))
        before = [one for one in _possible_states(case, package.get("id")) if one in RETURN_PACKAGE]
        if state in RETURN_PACKAGE and before and not any(state in RETURN_PACKAGE[one] for one in before):
            expected = listed(sorted(RETURN_PACKAGE[before[0]])) or "no other state"
            yield Violation((*path, "state"), f"{state} cannot follow {before[0]}", expected, state, REQUEST)


def _possible_states(case: RuleCase, package_id: Any) -> list[str]:
    """Those asked for since the package was last answered, the latest first, and that one."""
    found: list[str] = []
    for earlier in same_order(case) if isinstance(package_id, str) else ():
        if earlier.accepted and earlier.operation == "updateOrderReturns":
            found += [text(one.get("state")) for _, one in _return_moves(earlier) if one.get("id") == package_id]
        for _, one in answered_parts(earlier, return_packages):
            if one.get("id") == package_id and text(one.get("state")):
                return [*found, text(one.get("state"))]
    return found


@rule(
    "FLW-037",
    Level.MUST,
    "A return package that fails in the sandbox was UNDELIVERABLE",
    "test-in-a-sandbox-environment",
    scope=Scope.FLOW,
    versions=(NOVEMBER,),
    operations=QUERY,
    coordinate="ReturnPackageDetails.reason",
    fix="Answer UNDELIVERABLE, whatever reason the mutation gave",
)
def sandbox_failure_reason(case: RuleCase) -> Iterator[Violation]:
    """After updateOrderReturns, which only the sandbox has, set FAILED."""
    for path, package in answered_parts(case, return_packages):
        failed = any(
            sent.get("id") == package.get("id") and sent.get("state") == "FAILED"
            for earlier in same_order(case)
            if earlier.operation == "updateOrderReturns" and earlier.accepted
            for _, sent in _return_moves(earlier)
        )
        reason = text(package.get("reason"))
        if failed and reason and reason != "UNDELIVERABLE":
            yield Violation((*path, "reason"), "another reason", "UNDELIVERABLE", code_shown(reason))


@rule(
    "FLW-038",
    Level.MUST,
    "Shoppers of the sandbox have its own identity tokens",
    "manage-shopper-identity",
    scope=Scope.FLOW,
    operations=(*PACKAGE_MUTATIONS, "updateOrderReturns"),
    coordinate="IdentityTokenInput",
    fix="Give one of the four documented sandbox tokens",
)
def sandbox_tokens(case: RuleCase) -> Iterator[Violation]:
    """Of the identities given before the first accepted mutation that only the sandbox has. No token is repeated."""
    sandbox_only = (*PACKAGE_MUTATIONS, "updateOrderReturns")
    if not case.accepted or any(one.accepted and one.operation in sandbox_only for one in case.earlier):
        return
    for earlier in case.earlier:
        if earlier.operation in ("createOrder", "deliveryPreview") and earlier.accepted:
            identity = preview_identity(earlier.arguments)
            for name in ("apayCheckoutSessionId", "lwaAccessToken"):
                token = at(identity, name, "value")
                if isinstance(token, str) and SANDBOX_TOKEN not in _decoded(token):
                    message = f"{earlier.operation} before had another {name}"
                    yield Violation((), message, "a documented sandbox token", "another", REQUEST)


def _decoded(token: str) -> bytes:
    """The value inside a token, as far as it is base64; documented tokens are base64 of a JSON object."""
    try:
        return base64.b64decode(token, validate=True)
    except (binascii.Error, ValueError):
        return b""


@rule(
    "FLW-039",
    Level.MUST,
    "A return is sent by an offer that was answered",
    "returns-mutations-updatereturn",
    scope=Scope.FLOW,
    grade=Grade.EXAMPLE,
    versions=(NOVEMBER,),
    operations=("updateReturn",),
    coordinate="ReturnDeliveryOfferDetailsInput.id",
    fix="Query the return, and give the id of one of its offers",
)
def return_offer_exists(case: RuleCase) -> Iterator[Violation]:
    """Where the return's offers were answered before in the same flow."""
    known: set[str] = set()
    for earlier in case.earlier:
        if earlier.operation in ("return", "createReturn", "updateReturn"):
            known |= {text(offer) for _, offer in _return_offers(at(earlier.answer, "returnDetails"))} - {""}
    for path, offer in _return_offers(at(case.arguments, "input")):
        if known and isinstance(offer, str) and offer not in known:
            place = ("input", *path)
            yield Violation(place, "no offer of this flow has this id", "an offer's id", code_shown(offer), REQUEST)


def _return_offers(holder: Any) -> Iterator[tuple[JsonPath, Any]]:
    for path, group in rows(holder, "returnDeliveryGroups"):
        place = ("returnDeliveryOffer", "details", "id")
        yield (*path, *place), at(group, *place)


@rule(
    "FLW-055",
    Level.MUST,
    "A shopper with open orders is not deleted",
    "delete-a-shoppers-personal-data",
    scope=Scope.FLOW,
    operations=("personalDataDeletionTask",),
    coordinate="PersonalDataDeletionTask.status",
    fix="Let the task fail with ORDERS_NOT_CLOSED",
)
def open_orders_stay(case: RuleCase) -> Iterator[Violation]:
    """An order of the flow for the same e-mail address, last answered with a package on its way. No address is told."""
    task = case.arguments.get("taskId")
    if at(case.answer, "status") != "COMPLETED" or not isinstance(task, str):
        return
    started = [one for one in case.earlier if one.operation == "startPersonalDataDeletionTask"]
    subject = next((one for one in started if at(one.answer, "taskId") == task), None)
    email = text(at(subject.arguments, "input", "dataSubject", "email")) if subject else ""
    states: dict[str, list[str]] = {}
    for earlier in case.earlier:
        sent = text(at(earlier.arguments, "input", "customer", "contact", "emailData", "email"))
        order = text(at(earlier.answer, "order", "id"))
        if earlier.operation == "createOrder" and email and sent.casefold() == email.casefold() and order:
            states[order] = []
        view = order_view(earlier)
        name = text(view[1].get("id")) if view else ""
        seen = [text(one.get("state")) for _, one in packages(view[1])] if view else []
        if name in states and seen:
            states[name] = seen
    if any(state in ("PENDING", "IN_TRANSIT") for seen in states.values() for state in seen):
        yield Violation(("status",), "an order of the shopper is open", "FAILED", "COMPLETED")


@rule(
    "SUB-011",
    Level.MUST,
    "An event type goes to a destination once",
    "troubleshoot-events",
    scope=Scope.FLOW,
    operations=("createEventSubscription",),
    coordinate="CreateEventSubscriptionInput.destination",
    fix="Refuse the second subscription with SubscriptionAlreadyExists or DestinationNameAlreadyExists",
)
def subscribed_once(case: RuleCase) -> Iterator[Violation]:
    """The same type and destination again, accepted, and the first was not deleted in between."""
    known, own = at(case.answer, "subscriptionId"), case.arguments.get("input")
    if not case.accepted or not isinstance(known, str):
        return
    first = ""
    for earlier in case.earlier:
        if earlier.operation == "createEventSubscription" and earlier.accepted and _same_way(earlier, own):
            first = text(at(earlier.answer, "subscriptionId"))
        elif earlier.operation == "deleteEventSubscription" and earlier.arguments.get("subscriptionId") == first:
            first = ""
    if first and first != known:
        yield Violation(("subscriptionId",), "there is such a subscription", "an error", "a second subscription")


def _same_way(case: RuleCase, wanted: Any) -> bool:
    given = case.arguments.get("input")
    return all(at(given, key) is not None and at(given, key) == at(wanted, key) for key in ("eventType", "destination"))
