"""`bwp-conformance scenarios`: list the scenarios, check scenario files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from conformance.base.errors import InputError, Problem, SourcePosition


@click.group()
def scenarios() -> None:
    """List scenarios, or check scenario files of your own."""


@scenarios.command("list")
@click.option("--interface", "interfaces", multiple=True, help="Only this interface.")
@click.option("--profile", "profiles", multiple=True, help="Only scenarios of this profile.")
@click.option("--version", "versions", multiple=True, help="Only scenarios of this API version.")
@click.option("--format", "shown", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_scenarios(
    interfaces: tuple[str, ...], profiles: tuple[str, ...], versions: tuple[str, ...], shown: str
) -> None:
    """The scenarios that come with the suite, one a line."""
    from conformance.base.data import data_folder  # noqa: PLC0415 - `--help` stays quick
    from conformance.scenario.load import find_scenario_files, load_scenarios  # noqa: PLC0415 - as above
    from conformance.scenario.select import Selection  # noqa: PLC0415 - as above

    selection = Selection(versions=versions, interfaces=interfaces, profiles=profiles)
    found = load_scenarios(find_scenario_files(data_folder("scenarios")))
    chosen = [scenario for scenario in found if selection.takes(scenario) and selection.versions_of(scenario)]
    if shown == "json":
        entries = [
            {
                "scenario": s.id,
                "title": s.title,
                "interface": s.interface,
                "versions": s.versions,
                "profiles": s.profiles,
                "page": s.page,
                "example": s.example,
            }
            for s in chosen
        ]
        click.echo(
            json.dumps({"format": "bwp-conformance/scenarios", "format_version": 1, "scenarios": entries}, indent=2)
        )
        return
    width = max((len(scenario.id) for scenario in chosen), default=0)
    for scenario in chosen:
        click.echo(f"{scenario.id:{width}}  {' '.join(scenario.versions):10}  {scenario.title}")


@scenarios.command("validate")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def validate(files: tuple[Path, ...]) -> None:
    """Check scenario files, or folders of them: their shape, and every request against its contracts."""
    from conformance.engine.plan import check_case, plan  # noqa: PLC0415 - `--help` stays quick
    from conformance.scenario.load import find_scenario_files, load_scenarios  # noqa: PLC0415 - as above
    from conformance.scenario.select import Selection  # noqa: PLC0415 - as above

    paths = [path for file in files for path in (find_scenario_files(file) if file.is_dir() else [file])]
    cases = plan(load_scenarios(paths), Selection())
    problems = [
        Problem(
            finding.position or SourcePosition(str(case.scenario.file)),
            f"{case.version}: {finding.message}",
            finding.expected,
            finding.fix,
        )
        for case in cases
        for finding in check_case(case)
    ]
    if problems:
        raise InputError(problems)
    click.echo(f"{len(paths)} scenario files are valid: {len(cases)} cases")
