"""`bwp-conformance report`: make a report of a run."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.base.data import display_path
from conformance.base.errors import ExitStatus, InputError


@click.command()
@click.argument("run", metavar="RUN.jsonl", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format",
    "shown",
    type=click.Choice(["html", "junit", "text"]),
    default="html",
    show_default=True,
    help="What to make.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def report(run: Path, shown: str, output: Path | None) -> None:
    """Make a report of RUN.jsonl, the file that `run` writes. Without --output it goes to standard output.

    Exit status: 0 when the report was made, whatever it says; 2 when the file is no run, or only a part of one.
    """
    from conformance.findings.codec import read_run  # noqa: PLC0415 - `--help` needs no reports
    from conformance.reports import render  # noqa: PLC0415 - as above

    result = read_run(run)
    text = render(result, shown)
    if output is None:
        click.echo(text.rstrip())
    else:
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError.at(display_path(output), f"cannot be written: {error.strerror or error}") from error
        click.echo(f"written: {display_path(output)}", err=True)
    if not result.complete:
        click.echo(
            f"{display_path(run)}: the run was interrupted, its footer is missing; this is a part of it", err=True
        )
        raise SystemExit(ExitStatus.BAD_INPUT)
