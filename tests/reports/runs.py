"""Runs as they come out of judging, to make reports of."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any, Final

from conformance.base.errors import SourcePosition
from conformance.findings.model import (
    Blame,
    CaseResult,
    ContractSummary,
    Erratum,
    Finding,
    Grade,
    Level,
    RunResult,
    StepResult,
    Verdict,
)

DOCUMENT: Final = """mutation createOrder($input: CreateOrderInput!) {
  createOrder(input: $input) {
    order {
      id
      lineItems {
        amount { unit value }
        createdAt
        product { title price { amount currencyCode } }
      }
      orderLinks { destinationType url }
      totalPrice { amount currencyCode }
      aliases { aliasType aliasId }
    }
  }
}
"""

ONE_LINE_DOCUMENT: Final = (
    'mutation createOrder { createOrder( input: { lineItems: [ { product: { identifier: { sku: "example-sku" } '
    'title: "Example" price: { amount: 10.79 currencyCode: "USD" } } amount: { value: 1 } } ] } ) '
    "{ order { id lineItems { amount { unit value } } } } }"
)

QUERY: Final = "query order($id: String!) {\n  order(id: $id) {\n    id\n    state # set by the store\n  }\n}\n"

EXAMPLES: Final = (
    ("non-prime-without-identity", "Create Order With Non Prime Items Without Shopper Identity"),
    ("non-prime", "Create Order With Non Prime Items"),
    ("bundle-minimal", "Create Order With Minimal Bundle Product Information"),
    ("merchant-fulfilled", "Create Order With Merchant Fulfilled Items"),
    ("external-details", "Create Order With External Order Details"),
    ("bundle-mixed", "Create Order With Bundle Product For Prime And Non Prime Items"),
    ("lwa", "Create Order Using Lwa"),
    ("minimum-fulfillable", "Create Minimum Fulfillable Order"),
)

ERRATA: Final = (
    Erratum(
        "bundle-member-amount",
        "The bundle example answers another amount than it sends",
        (
            ("order-mutations-createorder", "The request sends memberAmount 2."),
            ("order-mutations-createorder", "The answer beside it shows memberAmount 1."),
        ),
        "The answer's amount is not compared with the request's in this example.",
        "An order that keeps what was sent must not fail because a printed example does not.",
    ),
    Erratum(
        "lwa-token-twins",
        "The two sandbox tokens of Login with Amazon are the same text",
        (
            ("sandbox-guide", "Lists one token for a Prime shopper and one for another shopper."),
            ("manage-shopper-identity", "Gives the same value for both."),
        ),
        "Either token is accepted for either shopper.",
        "Nothing tells which of the two rows is misprinted.",
    ),
    Erratum("inventory-detail-type", "Two names for one event", (("product-events", "Title and table differ."),)),
)


def line_item(number: int, amount: int = 1) -> dict[str, Any]:
    return {
        "amount": {"unit": "ONE", "value": amount},
        "createdAt": "2022-02-22T16:13:11.798Z",
        "product": {
            "title": f"example-product-title-{number}",
            "price": {"amount": 10.79 * number, "currencyCode": "USD"},
        },
    }


def order_answer(items: int = 2, order_id: str = "322-ABC1-AAAAAA") -> dict[str, Any]:
    return {
        "data": {
            "createOrder": {
                "order": {
                    "id": order_id,
                    "lineItems": [line_item(number + 1) for number in range(items)],
                    "orderLinks": [{"destinationType": "SHOPPER_ORDER_DETAILS", "url": "https://example.com/orders/1"}],
                    "totalPrice": {"amount": 21.58, "currencyCode": "USD"},
                    "aliases": [{"aliasType": "EXTERNAL_ORDER_ID", "aliasId": "example-order-1"}],
                }
            }
        }
    }


def order_variables(items: int = 2) -> dict[str, Any]:
    return {
        "input": {
            "lineItems": [
                {
                    "product": {
                        "identifier": {"sku": f"example-component-product-{number + 1}-sku"},
                        "title": f"example-product-title-{number + 1}",
                        "price": {"amount": 10.79, "currencyCode": "USD"},
                    },
                    "amount": {"value": 1},
                }
                for number in range(items)
            ],
            "aliases": [{"aliasType": "EXTERNAL_ORDER_ID", "aliasId": "example-order-1"}],
            "shopperIdentity": {"lwaAccessToken": {"value": "[redacted]"}},
        }
    }


def create_case(name: str, title: str, version: str = "2024-11-01", **changes: Any) -> CaseResult:
    step = StepResult(
        "create",
        operation="createOrder",
        document=DOCUMENT,
        variables=order_variables(),
        response=order_answer(),
        status=200,
        elapsed_ms=1.8,
    )
    case = CaseResult(
        case_id=f"order.create.{name}[{version}]",
        scenario=f"order.create.{name}",
        version=version,
        interface="order",
        title=title,
        target="cassettes",
        profiles=("orders",),
        tags=("documented",),
        source="order-mutations-createorder",
        example=title,
        file=f"scenarios/order/create-{name}.yaml",
        steps=(step,),
        evidence=(("specification", 14), ("page", 22), ("example", 3)),
        elapsed_ms=2.4,
    )
    return replace(case, **changes)


def faulty_answer() -> dict[str, Any]:
    answer = copy.deepcopy(order_answer(4))
    order = answer["data"]["createOrder"]["order"]
    order["lineItems"][2]["amount"]["unit"] = "DOZEN"
    order["lineItems"][3]["amount"]["value"] = None
    del order["totalPrice"]["currencyCode"]
    order["internalNote"] = "left over"
    return answer


LIST_PATH: Final = ("data", "createOrder", "order", "lineItems")

FAULTS: Final = (
    Finding(
        "RSP-007",
        Verdict.FAIL,
        "DOZEN is no documented value of AmountUnit",
        path=(*LIST_PATH, 2, "amount", "unit"),
        coordinate="Amount.unit",
        expected="one of ONE, GRAM, KILOGRAM",
        actual='"DOZEN"',
        grade=Grade.PAGE,
        source="sandbox-objects-amount",
        fix="Answer a documented unit, or send a value that this version knows",
    ),
    Finding(
        "RSP-004",
        Verdict.FAIL,
        "null where the contract says Decimal!",
        path=(*LIST_PATH, 3, "amount", "value"),
        coordinate="Amount.value",
        expected="Decimal!",
        actual="null",
        grade=Grade.PAGE,
        source="sandbox-objects-amount",
        fix="Answer a value; a null here must make the nearest nullable parent null and stand in errors",
    ),
    Finding(
        "RSP-002",
        Verdict.FAIL,
        "the selected key currencyCode is missing",
        path=("data", "createOrder", "order", "totalPrice", "currencyCode"),
        coordinate="Money.currencyCode",
        expected="the key currencyCode",
        actual="no such key",
        source="GraphQL 6.3.2",
    ),
    Finding(
        "RSP-003",
        Verdict.FAIL,
        "internalNote was not selected",
        path=("data", "createOrder", "order", "internalNote"),
        coordinate="Order",
        expected="no key beyond the selection",
        actual="internalNote",
        source="GraphQL 6.3.2",
    ),
    Finding(
        "REQ-030",
        Verdict.WARN,
        "aliases may hold 5 entries at most",
        level=Level.SHOULD,
        blame=Blame.CLIENT,
        origin="variables",
        path=("input", "aliases", 0, "aliasType"),
        coordinate="AliasInput.aliasType",
        expected="a documented alias type",
        actual='"EXTERNAL_ORDER_ID"',
        grade=Grade.GUIDE,
        source="order-guides-aliases",
        position=SourcePosition("scenarios/order/create-bundle-mixed.yaml", 31, 9),
    ),
)


def faulty_case() -> CaseResult:
    case = create_case(*EXAMPLES[5], errata=("bundle-member-amount",))
    step = replace(case.steps[0], response=faulty_answer(), variables=order_variables(4), findings=FAULTS)
    read_back = StepResult(
        "read-back",
        operation="order",
        document=QUERY,
        variables={"id": "322-ABC1-AAAAAA"},
        response={"data": {"order": {"id": "322-ABC1-AAAAAB", "state": "CONFIRMED"}}},
        status=200,
        elapsed_ms=1.1,
        findings=(
            Finding(
                "EXP-002",
                Verdict.FAIL,
                "the order read back is another one than was created",
                path=("data", "order", "id"),
                expected='"322-ABC1-AAAAAA"',
                actual='"322-ABC1-AAAAAB"',
                source="order-queries-order",
                position=SourcePosition("scenarios/order/create-bundle-mixed.yaml", 58, 7),
            ),
        ),
    )
    flow = Finding(
        "FLW-001",
        Verdict.WARN,
        "the price of a line changed between two steps",
        level=Level.SHOULD,
        grade=Grade.INFERRED,
        origin="scenario",
        expected="10.79",
        actual="21.58",
        position=SourcePosition("scenarios/order/create-bundle-mixed.yaml", 12, 3),
    )
    return replace(case, steps=(step, read_back), findings=(flow,))


def event_case() -> CaseResult:
    payload = {
        "version": "1.0",
        "detail-type": "ORDER_CONFIRMED",
        "resources": ["business-product/example/order/322-ABC1-AAAAAA"],
        "detail": {"idempotencyKey": "8f0c", "data": {"order": {"id": 322, "createdAt": "yesterday"}}},
    }
    findings = (
        Finding(
            "EVT-011",
            Verdict.FAIL,
            "a number where the contract says ID!",
            origin="event",
            path=("detail", "data", "order", "id"),
            coordinate="Order.id",
            expected="ID! written as a string",
            actual="322",
            grade=Grade.PAGE,
            source="order_confirmed",
        ),
        Finding(
            "EVT-014",
            Verdict.WARN,
            "yesterday is no date-time",
            origin="event",
            path=("detail", "data", "order", "createdAt"),
            coordinate="Order.createdAt",
            expected="a date-time as RFC 3339 writes it",
            actual='"yesterday"',
            grade=Grade.INFERRED,
        ),
    )
    step = StepResult("delivered", kind="event", operation="ORDER_CONFIRMED", response=payload, findings=findings)
    return CaseResult(
        "events.order-confirmed[2024-11-01]",
        "events.order-confirmed",
        "2024-11-01",
        "events",
        title="The event of a confirmed order",
        target="cassettes",
        source="order_confirmed",
        file="scenarios/events/order-confirmed.yaml",
        steps=(step,),
        errata=("inventory-detail-type",),
        elapsed_ms=0.6,
    )


def error_case() -> CaseResult:
    finding = Finding(
        "ORD-014",
        Verdict.ERROR,
        "the rule ORD-014 raised KeyError: 'lineItems'",
        blame=Blame.SUITE,
        origin="scenario",
        source="order-objects-lineiteminput",
        fix="Report it with this case; the other rules were judged",
    )
    case = create_case("lwa", "Create Order Using Lwa", "2024-04-01", errata=("lwa-token-twins",))
    return replace(
        case, steps=(replace(case.steps[0], document=ONE_LINE_DOCUMENT, variables=None),), findings=(finding,)
    )


def waived_case() -> CaseResult:
    case = create_case("external-details", "Create Order With External Order Details", "2024-01-01")
    answer = order_answer()
    answer["data"]["createOrder"]["order"]["orderLinks"][0]["url"] = None
    finding = Finding(
        "RSP-004",
        Verdict.FAIL,
        "null where the contract says String!",
        path=("data", "createOrder", "order", "orderLinks", 0, "url"),
        coordinate="OrderLink.url",
        expected="String!",
        actual="null",
        grade=Grade.EXAMPLE,
        source="order-mutations-createorder",
        waived="The sandbox has no links before its next release (orders-team, until 2025-03-31)",
    )
    return replace(case, steps=(replace(case.steps[0], response=answer, findings=(finding,)),))


def skipped_case() -> CaseResult:
    return CaseResult(
        "returns.reversal-offers[2024-01-01]",
        "returns.reversal-offers",
        "2024-01-01",
        "returns",
        title="Get the reversal offers of an order",
        target="cassettes",
        skipped="reversalOffers is not part of version 2024-01-01; generateReversalOffers is",
    )


def warned_case() -> CaseResult:
    step = StepResult(
        "search",
        operation="products",
        document="query products { products(first: 2) { edges { node { id title } } } }",
        response={"data": {"products": {"edges": [{"node": {"id": "1", "title": "Example"}}]}}},
        status=200,
        elapsed_ms=1.0,
        findings=(
            Finding(
                "REQ-020",
                Verdict.WARN,
                "Product.title is deprecated since 2024-11-01",
                level=Level.SHOULD,
                blame=Blame.CLIENT,
                origin="document",
                coordinate="Product.title",
                expected="Product.name",
                actual="Product.title",
                grade=Grade.CHANGELOG,
                source="changelog",
            ),
        ),
    )
    return CaseResult(
        "catalog.products[2024-11-01]",
        "catalog.products",
        "2024-11-01",
        "catalog",
        title="Page through the products",
        target="cassettes",
        steps=(step,),
        elapsed_ms=1.2,
    )


EXPIRED_WAIVER: Final = Finding(
    "WVR-001",
    Verdict.FAIL,
    "the waiver of RSP-004 at Price.amount ended on 2024-10-31",
    blame=Blame.CONFIGURATION,
    origin="configuration",
    coordinate="Price.amount",
    position=SourcePosition("waivers.yaml", 8, 5),
    fix="Mend what it waives and remove it, or agree on a new day with its owner and change expires",
)

CONTRACTS: Final = (
    ContractSummary(
        "2024-01-01", "4b1c0f29aa31" * 5, (("page", 640), ("example", 118), ("guide", 22), ("inferred", 61))
    ),
    ContractSummary(
        "2024-04-01", "9ad2e7710b44" * 5, (("page", 702), ("example", 131), ("guide", 25), ("inferred", 48))
    ),
    ContractSummary(
        "2024-11-01",
        "c07b55e1d2f8" * 5,
        (("page", 811), ("example", 164), ("guide", 31), ("changelog", 12), ("inferred", 40)),
    ),
)


def realistic_run(**changes: Any) -> RunResult:
    """Eight createOrder examples in three versions; faults of every kind among them."""
    cases = [
        create_case(name, title, version) for version in ("2024-01-01", "2024-04-01") for name, title in EXAMPLES[:4]
    ]
    cases += [create_case(name, title) for name, title in EXAMPLES if name != "bundle-mixed"]
    cases += [faulty_case(), event_case(), error_case(), waived_case(), skipped_case(), warned_case()]
    run = RunResult(
        run_id="0d6f6a52-3f5e-4d50-9b6a-5f0c5a1f2b11",
        started_at="2024-11-21T14:02:11.480Z",
        suite_version="0.1.0",
        target="cassettes",
        cases=tuple(cases),
        contracts=CONTRACTS,
        errata=ERRATA,
        finished_at="2024-11-21T14:02:12.710Z",
        elapsed_ms=1230.0,
        environment=(("Python", "3.12.4"), ("Platform", "Linux")),
    )
    return replace(run, **changes)


def clean_run() -> RunResult:
    cases = tuple(create_case(name, title) for name, title in EXAMPLES)
    return replace(realistic_run(), cases=cases, contracts=CONTRACTS[2:])


def big_run(count: int = 10_000) -> RunResult:
    """As many cases, each with an answer of its own and every fiftieth faulty."""
    interfaces = ("order", "catalog", "returns", "events", "privacy", "analytics")
    versions = ("2024-01-01", "2024-04-01", "2024-11-01")
    cases = []
    for number in range(count):
        version, interface = versions[number % 3], interfaces[number % 6]
        case = create_case(f"generated-{number}", f"Generated order number {number}", version, interface=interface)
        answer = order_answer(3, f"322-{number:04d}-AAAAAA")
        answer["data"]["createOrder"]["order"]["totalPrice"]["amount"] = number / 7
        variables = order_variables(3)
        variables["input"]["aliases"][0]["aliasId"] = f"alias-of-order-{number}"
        findings: tuple[Finding, ...] = ()
        if number % 50 == 0:
            answer["data"]["createOrder"]["order"]["lineItems"][2]["amount"]["unit"] = "DOZEN"
            findings = (FAULTS[0],)
        step = replace(case.steps[0], variables=variables, response=answer, findings=findings)
        cases.append(replace(case, steps=(step,)))
    return replace(realistic_run(), cases=tuple(cases))


HOSTILE: Final = "</script><img src=x onerror=alert(1)>\u202e'\"`&amp;\u2028\x00\x1b[31m{{7*7}}\ud800"


def hostile_run() -> RunResult:
    """A run in which every text that a stranger may have written is hostile."""
    finding = Finding(
        HOSTILE,
        Verdict.FAIL,
        HOSTILE,
        origin=HOSTILE,
        path=(HOSTILE, 0),
        coordinate=HOSTILE,
        expected=HOSTILE,
        actual=HOSTILE,
        source=HOSTILE,
        position=SourcePosition(HOSTILE, 1, 2),
        fix=HOSTILE,
    )
    waived = replace(finding, waived=HOSTILE, origin="response", path=(HOSTILE,))
    step = StepResult(
        HOSTILE,
        (finding, waived, replace(waived, origin="response", waived="", path=("data", HOSTILE))),
        HOSTILE,
        HOSTILE,
        {HOSTILE: [HOSTILE]},
        {HOSTILE: {HOSTILE: HOSTILE}, "data": {"x": HOSTILE}},
        200,
        kind=HOSTILE,
    )
    text_step = StepResult(
        "text", operation=HOSTILE, document=HOSTILE, response=f"<html>{HOSTILE}</html>", skipped=HOSTILE
    )
    case = CaseResult(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        title=HOSTILE,
        target=HOSTILE,
        profiles=(HOSTILE,),
        tags=(HOSTILE,),
        source=HOSTILE,
        example=HOSTILE,
        file=HOSTILE,
        steps=(step, text_step),
        findings=(finding,),
        errata=(HOSTILE,),
        evidence=((HOSTILE, 3),),
        skipped=HOSTILE,
    )
    return RunResult(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        cases=(case,),
        findings=(finding,),
        contracts=(ContractSummary(HOSTILE, HOSTILE, ((HOSTILE, 2),)),),
        errata=(Erratum(HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),), HOSTILE, HOSTILE),),
        finished_at=HOSTILE,
        selection=HOSTILE,
        environment=((HOSTILE, HOSTILE),),
    )
