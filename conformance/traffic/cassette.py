"""Reads vcrpy's cassettes (format version 1, YAML or JSON), strictly and without vcrpy: plain values only, every
fault at once with its place.

A cassette of this suite says in the key `conformance`, which vcrpy passes over, what it is:

```yaml
conformance: {origin: documentation, contract: "2024-11-01", recorded: "2025-01-15", suite: 0.1.0, note: …}
interactions:
- request: {method: POST, uri: https://…, headers: {content-type: [application/json]}, body: '{"query": …}'}
  response: {status: {code: 200, message: OK}, headers: {…}, body: {string: '{"data": …}'}}
version: 1
```
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.base.data import display_path
from conformance.base.errors import InputError, Problem, SourcePosition
from conformance.base.jsonio import MAX_BYTES, load_json, read_input
from conformance.base.paths import JsonPath
from conformance.base.versions import VERSIONS
from conformance.base.yamlio import load_yaml
from conformance.traffic.bodies import body_bytes, decode_content, header_pairs, is_graphql
from conformance.traffic.jsonscan import locate
from conformance.traffic.model import Exchange, Headers, HttpRequest, HttpResponse
from conformance.traffic.stream import PassedOver

ORIGINS = ("documentation", "embedded", "live")
"""Where the answers of a cassette may come from: a documented example, our sandbox, the real API."""

HEADER_KEY = "conformance"
_HEADER_KEYS = ("origin", "contract", "page", "example", "written", "recorded", "suite", "note")
_EXPECTED = "a vcrpy cassette, an object with a list 'interactions'"


@dataclass(frozen=True, slots=True)
class CassetteHeader:
    """What a cassette of this suite says about itself.

    `page` and `example` name what a cassette of origin `documentation` was `written` from, and when; `recorded` is the
    day of any other. `suite` is the version that recorded the file.
    """

    origin: str
    contract: str
    page: str = ""
    example: str = ""
    written: str = ""
    recorded: str = ""
    suite: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cassette:
    """A whole cassette.

    `header` is None when nobody says what it is; `passed_over` are its exchanges that are no GraphQL calls.
    """

    file: str
    header: CassetteHeader | None
    exchanges: tuple[Exchange, ...]
    passed_over: tuple[PassedOver, ...] = ()


def read_cassette(path: Path) -> Cassette:
    """The exchanges of a file, their bodies after content decoding. Raises InputError with every fault found."""
    return parse_cassette(read_input(path, max_bytes=MAX_BYTES), display_path(path))


def parse_cassette(content: bytes, file: str) -> Cassette:
    """As `read_cassette`, from the bytes of a file called `file` in messages."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        value = load_json(content, file)
        return _Reader(file, lambda path: locate(content, path, file=file)).read(value)
    document = load_yaml(content, file)
    return _Reader(file, document.position).read(document.value)


class _Reader:
    """Turns the value of a document into exchanges, and collects what is wrong with it."""

    def __init__(self, file: str, position: Callable[[JsonPath], SourcePosition]) -> None:
        self._file = file
        self._position = position
        self._problems: list[Problem] = []

    def read(self, value: Any) -> Cassette:
        interactions = self._interactions(value)
        header = self._header(value[HEADER_KEY]) if isinstance(value, dict) and HEADER_KEY in value else None
        exchanges: list[Exchange] = []
        passed_over: list[PassedOver] = []
        for index, interaction in enumerate(interactions):
            at: JsonPath = ("interactions", index)
            if not isinstance(interaction, dict):
                self._fault(at, "an interaction that is no object", "an object with request and response")
                continue
            request = self._request(interaction.get("request"), (*at, "request"))
            response = self._response(interaction.get("response"), (*at, "response"))
            if request is None or response is None:
                continue
            if is_graphql(request):
                exchanges.append(Exchange(request, response, index, position=self._position(at)))
            else:
                passed_over.append(PassedOver(index, request.url, self._position(at)))
        if self._problems:
            raise InputError(self._problems)
        return Cassette(self._file, header, tuple(exchanges), tuple(passed_over))

    def _fault(self, path: JsonPath, message: str, expected: str = "", fix: str = "") -> None:
        self._problems.append(Problem(self._position(path), message, expected, fix))

    def _interactions(self, value: Any) -> list[Any]:
        if isinstance(value, list) and value and isinstance(value[0], dict) and "request" in value[0]:
            self._fault((), "a cassette of vcrpy before 1.0", "format version 1", "Record it anew")
        elif isinstance(value, dict) and "http_interactions" in value:
            self._fault((), "a cassette of Ruby's VCR", _EXPECTED)
        elif not isinstance(value, dict) or not isinstance(value.get("interactions"), list):
            self._fault(("interactions",), "no list of interactions in this file", _EXPECTED)
        else:
            if value.get("version", 1) != 1:
                self._fault(("version",), f"cassette format version {value['version']!r}", "1")
            return list(value["interactions"])
        return []

    def _header(self, value: Any) -> CassetteHeader | None:
        at: JsonPath = (HEADER_KEY,)
        if not isinstance(value, dict):
            self._fault(at, "the header is no object", ", ".join(_HEADER_KEYS))
            return None
        texts: dict[str, str] = {}
        for key, text in value.items():
            if key not in _HEADER_KEYS:
                self._fault((*at, key), f"unknown key {key!r}", ", ".join(_HEADER_KEYS))
            elif not isinstance(text, str):
                self._fault((*at, key), f"{key} is no text", "text, in quotes if it looks like a number")
            else:
                texts[key] = text
        if texts.get("origin") not in ORIGINS:
            self._fault((*at, "origin"), f"unknown origin {texts.get('origin', '')!r}", " or ".join(ORIGINS))
        if texts.get("contract") not in VERSIONS:
            self._fault((*at, "contract"), f"unknown contract {texts.get('contract', '')!r}", " or ".join(VERSIONS))
        return CassetteHeader(**{"origin": "", "contract": "", **texts})

    def _request(self, value: Any, at: JsonPath) -> HttpRequest | None:
        if not isinstance(value, dict):
            self._fault(at, "the request is missing or no object", "an object with method, uri, headers, body")
            return None
        known = len(self._problems)
        method = self._text(value, "method", at)
        url = self._text(value, "uri", at)
        headers = self._headers(value, at)
        body = self._body(value.get("body"), headers, (*at, "body"))
        return HttpRequest(method, url, headers, body) if len(self._problems) == known else None

    def _response(self, value: Any, at: JsonPath) -> HttpResponse | None:
        if not isinstance(value, dict):
            self._fault(at, "the response is missing or no object", "an object with status, headers, body")
            return None
        known = len(self._problems)
        headers = self._headers(value, at)
        status = value.get("status")
        code = status.get("code") if isinstance(status, dict) else value.get("status_code", status)
        if isinstance(code, bool) or not isinstance(code, int) or not 100 <= code <= 599:
            self._fault((*at, "status", "code"), "the status code is missing or none", "an integer from 100 to 599")
        key = "body" if "body" in value or "content" not in value else "content"
        body = self._body(value.get(key), headers, (*at, key))
        return HttpResponse(code, headers, body) if len(self._problems) == known else None  # type: ignore[arg-type]

    def _text(self, value: dict[str, Any], key: str, at: JsonPath) -> str:
        text = value.get(key)
        if isinstance(text, str) and text:
            return text
        self._fault((*at, key), f"{key} is missing or no text", "text")
        return ""

    def _headers(self, value: dict[str, Any], at: JsonPath) -> Headers:
        try:
            return header_pairs(value.get("headers"))
        except ValueError as error:
            self._fault((*at, "headers"), str(error), "an object of lists of strings")
            return ()

    def _body(self, value: Any, headers: Headers, at: JsonPath) -> bytes:
        try:
            return decode_content(body_bytes(value), headers)
        except (ValueError, TypeError) as error:
            self._fault(at, str(error), "the text of the body, or its bytes as !!binary")
            return b""
