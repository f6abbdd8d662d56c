"""The judge, shape and documented rules, against `json.loads`, graphql-core, jsonschema-rs and pydantic, on the same
bytes in one run.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import jsonschema_rs
from graphql import execute_sync, parse

from benchmarks.harness import Row, best_s
from benchmarks.judge_models import json_schema, pydantic_model
from conformance.contract.load import load_contract
from conformance.contract.model import Contract
from conformance.engine.judge import judge_exchange
from conformance.operations.compile import CompiledOperation, compile_operation
from conformance.operations.request import judge_variables
from conformance.operations.response import judge_response
from conformance.traffic.model import Exchange, HttpRequest, HttpResponse

VERSION = "2024-11-01"
DOCUMENT = """
query order($orderIdentifier: OrderIdentifierInput!) {
  order(orderIdentifier: $orderIdentifier) {
    id
    aliases { aliasType aliasId }
    metadata { executionState createdAt updatedAt }
    orderLinks { destinationType url displayMessage }
    totalPrice { value { amount currencyCode } }
    refunds {
      details {
        id
        state
        aliases { aliasType aliasId }
        refundTotal { totalAmount { amount currencyCode } }
        paymentDetails { id state amount { amount currencyCode } }
        createdAt
        updatedAt
      }
    }
    lineItems {
      id
      createdAt
      aliases { aliasType aliasId }
      amount { value unit }
      product { title price { amount currencyCode } image { sourceUrl } }
      packageInformation { summary { state } details { id state reason } }
      deliveryOffer {
        details {
          id
          deliveryPreviewId
          deliveryProvider
          deliveryTerms { isPrimeEligible deliverySpeed }
          date { earliest latest }
        }
      }
    }
  }
}
"""
VARIABLES = {"orderIdentifier": {"alias": {"aliasType": "EXTERNAL_ID", "aliasId": "order-1"}}}
LINE = {
    "id": "1a2b3c4d5e-6f7a8b9c0d",
    "createdAt": "2024-12-01T10:00:00.000Z",
    "aliases": [{"aliasType": "EXTERNAL_ID", "aliasId": "line-1"}],
    "amount": {"value": 2, "unit": "ONE"},
    "product": {
        "title": "Blue kettle, 1.7 litres, brushed steel",
        "price": {"amount": 28.99, "currencyCode": "USD"},
        "image": {"sourceUrl": "https://shop.example/images/kettle-blue-large.jpg"},
    },
    "packageInformation": {
        "summary": {"state": "IN_TRANSIT"},
        "details": [{"id": "1a2b3c4d5e-p", "state": "IN_TRANSIT", "reason": None}],
    },
    "deliveryOffer": {
        "details": {
            "id": "1234567890",
            "deliveryPreviewId": "SIP-0000000-000000",
            "deliveryProvider": "AMAZON",
            "deliveryTerms": {"isPrimeEligible": True, "deliverySpeed": "STANDARD"},
            "date": {"earliest": "2024-12-02T10:00:00.000Z", "latest": "2024-12-04T10:00:00.000Z"},
        }
    },
}
REFUND = {
    "id": "refund-1",
    "state": "SUCCESS",
    "aliases": [{"aliasType": "EXTERNAL-REFUND-ID", "aliasId": "refund-1"}],
    "refundTotal": {"totalAmount": {"amount": 28.99, "currencyCode": "USD"}},
    "paymentDetails": [{"id": "pay-1", "state": "SUCCESS", "amount": {"amount": 28.99, "currencyCode": "USD"}}],
    "createdAt": "2024-12-03T10:00:00.000Z",
    "updatedAt": "2024-12-03T10:00:01.000Z",
}


def answer_of(lines: int) -> dict[str, Any]:
    """An answer with so many lines; 20 make 15 KB."""
    order = {
        "id": "322-ABC1-AAAAAA",
        "aliases": [{"aliasType": "EXTERNAL_ID", "aliasId": "order-1"}],
        "metadata": {
            "executionState": "STARTED",
            "createdAt": "2024-12-01T10:00:00.000Z",
            "updatedAt": "2024-12-01T10:00:01.000Z",
        },
        "orderLinks": [
            {"destinationType": "EXTERNAL_ORDER_MANAGEMENT", "url": "https://shop.example/1", "displayMessage": None}
        ],
        "totalPrice": {"value": {"amount": 1041.5, "currencyCode": "USD"}},
        "refunds": {"details": [REFUND]},
        "lineItems": [{**copy.deepcopy(LINE), "id": f"1a2b3c4d5e-{index:010d}"} for index in range(lines)],
    }
    return {"data": {"order": order}}


def faulty_of(lines: int, every: int) -> dict[str, Any]:
    """An answer with a fault in every so many lines, of several kinds."""
    answer = answer_of(lines)
    for index, line in enumerate(answer["data"]["order"]["lineItems"]):
        if index % every == 0:
            line["amount"]["value"] = None
            line["surplus"] = 1
            del line["createdAt"]
            line["packageInformation"]["summary"]["state"] = "NOWHERE"
            line["product"]["price"]["amount"] = "28.99"
    return answer


def exchange_of(body: bytes) -> Exchange:
    """The request with an answer. The judge reads a request that comes again once."""
    request = HttpRequest("POST", "", (), json.dumps({"query": DOCUMENT, "variables": VARIABLES}).encode())
    return Exchange(request, HttpResponse(200, (("content-type", "application/json"),), body))


def measure(*, quick: bool) -> list[Row]:
    """Clean and faulty answers of 15 KB and 180 KB."""
    contract = load_contract(VERSION)
    operation = compile_operation(DOCUMENT, None, contract)
    rounds = 3 if quick else 9
    rows: list[Row] = []
    for name, lines in (("15 KB", 20), ("180 KB", 245)):
        rows += _size(name, lines, operation, contract, rounds)
    raw_s = best_s(lambda: judge_variables(operation, VARIABLES), rounds=rounds)
    rows.append(Row("judge variables, faultless", f"{raw_s * 1e6:.1f} µs"))
    rows.append(_compile(contract))
    return rows


def _size(name: str, lines: int, operation: CompiledOperation, contract: Contract, rounds: int) -> list[Row]:
    answer = answer_of(lines)
    clean = json.dumps(answer).encode()
    one_fault = json.dumps(faulty_of(lines, lines)).encode()
    many_faults = json.dumps(faulty_of(lines, 10)).encode()
    all_faulty = json.dumps(faulty_of(lines, 1)).encode()
    assert judge_exchange(exchange_of(clean), contract).findings == ()
    judge = operation.judge_for(VARIABLES)
    assert judge is not None
    validator = jsonschema_rs.Draft202012Validator(json_schema(judge.plan), validate_formats=True)
    model = pydantic_model(judge.plan)
    assert validator.is_valid(answer)
    model.model_validate_json(clean)
    document = parse(DOCUMENT)
    assert execute_sync(contract.schema, document, answer["data"], variable_values=VARIABLES).data == answer["data"]

    def timed(work: Callable[[], object]) -> float:
        return best_s(work, rounds=rounds)

    loads_s = timed(lambda: json.loads(clean))
    clean_exchange = exchange_of(clean)
    judge_s = timed(lambda: judge_exchange(clean_exchange, contract))
    shape_s = timed(lambda: judge_response(operation, clean, variables=VARIABLES))
    execute_s = timed(lambda: execute_sync(contract.schema, document, answer["data"], variable_values=VARIABLES))
    schema_s = timed(lambda: validator.is_valid(json.loads(clean)))
    pydantic_s = timed(lambda: model.model_validate_json(clean))
    rows = [
        Row(f"{name} ({len(clean):,} bytes): json.loads", f"{loads_s * 1e6:.0f} µs"),
        Row(f"{name}: judge a clean answer", _ratio(judge_s, loads_s), "1.0 × json.loads", judge_s <= loads_s),
        Row(f"{name}: judge a clean answer", f"{len(clean) / judge_s / 1e6:.0f} MB/s"),
        Row(f"{name}: the shape of a clean answer alone", _ratio(shape_s, loads_s)),
        Row(
            f"{name}: graphql-core executes the same",
            f"{execute_s / shape_s:.0f} × the judge of the shape",
            "at least 30 ×",
            execute_s >= 30 * shape_s,
        ),
        Row(f"{name}: json.loads + jsonschema-rs", f"{schema_s / shape_s:.1f} × the judge of the shape"),
        Row(f"{name}: pydantic", f"{pydantic_s / shape_s:.1f} × the judge of the shape"),
    ]
    # Memory that the interpreter takes from the system and gives back at each call would be measured otherwise.
    kept = [judge_exchange(exchange_of(all_faulty), contract) for _ in range(20)]
    assert kept
    for what, body in (("one line", one_fault), ("every tenth line", many_faults), ("every line", all_faulty)):
        exchange = exchange_of(body)
        base_s = timed(lambda body=body: json.loads(body))  # type: ignore[misc]
        fault_s = timed(lambda exchange=exchange: judge_exchange(exchange, contract))  # type: ignore[misc]
        count = len(judge_exchange(exchange, contract).findings)
        rows.append(
            Row(
                f"{name}: judge an answer, faults in {what}: {count} findings",
                _ratio(fault_s, base_s),
                "10 × json.loads",
                fault_s <= 10 * base_s,
            )
        )
    return rows


def _compile(contract: Contract) -> Row:
    def work() -> None:
        compiled = CompiledOperation(DOCUMENT, None, contract)
        judge = compiled.judge_for(VARIABLES)
        assert judge is not None
        assert judge.decoder is not None

    return Row("compile an operation, decoder included", f"{best_s(work, rounds=3) * 1e3:.1f} ms")


def _ratio(ours_s: float, theirs_s: float) -> str:
    return f"{ours_s * 1e6:.0f} µs = {ours_s / theirs_s:.2f} ×"
