"""The catalogue: ids and levels are permanent, every rule has a source and a place in a family's tests."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from conformance.base.versions import DATED_VERSIONS, NEXT
from conformance.contract.load import load_contract
from conformance.events.reading import load_catalogue
from conformance.findings.model import Blame, Verdict
from conformance.operations.compile import compile_operation
from conformance.rules.catalogue import RULES, TIMELINE_RULES
from conformance.rules.judge import judge_rules
from conformance.rules.model import RuleCase
from conformance.rules.reading import read_requests, with_answer
from conformance.rules.timeline import Look
from tests.rules import test_answers, test_extras, test_flows, test_kept, test_refusals, test_requests
from tests.rules.harness import RULE, case_of, with_arguments

PINNED = """
ORD-001 MUST  ORD-002 MUST  ORD-003 MUST  ORD-004 MUST  ORD-005 MUST  ORD-006 MUST
ORD-007 MUST  ORD-008 MUST  ORD-009 MUST  ORD-010 MUST  ORD-011 SHOULD  ORD-012 SHOULD
ORD-013 MUST  ORD-014 MUST  ORD-015 SHOULD  ORD-016 SHOULD  ORD-017 MUST  ORD-018 SHOULD
ORD-019 MUST  ORD-020 SHOULD  ORD-021 SHOULD  ORD-022 SHOULD  ORD-023 SHOULD  ORD-024 MUST
ORD-025 MUST  ORD-026 MUST  ORD-027 MUST  ORD-028 MUST  ORD-029 SHOULD  ORD-030 SHOULD
ORD-031 MUST  ORD-032 MUST  ORD-033 MUST  ORD-034 MUST  ORD-035 MUST  ORD-036 MUST
ORD-037 MUST  ORD-038 SHOULD  ORD-039 SHOULD  ORD-040 MAY  RFD-001 MUST  RFD-002 MUST
RFD-003 MUST  RFD-004 MUST  RFD-005 SHOULD  RFD-006 SHOULD  RFD-007 MUST  RFD-008 MUST
RFD-009 MUST  RFD-010 MAY  RFD-011 MAY  RFD-012 SHOULD  RFD-013 MUST  RFD-014 MUST
RET-001 SHOULD  RET-002 MUST  RET-003 MUST  RET-004 MUST  RET-005 MUST  RET-006 MUST
RET-007 MUST  RET-008 MUST  RET-009 MUST  RET-010 MAY  RET-011 SHOULD  RET-012 MUST
RET-013 MUST  RET-014 MUST  RET-015 SHOULD  RET-016 MUST  DLV-001 MUST  DLV-002 SHOULD
DLV-003 SHOULD  DLV-004 MUST  DLV-005 MUST  DLV-006 MUST  DLV-007 MUST  DLV-008 SHOULD
DLV-009 MAY  DLV-010 MUST  DLV-011 MUST  CAT-001 SHOULD  CAT-002 MUST  CAT-003 MUST
CAT-004 MUST  CAT-005 MUST  CAT-006 MUST  CAT-007 MAY  PRV-001 MUST  PRV-002 MUST
PRV-003 MUST  PRV-004 SHOULD  PRV-005 MUST  PRV-006 MUST  PRV-007 MAY  PRV-008 MUST
PRV-009 MUST  ANA-001 MUST  ANA-002 MUST  ANA-003 MUST  ANA-004 SHOULD  ANA-005 SHOULD
ANA-006 MUST  ANA-007 SHOULD  ANA-008 MAY  ANA-009 MUST  ANA-010 MUST  SUB-001 MUST
SUB-002 MUST  SUB-003 MUST  SUB-004 MUST  SUB-005 MUST  SUB-006 MUST  SUB-007 MUST
SUB-008 MAY  SUB-009 MUST  SUB-010 MUST  SUB-011 MUST  SBX-001 MUST  SBX-002 SHOULD
SBX-003 MUST  SBX-004 MUST  SBX-005 MAY  SBX-006 MUST  SBX-007 MUST  FLW-001 MUST
FLW-002 MUST  FLW-003 MUST  FLW-004 MUST  FLW-005 MUST  FLW-006 MUST  FLW-007 MUST
FLW-008 MUST  FLW-009 MUST  FLW-010 MUST  FLW-011 MUST  FLW-012 MUST  FLW-013 MUST
FLW-014 MUST  FLW-015 MUST  FLW-016 MUST  FLW-017 MUST  FLW-018 MUST  FLW-019 MUST
FLW-020 MUST  FLW-021 MUST  FLW-022 MUST  FLW-023 MUST  FLW-024 MUST  FLW-025 MUST
FLW-026 MUST  FLW-027 MUST  FLW-028 MUST  FLW-029 MUST  FLW-030 MUST  FLW-031 MUST
FLW-032 MUST  FLW-033 MUST  FLW-034 MUST  FLW-035 MUST  FLW-036 MUST  FLW-037 MUST
FLW-038 MUST  FLW-039 MUST  FLW-054 SHOULD  FLW-055 MUST  FLW-056 MUST  FLW-057 MUST
FLW-058 MUST  FLW-059 MUST  EVT-060 MUST  EVT-061 MUST  EVT-062 MUST  EVT-063 MUST
EVT-064 MUST  EVT-065 MUST  EVT-066 MUST  EVT-067 MUST  EVT-068 MAY  EVT-069 SHOULD
FLW-040 MUST  FLW-041 MUST  FLW-042 MUST  FLW-043 MUST  FLW-044 MUST  FLW-045 MUST
FLW-046 MUST  FLW-047 MUST  FLW-048 MUST  FLW-049 MUST  FLW-050 MUST  FLW-051 MUST
FLW-052 MUST  FLW-053 MUST
"""
ELSEWHERE = {"ORD-013", "SBX-004", "DLV-004", "CAT-003"}
"""Rules that have a test of their own."""


def test_ids_and_levels_are_as_they_always_were() -> None:
    words = PINNED.split()
    rules = [(rule.id, rule.level.value) for rule in RULES]
    rules += [(rule.id, rule.level.value) for rule in TIMELINE_RULES]
    assert rules == list(zip(words[::2], words[1::2], strict=True))


def test_every_rule_says_what_a_reader_needs() -> None:
    assert len(RULE) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"(ORD|DLV|RFD|RET|CAT|PRV|ANA|SUB|SBX|FLW)-\d{3}", rule.id)
        assert rule.title
        assert rule.source
        assert rule.fix
        assert rule.coordinate
        assert set(rule.versions) <= set(DATED_VERSIONS)
        for operation in rule.operations:
            contracts = [*rule.versions, *([NEXT] if DATED_VERSIONS[-1] in rule.versions else [])]
            assert any(operation in load_contract(version).operations for version in contracts), rule.id


def test_every_rule_about_events_says_what_a_reader_needs() -> None:
    for rule in TIMELINE_RULES:
        assert re.fullmatch(r"(EVT|FLW)-\d{3}", rule.id)
        assert rule.title
        assert rule.source
        assert rule.fix
        assert rule.coordinate
        assert set(rule.versions) <= set(DATED_VERSIONS)
        assert not rule.operations or rule.look is Look.OPERATION
        assert not rule.meanings or rule.look is Look.EVENT
        assert set(rule.meanings) <= set(load_catalogue().events)


def test_every_rule_has_an_accepted_and_a_violating_case() -> None:
    shown = {case[0] for case in (*test_requests.CASES, *test_answers.CASES, *test_flows.CASES, *test_extras.CASES)}
    shown |= {case[0] for case in (*test_answers.ERRORS, *test_refusals.CASES, *test_kept.CASES)}
    assert shown | ELSEWHERE == set(RULE)


def test_a_rule_that_raises_is_a_fault_of_the_suite_and_the_others_go_on() -> None:
    def broken(_: RuleCase) -> list[object]:
        raise KeyError("lineItems")

    rules = (replace(RULE["ORD-018"], check=broken), RULE["ORD-008"])  # type: ignore[arg-type]
    call = with_arguments(test_requests.order(), "input.shopperIdentity", None)
    suite, found = judge_rules([case_of(call)], rules=rules)
    assert (suite.rule, suite.verdict, suite.blame) == ("ORD-018", Verdict.ERROR, Blame.SUITE)
    assert "test_catalogue.py" in suite.message
    assert (found.rule, found.blame) == ("ORD-008", Blame.CLIENT)


def test_paths_are_those_of_the_answer_under_aliases() -> None:
    contract = load_contract("2024-11-01")
    document = '{ mine: order(orderIdentifier: {orderId: "o-1"}) { number: id } }'
    cases = read_requests(compile_operation(document, None, contract), None)
    findings = judge_rules(with_answer(cases, {"data": {"mine": {"number": "o-2"}}}), rules=(RULE["ORD-031"],))
    assert [finding.path for finding in findings] == [("data", "mine", "number")]


def test_a_value_in_the_document_is_found_there() -> None:
    contract = load_contract("2024-11-01")
    document = '{ product(identifier: {sku: "a", productId: "b"}) { id } }'
    (finding,) = judge_rules(read_requests(compile_operation(document, None, contract), None))
    assert (finding.rule, finding.origin, finding.path) == ("CAT-001", "document", ("product", "identifier"))


def test_the_skus_of_a_page_differ() -> None:
    contract = load_contract("2024-11-01")
    document = "{ products { edges { node { ... on Product { sku { value } } } } } }"
    cases = read_requests(compile_operation(document, None, contract), None)

    def found(*skus: str) -> list[object]:
        edges = [{"node": {"sku": {"value": sku}}} for sku in skus]
        answered = with_answer(cases, {"data": {"products": {"edges": edges}}})
        return [finding.path[-5:] for finding in judge_rules(answered, rules=(RULE["CAT-003"],))]

    assert found("a", "b") == []
    assert found("a", "a") == [("edges", 1, "node", "sku", "value")]


def test_values_of_any_kind_break_no_rule() -> None:
    contract = load_contract("2024-11-01")
    for name, operation in contract.operations.items():
        document = f"{operation.kind} {{ {name} {{ id }} }}"
        answers: tuple[Any, ...] = (
            None,
            [],
            {},
            "x",
            5,
            {"data": []},
            {"data": {name: [None, 3]}},
            {"data": {name: {"id": {}}}},
        )
        for answer in answers:
            cases = read_requests(compile_operation(document, None, contract), {"input": [3]})
            findings = judge_rules([*with_answer(cases, answer), *with_answer(cases, answer)])
            assert not [finding for finding in findings if finding.blame is Blame.SUITE]


def test_nothing_is_said_about_a_request_whose_variables_are_not_known() -> None:
    document = "query($id: OrderIdentifierInput!) { order(orderIdentifier: $id) { id } }"
    compiled = compile_operation(document, None, load_contract("2024-11-01"))
    assert read_requests(compiled, None) == ()
    assert read_requests(compiled, {}) == ()
    (case,) = read_requests(compiled, {"id": {}})
    assert [finding.rule for finding in judge_rules([case])] == ["ORD-014"]
