"""A sandbox that listens on loopback, in a thread of this process or in the foreground."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType

import uvicorn

from conformance.base.errors import ConformanceError, InputError
from conformance.sandbox.serving.app import SandboxApp, Settings
from conformance.sandbox.serving.log import LOG
from conformance.sandbox.serving.protocol import Protocol

HOST = "127.0.0.1"
START_TIMEOUT_S = 10.0
BACKLOG = 2048


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # The protocol is named because asyncio turns Nagle's algorithm off for TCP that says so, and only then.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise InputError.at("--port", f"cannot listen on {HOST}:{port}: {error.strerror or error}") from error
    return listening


def _server(app: SandboxApp) -> uvicorn.Server:
    # The same on every machine, whatever else of uvicorn's choices is installed there.
    config = uvicorn.Config(
        app,
        http=Protocol,
        loop="asyncio",
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=2,
    )
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
    return uvicorn.Server(config)


class SandboxServer:
    """A sandbox in a thread of its own; a context manager.

    `address` is where it listens, such as http://127.0.0.1:40123. Startup and shutdown take well below a second.
    """

    def __init__(self, settings: Settings | None = None, *, port: int = 0) -> None:
        self.app = SandboxApp(settings or Settings())
        self._socket = _listen(port)
        self.address = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self._server = _server(self.app)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="bwp-sandbox", daemon=True
        )

    def start(self) -> SandboxServer:
        """Starts listening. Raises ConformanceError when the server does not come up."""
        self._thread.start()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise ConformanceError("the sandbox did not start")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        """Ends the server and waits for it."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(START_TIMEOUT_S)
        self._socket.close()

    def __enter__(self) -> SandboxServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(settings: Settings, *, port: int, announce: Callable[[str], None]) -> None:
    """Serves in the foreground until Ctrl-C. `announce` gets the address once connections are taken."""
    app = SandboxApp(settings)
    listening = _listen(port)
    try:
        announce(f"http://{HOST}:{listening.getsockname()[1]}")
        _server(app).run(sockets=[listening])
    except KeyboardInterrupt:
        LOG.debug("ended by Ctrl-C")
    finally:
        listening.close()
