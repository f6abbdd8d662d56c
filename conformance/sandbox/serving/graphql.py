"""The endpoint /graphql: GraphQL over HTTP around the executor.

The documentation names POST, application/json and a bearer token, and says nothing about statuses. There GraphQL over
HTTP decides: 400 for what is no request, 415, 405; a refused document is 200 in application/json and 400 in
application/graphql-response+json. A GET may query, and never change anything: no page forbids it. A caller without a
valid token gets the documented AccessDeniedError with the status 401.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

from graphql import OperationType, get_operation_ast

from conformance.base.errors import InputError
from conformance.base.versions import VERSIONS
from conformance.sandbox.access import no_access
from conformance.sandbox.errors import ACCESS_DENIED, api_error, invalid_input
from conformance.sandbox.scopes import Caller
from conformance.sandbox.serving.execution import Executor, Prepared, formatted
from conformance.sandbox.serving.http import GRAPHQL_JSON, JSON, Answer, Request, answer_type, is_utf8, media_type
from conformance.sandbox.serving.log import LOG
from conformance.sandbox.serving.parameters import ParameterError, Parameters, read_parameters
from conformance.sandbox.serving.tokens import Tokens
from conformance.sandbox.store import Store
from conformance.traffic.model import Headers

METHODS: Final = ("GET", "POST")


class RefusedError(Exception):
    """The request is not executed; `answer` is what its sender gets."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class GraphqlEndpoint:
    """Answers requests to /graphql from a store.

    `version` is the contract of requests without x-api-version; `is_anonymous` lets requests without an Authorization
    header through, with every scope.
    """

    tokens: Tokens
    version: str
    is_anonymous: bool = False
    _executor: Executor = field(default_factory=Executor)

    def answer(self, request: Request, store: Store) -> Answer:
        """The answer of one request, in the media type that it asks for."""
        kind = answer_type(request.header("accept"))
        try:
            answer = self._answer(request, store, kind)
        except RefusedError as refused:
            answer = refused.answer
        if kind != JSON:
            headers = ((name, kind if name == "content-type" else value) for name, value in answer.headers)
            answer = replace(answer, headers=tuple(headers))
        return answer

    def _answer(self, request: Request, store: Store, kind: str) -> Answer:
        _check_form(request)
        caller = self._caller(request, store)
        version = request.header("x-api-version") or self.version
        if version not in VERSIONS:
            raise RefusedError(refusal(400, f"x-api-version must be one of {', '.join(VERSIONS)}"))
        parameters = _parameters(request)
        prepared = self._executor.prepare(version, parameters.query)
        if request.method == "GET" and _changes(prepared, parameters):
            raise RefusedError(refusal(405, "a mutation must be sent with POST", (("allow", "POST"),)))
        body = self._body(prepared, parameters, store, version, caller)
        is_executed = "data" in body
        if not is_executed:
            LOG.warning("%s /graphql: not executed", request.method)
        return Answer.of(body, status=200 if is_executed or kind != GRAPHQL_JSON else 400)

    def _caller(self, request: Request, store: Store) -> Caller:
        authorization = request.header("authorization")
        if self.is_anonymous and not authorization:
            return Caller()
        caller = self.tokens.caller(authorization, store)
        if caller is None:
            error = api_error(ACCESS_DENIED, "Access denied: the access token is missing, unknown or expired")
            challenge = (("www-authenticate", "Bearer"),)
            raise RefusedError(Answer.of({"errors": [formatted(error)]}, status=401, headers=challenge))
        if not self.tokens.is_target(request.header("x-api-target-id")):
            raise RefusedError(Answer.of({"errors": [formatted(no_access())]}, status=403))
        return caller

    def _body(
        self, prepared: Prepared, parameters: Parameters, store: Store, version: str, caller: Caller
    ) -> dict[str, Any]:
        if prepared.document is None:
            return {"errors": [formatted(error) for error in prepared.errors]}
        return self._executor.run(
            store, version, prepared.document, parameters.variables, parameters.operation_name, caller
        )


def refusal(status: int, reason: str, headers: Headers = ()) -> Answer:
    """The answer to a request that was not understood, in the documented error model."""
    return Answer.of({"errors": [formatted(invalid_input([reason]))]}, status=status, headers=headers)


def _check_form(request: Request) -> None:
    """Refuses a request whose method, media type or coding is not good."""
    if request.method not in METHODS:
        allowed = (("allow", ", ".join(METHODS)),)
        raise RefusedError(refusal(405, "the method must be POST, or GET for a query", allowed))
    if request.method == "GET":
        return
    content_type = request.header("content-type")
    if media_type(content_type) != JSON or not is_utf8(content_type):
        raise RefusedError(refusal(415, f"the content type must be {JSON}, in UTF-8"))
    if request.header("content-encoding").strip().lower() not in ("", "identity"):
        raise RefusedError(refusal(415, "the body must not be encoded"))


def _parameters(request: Request) -> Parameters:
    try:
        return read_parameters(request)
    except InputError as error:
        raise RefusedError(refusal(400, error.problems[0].message)) from error
    except ParameterError as error:
        raise RefusedError(refusal(400, str(error))) from error


def _changes(prepared: Prepared, parameters: Parameters) -> bool:
    """Is the operation that would be executed not a query?"""
    if prepared.document is None:
        return False
    operation = get_operation_ast(prepared.document, parameters.operation_name)
    return operation is not None and operation.operation is not OperationType.QUERY
