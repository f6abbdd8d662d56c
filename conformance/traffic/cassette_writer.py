"""Writes cassettes that vcrpy loads and people read:

bodies as blocks of text, a header that says where the answers come from.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import yaml

from conformance.traffic.cassette import HEADER_KEY, CassetteHeader
from conformance.traffic.model import Exchange, Headers, HttpResponse

FORMAT_VERSION = 1
_UNDONE = frozenset({"content-encoding", "transfer-encoding"})


class _Value(str):
    """Text that is a value: in quotes, so that no YAML reader takes it for a number, a date or a boolean."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Plain keys, quoted values, blocks for text of several lines, no anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - the signature is PyYAML's
        return super().increase_indent(flow, False)


def _represent_value(dumper: yaml.SafeDumper, data: _Value) -> yaml.ScalarNode:
    style = "|" if "\n" in data else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style=style)


_Dumper.add_representer(_Value, _represent_value)


def write_cassette(path: Path, exchanges: Iterable[Exchange], header: CassetteHeader, *, comment: str = "") -> None:
    """Writes a file, its folder included, in one go:

    a reader sees the old file or the new one. `comment` stands on top.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(cassette_text(exchanges, header, comment=comment), encoding="utf-8", newline="\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def cassette_text(exchanges: Iterable[Exchange], header: CassetteHeader, *, comment: str = "") -> str:
    """The text of a cassette. Equal exchanges and headers give equal text."""
    document = {
        HEADER_KEY: {key: _Value(text) for key, text in _header_items(header) if text},
        "interactions": [_interaction(exchange) for exchange in exchanges],
        "version": FORMAT_VERSION,
    }
    lines = "".join(f"# {line}".rstrip() + "\n" for line in comment.splitlines())
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9)
    return lines + text


def _header_items(header: CassetteHeader) -> tuple[tuple[str, str], ...]:
    return (
        ("origin", header.origin),
        ("contract", header.contract),
        ("page", header.page),
        ("example", header.example),
        ("written", header.written),
        ("recorded", header.recorded),
        ("suite", header.suite),
        ("note", header.note),
    )


def _interaction(exchange: Exchange) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "request": {
            "method": _Value(request.method),
            "uri": _Value(request.url),
            "headers": _header_lists(request.headers),
            "body": _body(request.body),
        },
        "response": {
            "status": {"code": response.status, "message": _Value(_reason(response.status))},
            "headers": _header_lists(_answer_headers(response)),
            "body": {"string": _body(response.body)},
        },
    }


def _answer_headers(response: HttpResponse) -> Headers:
    """What still holds for a body after content decoding."""
    return tuple(
        (name, str(len(response.body)) if name.lower() == "content-length" else value)
        for name, value in response.headers
        if name.lower() not in _UNDONE
    )


def _header_lists(headers: Headers) -> dict[str, list[_Value]]:
    lists: dict[str, list[_Value]] = {}
    for name, value in headers:
        lists.setdefault(name, []).append(_Value(value))
    return lists


def _body(body: bytes) -> _Value | bytes:
    try:
        return _Value(body.decode())
    except UnicodeDecodeError:
        return body


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
