"""Which error codes the documentation lists for an operation: another one is news, no fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from conformance.findings.model import Level
from conformance.operations.finding import code_shown, listed
from conformance.rules.model import BusinessRule, RuleCase, Scope, Violation
from conformance.rules.values import at

ANY_OPERATION: Final = frozenset(
    ("AccessDeniedException", "InternalServerError", "ResourceNotFoundException", "UnspecifiedError", "ValidationError")
)
_REVERSAL: Final = frozenset(("ItemDoesNotExist",))
_PREVIEW: Final = (
    "ExpiredIdpToken InvalidIdpToken InvalidAddress InvalidDestination ItemAmountUnavailable ItemOutOfStock"
    " ProductOutOfStock ProductAmountUnavailable ProductNotPrimeEnabled"
)
_UPDATE: Final = (
    "AliasLimitExceeded AliasValueAlreadyExists DuplicateAliasId DuplicateRefundId InvalidAliasId InvalidRefundId"
    " InvalidRefundRequestReasonUpdate InvalidRefundStateTransition MissingRefundId"
)
_PACKAGES: Final = (
    "ConflictingPackageStateInput MissingCancellationReason PackageTrackerNotAvailableForUpdate"
    " InvalidPackageDeliveryDetailStateTransition PackageInformationDetailIdNotFound PackageTrackerNotFound"
    " UpdatePackageTrackerLimitExceeded"
)

CODES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "createOrder": frozenset(("AddressMismatch", "AliasValueAlreadyExists")),
        "updateOrder": frozenset(_UPDATE.split()),
        "deliveryPreview": frozenset(_PREVIEW.split()),
        "reversalOffers": _REVERSAL,
        "generateReversalOffers": _REVERSAL,
        "inventoryItem": frozenset(("InvalidAmazonSkuConfiguration", "MissingAmazonSkuConfiguration")),
        "createEventSubscription": frozenset(("DestinationNameAlreadyExists", "SubscriptionAlreadyExists")),
        "startReportTask": frozenset(("InvalidDateFormat", "InvalidDateRange", "InvalidReportType")),
        "cancelPersonalDataDeletionTask": frozenset(("CannotCancelPersonalDataDeletionTask",)),
        "updateOrderPackageInformation": frozenset(_PACKAGES.split()),
    }
)
"""By operation the codes that go with it; those of any operation come on top."""


def _check(case: RuleCase) -> Iterator[Violation]:
    known = CODES[case.operation]
    for error in case.errors:
        code = at(error, "extensions", "classification", "code")
        if isinstance(code, str) and code not in known and code not in ANY_OPERATION:
            message = f"{case.operation} answers an error code that is not documented for it"
            yield Violation((), message, listed(sorted(known)), code_shown(code))


def _rule(rule_id: str, source: str, *operations: str) -> BusinessRule:
    return BusinessRule(
        rule_id,
        Level.MAY,
        f"An error code of {', '.join(operations)} is a documented one",
        source,
        Scope.ERRORS,
        _check,
        operations=operations,
        coordinate="errors",
        fix="Answer a documented code; the lists that were read are cut, so others may exist",
    )


order_codes: Final = _rule("ORD-040", "troubleshoot-order-errors", "createOrder")
update_codes: Final = _rule("RFD-011", "troubleshoot-refund-errors", "updateOrder")
preview_codes: Final = _rule("DLV-009", "troubleshoot-delivery-preview-errors", "deliveryPreview")
reversal_codes: Final = _rule("RET-010", "troubleshoot-return-errors", "reversalOffers", "generateReversalOffers")
inventory_codes: Final = _rule("CAT-007", "inventory_changed", "inventoryItem")
subscription_codes: Final = _rule("SUB-008", "troubleshoot-events", "createEventSubscription")
report_codes: Final = _rule("ANA-008", "troubleshoot-analytics-errors", "startReportTask")
privacy_codes: Final = _rule("PRV-007", "cancel-a-data-deletion-request", "cancelPersonalDataDeletionTask")
sandbox_codes: Final = _rule("SBX-005", "troubleshoot-sandbox-errors", "updateOrderPackageInformation")
