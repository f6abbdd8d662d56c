"""Whether a caller may have an operation at all: how often it called, and its scopes."""

from __future__ import annotations

from graphql import GraphQLError

from conformance.sandbox.context import Context
from conformance.sandbox.errors import ACCESS_DENIED, THROTTLING, api_error


def admit(context: Context, root_type: str, operation: str) -> None:
    """Raises the documented error for a caller that calls too often, or whose token lacks a scope of the operation."""
    throttle = context.store.throttle
    if throttle is not None and not throttle.takes(context.caller.client, context.store.now):
        raise throttled()
    if not context.caller.scopes.issuperset(context.contract.fact(root_type, operation).scopes):
        raise no_access()


def no_access() -> GraphQLError:
    """The documented AccessDeniedError."""
    return api_error(ACCESS_DENIED, "You do not have sufficient access to perform this action.")


def throttled(message: str = "Too many requests, retry with exponential backoff.") -> GraphQLError:
    """The documented ThrottlingError; its text is ours."""
    return api_error(THROTTLING, message)
