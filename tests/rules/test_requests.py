"""Rules about requests: each accepts what is documented, and finds the fault put into it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.harness import NOVEMBER, Call, assert_violations, with_arguments

ADDRESS = {
    "name": "Ada Example",
    "streetAddress": "1 Sample St",
    "locality": "Seattle",
    "region": "WA",
    "postalCode": "98109",
    "countryCode": "US",
}
MONEY = {"amount": 10, "currencyCode": "USD"}


def line(number: int = 1, *, prime: bool = True) -> dict[str, Any]:
    details: dict[str, Any] = {"deliveryProvider": "AMAZON", "id": "offer-1", "deliveryPreviewId": "preview-1"}
    terms: dict[str, Any] = {"isPrimeEligible": prime} if prime else {"isPrimeEligible": False, "deliverySpeed": "FAST"}
    return {
        "product": {"identifier": {"sku": f"sku-{number}"}, "title": "Mug", "price": MONEY},
        "amount": {"value": 1},
        "selectedDeliveryOffer": {"details": {**details, "deliveryTerms": terms}},
    }


def order(*lines: dict[str, Any]) -> Call:
    given = {
        "lineItems": list(lines) or [line()],
        "customer": {"contact": {"emailData": {"name": "Ada", "email": "ada@example.org"}}},
        "recipient": {"deliveryAddress": ADDRESS},
        "totalPrice": {"value": MONEY},
        "shopperIdentity": {"apayCheckoutSessionId": {"value": "session", "externalId": "s-1"}},
    }
    return Call("createOrder", {"input": given})


def refund(**more: Any) -> dict[str, Any]:
    return {"id": "r-1", "refundTotal": {"totalAmount": MONEY}, "state": "SUCCESS", **more}


def updating(**more: Any) -> Call:
    return Call("updateOrder", {"orderIdentifier": {"orderId": "o-1"}, "input": more})


def refunding(*details: dict[str, Any]) -> Call:
    return updating(refunds={"details": list(details)})


def returning(*details: dict[str, Any]) -> Call:
    return updating(returns={"details": list(details)})


def alias(kind: str, name: str) -> dict[str, str]:
    return {"aliasType": kind, "aliasId": name}


def payment(name: str, amount: int = 10) -> dict[str, Any]:
    money = {"amount": amount, "currencyCode": "USD"}
    return {"id": name, "amount": money, "paymentMethod": {"displayString": "Card"}, "state": "SUCCESS"}


def preview(**more: Any) -> Call:
    products = [{"productIdentifier": {"sku": "sku-1"}, "amount": {"value": 1}}]
    identity = {"apayCheckoutSessionId": {"value": "session", "externalId": "s-1"}}
    return Call(
        "deliveryPreview",
        {
            "input": {
                "products": products,
                "location": {"shippingAddress": ADDRESS},
                "shopperIdentity": identity,
                **more,
            }
        },
    )


def report(**more: Any) -> Call:
    times = {"startDate": "2024-11-01T00:00:00Z", "endDate": "2024-11-30T00:00:00Z"}
    return Call("startReportTask", {"input": {"reportType": "USER_EVENTS", "timeRange": times, **more}})


def subscription(**more: Any) -> Call:
    given = {"destination": {"webhook": {"url": "https://hooks.shop.example"}}, "eventType": "REFUND_REQUESTED"}
    return Call("createEventSubscription", {"input": {**given, **more}})


def moving(**state: Any) -> Call:
    details = [{"id": "p-1", "packageState": {"packageInformationState": state}}]
    given = {"packageInformation": {"details": details}}
    return Call("updateOrderPackageInformation", {"orderIdentifier": {"orderId": "o-1"}, "input": given})


DETAILS = "input.lineItems.0.selectedDeliveryOffer.details"
LINE = "variables.input.lineItems[0]"
OFFER = f"{LINE}.selectedDeliveryOffer.details"
REFUND = "variables.input.refunds.details"
RETURN = "variables.input.returns.details"
ALIAS = alias("EXTERNAL_ID", "1")
NEW_RETURN = {"aliases": [alias("EXTERNAL-RETURN-ID", "1")], "state": "CREATED"}
EVENT = {"eventType": "page-load", "eventId": "0f8fad5b-d9cb-469f-a165-70867728950e"}
STATE = "variables.input.packageInformation.details[0].packageState.packageInformationState"

CASES = [
    ("ORD-001", order(*map(line, range(20))), order(*map(line, range(21))), "variables.input.lineItems"),
    (
        "ORD-002",
        order(*(line(n, prime=False) for n in range(20))),
        order(*(line(n, prime=False) for n in range(21))),
        "variables.input.lineItems",
    ),
    ("ORD-003", order(), with_arguments(order(), f"{DETAILS}.id", ...), f"{OFFER}.id"),
    (
        "ORD-004",
        order(),
        with_arguments(order(), f"{DETAILS}.deliveryPreviewId", ...),
        f"{OFFER}.deliveryPreviewId",
    ),
    (
        "ORD-005",
        order(),
        with_arguments(order(), f"{DETAILS}.deliveryTerms", {}),
        f"{OFFER}.deliveryTerms.isPrimeEligible",
    ),
    (
        "ORD-006",
        order(line(prime=False)),
        with_arguments(order(), f"{DETAILS}.deliveryTerms.isPrimeEligible", False),
        f"{OFFER}.deliveryTerms.deliverySpeed",
    ),
    (
        "ORD-007",
        order(),
        with_arguments(order(), f"{DETAILS}.deliveryProvider", "MERCHANT"),
        f"{OFFER}.deliveryTerms.isPrimeEligible",
    ),
    ("ORD-008", order(), with_arguments(order(), "input.shopperIdentity", ...), "variables.input.shopperIdentity"),
    (
        "ORD-009",
        order(),
        with_arguments(order(), "input.recipient", ...),
        "variables.input.recipient.deliveryAddress",
    ),
    (
        "ORD-010",
        updating(aliases=[ALIAS, alias("EXTERNAL_ID", "2")]),
        updating(aliases=[ALIAS, ALIAS]),
        "variables.input.aliases[1]",
    ),
    (
        "ORD-011",
        order({**line(1), "aliases": [ALIAS]}, line(2)),
        order({**line(1), "aliases": [ALIAS]}, {**line(2), "aliases": [ALIAS]}),
        "variables.input.lineItems[1].aliases[0]",
    ),
    (
        "ORD-012",
        Call("cancelOrder", {"orderIdentifier": {"orderId": "o-1"}, "input": {"aliases": [ALIAS]}}),
        Call("cancelOrder", {"orderIdentifier": {"orderId": "o-1"}, "input": {"aliases": [ALIAS, ALIAS]}}),
        "variables.input.aliases[1]",
    ),
    (
        "ORD-014",
        updating(desiredExecutionState="STARTED"),
        Call("updateOrder", {"orderIdentifier": {}, "input": {}}),
        "variables.orderIdentifier",
    ),
    ("ORD-015", order(), with_arguments(order(), "input.lineItems.0.amount.value", 0), f"{LINE}.amount.value"),
    (
        "ORD-016",
        order({**line(), "taxes": {"summary": {}}}),
        with_arguments(order(), "input.taxes", {"summary": {"collectableTaxAmount": MONEY}}),
        "variables.input.taxes",
    ),
    (
        "ORD-017",
        refunding(refund(paymentDetails=[payment("a"), payment("b")])),
        refunding(refund(paymentDetails=[payment("a"), payment("a")])),
        f"{REFUND}[0].paymentDetails[1].id",
    ),
    ("ORD-018", order(), with_arguments(order(), "input.totalPrice", ...), "variables.input.totalPrice"),
    ("RFD-001", refunding(refund(), refund(id="r-2")), refunding(refund(), refund()), f"{REFUND}[1].id"),
    ("RFD-002", refunding(refund()), refunding({"refundTotal": {"totalAmount": MONEY}}), f"{REFUND}[0].id"),
    (
        "RFD-003",
        refunding(refund(aliases=[ALIAS]), refund(id="r-2", aliases=[alias("EXTERNAL_ID", "2")])),
        refunding(refund(aliases=[ALIAS]), refund(id="r-2", aliases=[ALIAS])),
        f"{REFUND}[1].aliases[0].aliasId",
    ),
    (
        "RFD-004",
        refunding(refund(id=None, aliases=[alias("EXTERNAL_REFUND_ID", "1")])),
        refunding(refund(id=None, aliases=[ALIAS])),
        f"{REFUND}[0].aliases",
    ),
    (
        "RFD-005",
        refunding(refund(paymentDetails=[payment("a")])),
        refunding(refund(paymentDetails=[payment("a"), payment("b", 1)])),
        f"{REFUND}[0].refundTotal.totalAmount.amount",
    ),
    (
        "RFD-006",
        refunding(refund()),
        refunding(refund(refundTotal={"totalAmount": {"amount": -1, "currencyCode": "USD"}})),
        f"{REFUND}[0].refundTotal.totalAmount.amount",
    ),
    (
        "RFD-010",
        refunding(refund(refundRequestReason="ITEM_MISSING", aliases=[alias("EXTERNAL_REFUND_ID", "1")])),
        refunding(refund(refundRequestReason="ITEM_MISSING")),
        f"{REFUND}[0].refundRequestReason",
    ),
    ("RET-001", returning(NEW_RETURN), returning({"state": "CREATED"}), f"{RETURN}[0].aliases"),
    ("RET-002", returning(NEW_RETURN), returning(NEW_RETURN, NEW_RETURN), f"{RETURN}[1].aliases[0]"),
    ("RET-003", returning(NEW_RETURN), returning({**NEW_RETURN, "state": "COMPLETED"}), f"{RETURN}[0].state"),
    (
        "DLV-001",
        preview(),
        with_arguments(preview(), "input.location.shippingAddress.region", "PR"),
        "variables.input.location.shippingAddress.region",
    ),
    (
        "DLV-001",
        preview(),
        with_arguments(preview(), "input.location.shippingAddress.countryCode", "DE"),
        "variables.input.location.shippingAddress.countryCode",
    ),
    (
        "DLV-002",
        preview(),
        with_arguments(preview(), "input.location.shippingAddress.locality", ...),
        "variables.input.location.shippingAddress",
    ),
    (
        "DLV-003",
        preview(),
        with_arguments(preview(), "input.products.0.amount.value", 0),
        "variables.input.products[0].amount.value",
    ),
    (
        "DLV-008",
        order(),
        with_arguments(order(), "input.recipient.deliveryAddress.countryCode", "USA"),
        "variables.input.recipient.deliveryAddress.countryCode",
    ),
    (
        "DLV-008",
        order(),
        with_arguments(
            order(), "input.payments", {"details": [{"id": "1", "payer": {"billingAddress": {"countryCode": "USA"}}}]}
        ),
        "variables.input.payments.details[0].payer.billingAddress.countryCode",
    ),
    (
        "CAT-001",
        Call("product", {"identifier": {"sku": "a"}}),
        Call("product", {"identifier": {"sku": "a", "productId": "b"}}),
        "variables.identifier",
    ),
    ("ANA-001", report(), report(reportType="SALES"), "variables.input.reportType"),
    (
        "ANA-002",
        report(),
        report(timeRange={"startDate": "2024-11-02T00:00:00Z", "endDate": "2024-11-01T00:00:00Z"}),
        "variables.input.timeRange.endDate",
    ),
    (
        "ANA-003",
        report(),
        report(timeRange={"startDate": "2024-11-01T00:00:00+01:00"}),
        "variables.input.timeRange.startDate",
    ),
    (
        "ANA-005",
        Call("sendUserEvents", {"input": {"events": [EVENT]}}, {"status": "successful"}),
        Call("sendUserEvents", {"input": {"events": [EVENT, {**EVENT, "eventId": "1"}]}}, {"status": "successful"}),
        "variables.input.events[1].eventId",
    ),
    ("SUB-001", subscription(), subscription(eventType="REFUND_REQUESTED "), "variables.input.eventType"),
    (
        "SUB-002",
        subscription(),
        subscription(destination={"webhook": {"url": "http://hooks.shop.example"}}),
        "variables.input.destination.webhook.url",
    ),
    ("SUB-003", subscription(), subscription(destination={}), "variables.input.destination"),
    (
        "SUB-004",
        Call("createAuthProfile", {"input": {"authConfig": {"basicAuthConfig": {"username": "u"}}}}),
        Call("createAuthProfile", {"input": {"authConfig": {}}}),
        "variables.input.authConfig",
    ),
    ("SBX-001", moving(state="CANCELLED", reason="UNDELIVERABLE"), moving(state="CANCELLED"), f"{STATE}.reason"),
    ("SBX-002", moving(state="DELIVERED"), moving(state="DELIVERED", reason="UNDELIVERABLE"), f"{STATE}.reason"),
    ("SBX-003", moving(state="IN_TRANSIT"), moving(state="PENDING"), f"{STATE}.state"),
]


@pytest.mark.parametrize(("rule_id", "accepted", "violating", "path"), CASES, ids=lambda value: str(value)[:12])
def test_a_rule_tells_a_faulty_request_from_a_good_one(
    rule_id: str, accepted: Call, violating: Call, path: str
) -> None:
    assert_violations(rule_id, [accepted])
    assert_violations(rule_id, [violating], path)


def test_2024_01_01_takes_one_way_to_name_an_order() -> None:
    by_id = Call("order", {"orderId": "o-1"}, {"id": "o-1"})
    both = Call("order", {"orderId": "o-1", "orderIdentifier": {"orderId": "o-1"}}, {"id": "o-1"})
    assert_violations("ORD-013", [by_id], version="2024-01-01")
    assert_violations("ORD-013", [both], "variables.orderId", version="2024-01-01")


def test_2024_01_01_takes_no_return_back_to_created() -> None:
    def call(state: str) -> Call:
        return Call("updateOrderReturns", {"input": {"orderId": "o-1", "details": [{"id": "r", "state": state}]}})

    def selecting(state: str) -> Call:
        return Call("updateOrderReturns", call(state).arguments, {"order": {"id": "o-1"}})

    assert_violations("SBX-004", [selecting("COMPLETED")], version="2024-01-01")
    assert_violations("SBX-004", [selecting("CREATED")], "variables.input.details[0].state", version="2024-01-01")


def test_a_rule_keeps_to_its_versions() -> None:
    lines = [
        {**line(number), "selectedDeliveryOffer": {"details": {"deliveryProvider": "BUY_WITH_PRIME"}}}
        for number in range(21)
    ]
    many = order(*lines)
    assert_violations("ORD-001", [many], "variables.input.lineItems", version="2024-04-01")
    assert_violations("ORD-003", [many], version="2024-04-01")
    assert NOVEMBER == "2024-11-01"
