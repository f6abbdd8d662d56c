"""The errors of an answer: their form, where their paths lead, null propagation, the documented classification."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.findings.model import Blame
from conformance.operations.errormodel import blame_of
from tests.operations.harness import brief, judge

DOCUMENT = "{ mine: order(id: 1) { id owner lines { id price } parent { owner } } matrix any guess { name } }"
DATA: dict[str, Any] = {
    "mine": {"id": "1", "owner": None, "lines": [{"id": "1", "price": None}], "parent": {"owner": "x"}},
    "matrix": [[1]],
    "any": {"deep": {"deeper": 1}},
    "guess": None,
}
FULL = {
    "type": "ValidationError",
    "code": "UnspecifiedError",
    "details": {},
    "errorType": "ValidationException",
    "errorCode": 400,
}


def data(**more: Any) -> dict[str, Any]:
    return {**DATA, **more}


def error(**more: Any) -> dict[str, Any]:
    return {"message": "no", "extensions": {"classification": FULL}, **more}


def classified(**classification: Any) -> dict[str, Any]:
    return {"data": None, "errors": [{"message": "no", "extensions": {"classification": classification}}]}


@pytest.mark.parametrize(
    "answer",
    [
        {"errors": [error()]},
        {"errors": [error()], "data": None},
        {"errors": [error(path=["mine"])], "data": data(mine=None)},
        {"errors": [error(path=["mine", "owner"], locations=[{"line": 1, "column": 5}])], "data": DATA},
        {"errors": [error(path=["mine", "lines", 0, "price"])], "data": DATA},
        {"errors": [error(path=["mine", "id"])], "data": data(mine=None)},  # gone up from a non-null field
        {"errors": [error(path=["mine", "lines", 4, "id"])], "data": data(mine=None)},
        {"errors": [error(path=["mine", "id"])], "data": None},
        {"errors": [error(path=["mine"])], "data": DATA},  # documented: partial data, the error stands above the null
        {"errors": [error(path=["any", "deep", 1, "x"])], "data": data(any=None)},
        {"errors": [error(path=None, locations=None)], "data": None},
        {"errors": [error(path=[])], "data": None},
        {"errors": [error()], "data": DATA, "extensions": {}},
        # the forms of the older guide, of downloadLink, of errors without a code
        classified(type="ValidationError", code="X", details={"message": "m"}),
        classified(errorType="ValidationException", errorCode=400),
        classified(type="AccessDeniedError", errorType="AccessDeniedException", errorCode=403),
        classified(type="ThrottlingError", errorType="ThrottlingException", errorCode=429, code=None, details=None),
        classified(type="ConflictError"),
        classified(type="InternalServerError", code="InternalServerError", errorCode=500),
    ],
)
def test_faultless_errors_give_nothing(answer: Any) -> None:
    assert judge(DOCUMENT, answer) == ()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({}, [("ENV-024", "FAIL", ())]),
        ({"data": None}, [("ERR-010", "FAIL", ("data",))]),
        ({"data": 1}, [("ENV-025", "FAIL", ("data",))]),
        ({"data": [], "errors": [error()]}, [("ENV-025", "FAIL", ("data",))]),
        ({"data": DATA, "extensions": []}, [("ENV-026", "FAIL", ("extensions",))]),
        ({"data": DATA, "extensions": None}, [("ENV-026", "FAIL", ("extensions",))]),
        ({"data": DATA, "meta": 1}, [("ENV-023", "FAIL", ("meta",))]),
        ({"data": DATA, "errors": []}, [("ERR-001", "FAIL", ("errors",))]),
        ({"data": DATA, "errors": None}, [("ERR-001", "FAIL", ("errors",))]),
        ({"data": DATA, "errors": "bad"}, [("ERR-001", "FAIL", ("errors",))]),
        ({"data": DATA, "errors": {"message": "no"}}, [("ERR-001", "FAIL", ("errors",))]),
        ({"errors": [error(), "bad"]}, [("ERR-002", "FAIL", ("errors", 1))]),
        ({"errors": [{"extensions": {"classification": FULL}}]}, [("ERR-003", "FAIL", ("errors", 0, "message"))]),
        ({"errors": [error(message=None)]}, [("ERR-003", "FAIL", ("errors", 0, "message"))]),
        ({"errors": [error(locations={})]}, [("ERR-004", "FAIL", ("errors", 0, "locations"))]),
        ({"errors": [error(locations=[1])]}, [("ERR-004", "FAIL", ("errors", 0, "locations", 0))]),
        (
            {"errors": [error(locations=[{"line": 0, "column": 1}])]},
            [("ERR-004", "FAIL", ("errors", 0, "locations", 0, "line"))],
        ),
        ({"errors": [error(locations=[{"line": 1}])]}, [("ERR-004", "FAIL", ("errors", 0, "locations", 0, "column"))]),
        ({"errors": [error(path="mine")]}, [("ERR-005", "FAIL", ("errors", 0, "path"))]),
        (
            {"errors": [error(path=["mine", -1, None, 1.5])]},
            [("ERR-005", "FAIL", ("errors", 0, "path", n)) for n in (1, 2, 3)],
        ),
        ({"errors": [error(extensions=[])]}, [("ERR-006", "FAIL", ("errors", 0, "extensions"))]),
        ({"errors": [error(errorType="X")]}, [("ERR-007", "WARN", ("errors", 0, "errorType"))]),
        ({"data": None, "errors": [error(path=["order"])]}, [("ERR-008", "FAIL", ("errors", 0, "path", 0))]),
        (
            {"data": None, "errors": [error(path=["mine", "lines", "id"])]},
            [("ERR-008", "FAIL", ("errors", 0, "path", 2))],
        ),
        (
            {"data": None, "errors": [error(path=["mine", "owner", "x"])]},
            [("ERR-008", "FAIL", ("errors", 0, "path", 2))],
        ),
        (
            {"data": DATA, "errors": [error(path=["mine", "lines", 7, "price"])]},
            [("ERR-008", "FAIL", ("errors", 0, "path", 2))],
        ),
        ({"data": DATA, "errors": [error(path=["mine", "parent"])]}, [("ERR-009", "WARN", ("errors", 0, "path"))]),
        ({"data": DATA, "errors": [error(path=["mine", "id"])]}, [("ERR-009", "WARN", ("errors", 0, "path"))]),
        ({"errors": [{"message": "no"}]}, [("ERR-020", "WARN", ("errors", 0, "extensions", "classification"))]),
        (
            {"errors": [{"message": "no", "extensions": {"classification": "DataFetchingException"}}]},
            [("ERR-021", "WARN", ("errors", 0, "extensions", "classification"))],
        ),
    ],
)
def test_each_fault_with_its_place(answer: Any, expected: Any) -> None:
    assert brief(judge(DOCUMENT, answer)) == expected


@pytest.mark.parametrize(
    ("classification", "expected"),
    [
        ({"type": "UnheardOfError"}, ("ERR-022", "WARN", "type")),
        ({}, ("ERR-022", "WARN", "type")),
        ({"errorType": "UnheardOfException"}, ("ERR-022", "WARN", "errorType")),
        ({"type": "ValidationError", "errorType": "AccessDeniedException"}, ("ERR-023", "FAIL", "errorType")),
        ({"type": "ValidationError", "errorCode": 403}, ("ERR-024", "FAIL", "errorCode")),
        ({"errorType": "ThrottlingException", "errorCode": 400}, ("ERR-024", "FAIL", "errorCode")),
        ({"type": "ConflictError", "errorCode": 400}, ("ERR-024", "WARN", "errorCode")),
        ({"type": "ValidationError", "errorCode": "400"}, ("ERR-025", "FAIL", "errorCode")),
        ({"type": "ValidationError", "errorCode": 400.5}, ("ERR-025", "FAIL", "errorCode")),
        ({"type": "ValidationError", "code": 7}, ("ERR-025", "FAIL", "code")),
        ({"type": "ValidationError", "details": "text"}, ("ERR-025", "FAIL", "details")),
        ({"type": "ValidationError", "errorType": []}, ("ERR-025", "FAIL", "errorType")),
    ],
)
def test_each_fault_of_a_classification(classification: Any, expected: tuple[str, str, str]) -> None:
    rule, verdict, key = expected
    at = ("errors", 0, "extensions", "classification", key)
    assert brief(judge(DOCUMENT, classified(**classification))) == [(rule, verdict, at)]


def test_a_null_that_should_have_gone_up_is_found_beside_its_error() -> None:
    answer = {"data": data(mine={**DATA["mine"], "id": None}), "errors": [error(path=["mine", "id"])]}
    assert brief(judge(DOCUMENT, answer)) == [("RSP-004", "FAIL", ("data", "mine", "id"))]


def test_partial_data_with_an_error_is_judged_as_well() -> None:
    answer = {"data": data(matrix=[["x"]]), "errors": [error(path=["mine", "owner"])]}
    assert brief(judge(DOCUMENT, answer)) == [("RSP-003", "FAIL", ("data", "matrix", 0, 0))]


def test_whose_fault_errors_are() -> None:
    def of(**classification: Any) -> Blame:
        return blame_of(classified(**classification)["errors"])

    assert of(type="ValidationError") is Blame.CLIENT
    assert of(type="AccessDeniedError") is Blame.CONFIGURATION
    assert of(errorType="ThrottlingException") is Blame.ENVIRONMENT
    assert of(type="InternalServerError") is Blame.TARGET
    assert blame_of("nonsense") is Blame.TARGET
    assert blame_of([3, {"extensions": 4}]) is Blame.TARGET
