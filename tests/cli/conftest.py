"""Calls the command line as a user does, in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from conformance.cli.entry import run


@dataclass(frozen=True, slots=True)
class Called:
    """How a call came out."""

    status: int
    out: str
    err: str


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., Called]:
    """Runs a command line; whatever it is, no traceback may show."""

    def run_command(*arguments: object) -> Called:
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Called(int(status), captured.out, captured.err)

    return run_command
