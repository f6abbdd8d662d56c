"""Where a value stands in a JSON text of one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from conformance.base.paths import JsonPath

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_COLON = re.compile(r"\s*:")


def place_of(text: str, path: JsonPath) -> int:
    """The column, from 1, of the value at `path`, or of its nearest ancestor in the text. The text must be JSON."""
    best, best_depth = 1, -1
    for here, column in _values(text):
        depth = len(here)
        if depth > best_depth and here == path[:depth]:
            best, best_depth = column, depth
            if depth == len(path):
                break
    return best


def _values(text: str) -> Iterator[tuple[JsonPath, int]]:
    """Path and column of each value, containers before what they hold."""
    here: list[str | int] = []
    for match in _TOKEN.finditer(text):
        piece = match.group()
        if piece in "}]":
            del here[-1:]
        elif piece == ",":
            if here and isinstance(here[-1], int):
                here[-1] += 1
        elif piece[0] == '"' and _COLON.match(text, match.end()):
            here[-1:] = [json.loads(piece)]
        elif piece != ":":
            yield tuple(here), match.start() + 1
            if piece == "[":
                here.append(0)
            elif piece == "{":
                here.append("")
