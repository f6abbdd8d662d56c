"""The named defects of the documented rules: one for each rule at least, and each is caught by the rule it names."""

from __future__ import annotations

import copy
import re
from functools import lru_cache
from random import Random

import pytest

from conformance.base.clock import SystemClock
from conformance.base.data import data_folder
from conformance.engine.plan import plan
from conformance.rules.catalogue import RULES
from conformance.sandbox.faults import (
    business_catalog,
    business_errors,
    business_orders,
    business_previews,
    business_refusals,
    business_returns,
    business_tasks,
    flow_updates,
    flows,
    kept,
    made_up,
)
from conformance.sandbox.faults.catalogue import FAULTS
from conformance.sandbox.faults.injector import see, sent
from conformance.sandbox.faults.model import Fault, Seen
from conformance.scenario.load import find_scenario_files, load_scenarios
from conformance.scenario.select import Selection
from conformance.selftest import business_flows as client_flows
from conformance.selftest import business_money as client_money
from conformance.selftest import business_orders as client_orders
from conformance.selftest import business_others as client_others
from conformance.selftest import business_previews as client_previews
from conformance.selftest import business_returns as client_returns
from conformance.selftest.catalogue import CLIENT_FAULTS
from conformance.selftest.clients import ClientFault
from conformance.selftest.model import Recorded
from conformance.selftest.mutate import alter, mutants
from conformance.selftest.record import record
from conformance.selftest.unprovable import UNPROVABLE
from conformance.targets.embedded import EmbeddedProvider
from conformance.traffic.model import Exchange

OF_ANSWERS = (
    business_orders,
    business_returns,
    business_previews,
    business_catalog,
    business_tasks,
    business_errors,
    business_refusals,
    flows,
    flow_updates,
    kept,
)
OF_CLIENTS = (client_orders, client_money, client_returns, client_previews, client_others, client_flows)
OURS: tuple[Fault | ClientFault, ...] = (
    *(fault for module in OF_ANSWERS for fault in module.FAULTS.faults),
    *(fault for module in OF_CLIENTS for fault in module.FAULTS.faults),
)
ACROSS = sorted({fault.rule for fault in OURS if fault.rule.startswith("FLW-")})


@lru_cache(maxsize=1)
def traffic() -> tuple[Recorded, ...]:
    """The flows, recorded from the sandbox without a fault."""
    files = [file for file in find_scenario_files(data_folder("scenarios")) if file.stem.startswith("flow.")]
    provider = EmbeddedProvider()
    try:
        return tuple(each for each, _ in record(plan(load_scenarios(files), Selection()), provider, SystemClock()))
    finally:
        provider.close()


def test_every_documented_rule_has_a_defect_or_a_reason_why_not() -> None:
    assert {rule.id for rule in RULES} - {fault.rule for fault in OURS} - UNPROVABLE.keys() == set()


def test_every_defect_is_in_a_catalogue_under_a_name_of_its_own() -> None:
    names = [fault.name for fault in OURS]
    assert sorted(names) == sorted(set(names))
    assert set(names) <= FAULTS.keys() | CLIENT_FAULTS.keys()
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_summaries_are_one_plain_sentence() -> None:
    assert [each.name for each in OURS if each.summary.endswith(".") or len(each.summary) > 100] == []


@pytest.mark.parametrize("rule", ACROSS)
def test_a_rule_across_exchanges_catches_what_breaks_a_flow(rule: str) -> None:
    made = [mutant for fault in OURS if fault.rule == rule for mutant in mutants(fault, traffic(), wanted=4)]
    assert [(mutant.fault, mutant.case_id, mutant.place, mutant.found) for mutant in made if not mutant.killed] == []
    if not UNPROVABLE.get(rule):
        assert len(made) >= 3


def test_what_a_flow_cannot_show_broken_stays_as_it_was() -> None:
    for fault in OURS:
        if isinstance(fault, ClientFault):
            continue
        for recorded in traffic():
            seen = _first(recorded)
            before = copy.deepcopy((seen.body, seen.status, seen.headers, seen.raw))
            if fault.alter is None or not fault.may_alter(seen) or not fault.alter(seen):
                assert (seen.body, seen.status, seen.headers, seen.raw) == before, fault.name


def test_a_seed_makes_the_same_mutants() -> None:
    made = [[mutants(fault, traffic(), wanted=2, seed=7) for fault in OURS[::9]] for _ in range(2)]
    assert made[0] == made[1]
    recorded = next(each for each in traffic() if each.case.scenario.id == "order.flow.checkout-to-delivery")
    for name in ("line-with-a-new-id", "amount-altered", "title-altered"):
        altered = [
            [alter(FAULTS[name], recorded, index, Random(3)) for index in range(len(recorded.items))] for _ in range(2)
        ]
        assert any(altered[0])
        assert altered[0] == altered[1]


def test_an_answer_that_was_made_up_has_every_selected_key() -> None:
    for recorded in traffic():
        for item in recorded.items:
            seen = see(recorded.case.version, item.request.body, item.response) if isinstance(item, Exchange) else None
            if seen is None or not seen.body.get("errors"):
                continue
            assert made_up.success(seen)
            assert seen.answer is not None
            assert b'"errors"' not in sent(seen).body


def _first(recorded: Recorded) -> Seen:
    item = recorded.items[0]
    assert isinstance(item, Exchange)
    seen = see(recorded.case.version, item.request.body, item.response)
    assert seen is not None
    return seen
