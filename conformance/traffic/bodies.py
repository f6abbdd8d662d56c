"""Bodies and headers as recorders write them, brought to the bytes and pairs of the wire."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from conformance.traffic.model import Headers, HttpRequest, header

MAX_BODY_BYTES = 64 * 1024 * 1024
"""What a body may have after content decoding; more is taken for a decompression bomb."""

_JSON_START = (b"{", b"[")


def header_pairs(headers: Any) -> Headers:
    """Pairs from an object of strings or lists of strings, or from a list of `{name, value}` objects or of pairs.

    Raises ValueError naming the faulty header.
    """
    if headers is None:
        return ()
    if isinstance(headers, dict):
        return tuple(_object_pairs(headers))
    if isinstance(headers, list):
        return tuple(_listed_pair(number, item) for number, item in enumerate(headers))
    raise ValueError(f"{_kind(headers)} where headers belong; write an object")


def _object_pairs(headers: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        for item in value if isinstance(value, list) else (value,):
            yield str(name), _header_value(str(name), item)


def _listed_pair(number: int, item: Any) -> tuple[str, str]:
    if isinstance(item, dict) and isinstance(item.get("name"), str) and "value" in item:
        return item["name"], _header_value(item["name"], item["value"])
    if isinstance(item, list) and len(item) == 2 and isinstance(item[0], str):
        return item[0], _header_value(item[0], item[1])
    raise ValueError(f"header {number} is {_kind(item)}; write a name and a value")


def _header_value(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    raise ValueError(f"the header {name!r} is {_kind(value)}; write a string")


def body_bytes(body: Any) -> bytes:
    """The bytes of a recorded body: text, bytes, null, the `{string: …}` and `{base64_string: …}` forms, or a JSON
    value.

    Raises ValueError when base64 is announced and something else comes.
    """
    if isinstance(body, dict) and body and body.keys() <= {"string", "base64_string", "encoding"}:
        if "base64_string" in body:
            return decode_base64(body["base64_string"])
        body = body.get("string")
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    if isinstance(body, list) and body and all(isinstance(part, bytes) for part in body):
        return b"".join(body)
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def decode_base64(text: Any) -> bytes:
    """The bytes of base64 text; white space is passed over. Raises ValueError."""
    try:
        if not isinstance(text, str | bytes):
            raise ValueError(_kind(text))  # noqa: TRY004, TRY301 - callers know one exception for faulty text
        compact = b"".join((text.encode() if isinstance(text, str) else text).split())
        return base64.b64decode(compact, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"not base64: {error}") from error


def decode_content(body: bytes, headers: Headers) -> bytes:
    """The body after its `Content-Encoding`, at most MAX_BODY_BYTES. Raises ValueError.

    Recorders often keep the header although they stored the decoded text, so a body that does not look encoded is
    taken as it is.
    """
    encodings = [part.strip().lower() for part in (header(headers, "content-encoding") or "").split(",")]
    for encoding in reversed(encodings):
        if encoding in ("", "identity"):
            continue
        if encoding in ("gzip", "x-gzip"):
            body = _inflate(body, 31) if body[:2] == b"\x1f\x8b" else body
        elif encoding == "deflate":
            body = _deflated(body)
        elif not _is_text(body):
            raise ValueError(f"the body is encoded with {encoding!r}; record it with gzip, deflate or no encoding")
    return body


def _deflated(body: bytes) -> bytes:
    if not body or body.lstrip()[:1] in _JSON_START:
        return body
    looks_like_zlib = body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _inflate(body, 15 if looks_like_zlib else -15)


def _inflate(body: bytes, window: int) -> bytes:
    unpacker = zlib.decompressobj(window)
    try:
        text = unpacker.decompress(body, MAX_BODY_BYTES)
        if unpacker.unconsumed_tail:
            raise ValueError(f"the body has more than {MAX_BODY_BYTES:,} bytes after decompression")
        if not unpacker.eof:
            raise ValueError("the compressed body is cut off")
    except zlib.error as error:
        raise ValueError(f"the compressed body is damaged: {error}") from error
    return text


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_graphql(request: HttpRequest) -> bool:
    """Is this a call of a GraphQL endpoint?

    Told by the body, the media type, the query string or the path, in this order.
    """
    start = request.body.lstrip()[:1]
    if start in _JSON_START and (b'"query"' in request.body or b'"persistedQuery"' in request.body):
        return True
    media_type = (header(request.headers, "content-type") or "").partition(";")[0].strip().lower()
    if media_type in ("application/graphql", "application/graphql+json"):
        return True
    try:
        url = urlsplit(request.url)
    except ValueError:
        return False
    if request.method.upper() in ("GET", "HEAD"):
        return "query" in parse_qs(url.query) and "graphql" in url.path.lower()
    return url.path.rstrip("/").lower().endswith("/graphql") and request.method.upper() == "POST"


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str | bytes):
        return "a string"
    if isinstance(value, int | float | Decimal):
        return "a number"
    return "a list" if isinstance(value, list | tuple) else "an object"
