"""Exchanges of a recording against those before them: what is certain is said, what may be otherwise is not."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from conformance.contract.load import load_contract
from conformance.engine.flows import CERTAIN, UNCERTAIN, FlowMemory
from conformance.engine.judge import judge_exchange
from conformance.rules.catalogue import RULES
from conformance.rules.model import Scope
from conformance.traffic.model import Exchange
from tests.engine.harness import exchange_of

CONTRACT = load_contract("2024-11-01")
APRIL = load_contract("2024-04-01")
QUERY = """query order($by: OrderIdentifierInput!) { order(orderIdentifier: $by) {
  id aliases { aliasType aliasId } metadata { executionState updatedAt } lineItems { id } } }"""
CREATE = "mutation create($input: CreateOrderInput!) { createOrder(input: $input) { order { id } } }"
SHOP = ("x-api-target-id", "shop-1")


def queried(
    state: str = "STARTED", *, order: str = "o-1", lines: tuple[str, ...] = ("l-1",), updated: Any = None, **more: Any
) -> Exchange:
    """An order, asked for by its id or by the alias `alias`."""
    alias = more.pop("alias", "")
    by = {"alias": {"aliasType": "EXTERNAL_ID", "aliasId": alias}} if alias else {"orderId": order}
    answer = {
        "id": order,
        "aliases": None,
        "metadata": {"executionState": state, "updatedAt": updated},
        "lineItems": [{"id": line} for line in lines],
    }
    return exchange_of(QUERY, {"by": by}, {"data": {"order": answer}}, **more)


def created(order: str, *, alias: str = "a-1", **more: Any) -> Exchange:
    """An order made under an alias."""
    line = {
        "product": {"identifier": {"sku": "s-1"}, "title": "Kettle", "price": {"amount": 1, "currencyCode": "USD"}},
        "amount": {"value": 1},
    }
    variables = {
        "input": {
            "lineItems": [line],
            "aliases": [{"aliasType": "EXTERNAL_ID", "aliasId": alias}],
            "totalPrice": {"value": {"amount": 1, "currencyCode": "USD"}},
        }
    }
    return exchange_of(CREATE, variables, {"data": {"createOrder": {"order": {"id": order}}}}, **more)


def found(*exchanges: Exchange, memory: FlowMemory | None = None) -> list[str]:
    """The rules across exchanges that are broken."""
    flows = memory or FlowMemory()
    findings = [one for exchange in exchanges for one in judge_exchange(exchange, CONTRACT, flows).findings]
    return [finding.rule for finding in findings if finding.rule.startswith("FLW")]


def test_every_rule_across_exchanges_is_either_certain_in_a_recording_or_left_to_run() -> None:
    assert {rule.id for rule in RULES if rule.scope is Scope.FLOW} == CERTAIN | set(UNCERTAIN)
    assert CERTAIN.isdisjoint(UNCERTAIN)


def test_what_goes_backwards_is_found() -> None:
    assert found(queried("STARTED"), queried("NOT_STARTED")) == ["FLW-020"]
    assert found(queried("NOT_STARTED"), queried("STARTED")) == []
    assert found(queried(lines=("l-1", "l-2")), queried(lines=("l-1", "l-3"))) == ["FLW-008"]


def test_a_finding_is_placed_and_blamed_as_in_a_run() -> None:
    flows = FlowMemory()
    judge_exchange(queried("STARTED"), CONTRACT, flows)
    (finding,) = judge_exchange(queried("NOT_STARTED"), CONTRACT, flows).findings
    assert finding.path == ("data", "order", "metadata", "executionState")
    assert (finding.origin, finding.expected, finding.actual) == ("response", "STARTED", "NOT_STARTED")


@pytest.mark.parametrize(
    "other",
    [
        {"order": "o-2"},
        {"url": "https://other.example/graphql"},
        {"headers": (("x-api-target-id", "shop-2"),)},
    ],
)
def test_another_order_shop_or_endpoint_has_nothing_to_do_with_it(other: dict[str, Any]) -> None:
    assert found(queried("STARTED"), queried("NOT_STARTED", **other)) == []


def test_another_version_has_nothing_to_do_with_it() -> None:
    flows = FlowMemory()
    judge_exchange(queried("STARTED"), CONTRACT, flows)
    assert [one.rule for one in judge_exchange(queried("NOT_STARTED"), APRIL, flows).findings] == []


def test_another_recording_has_nothing_to_do_with_it() -> None:
    assert found(queried("STARTED")) + found(queried("NOT_STARTED")) == []


def test_exchanges_out_of_order_are_not_held_against_each_other() -> None:
    early, late = "2024-11-01T10:00:00Z", "2024-11-01T10:00:05Z"
    assert found(queried("STARTED", started_at=late), queried("NOT_STARTED", started_at=early)) == []
    assert found(queried("STARTED", started_at=early), queried("NOT_STARTED", started_at=late)) == ["FLW-020"]


def test_exchanges_at_the_same_time_are_not_held_against_each_other() -> None:
    first = queried("STARTED", started_at="2024-11-01T10:00:00Z", elapsed_ms=2000)
    assert found(first, queried("NOT_STARTED", started_at="2024-11-01T10:00:01Z")) == []


def test_an_older_answer_that_comes_later_is_told_by_its_own_time() -> None:
    old, new = "2024-11-01T10:00:00Z", "2024-11-01T11:00:00Z"
    assert found(queried("STARTED", updated=new), queried("NOT_STARTED", updated=old)) == []
    assert found(queried("STARTED", updated=old), queried("NOT_STARTED", updated=new)) == ["FLW-020"]


def test_an_id_that_is_given_again_begins_another_life() -> None:
    assert found(queried("STARTED"), created("o-1"), queried("NOT_STARTED")) == []


def test_aliases_count_within_a_shop_that_has_a_name() -> None:
    unnamed = (created("o-1"), queried(order="o-2", alias="a-1"))
    assert found(*unnamed) == []
    named = (created("o-1", headers=(SHOP,)), queried(order="o-2", alias="a-1", headers=(SHOP,)))
    assert found(*named) == ["FLW-007"]
    assert found(created("o-1", headers=(SHOP,)), created("o-2", headers=(SHOP,))) == ["FLW-021"]
    assert found(created("o-1", headers=(SHOP,)), created("o-2", alias="a-2", headers=(SHOP,))) == []


def test_an_order_that_is_asked_for_again_says_nothing_twice() -> None:
    first, back = queried("STARTED"), queried("NOT_STARTED")
    later = queried("NOT_STARTED", updated="2024-11-01T10:00:00Z")
    assert found(first, back, back, later) == ["FLW-020"]
    assert found(first, first, queried("STARTED", updated="2024-11-01T10:00:00Z"), back) == ["FLW-020"]


def test_another_way_to_the_same_order_is_looked_at_anew() -> None:
    by_id, by_alias = (queried(order="o-2", alias=alias, headers=(SHOP,)) for alias in ("", "a-1"))
    assert found(created("o-1", headers=(SHOP,)), by_id, by_alias) == ["FLW-007"]


def test_a_faulty_answer_is_held_against_those_before_it_too() -> None:
    faulty = queried("NOT_STARTED", lines=("l-1",))
    body = faulty.response.body.replace(b'"aliases": null', b'"aliases": 5')
    exchange = Exchange(faulty.request, type(faulty.response)(200, faulty.response.headers, body))
    assert found(queried("STARTED"), exchange) == ["FLW-020"]


def test_an_answer_that_is_no_json_is_not_remembered() -> None:
    broken = queried("STARTED")
    exchange = Exchange(broken.request, type(broken.response)(200, broken.response.headers, b"<html>"))
    assert found(exchange, queried("NOT_STARTED")) == []


def test_the_longest_unseen_goes_when_there_is_no_room() -> None:
    memory = FlowMemory(max_things=2)
    assert found(*(queried(order=f"o-{number}") for number in range(3)), memory=memory) == []
    assert found(queried("NOT_STARTED", order="o-0"), memory=memory) == []
    memory = FlowMemory(max_things=2)
    found(*(queried(order=f"o-{number}") for number in range(3)), memory=memory)
    assert found(queried("NOT_STARTED", order="o-2"), memory=memory) == ["FLW-020"]


def test_memory_is_bounded_in_bytes_and_in_length() -> None:
    memory = FlowMemory(max_bytes=3000, max_history=3)
    for number, state in itertools.product(range(50), ("NOT_STARTED", "STARTED")):
        found(queried(state, lines=(f"l-{number}",), order=f"o-{number % 7}"), memory=memory)
    held = [one for thing in memory._things.values() for one in thing.history()]
    assert memory._bytes == sum(len(one.request.body) + len(one.body) for one in held)
    assert memory._bytes <= 3000
    assert max(thing.length for thing in memory._things.values()) <= 3
    assert all(thing.length == len(list(thing.history())) for thing in memory._things.values())


def test_the_first_of_a_long_history_stays() -> None:
    memory = FlowMemory(max_history=3)
    found(*(queried(lines=(f"l-{number}",)) for number in range(9)), memory=memory)
    (thing,) = memory._things.values()
    assert [b"l-0" in one.body for one in thing.history()] == [False, False, True]
