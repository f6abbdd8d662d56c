"""HttpRequest, HttpResponse, Exchange, Event: what was sent and what came back, as bytes, unjudged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from conformance.base.errors import SourcePosition

Headers: TypeAlias = tuple[tuple[str, str], ...]
"""Header fields in the order of the wire; names are compared without case."""


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header field, None when it is absent."""
    wanted = name.lower()
    for key, value in headers:
        if key.lower() == wanted:
            return value
    return None


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request. `body` are the bytes of the wire."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer. `body` are the bytes after content decoding."""

    status: int
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer. `position` is where a file holds it; `elapsed_ms` is None when nobody measured."""

    request: HttpRequest
    response: HttpResponse
    index: int = 0
    started_at: str = ""
    elapsed_ms: float | None = None
    position: SourcePosition | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it was delivered: the body of a webhook call, or an EventBridge event."""

    body: bytes
    headers: Headers = ()
    index: int = 0
    position: SourcePosition | None = None
