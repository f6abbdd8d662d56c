"""Sends what waits in the outbox to webhooks on loopback, in order, from a thread of its own."""

from __future__ import annotations

import http.client
import logging
import queue
import threading
from typing import Final
from urllib.parse import urlsplit

import msgspec

from conformance.sandbox.events.subscriptions import LOOPBACK
from conformance.sandbox.store import Resource, Store

DEADLINE_S: Final = 5.0
MAX_WAITING: Final = 10_000
LOG: Final = logging.getLogger("conformance.sandbox")


class Webhooks:
    """A sender. Calls to other machines are never made: they stay in the event log alone."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[str, Resource]] = queue.Queue(MAX_WAITING)
        self._thread: threading.Thread | None = None

    def send(self, store: Store) -> None:
        """Takes what is in the outbox."""
        calls, store.outbox = store.outbox, []
        for url, body in calls:
            if urlsplit(url).hostname not in LOOPBACK:
                continue
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="bwp-sandbox-webhooks", daemon=True)
                self._thread.start()
            try:
                self._waiting.put_nowait((url, body))
            except queue.Full:
                LOG.warning("webhook call dropped: %d wait", MAX_WAITING)

    def _work(self) -> None:
        while True:
            url, body = self._waiting.get()
            try:
                _post(url, body)
            except (OSError, ValueError, http.client.HTTPException) as error:
                LOG.warning("webhook call failed: %s", type(error).__name__)


def _post(url: str, body: Resource) -> None:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=DEADLINE_S)
    try:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", path, msgspec.json.encode(body), {"Content-Type": "application/json"})
        connection.getresponse().read()
    finally:
        connection.close()
