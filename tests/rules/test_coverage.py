"""Every documented rule is judged, stated by a contract, or listed with the reason; and each of these is so."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_nullable_type, is_list_type

from conformance.base.data import data_folder
from conformance.base.versions import VERSIONS
from conformance.base.yamlio import load_yaml_file
from conformance.contract.facts import Fact, Limit
from conformance.contract.load import load_contract
from conformance.contract.model import Contract
from conformance.events.rules import RULES as EVENT_RULES
from conformance.operations.compile import compile_operation
from conformance.operations.errormodel import CLASSIFICATIONS
from conformance.operations.inputs import InputJudge
from conformance.operations.response import judge_precisely
from conformance.operations.rules import RULES as OPERATION_RULES
from conformance.rules.catalogue import FINDING_RULES
from conformance.rules.error_codes import ANY_OPERATION, CODES
from conformance.rules.unseen import UNSEEN

SOURCES = {"limits": 89, "errors": 80, "flows": 111, "sandbox": 37}
"""By group the rows of the audit: an entry counts for `rows` of them."""

KEYS = {"page", "rule", "rows", "judged_by", "contract", "codes", "unseen"}
REPORTED = {"REQ-046", "REQ-047", "REQ-048", "RSP-015"}


@cache
def coverage() -> dict[str, Any]:
    document = load_yaml_file(data_folder("schema") / "rules-coverage.yaml", positions=False).value
    assert (document["format"], document["format_version"]) == ("bwp-conformance/rules-coverage", 1)
    return {name: entries for name, entries in document.items() if isinstance(entries, list)}


def entries() -> list[dict[str, Any]]:
    return [entry for group in coverage().values() for entry in group]


def bounded() -> Iterator[tuple[Contract, str, Fact, Any]]:
    """Every coordinate with bounds or exclusions: its contract, its name, its fact, its type."""
    for version in VERSIONS:
        contract = load_contract(version)
        for name, type_ in contract.schema.type_map.items():
            if isinstance(type_, GraphQLInputObjectType):
                if contract.fact(name).exclusive:
                    yield contract, name, contract.fact(name), type_
                for field, given in type_.fields.items():
                    yield contract, f"{name}.{field}", contract.fact(name, field), given.type
            elif isinstance(type_, GraphQLObjectType) and not name.startswith("__"):
                for field, shown in type_.fields.items():
                    yield contract, f"{name}.{field}", contract.fact(name, field), None
                    for key, argument in shown.args.items():
                        fact = contract.fact(name, field, key)
                        yield contract, f"{name}.{field}({key}:)", fact, argument.type


def with_bounds() -> list[tuple[Contract, str, Fact, Any]]:
    return [one for one in bounded() if one[2].limit or (one[2].exclusive and "." not in one[1])]


def test_the_audit_counts_every_row_of_the_guides() -> None:
    for name, rows in SOURCES.items():
        assert sum(entry.get("rows", 1) for entry in coverage()[name]) == rows, name


def test_every_entry_says_what_judges_it_or_why_nothing_does() -> None:
    for entry in entries():
        assert set(entry) <= KEYS, entry
        assert entry["page"]
        assert entry["rule"]
        assert entry.get("judged_by") or entry.get("contract") or entry.get("unseen"), entry
    twice = Counter((entry["page"], entry["rule"]) for group in coverage().values() for entry in group)
    assert [key for key, times in twice.items() if times > 1 and "cut" not in key[1]] == []


def test_every_rule_of_the_catalogue_is_named() -> None:
    named = {rule for entry in entries() for rule in entry.get("judged_by", ())}
    assert {rule.id for rule in FINDING_RULES} - named == set()


def test_every_rule_that_is_named_exists() -> None:
    named = {rule for entry in entries() for rule in entry.get("judged_by", ())}
    assert named - {rule.id for rule in (*FINDING_RULES, *EVENT_RULES, *OPERATION_RULES)} == set()


def test_the_reasons_are_those_that_the_page_of_rules_shows() -> None:
    named = {entry["unseen"] for entry in entries() if "unseen" in entry}
    assert named == {one.text for one in UNSEEN}


def test_every_documented_bound_of_a_contract_is_named_or_none() -> None:
    named = {name for entry in entries() for name in entry.get("contract", ())}
    assert named == {name for _, name, _, _ in with_bounds()}


def _beyond(limit: Limit, *, of_list: bool) -> Any:
    if of_list:
        return [None] * ((limit.max_items or 0) + 1)
    if limit.max is not None or limit.min is not None:
        return limit.max + 1 if limit.max is not None else (limit.min or 0) - 1
    return "x" * ((limit.max_length or 0) + 1) if limit.max_length is not None else ""


@pytest.mark.parametrize("version", VERSIONS)
def test_every_bound_of_what_is_sent_is_reported(version: str) -> None:
    judged = 0
    for contract, name, fact, type_ in with_bounds():
        if contract.version != version or type_ is None:
            continue
        judge = InputJudge(contract, "variables")
        if fact.limit is not None:
            value = _beyond(fact.limit, of_list=is_list_type(get_nullable_type(type_)))
            judge.judge(type_, int(value) if isinstance(value, float) else value, (), fact)
        else:
            judge.judge(type_, dict.fromkeys(fact.exclusive, "x"), (), fact)
        assert {finding.rule for finding in judge.findings} & REPORTED, name
        judged += 1
    assert judged > 20


MANY = [{"aliasId": "a"}] * 6
ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "Order.aliases": ("aliases { aliasId }", {"aliases": MANY}),
    "PackageInformationDetails.aliases": (
        "packageInformation { details { aliases { aliasId } } }",
        {"packageInformation": {"details": [{"aliases": MANY}]}},
    ),
    "ReturnDetails.aliases": (
        "returns { details { aliases { aliasId } } }",
        {"returns": {"details": [{"aliases": MANY}]}},
    ),
}


def test_every_bound_of_what_is_answered_is_reported() -> None:
    assert {name for _, name, _, type_ in with_bounds() if type_ is None} == set(ANSWERS)
    contract = load_contract("2024-11-01")
    for name, (selection, order) in ANSWERS.items():
        document = f'{{ order(orderIdentifier: {{orderId: "o"}}) {{ {selection} }} }}'
        body = json.dumps({"data": {"order": order}}).encode()
        findings = judge_precisely(compile_operation(document, None, contract), body, variables={}, status=200)
        assert [finding.rule for finding in findings] == ["RSP-015"], name


def test_every_documented_error_type_is_known() -> None:
    documented = {"AccessDeniedError", "ConflictError", "ConflictException", "InternalServerError"}
    assert {*documented, "ResourceNotFoundError", "ThrottlingError", "ValidationError"} == set(CLASSIFICATIONS)


def test_every_documented_error_code_is_known() -> None:
    known = {(operation, code) for operation, codes in CODES.items() for code in codes}
    named = {
        (operation, code)
        for entry in coverage()["errors"]
        for operation, codes in entry.get("codes", {}).items()
        for code in codes
    }
    assert {(operation, code) for operation, code in named if code not in ANY_OPERATION} <= known
    unnamed = known - named
    assert unnamed == {("deliveryPreview", "ItemOutOfStock")}, (
        "the older name of ProductOutOfStock, on no page of errors"
    )
