"""Links lead somewhere, and the commands and options that pages name exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import click
import pytest

from conformance.cli.entry import commands
from conformance.pytest_plugin import pytest_addoption
from tests.docs.pages import PAGES, ROOT, Page, read_page

BORROWED = {"-k", "-m", "-n", "--junitxml", "--alluredir", "--continue-on-collection-errors"}
"""Options of pytest that the pages name."""
_INLINE = re.compile(r"`([^`]+)`")
_OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")
_OUR_CALL = re.compile(r"bwp-conformance ((?:(?![`|]|&&|bwp-conformance)[^\n])+)")


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> Page:
    return read_page(request.param)


def test_every_link_leads_somewhere(page: Page) -> None:
    for target in page.links():
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page.name).parent / path if path else ROOT / page.name
        assert file.exists(), f"{page.name}: {target}"
        assert ROOT in (file.resolve(), *file.resolve().parents), f"{page.name}: {target} leaves the project"
        if anchor:
            named = read_page(str(file.resolve().relative_to(ROOT)))
            assert anchor in named.anchors(), f"{page.name}: {target}"


def test_only_few_sites_are_linked(page: Page) -> None:
    hosts = {target.split("/")[2] for target in page.links() if target.startswith("https://")}
    assert hosts <= {"vcrpy.readthedocs.io"}


def test_every_command_and_option_that_is_named_exists(page: Page) -> None:
    everything = "\n".join((page.prose, *(block.text for block in page.blocks)))
    for call in _OUR_CALL.findall(everything):
        options = options_of(call.split())
        for option in _OPTION.findall(call):
            assert option in options, f"{page.name}: bwp-conformance {call}"
    known = set().union(*(names for _, names in all_commands())) | plugin_options() | BORROWED
    for code in _INLINE.findall(page.prose):
        words = code.split()
        if words[0] in commands.list_commands(click.Context(commands)) and len(words) > 1:
            options = options_of(words)
            unknown = [option for option in _OPTION.findall(code) if option not in options]
        else:
            unknown = [option for option in _OPTION.findall(code) if option not in known] if code[0] == "-" else []
        assert not unknown, f"{page.name}: {code}"


def options_of(words: list[str]) -> set[str]:
    """The options that these words of a command line may have; unknown commands fail the test."""
    command: click.Command = commands
    options = _own(command)
    context = click.Context(commands)
    for word in words:
        if not isinstance(command, click.Group):
            break
        if word.startswith("-") or word == "…":
            continue
        inner = command.get_command(context, word)
        assert inner is not None, f"there is no command {word}"
        command = inner
        options |= _own(command)
    return options


def all_commands() -> Iterator[tuple[str, set[str]]]:
    """Every command with its options, those within commands too."""
    context = click.Context(commands)
    for name in commands.list_commands(context):
        command = commands.get_command(context, name)
        assert command is not None
        yield name, _own(command)
        if isinstance(command, click.Group):
            for inner_name in command.list_commands(context):
                inner = command.get_command(context, inner_name)
                assert inner is not None
                yield f"{name} {inner_name}", _own(inner)


def _own(command: click.Command) -> set[str]:
    found = {"-h", "--help"}
    for parameter in command.params:
        found |= set(parameter.opts) | set(parameter.secondary_opts)
    return found


def plugin_options() -> set[str]:
    """The options that our pytest plugin adds."""
    names: set[str] = set()

    class Group:
        def addoption(self, name: str, **_: Any) -> None:
            names.add(name)

    class Parser:
        def getgroup(self, *_: str) -> Group:
            return Group()

    pytest_addoption(Parser())  # type: ignore[arg-type]
    return names


def test_the_readme_names_every_command_and_no_other() -> None:
    table = next(part for part in read_page("README.md").prose.split("\n\n") if part.startswith("| command"))
    named = {code for line in table.splitlines() for code in _INLINE.findall(line.split("|")[1])}
    groups = {name.split()[0] for name, _ in all_commands() if " " in name}
    assert named == {name for name, _ in all_commands() if name not in groups}
