"""JSON paths: a tuple of keys and indexes, and its text form.

`("data", "createOrder", "order", "lineItems", 0, "id")` is written `data.createOrder.order.lineItems[0].id`.
"""

from __future__ import annotations

import re
from typing import TypeAlias

JsonPath: TypeAlias = tuple[str | int, ...]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_PART = re.compile(r'\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]')


def format_path(path: JsonPath) -> str:
    """The text form of a path. A key that is no plain name is quoted: `data["a.b"]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _NAME.match(part):
            text += f".{part}" if text else part
        else:
            escaped = part.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{escaped}"]'
    return text


def parse_path(text: str) -> JsonPath:
    """The path that `format_path` wrote. Raises ValueError on anything else."""
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if match is None or match.end() == at:
            raise ValueError(f"not a path at character {at + 1}: {text!r}")
        name, index, quoted = match.groups()
        if index is not None:
            parts.append(int(index))
        elif quoted is not None:
            parts.append(re.sub(r"\\(.)", r"\1", quoted))
        else:
            parts.append(name)
        at = match.end()
    return tuple(parts)
