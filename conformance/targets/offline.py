"""A guard: while it holds, an attempt of this process to reach the network is an error."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from conformance.base.errors import NetworkForbiddenError

_WATCHED = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"})


class _Guard(threading.local):
    depth = 0


_guard = _Guard()
_installed = threading.Event()


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event in _WATCHED and _guard.depth:
        raise NetworkForbiddenError(
            f"{event} to {_place(event, arguments)} in a run without network",
            hint="Recorded cassettes need none; choose another target to reach a server",
        )


def _place(event: str, arguments: tuple[object, ...]) -> object:
    """Where to: sockets come first in the arguments of their own events."""
    return arguments[-1] if event in ("socket.connect", "socket.sendto") else arguments[0]


@contextmanager
def no_network() -> Iterator[None]:
    """While this holds, sockets of this thread do not connect: NetworkForbiddenError."""
    if not _installed.is_set():
        _installed.set()
        sys.addaudithook(_hook)
    _guard.depth += 1
    try:
        yield
    finally:
        _guard.depth -= 1
