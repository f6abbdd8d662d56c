"""`judge` applies the documented rules: to a request, to an answer, and to the exchanges of one file together."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.engine import judge as engine

Call = Callable[..., Any]

DOCUMENT = """query order($id: ID!) {
  order(orderIdentifier: {orderId: $id}) { id metadata { executionState } lineItems { id } }
}"""
PRICED = (
    "query order($id: ID!) { order(orderIdentifier: {orderId: $id}) { totalPrice { value { amount currencyCode } } } }"
)


def _order(state: str = "STARTED", order_id: str = "1", line: str = "l-1") -> dict[str, Any]:
    return {"data": {"order": {"id": order_id, "metadata": {"executionState": state}, "lineItems": [{"id": line}]}}}


def _priced(amount: float, currency: str) -> dict[str, Any]:
    return {"data": {"order": {"totalPrice": {"value": {"amount": amount, "currencyCode": currency}}}}}


def _line(answer: Any, document: str = DOCUMENT, **more: Any) -> str:
    json_type = {"content-type": "application/json"}
    body = json.dumps({"query": document, "variables": {"id": "1"}})
    request = {"method": "POST", "url": "https://api.example/graphql", "headers": json_type, "body": body}
    return json.dumps({"request": request, "response": {"status": 200, "headers": json_type, "body": answer}, **more})


def _stream(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def _rules(called: Any) -> list[tuple[str, str, int]]:
    exchanges = json.loads(called.out)["exchanges"]
    return [(one["rule"], one["verdict"], exchange["index"]) for exchange in exchanges for one in exchange["findings"]]


def test_an_answer_that_breaks_a_rule_is_told(call: Call, tmp_path: Path) -> None:
    answers = (_priced(10, "USD"), _priced(-1, "USD"), _priced(10, "QQQ"))
    traffic = _stream(tmp_path / "a.ndjson", *(_line(answer, PRICED) for answer in answers))
    called = call("judge", "--format", "json", traffic)
    assert _rules(called) == [("ORD-020", "WARN", 1), ("ORD-021", "WARN", 2)]
    assert called.status == 0
    assert call("judge", "--fail-on", "warn", traffic).status == 1


def test_the_text_names_rule_place_and_page(call: Call, tmp_path: Path) -> None:
    called = call("judge", _stream(tmp_path / "a.ndjson", _line(_order(order_id="2"))))
    assert "WARN ORD-031 data.order.id: another order than asked for" in called.out
    assert "query-a-buy-with-prime-order; guide evidence, blame TARGET" in called.out


def test_exchanges_of_one_file_are_held_against_each_other(call: Call, tmp_path: Path) -> None:
    lines = (_line(_order("STARTED")), _line(_order("NOT_STARTED")))
    assert _rules(call("judge", "--format", "json", _stream(tmp_path / "a.ndjson", *lines))) == [("FLW-020", "WARN", 1)]


def test_exchanges_of_two_files_are_not(call: Call, tmp_path: Path) -> None:
    first = _stream(tmp_path / "a.ndjson", _line(_order("STARTED")))
    second = _stream(tmp_path / "b.ndjson", _line(_order("NOT_STARTED")))
    assert _rules(call("judge", "--format", "json", first, second)) == []


def test_one_call_is_held_against_the_rules_at_its_place(call: Call, tmp_path: Path) -> None:
    operation, variables, response = (tmp_path / name for name in ("o.graphql", "v.json", "r.json"))
    operation.write_text(PRICED)
    variables.write_text('{"id": "1"}')
    response.write_text(json.dumps(_priced(10, "QQQ"), indent=1))
    files = ("--operation", operation, "--variables", variables, "--response", response)
    called = call("judge", "--format", "json", *files)
    (finding,) = json.loads(called.out)["exchanges"][0]["findings"]
    assert finding["rule"] == "ORD-021"
    assert finding["path"] == ["data", "order", "totalPrice", "value", "currencyCode"]
    assert f"{response}:7:" in call("judge", *files).out


def test_a_request_alone_is_held_against_the_rules(call: Call, tmp_path: Path) -> None:
    operation = tmp_path / "o.graphql"
    operation.write_text("query { order(orderIdentifier: {}) { id } }")
    called = call("judge", "--format", "json", "--operation", operation)
    assert ("ORD-014", "WARN", 0) in _rules(called)


def test_a_rule_newer_than_the_requirement_set_is_shown_and_not_counted(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "required_rules", lambda _: frozenset())
    traffic = _stream(tmp_path / "a.ndjson", _line(_priced(10, "QQQ"), PRICED))
    called = call("judge", "--fail-on", "warn", "--all", traffic)
    assert called.status == 0
    assert "ORD-021" in called.out
    assert "not scored" in called.out


def test_rules_of_another_schema_do_not_apply(call: Call, tmp_path: Path) -> None:
    schema = tmp_path / "s.graphql"
    schema.write_text("type Query { order(id: ID): Money } type Money { amount: Float currencyCode: String }")
    document = "query q($id: ID!) { order(id: $id) { amount currencyCode } }"
    traffic = _stream(tmp_path / "a.ndjson", _line({"data": {"order": {"amount": -1, "currencyCode": "Q"}}}, document))
    called = call("judge", "--format", "json", "--schema", schema, traffic)
    assert _rules(called) == []
