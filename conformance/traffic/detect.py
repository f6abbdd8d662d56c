"""What kind of traffic file this is, told by its content first and its name second, and one reader for all kinds."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

from conformance.base.errors import InputError
from conformance.base.jsonio import MAX_BYTES
from conformance.traffic.cassette import HEADER_KEY, parse_cassette
from conformance.traffic.files import open_traffic, peek_head, traffic_name
from conformance.traffic.har import har_items
from conformance.traffic.jsonscan import JsonScanner
from conformance.traffic.model import Exchange
from conformance.traffic.ndjson import ndjson_items
from conformance.traffic.stream import PassedOver, TrafficItem

TrafficFormat: TypeAlias = Literal["cassette", "har", "ndjson"]

_HEAD_BYTES = 1 << 18
_KEYS: dict[str, TrafficFormat] = {
    "log": "har",
    "interactions": "cassette",
    "http_interactions": "cassette",
    HEADER_KEY: "cassette",
    "request": "ndjson",
    "response": "ndjson",
    "event": "ndjson",
    "eventDescriptor": "ndjson",
    "detail-type": "ndjson",
}
_SUFFIXES: dict[str, TrafficFormat] = {
    ".yaml": "cassette",
    ".yml": "cassette",
    ".har": "har",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
_YAML_CASSETTE = re.compile(
    rb"^(?:(?:http_)?interactions|" + HEADER_KEY.encode() + rb")[ \t]*:|^- request:", re.MULTILINE
)
_OTHER_TEXTS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_EXPECTED = "a vcrpy cassette (YAML or JSON), a HAR file, or NDJSON with one exchange or event a line"
_EVENT_KEYS = frozenset({"eventDescriptor", "detail-type"})
_ONE_LINE = "Write each exchange on one line, as `jq -c .` does"
_HINTS = {
    "data": "This looks like a GraphQL answer: judge --operation FILE --response FILE",
    "errors": "This looks like a GraphQL answer: judge --operation FILE --response FILE",
    "query": "This looks like a GraphQL request: judge --operation FILE --response FILE",
}


def detect_format(path: Path) -> TrafficFormat:
    """The format of a file. Raises InputError when it is unreadable, empty, no UTF-8 text, or of no known format."""
    with open_traffic(path) as file:
        return _format_of(file.read(_HEAD_BYTES), path)


def read_traffic(path: Path, *, on_bytes: Callable[[int], None] | None = None) -> Iterator[TrafficItem]:
    """The pieces of a file of any known format, in its order. `-` is standard input; a pipe does as well.

    `on_bytes` is told what was read from the disk. Raises InputError when the file cannot be read; of NDJSON and HAR
    files the pieces before the fault come first.
    """
    name = traffic_name(path)
    with open_traffic(path, on_bytes=on_bytes) as opened:
        head, file = peek_head(opened, _HEAD_BYTES)
        known = _format_of(head, path)
        if known == "ndjson":
            yield from ndjson_items(file, name)
        elif known == "har":
            yield from har_items(file, name)
        else:
            yield from _cassette_items(file, name)


def _format_of(head: bytes, path: Path) -> TrafficFormat:
    """The format of a file that begins with these bytes."""
    name = traffic_name(path)
    if head.startswith(_OTHER_TEXTS):
        raise InputError.at(name, "UTF-16 or UTF-32 text", line=1, column=1, fix="Save the file as UTF-8")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise InputError.at(name, "the file is empty", line=1, column=1, expected=_EXPECTED)
    known, hint = _by_keys(text) if text[:1] == b"{" else (None, "")
    if known == "ndjson" and text.split(b"\n", 1)[0].strip() == b"{":
        is_event = not _EVENT_KEYS.isdisjoint(_first_keys(text))
        fix = "This looks like an event: judge --event FILE" if is_event else _ONE_LINE
        raise InputError.at(name, "one object over several lines", line=1, column=1, expected=_EXPECTED, fix=fix)
    if known is None and _YAML_CASSETTE.search(head):
        known = "cassette"
    known = known or _SUFFIXES.get(_suffix(path))
    if known is None:
        raise InputError.at(name, "no known format of traffic", line=1, column=1, expected=_EXPECTED, fix=hint)
    return known


def _by_keys(text: bytes) -> tuple[TrafficFormat | None, str]:
    """The format that the keys of the first object tell, or a hint what else the file may be."""
    hint = ""
    for key in _first_keys(text):
        if key in _KEYS:
            return _KEYS[key], ""
        hint = hint or _HINTS.get(key, "")
    return None, hint


def _cassette_items(file: BinaryIO, name: str) -> Iterator[TrafficItem]:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise InputError.at(name, "the cassette is too large", expected=f"at most {MAX_BYTES:,} bytes")
    cassette = parse_cassette(content, name)
    items: list[Exchange | PassedOver] = [*cassette.exchanges, *cassette.passed_over]
    yield from sorted(items, key=lambda item: item.index)


def _first_keys(head: bytes) -> Iterator[str]:
    """The keys of the object that a text begins with, as far as the text goes."""
    scanner = JsonScanner(io.BytesIO(head), "")
    try:
        for key in scanner.members():
            yield key
            scanner.take()
    except InputError:
        return  # the head of a file ends anywhere, and the reader of the format says what is wrong with it


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return suffixes[-1] if suffixes else ""
