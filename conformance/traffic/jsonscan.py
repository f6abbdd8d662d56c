"""Walks through a JSON text of any size, holding one value of it at a time; finds where in a text a path leads."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NoReturn, Protocol

from conformance.base.errors import InputError, Problem, SourcePosition
from conformance.base.jsonio import MAX_DEPTH
from conformance.base.paths import JsonPath

MAX_VALUE_BYTES = 64 * 1024 * 1024
_CHUNK = 1 << 20

_SPACE = re.compile(rb"[ \t\r\n]*+")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_TO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+([{}\[\]])', re.DOTALL)
_SCALAR = re.compile(rb"[^\s,\]}:{\[\"]++")


class ByteSource(Protocol):
    """Whatever bytes are read from."""

    def read(self, size: int, /) -> bytes: ...


class JsonScanner:
    """A cursor in a JSON text. Every value that is entered must be walked to its end.

    Only the structure on the way is checked: what `take` returns is one bracketed or scalar text that may still be no
    JSON. Raises InputError with line and column.
    """

    def __init__(self, source: ByteSource, file: str, *, max_value_bytes: int = MAX_VALUE_BYTES) -> None:
        self.file = file
        self.problems: list[Problem] = []
        """Keys that stand twice in an object walked with `members`."""
        self._source = source
        self._max_value_bytes = max_value_bytes
        self._buffer = b""
        self._at = 0
        self._dropped = 0
        self._finished = False
        self._line = 1
        self._characters = 0
        self._counted = 0
        if self._peek_bytes(3) == b"\xef\xbb\xbf":
            self._at = self._counted = 3

    @property
    def offset(self) -> int:
        """How many bytes of the text lie before the cursor."""
        return self._dropped + self._at

    def position(self) -> SourcePosition:
        """Line and column of the cursor; columns count characters."""
        self._count_lines()
        return SourcePosition(self.file, self._line, self._characters + 1)

    def kind(self) -> str:
        """The first character of the value under the cursor, white space before it passed over."""
        return self._next("a value")

    def members(self) -> Iterator[str]:
        """The keys of the object under the cursor; the caller takes or walks the value of each before the next."""
        self._expect("{")
        seen: set[str] = set()
        if self._next('a key or "}"') == "}":
            self._at += 1
            return
        while True:
            if self._next("a key") != '"':
                self._fail("a key in double quotes")
            position = self.position()
            key = self._key()
            if key in seen:
                message = f"the key {key!r} stands twice in one object"
                self.problems.append(Problem(position, message, "each key once"))
            seen.add(key)
            self._expect(":")
            yield key
            if self._closes("}"):
                return

    def items(self) -> Iterator[int]:
        """The indexes of the list under the cursor; the caller takes or walks each item before the next."""
        self._expect("[")
        if self._next('a value or "]"') == "]":
            self._at += 1
            return
        index = 0
        while True:
            yield index
            index += 1
            if self._closes("]"):
                return

    def take(self) -> bytes:
        """The text of the value under the cursor, which moves behind it."""
        self._next("a value")
        end = self._value_end()
        value = self._buffer[self._at : end]
        self._at = end
        return value

    def finish(self) -> None:
        """Demands that nothing but white space follows."""
        if self._skip_space():
            self._fail("the end of the text")

    def _closes(self, bracket: str) -> bool:
        found = self._next(f'"," or "{bracket}"')
        if found not in (",", bracket):
            self._fail(f'"," or "{bracket}"')
        self._at += 1
        return found == bracket

    def _key(self) -> str:
        end = self._value_end()
        text = self._buffer[self._at : end]
        try:
            key = json.loads(text)
        except ValueError:
            self._fail("a key that is a JSON string")
        self._at = end
        return str(key)

    def _value_end(self) -> int:
        """Where in the buffer the value at the cursor ends."""
        first = self._buffer[self._at : self._at + 1]
        if first in (b"{", b"["):
            return self._bracketed_end()
        pattern = _STRING if first == b'"' else _SCALAR
        while True:
            match = pattern.match(self._buffer, self._at)
            if match and (match.end() < len(self._buffer) or first == b'"'):
                return match.end()
            if not self._fill():
                if match:
                    return match.end()
                self._fail("the end of the string" if first == b'"' else "a value")

    def _bracketed_end(self) -> int:
        depth, scanned = 0, 0
        while True:
            match = _TO_BRACKET.match(self._buffer, self._at + scanned)
            if match is None:
                if not self._fill():
                    self._fail(
                        "a whole value", found=f"the value that begins here is cut off, {depth} brackets are open"
                    )
                continue
            scanned = match.end() - self._at
            depth += 1 if match[1] in b"{[" else -1
            if depth == 0:
                return match.end()
            if depth > MAX_DEPTH:
                self._fail(f"at most {MAX_DEPTH} levels", found="a value nested too deeply")

    def _expect(self, character: str) -> None:
        if self._next(f'"{character}"') != character:
            self._fail(f'"{character}"')
        self._at += 1

    def _next(self, expected: str) -> str:
        if not self._skip_space():
            self._fail(expected, found="the text ends here")
        return self._buffer[self._at : self._at + 1].decode("latin-1")

    def _skip_space(self) -> bool:
        """Moves to the next character that is not white space. False: there is none."""
        while True:
            match = _SPACE.match(self._buffer, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._buffer):
                return True
            if not self._fill():
                return False

    def _peek_bytes(self, count: int) -> bytes:
        while len(self._buffer) - self._at < count and self._fill():
            pass
        return self._buffer[self._at : self._at + count]

    def _fill(self) -> bool:
        """Drops what lies before the cursor and reads on, ever more, so that a long value is not scanned too often."""
        if self._finished:
            return False
        held = len(self._buffer) - self._at
        if held > self._max_value_bytes:
            self._fail(
                f"at most {self._max_value_bytes:,}", found=f"a value of more than {self._max_value_bytes:,} bytes"
            )
        chunk = self._source.read(max(_CHUNK, held))
        if not chunk:
            self._finished = True
            return False
        self._count_lines()
        self._dropped += self._at
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return True

    def _count_lines(self) -> None:
        """Brings the number of the line, and of the characters before the cursor in it, up to the cursor."""
        passed = self._buffer[self._counted - self._dropped : self._at]
        newlines = passed.count(b"\n")
        if newlines:
            self._line += newlines
            self._characters = 0
            passed = passed[passed.rfind(b"\n") + 1 :]
        self._characters += len(passed.decode("utf-8", "replace"))
        self._counted = self._dropped + self._at

    def _fail(self, expected: str, *, found: str = "") -> NoReturn:
        character = self._buffer[self._at : self._at + 1].decode("utf-8", "replace")
        message = f"not JSON: {found or (repr(character) if character else 'the text ends here')}"
        raise InputError([*self.problems, Problem(self.position(), message, expected)])


def locate(
    text: bytes, path: JsonPath, *, first_line: int = 1, first_column: int = 1, file: str = ""
) -> SourcePosition:
    """Where in a JSON text the value at `path` stands, or its nearest ancestor that is there.

    `first_line` and `first_column` are the place of the text in `file`. A text that is no JSON gives the place where
    it stops being so.
    """
    place = locate_all(text, (path,), file=file)[path]
    column = place.column + first_column - 1 if place.line == 1 else place.column
    return SourcePosition(file, place.line + first_line - 1, column)


def locate_all(text: bytes, paths: Iterable[JsonPath], *, file: str = "") -> Mapping[JsonPath, SourcePosition]:
    """As `locate` for many paths, in one walk through the text."""
    locator = _Locator(JsonScanner(io.BytesIO(text), file), paths)
    try:
        locator.walk()
    except InputError as error:
        return {path: locator.places.get(path, error.problems[-1].position) for path in locator.paths}
    return locator.places


class _Node:
    """A place that is looked for: the path that ends here, and the places below."""

    __slots__ = ("below", "path")

    def __init__(self) -> None:
        self.path: JsonPath | None = None
        self.below: dict[str | int, _Node] = {}


class _Locator:
    """Walks a text once, and notes the place of every path that is looked for."""

    def __init__(self, scanner: JsonScanner, paths: Iterable[JsonPath]) -> None:
        self.places: dict[JsonPath, SourcePosition] = {}
        self.paths = tuple(dict.fromkeys(paths))
        self._scanner = scanner
        self._root = _Node()
        for path in self.paths:
            node = self._root
            for part in path:
                node = node.below.setdefault(part, _Node())
            node.path = path

    def walk(self) -> None:
        """Fills `places`. Raises InputError where the text stops being JSON; what was found until then stays."""
        if self.paths:
            self._visit(self._root)

    def _visit(self, node: _Node) -> bool:
        """Walks the value under the cursor. True: every path has its place, and the walk may end."""
        scanner = self._scanner
        kind = scanner.kind()
        place = scanner.position()
        if node.path is not None:
            self.places[node.path] = place
            if len(self.places) == len(self.paths):
                return True
        below = dict(node.below)
        if below and kind in "{[":
            parts: Iterator[str | int] = scanner.members() if kind == "{" else scanner.items()
            for part in parts:
                inner = below.pop(part, None)
                if inner is None:
                    scanner.take()
                elif self._visit(inner):
                    return True
        else:
            scanner.take()
        # What is not there is told at the nearest ancestor that is.
        waiting = list(below.values())
        while waiting:
            missing = waiting.pop()
            if missing.path is not None:
                self.places[missing.path] = place
            waiting += missing.below.values()
        return len(self.places) == len(self.paths)
