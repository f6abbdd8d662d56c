"""The parameters of GraphQL over HTTP: from the JSON of a POST, from the query string of a GET."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final
from urllib.parse import parse_qs

from conformance.base.jsonio import load_json
from conformance.sandbox.serving.http import Request

MAX_QUERY_FIELDS: Final = 20
MAX_PARTS: Final = 50_000
"""Commas and opening brackets of a body: about as many values as it has."""
_OBJECTS: Final = ("variables", "extensions")


class ParameterError(ValueError):
    """The parameters are not what GraphQL over HTTP wants; the text says why."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a request asks to be executed. Extensions have no meaning here, and are not kept."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None


def read_parameters(request: Request) -> Parameters:
    """The parameters of a request. Raises ParameterError or InputError."""
    given = _from_address(request.query) if request.method == "GET" else _from_body(request.body)
    _check_values(given)
    if not isinstance(given, dict):
        raise ParameterError("the body must be a JSON object")
    query, name = given.get("query"), given.get("operationName")
    if not isinstance(query, str):
        raise ParameterError("query must be a string")
    if name is not None and not isinstance(name, str):
        raise ParameterError("operationName must be a string")
    for key in _OBJECTS:
        if given.get(key) is not None and not isinstance(given[key], dict):
            raise ParameterError(f"{key} must be an object")
    return Parameters(query, given.get("variables") or {}, name)


def _from_body(body: bytes) -> Any:
    if sum(body.count(mark) for mark in (b",", b"[", b"{")) > MAX_PARTS:
        raise ParameterError(f"the body has more than {MAX_PARTS} parts")
    return load_json(body, "the request")


def _from_address(text: str) -> dict[str, Any]:
    """The parameters of a query string; `variables` and `extensions` are JSON there, and an empty name is none."""
    try:
        fields = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_QUERY_FIELDS)
    except ValueError as error:
        raise ParameterError("the query string cannot be read") from error
    if any(len(values) > 1 for values in fields.values()):
        raise ParameterError("a parameter is given twice")
    given: dict[str, Any] = {name: values[0] for name, values in fields.items()}
    for key in _OBJECTS:
        if key in given:
            given[key] = load_json(given[key], key) if given[key] else None
    return {**given, "operationName": given.get("operationName") or None}


def _check_values(value: Any) -> None:
    """Raises for what JSON can say and an answer cannot repeat: half a surrogate pair, a number beyond doubles."""
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise ParameterError("a text has half a surrogate pair")
    elif isinstance(value, float):
        if not isfinite(value):
            raise ParameterError("a number is too large")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_values(key)
            _check_values(item)
    elif isinstance(value, list):
        for item in value:
            _check_values(item)
