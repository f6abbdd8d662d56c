"""Rules about answers: each accepts a documented answer, and finds the fault put into it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.harness import Call, answering, assert_violations, with_arguments
from tests.rules.test_requests import ALIAS, MONEY, preview, report

EARLY, LATE = "2024-12-01T10:00:00Z", "2024-12-02T10:00:00Z"
NAMED = {"orderIdentifier": {"orderId": "o-1"}}


def order(**more: Any) -> Call:
    return Call("order", NAMED, {"id": "o-1", **more})


def package(name: str, state: str, reason: str | None = None) -> dict[str, Any]:
    return {"id": name, "state": state, "reason": reason}


def packages(summary: str, *details: dict[str, Any]) -> Call:
    return order(packageInformation={"summary": {"state": summary}, "details": list(details)})


def money(amount: float, code: str = "USD") -> Call:
    return order(totalPrice={"value": {"amount": amount, "currencyCode": code}})


def refunds(*details: dict[str, Any]) -> Call:
    return order(refunds={"details": list(details)})


def returns(**one: Any) -> Call:
    return order(returns={"details": [{"id": "ret-1", **one}]})


def grading(graded: int) -> Call:
    conditions = [{"condition": "SELLABLE", "amount": {"unit": "ONE", "value": value}} for value in (1, 2)]
    summary = {"gradedAmount": {"unit": "ONE", "value": graded}, "unitWiseCondition": conditions}
    return returns(returnLineItems=[{"id": "l-1", "grading": {"summary": summary}}])


def previewed(**offer: Any) -> Call:
    group = {
        "products": [{"productIdentifier": {"value": "sku-1"}, "amount": {"value": 1}}],
        "deliveryOffers": [{"id": "offer-1", **offer}, {**offer, "id": "offer-2"}],
    }
    return Call("deliveryPreview", preview().arguments, {"id": "p-1", "deliveryGroups": [group]})


def cancelled(**more: Any) -> Call:
    answer = {"cancellation": {"state": "PENDING", "requestedBy": "MERCHANT", **more}}
    return Call("cancelOrder", NAMED, answer)


def offers(value: str, *types: str) -> Call:
    arguments = {"reversalOffersInput": {"items": [{"id": {"SKU": "sku-1"}}]}}
    one = {"item": {"id": {"value": value}}, "summary": {"resolutionTypes": list(types)}}
    return Call("reversalOffers", arguments, {"id": "x", "reversalOfferCollection": [one]})


def products(*nodes: dict[str, Any], first: int = 2) -> Call:
    return Call("products", {"first": first}, {"edges": [{"node": node} for node in nodes]})


def feed(status: str, report_: Any = None, name: str = "f-1") -> Call:
    answer = {"id": name, "status": status, "result": {"resultReport": report_}}
    return Call("catalogFeed", {"catalogFeedId": "f-1"}, answer)


def task(operation: str = "personalDataRetrievalTask", **more: Any) -> Call:
    answer = {"taskId": "t-1", "status": "COMPLETED", "submissionDate": EARLY, "lastUpdatedDate": LATE, **more}
    return Call(operation, {"taskId": "t-1"}, answer)


def reported(**more: Any) -> Call:
    return Call(
        "reportTask", {"taskId": "t-1"}, {"taskId": "t-1", "requestTime": EARLY, "lastUpdatedTime": LATE, **more}
    )


def started(task_id: str) -> Call:
    return Call("startReportTask", report().arguments, {"taskId": task_id})


def subscriptions(*ids: str, first: int = 2) -> Call:
    return Call("eventSubscriptions", {"first": first}, {"edges": [{"node": {"id": one}} for one in ids]})


UUID = "8d2f6c1e-4b7a-4e53-9c0d-1a2b3c4d5e6f"
DELETION = "personalDataDeletionTask"
LINES = [{"id": "l-1"}, {"id": "l-2"}]
DATES = {"earliest": EARLY, "latest": LATE}
CASES = [
    ("ORD-020", money(0), money(-1), "data.order.totalPrice.value.amount"),
    ("ORD-021", money(1, "EUR"), money(1, "EUX"), "data.order.totalPrice.value.currencyCode"),
    (
        "ORD-022",
        order(recipient={"deliveryAddress": {"countryCode": "US"}}),
        order(recipient={"deliveryAddress": {"countryCode": "XX"}}),
        "data.order.recipient.deliveryAddress.countryCode",
    ),
    (
        "ORD-023",
        order(metadata={"createdAt": EARLY, "updatedAt": LATE}),
        order(metadata={"createdAt": LATE, "updatedAt": EARLY}),
        "data.order.metadata.updatedAt",
    ),
    (
        "ORD-024",
        order(payments={"details": [{"id": "a", "amount": MONEY}, {"id": "b", "amount": MONEY}]}),
        order(payments={"details": [{"id": "a", "amount": MONEY}, {"id": "a", "amount": MONEY}]}),
        "data.order.payments.details[1].id",
    ),
    ("ORD-025", order(lineItems=LINES), order(lineItems=[*LINES, LINES[0]]), "data.order.lineItems[2].id"),
    ("ORD-026", order(aliases=[ALIAS]), order(aliases=[ALIAS, ALIAS]), "data.order.aliases[1]"),
    (
        "ORD-027",
        packages("CANCELLED", package("p-1", "CANCELLED", "UNDELIVERABLE")),
        packages("CANCELLED", package("p-1", "CANCELLED")),
        "data.order.packageInformation.details[0].reason",
    ),
    (
        "ORD-027",
        packages("PENDING", package("p-1", "PENDING")),
        packages("PENDING", package("p-1", "PENDING", "UNDELIVERABLE")),
        "data.order.packageInformation.details[0].reason",
    ),
    (
        "ORD-028",
        packages("PENDING", package("p-1", "PENDING"), package("p-2", "PENDING")),
        packages("DELIVERED", package("p-1", "PENDING"), package("p-2", "PENDING")),
        "data.order.packageInformation.summary.state",
    ),
    ("ORD-029", cancelled(), cancelled(state="SUCCESS"), "data.cancelOrder.cancellation.state"),
    ("ORD-030", cancelled(), cancelled(requestedBy="SHOPPER"), "data.cancelOrder.cancellation.requestedBy"),
    ("ORD-031", order(), answering(order(), "id", "o-2"), "data.order.id"),
    (
        "RFD-007",
        refunds({"id": "a"}, {"id": "b"}),
        refunds({"id": "a"}, {"id": "a"}),
        "data.order.refunds.details[1].id",
    ),
    (
        "RFD-008",
        refunds({"id": "a", "aliases": [ALIAS]}, {"id": "b", "aliases": []}),
        refunds({"id": "a", "aliases": [ALIAS]}, {"id": "b", "aliases": [ALIAS]}),
        "data.order.refunds.details[1].aliases[0]",
    ),
    (
        "RFD-009",
        refunds({"id": "a", "aliases": [ALIAS]}),
        refunds({"id": "a", "aliases": [ALIAS, {**ALIAS, "aliasId": "2"}]}),
        "data.order.refunds.details[0].aliases[1]",
    ),
    (
        "RET-004",
        returns(returnDeliveryDetails=[package("d", "FAILED", "EXCEPTION")]),
        returns(returnDeliveryDetails=[package("d", "FAILED")]),
        "data.order.returns.details[0].returnDeliveryDetails[0].reason",
    ),
    (
        "RET-005",
        returns(returnPackageDetails=[package("d", "DELIVERED")]),
        returns(returnPackageDetails=[package("d", "DELIVERED", "EXCEPTION")]),
        "data.order.returns.details[0].returnPackageDetails[0].reason",
    ),
    (
        "RET-006",
        grading(3),
        grading(4),
        "data.order.returns.details[0].returnLineItems[0].grading.summary.gradedAmount.value",
    ),
    (
        "RET-007",
        offers("sku-1", "RETURN"),
        offers("sku-2", "RETURN"),
        "data.reversalOffers.reversalOfferCollection[0].item.id.value",
    ),
    (
        "RET-008",
        returns(),
        order(returns={"details": [{"id": "ret-1"}, {"id": "ret-1"}]}),
        "data.order.returns.details[1].id",
    ),
    (
        "RET-009",
        offers("sku-1", "RETURN", "CANCEL"),
        offers("sku-1", "RETURN", "RETURN"),
        "data.reversalOffers.reversalOfferCollection[0].summary.resolutionTypes[1]",
    ),
    (
        "DLV-005",
        previewed(date=DATES),
        answering(previewed(date=DATES), "deliveryGroups.0.deliveryOffers.0.date", {"earliest": LATE, "latest": EARLY}),
        "data.deliveryPreview.deliveryGroups[0].deliveryOffers[0].date.latest",
    ),
    (
        "DLV-006",
        previewed(),
        answering(previewed(), "deliveryGroups.0.deliveryOffers.1.id", "offer-1"),
        "data.deliveryPreview.deliveryGroups[0].deliveryOffers[1].id",
    ),
    (
        "DLV-007",
        previewed(),
        answering(previewed(), "deliveryGroups.0.products.0.productIdentifier.value", "sku-9"),
        "data.deliveryPreview.deliveryGroups[0].products[0]",
    ),
    ("CAT-002", products({"id": "a"}), products({"id": "a"}, {"id": "b"}, first=1), "data.products.edges"),
    (
        "CAT-004",
        products({"id": "a"}, {"id": "b"}),
        products({"id": "a"}, {"id": "a"}),
        "data.products.edges[1].node.id",
    ),
    (
        "CAT-005",
        feed("COMPLETED", {"fileId": "x"}),
        feed("IN_PROGRESS", {"fileId": "x"}),
        "data.catalogFeed.result.resultReport",
    ),
    ("CAT-006", feed("CREATED"), feed("CREATED", name="f-2"), "data.catalogFeed.id"),
    ("PRV-001", task(), answering(task(), "taskId", "t-2"), "data.personalDataRetrievalTask.taskId"),
    (
        "PRV-002",
        task(dataRetrievalLink="https://downloads.shop.example/a"),
        task(status="IN_PROGRESS", dataRetrievalLink="https://downloads.shop.example/a"),
        "data.personalDataRetrievalTask.dataRetrievalLink",
    ),
    ("PRV-003", task(errors=None), task(status="FAILED", errors=[]), "data.personalDataRetrievalTask.errors"),
    ("PRV-004", task(), task(lastUpdatedDate="2024-01-01T00:00:00Z"), "data.personalDataRetrievalTask.lastUpdatedDate"),
    (
        "PRV-005",
        task(DELETION, errors=[{"code": "ORDERS_NOT_CLOSED"}]),
        task(errors=[{"code": "ORDERS_NOT_CLOSED"}]),
        "data.personalDataRetrievalTask.errors[0].code",
    ),
    (
        "PRV-006",
        task(DELETION, holdingPeriod=180),
        task(DELETION, holdingPeriod=181),
        "data.personalDataDeletionTask.holdingPeriod",
    ),
    ("ANA-004", started(f"USER_EVENTS:{UUID}"), started(UUID), "data.startReportTask.taskId"),
    ("ANA-006", reported(), reported(taskId="t-2"), "data.reportTask.taskId"),
    ("ANA-007", reported(), reported(lastUpdatedTime="2024-01-01T00:00:00Z"), "data.reportTask.lastUpdatedTime"),
    ("SUB-005", subscriptions("a", "b"), subscriptions("a", "a"), "data.eventSubscriptions.edges[1].node.id"),
    ("SUB-006", subscriptions("a"), subscriptions("a", "b", first=1), "data.eventSubscriptions.edges"),
    (
        "SUB-007",
        Call("eventSubscription", {"subscriptionId": "s-1"}, {"subscriptionId": "s-1"}),
        Call("eventSubscription", {"subscriptionId": "s-1"}, {"subscriptionId": "s-2"}),
        "data.eventSubscription.subscriptionId",
    ),
]

ERRORS = [
    ("ORD-040", "createOrder", "AddressMismatch"),
    ("RFD-011", "updateOrder", "MissingRefundId"),
    ("RET-010", "reversalOffers", "ItemDoesNotExist"),
    ("DLV-009", "deliveryPreview", "InvalidAddress"),
    ("CAT-007", "inventoryItem", "MissingAmazonSkuConfiguration"),
    ("PRV-007", "cancelPersonalDataDeletionTask", "CannotCancelPersonalDataDeletionTask"),
    ("ANA-008", "startReportTask", "InvalidDateRange"),
    ("SUB-008", "createEventSubscription", "SubscriptionAlreadyExists"),
    ("SBX-005", "updateOrderPackageInformation", "PackageTrackerNotFound"),
]


@pytest.mark.parametrize(("rule_id", "accepted", "violating", "path"), CASES, ids=lambda value: str(value)[:12])
def test_a_rule_tells_a_faulty_answer_from_a_good_one(rule_id: str, accepted: Call, violating: Call, path: str) -> None:
    assert_violations(rule_id, [accepted])
    assert_violations(rule_id, [violating], path)


@pytest.mark.parametrize(("rule_id", "operation", "code"), ERRORS)
def test_an_undocumented_error_code_is_told(rule_id: str, operation: str, code: str) -> None:
    def refused(one: str) -> Call:
        error = {"message": "no", "path": [operation], "extensions": {"classification": {"code": one}}}
        return Call(operation, errors=(error,))

    assert_violations(rule_id, [refused(code)])
    assert_violations(rule_id, [refused("Unheard")], f"data.{operation}")


def test_an_estimate_does_not_expire() -> None:
    good = previewed(expiresAt=LATE)
    assert_violations("DLV-004", [good])
    unknown = with_arguments(good, "input.shopperIdentity", None)
    base = "data.deliveryPreview.deliveryGroups[0].deliveryOffers"
    assert_violations("DLV-004", [unknown], f"{base}[0].expiresAt", f"{base}[1].expiresAt")
