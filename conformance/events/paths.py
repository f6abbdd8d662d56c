"""Resource paths: `businessProduct/{id}` and then pairs of a type and an id, such as `order/{id}/refund/{id}`.

The grammar is documented in the tables of fields of the event pages (package_delivered and others).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ROOT: Final = "businessProduct"

_SPACE: Final = re.compile(r"[\s\x00-\x1f\x7f]")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_-]{0,39}")


@dataclass(frozen=True, slots=True)
class PathFault:
    """What is wrong with a path. `actual` holds no ids."""

    message: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class ResourcePath:
    """A path that keeps to the grammar: its pairs of type and id, in order."""

    pairs: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return "/".join(f"{word}/{value}" for word, value in self.pairs)

    @property
    def skeleton(self) -> str:
        """The types alone, for messages: ids may be nobody's business."""
        return "/".join(f"{_short(word)}/…" for word, _ in self.pairs)


@dataclass(frozen=True, slots=True)
class PathPattern:
    """The path of a kind of resource: `template` as events.yaml writes it, `pairs` of type and name of the id."""

    name: str
    template: str
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, name: str, template: str) -> PathPattern:
        """Reads a template. Raises ValueError when it is none."""
        parts = template.split("/")
        pairs = tuple(zip(parts[::2], (part.strip("{}") for part in parts[1::2]), strict=True))
        if pairs[0][0] != ROOT or any(not (part[0] == "{" and part[-1] == "}") for part in parts[1::2]):
            raise ValueError(f"{template!r} is no resource path of {ROOT}/{{id}} and pairs of type and {{id}}")
        return cls(name, template, pairs)


def parse_resource(text: str) -> ResourcePath | PathFault:
    """The path that a text writes, or what is wrong with it."""
    expected = f"{ROOT}/{{id}}, then pairs of a type and an id, parted by slashes"
    if not text:
        return PathFault("the resource path is empty", expected, "empty string")
    space = _SPACE.search(text)
    if space:
        return PathFault(f"the resource path has white space at character {space.start() + 1}", expected, "white space")
    parts = text.split("/")
    for index, part in enumerate(parts):
        if not part:
            return PathFault(_empty_part(index, parts), expected, "an empty segment")
    if parts[0] != ROOT:
        return PathFault(
            f"the resource path begins with {_short(parts[0])!r}, not with {ROOT!r}", expected, _short(parts[0])
        )
    if len(parts) % 2:
        last = _short(parts[-1])
        return PathFault(
            f"the resource path ends after the type {last!r}, without its id", expected, f"{len(parts)} segments"
        )
    return ResourcePath(tuple(zip(parts[::2], parts[1::2], strict=True)))


def match(path: ResourcePath, pattern: PathPattern) -> Mapping[str, str] | PathFault:
    """The ids of a path by the names that the pattern gives them, or where the path leaves the pattern."""
    for index, (word, _) in enumerate(pattern.pairs):
        if index >= len(path.pairs):
            rest = "/".join(f"{name}/{{{value}}}" for name, value in pattern.pairs[index:])
            return PathFault(f"the resource path ends before {rest}", pattern.template, path.skeleton)
        given = path.pairs[index][0]
        if given != word:
            message = f"the {_ordinal(index)} type of the resource path is {_short(given)!r}, not {word!r}"
            return PathFault(message, pattern.template, path.skeleton)
    if len(path.pairs) > len(pattern.pairs):
        extra = _short(path.pairs[len(pattern.pairs)][0])
        return PathFault(f"the resource path goes on with the type {extra!r}", pattern.template, path.skeleton)
    return {name: value for (_, name), (_, value) in zip(pattern.pairs, path.pairs, strict=True)}


def _empty_part(index: int, parts: list[str]) -> str:
    if index == 0:
        return "the resource path begins with a slash"
    if index == len(parts) - 1:
        return "the resource path ends with a slash"
    return f"the {_ordinal(index)} segment of the resource path is empty"


def _ordinal(index: int) -> str:
    number = index + 1
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _short(word: str) -> str:
    """A segment where a type belongs; what does not look like one may be an id out of place, and is not shown."""
    return word if _WORD.fullmatch(word) else "…"
