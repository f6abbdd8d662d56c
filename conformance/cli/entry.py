"""Where the process starts: finds the command, turns every exception into a message and an exit status."""

from __future__ import annotations

import importlib
import io
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from itertools import takewhile
from types import MappingProxyType
from typing import NoReturn

import click

from conformance import __version__
from conformance.base.errors import ConformanceError, ExitStatus, InputError, InternalError

PROGRAM = "bwp-conformance"
INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells know it (128 + SIGINT)."""
READER_GONE = 141
"""The exit status when whoever reads our output stopped reading (128 + SIGPIPE)."""

_COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "coverage": "Show what the suite, or a run, covers.",
        "judge": "Judge recorded exchanges, a request with its answer, or events.",
        "record": "Record what a target answers, as cassettes.",
        "report": "Make a report of a run.",
        "run": "Run scenarios and judge every answer.",
        "sandbox": "Serve a Buy with Prime sandbox on this machine.",
        "scenarios": "List, show and check scenarios.",
        "selftest": "Prove that every check catches what it claims to catch.",
        "schema": "Read the contracts and the evidence that they stand on.",
    }
)
"""Name to the line that `--help` shows. Command `x` is the object `x` of the module `conformance.cli.x`."""


class _Commands(click.Group):
    """The commands, none of them imported before it is called: `--help` takes as long as its own imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(importlib.import_module(f"conformance.cli.{cmd_name}"), cmd_name)
        if not isinstance(command, click.Command):
            raise InternalError(f"conformance.cli.{cmd_name} has no command {cmd_name}")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
    epilog="Exit status: 0 clean, 1 findings, 2 bad input, 3 target unreachable, 4 a bug of this suite.",
)
@click.version_option(__version__, prog_name=PROGRAM)
@click.option("--debug", is_flag=True, help="Show the traceback of a bug.")
def commands(debug: bool) -> None:
    """Conformance tests for the Buy with Prime GraphQL API."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line, by default that of this process, and ends the process with its exit status."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Runs a command line. Returns the exit status; messages are on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may not know every character
    try:
        status = _status(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
        return READER_GONE
    return status


def _status(arguments: Sequence[str]) -> int:
    try:
        with commands.make_context(PROGRAM, list(arguments)) as context:
            commands.invoke(context)
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    except KeyboardInterrupt:
        return _tell(click.Abort(), arguments)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, the user sees no traceback
        return _tell(error, arguments)
    return ExitStatus.CLEAN


def _tell(error: Exception, arguments: Sequence[str]) -> int:
    """Shows an exception on standard error. Returns the exit status that it means."""
    status: int = ExitStatus.BUG
    if isinstance(error, click.exceptions.Exit):
        status = error.exit_code
    elif isinstance(error, click.ClickException):
        error.show()
        status = ExitStatus.BAD_INPUT
    elif isinstance(error, click.Abort):
        click.echo("\ninterrupted: what was written so far is not a whole result", err=True)
        status = INTERRUPTED
    elif isinstance(error, ConformanceError) and error.exit_status is not ExitStatus.BUG:
        _tell_trouble(error)
        status = error.exit_status
    elif _wants_traceback(arguments):
        traceback.print_exception(error)
    else:
        text = " ".join(str(error).split())
        click.echo(f"This is a bug of the suite: {type(error).__name__}: {text[:500]}", err=True)
        click.echo(f"Run it again as `{PROGRAM} --debug …` and report the traceback.", err=True)
    return status


def _tell_trouble(error: ConformanceError) -> None:
    if not isinstance(error, InputError):
        click.echo(f"error: {error}", err=True)
        return
    for problem in error.problems:
        click.echo(str(problem), err=True)
    if error.hint:
        click.echo(error.hint, err=True)


def _wants_traceback(arguments: Sequence[str]) -> bool:
    """Told from the arguments, because an exception may come before they are parsed."""
    return "--debug" in takewhile(lambda argument: argument.startswith("-"), arguments)


def _close_stdout() -> None:
    """Lets the interpreter flush into nothing when it ends, instead of complaining."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
