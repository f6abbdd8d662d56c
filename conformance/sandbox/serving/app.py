"""The sandbox as an ASGI application: /graphql, /token and the admin surface under /_sandbox/.

No request ends it, whatever it holds: a body over the cap is 413, one that does not come 408, and a fault of ours a
documented InternalServerError. The log has one line for a refused request, with nothing of what it holds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from graphql import GraphQLError

from conformance.base.errors import InputError
from conformance.base.versions import DATED_VERSIONS
from conformance.sandbox.errors import INTERNAL, api_error
from conformance.sandbox.serving import files
from conformance.sandbox.serving.admin import Admin, AdminError
from conformance.sandbox.serving.clock import Pace
from conformance.sandbox.serving.execution import formatted
from conformance.sandbox.serving.faulty import choose
from conformance.sandbox.serving.graphql import GraphqlEndpoint, refusal
from conformance.sandbox.serving.http import (
    BODY_DEADLINE_S,
    Answer,
    BodyTooLargeError,
    BodyTooSlowError,
    ClientGoneError,
    Message,
    Receive,
    Request,
    read_request,
)
from conformance.sandbox.serving.log import LOG, shown, where
from conformance.sandbox.serving.tokens import Tokens
from conformance.sandbox.serving.webhooks import Webhooks
from conformance.sandbox.store import Store

Send: TypeAlias = Callable[[Message], Awaitable[None]]

_ADMIN: Final = "/_sandbox/"
_CLOSE: Final = (("connection", "close"),)


@dataclass(frozen=True, slots=True)
class Settings:
    """How a sandbox is started."""

    version: str = DATED_VERSIONS[-1]
    """The contract of requests without x-api-version."""
    client: tuple[str, str] | None = None
    """The client id and secret that get a token; None: any."""
    seed: int = 0
    wait_factor: float = 0.0
    """How long documented waits last, as a multiple of their documented length; 0: they pass at once."""
    has_real_clock: bool = False
    """Does the sandbox's clock run with this machine's? Otherwise it moves on when it is told to."""
    webhook: str = ""
    """An address on loopback that gets every event, without a subscription."""
    is_anonymous: bool = False
    """Are requests to /graphql without an Authorization header let through? The documented API wants a token."""
    faults: tuple[str, ...] = ()
    """Names of defects to show, from `sandbox.faults.catalogue`."""
    target_id: str = ""
    """The business product that x-api-target-id has to name; empty: any is good, and none."""


@dataclass
class SandboxApp:
    """An ASGI application. Everything that it knows is in `store`."""

    settings: Settings = field(default_factory=Settings)
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        self.admin = Admin(settings.seed, settings.version, wait_factor=settings.wait_factor, webhook=settings.webhook)
        self.admin.faulty.injector = choose(settings.faults, settings.seed)
        self.store = self.admin.store
        self._webhooks = Webhooks()
        self._tokens = Tokens(settings.client, settings.target_id)
        self._graphql = GraphqlEndpoint(self._tokens, settings.version, settings.is_anonymous)
        self._pace = Pace(is_real=self.settings.has_real_clock)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self._pace.keep(self.move_on)
        try:
            answer = self._safely(await read_request(scope, receive))
        except ClientGoneError:
            return
        except BodyTooLargeError as error:
            answer = self._broken_off(scope, refusal(413, str(error), _CLOSE))
        except BodyTooSlowError:
            answer = self._broken_off(scope, refusal(408, f"the body took more than {BODY_DEADLINE_S:g} s", _CLOSE))
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.wire_headers()})
        await send({"type": "http.response.body", "body": answer.body})

    def _safely(self, request: Request) -> Answer:
        """As `answer`; a fault of ours is the documented InternalServerError, and a line in the log."""
        try:
            return self.answer(request)
        except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, the caller sees none of it
            # A traceback would show what the request holds.
            LOG.error("%s: HTTP 500, unforeseen %s", shown(request.method, request.path), where(error))
            return Answer.of({"errors": [formatted(api_error(INTERNAL, "Internal server error"))]}, status=500)

    @staticmethod
    def _broken_off(scope: Message, answer: Answer) -> Answer:
        LOG.warning("%s: HTTP %d", shown(scope["method"], scope["path"]), answer.status)
        return answer

    def move_on(self) -> None:
        """Lets happen what the clock brings about, and tells webhooks of it."""
        self.admin.store.advance(self._pace.passed_s())
        self._publish()

    def answer(self, request: Request) -> Answer:
        """The answer of one request; the state moves on by it."""
        self.move_on()
        if request.path.startswith(_ADMIN):
            return self._administer(request)
        self.store = self.admin.store
        self.store.address = files.address(request)
        self.store.tick()
        if request.path == "/token":
            answer = self._tokens.answer(request, self.store)
        elif request.path == "/graphql":
            answer = self._graphql.answer(request, self.store)
            answer = self.admin.faulty.answer(request, answer, self.settings.version)
        elif files.is_file(request.path):
            answer = files.answer(request, self.store)
        else:
            answer = refusal(404, "nothing answers at this path")
        self.store.settle()
        self.admin.note(request, answer)
        self._publish()
        if answer.status >= 400:
            LOG.warning("%s: HTTP %d", shown(request.method, request.path), answer.status)
        return answer

    def _publish(self) -> None:
        """Sends what waits for webhooks, with the defects that were asked for."""
        self.admin.faulty.events(self.admin.store)
        self._webhooks.send(self.admin.store)

    def _administer(self, request: Request) -> Answer:
        try:
            answer = Answer.of(self.admin.handle(request.method, request.path, request.body))
        except (AdminError, InputError, GraphQLError) as error:
            return Answer.of({"error": error.message}, status=400)
        self._publish()
        return answer
