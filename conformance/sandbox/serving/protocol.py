"""HTTP/1.1 on a connection, as uvicorn and h11 do it, with what they leave out.

What is no HTTP gets an answer in JSON and a line in the log; a connection on which no request gets whole is ended.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from conformance.sandbox.serving.graphql import refusal
from conformance.sandbox.serving.log import LOG

HEAD_DEADLINE_S: Final = 10.0
"""For the line and the headers of a request, from the first byte, or from the beginning of the connection."""


class Protocol(H11Protocol):
    """One connection."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Starts the time that a first request has."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._watch(is_waiting=True)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the deadline."""
        self._watch(is_waiting=False)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Reads on. What is no HTTP while an answer is under way ends the connection."""
        try:
            super().data_received(data)
        except h11.LocalProtocolError:
            LOG.warning("no HTTP: connection ended")
            self.transport.abort()
        self._watch(is_waiting=self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0]))

    def send_400_response(self, msg: str) -> None:
        """The answer to what is no HTTP, in the documented error model."""
        LOG.warning("no HTTP: HTTP 400")
        answer = refusal(400, msg, (("connection", "close"),))
        status = HTTPStatus(answer.status)
        head = h11.Response(status_code=status, headers=answer.wire_headers(), reason=status.phrase.encode())
        for event in (head, h11.Data(data=answer.body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self, *, is_waiting: bool) -> None:
        if is_waiting and self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_DEADLINE_S, self._end)
        elif not is_waiting and self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end(self) -> None:
        LOG.warning("no HTTP: no whole request within %g s", HEAD_DEADLINE_S)
        self.transport.abort()
