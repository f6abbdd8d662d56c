"""What comes over the wire: HTTP that is none, slow, cut off, too large, in a row. The server answers, and lives on."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from conformance.sandbox.serving import http, protocol
from conformance.sandbox.serving.app import Settings
from conformance.sandbox.serving.http import MAX_BODY_BYTES
from conformance.sandbox.serving.server import SandboxServer

TYPENAME = b'{"query":"{ __typename }"}'
ANSWER = b'{"data":{"__typename":"Query"}}'


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    """One sandbox that lets everybody in: it has to bear everything below."""
    with SandboxServer(Settings(is_anonymous=True)) as server:
        yield server


def _open(server: SandboxServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(server.address).port or 0), timeout=10)


def _request(body: bytes = TYPENAME, target: str = "/graphql", *more: str, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    lines = (f"POST {target} HTTP/1.1", "Host: localhost", "Content-Type: application/json", f"Content-Length: {size}")
    return "\r\n".join((*lines, *more, "", "")).encode() + body


def _all(connection: socket.socket) -> bytes:
    """Everything until the server ends the connection."""
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received


def _tell(server: SandboxServer, sent: bytes) -> bytes:
    with _open(server) as connection:
        connection.sendall(sent)
        return _all(connection)


def _lives(server: SandboxServer) -> bool:
    return _tell(server, _request(TYPENAME, "/graphql", "Connection: close")).endswith(ANSWER)


CLOSE = "Connection: close"
GOOD = (
    ("as usual", _request(TYPENAME, "/graphql", CLOSE)),
    ("an absolute address", _request(TYPENAME, "http://127.0.0.1/graphql", CLOSE)),
    ("an absolute address of another host", _request(TYPENAME, "https://example.com:443/graphql", CLOSE)),
    ("a path in per cent", _request(TYPENAME, "/%67raphql", CLOSE)),
    ("a query string", _request(TYPENAME, "/graphql?a=b", CLOSE)),
    ("another host", _request(TYPENAME, "/graphql", CLOSE).replace(b"Host: localhost", b"Host: example.com")),
    ("chunks", b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n"
     b"Transfer-Encoding: chunked\r\n\r\n5\r\n" + TYPENAME[:5] + b"\r\n15\r\n" + TYPENAME[5:] + b"\r\n0\r\n\r\n"),
    ("an upgrade", _request(TYPENAME, "/graphql", "Connection: upgrade, close", "Upgrade: websocket")),
)  # fmt: skip
BAD = (
    ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100 + b"\r\n\r\n", 400),
    ("no host", b"GET /graphql HTTP/1.1\r\n\r\n", 400),
    ("NUL in a header", _request(TYPENAME, "/graphql", "x-api-version: 2024\x00-11-01"), 400),
    ("a header without end", b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 100_000, 400),
    ("two lengths", _request(TYPENAME, "/graphql", "Content-Length: 3"), 400),
    ("a negative length", _request(TYPENAME, "/graphql", length=-1), 400),
    ("no number for a length", _request(TYPENAME, "/graphql").replace(b"26", b"2x6"), 400),
    ("a broken chunk", b"POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    ("a space in the address", b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("another path", _request(TYPENAME, "/graphql/", CLOSE), 404),
    ("a path with NUL", _request(TYPENAME, "/graphql%00", CLOSE), 404),
    ("a path that is no UTF-8", _request(TYPENAME, "/%ff%fe", CLOSE), 404),
    ("a broken absolute address", _request(TYPENAME, "http://[::1/graphql", CLOSE), 404),
    ("an asterisk", b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
    ("a tunnel", b"CONNECT example.com:443 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
    ("another method", b"PUT /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
    ("HEAD", b"HEAD /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
    ("a version in other letters", _request(TYPENAME, "/graphql", CLOSE, "x-api-version: 2024-11-01\u00e9"), 400),
)  # fmt: skip


@pytest.mark.parametrize("sent", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_every_form_of_a_request_is_understood(server: SandboxServer, sent: bytes) -> None:
    received = _tell(server, sent)
    assert received.startswith(b"HTTP/1.1 200 ")
    assert received.endswith(ANSWER)


@pytest.mark.parametrize(("sent", "status"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_is_not_good_is_refused_in_one_line(
    server: SandboxServer, caplog: pytest.LogCaptureFixture, sent: bytes, status: int
) -> None:
    with caplog.at_level(logging.DEBUG):
        received = _tell(server, sent)
    assert received.startswith(f"HTTP/1.1 {status} ".encode())
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"application/json" in head
    if not sent.startswith((b"HEAD", b"CONNECT")):
        assert json.loads(body)["errors"][0]["extensions"]["classification"]["errorCode"] == 400
    assert [name for name, _, _ in caplog.record_tuples if name.startswith("conformance")] == ["conformance.sandbox"]
    assert _lives(server)


def test_requests_in_a_row_are_answered_in_a_row(server: SandboxServer) -> None:
    queries = [json.dumps({"query": f"{{ a{number}: __typename }}"}).encode() for number in range(50)]
    last = _request(TYPENAME, "/graphql", CLOSE)
    received = _tell(server, b"".join(_request(query) for query in queries) + last)
    places = [received.index(f'"a{number}"'.encode()) for number in range(50)]
    assert places == sorted(places)
    assert received.endswith(ANSWER)


def test_a_client_that_sends_no_more_still_gets_its_answer(server: SandboxServer) -> None:
    with _open(server) as connection:
        connection.sendall(_request())
        connection.shutdown(socket.SHUT_WR)
        assert _all(connection).endswith(ANSWER)


def test_a_request_that_is_cut_off_is_not_executed(server: SandboxServer) -> None:
    before = server.app.admin.store.now
    with _open(server) as connection:
        connection.sendall(_request(TYPENAME, length=len(TYPENAME) + 10))
        connection.shutdown(socket.SHUT_WR)
        assert _all(connection) == b""
    assert server.app.admin.store.now == before
    assert _lives(server)


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_body_over_the_cap_is_refused_however_it_comes(server: SandboxServer, is_chunked: bool) -> None:
    body = b"x" * (2 * MAX_BODY_BYTES)
    sent = _request(body)
    if is_chunked:
        head = b"POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        sent = head + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    received = _tell(server, sent)
    assert received.startswith(b"HTTP/1.1 413 ")
    assert b"more than 1048576 bytes" in received
    assert _lives(server)


def test_a_client_that_asks_first_need_not_send_what_is_too_large(server: SandboxServer) -> None:
    with _open(server) as connection:
        connection.sendall(_request(b"", "/graphql", "Expect: 100-continue", length=10**12))
        assert _all(connection).startswith(b"HTTP/1.1 413 ")


def test_nobody_waits_for_a_body_that_is_too_large_by_far(server: SandboxServer) -> None:
    with _open(server) as connection:
        connection.sendall(_request(TYPENAME, length=10**12))
        connection.settimeout(http.BODY_DEADLINE_S / 4)
        assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")
    assert _lives(server)


def test_a_body_without_end_is_cut_off(server: SandboxServer) -> None:
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with _open(server) as connection:
        connection.sendall(b"POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        with pytest.raises(ConnectionError):
            connection.sendall(piece * 2_000)
    assert _lives(server)


def test_slow_clients_are_cut_off_while_others_are_served(
    server: SandboxServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(protocol, "HEAD_DEADLINE_S", 0.3)
    monkeypatch.setattr(http, "BODY_DEADLINE_S", 0.3)
    starts = (b"", b"POST /graph", _request(length=100))
    with ExitStack() as open_sockets:
        slow = [open_sockets.enter_context(_open(server)) for _ in range(60)]
        for number, connection in enumerate(slow):
            connection.sendall(starts[number % 3])
        started = time.monotonic()
        assert _lives(server)
        assert time.monotonic() - started < 0.3
        answers = [_all(connection) for connection in slow]
        assert time.monotonic() - started < 5
    assert set(answers[::3]) == set(answers[1::3]) == {b""}
    assert all(answer.startswith(b"HTTP/1.1 408 ") for answer in answers[2::3])
    assert len(caplog.messages) == 60


def test_ends_although_clients_hold_their_connections() -> None:
    server = SandboxServer().start()
    with ExitStack() as open_sockets:
        for _ in range(5):
            open_sockets.enter_context(_open(server)).sendall(_request(length=100))
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < 5
