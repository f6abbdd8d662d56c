"""JSON values as entries of one table in which every string, number and subtree stands once.

Reports repeat themselves: the same document in three versions, the same order in eight answers. An entry is a string, a
number, a boolean or null as it is, or a list: `[shape, entry…]` for an object whose keys are `shapes[shape]`,
`[-1, entry…]` for a list, `[-2, text]` for a number that a browser would write otherwise (`1.0`, `10.790`, 20 digits).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final, TypeAlias

Entry: TypeAlias = "str | int | float | bool | list[int] | None"

LIST: Final = -1
LITERAL: Final = -2
MAX_DEPTH: Final = 200
MAX_TEXT: Final = 20_000
"""Longer strings are cut, and say so."""

_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SAFE_INTEGER: Final = 2**53


class Table:
    """Collects values; `entries` and `shapes` are what a report embeds, `size` about how many characters they take."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.shapes: list[list[int]] = []
        self.size = 0
        self._known: dict[Any, int] = {}
        self._shapes: dict[tuple[int, ...], int] = {}

    def text(self, text: str) -> int:
        """The entry of a text that names or tells something; unlike a string of an answer it is always well-formed."""
        return self._string(well_formed(text))

    def _string(self, text: str) -> int:
        index = self._known.get(text)
        if index is None:
            shown = text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… (cut: {len(text):,} characters in all)"
            index = self._add(text, shown, len(shown) + 3)
        return index

    def value(self, value: Any, depth: int = 0) -> int:
        """The entry of a JSON value."""
        if isinstance(value, str):
            return self._string(value)
        if depth > MAX_DEPTH:
            return self._string("…")
        if isinstance(value, dict):
            shape = self._shape(tuple(self._string(str(key)) for key in value))
            return self._composite((shape, *(self.value(item, depth + 1) for item in value.values())))
        if isinstance(value, list | tuple):
            return self._composite((LIST, *(self.value(item, depth + 1) for item in value)))
        return self._scalar(value)

    def _scalar(self, value: Any) -> int:
        if value is None or isinstance(value, bool):
            return self._once(("constant", value), value)
        text = str(value) if isinstance(value, Decimal | int) else repr(value)
        if isinstance(value, int) and abs(value) < _SAFE_INTEGER:
            return self._once(("number", text), value)
        if isinstance(value, float) and _is_written_alike(text):
            return self._once(("number", text), value)
        if isinstance(value, int | float | Decimal):
            return self._composite((LITERAL, self._string(text)))
        return self._string(str(value))

    def _once(self, key: Any, entry: Entry) -> int:
        index = self._known.get(key)
        return self._add(key, entry, len(str(entry)) + 1) if index is None else index

    def _composite(self, parts: tuple[int, ...]) -> int:
        index = self._known.get(parts)
        return self._add(parts, list(parts), 6 * len(parts) + 2) if index is None else index

    def _shape(self, keys: tuple[int, ...]) -> int:
        index = self._shapes.get(keys)
        if index is None:
            index = self._shapes[keys] = len(self.shapes)
            self.shapes.append(list(keys))
            self.size += 6 * len(keys) + 2
        return index

    def _add(self, key: Any, entry: Entry, size: int) -> int:
        index = self._known[key] = len(self.entries)
        self.entries.append(entry)
        self.size += size
        return index


def well_formed(text: str) -> str:
    """The text with lone surrogates replaced: they can stand in no file and in no address."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def _is_written_alike(text: str) -> bool:
    """Does a browser write the float as Python does? So it is for plain decimals that are no whole numbers."""
    whole, point, fraction = text.lstrip("-").partition(".")
    return bool(point) and fraction.isdigit() and fraction != "0" and whole.isdigit()
