"""The page of the sandbox: its calls are made, against a sandbox of this process, and answer what it shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from conformance.sandbox.serving import bounds, execution, parameters
from conformance.sandbox.serving.http import BODY_DEADLINE_S, MAX_BODY_BYTES
from conformance.sandbox.serving.server import SandboxServer
from tests.docs.pages import Block, read_page

PAGE = read_page("docs/sandbox.md")
CALLS = [block for block in PAGE.blocks if block.language == "sh" and "8808/" in block.text]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with SandboxServer() as server:
        yield server.address


def _shown(block: Block) -> str:
    """What the page says that the calls of a block print."""
    return next(other.text for other in PAGE.blocks if other.line > block.line)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize("block", CALLS, ids=str)
def test_a_call_answers_what_the_page_shows(block: Block, address: str) -> None:
    lines = [line.replace("http://127.0.0.1:8808", address) for line, _ in block.commands()]
    script = "\n".join(f"{line}; echo" if line.startswith("curl") else line for line in lines)
    printed = subprocess.run(  # noqa: S603 - the page's own commands
        ["bash", "-ec", script],  # noqa: S607 - as above
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    wanted = _shown(block).splitlines()
    assert len(printed.splitlines()) == len(wanted)
    for line, pattern in zip(printed.splitlines(), wanted, strict=True):
        assert re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), line), (line, pattern)


def test_the_bounds_of_the_page_are_those_of_the_sandbox() -> None:
    assert len(CALLS) == 3
    text = " ".join(PAGE.prose.split())
    for number, what in (
        (bounds.MAX_TOKENS, "tokens"),
        (bounds.MAX_DEFINITIONS, "definitions"),
        (bounds.MAX_DEPTH, "levels"),
        (bounds.MAX_FIELDS, "fields"),
        (bounds.MAX_ROOT_FIELDS, "of them at its root"),
        (parameters.MAX_PARTS, "values"),
        (bounds.MAX_ANSWER_FIELDS, "fields"),
    ):
        assert f"{number:,} {what}" in text
    assert (execution.MAX_ERRORS, MAX_BODY_BYTES, BODY_DEADLINE_S) == (5, 1024 * 1024, 20)
    assert "At most five faults" in text
    assert "more than 1 MiB, or slower than 20 s" in text
