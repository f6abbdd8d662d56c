"""run.jsonl: what is written is read back, whatever happens to the file in between."""

import json
from contextlib import suppress
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.base.errors import InputError, InternalError, SourcePosition
from conformance.findings.codec import FORMAT, RunWriter, read_run, write_run
from conformance.findings.model import (
    Blame,
    CaseResult,
    ContractSummary,
    Coverage,
    Erratum,
    Finding,
    Grade,
    Level,
    RuleProof,
    RunResult,
    StepResult,
    Verdict,
)
from conformance.findings.shapes import SHAPES

FINDING = Finding("RSP-004", Verdict.FAIL, "null", path=("data", 0, "x"), position=SourcePosition("a.yaml", 3, 4))
STEP = StepResult(
    "create", findings=(FINDING,), document="{ a }", variables={"a": 1}, response={"data": None}, status=200
)
CASE = CaseResult("c[1]", "c", "2024-11-01", "order", steps=(STEP,), evidence=(("page", 2),))
RUN = RunResult(
    "run", "2024-11-21T00:00:00.000Z", "0.1.0", "cassettes", cases=(CASE,), finished_at="later", elapsed_ms=4.5
)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def rewrite(path: Path, number: int, **changes: Any) -> None:
    lines = lines_of(path)
    lines[number].update(changes)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    write_run(path, RUN)
    return path


class TestWriting:
    def test_a_finished_run_is_read_back_as_it_was(self, file: Path) -> None:
        assert read_run(file) == RUN

    def test_header_cases_and_footer_say_what_they_are(self, file: Path) -> None:
        header, case, footer = lines_of(file)
        assert (header["record"], header["format"], header["format_version"]) == ("header", FORMAT, 1)
        assert (case["record"], case["case_id"], case["verdict"]) == ("case", "c[1]", "FAIL")
        assert footer["record"] == "footer"
        assert footer["verdict"] == "FAIL"
        assert footer["counts"] == {"cases": 1, "FAIL": 1}

    def test_defaults_are_left_out_so_that_large_runs_stay_small(self, tmp_path: Path) -> None:
        path = tmp_path / "run.jsonl"
        write_run(path, replace(RUN, cases=(CaseResult("c", "c", "v", "order"),)))
        assert set(lines_of(path)[1]) == {"record", "case_id", "scenario", "version", "interface", "verdict"}

    def test_each_case_is_on_disk_as_soon_as_it_is_appended(self, tmp_path: Path) -> None:
        path = tmp_path / "run.jsonl"
        with RunWriter(path, RUN) as writer:
            assert len(lines_of(path)) == 1
            writer.append(CASE)
            assert len(lines_of(path)) == 2

    def test_leaving_without_a_finish_gives_a_partial_run(self, tmp_path: Path) -> None:
        path = tmp_path / "run.jsonl"

        def interrupted() -> None:
            with RunWriter(path, RUN) as writer:
                writer.append(CASE)
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        run = read_run(path)
        assert not run.complete
        assert run.cases == (CASE,)

    def test_a_finished_run_takes_no_more_cases(self, tmp_path: Path) -> None:
        with RunWriter(tmp_path / "run.jsonl", RUN) as writer:
            writer.finish(finished_at="now")
            with pytest.raises(InternalError):
                writer.append(CASE)

    def test_the_footer_wins_over_what_the_header_knew_of_the_contracts(self, tmp_path: Path) -> None:
        early = ContractSummary("2024-11-01", "abc")
        late = ContractSummary("2024-11-01", "abc", (("page", 10),))
        with RunWriter(tmp_path / "run.jsonl", replace(RUN, contracts=(early,))) as writer:
            assert read_run(tmp_path / "run.jsonl").contracts == (early,)
            writer.finish(finished_at="now", contracts=(late,))
        assert read_run(tmp_path / "run.jsonl").contracts == (late,)

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            (Decimal("10.79"), 10.79),
            (Decimal(3), 3),
            (Decimal("0.1000000000000000055"), "0.1000000000000000055"),
            (float("nan"), "nan"),
            (b"bytes", "bytes"),
            ("lone \ud800 surrogate", "lone \ud800 surrogate"),
            ((1, 2), [1, 2]),
        ],
    )
    def test_what_json_cannot_say_is_written_as_a_text_that_shows_it(
        self, tmp_path: Path, value: Any, shown: Any
    ) -> None:
        path = tmp_path / "run.jsonl"
        write_run(path, replace(RUN, cases=(replace(CASE, steps=(replace(STEP, response={"v": value}),)),)))
        assert read_run(path).cases[0].steps[0].response == {"v": shown}

    def test_an_answer_nested_beyond_all_measure_does_not_lose_the_case(self, tmp_path: Path) -> None:
        deep: Any = None
        for _ in range(5000):
            deep = [deep]
        path = tmp_path / "run.jsonl"
        write_run(path, replace(RUN, cases=(replace(CASE, steps=(replace(STEP, response=deep),)),)))
        assert read_run(path).cases[0].case_id == CASE.case_id


class TestReading:
    def test_unknown_keys_and_records_of_later_suites_are_passed_over(self, file: Path) -> None:
        rewrite(file, 0, shard=3)
        rewrite(file, 1, flaky=True)
        text = file.read_text().splitlines(keepends=True)
        file.write_text(text[0] + '{"record":"note","text":"later"}\n' + "".join(text[1:]))
        assert read_run(file) == RUN

    def test_a_newer_format_is_refused(self, file: Path) -> None:
        rewrite(file, 0, format_version=2)
        with pytest.raises(InputError, match=r":1:\d+: format_version: format version 2 is newer"):
            read_run(file)

    def test_a_last_line_that_was_cut_off_is_dropped(self, file: Path) -> None:
        content = file.read_bytes()
        for length in range(content.index(b"\n") + 2, len(content) - 1):
            file.write_bytes(content[:length])
            run = read_run(file)
            assert not run.complete, length
            assert run.cases in ((), (CASE,))

    def test_a_line_that_is_broken_in_the_middle_of_the_file_is_a_fault(self, file: Path) -> None:
        header, case, footer = file.read_text().splitlines(keepends=True)
        file.write_text(header + case[:30] + "\n" + footer)
        with pytest.raises(InputError, match=r"run\.jsonl:2:\d+: not JSON"):
            read_run(file)

    def test_all_faults_come_at_once_each_with_its_place(self, file: Path) -> None:
        rewrite(
            file, 1, version=7, verdict="FAIL", steps=[{"findings": [{"rule": "A", "verdict": "BAD", "message": "m"}]}]
        )
        rewrite(file, 2, elapsed_ms="long")
        with pytest.raises(InputError) as caught:
            read_run(file)
        messages = [problem.message for problem in caught.value.problems]
        assert messages == [
            "version: a number",
            "steps[0]: the key 'step' is missing",
            "steps[0].findings[0].verdict: 'BAD'",
            "elapsed_ms: a string",
        ]
        case_line = file.read_text().splitlines()[1]
        positions = [problem.position for problem in caught.value.problems]
        assert [position.line for position in positions] == [2, 2, 2, 3]
        assert case_line[positions[0].column - 1 :].startswith("7")
        assert case_line[positions[2].column - 1 :].startswith('"BAD"')

    def test_a_lost_line_is_noticed(self, file: Path) -> None:
        header, _, footer = file.read_text().splitlines(keepends=True)
        file.write_text(header + footer)
        with pytest.raises(InputError, match="the footer counts 1 cases, the file has 0"):
            read_run(file)

    def test_two_runs_in_one_file_are_refused(self, file: Path) -> None:
        text = file.read_text()
        file.write_text(text + text)
        with pytest.raises(InputError, match="a line after the footer"):
            read_run(file)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "the file is empty"),
            (b"\n\n", "the file is empty"),
            (b"[1]\n", "not an object|a list"),
            (b'{"format":"other"}\n', "not the header of a run"),
            (b'{"format":"bwp-conformance/run","format_version":"1"}\n', "no format version"),
            (b"\xff\xfe{}\n", "not UTF-8"),
            (b"<html>\n", "not JSON"),
            (b"[" * 5000 + b"\n", "nested 5,000 levels deep"),
            (b'{"format":NaN}\n', "NaN is no JSON value"),
        ],
    )
    def test_a_file_that_is_no_run_is_refused_with_its_place(
        self, tmp_path: Path, content: bytes, message: str
    ) -> None:
        path = tmp_path / "run.jsonl"
        path.write_bytes(content)
        with pytest.raises(InputError, match=message) as caught:
            read_run(path)
        assert caught.value.problems[0].position.line == 1

    def test_a_missing_file_is_the_users_fault(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="cannot be read"):
            read_run(tmp_path / "none.jsonl")


def test_the_table_has_every_field_of_the_model() -> None:
    elsewhere: dict[type, set[str]] = {
        RunResult: {"cases", "findings", "contracts", "errata", "complete", "proofs", "coverage"}
    }
    for cls, shape in SHAPES:
        assert {field.name for field in shape} == {field.name for field in fields(cls)} - elsewhere.get(cls, set()), cls


texts = st.text(max_size=12)
numbers = st.floats(min_value=0, max_value=1e6).map(lambda number: round(number, 3))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(texts, children, max_size=3),
    max_leaves=8,
)
counts = st.dictionaries(texts, st.integers(0, 10**6), max_size=3).map(lambda items: tuple(items.items()))
positions = st.none() | st.builds(SourcePosition, texts, st.integers(0, 9), st.integers(0, 9))
findings = st.builds(
    Finding,
    texts,
    st.sampled_from(Verdict),
    texts,
    st.sampled_from(Level),
    st.sampled_from(Blame),
    texts,
    st.lists(texts | st.integers(0, 99), max_size=4).map(tuple),
    texts,
    texts,
    texts,
    st.sampled_from(Grade),
    texts,
    positions,
    texts,
    texts,
)
finding_lists = st.lists(findings, max_size=2).map(tuple)
steps = st.builds(
    StepResult,
    texts,
    finding_lists,
    texts,
    texts,
    json_values,
    json_values,
    st.none() | st.integers(100, 599),
    numbers,
    texts,
    texts,
)
text_lists = st.lists(texts, max_size=2).map(tuple)
cases = st.builds(
    CaseResult,
    texts,
    texts,
    texts,
    texts,
    texts,
    texts,
    text_lists,
    text_lists,
    texts,
    texts,
    texts,
    st.lists(steps, max_size=2).map(tuple),
    finding_lists,
    text_lists,
    counts,
    texts,
    numbers,
)
errata = st.builds(Erratum, texts, texts, st.lists(st.tuples(texts, texts), max_size=2).map(tuple), texts, texts)
names = st.lists(texts, max_size=2).map(tuple)
proofs = st.builds(RuleProof, texts, texts, st.sampled_from(Level), st.integers(0, 9), st.integers(0, 9), names, texts)
coverage = st.builds(Coverage, texts, texts, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), names)
runs = st.builds(
    RunResult,
    texts,
    texts,
    texts,
    texts,
    st.lists(cases, max_size=3).map(tuple),
    finding_lists,
    st.lists(st.builds(ContractSummary, texts, texts, counts), max_size=2).map(tuple),
    st.lists(errata, max_size=2).map(tuple),
    texts,
    numbers,
    st.just(value=True),
    texts,
    st.dictionaries(texts, texts, max_size=2).map(lambda items: tuple(items.items())),
    st.lists(proofs, max_size=2).map(tuple),
    st.lists(coverage, max_size=2).map(tuple),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(run=runs)
def test_any_run_survives_the_file(tmp_path: Path, run: RunResult) -> None:
    path = tmp_path / "run.jsonl"
    write_run(path, run)
    assert read_run(path) == run


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    line=st.integers(0, 2),
    value=json_values,
    key=st.sampled_from(["case_id", "steps", "findings", "evidence", "counts", "format"]),
)
def test_a_value_of_another_kind_is_read_or_refused_never_a_crash(
    tmp_path: Path, line: int, value: Any, key: str
) -> None:
    path = tmp_path / "run.jsonl"
    write_run(path, RUN)
    rewrite(path, line, **{key: value})
    with suppress(InputError):
        assert isinstance(read_run(path), RunResult)
