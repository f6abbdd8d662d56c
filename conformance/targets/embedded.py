"""The embedded sandbox as a target: one server a session, a fresh state a case."""

from __future__ import annotations

import fnmatch
import http.client
import json
from collections.abc import Iterator, Mapping, Set
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from conformance.base.errors import TargetError
from conformance.contract.model import Contract
from conformance.sandbox.serving.server import SandboxServer
from conformance.targets.protocol import NoRecordingError
from conformance.traffic.model import Event, HttpRequest, HttpResponse

TARGET_ID = "bp-00000000-0000-4000-8000-000000000000"
DEADLINE_S = 30.0
_JSON: Final = MappingProxyType({"Content-Type": "application/json"})
_TIMELESS: Final = frozenset({"clock", "throttle"})
"""What happens in every version alike."""

STATES: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "analytics.report.unknown": {"report": ""},
        "events.auth-profile.create-*": {"auth_profile": ""},
        "catalog.catalog-feed.created": {"feed": "CREATED"},
        "catalog.catalog-feed.in-progress": {"feed": "IN_PROGRESS"},
        "catalog.catalog-feed.failed": {"feed": "FAILED"},
        "catalog.create-catalog-feed.conflict": {"feed": "IN_PROGRESS"},
        "catalog.create-product.*": {"products": "NONE"},
        "catalog.delete-product.unknown": {"products": "NONE"},
        "catalog.mapping-product.by-msku": {"amazon_sku": "msku-1"},
        "catalog.update-product.*": {"products": "ONE"},
        "events.subscription.create-*": {"subscription": ""},
        "events.flow.subscribe-twice": {"subscription": ""},
        "events.subscription.destination-name-taken": {"subscription": "", "taken_source": True},
        "events.subscriptions.none": {"subscription": ""},
        "privacy.deletion.cancel-in-progress": {"deletion": "IN_PROGRESS"},
        "privacy.flow.deletion-cancelled-too-late": {"deletion": "IN_PROGRESS"},
        "privacy.deletion.cancel-unknown": {"deletion": ""},
        "privacy.retrieval.failed": {"retrieval": "FAILED"},
        "order.query.return-details*": {"return_": "CREATED"},
        "order.wide.nothing-known*": {"is_sparse": True},
        "returns.wide.all-of-a-return": {"package": "DELIVERED", "refund": "", "return_": ""},
        "order.wide.refund-reasons": {"refund": "", "return_": ""},
        "order.wide.all-updates*": {"is_started": False, "return_": ""},
        "order.wide.cancel*": {"refund": "", "return_": ""},
        "order.wide.every-way-of-a-package*": {"refund": "", "return_": ""},
        "returns.wide.failure-reasons*": {"refund": "", "return_": "IN_TRANSIT"},
        "sandbox.wide.failure-reasons": {"refund": "", "return_": "IN_TRANSIT"},
        "returns.wide.every-state-and-condition*": {"package": "DELIVERED", "refund": "", "return_": ""},
        "catalog.wide.feed-failed*": {"feed": "FAILED"},
        "catalog.wide.feed-running*": {"feed": "IN_PROGRESS"},
        "events.wide.*": {"subscription": ""},
        "privacy.wide.all-of-tasks*": {"deletion": "", "retrieval": ""},
        "privacy.wide.deletion-running*": {"deletion": "IN_PROGRESS"},
        "order.update.external-refund*": {"refund": "", "return_": ""},
        "order.update.external-return*": {"return_": ""},
        "order.flow.external-return*": {"return_": ""},
        "order.flow.cancel-too-late": {"package": "IN_TRANSIT"},
        "order.update.error-invalid-alias-id": {"taken_refund_alias": True},
        "order.update.error-invalid-refund-state-transition*": {"refund": "SUCCESS"},
        "order.update.error-return-alias-exists": {"return_": "EXTERNAL"},
        "order.update.return-by-*": {"return_": "EXTERNAL"},
        "order.update.start-fulfillment*": {"is_started": False},
        "sandbox.deliveries.cancel-undeliverable": {"package": "IN_TRANSIT"},
        "sandbox.deliveries.deliver": {"package": "IN_TRANSIT"},
        "sandbox.packages.cancel-undeliverable": {"package": "IN_TRANSIT"},
        "sandbox.packages.deliver": {"package": "IN_TRANSIT"},
        "sandbox.packages.error-invalid-state-transition": {"package": "DELIVERED"},
        "tracking.package-tracker.*": {"package": "IN_TRANSIT"},
        "returns.flow.draft": {"package": "DELIVERED", "return_": ""},
        "returns.return.*": {"return_": "DRAFT"},
        "returns.update-return.*": {"return_": "DRAFT"},
        "sandbox.return-packages.delivered": {"return_": "IN_TRANSIT"},
        "sandbox.return-packages.failed*": {"return_": "IN_TRANSIT"},
    }
)
"""Scenarios that need the documented resources in another state than a fresh sandbox has them."""

_NOT_YET: Final = "the embedded sandbox does not simulate yet:"

SKIPPED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "order.update.error-invalid-refund-id": "an unknown refund id with an external alias adds an external "
        "refund, as documented; this request cannot be told from one",
    }
)
"""Scenarios that cannot be run against the sandbox, with the reason."""


class EmbeddedTarget:
    """The sandbox, freshly reset, for one case. Sends requests as a client does: token, version and target id."""

    origin = "embedded"
    shows_all_events = True

    def __init__(self, connection: http.client.HTTPConnection, address: str, token: str, version: str) -> None:
        self.endpoint = f"{address}/graphql"
        self._connection = connection
        self._token = token
        self._version = version
        self._events_seen = 0

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        """The answer. Raises TargetError when the sandbox does not answer in time."""
        headers = {**dict(request.headers), "Authorization": f"Bearer {self._token}", "x-api-target-id": TARGET_ID}
        path = urlsplit(request.url).path or "/"
        return _send(self._connection, request.method, path, request.body, headers, deadline_s)

    def unused(self) -> tuple[str, ...]:
        return ()

    def transfer(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        """The answer of a link of the sandbox; it leads nowhere else. Raises TargetError."""
        address = self.endpoint.removesuffix("/graphql")
        if not request.url.startswith(f"{address}/"):
            raise TargetError("the link does not lead to the embedded sandbox")
        path = request.url.removeprefix(address)
        return _send(self._connection, request.method, path, request.body, dict(request.headers), deadline_s)

    def bring_about(self, what: str, options: Mapping[str, Any], *, deadline_s: float) -> Mapping[str, Any]:
        """Tells the admin surface; `credentials` gives this target another token. Raises TargetError."""
        if what == "credentials":
            self._token = _token(self._connection, ", ".join(options.get("scopes", ())))
            return {}
        body = json.dumps({**options, **({"version": self._version} if what not in _TIMELESS else {})}).encode()
        answer = _send(self._connection, "POST", f"/_sandbox/{what}", body, _JSON, deadline_s)
        told: Mapping[str, Any] = json.loads(answer.body)
        if answer.status != HTTPStatus.OK:
            raise TargetError(f"the embedded sandbox refuses {what}: {told.get('error')}")
        return told

    def events(self) -> tuple[Event, ...]:
        """What the sandbox published since the last call, in the envelope of the version that was asked.

        What a subscription to a deprecated name gets under that name is among it.
        """
        answer = _send(self._connection, "GET", "/_sandbox/events", b"", {}, DEADLINE_S)
        log = json.loads(answer.body)["events"]
        new, self._events_seen = log[self._events_seen :], len(log)
        names = {entry["eventType"] for entry in new}
        shown = [event for entry in new for event in (entry["event"], *_renamed(entry, names))]
        return tuple(Event(json.dumps(event).encode()) for event in shown)


class EmbeddedProvider:
    """Starts a sandbox for the first case; `close` ends it."""

    name = "embedded"

    def __init__(self) -> None:
        self._server: SandboxServer | None = None
        self._connection: http.client.HTTPConnection | None = None

    def open(self, scenario: str, contract: Contract) -> EmbeddedTarget:
        """A target with the documented resources, in the states that the scenario needs."""
        for pattern, reason in SKIPPED.items():
            if fnmatch.fnmatchcase(scenario, pattern):
                raise NoRecordingError(reason)
        if self._server is None or self._connection is None:
            self._server = SandboxServer().start()
            self._connection = http.client.HTTPConnection(urlsplit(self._server.address).netloc, timeout=DEADLINE_S)
        states = next((state for pattern, state in STATES.items() if fnmatch.fnmatchcase(scenario, pattern)), {})
        body = json.dumps({"fixtures": dict(states) or True}).encode()
        _send(self._connection, "POST", "/_sandbox/reset", body, _JSON, DEADLINE_S)
        return EmbeddedTarget(self._connection, self._server.address, _token(self._connection), contract.version)

    def close(self) -> None:
        """Ends the sandbox."""
        if self._connection is not None:
            self._connection.close()
        if self._server is not None:
            self._server.stop()
        self._server = self._connection = None


def _renamed(entry: Mapping[str, Any], names: Set[str]) -> Iterator[Any]:
    """What subscriptions got of an event under a name that the log does not have."""
    for delivery in entry["deliveries"]:
        event = delivery["event"]
        if (event.get("eventDescriptor") or event.get("detail-type")) not in names:
            yield event


def _token(connection: http.client.HTTPConnection, scopes: str = "") -> str:
    """A token of the suite, with all scopes when none is named."""
    asked = {"grant_type": "client_credentials", "client_id": "suite", "client_secret": "suite", "scope": scopes}
    media = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = _send(connection, "POST", "/token", urlencode(asked).encode(), media, DEADLINE_S)
    token: str = json.loads(answer.body)["access_token"]
    return token


def _send(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    deadline_s: float,
) -> HttpResponse:
    connection.timeout = deadline_s
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return HttpResponse(answer.status, tuple(answer.getheaders()), answer.read())
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        raise TargetError(f"the embedded sandbox does not answer: {type(error).__name__}") from error
