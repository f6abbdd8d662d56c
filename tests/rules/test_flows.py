"""Rules across exchanges: each accepts a documented flow, and finds the fault put into it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.rules.harness import Call, answering, assert_violations, with_arguments
from tests.rules.test_answers import NAMED, feed, previewed
from tests.rules.test_requests import ALIAS, MONEY, alias, line, refund, refunding
from tests.rules.test_requests import order as creating

CREATED_ORDER = {"order": {"id": "o-1", "lineItems": [{"id": "l-1"}, {"id": "l-2"}]}}


def preview() -> Call:
    return answering(previewed(), "id", "preview-1")


def bought(*lines: dict[str, Any], **more: Any) -> Call:
    """An order of the preview's product."""
    call = creating(*lines)
    return replace(call, arguments={"input": {**call.arguments["input"], **more}}, answer=CREATED_ORDER)


def read(**more: Any) -> Call:
    return Call("order", NAMED, {"id": "o-1", **more})


def refunded(amount: int, state: str = "PARTIAL") -> Call:
    total = {"totalAmount": {"amount": amount, "currencyCode": "USD"}}
    return read(refunds={"details": [{"id": "r-1", "state": state, "refundTotal": total}]})


def updated(amount: int, state: str = "PARTIAL") -> Call:
    total = {"totalAmount": {"amount": amount, "currencyCode": "USD"}}
    return replace(refunding(refund(state=state, refundTotal=total)), answer={"order": {"id": "o-1"}})


def package(state: str) -> Call:
    return read(packageInformation={"details": [{"id": "p-1", "state": state}]})


def return_package(state: str) -> Call:
    return read(returns={"details": [{"id": "ret", "returnPackageDetails": [{"id": "p-1", "state": state}]}]})


def moving(**state: Any) -> Call:
    details = [{"id": "p-1", "packageState": {"packageInformationState": state}}]
    arguments = {**NAMED, "input": {"packageInformation": {"details": details}}}
    return Call("updateOrderPackageInformation", arguments, {"order": {"id": "o-1"}})


def deletion(task: str, token: str = "0" * 36) -> Call:
    given = {"dataSubject": {"type": "SHOPPER", "email": "ada@example.org"}, "clientToken": {"token": token}}
    return Call("startPersonalDataDeletionTask", {"input": given}, {"taskId": task})


def by_alias(name: str) -> Call:
    return Call("order", {"orderIdentifier": {"alias": alias("EXTERNAL_ID", name)}}, {"id": "o-1"})


def feeding(file: str) -> Call:
    given = {"dataProvider": {"uploadedFile": {"fileId": file}}}
    return Call("createCatalogFeed", {"input": given}, {"id": "f-1"})


LINK = Call("createUploadLink", {"input": {"fileType": "CSV", "size": 9}}, {"payload": {"fileId": "file-1"}})
CANCEL = Call("cancelOrder", NAMED, {"cancellation": {"state": "PENDING"}})
OFFER = "input.lineItems.0.selectedDeliveryOffer.details"
LINE = "variables.input.lineItems[0]"
TITLED = [{"product": {"title": "Mug"}, "amount": {"value": 1}}]
STATE = "variables.input.packageInformation.details[0].packageState.packageInformationState"

CASES: list[tuple[str, list[Call], list[Call], str]] = [
    (
        "FLW-001",
        [preview(), bought()],
        [preview(), with_arguments(bought(), f"{OFFER}.deliveryPreviewId", "other")],
        f"{LINE}.selectedDeliveryOffer.details.deliveryPreviewId",
    ),
    (
        "FLW-002",
        [preview(), bought()],
        [preview(), with_arguments(bought(), f"{OFFER}.id", "offer-9")],
        f"{LINE}.selectedDeliveryOffer.details.id",
    ),
    ("FLW-003", [preview(), bought()], [preview(), bought(line(9))], f"{LINE}.product.identifier"),
    (
        "FLW-004",
        [preview(), bought()],
        [preview(), bought({**line(), "amount": {"value": 2}})],
        f"{LINE}.amount.value",
    ),
    (
        "FLW-005",
        [preview(), bought()],
        [preview(), with_arguments(bought(), "input.recipient.deliveryAddress.postalCode", "10001")],
        "variables.input.recipient.deliveryAddress.postalCode",
    ),
    (
        "FLW-006",
        [preview(), bought()],
        [preview(), bought(shopperIdentity={"lwaAccessToken": {"value": "other"}})],
        "variables.input.shopperIdentity.apayCheckoutSessionId",
    ),
    (
        "FLW-007",
        [bought(aliases=[ALIAS]), by_alias("1")],
        [bought(aliases=[ALIAS]), answering(by_alias("1"), "id", "o-2")],
        "data.order.id",
    ),
    (
        "FLW-008",
        [bought(), read(lineItems=[{"id": "l-2"}, {"id": "l-1"}])],
        [bought(), read(lineItems=[{"id": "l-1"}, {"id": "l-3"}])],
        "data.order.lineItems",
    ),
    (
        "FLW-009",
        [bought(), read(lineItems=TITLED)],
        [bought(), read(lineItems=[{"amount": {"value": 2}}])],
        "data.order.lineItems[0].amount.value",
    ),
    (
        "FLW-010",
        [bought(), read(lineItems=TITLED)],
        [bought(), read(lineItems=[{"product": {"title": "Cup"}}])],
        "data.order.lineItems[0].product.title",
    ),
    (
        "FLW-011",
        [bought(aliases=[ALIAS]), read(aliases=[ALIAS, alias("OTHER", "2")])],
        [bought(aliases=[ALIAS]), read(aliases=[alias("OTHER", "2")])],
        "data.order.aliases",
    ),
    (
        "FLW-012",
        [refunded(4), refunded(10)],
        [refunded(10), refunded(4)],
        "data.order.refunds.details[0].refundTotal.totalAmount.amount",
    ),
    (
        "FLW-013",
        [updated(4), updated(10, "SUCCESS")],
        [updated(10), updated(4, "SUCCESS")],
        "variables.input.refunds.details[0].refundTotal.totalAmount.amount",
    ),
    (
        "FLW-014",
        [refunded(1, "FAILURE"), refunded(1, "SUCCESS")],
        [refunded(1, "SUCCESS"), refunded(1, "PENDING")],
        "data.order.refunds.details[0].state",
    ),
    (
        "FLW-015",
        [refunded(1, "PENDING"), updated(1, "FAILURE"), updated(1)],
        [refunded(1, "PENDING"), updated(1), updated(1, "FAILURE")],
        "variables.input.refunds.details[0].state",
    ),
    (
        "FLW-016",
        [package("PENDING"), package("DELIVERED")],
        [package("IN_TRANSIT"), package("PENDING")],
        "data.order.packageInformation.details[0].state",
    ),
    (
        "FLW-017",
        [return_package("CREATED"), return_package("FAILED")],
        [return_package("DELIVERED"), return_package("IN_TRANSIT")],
        "data.order.returns.details[0].returnPackageDetails[0].state",
    ),
    ("FLW-018", [package("PENDING"), CANCEL], [package("IN_TRANSIT"), CANCEL], "cancelOrder"),
    (
        "FLW-019",
        [package("IN_TRANSIT"), moving(state="CANCELLED", reason="UNDELIVERABLE")],
        [package("DELIVERED"), moving(state="IN_TRANSIT")],
        f"{STATE}.state",
    ),
    (
        "FLW-019",
        [package("PENDING"), moving(state="CANCELLED", reason="UNFULFILLABLE")],
        [package("PENDING"), moving(state="CANCELLED", reason="UNDELIVERABLE")],
        f"{STATE}.reason",
    ),
    (
        "FLW-020",
        [read(metadata={"executionState": "NOT_STARTED"}), read(metadata={"executionState": "STARTED"})],
        [read(metadata={"executionState": "STARTED"}), read(metadata={"executionState": "NOT_STARTED"})],
        "data.order.metadata.executionState",
    ),
    (
        "FLW-021",
        [bought(aliases=[ALIAS]), answering(bought(aliases=[alias("EXTERNAL_ID", "2")]), "order.id", "o-2")],
        [bought(aliases=[ALIAS]), answering(bought(aliases=[ALIAS]), "order.id", "o-2")],
        "data.createOrder.order.id",
    ),
    ("FLW-022", [feed("CREATED"), feed("FAILED")], [feed("FAILED"), feed("IN_PROGRESS")], "data.catalogFeed.status"),
    (
        "FLW-023",
        [LINK, feeding("file-1")],
        [LINK, feeding("file-2")],
        "variables.input.dataProvider.uploadedFile.fileId",
    ),
    (
        "FLW-024",
        [deletion("t-1"), deletion("t-1"), deletion("t-2", "1" * 36)],
        [deletion("t-1"), deletion("t-2")],
        "data.startPersonalDataDeletionTask.taskId",
    ),
]


@pytest.mark.parametrize(("rule_id", "accepted", "violating", "path"), CASES, ids=lambda value: str(value)[:12])
def test_a_rule_tells_a_faulty_flow_from_a_good_one(
    rule_id: str, accepted: list[Call], violating: list[Call], path: str
) -> None:
    assert_violations(rule_id, accepted)
    assert_violations(rule_id, violating, path)


def test_a_total_is_an_estimate_until_money_goes_back() -> None:
    assert_violations("FLW-012", [refunded(10, "PENDING"), refunded(4)])


def test_another_order_says_nothing_about_this_one() -> None:
    other = replace(package("DELIVERED"), arguments={"orderIdentifier": {"orderId": "o-2"}})
    assert_violations("FLW-016", [answering(other, "id", "o-2"), package("PENDING")])
    assert MONEY["currencyCode"] == "USD"
