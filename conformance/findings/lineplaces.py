"""Where a value stands in a JSON text of one line."""

from __future__ import annotations

import json
import re

from conformance.base.paths import JsonPath

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def place_of(text: str, path: JsonPath) -> int:
    """The column, from 1, of the value at `path`, or of its nearest ancestor in the text. The text must be JSON."""
    best, best_depth = 1, -1
    here: list[str | int] = []
    key: str | None = None
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token == ",":
            if here and isinstance(here[-1], int):
                here[-1] += 1
            continue
        if token in "}]":
            if here:
                here.pop()
            continue
        if token == ":":
            if here and key is not None:
                here[-1] = key
            continue
        depth = len(here)
        if depth > best_depth and tuple(here) == path[:depth] and not _is_key(text, match.end()):
            best, best_depth = match.start() + 1, depth
            if depth == len(path):
                break
        if token == "[":
            here.append(0)
        elif token == "{":
            here.append("")
        elif token.startswith('"') and _is_key(text, match.end()):
            key = json.loads(token)
    return best


def _is_key(text: str, at: int) -> bool:
    return text[at : at + 20].lstrip()[:1] == ":"
