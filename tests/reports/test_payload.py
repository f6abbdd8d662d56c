"""The data inside the HTML report: small, whole, and harmless inside a script element."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from conformance.findings.model import RunResult, StepResult
from conformance.reports.intern import LIST, LITERAL, MAX_TEXT, Table
from conformance.reports.payload import LEFT_OUT, NO_BODY, build_payload, script_safe

from .runs import HOSTILE, big_run, hostile_run, realistic_run


def read_back(data: dict[str, Any], index: int) -> Any:
    """What the report's script makes of an entry."""
    entry = data["table"][index]
    if not isinstance(entry, list):
        return entry
    if entry[0] == LIST:
        return [read_back(data, item) for item in entry[1:]]
    if entry[0] == LITERAL:
        return ("literal", data["table"][entry[1]])
    keys = [data["table"][key] for key in data["shapes"][entry[0]]]
    return dict(zip(keys, (read_back(data, item) for item in entry[1:]), strict=True))


def stored(value: Any) -> Any:
    table = Table()
    index = table.value(value)
    return read_back({"table": table.entries, "shapes": table.shapes}, index)


def data_of(run: RunResult, **options: int) -> dict[str, Any]:
    return json.loads(build_payload(run, **options).text)  # type: ignore[no-any-return]


class TestTable:
    @pytest.mark.parametrize(
        "value",
        [
            None,
            True,
            False,
            0,
            -7,
            10.79,
            "text",
            "",
            [],
            {},
            [[]],
            {"a": [1, {"b": None}], "c": ""},
            {"": 1, "1": 2, "0": 3},
        ],
    )
    def test_json_is_kept(self, value: Any) -> None:
        assert stored(value) == value

    def test_the_order_of_keys_is_kept(self) -> None:
        assert list(stored({"10": 1, "b": 2, "9": 3, "a": 4})) == ["10", "b", "9", "a"]

    def test_one_and_true_stay_apart(self) -> None:
        assert str(stored([1, True, 0, False, None, "1"])) == "[1, True, 0, False, None, '1']"

    @pytest.mark.parametrize(
        ("value", "text"),
        [(1.0, "1.0"), (Decimal("10.790"), "10.790"), (2**70, str(2**70)), (1e-7, "1e-07"), (1e22, "1e+22")],
    )
    def test_numbers_that_a_browser_would_write_otherwise_keep_their_text(self, value: Any, text: str) -> None:
        assert stored(value) == ("literal", text)

    def test_equal_subtrees_are_stored_once(self) -> None:
        table = Table()
        first = table.value({"order": {"id": "1", "lines": [{"a": 1}]}})
        size = len(table.entries)
        assert table.value({"order": {"id": "1", "lines": [{"a": 1}]}}) == first
        assert len(table.entries) == size

    def test_a_huge_string_is_cut_and_says_so(self) -> None:
        text = stored("x" * (MAX_TEXT + 5))
        assert len(text) < MAX_TEXT + 60
        assert "20,005 characters in all" in text

    def test_endless_nesting_ends(self) -> None:
        deep: Any = []
        for _ in range(900):
            deep = [deep]
        assert "…" in str(stored(deep))


class TestPayload:
    def test_each_case_is_there_with_its_request_and_answer(self) -> None:
        run = realistic_run()
        data = data_of(run)
        for case, raw in zip(run.cases, data["cases"], strict=True):
            assert data["table"][raw[0]] == case.case_id
            assert data["verdicts"][raw[5]] == case.verdict.name
            for step, raw_step in zip(case.steps, raw[17], strict=True):
                assert read_back(data, raw_step[9]) == step.response
                assert (raw_step[7] == NO_BODY) == (not step.document)

    def test_an_answer_kept_as_json_text_is_shown_as_json(self) -> None:
        case = realistic_run().cases[0]
        for text, shown in [
            ('{"data": null}', {"data": None}),
            ("<html>", "<html>"),
            ("[cut", "[cut"),
            ("null", "null"),
        ]:
            run = replace(realistic_run(), cases=(replace(case, steps=(StepResult("s", response=text),)),))
            data = data_of(run)
            assert read_back(data, data["cases"][0][17][0][9]) == shown

    def test_bodies_of_conforming_cases_are_left_out_before_those_of_failing_ones(self) -> None:
        run = realistic_run()
        payload = build_payload(run, max_body_chars=0)
        data = json.loads(payload.text)
        failing = [raw for raw in data["cases"] if data["verdicts"][raw[5]] in ("FAIL", "ERROR")]
        others = [raw for raw in data["cases"] if data["verdicts"][raw[5]] not in ("FAIL", "ERROR")]
        assert payload.left_out == len(others)
        assert all(step[9] != LEFT_OUT for raw in failing for step in raw[17])
        assert all(step[9] in (LEFT_OUT, NO_BODY) for raw in others for step in raw[17])

    def test_ten_thousand_checks_are_far_below_ten_megabytes(self) -> None:
        payload = build_payload(big_run())
        assert payload.left_out == 0
        assert len(payload.text.encode()) < 8_000_000


class TestHarmlessness:
    def test_nothing_in_it_can_end_the_script_element_or_a_line_of_javascript(self) -> None:
        text = build_payload(hostile_run()).text
        assert not set("<>&\u2028\u2029") & set(text)
        text.encode("utf-8")

    def test_and_it_still_says_what_it_said(self) -> None:
        assert json.loads(script_safe({"a": [HOSTILE]})) == {"a": [HOSTILE]}

    def test_names_are_well_formed_and_strings_of_answers_are_kept_as_they_are(self) -> None:
        data = data_of(hostile_run())
        case = data["cases"][0]
        assert data["table"][case[0]] == HOSTILE.replace("\ud800", "\ufffd")
        assert read_back(data, case[17][0][8]) == {HOSTILE: [HOSTILE]}
