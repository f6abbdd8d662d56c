"""`bwp-conformance coverage`: what the suite and finished runs cover, what is missing, and what the lock says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.base.data import data_folder
from conformance.base.versions import VERSIONS
from conformance.engine.coverage_lock import lock_text, read_lock
from conformance.engine.inventory import Kind, inventory
from conformance.findings.codec import read_run
from tests.cli.conftest import Called

Call = Callable[..., Called]
LOCK = data_folder("schema") / "coverage.lock"


@pytest.fixture(scope="module")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a few scenarios."""
    from conformance.cli.entry import run  # noqa: PLC0415 - the fixture of a module cannot take `call`

    folder = tmp_path_factory.mktemp("run")
    assert run(["run", "tracking.package-tracker.*", "--report", "html", "--output", str(folder)]) == 0
    return folder / "run.jsonl"


def test_a_run_is_shown_by_version_and_kind(call: Call, run_file: Path) -> None:
    called = call("coverage", run_file)
    assert called.status == 0
    assert re.search(r"^2024-11-01 +asserted +passed +total +covered$", called.out, re.MULTILINE)
    assert re.search(r"^  operations +1 +0 +\d+ +\d+ %$", called.out, re.MULTILINE)
    assert "createOrder" not in called.out


def test_what_is_missing_is_named(call: Call, run_file: Path) -> None:
    called = call("coverage", run_file, "--missing")
    assert called.status == 0
    assert "\n    createOrder\n" in called.out
    assert "\n    packageTracker\n" not in called.out


def test_json_has_every_figure_and_every_missing_name(call: Call, run_file: Path) -> None:
    told = json.loads(call("coverage", run_file, "--format", "json", "--version", "2024-11-01").out)
    assert (told["format"], told["format_version"]) == ("bwp-conformance/coverage", 1)
    ((version, figures),) = [(one["version"], one["figures"]) for one in told["versions"]]
    assert version == "2024-11-01"
    assert [figure["kind"] for figure in figures] == [kind.value for kind in Kind]
    for figure in figures:
        assert figure["asserted"] + figure["passed"] + len(figure["missing"]) == figure["total"]


def test_the_run_itself_and_its_report_have_the_same_figures(call: Call, run_file: Path) -> None:
    told = json.loads(call("coverage", run_file, "--format", "json").out)
    again = [
        (figure["kind"], one["version"], figure["total"], figure["asserted"], figure["passed"])
        for one in told["versions"]
        for figure in one["figures"]
    ]
    figures = read_run(run_file).coverage
    assert [(one.kind, one.version, one.total, one.asserted, one.passed) for one in figures] == again
    assert not any(figure.missing for figure in figures), "a run that was narrowed lists no names"
    html = (run_file.parent / "report.html").read_text(encoding="utf-8")
    assert "What was covered" in html


def test_the_suite_is_run_when_no_run_is_given(call: Call) -> None:
    told = json.loads(call("coverage", "--target", "cassettes", "--version", "next", "--format", "json").out)
    assert told["targets"] == ["cassettes"]
    (one,) = told["versions"]
    examples = next(figure for figure in one["figures"] if figure["kind"] == "documented examples")
    assert examples["asserted"] == examples["total"] > 0


class TestLock:
    def test_it_is_written_and_holds(self, call: Call, run_file: Path, tmp_path: Path) -> None:
        lock = tmp_path / "coverage.lock"
        assert "new" in call("coverage", run_file, "--write-lock", lock).out
        called = call("coverage", run_file, "--lock", lock)
        assert (called.status, "Everything that" in called.out) == (0, True)
        assert "new:" not in called.out

    def test_what_got_lost_fails_by_name(self, call: Call, run_file: Path, tmp_path: Path) -> None:
        lock = tmp_path / "coverage.lock"
        lock.write_text("2024-11-01 fields passed Order.id\n2024-11-01 fields passed Gone.id\n", encoding="utf-8")
        called = call("coverage", run_file, "--lock", lock)
        assert called.status == 1
        assert "lost: 2024-11-01 fields: Order.id was passed" in called.out
        assert "lost: 2024-11-01 fields: Gone.id was passed" in called.out

    def test_what_is_new_is_told_and_does_not_fail(self, call: Call, run_file: Path, tmp_path: Path) -> None:
        lock = tmp_path / "coverage.lock"
        lock.write_text("", encoding="utf-8")
        called = call("coverage", run_file, "--lock", lock)
        assert called.status == 0
        assert "new: 2024-11-01 documented examples: tracking-queries-packagetracker" in called.out
        assert "bwp-conformance coverage --write-lock" in called.out

    def test_writing_takes_nothing_away(self, call: Call, run_file: Path, tmp_path: Path) -> None:
        lock = tmp_path / "coverage.lock"
        lock.write_text("2024-11-01 fields asserted Order.id\n", encoding="utf-8")
        assert call("coverage", run_file, "--write-lock", lock).status == 0
        assert read_lock(lock)["2024-11-01", Kind.FIELDS, "Order.id"] == "asserted"
        assert len(read_lock(lock)) > 100

    def test_json_holds_the_comparison(self, call: Call, run_file: Path, tmp_path: Path) -> None:
        lock = tmp_path / "coverage.lock"
        lock.write_text("2024-11-01 fields asserted Order.id\n", encoding="utf-8")
        called = call("coverage", run_file, "--lock", lock, "--format", "json")
        assert called.status == 1
        assert json.loads(called.out)["lock"]["lost"] == [
            {"version": "2024-11-01", "kind": "fields", "name": "Order.id", "how": "asserted"}
        ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.jsonl"], "nowhere.jsonl: cannot be read"),
        (["--target", "embedded", "run.jsonl"], "runs are given"),
        (["--target", "cassettes", "--version", "next", "--lock", "nowhere.lock"], "nowhere.lock"),
    ],
)
def test_bad_input(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    called = call("coverage", *arguments)
    assert called.status == 2
    assert told in called.err


class TestTheLockOfTheSuite:
    def test_it_is_in_order_and_names_what_there_is(self) -> None:
        locked = read_lock(LOCK)
        assert LOCK.read_text(encoding="utf-8") == lock_text(locked)
        known = {(version, *mark) for version in VERSIONS for mark in names_of(version)}
        assert not locked.keys() - known, "take out by hand what the contracts do not have any more"

    @pytest.mark.slow
    def test_the_suite_still_covers_what_it_holds(self, call: Call) -> None:
        called = call("coverage", "--lock", LOCK)
        assert called.status == 0, called.out


def names_of(version: str) -> set[tuple[Kind, str]]:
    return {(kind, name) for kind, names in inventory(version).names.items() for name in names}
