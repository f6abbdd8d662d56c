"""Requests and answers of the sandbox, between ASGI and what answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import msgspec

from conformance.sandbox.catalog.files import MAX_FILE_BYTES
from conformance.traffic.model import Headers, header

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]

JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"
MAX_BODY_BYTES: Final = 1024 * 1024
UPLOADS: Final = "/upload/"
"""Below this path a body may be a file of the catalog."""
MAX_DISCARDED_BYTES: Final = 16 * MAX_BODY_BYTES
BODY_DEADLINE_S: Final = 20.0

_UTF8: Final = frozenset(("", "utf-8", "utf8"))


class BodyTooLargeError(Exception):
    """A request's body is over the cap; its text says which."""


class BodyTooSlowError(Exception):
    """A request's body did not come within `BODY_DEADLINE_S`."""


class ClientGoneError(Exception):
    """The connection ended before the whole request was there: nobody waits for an answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came. `query` is the part of the address after the question mark."""

    method: str
    path: str
    headers: Headers = ()
    body: bytes = b""
    query: str = ""

    def header(self, name: str) -> str:
        """The first value of a header field, empty when it is absent."""
        return header(self.headers, name) or ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back."""

    status: int
    headers: Headers
    body: bytes

    @classmethod
    def of(cls, value: Any, *, status: int = 200, headers: Headers = (), content_type: str = JSON) -> Answer:
        """An answer with a JSON body."""
        return cls(status, (("content-type", content_type), *headers), _json(value))

    def wire_headers(self) -> list[tuple[bytes, bytes]]:
        """The header fields as ASGI sends them, the length of the body among them."""
        own = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        return [*own, (b"content-length", str(len(self.body)).encode())]


def _json(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value)
    except OverflowError:
        return json.dumps(value, ensure_ascii=False).encode()  # an integer of more than 64 bits


async def read_request(scope: Message, receive: Receive) -> Request:
    """The whole request.

    Raises BodyTooLargeError, BodyTooSlowError or ClientGoneError. What is over the cap is read and thrown away, up to
    a second cap: a client that still sends when the connection ends never sees the answer.
    """
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    path = _path(scope["path"])
    limit = MAX_FILE_BYTES if path.startswith(UPLOADS) else MAX_BODY_BYTES
    too_large = f"the body has more than {limit} bytes"
    declared = _declared_bytes(headers)
    is_waiting = (header(headers, "expect") or "").lower() == "100-continue"
    if declared > limit + MAX_DISCARDED_BYTES or (is_waiting and declared > limit):
        raise BodyTooLargeError(too_large)
    body, read_bytes, more = bytearray(), 0, True
    try:
        async with asyncio.timeout(BODY_DEADLINE_S):
            while more and read_bytes <= limit + MAX_DISCARDED_BYTES:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGoneError
                piece = message.get("body", b"")
                read_bytes += len(piece)
                if read_bytes <= limit:
                    body += piece
                more = message.get("more_body", False)
    except TimeoutError as error:
        raise BodyTooSlowError from error
    if read_bytes > limit:
        raise BodyTooLargeError(too_large)
    query = scope.get("query_string", b"").decode("latin-1")
    return Request(scope["method"], path, headers, bytes(body), query)


def _declared_bytes(headers: Headers) -> int:
    text = header(headers, "content-length") or ""
    return int(text) if text.isdecimal() and len(text) < 20 else 0


def _path(target: str) -> str:
    """The path of a request target, which may be a whole address (RFC 9112, 3.2.2)."""
    if target.lower().startswith(("http://", "https://")):
        try:
            return urlsplit(target).path or "/"
        except ValueError:
            return ""
    return target


def media_type(text: str) -> str:
    """A Content-Type without its parameters."""
    return text.partition(";")[0].strip().lower()


def is_utf8(content_type: str) -> bool:
    """Does a Content-Type name no charset other than UTF-8?"""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in _UTF8:
            return False
    return True


def answer_type(accept: str) -> str:
    """The media type to answer with (GraphQL over HTTP, "Accept"): graphql-response+json when it is named and no less
    wanted than JSON, else JSON. A client that takes neither gets JSON."""
    wanted = {JSON: 0.0, GRAPHQL_JSON: 0.0}
    for part in accept.split(",")[:50]:
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if kind in wanted:
            quality = next((_quality(text[2:]) for text in parameters if text.startswith("q=")), 1.0)
            wanted[kind] = max(wanted[kind], quality)
    return GRAPHQL_JSON if wanted[GRAPHQL_JSON] and wanted[GRAPHQL_JSON] >= wanted[JSON] else JSON


def _quality(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0
