"""The documented error model: `extensions.classification` of each error of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from graphql import GraphQLError

VALIDATION: Final = "ValidationError"
ACCESS_DENIED: Final = "AccessDeniedError"
NOT_FOUND: Final = "ResourceNotFoundError"
THROTTLING: Final = "ThrottlingError"
CONFLICT: Final = "ConflictError"
INTERNAL: Final = "InternalServerError"

UNSPECIFIED: Final = "UnspecifiedError"
"""The documented code of an input that is not valid in a way that has no code of its own."""

_PARTS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        VALIDATION: {"errorType": "ValidationException", "errorCode": 400},
        ACCESS_DENIED: {"errorType": "AccessDeniedException", "errorCode": 403},
        NOT_FOUND: {"errorType": "ResourceNotFoundException", "errorCode": 404},
        THROTTLING: {"errorType": "ThrottlingException", "errorCode": 429},
        CONFLICT: {"errorCode": 409},
        INTERNAL: {"errorCode": 500},
    }
)


def classification(type_: str, code: str = "", details: str = "") -> dict[str, Any]:
    """What goes under `extensions.classification`. Only a ValidationError has a code and details."""
    part: dict[str, Any] = {"type": type_}
    if code:
        part["code"] = code
        part["details"] = {"message": details} if details else {}
    return {**part, **_PARTS[type_]}


def api_error(type_: str, message: str, code: str = "") -> GraphQLError:
    """An error to raise from a resolver."""
    return GraphQLError(message, extensions={"classification": classification(type_, code, message if code else "")})


def invalid(code: str, message: str) -> GraphQLError:
    """A ValidationError with its code."""
    return api_error(VALIDATION, message, code)


def invalid_input(issues: list[str], code: str = UNSPECIFIED) -> GraphQLError:
    """The documented message of input validation: a pointer and a rule for each issue."""
    listed = ", ".join(issues)
    return invalid(code, f"Input request is not valid, the following issues were encountered: [{listed}]")


def generic_invalid() -> GraphQLError:
    """The form of input validation that names neither type nor code: downloadLink, and createUploadLink at first."""
    part = {"classification": dict(_PARTS[VALIDATION])}
    return GraphQLError("The input of the request is not valid. A retry is not likely to succeed.", extensions=part)


def not_simulated(operation: str) -> GraphQLError:
    """An operation of the contract that this sandbox does not do yet."""
    return api_error(INTERNAL, f"not simulated yet: {operation}")
