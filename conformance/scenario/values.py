"""Values that refer to others (`{$input: name}`, `{$capture: name}`), and paths into answers (`lineItems[*].id`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.base.paths import JsonPath

_PART = re.compile(r'\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+|\*)\]|\["([^"]*)"\]')


def parse_pattern(text: str) -> tuple[str | int | None, ...]:
    """The parts of a path; None stands for `[*]`. Raises ValueError with the place of a fault."""
    parts: list[str | int | None] = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            raise ValueError(
                f"not a path at character {at + 1}: {text!r}; write it like order.lineItems[*].id or items[0]"
            )
        name, index, quoted = match.groups()
        if index is not None:
            parts.append(None if index == "*" else int(index))
        else:
            parts.append(name if name is not None else quoted)
        at = match.end()
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a path leads to. `found` is False when the path breaks off there: nothing stands at `path`."""

    path: JsonPath
    value: Any = None
    found: bool = True


def places(root: Any, pattern: str, prefix: JsonPath = ()) -> Iterator[Place]:
    """Every place that the path leads to, in order. A path that breaks off yields the place where it does."""
    yield from _places(root, parse_pattern(pattern), prefix)


def _places(value: Any, parts: tuple[str | int | None, ...], at: JsonPath) -> Iterator[Place]:
    if not parts:
        yield Place(at, value)
        return
    part, rest = parts[0], parts[1:]
    if part is None:
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _places(item, rest, (*at, index))
        else:
            yield Place(at, value, found=False)
    elif isinstance(part, int):
        if isinstance(value, list) and part < len(value):
            yield from _places(value[part], rest, (*at, part))
        else:
            yield Place((*at, part), found=False)
    elif isinstance(value, Mapping) and part in value:
        yield from _places(value[part], rest, (*at, part))
    else:
        yield Place((*at, part), found=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """What references resolve to: the inputs of the scenario and the captures of the steps so far."""

    inputs: Mapping[str, Any]
    captures: Mapping[str, Any]

    def with_captures(self, more: Mapping[str, Any]) -> Scope:
        """A new scope that knows more captures."""
        return Scope(self.inputs, {**self.captures, **more})

    def resolve(self, value: Any) -> Any:
        """The value with every reference replaced. Raises KeyError naming a reference that leads nowhere."""
        if isinstance(value, Mapping):
            if len(value) == 1:
                ((key, name),) = value.items()
                if key == "$input":
                    return self.inputs[name]
                if key == "$capture":
                    return self.captures[name]
            return {key: self.resolve(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.resolve(item) for item in value]
        return value


def references(value: Any, at: JsonPath = ()) -> Iterator[tuple[str, str, JsonPath]]:
    """Every reference in a value: its kind (`$input` or `$capture`), the name, and where it stands."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in ("$input", "$capture"):
                yield key, str(item), at
            else:
                yield from references(item, (*at, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from references(item, (*at, index))
