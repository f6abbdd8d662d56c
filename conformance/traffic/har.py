"""Reads HAR 1.2 files (http://www.softwareishard.com/blog/har-12-spec/) entry by entry, a file of any size in
constant memory.

The GraphQL calls are picked out; every other entry is a `PassedOver`. A HAR file shows bodies after content decoding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode

import msgspec

from conformance.base.errors import InputError, Problem, SourcePosition
from conformance.base.jsonio import load_json
from conformance.base.paths import JsonPath
from conformance.traffic.bodies import decode_base64, header_pairs, is_graphql
from conformance.traffic.files import open_traffic, traffic_name
from conformance.traffic.jsonscan import JsonScanner, locate
from conformance.traffic.model import Exchange, Headers, HttpRequest, HttpResponse
from conformance.traffic.stream import Fault, PassedOver, TrafficItem

_EXPECTED = 'a HAR 1.2 file: {"log": {"version": "1.2", "entries": […]}}'


class _Text(msgspec.Struct):
    text: str | None = None
    encoding: str | None = None
    mime_type: str | None = msgspec.field(name="mimeType", default=None)
    params: list[dict[str, Any]] | None = None


class _Request(msgspec.Struct):
    method: str
    url: str
    headers: list[dict[str, Any]] = []
    body: _Text | None = msgspec.field(name="postData", default=None)


class _Response(msgspec.Struct):
    status: int
    headers: list[dict[str, Any]] = []
    body: _Text | None = msgspec.field(name="content", default=None)


class _Entry(msgspec.Struct):
    request: msgspec.Raw
    response: msgspec.Raw
    started_at: str = msgspec.field(name="startedDateTime", default="")
    elapsed_ms: float | None = msgspec.field(name="time", default=None)


def read_har(path: Path, *, on_bytes: Callable[[int], None] | None = None) -> Iterator[TrafficItem]:
    """The entries of a file, in its order; a faulty entry is a `Fault`, and the entries after it are read.

    `on_bytes` is told what was read from the disk, about every mebibyte. Raises InputError when the file cannot be
    read or is no HAR file; a syntax error ends the reading where it stands.
    """
    with open_traffic(path, on_bytes=on_bytes) as file:
        yield from har_items(file, traffic_name(path))


def har_items(file: BinaryIO, name: str) -> Iterator[TrafficItem]:
    """As `read_har`, from an open file called `name` in messages."""
    scanner = JsonScanner(file, name)
    found = False
    if scanner.kind() != "[":
        for key in scanner.members():
            if key == "log" and scanner.kind() == "{":
                for member in scanner.members():
                    if member == "entries" and scanner.kind() == "[":
                        found = True
                        yield from _entries(scanner)
                    else:
                        scanner.take()
            else:
                scanner.take()
        scanner.finish()
    if scanner.problems:
        raise InputError(scanner.problems)
    if not found:
        raise InputError.at(name, "no list of entries in this file", line=1, column=1, expected=_EXPECTED)


def _entries(scanner: JsonScanner) -> Iterator[TrafficItem]:
    for index in scanner.items():
        scanner.kind()
        position = scanner.position()
        yield from _entry(scanner.take(), index, position)


def _entry(text: bytes, index: int, position: SourcePosition) -> Iterator[TrafficItem]:
    """The exchange of an entry, or its faults:

    one of the entry as a whole, or one each of its request and its answer.
    """
    problems: list[Problem] = []
    entry = _decode(text, _Entry, text, (), position, problems)
    if entry is not None:
        request = _decode(entry.request, _Request, text, ("request",), position, problems)
        response = _decode(entry.response, _Response, text, ("response",), position, problems)
        if request is not None and response is not None:
            try:
                item = _exchange(entry, request, response, index, position)
                if isinstance(item, Exchange) and _may_hide_keys(text):
                    load_json(text, position.file, first_line=position.line)
            except ValueError as error:
                problems.append(Problem(position, str(error), "an entry as HAR 1.2 describes it"))
            except InputError as error:
                problems += [_moved(problem, position) for problem in error.problems]
            else:
                yield item
    for problem in problems:
        yield Fault(index, problem)


def _decode(
    raw: bytes | msgspec.Raw,
    kind: type[Any],
    text: bytes,
    at: JsonPath,
    position: SourcePosition,
    problems: list[Problem],
) -> Any:
    """A part of an entry as a value of this kind; None, and a problem, when it is none."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        path = (*at, *(part for part in where.rstrip("`").strip(".").split(".") if part.isidentifier()))
        place = locate(text, path, first_line=position.line, first_column=position.column, file=position.file)
        problems.append(Problem(place, message, "an entry as HAR 1.2 describes it"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        problems.append(_not_json(text, position, error))
    return None


def _not_json(text: bytes, position: SourcePosition, error: Exception) -> Problem:
    """Why the text of an entry is no JSON, with its place."""
    try:
        load_json(text, position.file, first_line=position.line)
    except InputError as strict:
        return _moved(strict.problems[0], position)
    return Problem(position, str(error), "an entry as HAR 1.2 describes it")


def _moved(problem: Problem, start: SourcePosition) -> Problem:
    """A problem of an entry's text as one of the file: columns of its first line begin where the entry does."""
    if problem.position.line != start.line:
        return problem
    place = SourcePosition(start.file, start.line, problem.position.column + start.column - 1)
    return Problem(place, problem.message, problem.expected, problem.fix)


def _may_hide_keys(text: bytes) -> bool:
    """Does decoding lose members? Then a key stands twice somewhere."""
    return msgspec.json.encode(msgspec.json.decode(text)).count(b'":') != text.count(b'":')


def _exchange(
    entry: _Entry, request: _Request, response: _Response, index: int, position: SourcePosition
) -> Exchange | PassedOver:
    if response.status != 0 and not 100 <= response.status <= 599:
        raise ValueError(f"{response.status} is no HTTP status code")
    sent = HttpRequest(request.method, request.url, _headers(request.headers), _request_body(request))
    if not is_graphql(sent) or response.status == 0:  # 0: the browser gave up before an answer came
        return PassedOver(index, request.url, position)
    answer = HttpResponse(response.status, _headers(response.headers), _decoded(response.body))
    return Exchange(sent, answer, index, entry.started_at, entry.elapsed_ms, position)


def _headers(listed: list[dict[str, Any]]) -> Headers:
    """Without HTTP/2's pseudo headers, and without the content coding, which a HAR file has already undone."""
    pairs = header_pairs(listed)
    return tuple((name, value) for name, value in pairs if name[:1] != ":" and name.lower() != "content-encoding")


def _request_body(request: _Request) -> bytes:
    body = request.body
    if body is None:
        return b""
    if body.text is None and body.params:
        pairs = [(str(param.get("name", "")), str(param.get("value", ""))) for param in body.params]
        return urlencode(pairs).encode()
    return _decoded(body)


def _decoded(body: _Text | None) -> bytes:
    if body is None or body.text is None:
        return b""
    if (body.encoding or "").lower() == "base64":
        return decode_base64(body.text)
    return body.text.encode()
