"""The eight documented createOrder examples of 2024-11-01: each scenario sends what the page writes as a literal."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse, print_ast

from conformance.base.data import data_folder
from conformance.base.yamlio import load_yaml_file
from conformance.contract.load import load_contract
from conformance.operations.matching import normalise_to_variables
from conformance.scenario.load import load_scenario
from conformance.scenario.model import Step
from conformance.scenario.values import Scope

VERSION = "2024-11-01"
DOCUMENTED = {
    "order.create.non-prime-without-shopper-identity": "Create Order With Non Prime Items Without Shopper Identity",
    "order.create.non-prime-items": "Create Order With Non Prime Items",
    "order.create.bundle-minimal": "Create Order With Minimal Bundle Product Information",
    "order.create.merchant-fulfilled": "Create Order With Merchant Fulfilled Items",
    "order.create.external-order-details": "Create Order With External Order Details",
    "order.create.bundle-prime-and-non-prime": "Create Order With Bundle Product For Prime And Non Prime Items",
    "order.create.login-with-amazon": "Create Order Using Lwa",
    "order.create.minimum-fulfillable": "Create Minimum Fulfillable Order",
}


@dataclass(frozen=True, slots=True)
class Example:
    """One documented example, from both of its files."""

    title: str
    step: Step
    variables: dict[str, Any]
    """What the scenario sends with the documented values as its inputs."""
    literal: str
    """The document as the page writes it, values inside."""
    sent_with_it: dict[str, Any]
    """What the recorded request has beside the document."""
    answer: dict[str, Any]

    def form(self, variables: dict[str, Any] | None = None, document: str | None = None) -> str:
        """The normal form of the scenario's request, or of one that differs from it."""
        sent = self.variables if variables is None else variables
        return normal_form(document or self.step.document, self.step.operation, sent)

    def literal_form(self, document: str | None = None) -> str:
        """The normal form of the documented request."""
        return normal_form(document or self.literal, None, {})


def normal_form(document: str, operation_name: str | None, variables: dict[str, Any]) -> str:
    return normalise_to_variables(document, operation_name, variables, load_contract(VERSION)).text


def read_example(scenario_id: str) -> Example:
    interface, rest = scenario_id.split(".", 1)
    scenario = load_scenario(data_folder("scenarios") / interface / f"{rest}.yaml")
    cassette: Any = load_yaml_file(data_folder("cassettes") / "documentation" / VERSION / f"{scenario_id}.yaml").value
    (step,) = scenario.steps
    (interaction,) = cassette["interactions"]
    body = json.loads(interaction["request"]["body"])
    return Example(
        title=scenario.example,
        step=step,
        variables=Scope(scenario.inputs, {}).resolve(step.variables),
        literal=body.pop("query"),
        sent_with_it=body,
        answer=json.loads(interaction["response"]["body"]["string"]),
    )


@pytest.fixture(params=DOCUMENTED)
def example(request: pytest.FixtureRequest) -> Example:
    return read_example(request.param)


def places_of_leaves(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of every value that is neither an object nor a list."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places_of_leaves(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places_of_leaves(item, (*at, index))
    else:
        yield at


def other_value(value: Any, at: tuple[str | int, ...]) -> Any:
    """Another value of the same kind; for an enum another member where there is one."""
    if at[-1] == "deliveryProvider":
        return "MERCHANT" if value == "AMAZON" else "AMAZON"
    if at[-1] == "destinationType":
        return "EXTERNAL_ORDER_TRACKING"
    if isinstance(value, bool):
        return not value
    return value + "x" if isinstance(value, str) else value + 1


def changed(variables: dict[str, Any], at: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The variables with one value replaced; None takes its key away."""
    result: Any = copy.deepcopy(variables)
    holder = result
    for part in at[:-1]:
        holder = holder[part]
    if value is None:
        del holder[at[-1]]
    else:
        holder[at[-1]] = value
    return dict(result)


def selected_fields(document: str) -> list[FieldNode]:
    (operation,) = parse(document, no_location=True).definitions
    assert isinstance(operation, OperationDefinitionNode)
    found: list[FieldNode] = []
    rest: list[Any] = list(operation.selection_set.selections)
    while rest:
        field = rest.pop()
        found.append(field)
        rest += field.selection_set.selections if field.selection_set else ()
    return found


def test_there_are_eight_and_each_names_its_documented_title() -> None:
    titles = {scenario_id: read_example(scenario_id).title for scenario_id in DOCUMENTED}
    assert titles == DOCUMENTED
    assert len(set(titles.values())) == 8


def test_the_documented_request_is_literal_and_the_scenarios_has_no_literal(example: Example) -> None:
    assert "$" not in example.literal
    assert example.sent_with_it == {}
    (root,) = (field for field in selected_fields(example.step.document) if field.name.value == "createOrder")
    assert [print_ast(argument) for argument in root.arguments or ()] == ["input: $input"]


def test_both_forms_are_the_same_operation(example: Example) -> None:
    assert example.form() == example.literal_form()


def test_any_other_value_is_another_operation(example: Example) -> None:
    wanted = example.literal_form()
    places = list(places_of_leaves(example.variables))
    assert len(places) > 15
    for at in places:
        value = example.variables["input"]
        for part in at[1:]:
            value = value[part]
        assert example.form(changed(example.variables, at, other_value(value, at))) != wanted, at


def test_leaving_a_value_out_is_another_operation(example: Example) -> None:
    wanted = example.literal_form()
    for at in places_of_leaves(example.variables):
        assert example.form(changed(example.variables, at, None)) != wanted, at


def test_other_values_in_the_literal_form_are_another_operation(example: Example) -> None:
    for old, new in (('"Seattle"', '"Portland"'), ('"US"', '"CA"'), ("EXTERNAL_ORDER_MANAGEMENT", "BWP_STOREFRONT")):
        assert old in example.literal
        assert example.literal_form(example.literal.replace(old, new, 1)) != example.form(), old


def test_another_selection_is_another_operation(example: Example) -> None:
    without_created = example.step.document.replace("createdAt\n", "")
    assert without_created != example.step.document
    assert example.form(document=without_created) != example.literal_form()


def test_the_order_of_lines_matters_and_the_order_of_keys_does_not(example: Example) -> None:
    wanted = example.literal_form()
    turned = {"input": dict(reversed(example.variables["input"].items()))}
    assert example.form(turned) == wanted
    lines = example.variables["input"]["lineItems"]
    swapped = {"input": {**example.variables["input"], "lineItems": lines[::-1]}}
    assert (example.form(swapped) == wanted) is (len(lines) == 1)


def test_the_answer_has_as_many_lines_as_were_ordered(example: Example) -> None:
    order = example.answer["data"]["createOrder"]["order"]
    sent = example.variables["input"]["lineItems"]
    assert [line["amount"]["value"] for line in order["lineItems"]] == [line["amount"]["value"] for line in sent]
    assert order["id"] == "322-ABC1-AAAAAA"


def test_the_one_answer_that_contradicts_its_request_says_so() -> None:
    odd = {
        scenario_id: [(pattern.rule, pattern.path, pattern.erratum) for pattern in example.step.contradicts]
        for scenario_id in DOCUMENTED
        if (example := read_example(scenario_id)).step.contradicts
    }
    path = ("data", "createOrder", "order", "lineItems", 1, "product", "purchaseGroupMembership", "memberAmount")
    assert odd == {
        "order.create.bundle-prime-and-non-prime": [("EXP-003", (*path, "value"), "memberamount-1-answered-for-2")]
    }
    membership = read_example("order.create.bundle-prime-and-non-prime")
    assert membership.variables["input"]["lineItems"][1]["product"]["purchaseGroupMembership"]["memberAmount"] == {
        "value": 2
    }
