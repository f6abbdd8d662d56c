"""Error codes that nobody documented for the operation that answers them."""

from __future__ import annotations

from typing import Final

from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.reach import classified

FAULTS: Final = FaultList()

CODES: Final = ("Oops", "E1001", "UNKNOWN_PROBLEM", "DatabaseError", "NullPointerException", "TryAgainLater")


OURS: Final = frozenset(("ItemNotPrimeEnabled",))
"""Codes of the sandbox for what is documented without one: another one in their place is no worse."""


def _other_code(seen: Seen) -> bool:
    found = [each for each in classified(seen) if each["code"] not in OURS]
    if not found:
        return False
    seen.random.choice(found)["code"] = seen.random.choice(CODES)
    return True


_OPERATIONS: Final = (
    ("ORD-040", "order-error-code", ("createOrder",)),
    ("RFD-011", "update-error-code", ("updateOrder",)),
    ("DLV-009", "preview-error-code", ("deliveryPreview",)),
    ("RET-010", "reversal-offer-error-code", ("reversalOffers", "generateReversalOffers")),
    ("CAT-007", "inventory-error-code", ("inventoryItem",)),
    ("SUB-008", "subscription-error-code", ("createEventSubscription",)),
    ("ANA-008", "report-error-code", ("startReportTask",)),
    ("PRV-007", "deletion-cancellation-error-code", ("cancelPersonalDataDeletionTask",)),
    ("SBX-005", "package-error-code", ("updateOrderPackageInformation",)),
)

for _rule, _name, _fields in _OPERATIONS:
    _summary = f"{' and '.join(_fields)} answers an error code that is not documented for it"
    FAULTS.answer(f"undocumented-{_name}", _rule, _summary, operations=_fields)(_other_code)
