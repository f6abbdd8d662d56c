"""Reads our Markdown pages: fenced blocks with what stands before them, links, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = (
    "README.md",
    "CONTRIBUTING.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)

_FENCE: Final = re.compile(r"(?P<indent> *)```(?P<language>\w*)\s*$")
_COMMENT: Final = re.compile(r"\s*<!-- (?P<text>.*) -->\s*$")
_LINK: Final = re.compile(r"\[(?:[^][]|\[[^]]*\])*\]\((?P<target>[^)\s]+)\)")
_HEADING: Final = re.compile(r"#{1,6} (?P<text>.+)$")
_STATUS: Final = re.compile(r"\s*# exit status (?P<status>\d+)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `note` is the text of an HTML comment right before it."""

    page: str
    line: int
    language: str
    text: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    def commands(self) -> tuple[tuple[str, int], ...]:
        """The command lines, and the exit status that the page gives each (0 where it says nothing)."""
        lines = self.text.replace("\\\n", "").splitlines()
        found = []
        for line in filter(str.strip, lines):
            status = _STATUS.search(line)
            found.append((_STATUS.sub("", line), int(status["status"]) if status else 0))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its fenced blocks, and its text without them."""

    name: str
    blocks: tuple[Block, ...]
    prose: str

    def anchors(self) -> frozenset[str]:
        """The anchors of the headings, as GitHub makes them."""
        headings = (match["text"] for line in self.prose.splitlines() if (match := _HEADING.match(line)))
        return frozenset(re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings)

    def links(self) -> Iterator[str]:
        """The targets of its links and pictures."""
        for match in _LINK.finditer(self.prose):
            yield match["target"]
            yield from (inner["target"] for inner in _LINK.finditer(match[0][1:]))


def read_page(name: str) -> Page:
    """Reads a page of the project, named from its root."""
    blocks: list[Block] = []
    prose: list[str] = []
    fence: re.Match[str] | None = None
    body: list[str] = []
    for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
        match = _FENCE.match(line)
        if fence is None:
            fence = match
            if match is None:
                prose.append(line)
        elif match and not match["language"]:
            comment = _COMMENT.match(prose[-1]) if prose else None
            note = comment["text"] if comment else ""
            text = "\n".join(part.removeprefix(fence["indent"]) for part in body)
            blocks.append(Block(name, number - len(body), fence["language"], text, note))
            prose.append("")  # a comment stands for the block right after it alone
            fence, body = None, []
        else:
            body.append(line)
    assert fence is None, f"{name}: a fenced block is not closed"
    return Page(name, tuple(blocks), "\n".join(prose))


def excerpt_pattern(excerpt: str) -> re.Pattern[str]:
    """Finds an excerpt in an output: `…` stands for anything on its line, on a line of its own for any lines."""
    parts = [r"(?:.*\n)*?" if line.strip() == "…" else _line_pattern(line) for line in excerpt.splitlines()]
    return re.compile("".join(parts), re.MULTILINE)


def _line_pattern(line: str) -> str:
    return "^" + ".*".join(re.escape(part) for part in line.rstrip().split("…")) + r"[ \t]*\n"
