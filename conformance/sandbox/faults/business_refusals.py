"""Faulty requests that are accepted, or refused with another error than the documented one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from conformance.sandbox.faults.flow_updates import at, listed
from conformance.sandbox.faults.made_up import success
from conformance.sandbox.faults.model import Alter, FaultList, Seen
from conformance.sandbox.faults.reach import classified, objects, other_id

FAULTS: Final = FaultList()

UPDATE: Final = ("DuplicateRefundId", "DuplicateAliasId", "AliasLimitExceeded")
REPORT: Final = ("InvalidReportType", "InvalidDateRange", "InvalidDateFormat")
PACKAGE: Final = ("MissingCancellationReason", "ConflictingPackageStateInput")
OTHERS: Final = ("ItemOutOfStock", "InvalidAddress", "InvalidAliasId", "ItemDoesNotExist", "Oops")
OTHER_TYPES: Final = ("ValidationError", "ConflictError")


def _refused_for(seen: Seen, codes: tuple[str, ...]) -> bool:
    return any(each["code"] in codes for each in classified(seen))


def _is_alias_taken(seen: Seen) -> bool:
    """Does an order of the exchanges before have an alias of this new one?"""
    own = listed(seen.variables, "input", "aliases")
    taken = [alias for each in seen.earlier if not each.body.get("errors") for alias in _sent_aliases(each)]
    return any(alias in taken for alias in own)


def _sent_aliases(seen: Seen) -> list[Any]:
    return listed(seen.variables, "input", "aliases") if seen.operation == "createOrder" else []


def _is_spaced(seen: Seen) -> bool:
    kind = at(seen.variables, "input", "eventType")
    return isinstance(kind, str) and (not kind or any(character.isspace() for character in kind))


def _is_on_its_way(seen: Seen) -> bool:
    """Was a package of an order answered that is no longer PENDING?"""
    packages = [one for each in seen.earlier[-1:] for one in objects(each, "PackageInformationDetails")]
    return any(one.get("state") not in (None, "PENDING") for one in packages)


def _is_running(seen: Seen) -> bool:
    """Was the deletion answered as IN_PROGRESS?"""
    return any(
        each.operation == "personalDataDeletionTask"
        and each.variables == seen.variables
        and at(each.answer, "status") == "IN_PROGRESS"
        for each in seen.earlier
    )


def _is_faulty_update(seen: Seen) -> bool:
    """Of refunds without an id those with an alias may be external ones."""
    refunds = listed(seen.variables, "input", "refunds", "details")
    unnamed = any(not each.get("id") and not each.get("aliases") for each in refunds)
    return _refused_for(seen, UPDATE) or (unnamed and _refused_for(seen, ("MissingRefundId",)))


def _with_codes(*codes: str) -> Callable[[Seen], bool]:
    return lambda seen: _refused_for(seen, codes)


def _accepts(is_faulty: Callable[[Seen], bool]) -> Alter:
    def accept(seen: Seen) -> bool:
        return bool(seen.body.get("errors")) and is_faulty(seen) and success(seen)

    return accept


def _misnames(is_faulty: Callable[[Seen], bool]) -> Alter:
    def misname(seen: Seen) -> bool:
        found = classified(seen)
        if not found or not is_faulty(seen):
            return False
        for each in found:
            each["code"] = seen.random.choice([code for code in OTHERS if code != each["code"]])
        return True

    return misname


_REQUESTS: Final = (
    ("cancelOrder", "late-cancellation", "ORD-033", "", _is_on_its_way),
    ("createOrder", "taken-alias", "", "ORD-034", _is_alias_taken),
    ("updateOrder", "faulty-update", "RFD-013", "RFD-014", _is_faulty_update),
    ("deliveryPreview", "unserved-preview", "DLV-010", "DLV-011", _with_codes("InvalidDestination")),
    ("cancelPersonalDataDeletionTask", "late-deletion-cancellation", "PRV-008", "PRV-009", _is_running),
    ("startReportTask", "faulty-report", "ANA-009", "ANA-010", _with_codes(*REPORT)),
    ("createEventSubscription", "faulty-subscription", "SUB-009", "", _is_spaced),
    ("updateOrderPackageInformation", "faulty-move", "SBX-006", "SBX-007", _with_codes(*PACKAGE)),
)
"""Operation, what is faulty about it, and the rules about its acceptance and about its error."""

for _operation, _name, _accepted, _error, _is_faulty in _REQUESTS:
    if _accepted:
        _summary = f"A faulty {_operation} is accepted"
        FAULTS.answer(f"{_name}-accepted", _accepted, _summary, operations=(_operation,))(_accepts(_is_faulty))
    if _error:
        _summary = f"A faulty {_operation} gets another error than the documented one"
        FAULTS.answer(f"{_name}-misnamed", _error, _summary, operations=(_operation,))(_misnames(_is_faulty))


@FAULTS.answer(
    "faulty-subscription-misnamed",
    "SUB-010",
    "A faulty createEventSubscription gets another error than the documented one",
    operations=("createEventSubscription",),
)
def faulty_subscription_misnamed(seen: Seen) -> bool:
    found = [at(each, "extensions", "classification") for each in seen.body.get("errors") or ()]
    if not found or not _is_spaced(seen) or not all(isinstance(each, dict) for each in found):
        return False
    for each in found:
        each.update(type=seen.random.choice(OTHER_TYPES), code=seen.random.choice(OTHERS))
    return True


@FAULTS.answer(
    "subscribed-twice",
    "SUB-011",
    "A second subscription of the same is accepted",
    operations=("createEventSubscription",),
)
def subscribed_twice(seen: Seen) -> bool:
    same = [each for each in seen.earlier if each.operation == seen.operation and each.variables == seen.variables]
    first = same[0].answer if same and seen.body.get("errors") else None
    if not isinstance(first, dict) or not first.get("subscriptionId"):
        return False
    seen.body = {"data": {seen.key: {**first, "subscriptionId": other_id(seen, first["subscriptionId"])}}}
    return True
