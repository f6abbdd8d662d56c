"""What a scenario expects of an answer: what holds gives nothing, what does not gives a finding at its place."""

from typing import Any

import pytest

from conformance.base.errors import SourcePosition
from conformance.base.paths import format_path
from conformance.engine.expect import check_answer, check_event, mismatch
from conformance.findings.model import Finding
from conformance.scenario.model import Echo, Expectation, ExpectedError, Matcher
from conformance.scenario.values import Place, Scope

HERE = SourcePosition("s.yaml", 3, 5)
SCOPE = Scope({"sku": "s-1"}, {})
ANSWER: dict[str, Any] = {"data": {"order": {"id": "322-ABC1-AAAAAA", "lines": [{"n": 1}, {"n": 2}], "note": None}}}


def findings(expect: Expectation, answer: Any = ANSWER, status: int = 200, variables: Any = None) -> list[Finding]:
    return list(check_answer(expect, status=status, answer=answer, variables=variables or {}, scope=SCOPE))


def told(found: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.rule, format_path(finding.path)) for finding in found]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("order.id", "322-ABC1-AAAAAA"),
        ("order.id", {"matches": r"^\d{3}-[A-Z0-9]{4}-[A-Z0-9]{6}$"}),
        ("order.lines", {"length": 2}),
        ("order.lines[*].n", {"one_of": [1, 2]}),
        ("order.lines[*].n", {"at_least": 1, "at_most": 2}),
        ("order.lines[1].n", 2.0),
        ("order.note", None),
        ("order.note", {"present": True}),
        ("order.gone", {"present": False}),
    ],
)
def test_what_holds_gives_no_finding(path: str, wanted: Any) -> None:
    assert findings(Expectation(data=(Matcher(path, wanted, HERE),))) == []


@pytest.mark.parametrize(
    ("path", "wanted", "at", "expected", "actual"),
    [
        ("order.id", "other", "data.order.id", '"other"', '"322-ABC1-AAAAAA"'),
        ("order.id", {"matches": "^9"}, "data.order.id", 'text that matches "^9"', '"322-ABC1-AAAAAA"'),
        ("order.lines", {"length": 3}, "data.order.lines", "length 3", '[{"n": 1}, {"n": 2}]'),
        ("order.lines[*].n", 1, "data.order.lines[1].n", "1", "2"),
        ("order.lines[0].n", {"at_least": 2}, "data.order.lines[0].n", "a number of at least 2", "1"),
        ("order.lines[0].n", {"at_most": 0}, "data.order.lines[0].n", "a number of at most 0", "1"),
        ("order.lines[0].n", {"one_of": [5]}, "data.order.lines[0].n", "one of [5]", "1"),
        ("order.lines[0].n", "1", "data.order.lines[0].n", '"1"', "1"),
        ("order.gone.deep", 1, "data.order.gone", "1", "nothing"),
        ("order.gone", {"present": True}, "data.order.gone", "a value", "nothing"),
        ("order.id", {"present": False}, "data.order.id", "nothing", '"322-ABC1-AAAAAA"'),
        ("order.id", {"equals": {"$input": "sku"}}, "data.order.id", '"s-1"', '"322-ABC1-AAAAAA"'),
    ],
)
def test_what_does_not_hold_is_a_finding_at_its_place(
    path: str, wanted: Any, at: str, expected: str, actual: str
) -> None:
    (finding,) = findings(Expectation(data=(Matcher(path, wanted, HERE),)))
    assert (finding.rule, format_path(finding.path)) == ("EXP-002", at)
    assert (finding.expected, finding.actual) == (expected, actual)
    assert finding.position == HERE


def test_a_boolean_is_no_number() -> None:
    assert mismatch({"at_least": 0}, Place(("x",), True)) is not None


def test_another_status_is_a_finding() -> None:
    assert told(findings(Expectation(status=200), status=500)) == [("EXP-001", "")]


def test_what_was_sent_must_come_back() -> None:
    expect = Expectation(echoes=(Echo("order.lines[*].n", "input.lines[*].n", HERE),))
    assert findings(expect, variables={"input": {"lines": [{"n": 1}, {"n": 2}]}}) == []
    changed = findings(expect, variables={"input": {"lines": [{"n": 1}, {"n": 3}]}})
    assert told(changed) == [("EXP-003", "data.order.lines[1].n")]
    assert (changed[0].expected, changed[0].actual) == ("3", "2")
    lost = findings(expect, variables={"input": {"lines": [{"n": 1}, {"n": 2}, {"n": 3}]}})
    assert told(lost) == [("EXP-003", "data.order.lines[0].n")]
    assert "3 values were sent" in lost[0].message


ERROR = {
    "message": "…[/op/input/size must be greater than or equal to 1]",
    "path": ["op"],
    "extensions": {"classification": {"type": "ValidationError", "code": "UnspecifiedError", "errorCode": 400}},
}


def test_the_expected_error_is_compared_key_by_key() -> None:
    wanted = {"type": "ValidationError", "errorCode": 400, "path": ["op"], "message": {"matches": "must be greater"}}
    expect = Expectation(errors=(ExpectedError(wanted, HERE),))
    assert findings(expect, {"errors": [ERROR], "data": None}) == []
    different = Expectation(errors=(ExpectedError({**wanted, "code": "InvalidDateRange"}, HERE),))
    assert told(findings(different, {"errors": [ERROR]})) == [("EXP-004", "errors[0].extensions.classification.code")]
    assert told(findings(expect)) == [("EXP-004", "errors")]


def test_of_several_errors_the_nearest_is_compared() -> None:
    expect = Expectation(errors=(ExpectedError({"type": "ValidationError"}, HERE),))
    assert findings(expect, {"errors": [{"message": "other"}, ERROR]}) == []


def test_an_error_that_nobody_expects_is_a_finding() -> None:
    assert told(findings(Expectation(), {"errors": [ERROR], "data": None})) == [("EXP-005", "errors[0]")]


@pytest.mark.parametrize("answer", [None, [], "text", {"errors": "text"}, {"data": 1}])
def test_an_answer_of_another_shape_breaks_nothing(answer: Any) -> None:
    assert told(findings(Expectation(data=(Matcher("order.id", 1, HERE),)), answer)) == [("EXP-002", "data.order")]


def test_an_event_is_held_against_its_type_envelope_and_body() -> None:
    body = {"eventDescriptor": "ORDER_CONFIRMED", "data": {"order": {"id": "o-1"}}}
    expect = Expectation(
        event_type="ORDER_CONFIRMED", envelope="webhook", body=(Matcher("data.order.id", "o-1", HERE),)
    )
    assert list(check_event(expect, event_type="ORDER_CONFIRMED", envelope="webhook", body=body, scope=SCOPE)) == []
    found = list(check_event(expect, event_type="OTHER", envelope="eventbridge", body={}, scope=SCOPE))
    assert told(found) == [("EXP-007", ""), ("EXP-007", ""), ("EXP-008", "data")]
