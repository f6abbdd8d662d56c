"""JSON from strangers, strictly: UTF-8, no duplicate keys, no NaN, within caps; every message has line and column."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, NoReturn

from conformance.base.data import display_path
from conformance.base.errors import InputError

MAX_BYTES = 256 * 1024 * 1024
MAX_DEPTH = 200
_ROUNDS = 20

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
"""A string, or what begins one and never ends: were that no match, each quote in it would be tried again."""
_NOT_BRACKETS = re.compile(r"[^\[\]{}]+")
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


class _DuplicateKeyError(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def read_input(path: Path, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a user's file. Raises InputError when it is missing, unreadable or too large."""
    name = display_path(path)
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise InputError.at(name, f"the file has {size:,} bytes", expected=f"at most {max_bytes:,}")
        return path.read_bytes()
    except OSError as error:
        raise InputError.at(name, f"cannot be read: {error.strerror or error}") from error


def load_json(content: bytes | str, file: str, *, first_line: int = 1) -> Any:
    """The value of a JSON text. Raises InputError with the place of the first fault.

    `first_line` is the line of `file` that the text starts on, for texts inside a larger file.
    """
    text = decode_utf8(content, file, first_line=first_line) if isinstance(content, bytes) else content
    try:
        depth = _depth(text)
        if depth > MAX_DEPTH:
            raise InputError.at(
                file, f"nested {depth:,} levels deep", line=first_line, column=1, expected=f"at most {MAX_DEPTH}"
            )
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise InputError.at(
            file, f"not JSON: {error.msg}", line=error.lineno + first_line - 1, column=error.colno
        ) from error
    except _DuplicateKeyError as error:
        line, column = _second_place(text, error.key)
        raise InputError.at(
            file,
            f"the key {error.key!r} stands twice in one object",
            line=line + first_line - 1,
            column=column,
            expected="each key once",
        ) from error
    except ValueError as error:
        raise InputError.at(file, f"not JSON: {error}", line=first_line, column=1) from error


def decode_utf8(content: bytes, file: str, *, first_line: int = 1) -> str:
    """The text of UTF-8 bytes, a byte order mark removed. Raises InputError with the place of the first bad byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        raise InputError.at(
            file,
            f"not UTF-8 text: byte 0x{content[error.start]:02x}",
            line=before.count(b"\n") + first_line,
            column=error.start - (before.rfind(b"\n") + 1) + 1,
            fix="Save the file as UTF-8",
        ) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _DuplicateKeyError(key)
            seen.add(key)
    return result


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


def _depth(text: str) -> int:
    """How deep the brackets nest, 0 when too few to matter.

    Innermost pairs are taken away, round by round, which is quickest while nesting is shallow; what is left is counted.
    """
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return 0
    brackets = _NOT_BRACKETS.sub("", _STRING.sub("", text)).replace("{", "[").replace("}", "]")
    depth = 0
    while "[]" in brackets and depth < _ROUNDS:
        brackets = brackets.replace("[]", "")
        depth += 1
    return depth + max(accumulate(1 if bracket == "[" else -1 for bracket in brackets), default=0)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """The lexical pieces of a JSON text, each with where it begins."""
    for match in _PIECE.finditer(text):
        yield match.group(), match.start()


def _second_place(text: str, wanted: str) -> tuple[int, int]:
    """Line and column of the second `wanted` key of the first object that has it twice."""
    stack: list[set[str]] = []
    previous: tuple[str, int] | None = None
    for piece, start in _pieces(text):
        if piece in ("{", "["):
            stack.append(set())
        elif piece in ("}", "]") and stack:
            stack.pop()
        elif piece == ":" and previous is not None and stack:
            key = json.loads(previous[0])
            if key == wanted and key in stack[-1]:
                at = previous[1]
                return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
            stack[-1].add(key)
        previous = (piece, start)
    return 1, 1
