"""`bwp-conformance coverage`: what the suite, or a finished run, covers of each version."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance.base.data import data_folder, display_path
from conformance.base.errors import ExitStatus, InputError
from conformance.base.versions import VERSIONS

if TYPE_CHECKING:
    from conformance.engine.coverage import Covered, Tally
    from conformance.engine.coverage_lock import Comparison, Key
    from conformance.findings.model import Coverage
    from conformance.targets.protocol import TargetProvider

_TARGETS = ("cassettes", "embedded")


@dataclass(frozen=True, slots=True)
class CoverageOptions:
    """What the command line asks for."""

    runs: tuple[Path, ...]
    targets: tuple[str, ...]
    versions: tuple[str, ...]
    shown: str
    missing: bool
    lock: Path | None
    write_lock: Path | None


@click.command()
@click.argument("runs", metavar="[RUN.jsonl]...", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--target",
    "targets",
    multiple=True,
    type=click.Choice(_TARGETS),
    help="Run the suite's scenarios against this target only. [default: both, added up]",
)
@click.option("--version", "versions", multiple=True, type=click.Choice(VERSIONS), help="Only this API version.")
@click.option(
    "--format", "shown", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
@click.option("--missing", is_flag=True, help="Name what is not covered.")
@click.option(
    "--lock", type=click.Path(path_type=Path, dir_okay=False), help="Fail when something of this lock got lost."
)
@click.option("--write-lock", type=click.Path(path_type=Path, dir_okay=False), help="Add what is covered to this lock.")
def coverage(**options: Any) -> None:
    """Show what is covered: documented examples, rules, operations, schema coordinates, error codes, event types.

    With RUN.jsonl: what these runs cover together. Without: what the suite's own scenarios cover. "Asserted" was held
    against an expectation of a scenario, "passed" only went by and was judged by the contract. Exit status: 0 done,
    1 the lock names something that is not covered any more, 2 bad input.
    """
    given = CoverageOptions(**options)
    if given.runs and given.targets:
        raise InputError.at("--target", "runs are given, so nothing is run", fix="Leave --target out")
    covered = [one for one in _tally(given).covered() if not given.versions or one.version in given.versions]
    comparison = _compare(given, covered) if given.lock else None
    grown = _grow(given.write_lock, covered) if given.write_lock else None
    click.echo(
        _json(given, covered, comparison) if given.shown == "json" else "\n".join(_text(given, covered)).rstrip()
    )
    if given.shown == "text":
        for line in [*_lock_lines(given.lock, comparison), *_grown_lines(given.write_lock, grown)]:
            click.echo(line)
    if comparison is not None and comparison.lost:
        raise SystemExit(ExitStatus.FINDINGS)


def _tally(given: CoverageOptions) -> Tally:
    from conformance.engine.coverage import scenarios_of, tally  # noqa: PLC0415 - `--help` stays quick
    from conformance.findings.codec import read_run  # noqa: PLC0415 - as above

    if not given.runs:
        return _tally_suite(given)
    cases = []
    for path in given.runs:
        run = read_run(path)
        if not run.complete:
            click.echo(f"{display_path(path)}: the run was interrupted, this is what is there of it", err=True)
        cases += [case for case in run.cases if case.version in VERSIONS]
    return tally(cases, scenarios_of(cases))


def _tally_suite(given: CoverageOptions) -> Tally:
    """Runs every scenario of the suite in this process."""
    from conformance.base.clock import SystemClock  # noqa: PLC0415 - `--help` stays quick
    from conformance.engine.coverage import Tally  # noqa: PLC0415 - as above
    from conformance.engine.execute import execute  # noqa: PLC0415 - as above
    from conformance.engine.plan import plan  # noqa: PLC0415 - as above
    from conformance.engine.sighting import sight  # noqa: PLC0415 - as above
    from conformance.findings.model import Verdict  # noqa: PLC0415 - as above
    from conformance.scenario.load import find_scenario_files, load_scenarios  # noqa: PLC0415 - as above
    from conformance.scenario.select import Selection  # noqa: PLC0415 - as above

    tally, clock = Tally(), SystemClock()
    scenarios = load_scenarios(find_scenario_files(data_folder("scenarios")))
    for target in given.targets or _TARGETS:
        with _provider(target) as provider:
            for case in plan(scenarios, Selection(versions=given.versions, target=target)):
                result = execute(case, provider, clock)
                tally.add(case.version, sight(result, case.scenario))
                if result.verdict >= Verdict.FAIL:
                    click.echo(f"{target}: {case.id} does not conform; what it looked at counts", err=True)
                _progress(f"{target} {case.id}")
    _progress("")
    return tally


@contextmanager
def _provider(target: str) -> Iterator[TargetProvider]:
    if target == "cassettes":
        from conformance.targets.cassette import CassetteProvider  # noqa: PLC0415 - as needed

        yield CassetteProvider(data_folder("cassettes") / "documentation")
        return
    from conformance.targets.embedded import EmbeddedProvider  # noqa: PLC0415 - only this target needs a server

    provider = EmbeddedProvider()
    try:
        yield provider
    finally:
        provider.close()


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{text[:78]:78}\r", nl=False, err=True)


def _compare(given: CoverageOptions, covered: list[Covered]) -> Comparison:
    from conformance.engine.coverage_lock import compare, read_lock  # noqa: PLC0415 - as needed

    assert given.lock is not None  # noqa: S101 - the caller has looked
    return compare(read_lock(given.lock), covered, given.versions or VERSIONS)


def _grow(path: Path, covered: list[Covered]) -> int:
    """Writes the lock with what is new in it. Returns how many lines are new or stronger."""
    from conformance.engine.coverage_lock import grown, lock_text, read_lock  # noqa: PLC0415 - as needed

    before: Mapping[Key, str] = read_lock(path) if path.exists() else {}
    after = grown(before, covered)
    try:
        path.write_text(lock_text(after), encoding="utf-8")
    except OSError as error:
        raise InputError.at(display_path(path), f"cannot be written: {error.strerror or error}") from error
    return sum(before.get(key) != how for key, how in after.items())


def _text(given: CoverageOptions, covered: list[Covered]) -> Iterator[str]:
    for one in covered:
        yield f"{one.version:<22}{'asserted':>9}{'passed':>9}{'total':>8}{'covered':>9}"
        for figure in one.figures():
            share = f"{percent(figure)} %"
            yield f"  {figure.kind:<20}{figure.asserted:>9,}{figure.passed:>9,}{figure.total:>8,}{share:>9}"
            if given.missing:
                yield from (f"    {name}" for name in figure.missing)
        yield ""
    if not covered:
        yield "No case ran, so nothing is covered."


def percent(figure: Coverage) -> int:
    """How much of the total is covered in either way, rounded down."""
    return 100 * (figure.asserted + figure.passed) // figure.total


_SHOWN = 20


def _lock_lines(path: Path | None, comparison: Comparison | None) -> Iterator[str]:
    if path is None or comparison is None:
        return
    for (version, kind, name), how in comparison.lost:
        yield f"lost: {version} {kind.value}: {name} was {how}"
    if comparison.lost:
        yield f"{len(comparison.lost):,} of {display_path(path)} got lost. Cover them again; a name that is gone from"
        yield "the contract or the documentation is taken out of the file by hand, and the commit says why."
    else:
        yield f"Everything that {display_path(path)} holds is covered."
    for (version, kind, name), how in comparison.added[:_SHOWN]:
        yield f"new: {version} {kind.value}: {name} is {how}"
    if len(comparison.added) > _SHOWN:
        yield f"new: {len(comparison.added) - _SHOWN:,} more"
    if comparison.added:
        yield f"Add what is new: bwp-conformance coverage --write-lock {display_path(path)}"


def _grown_lines(path: Path | None, new: int | None) -> Iterator[str]:
    if path is not None:
        yield f"written: {display_path(path)}, {new or 0:,} new"


def _json(given: CoverageOptions, covered: list[Covered], comparison: Comparison | None) -> str:
    answer: dict[str, Any] = {
        "format": "bwp-conformance/coverage",
        "format_version": 1,
        "targets": [] if given.runs else list(given.targets or _TARGETS),
        "runs": [display_path(path) for path in given.runs],
        "versions": [{"version": one.version, "figures": [_figure(each) for each in one.figures()]} for one in covered],
    }
    if comparison is not None:
        answer["lock"] = {"lost": _entries(comparison.lost), "added": _entries(comparison.added)}
    return json.dumps(answer, indent=2)


def _figure(figure: Coverage) -> dict[str, Any]:
    return {
        "kind": figure.kind,
        "total": figure.total,
        "asserted": figure.asserted,
        "passed": figure.passed,
        "missing": list(figure.missing),
    }


def _entries(pairs: tuple[tuple[Key, str], ...]) -> list[dict[str, str]]:
    return [{"version": version, "kind": kind.value, "name": name, "how": how} for (version, kind, name), how in pairs]
