"""Sends what waits in the outbox to webhooks on loopback, in order, from a thread of its own.

A webhook without credentials is called without an Authorization header. With basic credentials, and with OAuth 2.0
client credentials, the header is that of RFC 7617 and RFC 6750. How the API asks for a token is documented by its
parameters alone, so the rest is our choice: a form (JSON when a header parameter says so) that has grant_type,
client_id and client_secret where no body parameter has them, one token a call.
"""

from __future__ import annotations

import base64
import http.client
import logging
import queue
import threading
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import msgspec

from conformance.base.errors import InputError
from conformance.base.jsonio import load_json
from conformance.sandbox.events.auth_profiles import LOOPBACK
from conformance.sandbox.store import Resource, Store, WebhookCall

DEADLINE_S: Final = 5.0
MAX_WAITING: Final = 10_000
MAX_TOKEN_BYTES: Final = 64 * 1024
LOG: Final = logging.getLogger("conformance.sandbox")

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"


class _NoTokenError(Exception):
    """The token of a webhook call cannot be had."""


class Webhooks:
    """A sender. Calls to other machines are never made: they stay in the event log alone."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[WebhookCall] = queue.Queue(MAX_WAITING)
        self._thread: threading.Thread | None = None

    def send(self, store: Store) -> None:
        """Takes what is in the outbox."""
        calls, store.outbox = store.outbox, []
        for call in calls:
            if urlsplit(call.url).hostname not in LOOPBACK:
                continue
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="bwp-sandbox-webhooks", daemon=True)
                self._thread.start()
            try:
                self._waiting.put_nowait(call)
            except queue.Full:
                LOG.warning("webhook call dropped: %d wait", MAX_WAITING)

    def _work(self) -> None:
        while True:
            call = self._waiting.get()
            try:
                _post(call.url, _encoded(call.body), _headers(call))
            except (OSError, ValueError, http.client.HTTPException, _NoTokenError) as error:
                LOG.warning("webhook call failed: %s", type(error).__name__.strip("_"))


def _encoded(body: Resource | bytes) -> bytes:
    return body if isinstance(body, bytes) else msgspec.json.encode(body)


def _headers(call: WebhookCall) -> dict[str, str]:
    """The header fields of a call: what it is, and who calls."""
    headers = {"Content-Type": _JSON}
    if call.auth is not None:
        headers["Authorization"] = _authorization(call.auth)
    return headers


def _authorization(auth: Resource) -> str:
    if "username" in auth:
        pair = f"{auth['username']}:{auth['password']}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"
    return f"Bearer {_token(auth)}"


def _token(auth: Resource) -> str:
    """An access token from the endpoint of the credentials, on loopback only."""
    if urlsplit(auth["authEndpoint"]).hostname not in LOOPBACK:
        raise _NoTokenError
    own = {"grant_type": "client_credentials", "client_id": auth["clientId"], "client_secret": auth["clientSecret"]}
    parameters = {**own, **auth["body"]}
    kinds = [value for name, value in auth["headers"].items() if name.lower() == "content-type"]
    headers = {"Content-Type": _FORM, "Accept": _JSON}
    headers = {name: value for name, value in headers.items() if not (kinds and name == "Content-Type")}
    is_json = bool(kinds) and kinds[0].startswith(_JSON)
    body = msgspec.json.encode(parameters) if is_json else urlencode(parameters).encode()
    status, answer = _post(auth["authEndpoint"], body, {**headers, **auth["headers"]})
    try:
        given: Any = load_json(answer, "the answer")
    except InputError as error:
        raise _NoTokenError from error
    token = given.get("access_token") if isinstance(given, dict) and status < 300 else None
    if not isinstance(token, str):
        raise _NoTokenError
    return token


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=DEADLINE_S)
    try:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read(MAX_TOKEN_BYTES)
    finally:
        connection.close()
