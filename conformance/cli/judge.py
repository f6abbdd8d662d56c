"""`bwp-conformance judge`: judge recorded exchanges, one call, or events."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from conformance.base.versions import VERSIONS

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--operation", type=_FILE, help="A GraphQL document, or a JSON request body.")
@click.option("--response", type=_FILE, help="The answer to it, a JSON file. Without it only the request is judged.")
@click.option("--variables", type=_FILE, help="The variables of the operation, a JSON file.")
@click.option("--operation-name", metavar="NAME", help="Which operation of the document was meant.")
@click.option("--status", type=click.IntRange(100, 599), help="The HTTP status of the answer. [default: not judged]")
@click.option("--content-type", metavar="TYPE", help="The Content-Type of the answer. [default: not judged]")
@click.option("--event", "events", multiple=True, type=_FILE, help="An event, a JSON file; repeatable.")
@click.option(
    "--version",
    type=click.Choice(VERSIONS),
    help="The API version to judge against. [default: what x-api-version asks for, else the newest]",
)
@click.option("--schema", type=_FILE, help="Judge against this SDL instead of a version of the suite's.")
@click.option(
    "--format", "shown", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Print to this file.")
@click.option("--all", "everything", is_flag=True, help="Show every finding as text, not only the first ones.")
@click.option(
    "--fail-on",
    type=click.Choice(["WARN", "FAIL"], case_sensitive=False),
    default="FAIL",
    show_default=True,
    help="From which verdict on the exit status is 1.",
)
def judge(files: Sequence[Path], events: Sequence[Path], **options: Any) -> None:
    """Judge FILES of recorded traffic: vcrpy cassettes, HAR files, NDJSON streams (.gz too).

    They are told apart by their content; - is standard input. Or one call: --operation with --response. Or events:
    --event. Exit status: 0 clean, 1 findings, 2 bad input (the rest is judged all the same), 4 a bug of the suite.
    """
    _check_usage(files, events, options)
    from conformance.cli.judge_call import CallFiles  # noqa: PLC0415 - loads the judge, which `--help` does not need
    from conformance.cli.judge_run import JudgeOptions, run_judge  # noqa: PLC0415 - as above

    call = None
    if options["operation"] is not None:
        names = ("operation", "response", "variables", "operation_name", "status", "content_type")
        call = CallFiles(**{name: options[name] for name in names})
    raise SystemExit(
        run_judge(
            JudgeOptions(
                files=tuple(files),
                events=tuple(events),
                call=call,
                version=options["version"],
                schema=options["schema"],
                as_json=options["shown"] == "json",
                output=options["output"],
                everything=options["everything"],
                fail_on=options["fail_on"].upper(),
            )
        )
    )


def _check_usage(files: Sequence[Path], events: Sequence[Path], options: dict[str, Any]) -> None:
    if options["operation"] is None:
        for name in ("response", "variables", "operation_name", "status", "content_type"):
            if options[name] is not None:
                raise click.UsageError(f"--{name.replace('_', '-')} needs --operation")
        if not files and not events:
            raise click.UsageError("nothing to judge: give FILES, or --operation with --response, or --event")
    if options["response"] is None and (options["status"] is not None or options["content_type"] is not None):
        raise click.UsageError("--status and --content-type need --response")
    if options["version"] is not None and options["schema"] is not None:
        raise click.UsageError("--version and --schema exclude each other")
