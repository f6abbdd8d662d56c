"""YAML from strangers: plain values only, each with its position, within caps.

Read as the YAML 1.2 core schema: `yes` and `NO` are strings, dates are strings, so `2024-11-01` is the version it is.
Object tags, duplicate keys, non-string keys and more nesting, aliases or bytes than the caps allow are problems of
the file, all reported at once.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from conformance.base.data import display_path
from conformance.base.errors import InputError, Problem, SourcePosition
from conformance.base.jsonio import decode_utf8
from conformance.base.paths import JsonPath

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 100
MAX_NODES = 5_000_000
MAX_DIGITS = 1000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq", "binary")}


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A document's value and where each part of it stands. Positions are kept only when asked for."""

    file: str
    value: Any
    positions: dict[JsonPath, tuple[int, int]]
    text: str = ""

    def position(self, path: JsonPath) -> SourcePosition:
        """The place of the value at `path`, or of its nearest known ancestor."""
        while path and path not in self.positions:
            path = path[:-1]
        line, column = self.positions.get(path, (1, 1))
        return SourcePosition(self.file, line, column)

    def position_within(self, path: JsonPath, line: int, column: int) -> SourcePosition:
        """The place of a line and column of the block text at `path`; for text in another style, where it begins."""
        start = self.position(path)
        content = self.value
        for part in path:
            content = content[part]
        lines = str(content).splitlines()
        source = self.text.splitlines()
        wanted = lines[line - 1] if 0 < line <= len(lines) else ""
        row = start.line + line  # a block text begins on the line below its key
        if row > len(source) or wanted not in source[row - 1]:
            return start
        return SourcePosition(self.file, row, source[row - 1].index(wanted) + column if wanted else column)


@dataclass
class _Frame:
    """A mapping or sequence under construction."""

    container: dict[str, Any] | list[Any]
    path: JsonPath
    anchor: str | None
    size_before: int
    key: str | None = None
    key_mark: tuple[int, int] | None = None
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)


def load_yaml_file(path: Path, *, positions: bool = True) -> YamlDocument:
    """Reads a file. Raises InputError with every problem found."""
    name = display_path(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError.at(name, f"the file has {size:,} bytes", expected=f"at most {MAX_BYTES:,}")
        content = path.read_bytes()
    except OSError as error:
        raise InputError.at(name, f"cannot be read: {error.strerror or error}") from error
    return load_yaml(content, name, positions=positions)


def load_yaml(content: bytes | str, file: str, *, positions: bool = True) -> YamlDocument:
    """Reads one document. Raises InputError with every problem found; a syntax error ends the search."""
    text = decode_utf8(content, file) if isinstance(content, bytes) else content
    builder = _Builder(file, keep_positions=positions)
    try:
        for event in _events(text):
            if not builder.feed(event):
                break
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        builder.problem((mark.line + 1, mark.column + 1) if mark else (1, 1), str(error.problem or error.context))
    except yaml.YAMLError as error:
        builder.problem((1, 1), " ".join(str(error).split()))
    except RecursionError:
        builder.problem((1, 1), "nested too deeply", f"at most {MAX_DEPTH} levels")
    if builder.problems:
        raise InputError(builder.problems)
    return YamlDocument(file, builder.root, builder.positions, text if positions else "")


def _events(content: str) -> Iterator[Any]:
    yield from yaml.parse(content, Loader=_Loader)


class _Builder:
    """Builds plain values from parser events, without recursion."""

    def __init__(self, file: str, *, keep_positions: bool) -> None:
        self.file = file
        self.keep_positions = keep_positions
        self.problems: list[Problem] = []
        self.positions: dict[JsonPath, tuple[int, int]] = {}
        self.root: Any = None
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0
        self._documents = 0

    def problem(self, mark: tuple[int, int], message: str, expected: str = "", fix: str = "") -> None:
        self.problems.append(Problem(SourcePosition(self.file, *mark), message, expected, fix))

    def feed(self, event: Any) -> bool:
        """Takes one event. False: stop reading, the document is over its caps."""
        if isinstance(event, yaml.ScalarEvent):
            mark = _mark(event)
            if self._key_wanted():
                self._take_key(event.value, mark)
            else:
                self._place(self._scalar(event, mark), mark, event.anchor, 1)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            return self._open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self.problem(_mark(event), "a second document begins", "one document a file")
                return False
        if self._nodes > MAX_NODES:
            self.problem(_mark(event), "too many values", f"at most {MAX_NODES:,}, aliases counted at their full size")
            return False
        return True

    def _key_wanted(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].container, dict) and self._stack[-1].key is None

    def _take_key(self, key: str, mark: tuple[int, int]) -> None:
        frame = self._stack[-1]
        if key in frame.seen:
            line, column = frame.seen[key]
            self.problem(mark, f"the key {key!r} stands twice, first at {line}:{column}", "each key once")
        frame.seen.setdefault(key, mark)
        frame.key, frame.key_mark = key, mark

    def _scalar(self, event: Any, mark: tuple[int, int]) -> Any:
        tag = event.tag
        if tag is not None and tag not in _PLAIN_TAGS and tag != "!":
            self.problem(mark, f"the tag {tag!r} makes an object", "plain values only", "Remove the tag")
            return None
        if tag == "tag:yaml.org,2002:binary":
            try:
                return base64.b64decode(event.value, validate=False)
            except binascii.Error:
                self.problem(mark, "the value of a !!binary tag is not base64")
                return None
        if tag is not None or not event.implicit[0]:
            return event.value
        return self._plain(event.value, mark)

    def _plain(self, text: str, mark: tuple[int, int]) -> Any:
        if text in _WORDS:
            return _WORDS[text]
        if _INT.match(text):
            if len(text) > MAX_DIGITS:
                self.problem(mark, f"a number of {len(text):,} digits", f"at most {MAX_DIGITS:,}")
                return None
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        return float(text) if _FLOAT.match(text) else text

    def _open(self, event: Any) -> bool:
        mark = _mark(event)
        if len(self._stack) >= MAX_DEPTH:
            self.problem(mark, "nested too deeply", f"at most {MAX_DEPTH} levels")
            return False
        if self._key_wanted():
            self.problem(mark, "a key that is a list or an object", "a plain text key")
            return False
        if event.tag is not None and event.tag not in _PLAIN_TAGS and event.tag != "!":
            self.problem(mark, f"the tag {event.tag!r} makes an object", "plain values only", "Remove the tag")
        path = self._next_path()
        container: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        before = self._nodes
        self._place(container, mark, None, 1)
        self._stack.append(_Frame(container, path, event.anchor, before))
        return True

    def _close(self) -> None:
        frame = self._stack.pop()
        if frame.anchor is not None:
            self._anchors[frame.anchor] = (frame.container, self._nodes - frame.size_before)

    def _alias(self, event: Any) -> bool:
        mark = _mark(event)
        if event.anchor not in self._anchors:
            self.problem(mark, f"the alias *{event.anchor} has no finished anchor before it")
            return False
        value, size = self._anchors[event.anchor]
        if self._key_wanted():
            self.problem(mark, "an alias as a key", "a plain text key")
            return False
        self._place(value, mark, None, size)
        if self._nodes > MAX_NODES:
            self.problem(mark, "too many values", f"at most {MAX_NODES:,}, aliases counted at their full size")
            return False
        return True

    def _next_path(self) -> JsonPath:
        if not self._stack or not self.keep_positions:
            return ()
        frame = self._stack[-1]
        if isinstance(frame.container, dict):
            return (*frame.path, frame.key or "")
        return (*frame.path, len(frame.container))

    def _place(self, value: Any, mark: tuple[int, int], anchor: str | None, size: int) -> None:
        self._nodes += size
        if self.keep_positions:
            self.positions[self._next_path()] = mark
        if anchor is not None:
            self._anchors[anchor] = (value, size)
        if not self._stack:
            self.root = value
            return
        frame = self._stack[-1]
        if isinstance(frame.container, dict):
            frame.container[frame.key or ""] = value
            frame.key = None
        else:
            frame.container.append(value)


def _mark(event: Any) -> tuple[int, int]:
    return (event.start_mark.line + 1, event.start_mark.column + 1)
