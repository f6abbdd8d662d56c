"""Requests and answers of the sandbox, between ASGI and what answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from conformance.sandbox.catalog.files import MAX_FILE_BYTES
from conformance.traffic.model import Headers, header

JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"
MAX_BODY_BYTES: Final = 1024 * 1024
UPLOADS: Final = "/upload/"
"""Below this path a body may be a file of the catalog."""


class BodyTooLargeError(Exception):
    """A request's body is over the cap; its text says which."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came."""

    method: str
    path: str
    headers: Headers = ()
    body: bytes = b""

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
        return cls(status, (("content-type", content_type), *headers), msgspec.json.encode(value))

    def wire_headers(self) -> list[tuple[bytes, bytes]]:
        own = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        return [*own, (b"content-length", str(len(self.body)).encode())]


async def read_request(
    scope: MutableMapping[str, Any], receive: Callable[[], Awaitable[MutableMapping[str, Any]]]
) -> Request:
    """The whole request. Raises BodyTooLargeError as soon as it is over the cap."""
    body = bytearray()
    limit = MAX_FILE_BYTES if scope["path"].startswith(UPLOADS) else MAX_BODY_BYTES
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            raise BodyTooLargeError(f"the body has more than {limit} bytes")
        if not message.get("more_body"):
            break
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return Request(scope["method"], scope["path"], headers, bytes(body))


def media_type(text: str) -> str:
    """A Content-Type without its parameters."""
    return text.partition(";")[0].strip().lower()
