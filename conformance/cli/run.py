"""`bwp-conformance run`: run scenarios against a target, judge the answers, write the reports."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance.base.data import data_folder, display_path
from conformance.base.errors import ExitStatus, InputError
from conformance.base.versions import VERSIONS
from conformance.reports import FILE_NAMES, FORMATS

if TYPE_CHECKING:
    from conformance.findings.model import RunResult

_REPORTS = (*FORMATS, "allure", "none")
_DEFAULT_REPORTS = ("html", "junit")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line asks for."""

    select: tuple[str, ...]
    target: str
    versions: tuple[str, ...]
    interfaces: tuple[str, ...]
    profiles: tuple[str, ...]
    tags: tuple[str, ...]
    processes: str
    scenarios: Path | None
    cassettes: Path | None
    waivers: Path | None
    reports: tuple[str, ...]
    output: Path
    shown: str

    @property
    def run_file(self) -> Path:
        return self.output / "run.jsonl"

    def pytest_arguments(self) -> list[str]:
        """The arguments of the pytest session, apart from any configuration of the working folder."""
        folder = self.scenarios or data_folder("scenarios")
        arguments = [
            str(folder),
            f"--rootdir={folder if folder.is_dir() else folder.parent}",
            f"-c{os.devnull}",
            "--noconftest",
        ]
        arguments += ["-pno:cacheprovider", "-pconformance.pytest_plugin", "--continue-on-collection-errors"]
        arguments += [f"--bwp-target={self.target}", f"--bwp-run={self.run_file}"]
        chosen = [version for version in self.versions if version != "all"]
        for name, values in (
            ("id", self.select),
            ("version", chosen),
            ("interface", self.interfaces),
            ("profile", self.profiles),
            ("tag", self.tags),
        ):
            arguments += [f"--bwp-{name}={value}" for value in values]
        if self.cassettes:
            arguments.append(f"--bwp-cassettes={self.cassettes}")
        if self.waivers:
            arguments.append(f"--bwp-waivers={self.waivers}")
        if self.processes != "0":
            arguments += ["-pxdist", f"-n{self.processes}"]
        if "allure" in self.reports:
            arguments += ["-pallure_pytest", f"--alluredir={self.output / 'allure-results'}", "--clean-alluredir"]
        return arguments


def _processes(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value != "auto" and not value.isdigit():
        raise click.BadParameter("a number, or auto")
    return value


@click.command()
@click.argument("select", nargs=-1)
@click.option(
    "--target",
    type=click.Choice(["cassettes", "embedded"]),
    default="cassettes",
    show_default=True,
    help="What answers: recordings, or the embedded sandbox.",
)
@click.option(
    "--version", "versions", multiple=True, type=click.Choice([*VERSIONS, "all"]), help="Only this API version."
)
@click.option("--interface", "interfaces", multiple=True, help="Only this interface.")
@click.option("--profile", "profiles", multiple=True, help="Only scenarios of this profile.")
@click.option("--tag", "tags", multiple=True, help="Only scenarios with this tag.")
@click.option("-n", "--processes", default="0", metavar="N", callback=_processes, help="Worker processes, or auto.")
@click.option(
    "--scenarios", type=click.Path(path_type=Path, exists=True), help="Scenarios of your own, not the suite's."
)
@click.option(
    "--cassettes", type=click.Path(path_type=Path, exists=True), help="Recordings of your own, not the suite's."
)
@click.option("--waivers", type=click.Path(path_type=Path), help="The ledger of waived findings.")
@click.option(
    "--report", "reports", multiple=True, type=click.Choice(_REPORTS), help="Reports to write. [default: html, junit]"
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports"),
    show_default=True,
    help="Folder of run.jsonl and the reports.",
)
@click.option(
    "--format", "shown", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
def run(**options: Any) -> None:
    """Run scenarios and judge every answer. SELECT are scenario ids, or patterns such as 'order.create.*'.

    Without options: every scenario in every version against the recorded cassettes. The run and its reports are written
    below reports/. Most options may be repeated. Exit status: 0 clean, 1 findings, 2 bad input, 3 target unreachable,
    4 a bug of the suite.
    """
    options["reports"] = options["reports"] or _DEFAULT_REPORTS
    raise SystemExit(run_scenarios(RunOptions(**options)))


def run_scenarios(options: RunOptions) -> int:
    """Runs the scenarios and writes the reports. Returns the exit status; raises InputError when nothing can be run."""
    from conformance.cli.run_session import run_session  # noqa: PLC0415 - pytest is loaded by this command alone
    from conformance.findings.codec import read_run  # noqa: PLC0415 - as above
    from conformance.findings.waivers import load_waivers  # noqa: PLC0415 - as above

    if options.waivers:
        load_waivers(options.waivers)
    try:
        options.output.mkdir(parents=True, exist_ok=True)
        options.run_file.unlink(missing_ok=True)
    except OSError as error:
        raise InputError.at(str(options.output), f"reports cannot be written here: {error.strerror}") from error
    session = run_session(options.pytest_arguments())
    for fault in session.faults:
        click.echo(fault, err=True)
    if not options.run_file.exists():
        return ExitStatus.BAD_INPUT if session.faults else ExitStatus.BUG
    result = read_run(options.run_file)
    if not result.cases and not session.faults and not session.interrupted:
        raise InputError.at("the selection", "no scenario matches", fix="See `bwp-conformance scenarios list`")
    written = _write_reports(options, result)
    if options.shown == "json":
        click.echo(json.dumps(_summary(result, written), indent=2))
    else:
        from conformance.reports.text import render_text  # noqa: PLC0415 - as above

        click.echo(render_text(result, color=_wants_color()).rstrip())
        click.echo(f"written: {', '.join(written)}")
    return session.exit_status(result)


def _write_reports(options: RunOptions, result: RunResult) -> list[str]:
    """Writes what was asked for. Returns the paths as messages show them."""
    from conformance.reports import render  # noqa: PLC0415 - Jinja2 and its kin are loaded by this command alone

    written = [display_path(options.run_file)]
    for name in options.reports:
        if name in FORMATS:
            path = options.output / FILE_NAMES[name]
            path.write_text(render(result, name), encoding="utf-8")
            written.append(display_path(path))
        elif name == "allure":
            written.append(display_path(options.output / "allure-results"))
    return written


def _summary(result: RunResult, written: list[str]) -> dict[str, Any]:
    return {
        "format": "bwp-conformance/run-summary",
        "format_version": 1,
        "run_id": result.run_id,
        "complete": result.complete,
        "verdict": result.verdict.name,
        "cases": len(result.cases),
        "counts": {verdict.name: count for verdict, count in result.counts().items() if count},
        "written": written,
    }


def _wants_color() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
