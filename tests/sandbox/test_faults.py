"""The named defects of answers: well named, for rules that exist, and made where they say so only."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random

import pytest

from conformance.operations.rules import ERROR_RULES, RESPONSE_RULES
from conformance.operations.rules import RULES as OPERATION_RULES
from conformance.sandbox.faults import error_model, http, shape
from conformance.sandbox.faults.catalogue import FAULTS
from conformance.sandbox.faults.injector import Injector, see, sent
from conformance.sandbox.faults.model import Fault, Seen
from conformance.sandbox.faults.places import places
from conformance.selftest.beyond import FAULTS as BEYOND
from conformance.selftest.mutate import mutants
from conformance.traffic.model import Exchange, HttpResponse
from tests.selftest.traffic import some_traffic

OURS = tuple(fault for module in (http, shape, error_model) for fault in module.FAULTS.faults)
NAMED = pytest.mark.parametrize("fault", OURS, ids=lambda fault: fault.name)
JSON = (("content-type", "application/json"),)


def exchanges() -> Iterator[tuple[str, Exchange]]:
    for recorded in some_traffic():
        for item in recorded.items:
            if isinstance(item, Exchange):
                yield recorded.case.version, item


def seen_answers(seed: int) -> list[Seen]:
    made = []
    for number, (version, exchange) in enumerate(exchanges()):
        seen = see(version, exchange.request.body, exchange.response)
        assert seen is not None
        seen.random = Random(f"{seed}:{number}")
        made.append(seen)
    return made


def parts(seen: Seen) -> tuple[object, ...]:
    return seen.status, seen.headers, copy.deepcopy(seen.body), seen.raw


def test_every_rule_of_an_answer_has_a_defect() -> None:
    defects = {fault.rule for fault in (*OURS, *BEYOND.faults)}
    envelope = {rule.id for rule in OPERATION_RULES if "ENV-010" <= rule.id < "ENV-100"}
    assert {rule.id for rule in (*RESPONSE_RULES, *ERROR_RULES)} | envelope <= defects


def test_every_defect_is_in_the_catalogue() -> None:
    assert {fault.name for fault in OURS} <= FAULTS.keys()


@NAMED
def test_an_answer_without_a_place_for_it_stays_as_it_was(fault: Fault) -> None:
    for seen in seen_answers(1):
        before = parts(seen)
        altered = fault.alter is not None and fault.may_alter(seen) and fault.alter(seen)
        assert (parts(seen) != before) == altered


@NAMED
def test_a_seed_makes_the_same_bytes(fault: Fault) -> None:
    def made() -> list[HttpResponse]:
        return [sent(each) for each in seen_answers(2) if fault.may_alter(each) and fault.alter and fault.alter(each)]

    assert made() == made()


@pytest.mark.parametrize("fault", [one for one in OURS if one.rule != "RSP-018"], ids=lambda fault: fault.name)
def test_its_rule_reports_it(fault: Fault) -> None:
    made = mutants(fault, some_traffic(), wanted=2)
    assert [(mutant.case_id, mutant.found) for mutant in made if not mutant.killed] == []


def test_an_injector_without_faults_lets_bytes_through() -> None:
    version, exchange = next(exchanges())
    assert Injector().answer(version, exchange.request.body, exchange.response) is exchange.response


def test_an_injector_alters_each_nth_answer_alone() -> None:
    injector = Injector((FAULTS["extra-top-level-key"],), seed=7, every=2)
    request, answer = b'{"query": "{ __typename }"}', HttpResponse(200, JSON, b'{"data":{"__typename":"Query"}}')
    bodies = [injector.answer("2024-11-01", request, answer).body for _ in range(4)]
    assert [body != answer.body for body in bodies] == [False, True, False, True]


def test_two_injectors_with_one_seed_send_the_same_bytes() -> None:
    def sent_by(seed: int) -> list[bytes]:
        injector = Injector((FAULTS["wrong-scalar-kind"], FAULTS["lost-field"]), seed=seed)
        return [injector.answer(version, each.request.body, each.response).body for version, each in exchanges()]

    assert sent_by(3) == sent_by(3)
    assert sent_by(3) != sent_by(4)


def test_a_fault_leaves_alone_what_another_took_apart() -> None:
    injector = Injector((FAULTS["answers-in-a-batch"], FAULTS["lost-field"], FAULTS["data-null-unexplained"]))
    request, answer = b'{"query": "{ __typename }"}', HttpResponse(200, JSON, b'{"data":{"__typename":"Query"}}')
    assert injector.answer("2024-11-01", request, answer).body == b'[{"data":{"__typename":"Query"}}]'


def test_places_know_their_types() -> None:
    request = b'{"query": "{ order(id: \\"1\\") { id lineItems { id amount { value } } } }"}'
    body = b'{"data": {"order": {"id": "1", "lineItems": [{"id": "2", "amount": {"value": 1}}, null]}}}'
    seen = see("2024-11-01", request, HttpResponse(200, JSON, body))
    assert seen is not None
    found = {".".join(map(str, place.path)): place for place in places(seen)}
    assert found["data.order.id"].scalar == "ID"
    assert found["data.order.lineItems"].is_list
    assert found["data.order.lineItems.0"].is_item
    assert found["data.order.lineItems.0.amount.value"].scalar == "Decimal"
    assert found["data.order.lineItems.1"].value is None
