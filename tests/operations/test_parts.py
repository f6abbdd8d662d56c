"""Parts of an answer: a part that passes has nothing to report, and a walk that passes over it finds all the rest."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from conformance.contract.load import load_contract
from conformance.operations.compile import compile_operation
from conformance.operations.fast import proving_decoder
from conformance.operations.parts import LEAST_FIELDS, Parts, has_fields
from conformance.operations.response import judge_precisely, walk_answer
from conformance.operations.selection import ObjectPlan
from conformance.rules.proofs import PROOFS

CONTRACT = load_contract("2024-11-01")
LINE = "id createdAt amount { value unit } product { title price { amount currencyCode } image { sourceUrl } }"
DOCUMENT = f'{{ order(orderIdentifier: {{orderId: "o"}}) {{ id lineItems {{ {LINE} }} }} }}'


def line(**more: Any) -> dict[str, Any]:
    product = {"title": "Kettle", "price": {"amount": 1.5, "currencyCode": "USD"}, "image": {"sourceUrl": "a:b"}}
    amount = {"value": 1, "unit": "ONE"}
    return {"id": "l", "createdAt": "2024-11-01T10:00:00Z", "amount": amount, "product": product, **more}


def plan_and_parts() -> tuple[ObjectPlan, Parts]:
    judge = compile_operation(DOCUMENT, None, CONTRACT).judge_for(None)
    assert judge is not None
    decoder = proving_decoder(judge.plan, PROOFS)
    assert decoder is not None
    order = judge.plan.variants[0].by_key["order"].child
    assert order is not None
    lines = order.variants[0].by_key["lineItems"].child
    assert lines is not None
    return lines, decoder.parts


def found(lines: list[Any]) -> tuple[Counter[Any], Counter[Any], Any]:
    """What the whole walk finds, what the walk to the unclean parts finds, and the paths of the objects there."""
    compiled = compile_operation(DOCUMENT, None, CONTRACT)
    body = json.dumps({"data": {"order": {"id": "o", "lineItems": lines}}}).encode()
    walked = walk_answer(compiled, body, parts=plan_and_parts()[1])
    entered = None if walked.entered is None else [path for _, path, _ in walked.entered]
    return Counter(judge_precisely(compiled, body)), Counter(walked.findings), entered


def test_a_clean_part_passes_and_a_faulty_one_does_not() -> None:
    plan, parts = plan_and_parts()
    check = parts.check(plan)
    assert check is not None
    assert check(line())
    assert not check(line(surplus=1))
    assert not check(line(amount={"value": None, "unit": "ONE"}))
    assert not check({})


def test_a_part_that_keeps_its_shape_but_breaks_a_rule_does_not_pass() -> None:
    plan, parts = plan_and_parts()
    check = parts.check(plan)
    assert check is not None
    negative = line()
    negative["product"]["price"]["amount"] = -1.5
    assert not check(negative)


def test_small_objects_are_walked() -> None:
    plan, parts = plan_and_parts()
    amount = plan.variants[0].by_key["amount"].child
    assert amount is not None
    assert has_fields(plan, LEAST_FIELDS)
    assert not has_fields(amount, LEAST_FIELDS)
    assert parts.check(amount) is None


def test_a_walk_enters_the_unclean_parts_alone_and_finds_everything() -> None:
    whole, parts, entered = found([line(), line(surplus=1, amount=None), line()])
    assert whole == parts
    assert sum(whole.values()) == 2
    assert ("data", "order", "lineItems", 1) in entered
    assert ("data", "order", "lineItems", 0) not in entered


@pytest.mark.parametrize("lines", [[[line()]], [line(), 3], [line(product=[line()])]])
def test_where_objects_stand_out_of_place_it_does_not_tell_which_it_entered(lines: list[Any]) -> None:
    whole, parts, entered = found(lines)
    assert whole == parts
    assert whole
    assert entered is None


def test_a_fault_that_comes_again_is_told_with_its_own_path() -> None:
    faulty = line(amount={"value": "1", "unit": "ONE"}, title=3, id=None, createdAt="noon")
    del faulty["product"]
    whole, _, _ = found([faulty, {**faulty, "createdAt": "night"}])
    assert {rule: count for (rule, _), count in Counter((one.rule, one.path[3]) for one in whole).items()} == {
        one.rule: 1 for one in whole
    }
    assert {one.actual for one in whole if one.rule == "RSP-014"} == {'"noon"', '"night"'}
    assert {one.path for one in whole if one.rule == "RSP-001"} == {
        ("data", "order", "lineItems", index, "product") for index in (0, 1)
    }
