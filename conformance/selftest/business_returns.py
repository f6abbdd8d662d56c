"""Refunds and returns that a client sends wrongly."""

from __future__ import annotations

from typing import Final

from conformance.selftest.clients import ClientFaultList, Sending
from conformance.selftest.reach import Given, at, given, other_text, repeated, rows

FAULTS: Final = ClientFaultList()

UPDATE: Final = ("updateOrder",)
NOVEMBER: Final = ("2024-11-01",)
SINCE_APRIL: Final = ("2024-04-01", "2024-11-01")
EXTERNAL: Final = ("EXTERNAL-REFUND-ID", "EXTERNAL_REFUND_ID")


def _refunds(sending: Sending) -> list[Given]:
    return given(sending, "RefundDetailsInput")


@FAULTS("refund-updated-twice", "RFD-001", "A request updates a refund twice", operations=UPDATE)
def refund_updated_twice(sending: Sending) -> bool:
    lists = [each["details"] for each in given(sending, "RefundInput") if isinstance(each.get("details"), list)]
    lists = [each for each in lists if each and all(one.get("id") for one in each)]
    if not lists:
        return False
    repeated(sending, lists[0])
    return True


@FAULTS("refund-unnamed", "RFD-002", "An update of a refund does not name it", operations=UPDATE)
def refund_unnamed(sending: Sending) -> bool:
    is_old = sending.version == "2024-01-01"
    refunds = [each for each in _refunds(sending) if each.get("id") or (each.get("aliases") and not is_old)]
    if not refunds:
        return False
    refund = sending.random.choice(refunds)
    refund.pop("id", None)
    refund.pop("aliases", None)
    if sending.random.random() < 0.5:
        refund["id"] = sending.random.choice(("", None))
    return True


def _totalled(sending: Sending) -> list[Given]:
    totals = [at(each, "refundTotal", "totalAmount") for each in _refunds(sending)]
    return [each for each in totals if isinstance(each, dict) and isinstance(each.get("amount"), int | float)]


@FAULTS("refund-alias-of-another", "RFD-003", "Two refunds have one alias", operations=UPDATE, versions=SINCE_APRIL)
def refund_alias_of_another(sending: Sending) -> bool:
    lists = [each["details"] for each in given(sending, "RefundInput") if isinstance(each.get("details"), list)]
    lists = [each for each in lists if any(one.get("aliases") for one in each)]
    if not lists:
        return False
    first = sending.random.choice([one for one in lists[0] if one.get("aliases")])
    second = {**first, "id": other_text(sending, first.get("id") or "refund")}
    lists[0].append({**second, "aliases": [dict(sending.random.choice(first["aliases"]))]})
    return True


@FAULTS(
    "external-refund-of-another-type",
    "RFD-004",
    "An external refund has no alias of the documented type",
    operations=UPDATE,
    versions=SINCE_APRIL,
)
def external_refund_of_another_type(sending: Sending) -> bool:
    refunds = [each for each in _refunds(sending) if not each.get("id") and rows(each, "aliases")]
    if not refunds:
        return False
    kind = sending.random.choice(("REFUND-ID", "OMS-REFUND-ID", "EXTERNAL-RETURN-ID", "external-refund-id"))
    for alias in rows(sending.random.choice(refunds), "aliases"):
        alias["aliasType"] = kind
    return True


@FAULTS("payments-above-the-total", "RFD-005", "More is paid than the refund's total", operations=UPDATE)
def payments_above_the_total(sending: Sending) -> bool:
    refunds = [
        each
        for each in _refunds(sending)
        if isinstance(at(each, "refundTotal", "totalAmount", "amount"), int | float) and each.get("paymentDetails")
    ]
    refunds = [each for each in refunds if any(one.get("state") == "SUCCESS" for one in rows(each, "paymentDetails"))]
    if not refunds:
        return False
    refund = sending.random.choice(refunds)
    payments = [one for one in rows(refund, "paymentDetails") if one.get("state") == "SUCCESS"]
    total = refund["refundTotal"]["totalAmount"]
    if {at(one, "amount", "currencyCode") for one in payments} != {total.get("currencyCode")}:
        return False
    sending.random.choice(payments)["amount"] = dict(total, amount=total["amount"] + sending.random.randrange(1, 90))
    return True


@FAULTS("refund-with-a-minus", "RFD-006", "A refund takes money", operations=UPDATE)
def refund_with_a_minus(sending: Sending) -> bool:
    totals = _totalled(sending)
    if not totals:
        return False
    total = sending.random.choice(totals)
    total["amount"] = -(abs(total["amount"]) or sending.random.randrange(1, 9))
    return True


@FAULTS("refund-reason-changed", "RFD-010", "The reason of a refund is changed", operations=UPDATE, versions=NOVEMBER)
def refund_reason_changed(sending: Sending) -> bool:
    refunds = [each for each in _refunds(sending) if each.get("id")]
    refunds = [
        each for each in refunds if not any(alias.get("aliasType") in EXTERNAL for alias in rows(each, "aliases"))
    ]
    if not refunds:
        return False
    table = sending.contract.schema.type_map["RefundRequestReasonInput"]
    values = tuple(getattr(table, "values", None) or ("CUSTOMER_REQUESTED",))
    sending.random.choice(refunds)["refundRequestReason"] = sending.random.choice(values)
    return True


def _new_returns(sending: Sending) -> list[Given]:
    return [each for each in given(sending, "ReturnDetailsInput") if not each.get("returnIdentifier")]


@FAULTS("return-without-alias", "RET-001", "A new return has no alias", operations=UPDATE, versions=NOVEMBER)
def return_without_alias(sending: Sending) -> bool:
    new = [each for each in _new_returns(sending) if each.get("aliases")]
    if not new:
        return False
    one = sending.random.choice(new)
    del one["aliases"]
    if sending.random.random() < 0.5:
        one["aliases"] = sending.random.choice(([], None))
    return True


@FAULTS("return-alias-of-another", "RET-002", "Two returns have one alias", operations=UPDATE, versions=NOVEMBER)
def return_alias_of_another(sending: Sending) -> bool:
    lists = [each["details"] for each in given(sending, "ReturnsInput") if isinstance(each.get("details"), list)]
    named = [each for each in lists if any(rows(one, "aliases") for one in each)]
    if not named:
        return False
    first = sending.random.choice([one for one in named[0] if rows(one, "aliases")])
    second = {**first, "aliases": [dict(sending.random.choice(first["aliases"]))]}
    named[0].insert(sending.random.randrange(len(named[0]) + 1), second)
    return True


@FAULTS(
    "return-begun-at-its-end", "RET-003", "A new return does not begin as CREATED", operations=UPDATE, versions=NOVEMBER
)
def return_begun_at_its_end(sending: Sending) -> bool:
    new = [each for each in _new_returns(sending) if each.get("state")]
    if not new:
        return False
    sending.random.choice(new)["state"] = sending.random.choice(("COMPLETED", "CANCELLED", "IN_PROGRESS"))
    return True


@FAULTS("return-unnamed", "RET-013", "No return is named", operations=("return", "updateReturn"))
def return_unnamed(sending: Sending) -> bool:
    names = [each for each in given(sending, "ReturnIdentifierInput") if each]
    if len(names) != 1:
        return False
    (name,) = names
    empty: Given = sending.random.choice(({}, {"id": None}, {"alias": None}, {"aliases": []}))
    name.clear()
    name.update(empty)
    return True
