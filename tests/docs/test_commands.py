"""Every command that a page shows is run: it ends with the status, and prints the lines, that the page gives."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.cli.entry import run
from tests.docs.pages import PAGES, ROOT, Block, excerpt_pattern, read_page

SETUP = {"command: run", "command: tests"}
"""The README's two commands. They make an environment of their own: `.ci/run` runs them, on a clean clone."""
NOT_RUN = [
    ("README.md", "git clone", "the address is where you found this page"),
    ("docs/ci.md", "git clone", "the address is where you found this page"),
    ("docs/ci.md", "bwp-conformance run --report allure", "needs Node and its registry"),
    ("docs/integrators.md", "curl", "needs credentials"),
    ("docs/sandbox.md", "bwp-conformance sandbox", "it serves until Ctrl-C"),
    ("docs/sandbox.md", "curl", "needs the sandbox of above"),
    ("docs/sandbox.md", "TOKEN=", "needs the sandbox of above"),
    ("docs/sandbox.md", "curl", "needs the sandbox of above"),
]
"""All that is marked `not run here`, in the order of the pages: the page, the first words, the reason given.
`test_sandbox_page` runs those of docs/sandbox.md."""

BLOCKS = [block for name in PAGES if name != "CONTRIBUTING.md" for block in read_page(name).blocks]
SHELL = [block for block in BLOCKS if block.language == "sh"]
RUN_HERE = [block for block in SHELL if block.note not in SETUP and not block.note.startswith("not run here")]


def excerpts_of(block: Block) -> list[Block]:
    """The `text` blocks that follow a block of commands: what its commands print."""
    after = BLOCKS[BLOCKS.index(block) + 1 :]
    found = []
    for other in after:
        if other.page != block.page or other.language != "text":
            break
        found.append(other)
    return found


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the files that the pages name, and the commands on the path."""
    for name in ("docs", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / name)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, arguments in (("bwp-conformance", "-m conformance"), ("pytest", "-m pytest"), ("python3", "")):
        script = tools / name
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {arguments} "$@"\n')
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:schemathesis -p no:hypothesispytest -p no:cacheprovider")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(checkout: Path, capfd: pytest.CaptureFixture[str]) -> Callable[[str], tuple[int, str]]:
    """Runs a command line as the shell does; a plain command of ours in this process, which is quicker."""

    def run_command(line: str) -> tuple[int, str]:
        words = shlex.split(line)
        is_plain = words[0] == "bwp-conformance" and words[1] != "run" and not set("|<>;&$`") & set(line)
        if is_plain:
            status = run(words[1:])
        else:
            status = subprocess.run(["bash", "-c", line], cwd=checkout, check=False, timeout=120).returncode  # noqa: S603, S607
        captured = capfd.readouterr()
        return status, captured.out + captured.err

    return run_command


@pytest.mark.parametrize("block", RUN_HERE, ids=str)
def test_a_command_does_what_the_page_says(block: Block, call: Callable[[str], tuple[int, str]]) -> None:
    output = ""
    for line, expected in block.commands():
        status, printed = call(line)
        assert status == expected, f"{line}\n{printed}"
        assert "Traceback" not in printed
        output += printed
    for excerpt in excerpts_of(block):
        assert excerpt_pattern(excerpt.text).search(output), f"{excerpt} is not in:\n{output}"


def test_few_commands_are_not_run() -> None:
    marked = [block for block in SHELL if block.note.startswith("not run here")]
    assert [(block.page, block.note) for block in marked] == [
        (page, f"not run here: {reason}") for page, _, reason in NOT_RUN
    ]
    assert all(block.text.startswith(words) for block, (_, words, _) in zip(marked, NOT_RUN, strict=True))


def test_the_readme_shows_the_two_commands_where_ci_looks_for_them() -> None:
    blocks = {block.note: block for block in read_page("README.md").blocks if block.note in SETUP}
    assert blocks.keys() == SETUP
    for block in blocks.values():
        assert block.language == "sh"
        assert block.text.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert blocks["command: run"].text.endswith(" && .venv/bin/bwp-conformance run")
    assert blocks["command: tests"].text.endswith(" && .venv/bin/python -m pytest -n auto")


def test_every_excerpt_belongs_to_commands_that_are_run() -> None:
    covered = {str(excerpt) for block in RUN_HERE for excerpt in excerpts_of(block)}
    assert covered == {str(block) for block in BLOCKS if block.language == "text"}


@pytest.mark.parametrize(
    ("excerpt", "is_shown"),
    [
        ("one", True),
        ("one\ntwo", True),
        ("one\nthree", False),
        ("one\n…\nthree", True),
        ("three\n…\none", False),
        ("t…e", True),
        ("o…e\n…", True),
        ("on", False),
    ],
)
def test_an_excerpt_is_found_line_by_line(excerpt: str, is_shown: bool) -> None:
    assert bool(excerpt_pattern(excerpt).search("zero\none\ntwo\nthree\n")) is is_shown
