"""`schema list`, `show` and `evidence`: what the contracts say, and what they stand on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from graphql import assert_valid_schema, build_schema

from conformance.base.versions import VERSIONS
from conformance.cli.schema_text import table
from conformance.contract.load import contract_from_sdl, load_contract

Call = Callable[..., Any]


def _json(call: Call, *arguments: str) -> dict[str, Any]:
    called = call("schema", *arguments, "--format", "json")
    assert called.status == 0
    document: dict[str, Any] = json.loads(called.out)
    assert document["format_version"] == 1
    return document


def test_list_counts_operations_types_and_evidence(call: Call) -> None:
    document = _json(call, "list")
    assert document["format"] == "bwp-conformance/schema-list"
    assert [entry["version"] for entry in document["versions"]] == list(VERSIONS)
    for entry in document["versions"]:
        contract = load_contract(entry["version"])
        assert entry["queries"] + entry["mutations"] == len(contract.operations)
        assert sum(entry["grades"].values()) == entry["coordinates"]
        assert entry["digest"] == contract.digest


def test_list_as_text_has_a_line_for_each_version(call: Call) -> None:
    lines = call("schema", "list").out.splitlines()
    assert lines[0].split() == [
        *("version", "interfaces", "queries", "mutations", "types", "coordinates"),
        *("page", "example", "guide", "changelog", "inferred"),
    ]
    assert [line.split()[0] for line in lines[1:5]] == list(VERSIONS)
    assert all(line.count("%") == 5 for line in lines[1:5])


def test_show_without_a_name_lists_every_operation_and_type(call: Call) -> None:
    contract = load_contract("2024-11-01")
    document = _json(call, "show")
    operations = {entry["name"] for interface in document["interfaces"] for entry in interface["operations"]}
    types = {entry["name"] for interface in document["interfaces"] for entry in interface.get("types", ())}
    assert operations == set(contract.operations)
    assert types == {type_.name for type_ in contract.named_types()} - {"Query", "Mutation"}
    text = call("schema", "show").out
    assert all(name in text for name in operations)


def test_show_describes_a_type_with_the_evidence_of_each_field(call: Call) -> None:
    document = _json(call, "show", "Amount")
    assert document["kind"] == "type"
    assert document["coordinate"] == "Amount"
    assert "2024-11-01" in document["versions"]
    members = {member["name"]: member for member in document["members"]}
    assert members["value"]["type"] == "Decimal!"
    fact = load_contract("2024-11-01").fact("Amount", "value")
    assert (members["value"]["grade"], members["value"]["source"]) == (fact.grade.value, fact.source)
    assert "LineItem.amount" in document["used_by"]
    text = call("schema", "show", "Amount").out
    assert text.startswith("type Amount   (2024-11-01)\n")
    assert "\n  evidence: page, sandbox-objects-amount\n" in text
    assert "  value: Decimal!" in text
    assert "used by" in text


def test_show_describes_an_operation_with_its_arguments(call: Call) -> None:
    document = _json(call, "show", "createOrder")
    assert document["coordinate"] == "Mutation.createOrder"
    assert document["kind"] == "operation"
    assert [(argument["name"], argument["type"]) for argument in document["arguments"]] == [
        ("input", "CreateOrderInput!")
    ]
    assert "argument input: CreateOrderInput!" in call("schema", "show", "createOrder").out


@pytest.mark.parametrize("name", ["Amount.value", "Mutation.createOrder(input:)", "OrderExecutionStateInput.STARTED"])
def test_show_takes_every_kind_of_coordinate(call: Call, name: str) -> None:
    assert _json(call, "show", name)["coordinate"] == name


@pytest.mark.parametrize("version", VERSIONS)
def test_every_name_of_a_contract_can_be_shown(call: Call, version: str) -> None:
    contract = load_contract(version)
    names = [*contract.operations, *(type_.name for type_ in contract.named_types())]
    for name in names:
        called = call("schema", "show", name, "--version", version)
        assert called.status == 0, name
        assert called.out.split("\n", 1)[0].endswith(f"({version})")


def test_show_tells_limits_tables_and_contradictions(call: Call) -> None:
    limited = _json(call, "show", "CreateOrderInput.aliases")
    assert limited["limit"] == {"max_items": 5}
    assert "limit: at most 5 items" in call("schema", "show", "CreateOrderInput.aliases").out
    contract = load_contract("2024-11-01")
    coordinate = next(c for c in contract.coordinates() if c.member and not c.argument and _fact(contract, c).values)
    values = _json(call, "show", str(coordinate))["values"]
    assert values["values"] == sorted(contract.value_table(values["table"]).values)
    coordinate = next(c for c in contract.coordinates() if _fact(contract, c).errata)
    text = call("schema", "show", str(coordinate)).out
    assert f"({_fact(contract, coordinate).errata[0]})" in text


def _fact(contract: Any, coordinate: Any) -> Any:
    return contract.fact(coordinate.type_name, coordinate.member, coordinate.argument)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("LineItm", "LineItm: no type, field or operation of 2024-11-01. Did you mean LineItem"),
        ("creatOrder", "Did you mean createOrder"),
        ("Amount.valu", "Did you mean Amount.value"),
        ("mappingProduct", "mappingProduct: not in 2024-11-01. It is in 2024-01-01"),
        ("Association", "the documentation of 2024-01-01 names this object and says no more"),
        ("!!", "`schema show` lists every name"),
    ],
)
def test_an_unknown_name_is_status_2_and_says_what_may_be_meant(call: Call, name: str, message: str) -> None:
    called = call("schema", "show", name)
    assert called.status == 2
    assert message in called.err


@pytest.mark.parametrize("version", VERSIONS)
def test_the_sdl_of_a_version_is_a_schema_with_the_same_evidence(call: Call, version: str) -> None:
    sdl = call("schema", "show", "--sdl", "--version", version).out
    assert_valid_schema(build_schema(sdl))
    own, other = load_contract(version), contract_from_sdl(sdl.encode(), "s.graphql")
    assert other.grades() == own.grades()
    assert set(other.operations) == set(own.operations)


def test_the_sdl_of_one_name_has_its_directives(call: Call) -> None:
    assert call("schema", "show", "Amount", "--sdl").out.splitlines()[1].startswith("type Amount @page(")
    assert call("schema", "show", "createOrder", "--sdl").out.startswith("createOrder(input: CreateOrderInput!)")
    assert call("schema", "show", "Nothing", "--sdl").status == 2


@pytest.mark.parametrize("version", VERSIONS)
def test_evidence_counts_every_coordinate_once(call: Call, version: str) -> None:
    document = _json(call, "evidence", "--version", version)
    contract = load_contract(version)
    assert document["coordinates"] == contract.grades().total()
    by_interface = [sum(entry["grades"].values()) for entry in document["interfaces"]]
    assert sum(by_interface) == document["coordinates"]
    weak = {"guide", "changelog", "inferred"}
    assert len(document["weak"]) == sum(count for grade, count in document["grades"].items() if grade in weak)
    assert document["weak"][0]["grade"] == "inferred"
    assert {entry["type"] for entry in document["partial"]} == {
        type_.name for type_ in contract.named_types() if contract.is_partial(type_.name)
    }


def test_evidence_as_text_shows_the_weakest_first_and_all_when_asked(call: Call) -> None:
    short, full = call("schema", "evidence").out, call("schema", "evidence", "--all").out
    assert "more: --all" in short
    assert "more: --all" not in full
    assert len(full) > 2 * len(short)


def test_names_without_facts_are_listed(call: Call) -> None:
    assert "Association" in call("schema", "evidence", "--version", "2024-01-01").out


def test_columns_are_aligned() -> None:
    assert list(table([("a", "1"), ("bbb", "22")], right=(1,))) == ["a     1", "bbb  22"]
    assert list(table([])) == []
