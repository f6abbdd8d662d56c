"""Refunds, returns and reversal offers that are answered wrongly."""

from __future__ import annotations

from typing import Final

from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.places import pick
from conformance.sandbox.faults.reach import Holder, doubled, fields, objects, one_of, other_id, same_key

FAULTS: Final = FaultList()

SINCE_APRIL: Final = ("2024-04-01", "2024-11-01")
FAILURES: Final = ("UNDELIVERABLE", "LOST", "DAMAGED")


@FAULTS.answer("refund-twice", "RFD-007", "A refund is answered twice")
def refund_twice(seen: Seen) -> bool:
    return doubled(seen, "Refunds.details")


@FAULTS.answer("refund-with-the-id-of-another", "RFD-007", "A refund has the id of another")
def refund_with_the_id_of_another(seen: Seen) -> bool:
    return same_key(seen, "Refunds.details")


def _refunds_with_aliases(seen: Seen) -> list[Holder]:
    refunds = (each for each in objects(seen, "RefundDetails") if isinstance(each.get("aliases"), list))
    return [
        each
        for each in refunds
        if each["aliases"] and all({"aliasType", "aliasId"} <= {*one} for one in each["aliases"])
    ]


@FAULTS.answer("refund-alias-twice", "RFD-008", "A refund alias is answered twice", versions=SINCE_APRIL)
def refund_alias_twice(seen: Seen) -> bool:
    holders = [each for each in objects(seen, "Refunds") if isinstance(each.get("details"), list)]
    known = _refunds_with_aliases(seen)
    for refunds in holders:
        named = [each for each in refunds["details"] if any(each is one for one in known)]
        if named:
            alias = dict(seen.random.choice(seen.random.choice(named)["aliases"]))
            others = [each for each in refunds["details"] if isinstance(each.get("aliases"), list)]
            seen.random.choice(others)["aliases"].append(alias)
            return True
    return False


@FAULTS.answer("second-refund-alias-of-a-type", "RFD-009", "A refund has two aliases of a type", versions=SINCE_APRIL)
def second_refund_alias_of_a_type(seen: Seen) -> bool:
    refunds = _refunds_with_aliases(seen)
    if not refunds:
        return False
    aliases = seen.random.choice(refunds)["aliases"]
    first = seen.random.choice(aliases)
    aliases.append({**first, "aliasId": other_id(seen, first["aliasId"])})
    return True


def _reason_against_state(seen: Seen, type_name: str) -> bool:
    found = [each for each in objects(seen, type_name) if "reason" in each and isinstance(each.get("state"), str)]
    if not found:
        return False
    one = seen.random.choice(found)
    if one["state"] == "FAILED":
        one["reason"] = None
    elif seen.random.random() < 0.5:
        one["reason"] = seen.random.choice(FAILURES)
    else:
        one["state"] = "FAILED"
    return True


@FAULTS.answer(
    "return-delivery-reason-out-of-place",
    "RET-004",
    "A return delivery has a reason, or none, against its state",
    versions=SINCE_APRIL,
)
def return_delivery_reason_out_of_place(seen: Seen) -> bool:
    return _reason_against_state(seen, "ReturnDeliveryDetails")


@FAULTS.answer(
    "return-package-reason-out-of-place",
    "RET-005",
    "A return package has a reason, or none, against its state",
    versions=SINCE_APRIL[1:],
)
def return_package_reason_out_of_place(seen: Seen) -> bool:
    return _reason_against_state(seen, "ReturnPackageDetails")


@FAULTS.answer(
    "graded-units-lost", "RET-006", "More or fewer units are graded than have a condition", versions=SINCE_APRIL
)
def graded_units_lost(seen: Seen) -> bool:
    found = []
    for summary in objects(seen, "ReturnGradingSummary"):
        amounts = [each.get("amount") for each in summary.get("unitWiseCondition") or ()]
        whole = [*amounts, summary.get("gradedAmount")]
        if amounts and all(isinstance(each, dict) and isinstance(each.get("value"), int | float) for each in whole):
            found.append(whole)
    if not found:
        return False
    seen.random.choice(seen.random.choice(found))["value"] += seen.random.randrange(1, 9)
    return True


@FAULTS.answer(
    "offer-for-another-item",
    "RET-007",
    "A reversal offer is for an item that nobody asked for",
    operations=("reversalOffers",),
)
def offer_for_another_item(seen: Seen) -> bool:
    items = [each["id"] for each in objects(seen, "ReversalItem") if isinstance(each.get("id"), dict)]
    items = [each for each in items if isinstance(each.get("value"), str)]
    if not items:
        return False
    item = seen.random.choice(items)
    item["value"] = other_id(seen, item["value"])
    return True


@FAULTS.answer("return-twice", "RET-008", "A return is answered twice")
def return_twice(seen: Seen) -> bool:
    return doubled(seen, "Returns.details")


@FAULTS.answer("resolution-type-twice", "RET-009", "A resolution type is answered twice for an item")
def resolution_type_twice(seen: Seen) -> bool:
    place = pick(seen, (each for each in fields(seen, "ReversalItemOfferSummary.resolutionTypes") if each.value))
    if place is None:
        return False
    for _ in range(seen.random.randrange(1, 4)):
        place.value.insert(seen.random.randrange(len(place.value) + 1), seen.random.choice(place.value))
    return True


@FAULTS.answer("refund-of-less-than-paid", "RFD-012", "A refund's total is less than its payments")
def refund_of_less_than_paid(seen: Seen) -> bool:
    found = []
    for refund in objects(seen, "RefundDetails"):
        total = refund.get("refundTotal")
        money = total.get("totalAmount") if isinstance(total, dict) else None
        paid = [each for each in refund.get("paymentDetails") or () if each.get("state") == "SUCCESS"]
        amounts = [each.get("amount") for each in paid]
        if isinstance(money, dict) and isinstance(money.get("amount"), int | float) and amounts and all(amounts):
            found.append((money, amounts))
    if not found:
        return False
    money, amounts = seen.random.choice(found)
    seen.random.choice(amounts)["amount"] = money["amount"] + seen.random.randrange(1, 90)
    return True


@FAULTS.answer(
    "return-started-by-itself", "RET-011", "A return is started that nobody started", operations=("createReturn",)
)
def return_started_by_itself(seen: Seen) -> bool:
    given = seen.variables.get("input")
    found = one_of(seen, objects(seen, "ReturnDetails"), "state")
    if found is None or not isinstance(given, dict) or given.get("desiredReturnExecutionState"):
        return False
    found["state"] = seen.random.choice(("CREATED", "CANCELLED", "COMPLETED"))
    return True


@FAULTS.answer(
    "another-return",
    "RET-012",
    "Another return than the one asked for is answered",
    operations=("return", "updateReturn"),
)
def another_return(seen: Seen) -> bool:
    given = seen.variables.get("input") or seen.variables.get("returnIdentifier")
    identifier = given.get("returnIdentifier", given) if isinstance(given, dict) else None
    found = one_of(seen, objects(seen, "ReturnDetails"), "id")
    if found is None or not isinstance(identifier, dict) or not identifier.get("id"):
        return False
    found["id"] = other_id(seen, found["id"])
    return True


@FAULTS.answer("returns-with-one-alias", "RET-014", "Two returns have one alias", versions=SINCE_APRIL[1:])
def returns_with_one_alias(seen: Seen) -> bool:
    for holder in objects(seen, "Returns"):
        details = [each for each in holder.get("details") or () if isinstance(each.get("aliases"), list)]
        named = [each for each in details if each["aliases"] and {"aliasType", "aliasId"} <= {*each["aliases"][0]}]
        if named:
            alias = dict(seen.random.choice(named)["aliases"][0])
            seen.random.choice(details)["aliases"].append(alias)
            return True
    return False


@FAULTS.answer("draft-on-its-way", "RET-015", "The package of a draft is on its way", operations=("return",))
def draft_on_its_way(seen: Seen) -> bool:
    drafts = [each for each in objects(seen, "ReturnDetails") if each.get("state") == "DRAFT"]
    drafts = [each for each in drafts if isinstance(each.get("returnPackageDetails"), list)]
    if not drafts:
        return False
    packages = seen.random.choice(drafts)["returnPackageDetails"]
    state = seen.random.choice(("IN_TRANSIT", "DROPPED_OFF", "DELIVERED", "FAILED"))
    packages.append({"id": f"package-{seen.random.randrange(100)}", "state": state})
    return True
