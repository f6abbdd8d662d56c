"""Reads NDJSON traffic: one exchange or one event a line, a file of any size in constant memory.

A line is `{"request": {"method", "url", "headers", "body"}, "response": {"status", "headers", "body"}, "started_at",
"elapsed_ms"}`, or `{"event": …, "headers": …}`, or an event as it was delivered. A body is a string, or a JSON value
standing for its own text; with `"base64": true` beside it, base64 text. Only `request` and `response` must be there;
the method is POST and the status 200 when left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, BinaryIO, TypeAlias

import msgspec

from conformance.base.errors import InputError, Problem, SourcePosition
from conformance.base.jsonio import load_json
from conformance.base.paths import JsonPath, format_path
from conformance.traffic.bodies import decode_base64, decode_content, header_pairs, is_graphql
from conformance.traffic.files import BUFFER_BYTES, open_traffic, traffic_name
from conformance.traffic.jsonscan import locate
from conformance.traffic.model import Event, Exchange, Headers, HttpRequest, HttpResponse
from conformance.traffic.stream import Fault, PassedOver, TrafficItem

MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_FAULTS = 10_000
"""A file that begins with so many faulty lines is given up."""

_EXPECTED = 'one exchange a line, {"request": {…, "body": …}, "response": {"status": …, "body": …}}, or {"event": {…}}'
_MAX_KNOWN_HEADERS = 4096

_Raws: TypeAlias = dict[str, msgspec.Raw]
_decode_raws = msgspec.json.Decoder(_Raws).decode
_decode_text = msgspec.json.Decoder(str).decode
_decode_any = msgspec.json.Decoder().decode
_decode_number = msgspec.json.Decoder(float | None).decode
_QUOTE, _NULL, _SPACE = b'"n '
_FIRST_VALUE = len('{"request":')


class _UsualRequest(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    method: str
    url: str
    headers: msgspec.Raw
    body: msgspec.Raw


class _UsualResponse(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    status: Annotated[int, msgspec.Meta(ge=100, le=599)]
    headers: msgspec.Raw
    body: msgspec.Raw


class _UsualLine(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A line as most recorders write it: every part there, nothing else. It is read in one go."""

    request: _UsualRequest
    response: _UsualResponse
    started_at: str | None = None
    elapsed_ms: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_decode_usual = msgspec.json.Decoder(_UsualLine).decode
_FRAME = '{"request":{"method":"","url":"","headers":,"body":},"response":{"status":200,"headers":,"body":}}'
_FRAME_BYTES, _FRAME_SEPARATORS = len(_FRAME), 15
_TIMES_BYTES, _TIMES_SEPARATORS = len(',"started_at":"","elapsed_ms":'), 4
"""What such a line has beside its values, and how many separators, behind each of which a writer may put a space."""


class _LineError(Exception):
    """A part of a line is not what belongs there."""

    def __init__(self, path: JsonPath, message: str, expected: str = "") -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.expected = expected


def read_ndjson(
    path: Path, *, on_bytes: Callable[[int], None] | None = None, max_line_bytes: int = MAX_LINE_BYTES
) -> Iterator[TrafficItem]:
    """The exchanges and events of a file, in its order; a faulty line is a `Fault`, and the lines after it are read.

    Blank lines are passed over, a gzip file is unpacked on the way. `on_bytes` is told what was read from the disk,
    about every mebibyte. Raises InputError when the file cannot be read, and when its first MAX_FAULTS lines are all
    faulty.
    """
    with open_traffic(path, on_bytes=on_bytes) as file:
        yield from ndjson_items(file, traffic_name(path), max_line_bytes=max_line_bytes)


def ndjson_items(file: BinaryIO, name: str, *, max_line_bytes: int = MAX_LINE_BYTES) -> Iterator[TrafficItem]:
    """As `read_ndjson`, from an open file called `name` in messages."""
    reader = _LineReader(name)
    faults = 0
    for index, (number, line) in enumerate(_lines(file, max_line_bytes)):
        if line is None:
            problem = Problem(
                SourcePosition(name, number, 1), f"a line of more than {max_line_bytes:,} bytes", "shorter lines"
            )
            item: TrafficItem = Fault(index, problem)
        else:
            item = reader.read(line, number, index)
        if type(item) is Fault:
            faults += 1
        yield item
        if index + 1 == faults == MAX_FAULTS:
            raise InputError.at(name, f"given up after {faults:,} faulty lines", line=number, expected=_EXPECTED)


def _lines(file: BinaryIO, max_line_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """Line numbers and lines without white space around them; blank ones left out, None for one that is too long."""
    number = 0
    while line := file.readline(max_line_bytes + 1):
        number += 1
        if len(line) > max_line_bytes and not line.endswith(b"\n"):
            while (rest := file.readline(BUFFER_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield number, None
            continue
        if stripped := (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip():
            yield number, stripped


class _LineReader:
    """Reads lines of one file; remembers the header objects that it has seen, which repeat from line to line."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._headers: dict[bytes, Headers] = {}

    def read(self, line: bytes, number: int, index: int) -> TrafficItem:
        try:
            usual = _decode_usual(line)
            if not _is_plain(line, usual):
                return self._read_unusual(line, number, index)
            request, response = usual.request, usual.response
            sent_headers = self._known_headers(request.headers, ("request",))
            sent = HttpRequest(request.method, request.url, sent_headers, _body(request.body))
            if not is_graphql(sent) and request.url:
                return PassedOver(index, request.url, SourcePosition(self._file, number, 1))
            return Exchange(
                sent,
                HttpResponse(
                    response.status,
                    self._known_headers(response.headers, ("response",)),
                    _body(response.body),
                ),
                index,
                usual.started_at or "",
                None if usual.elapsed_ms is msgspec.UNSET else _decode_number(usual.elapsed_ms),
                SourcePosition(self._file, number, 1),
            )
        except (_LineError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self._read_unusual(line, number, index)

    def _read_unusual(self, line: bytes, number: int, index: int) -> TrafficItem:
        """Reads a line of any form, and says what is wrong with it."""
        try:
            raws = _decode_raws(line)
            if _has_spare_bytes(line, raws):
                load_json(line, self._file, first_line=number)
            return self._item(line, raws, number, index)
        except _LineError as error:
            position = locate(line, error.path, first_line=number, file=self._file)
            return Fault(index, Problem(position, error.message, error.expected))
        except InputError as error:
            return Fault(index, error.problems[0])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            return Fault(index, self._explain(line, number, error))

    def _explain(self, line: bytes, number: int, error: Exception) -> Problem:
        """Why a line is no JSON object, with its place."""
        try:
            value = load_json(line, self._file, first_line=number)
        except InputError as strict:
            return strict.problems[0]
        except RecursionError:
            return Problem(SourcePosition(self._file, number, 1), "nested too deeply")
        what = str(error) if isinstance(value, dict) else "the line is no JSON object"
        return Problem(SourcePosition(self._file, number, 1), what, _EXPECTED)

    def _item(self, line: bytes, raws: _Raws, number: int, index: int) -> TrafficItem:
        position = SourcePosition(self._file, number, 1)
        request, response = raws.get("request"), raws.get("response")
        if request is not None and response is not None and "event" not in raws:
            sent = self._request(self._object(request, "request", line, number))
            if sent.url and not is_graphql(sent):
                return PassedOver(index, sent.url, position)
            return Exchange(
                request=sent,
                response=self._response(self._object(response, "response", line, number)),
                index=index,
                started_at=_string(raws, (), "started_at", ""),
                elapsed_ms=_number(raws, "elapsed_ms"),
                position=position,
            )
        if request is not None or response is not None:
            raise _missing("event" in raws, request is None)
        if "event" in raws:
            body = self._body(raws, (), "event", ())
            return Event(body, self._header_pairs(raws, ()), index, position)
        if "eventDescriptor" in raws or "detail-type" in raws:
            return Event(line, (), index, position)
        raise _LineError((), "the line is neither an exchange nor an event", _EXPECTED)

    def _object(self, raw: msgspec.Raw, key: str, line: bytes, number: int) -> _Raws:
        try:
            raws = _decode_raws(raw)
        except msgspec.ValidationError as error:
            raise _LineError((key,), f"{key} is no JSON object", "an object") from error
        if _has_spare_bytes(raw, raws):
            load_json(line, self._file, first_line=number)
        return raws

    def _request(self, raws: _Raws) -> HttpRequest:
        at = ("request",)
        headers = self._header_pairs(raws, at)
        body = self._body(raws, at, "body", headers)
        return HttpRequest(_string(raws, at, "method", "POST"), _string(raws, at, "url", ""), headers, body)

    def _response(self, raws: _Raws) -> HttpResponse:
        at = ("response",)
        headers = self._header_pairs(raws, at)
        status = _decode_any(raws["status"]) if "status" in raws else 200
        if type(status) is not int or not 100 <= status <= 599:
            raise _LineError((*at, "status"), "the status is no HTTP status code", "an integer from 100 to 599")
        return HttpResponse(status, headers, self._body(raws, at, "body", headers))

    def _header_pairs(self, raws: _Raws, at: JsonPath) -> Headers:
        raw = raws.get("headers")
        return () if raw is None else self._known_headers(raw, at)

    def _known_headers(self, raw: msgspec.Raw, at: JsonPath) -> Headers:
        content = bytes(raw)
        known = self._headers.get(content)
        if known is None:
            try:
                known = header_pairs(_decode_any(content))
            except ValueError as error:
                raise _LineError((*at, "headers"), str(error), "an object of strings") from error
            if len(self._headers) >= _MAX_KNOWN_HEADERS:
                self._headers.clear()
            self._headers[content] = known
        return known

    def _body(self, raws: _Raws, at: JsonPath, key: str, headers: Headers) -> bytes:
        raw = raws.get(key)
        if raw is None:
            return b""
        encoded = "base64" in raws and _decode_any(raws["base64"])
        if encoded not in (True, False, None):
            raise _LineError((*at, "base64"), "base64 is neither true nor false", "a boolean")
        if not encoded:
            return _body(raw)
        if memoryview(raw)[0] != _QUOTE:
            raise _LineError((*at, key), "base64 is announced, but the body is no string", "base64 text")
        try:
            return decode_content(decode_base64(_decode_text(raw)), headers)
        except ValueError as error:
            raise _LineError((*at, key), str(error)) from error


def _body(raw: msgspec.Raw) -> bytes:
    """The bytes that a body means: the text of a string, nothing for null, any other value as it stands."""
    first = memoryview(raw)[0]
    if first == _QUOTE:
        return _decode_text(raw).encode()
    return b"" if first == _NULL else bytes(raw)


def _is_plain(line: bytes, usual: _UsualLine) -> bool:
    """Has the line no more bytes than its parts need? Else a key may stand twice, which decoding would hide."""
    request, response = usual.request, usual.response
    spaces = line[_FIRST_VALUE] == _SPACE
    needed = _FRAME_BYTES + spaces * _FRAME_SEPARATORS
    needed += len(request.method) + len(request.url) + len(request.headers) + len(request.body)
    needed += len(response.headers) + len(response.body)
    if usual.started_at is not None and usual.elapsed_ms is not msgspec.UNSET:
        needed += _TIMES_BYTES + spaces * _TIMES_SEPARATORS + len(usual.started_at) + len(usual.elapsed_ms)
    return needed == len(line)


def _has_spare_bytes(content: bytes | msgspec.Raw, raws: _Raws) -> bool:
    """Has an object more bytes than its members need? Then a key may stand twice, which decoding would hide."""
    if not raws:
        return len(content) > len("{}")
    spaces = memoryview(content)[len(next(iter(raws))) + len('{"":')] == _SPACE
    needed = 1 + (4 + 2 * spaces) * len(raws) - spaces
    for key, value in raws.items():
        needed += len(key) + len(value)
    return needed != len(content)


def _string(raws: _Raws, at: JsonPath, key: str, default: str) -> str:
    raw = raws.get(key)
    if raw is None:
        return default
    value: Any = _decode_any(raw)
    if value is None:
        return default
    if not isinstance(value, str):
        raise _LineError((*at, key), f"{format_path((*at, key))} is no string", "a string")
    return value


def _number(raws: _Raws, key: str) -> float | None:
    raw = raws.get(key)
    value: Any = None if raw is None else _decode_any(raw)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _LineError((key,), f"{key} is no number", "milliseconds as a number")
    return float(value)


def _missing(has_event: bool, no_request: bool) -> _LineError:
    if has_event:
        return _LineError(("event",), "the line is an exchange and an event at once", _EXPECTED)
    which = "request" if no_request else "response"
    return _LineError((), f"the exchange has no {which}", _EXPECTED)
