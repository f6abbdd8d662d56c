"""HttpRequest, HttpResponse, Exchange, Event: what was sent and what came back, as bytes, unjudged."""

from __future__ import annotations

from typing import TypeAlias

from conformance.base.errors import SourcePosition
from conformance.base.records import Record, record

Headers: TypeAlias = tuple[tuple[str, str], ...]
"""Header fields in the order of the wire; names are compared without case."""


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header field, None when it is absent."""
    wanted = name.lower()
    for key, value in headers:
        if key.lower() == wanted:
            return value
    return None


@record
class HttpRequest(Record, frozen=True, gc=False):
    """A request. `body` are the bytes of the wire."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""


@record
class HttpResponse(Record, frozen=True, gc=False):
    """An answer. `body` are the bytes after content decoding."""

    status: int
    headers: Headers = ()
    body: bytes = b""


@record
class Exchange(Record, frozen=True, gc=False):
    """A request and its answer. `position` is where a file holds it; `elapsed_ms` is None when nobody measured."""

    request: HttpRequest
    response: HttpResponse
    index: int = 0
    started_at: str = ""
    elapsed_ms: float | None = None
    position: SourcePosition | None = None


@record
class Event(Record, frozen=True, gc=False):
    """An event as it was delivered: the body of a webhook call, or an EventBridge event."""

    body: bytes
    headers: Headers = ()
    index: int = 0
    position: SourcePosition | None = None
