"""The server on loopback: starts fast, answers over HTTP, ends cleanly."""

from __future__ import annotations

import http.client
import json
import time
from urllib.parse import urlsplit

import pytest

from conformance.base.errors import InputError
from conformance.sandbox.serving.http import MAX_BODY_BYTES
from conformance.sandbox.serving.server import SandboxServer


def _connect(server: SandboxServer) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=10)


def test_starts_within_a_second_and_a_half_and_ends() -> None:
    started = time.monotonic()
    with SandboxServer() as server:
        assert time.monotonic() - started < 1.5
        connection = _connect(server)
        connection.request("GET", "/_sandbox/clock")
        assert json.loads(connection.getresponse().read())["now"] == "2025-01-20T12:00:00.000Z"
        connection.close()
    with pytest.raises(ConnectionRefusedError):
        _connect(server).connect()


def test_listens_on_loopback_and_says_when_a_port_is_taken() -> None:
    with SandboxServer() as server:
        assert server.address.startswith("http://127.0.0.1:")
        port = urlsplit(server.address).port
        assert port
        with pytest.raises(InputError, match="cannot listen"):
            SandboxServer(port=port)


def test_refuses_a_body_over_the_cap_and_lives_on() -> None:
    with SandboxServer() as server:
        connection = _connect(server)
        connection.request("POST", "/graphql", b"x" * (MAX_BODY_BYTES + 1), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 413
        assert json.loads(answer.read())["errors"]
        connection.close()
        connection = _connect(server)
        connection.request("GET", "/nothing")
        assert connection.getresponse().status == 404
        connection.close()
