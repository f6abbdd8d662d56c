"""`bwp-conformance record`: run scenarios against a target, and keep what it answered as cassettes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from conformance.base.data import data_folder, display_path
from conformance.base.errors import ExitStatus, InputError
from conformance.base.versions import VERSIONS

if TYPE_CHECKING:
    from conformance.scenario.select import Selection

_FIX: Final = "See `bwp-conformance scenarios list`"


@click.command()
@click.argument("select", nargs=-1)
@click.option("--target", type=click.Choice(["embedded"]), default="embedded", show_default=True, help="What answers.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder of the cassettes: <version>/<scenario>.yaml.",
)
@click.option(
    "--version", "versions", multiple=True, type=click.Choice([*VERSIONS, "all"]), help="Only this API version."
)
@click.option("--interface", "interfaces", multiple=True, help="Only this interface.")
@click.option("--profile", "profiles", multiple=True, help="Only scenarios of this profile.")
@click.option("--tag", "tags", multiple=True, help="Only scenarios with this tag.")
@click.option(
    "--scenarios", type=click.Path(path_type=Path, exists=True), help="Scenarios of your own, not the suite's."
)
def record(
    *,
    select: tuple[str, ...],
    target: str,  # noqa: ARG001 - the embedded sandbox is the only one so far
    output: Path,
    versions: tuple[str, ...],
    interfaces: tuple[str, ...],
    profiles: tuple[str, ...],
    tags: tuple[str, ...],
    scenarios: Path | None,
) -> None:
    """Record scenarios as cassettes for `run --cassettes`. SELECT are scenario ids, or patterns such as 'order.*'.

    A case that fails, or that is broken off, leaves the cassette that was there. Scenarios that cassettes cannot answer
    are left out. Exit status: 0 clean, 1 findings,
    2 bad input.
    """
    from conformance.scenario.select import Selection  # noqa: PLC0415 - `--help` stays quick

    chosen = tuple(version for version in versions if version != "all")
    # Flows that need more than answers, such as a shopper who returns something, name the targets that have it.
    selection = Selection(select, chosen, interfaces, profiles, tags, target="cassettes")
    raise SystemExit(_record(scenarios or data_folder("scenarios"), selection, output))


def _record(source: Path, selection: Selection, output: Path) -> int:
    """Records what is chosen. Returns the exit status; raises InputError when nothing can be recorded."""
    from conformance import __version__  # noqa: PLC0415 - `--help` stays quick
    from conformance.base.clock import SystemClock  # noqa: PLC0415 - as above
    from conformance.engine.execute import execute  # noqa: PLC0415 - as above
    from conformance.engine.plan import plan  # noqa: PLC0415 - as above
    from conformance.findings.model import Verdict  # noqa: PLC0415 - as above
    from conformance.recording.recorder import Recorder  # noqa: PLC0415 - as above
    from conformance.reports.text import case_lines  # noqa: PLC0415 - as above
    from conformance.scenario.load import find_scenario_files, load_scenarios  # noqa: PLC0415 - as above
    from conformance.targets.embedded import EmbeddedProvider  # noqa: PLC0415 - as above

    files = find_scenario_files(source) if source.is_dir() else [source]
    cases = plan(load_scenarios(files), selection)
    if not cases:
        raise InputError.at("the selection", "no scenario matches that cassettes can answer", fix=_FIX)
    clock = SystemClock()
    written = failed = 0
    with closing(EmbeddedProvider()) as provider:
        recorder = Recorder(provider, output, clock, __version__)
        for case in cases:
            result = execute(case, recorder, clock)
            if result.verdict >= Verdict.FAIL:
                failed += 1
                click.echo("\n".join(case_lines(result)))
            elif recorder.keep() is not None:
                written += 1
    click.echo(f"{written} of {len(cases)} cases recorded to {display_path(output)}; {failed} failed")
    return ExitStatus.FINDINGS if failed else ExitStatus.CLEAN
