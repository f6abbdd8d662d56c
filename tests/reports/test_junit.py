"""JUnit XML as CI systems read it."""

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

from conformance.findings.model import RunResult
from conformance.reports.junit import render_junit

from .runs import EXPIRED_WAIVER, hostile_run, realistic_run


def junit(run: RunResult) -> Element:
    return fromstring(render_junit(run))  # noqa: S314 - our own output


def case_named(root: Element, name: str) -> Element:
    (case,) = [element for element in root.iter("testcase") if element.get("name") == name]
    return case


def child(element: Element, name: str) -> Element:
    found = element.find(name)
    assert found is not None, name
    return found


def test_a_suite_an_interface_and_a_test_case_a_case() -> None:
    root = junit(realistic_run())
    assert [suite.get("name") for suite in root] == ["catalog", "events", "order", "returns"]
    case = case_named(root, "order.create.lwa[2024-11-01]")
    assert case.get("classname") == "order.2024-11-01"
    assert case.get("file") == "scenarios/order/create-lwa.yaml"
    assert case.get("time") == "0.002"


def test_the_counts_are_those_of_the_run() -> None:
    root = junit(realistic_run())
    assert {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "21",
        "failures": "2",
        "errors": "1",
        "skipped": "1",
    }
    order = next(suite for suite in root if suite.get("name") == "order")
    assert (order.get("tests"), order.get("failures"), order.get("errors")) == ("18", "1", "1")
    properties = {item.get("name"): item.get("value") for item in child(order, "properties")}
    assert properties["target"] == "cassettes"


def test_a_failing_case_says_what_failed_where_and_why() -> None:
    failure = child(case_named(junit(realistic_run()), "order.create.bundle-mixed[2024-11-01]"), "failure")
    assert failure.get("type") == "RSP-007"
    assert failure.get("message") == "RSP-007: DOZEN is no documented value of AmountUnit (and 4 more)"
    assert failure.text is not None
    for part in (
        "data.createOrder.order.lineItems[3].amount.value",
        "expected  Decimal!",
        "actual    null",
        "sandbox-objects-amount",
    ):
        assert part in failure.text


def test_what_could_not_be_judged_is_an_error_not_a_failure() -> None:
    case = case_named(junit(realistic_run()), "order.create.lwa[2024-04-01]")
    assert case.find("failure") is None
    assert "KeyError" in str(child(case, "error").get("message"))


def test_a_skipped_case_keeps_its_reason() -> None:
    case = case_named(junit(realistic_run()), "returns.reversal-offers[2024-01-01]")
    assert "not part of version 2024-01-01" in str(child(case, "skipped").get("message"))


def test_warnings_and_waived_findings_do_not_fail_but_are_there() -> None:
    root = junit(realistic_run())
    for name, part in (
        ("catalog.products[2024-11-01]", "deprecated"),
        ("order.create.external-details[2024-01-01]", "orders-team"),
    ):
        case = case_named(root, name)
        assert case.find("failure") is None
        assert part in str(child(case, "system-out").text)


def test_contradictions_are_properties_of_the_cases_that_touch_them() -> None:
    case = case_named(junit(realistic_run()), "order.create.bundle-mixed[2024-11-01]")
    properties = [(item.get("name"), item.get("value")) for item in child(case, "properties")]
    assert ("erratum", "bundle-member-amount") in properties


def test_faults_of_the_run_fail_a_suite_of_their_own() -> None:
    root = junit(replace(realistic_run(), findings=(EXPIRED_WAIVER,)))
    assert root.get("failures") == "3"
    assert "waivers.yaml:8:5" in str(child(case_named(root, "WVR-001 waivers.yaml:8:5"), "failure").text)


def test_a_partial_run_cannot_be_taken_for_whole() -> None:
    root = junit(replace(realistic_run(), complete=False))
    assert root.get("errors") == "2"
    assert "did not finish" in str(child(case_named(root, "complete"), "error").get("message"))


def test_hostile_text_leaves_it_well_formed() -> None:
    text = render_junit(hostile_run())
    text.encode("utf-8")
    assert fromstring(text).get("tests") == "2"  # noqa: S314 - our own output
    assert not any(ord(char) < 32 and char not in "\n\r\t" for char in text)
