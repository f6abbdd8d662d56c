"""Keys that stand twice in an object of a JSON text, which every decoder hides."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from conformance.base.paths import JsonPath

MAX_REPORTED = 20
_OTHER_QUOTE = rb"\u0022"

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class _Members(list[tuple[str, Any]]):
    """The members of an object as they stand in the text."""


def keeps_every_key(value: object, body: bytes) -> bool:
    """Did decoding `body` to `value` lose no member? False also when that cannot be told."""
    try:
        again = _encode(value)
        # Most answers have no white space, and then their length says it all.
        if len(again) == len(body):
            return True
        # A lost member takes the quotes of its key along. Both texts escape a quote inside a string alike, but for one.
        # A single byte is found many times faster than six.
        return again.count(b'"') == body.count(b'"') and (b"\\" not in body or _OTHER_QUOTE not in body)
    except (TypeError, msgspec.MsgspecError, RecursionError):
        return False


def duplicate_keys(body: bytes) -> tuple[JsonPath, ...]:
    """The paths of the first keys that stand twice; none for a text that is no JSON, or nested beyond reading.

    A text without any is told by C code alone, at about the price of decoding it: what is decoded and written again has
    as many keys.
    """
    try:
        if keeps_every_key(_decode(body), body):
            return ()
        value = json.loads(body, object_pairs_hook=_Members)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return ()
    return tuple(_paths(value))


def _paths(value: Any) -> list[JsonPath]:
    found: list[JsonPath] = []
    waiting: list[tuple[JsonPath, Any]] = [((), value)]
    while waiting and len(found) < MAX_REPORTED:
        path, item = waiting.pop()
        if isinstance(item, _Members):
            seen: set[str] = set()
            for key, inner in item:
                if key in seen:
                    found.append((*path, key))
                seen.add(key)
                waiting.append(((*path, key), inner))
        elif isinstance(item, list):
            waiting.extend(((*path, index), inner) for index, inner in enumerate(item))
    return found
