"""The shape of a scenario file, held against its JSON Schema; faults are told in the words of a scenario's author."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs

from conformance.base.data import data_folder
from conformance.base.errors import Problem
from conformance.base.paths import JsonPath, format_path
from conformance.base.yamlio import YamlDocument

_SHOWN = 200
_STEP_KEYS = ("document", "event", "http", "outside")
"""What tells the kinds of step apart, in the order of the schema's alternatives."""


def shape_problems(document: YamlDocument) -> Iterator[Problem]:
    """Everything that the schema has against the document, in no certain order."""
    value = document.value
    if not isinstance(value, dict):
        yield Problem(document.position(()), "the file holds no mapping", "a scenario: scenario, title, interface, …")
        return
    for error in _validator().iter_errors(value):
        yield from _explain(error, document)


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((data_folder("scenarios") / "scenario.schema.json").read_bytes())
    return schema


@lru_cache(maxsize=1)
def _validator() -> Any:
    return jsonschema_rs.validator_for(_schema(), validate_formats=True)


def _explain(error: Any, document: YamlDocument) -> Iterator[Problem]:
    """A schema error in words. Of alternatives, the one that the author most likely meant is explained."""
    path = tuple(error.instance_path)
    kind = error.kind
    if context := getattr(kind, "context", None):
        for inner in _likeliest(context, _at(document.value, path)):
            yield from _explain(inner, document)
    elif unexpected := getattr(kind, "unexpected", None):
        for key in unexpected:
            yield _problem(document, (*path, key), f"unknown key {key!r}", fix=_near(key, _keys(error)))
    elif options := getattr(kind, "options", None):
        actual = _shown(_at(document.value, path))
        fix = _near(_at(document.value, path), options)
        yield _problem(document, path, f"unknown value {actual}", f"one of {', '.join(map(str, options))}", fix)
    elif (missing := getattr(kind, "property", None)) is not None:
        yield _problem(document, path, f"the key {missing!r} is missing")
    else:
        yield _problem(document, path, error.message if len(error.message) <= _SHOWN else error.message[:_SHOWN] + "…")


def _problem(document: YamlDocument, path: JsonPath, message: str, expected: str = "", fix: str = "") -> Problem:
    place = format_path(path)
    return Problem(document.position(path), f"{place}: {message}" if place else message, expected, fix)


def _likeliest(branches: list[list[Any]], value: Any) -> list[Any]:
    """A step is what its own key says, a request without one; a mapping where matchers go is a matcher."""
    if isinstance(value, Mapping) and "step" in value:
        return branches[next((index for index, key in enumerate(_STEP_KEYS) if key in value), 0)]
    return branches[-1]


def _keys(error: Any) -> Iterable[str]:
    """The keys that the schema knows where the error stands."""
    known: Iterable[str] = _at(_schema(), tuple(error.schema_path)[:-1]).get("properties", ())
    return known


def _near(given: Any, known: Iterable[Any]) -> str:
    found = difflib.get_close_matches(str(given), [str(item) for item in known], 1)
    return f"Did you mean {found[0]!r}?" if found else ""


def _at(value: Any, path: JsonPath) -> Any:
    for part in path:
        value = value[part]
    return value


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
