"""Exceptions become messages and exit statuses; commands are loaded when they are called."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from conformance import __version__
from conformance.base.errors import InputError, InternalError, Problem, SourcePosition, TargetError
from conformance.cli import entry

Call = Callable[..., Any]


def test_help_names_every_command_and_every_exit_status(call: Call) -> None:
    called = call("--help")
    assert called.status == 0
    for word in ("judge", "report", "run", "scenarios", "schema", "0 clean", "4 a bug"):
        assert word in called.out


def test_every_command_has_help(call: Call) -> None:
    for name in entry._COMMANDS:
        called = call(name, "--help")
        assert called.status == 0, name
        assert f"bwp-conformance {name}" in called.out


def test_version(call: Call) -> None:
    assert call("--version").out == f"bwp-conformance, version {__version__}\n"


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("judge", "--nonsense"), ("judge",), ("--nonsense",)])
def test_wrong_usage_is_status_2(call: Call, arguments: tuple[str, ...]) -> None:
    called = call(*arguments)
    assert called.status == 2
    assert "Usage: bwp-conformance" in called.err


def _raising(error: BaseException) -> click.Command:
    @click.command()
    def broken() -> None:
        raise error

    return broken


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (
            InputError(
                [Problem(SourcePosition("a.yaml", 3, 5), "wrong", "right"), Problem(SourcePosition("b"), "bad")]
            ),
            2,
            "a.yaml:3:5: wrong; expected right\nb: bad\n",
        ),
        (InputError([Problem(SourcePosition("a"), "wrong")], hint="Mend it"), 2, "a: wrong\nMend it\n"),
        (TargetError("nobody answers", hint="Start it"), 3, "error: nobody answers. Start it\n"),
        (InternalError("gone"), 4, "This is a bug of the suite: InternalError: gone\n"),
        (ZeroDivisionError("1/0\nx"), 4, "This is a bug of the suite: ZeroDivisionError: 1/0 x\n"),
        (RecursionError("deep"), 4, "This is a bug of the suite: RecursionError: deep\n"),
        (KeyboardInterrupt(), 130, "\ninterrupted: what was written so far is not a whole result\n"),
        (SystemExit(1), 1, ""),
        (SystemExit(None), 0, ""),
        (click.FileError("x", "gone"), 2, "Error: Could not open file 'x': gone\n"),
    ],
)
def test_exceptions_have_a_status_and_a_message(
    call: Call, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, message: str
) -> None:
    monkeypatch.setattr(entry._Commands, "get_command", lambda *_: _raising(error))
    called = call("judge")
    assert called.status == status
    assert called.err.startswith(message)
    assert called.out == ""


def test_debug_shows_the_traceback_of_a_bug(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry._Commands, "get_command", lambda *_: _raising(ZeroDivisionError("1/0")))
    assert entry.run(["--debug", "judge"]) == 4
    assert "Traceback" in capsys.readouterr().err


def _process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "conformance", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # noqa: S603


def test_help_loads_neither_graphql_nor_any_command() -> None:
    heavy = ("graphql", "msgspec", "yaml", "rich", "pytest")
    code = (
        "import sys; from conformance.cli.entry import run; run(['--help']);"
        f"print([name for name in sys.modules if name.split('.')[0] in {heavy}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.splitlines()[-1] == "[]"


def test_it_runs_as_a_module() -> None:
    assert _process("--version").stdout == f"bwp-conformance, version {__version__}\n"


def test_a_reader_that_is_gone_is_no_trouble() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "conformance", "schema", "list"]
    done = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, check=False)  # noqa: S603
    os.close(write_end)
    assert done.stderr == b""
    assert done.returncode == entry.READER_GONE


def test_a_terminal_that_knows_only_ascii_is_no_trouble() -> None:
    done = _process("schema", "evidence", "--all", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert done.stderr == ""


def hear_ctrl_c() -> None:
    """A test run in the background ignores SIGINT, and its children would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_says_that_the_result_is_not_whole(tmp_path: Path) -> None:
    pipe = tmp_path / "traffic.ndjson"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "conformance", "judge", str(pipe)]
    pipes = subprocess.PIPE
    process = subprocess.Popen(command, stdout=pipes, stderr=pipes, text=True, preexec_fn=hear_ctrl_c)  # noqa: S603, PLW1509
    with process, pipe.open("wb"):  # opens when the process reads, and keeps it waiting
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == entry.INTERRUPTED
    assert "interrupted" in err
    assert "Traceback" not in err
    assert out == ""
