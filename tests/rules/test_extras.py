"""Rules about updates, returns by API, trackers and payments: each accepts a documented course, and finds its fault."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from tests.rules.harness import NOVEMBER, Call, answering, assert_violations, with_arguments
from tests.rules.test_flows import bought, deletion, moving, package, preview, read, refunded, return_package, updated
from tests.rules.test_requests import MONEY, alias, line, payment, refund, refunding, returning, subscription
from tests.rules.test_requests import order as creating

NEXT = "next"
JANUARY = "2024-01-01"
ORDERED = {"order": {"id": "o-1"}}
EXTERNAL = [alias("EXTERNAL-REFUND-ID", "e-1")]
TOTAL = {"totalAmount": MONEY}


def paying(state: str) -> Call:
    details = [{**payment("p-1"), "state": state}]
    return with_arguments(creating(), "input.payments", {"details": details})


def updated_with(**more: Any) -> Call:
    return replace(refunding(refund(**more)), answer=ORDERED)


def refund_now(**more: Any) -> Call:
    return read(refunds={"details": [{"id": "r-1", **more}]})


def return_now(state: str, **more: Any) -> Call:
    return read(returns={"details": [{"id": "ret", "state": state, **more}]})


def january(state: str) -> Call:
    answer = {"id": "o-1", "returns": {"details": [{"id": "ret", "state": state}]}}
    return Call("order", {"orderIdentifier": {"orderId": "o-1"}}, answer)


def made(at: str) -> Call:
    return answering(bought(), "order.metadata", {"createdAt": at})


def expiring(at: str) -> Call:
    return answering(preview(), "deliveryGroups.0.deliveryOffers.0.expiresAt", at)


def tracked(code: str) -> Call:
    identifier = {"trackingNumber": "T-1", "carrierCode": "ups"}
    arguments = {"packageTrackerInput": {"packageTrackerIdentifier": identifier}}
    answer = {"packageTrackerIdentifier": identifier, "latestMilestone": {"status": {"code": code}}}
    return Call("packageTracker", arguments, answer)


def carried(state: str, code: str) -> Call:
    tracker = {"latestMilestone": {"status": {"code": code}}}
    return read(packageInformation={"details": [{"id": "p-1", "state": state, "packageTracker": tracker}]})


def sending_back(state: str) -> Call:
    details = [{"returnIdentifier": {"id": "ret"}, "returnPackageDetails": [{"id": "p-1", "state": state}]}]
    arguments = {"orderIdentifier": {"orderId": "o-1"}, "input": {"returns": {"details": details}}}
    return Call("updateOrderReturns", arguments, ORDERED)


def failed(reason: str) -> Call:
    package = {"id": "p-1", "state": "FAILED", "reason": reason}
    return read(returns={"details": [{"id": "ret", "returnPackageDetails": [package]}]})


def shopper(value: str) -> Call:
    token = base64.b64encode(b'{"type":"CHECKOUT_SESSION_ID","value":"' + value.encode() + b'"}').decode()
    return bought(shopperIdentity={"apayCheckoutSessionId": {"value": token, "externalId": "s-1"}})


def paid(amount: int) -> Call:
    money = {"amount": amount, "currencyCode": "USD"}
    return refund_now(refundTotal=TOTAL, paymentDetails=[{"id": "p-1", "state": "SUCCESS", "amount": money}])


def returns_with(*names: str) -> Call:
    details = [{"id": name, "aliases": [alias("EXTERNAL-RETURN-ID", name[0])]} for name in names]
    return read(returns={"details": details})


def new_return(state: str, **more: Any) -> Call:
    return Call("createReturn", {"input": more}, {"returnDetails": {"id": "ret", "state": state}})


def offered(offer: str) -> dict[str, Any]:
    return {"returnDeliveryGroups": [{"returnDeliveryOffer": {"details": {"id": offer}}}]}


def asked_return(**more: Any) -> Call:
    return Call("return", {"returnIdentifier": {"id": "ret"}}, {"returnDetails": {"id": "ret", **more}})


def choosing(offer: str) -> Call:
    arguments = {"input": {"returnIdentifier": {"id": "ret"}, **offered(offer)}}
    return Call("updateReturn", arguments, {"returnDetails": {"id": "ret"}})


def deleted(status: str) -> Call:
    return Call("personalDataDeletionTask", {"taskId": "t-1"}, {"taskId": "t-1", "status": status})


def subscribed(name: str, kind: str = "REFUND_REQUESTED") -> Call:
    return replace(subscription(eventType=kind), answer={"subscriptionId": name})


UNSUBSCRIBED = Call("deleteEventSubscription", {"subscriptionId": "s-1"}, {"subscriptionId": "s-1"})
REFUND = "data.order.refunds.details[0]"
RETURN = "data.order.returns.details[0]"
TOTALS = {"totalPrice": {"value": MONEY}}
STARTED = with_arguments(bought(), "input.desiredExecutionState", "STARTED")

CASES: list[tuple[str, list[Call], list[Call], str, str]] = [
    ("ORD-019", [paying("AUTHORIZED")], [paying("CAPTURED")], "variables.input.payments.details[0].state", NOVEMBER),
    (
        "ORD-032",
        [carried("DELIVERED", "DELIVERED"), carried("IN_TRANSIT", "LOST")],
        [carried("IN_TRANSIT", "DELIVERED")],
        "data.order.packageInformation.details[0].state",
        NOVEMBER,
    ),
    ("RFD-012", [paid(10)], [paid(11)], f"{REFUND}.refundTotal.totalAmount.amount", NOVEMBER),
    (
        "RET-011",
        [new_return("DRAFT"), new_return("CREATED", desiredReturnExecutionState="STARTED")],
        [new_return("CREATED")],
        "data.createReturn.returnDetails.state",
        NEXT,
    ),
    (
        "RET-012",
        [asked_return(), choosing("offer")],
        [answering(asked_return(), "returnDetails.id", "another")],
        "data.return.returnDetails.id",
        NEXT,
    ),
    (
        "RET-013",
        [asked_return(), choosing("offer")],
        [with_arguments(choosing("offer"), "input.returnIdentifier", {})],
        "variables.input.returnIdentifier",
        NEXT,
    ),
    (
        "RET-014",
        [returns_with("a", "b")],
        [returns_with("a", "again")],
        "data.order.returns.details[1].aliases[0]",
        NOVEMBER,
    ),
    (
        "RET-015",
        [asked_return(state="CREATED", returnPackageDetails=[{"id": "p", "state": "IN_TRANSIT"}])],
        [asked_return(state="DRAFT", returnPackageDetails=[{"id": "p", "state": "IN_TRANSIT"}])],
        "data.return.returnDetails.returnPackageDetails[0].state",
        NEXT,
    ),
    (
        "FLW-025",
        [
            refund_now(aliases=[alias("A", "1")]),
            updated_with(aliases=[alias("A", "2")]),
            refund_now(aliases=[alias("A", "2")]),
        ],
        [
            refund_now(aliases=[alias("A", "1")]),
            updated_with(aliases=[alias("A", "2")]),
            refund_now(aliases=[alias("A", "1")]),
        ],
        f"{REFUND}.aliases",
        NOVEMBER,
    ),
    (
        "FLW-025",
        [updated_with(aliases=EXTERNAL), refund_now(aliases=[*EXTERNAL, alias("B", "2")])],
        [updated_with(aliases=EXTERNAL), refund_now(aliases=[])],
        f"{REFUND}.aliases",
        NOVEMBER,
    ),
    (
        "FLW-026",
        [refund_now(), read(refunds={"details": [{"id": "r-2"}, {"id": "r-1"}]})],
        [refund_now(), read(refunds={"details": [{"id": "r-2"}]})],
        "data.order.refunds.details",
        NOVEMBER,
    ),
    (
        "FLW-027",
        [january("CREATED"), january("COMPLETED")],
        [january("COMPLETED"), january("CREATED")],
        f"{RETURN}.state",
        JANUARY,
    ),
    (
        "FLW-028",
        [return_now("DRAFT"), return_now("CREATED"), return_now("CANCELLED")],
        [return_now("COMPLETED"), return_now("CREATED")],
        f"{RETURN}.state",
        NOVEMBER,
    ),
    (
        "FLW-029",
        [expiring("2025-01-20T12:00:00Z"), made("2025-01-20T11:59:00Z")],
        [expiring("2025-01-20T12:00:00Z"), made("2025-01-20T12:01:00Z")],
        "data.createOrder.order.metadata.createdAt",
        NOVEMBER,
    ),
    (
        "FLW-030",
        [updated(4), updated(10), refunded(10)],
        [updated(10), refunded(4)],
        f"{REFUND}.refundTotal.totalAmount.amount",
        NOVEMBER,
    ),
    ("FLW-030", [updated(4), refunded(4)], [updated(4), refunded(4, "PENDING")], f"{REFUND}.state", NOVEMBER),
    (
        "FLW-031",
        [
            replace(returning({"returnIdentifier": {"id": "ret"}, "state": "CANCELLED"}), answer=ORDERED),
            return_now("CANCELLED"),
        ],
        [
            replace(returning({"returnIdentifier": {"id": "ret"}, "state": "CANCELLED"}), answer=ORDERED),
            return_now("CREATED"),
        ],
        f"{RETURN}.state",
        NOVEMBER,
    ),
    (
        "FLW-032",
        [STARTED, read(metadata={"executionState": "STARTED"})],
        [STARTED, read(metadata={"executionState": "NOT_STARTED"})],
        "data.order.metadata.executionState",
        NOVEMBER,
    ),
    (
        "FLW-033",
        [bought(), read(**TOTALS)],
        [bought(), read(totalPrice={"value": {"amount": 11, "currencyCode": "USD"}})],
        "data.order.totalPrice.value.amount",
        NOVEMBER,
    ),
    (
        "FLW-034",
        [read(lineItems=[{"id": "l-1", "aliases": EXTERNAL}]), read(lineItems=[{"id": "l-1", "aliases": EXTERNAL}])],
        [read(lineItems=[{"id": "l-1", "aliases": EXTERNAL}]), read(lineItems=[{"id": "l-1", "aliases": []}])],
        "data.order.lineItems[0].aliases",
        NOVEMBER,
    ),
    (
        "FLW-035",
        [tracked("DELAYED"), tracked("IN_TRANSIT"), tracked("DELIVERED")],
        [tracked("DELIVERED"), tracked("IN_TRANSIT")],
        "data.packageTracker.latestMilestone.status.code",
        NOVEMBER,
    ),
    (
        "FLW-036",
        [return_package("CREATED"), sending_back("IN_TRANSIT")],
        [return_package("DELIVERED"), sending_back("IN_TRANSIT")],
        "variables.input.returns.details[0].returnPackageDetails[0].state",
        NOVEMBER,
    ),
    (
        "FLW-037",
        [sending_back("FAILED"), failed("UNDELIVERABLE")],
        [sending_back("FAILED"), failed("SHIPMENT_LOST")],
        "data.order.returns.details[0].returnPackageDetails[0].reason",
        NOVEMBER,
    ),
    (
        "FLW-038",
        [shopper("sandbox-mocked-test-prime-shopper-checkout-session-id"), moving(state="IN_TRANSIT")],
        [shopper("a-real-session"), moving(state="IN_TRANSIT"), moving(state="DELIVERED")],
        "updateOrderPackageInformation",
        NOVEMBER,
    ),
    (
        "FLW-054",
        [STARTED, read(metadata={"executionState": "STARTED"})],
        [bought(), read(metadata={"executionState": "STARTED"})],
        "data.order.metadata.executionState",
        NOVEMBER,
    ),
    (
        "FLW-055",
        [bought(), package("DELIVERED"), deletion("t-1"), deleted("COMPLETED")],
        [bought(), package("PENDING"), deletion("t-1"), deleted("COMPLETED")],
        "data.personalDataDeletionTask.status",
        NOVEMBER,
    ),
    (
        "SUB-011",
        [subscribed("s-1"), UNSUBSCRIBED, subscribed("s-2"), subscribed("s-3", "REFUND_COMPLETED")],
        [subscribed("s-1"), subscribed("s-2")],
        "data.createEventSubscription.subscriptionId",
        NOVEMBER,
    ),
    (
        "FLW-039",
        [asked_return(**offered("offer-1")), choosing("offer-1")],
        [asked_return(**offered("offer-1")), choosing("offer-2")],
        "variables.input.returnDeliveryGroups[0].returnDeliveryOffer.details.id",
        NEXT,
    ),
]


@pytest.mark.parametrize(
    ("rule_id", "accepted", "violating", "path", "version"), CASES, ids=lambda value: str(value)[:12]
)
def test_a_rule_tells_a_faulty_course_from_a_good_one(
    rule_id: str, accepted: list[Call], violating: list[Call], path: str, version: str
) -> None:
    assert_violations(rule_id, accepted, version=version)
    assert_violations(rule_id, violating, path, version=version)


def test_a_payment_of_what_the_merchant_delivers_may_be_collected_at_once() -> None:
    order = creating(line(prime=False))
    details = {"details": [{**payment("p-1"), "state": "CAPTURED"}]}
    assert_violations("ORD-019", [with_arguments(order, "input.payments", details)])


def test_an_update_that_was_refused_changes_nothing() -> None:
    refused = replace(updated(10), answer=None, errors=({"message": "no"},))
    assert_violations("FLW-030", [refused, refunded(4, "PENDING")])


def test_null_in_an_update_leaves_the_total_as_it_is() -> None:
    update = Call("updateOrder", {"orderIdentifier": {"orderId": "o-1"}, "input": {"totalPrice": None}}, ORDERED)
    assert_violations("FLW-033", [bought(), update, read(**TOTALS)])
