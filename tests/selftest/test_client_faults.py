"""The named defects of clients: well named, for rules that exist, and made where they say so only."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from random import Random

import pytest
from graphql import parse, print_ast

from conformance.operations.rules import REQUEST_RULES
from conformance.operations.rules import RULES as OPERATION_RULES
from conformance.selftest import client_documents, client_http, client_selections, client_variables
from conformance.selftest.beyond import FAULTS as BEYOND
from conformance.selftest.catalogue import CLIENT_FAULTS
from conformance.selftest.client_trees import inline_variables
from conformance.selftest.clients import ClientFault, Sending, input_places
from conformance.selftest.judging import judge_items, mark_of
from conformance.selftest.model import Recorded
from conformance.selftest.mutate import mutants
from conformance.selftest.prove import all_faults, all_rules
from conformance.traffic.model import Exchange
from tests.selftest.traffic import some_traffic

MODULES = (client_http, client_documents, client_selections, client_variables)
OURS = tuple(fault for module in MODULES for fault in module.FAULTS.faults)
NAMED = pytest.mark.parametrize("fault", OURS, ids=lambda fault: fault.name)
FLOODS = frozenset(("document-too-long", "document-with-too-many-tokens"))


def sendings(seed: int) -> list[Sending]:
    made = []
    for recorded in some_traffic():
        for item in recorded.items:
            if isinstance(item, Exchange):
                request, case = item.request, recorded.case
                body = json.loads(request.body)
                operation = next(iter(json.loads(item.response.body)["data"] or {"": None}))
                random = Random(f"{seed}:{case.id}")
                made.append(
                    Sending(
                        case.version,
                        case.contract,
                        operation,
                        request.method,
                        request.url,
                        request.headers,
                        body,
                        random,
                    )
                )
    return made


def parts(sending: Sending) -> tuple[object, ...]:
    return sending.method, sending.url, sending.headers, copy.deepcopy(sending.body), sending.raw


def test_every_rule_of_a_request_has_a_defect() -> None:
    defects = {fault.rule for fault in (*OURS, *BEYOND.faults)}
    envelope = {rule.id for rule in OPERATION_RULES if "ENV-001" <= rule.id < "ENV-010"}
    assert {rule.id for rule in REQUEST_RULES} | envelope <= defects


def test_names_are_unique_and_kebab_case() -> None:
    names = [fault.name for fault in all_faults()]
    assert sorted(names) == sorted(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_every_defect_is_in_the_catalogue_and_names_a_rule_that_exists() -> None:
    assert {fault.name for fault in OURS} <= CLIENT_FAULTS.keys()
    assert {fault.rule for fault in all_faults()} <= {rule.id for rule in all_rules()}


def test_summaries_are_one_plain_sentence() -> None:
    assert [fault.name for fault in OURS if fault.summary.endswith(".") or len(fault.summary) > 100] == []


@NAMED
def test_a_request_without_a_place_for_it_stays_as_it_was(fault: ClientFault) -> None:
    for sending in sendings(1):
        before = parts(sending)
        if not fault.may_alter(sending) or not fault.alter(sending):
            assert parts(sending) == before
        else:
            assert parts(sending) != before


@NAMED
def test_a_seed_makes_the_same_request(fault: ClientFault) -> None:
    def made() -> list[tuple[object, ...]]:
        return [parts(each) for each in sendings(2) if fault.may_alter(each) and fault.alter(each)]

    assert made() == made()


@pytest.mark.parametrize("fault", [fault for fault in OURS if fault.name not in FLOODS], ids=lambda fault: fault.name)
def test_its_rule_reports_it(fault: ClientFault) -> None:
    made = mutants(fault, some_traffic(), wanted=2)
    assert [(mutant.case_id, mutant.found) for mutant in made if not mutant.killed] == []


def test_values_written_into_the_document_say_the_same() -> None:
    sending = next(each for each in sendings(0) if each.operation == "createOrder")
    values = sum(1 for _ in input_places(sending))
    assert inline_variables(sending)
    assert sending.variables == {}
    assert "$" not in sending.query
    assert print_ast(parse(sending.query)).count(":") >= values // 2


def test_a_finding_more_of_a_kind_that_the_scenario_makes_on_purpose_is_new() -> None:
    fault = CLIENT_FAULTS["sent-with-put"]
    recorded = next(each for each in some_traffic() if each.case.id.startswith("order.query."))
    sent = next(item for item in recorded.items if isinstance(item, Exchange))
    wrong = [replace(sent, request=replace(sent.request, method=method)) for method in ("PUT", "PATCH", "DELETE")]
    items = (*wrong, sent)
    known = tuple(mark_of(finding) for finding in judge_items(items, recorded.case.contract))
    made = mutants(fault, [Recorded(recorded.case, items, known=known)], wanted=20)
    of_the_last = [mutant.killed for mutant in made if mutant.place == "item 3"]
    assert of_the_last
    assert all(of_the_last)
