"""The sandbox as an ASGI application: /graphql, /token and the admin surface under /_sandbox/.

Where no page says what HTTP does, GraphQL over HTTP decides: 200 for a request that was understood, 400 for one that
was not, 415, 405, 413; a caller without a valid token gets 401 with the documented AccessDeniedError.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final, TypeAlias

from graphql import GraphQLError

from conformance.base.errors import InputError
from conformance.base.jsonio import load_json
from conformance.base.versions import DATED_VERSIONS, VERSIONS
from conformance.sandbox.errors import ACCESS_DENIED, api_error, invalid_input
from conformance.sandbox.scopes import Caller
from conformance.sandbox.serving import files
from conformance.sandbox.serving.admin import Admin, AdminError
from conformance.sandbox.serving.clock import Pace
from conformance.sandbox.serving.execution import Executor, formatted
from conformance.sandbox.serving.http import (
    GRAPHQL_JSON,
    JSON,
    Answer,
    BodyTooLargeError,
    Request,
    media_type,
    read_request,
)
from conformance.sandbox.serving.tokens import Tokens
from conformance.sandbox.serving.webhooks import Webhooks
from conformance.sandbox.store import Store

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

LOG: Final = logging.getLogger("conformance.sandbox")


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


@dataclass
class SandboxApp:
    """An ASGI application. Everything that it knows is in `store`."""

    settings: Settings = field(default_factory=Settings)
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        self.admin = Admin(settings.seed, settings.version, wait_factor=settings.wait_factor, webhook=settings.webhook)
        self.store = self.admin.store
        self._executor = Executor()
        self._webhooks = Webhooks()
        self._tokens = Tokens(self.settings.client)
        self._pace = Pace(is_real=self.settings.has_real_clock)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self._pace.keep(self.move_on)
        try:
            answer = self.answer(await read_request(scope, receive))
        except BodyTooLargeError as error:
            answer = _refused(413, str(error))
        except Exception:
            LOG.exception("unforeseen exception")
            raise
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.wire_headers()})
        await send({"type": "http.response.body", "body": answer.body})

    def move_on(self) -> None:
        """Lets happen what the clock brings about, and tells webhooks of it."""
        self.admin.store.advance(self._pace.passed_s())
        self._webhooks.send(self.admin.store)

    def answer(self, request: Request) -> Answer:
        """The answer of one request; the state moves on by it."""
        self.move_on()
        if request.path.startswith("/_sandbox/"):
            return self._administer(request)
        self.store = self.admin.store
        self.store.address = files.address(request)
        self.store.tick()
        if request.path == "/token":
            answer = self._tokens.answer(request, self.store)
        elif request.path == "/graphql":
            answer = self._graphql(request)
        elif files.is_file(request.path):
            answer = files.answer(request, self.store)
        else:
            answer = _refused(404, "nothing answers at this path")
        self.store.settle()
        self.admin.note(request, answer)
        self._webhooks.send(self.store)
        if answer.status >= 400:
            LOG.warning("%s %s: HTTP %d", request.method[:10], request.path[:80], answer.status)
        return answer

    def _administer(self, request: Request) -> Answer:
        try:
            answer = Answer.of(self.admin.handle(request.method, request.path, request.body))
        except (AdminError, InputError, GraphQLError) as error:
            return Answer.of({"error": error.message}, status=400)
        self._webhooks.send(self.admin.store)
        return answer

    def _graphql(self, request: Request) -> Answer:
        version = request.header("x-api-version") or self.settings.version
        caller = self._tokens.caller(request.header("authorization"), self.store)
        refused = self._refuse(request, version, caller)
        if refused is not None or caller is None:
            return refused or _refused(401, "no access token")
        try:
            query, variables, name = _parameters(load_json(request.body, "the request"))
        except InputError as error:
            return _refused(400, error.problems[0].message)
        except _ParameterError as error:
            return _refused(400, str(error))
        return self._execute(request, version, caller, query, variables, name)

    def _refuse(self, request: Request, version: str, caller: Caller | None) -> Answer | None:
        """The answer to a request whose headers are not good; None when they are."""
        if request.method != "POST":
            return _refused(405, "only POST is documented", (("allow", "POST"),))
        if media_type(request.header("content-type")) != JSON:
            return _refused(415, f"the content type must be {JSON}")
        if caller is None:
            error = api_error(ACCESS_DENIED, "Access denied: the access token is missing, unknown or expired")
            challenge = (("www-authenticate", "Bearer"),)
            return Answer.of({"errors": [formatted(error)]}, status=401, headers=challenge)
        if version not in VERSIONS:
            return _refused(400, f"x-api-version must be one of {', '.join(VERSIONS)}")
        return None

    def _execute(
        self, request: Request, version: str, caller: Caller, query: str, variables: dict[str, Any], name: str | None
    ) -> Answer:
        is_graphql_json = GRAPHQL_JSON in request.header("accept")
        prepared = self._executor.prepare(version, query)
        if prepared.document is None:
            body: dict[str, Any] = {"errors": [formatted(error) for error in prepared.errors]}
        else:
            body = self._executor.run(self.store, version, prepared.document, variables, name, caller)
        if is_graphql_json:
            return Answer.of(body, status=200 if "data" in body else 400, content_type=GRAPHQL_JSON)
        return Answer.of(body)


class _ParameterError(ValueError):
    pass


def _parameters(body: Any) -> tuple[str, dict[str, Any], str | None]:
    """The parameters of GraphQL over HTTP."""
    _check_values(body)
    if not isinstance(body, dict):
        raise _ParameterError("the body must be a JSON object")
    query, name = body.get("query"), body.get("operationName")
    if not isinstance(query, str):
        raise _ParameterError("query must be a string")
    if name is not None and not isinstance(name, str):
        raise _ParameterError("operationName must be a string")
    for key in ("variables", "extensions"):
        if body.get(key) is not None and not isinstance(body[key], dict):
            raise _ParameterError(f"{key} must be an object")
    return query, body.get("variables") or {}, name


def _check_values(value: Any) -> None:
    """Raises for what JSON can say and an answer cannot repeat: half a surrogate pair, a number beyond doubles."""
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise _ParameterError("a text has half a surrogate pair")
    elif isinstance(value, float):
        if not isfinite(value):
            raise _ParameterError("a number is too large")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_values(key)
            _check_values(item)
    elif isinstance(value, list):
        for item in value:
            _check_values(item)


def _refused(status: int, reason: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """A request that was not understood."""
    return Answer.of({"errors": [formatted(invalid_input([reason]))]}, status=status, headers=headers)
