"""Scenario files: what is read, and every fault of a file at once, each with its place."""

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.base.errors import InputError
from conformance.scenario.load import find_scenario_files, load_scenarios, parse_scenario
from conformance.scenario.model import Happening, HttpCall
from conformance.scenario.select import Selection

GOOD = """\
scenario: order.query.by-id
title: Query an order by its id
interface: order
documented: {page: order-queries-order, example: Get Order}
profiles: [orders]
versions: ["2024-11-01"]
inputs:
  orderId: {default: o-1}
steps:
  - step: query
    document: |
      query order($id: OrderIdentifierInput!) {
        order(orderIdentifier: $id) { id }
      }
    variables: {id: {orderId: {$input: orderId}}}
    expect:
      data: {order.id: {$input: orderId}}
    capture: {orderId: order.id}
"""


def problems_of(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_scenario(dedent(text), Path("s.yaml"))
    return [str(problem) for problem in caught.value.problems]


def test_a_scenario_is_read_with_its_places() -> None:
    scenario = parse_scenario(GOOD, Path("s.yaml"))
    assert scenario.id == "order.query.by-id"
    assert scenario.inputs == {"orderId": "o-1"}
    (step,) = scenario.steps
    assert step.variables == {"id": {"orderId": {"$input": "orderId"}}}
    assert str(step.position) == "s.yaml:10:11"
    assert step.capture == {"orderId": "order.id"}


def test_all_faults_of_shape_are_told_at_once() -> None:
    faults = problems_of(
        """\
        scenario: Order
        title: short
        interface: orders
        versions: []
        steps: []
        colour: blue
        """
    )
    text = "\n".join(faults)
    for words in ("s.yaml:1:11", "s.yaml:2:8", "s.yaml:3:12", "s.yaml:4:11", "s.yaml:5:8", "colour"):
        assert words in text, words


def test_a_fault_inside_a_step_is_told_by_its_own_place() -> None:
    faults = problems_of(GOOD.replace("    variables: {id", "    varaibles: {id"))
    assert faults == ["s.yaml:15:16: steps[0].varaibles: unknown key 'varaibles'. Did you mean 'variables'?"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "{orderId: {$input: orderId}}",
            "{orderId: {$input: orderID}}",
            "no input is called 'orderID'. Did you mean 'orderId'?",
        ),
        (
            "{order.id: {$input: orderId}}",
            "{order.id: {$capture: later}}",
            "no capture of an earlier step is called 'later'",
        ),
        (
            "order(orderIdentifier: $id) { id }",
            "order(orderIdentifier: $id) { id",
            "s.yaml:15:1: Syntax Error: Expected Name, found <EOF>",
        ),
        (
            "      query order($id: OrderIdentifierInput!) {",
            "      fragment f on Order {",
            "s.yaml:11:15: the document has no operation",
        ),
        ("order.id: {$input", "'order..id': {$input", "not a path"),
        ("profiles: [orders]", "profiles: [orders]\nerrata: [no-such]", "no erratum is called 'no-such'"),
    ],
)
def test_faults_beyond_the_shape_are_told_with_a_remedy(old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert any(expected in fault for fault in problems_of(GOOD.replace(old, new)))


def test_an_unused_input_is_a_fault() -> None:
    faults = problems_of(GOOD.replace("inputs:\n", "inputs:\n  extra: {default: 1}\n"))
    assert faults == ["s.yaml:8:10: the input 'extra' is never used. Remove it, or use {$input: extra}"]


def test_a_contradiction_needs_an_erratum_of_the_scenario() -> None:
    faults = problems_of(GOOD + "    contradicts: [{rule: RSP-001, path: data.order, erratum: lwa-tokens-identical}]\n")
    assert any("is not among the errata of the scenario" in fault for fault in faults)


def test_two_scenarios_cannot_share_an_id(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD)
    with pytest.raises(InputError, match=r"b\.yaml:1:11: the id 'order.query.by-id' is taken by .*a\.yaml:1:11"):
        load_scenarios(find_scenario_files(tmp_path))


def test_a_faulty_file_does_not_hide_the_faults_of_another(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("scenario: [")
    (tmp_path / "b.yaml").write_text("- 1")
    with pytest.raises(InputError) as caught:
        load_scenarios(find_scenario_files(tmp_path))
    assert [Path(problem.position.file).name for problem in caught.value.problems] == ["a.yaml", "b.yaml"]


def test_a_selection_narrows_by_each_part() -> None:
    scenario = parse_scenario(GOOD, Path("s.yaml"))
    assert Selection().takes(scenario)
    assert Selection(ids=("order.*",), interfaces=("order",), profiles=("orders",)).takes(scenario)
    assert not Selection(ids=("catalog.*",)).takes(scenario)
    assert not Selection(profiles=("returns",)).takes(scenario)
    assert not Selection(tags=("x",)).takes(scenario)
    assert Selection(versions=("2024-01-01",)).versions_of(scenario) == ()


@given(st.one_of(st.binary(max_size=80), st.text(max_size=80)))
def test_arbitrary_content_gives_an_input_error(content: bytes | str) -> None:
    with pytest.raises(InputError):
        parse_scenario(content, Path("s.yaml"))


def test_a_scenario_for_some_targets_is_left_out_of_runs_against_others() -> None:
    scenario = parse_scenario(GOOD.replace("profiles:", "targets: [embedded, live]\nprofiles:"), Path("s.yaml"))
    assert scenario.targets == ("embedded", "live")
    assert [Selection(target=name).takes(scenario) for name in ("", "embedded", "cassettes")] == [True, True, False]
    assert Selection(target="cassettes").takes(parse_scenario(GOOD, Path("s.yaml")))
    assert not Selection(target="cassettes"), "the target is no choice that narrows a run"


def test_steps_outside_of_graphql_are_read() -> None:
    text = GOOD + (
        "  - step: upload\n    http: {method: PUT, url: {$capture: orderId}, body: a}\n"
        "    expect: {status: 200, contains: [b]}\n"
        "  - step: wait\n    outside: {clock: {advance_s: 60}}\n"
    )
    _, upload, wait = parse_scenario(text, Path("s.yaml")).steps
    assert upload.http == HttpCall("PUT", {"$capture": "orderId"}, "a")
    assert (upload.expect.status, upload.expect.contains) == (200, ("b",))
    assert wait.outside == Happening("clock", {"advance_s": 60})


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("http: {method: POST, url: {$capture: orderId}}", "one of GET, PUT"),
        ("http: {method: GET, url: 'https://shop.example'}", "steps[1].http.url"),
        ("http: {method: GET, url: {$capture: other}}", "no capture of an earlier step is called 'other'"),
        ("outside: {weather: {}}", "unknown key 'weather'"),
        ("outside: {clock: {}, throttle: {}}", "steps[1].outside"),
    ],
)
def test_a_faulty_step_outside_of_graphql_is_told(step: str, expected: str) -> None:
    assert expected in "\n".join(problems_of(f"{GOOD}  - step: more\n    {step}\n"))
