"""How each value of `findings.model` is written in JSON: one table, read by the writer and by the reader.

The reader checks every field of the table, reports all faults with their path, and passes over keys that the table does
not have.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

from conformance.base.errors import SourcePosition
from conformance.base.paths import JsonPath
from conformance.findings.model import (
    Blame,
    CaseResult,
    ContractSummary,
    Coverage,
    Erratum,
    Finding,
    Grade,
    Level,
    RuleProof,
    RunResult,
    StepResult,
    Verdict,
)

Faults: TypeAlias = list[tuple[JsonPath, str, str]]
"""(where, what is wrong, what was expected)."""
Reader: TypeAlias = Callable[[Any, JsonPath, Faults], Any]
Shape: TypeAlias = "tuple[Field, ...]"

MAX_SHOWN_DEPTH = 200
_FAULTY: Any = object()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a value: its name, which is its JSON key, how it is written and read, the default that is left out."""

    name: str
    write: Callable[[Any], Any]
    read: Reader
    default: Any = _FAULTY
    """Without one the key is required."""


def encode(value: Any, shape: Shape) -> dict[str, Any]:
    """The JSON object of a value, defaults left out."""
    result: dict[str, Any] = {}
    for field in shape:
        item = getattr(value, field.name)
        if field.default is _FAULTY or item != field.default:
            result[field.name] = field.write(item)
    return result


def decode(value: Any, shape: Shape, at: JsonPath, faults: Faults) -> dict[str, Any] | None:
    """The fields of a JSON object, or None after naming its faults in `faults`."""
    if not isinstance(value, dict):
        faults.append((at, _kind(value), "an object"))
        return None
    result: dict[str, Any] = {}
    is_whole = True
    for field in shape:
        if field.name not in value:
            if field.default is _FAULTY:
                faults.append((at, f"the key {field.name!r} is missing", "every required key"))
                is_whole = False
            continue
        item = field.read(value[field.name], (*at, field.name), faults)
        if item is _FAULTY:
            is_whole = False
        else:
            result[field.name] = item
    return result if is_whole else None


def decode_list(value: dict[str, Any], key: str, shape: Shape, faults: Faults) -> list[dict[str, Any]]:
    """The objects of the list at `key`; none when the key is absent."""
    items = value.get(key, [])
    if not isinstance(items, list):
        faults.append(((key,), _kind(items), "a list"))
        return []
    decoded = (decode(item, shape, (key, index), faults) for index, item in enumerate(items))
    return [item for item in decoded if item is not None]


def dump(value: Any) -> bytes:
    """One line of JSON in UTF-8. What JSON cannot say (NaN, bytes, deep nesting) is written as a text that shows it."""
    try:
        return _dump(value)
    except (TypeError, ValueError, RecursionError):
        return _dump(_sayable(value, 0))


def _dump(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_other)
    try:
        return text.encode()
    except UnicodeEncodeError:  # a lone surrogate, as "\ud800" in an answer gives it
        return json.dumps(value, separators=(",", ":"), allow_nan=False, default=_other).encode()


def _other(value: Any) -> Any:
    if isinstance(value, Decimal) and value.is_finite():
        number = float(value)
        if Decimal(repr(number)) == value:
            return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else number
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _sayable(value: Any, depth: int) -> Any:
    if depth > MAX_SHOWN_DEPTH:
        return "…"
    if isinstance(value, dict):
        return {str(key): _sayable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_sayable(item, depth + 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"


def _same(value: Any) -> Any:
    return value


def _any(value: Any, _at: JsonPath, _faults: Faults) -> Any:
    return value


def _text(value: Any, at: JsonPath, faults: Faults) -> Any:
    if isinstance(value, str):
        return value
    faults.append((at, _kind(value), "a string"))
    return _FAULTY


def _number(value: Any, at: JsonPath, faults: Faults) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    faults.append((at, _kind(value), "a number"))
    return _FAULTY


def _whole(value: Any, at: JsonPath, faults: Faults) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    faults.append((at, _kind(value), "a whole number"))
    return _FAULTY


def _one_of(names: dict[str, Enum]) -> Reader:
    expected = "one of " + ", ".join(names)

    def read(value: Any, at: JsonPath, faults: Faults) -> Any:
        if isinstance(value, str) and value in names:
            return names[value]
        faults.append((at, repr(value) if isinstance(value, str) else _kind(value), expected))
        return _FAULTY

    return read


def _items(read_item: Reader) -> Reader:
    def read(value: Any, at: JsonPath, faults: Faults) -> Any:
        if not isinstance(value, list):
            faults.append((at, _kind(value), "a list"))
            return _FAULTY
        items = tuple(read_item(item, (*at, index), faults) for index, item in enumerate(value))
        return _FAULTY if any(item is _FAULTY for item in items) else items

    return read


def _pairs(read_item: Reader) -> Reader:
    def read(value: Any, at: JsonPath, faults: Faults) -> Any:
        if not isinstance(value, dict):
            faults.append((at, _kind(value), "an object"))
            return _FAULTY
        pairs = tuple((key, read_item(item, (*at, key), faults)) for key, item in value.items())
        return _FAULTY if any(item is _FAULTY for _, item in pairs) else pairs

    return read


def _made(cls: Callable[..., Any], shape: Shape) -> Reader:
    def read(value: Any, at: JsonPath, faults: Faults) -> Any:
        fields = decode(value, shape, at, faults)
        return _FAULTY if fields is None else cls(**fields)

    return read


def _path_part(value: Any, at: JsonPath, faults: Faults) -> Any:
    return _whole(value, at, faults) if isinstance(value, int) else _text(value, at, faults)


def _statement(value: Any, at: JsonPath, faults: Faults) -> Any:
    pair = _items(_text)(value, at, faults)
    if pair is _FAULTY or len(pair) == 2:
        return pair
    faults.append((at, f"a list of {len(pair)}", "a page slug and what the page says"))
    return _FAULTY


def _list(shape: Shape) -> Callable[[Iterable[Any]], list[Any]]:
    return lambda values: [encode(value, shape) for value in values]


def _object(shape: Shape) -> Callable[[Any], Any]:
    return lambda value: encode(value, shape)


def _string(name: str, default: Any = "") -> Field:
    return Field(name, _same, _text, default)


def _enum(name: str, cls: type[Enum], default: Any = _FAULTY, *, by_name: bool = False) -> Field:
    if by_name:
        return Field(name, lambda member: member.name, _one_of({member.name: member for member in cls}), default)
    return Field(name, lambda member: member.value, _one_of({str(member.value): member for member in cls}), default)


POSITION: Shape = (_string("file", _FAULTY), Field("line", _same, _whole, 0), Field("column", _same, _whole, 0))

FINDING: Shape = (
    _string("rule", _FAULTY),
    _enum("verdict", Verdict, by_name=True),
    _string("message", _FAULTY),
    _enum("level", Level, Level.MUST),
    _enum("blame", Blame, Blame.TARGET),
    _string("origin", "response"),
    Field("path", list, _items(_path_part), ()),
    _string("coordinate"),
    _string("expected"),
    _string("actual"),
    _enum("grade", Grade, Grade.SPECIFICATION),
    _string("source"),
    Field("position", _object(POSITION), _made(SourcePosition, POSITION), None),
    _string("fix"),
    _string("waived"),
)

STEP: Shape = (
    _string("step", _FAULTY),
    Field("findings", _list(FINDING), _items(_made(Finding, FINDING)), ()),
    _string("operation"),
    _string("document"),
    Field("variables", _same, _any, None),
    Field("response", _same, _any, None),
    Field("status", _same, _whole, None),
    Field("elapsed_ms", _same, _number, 0.0),
    _string("kind", "operation"),
    _string("skipped"),
)

CASE: Shape = (
    _string("case_id", _FAULTY),
    _string("scenario", _FAULTY),
    _string("version", _FAULTY),
    _string("interface", _FAULTY),
    _string("title"),
    _string("target"),
    Field("profiles", list, _items(_text), ()),
    Field("tags", list, _items(_text), ()),
    _string("source"),
    _string("example"),
    _string("file"),
    Field("steps", _list(STEP), _items(_made(StepResult, STEP)), ()),
    Field("findings", _list(FINDING), _items(_made(Finding, FINDING)), ()),
    Field("errata", list, _items(_text), ()),
    Field("evidence", dict, _pairs(_whole), ()),
    _string("skipped"),
    Field("elapsed_ms", _same, _number, 0.0),
)

ERRATUM: Shape = (
    _string("id", _FAULTY),
    _string("title", _FAULTY),
    Field("statements", lambda pairs: [list(pair) for pair in pairs], _items(_statement), ()),
    _string("choice"),
    _string("why"),
)

CONTRACT: Shape = (_string("version", _FAULTY), _string("digest", _FAULTY), Field("grades", dict, _pairs(_whole), ()))

PROOF: Shape = (
    _string("rule", _FAULTY),
    _string("title", _FAULTY),
    _enum("level", Level, Level.MUST),
    Field("mutants", _same, _whole, 0),
    Field("killed", _same, _whole, 0),
    Field("faults", list, _items(_text), ()),
    _string("unprovable"),
)

COVERAGE: Shape = (
    _string("kind", _FAULTY),
    _string("version", _FAULTY),
    Field("total", _same, _whole, _FAULTY),
    Field("asserted", _same, _whole, _FAULTY),
    Field("passed", _same, _whole, _FAULTY),
    Field("missing", list, _items(_text), ()),
)

HEADER: Shape = (
    _string("run_id", _FAULTY),
    _string("started_at", _FAULTY),
    _string("suite_version", _FAULTY),
    _string("target", _FAULTY),
    _string("selection"),
    Field("environment", dict, _pairs(_text), ()),
)

FOOTER: Shape = (_string("finished_at"), Field("elapsed_ms", _same, _number, 0.0))

SHAPES: tuple[tuple[type, Shape], ...] = (
    (Finding, FINDING),
    (StepResult, STEP),
    (CaseResult, CASE),
    (Erratum, ERRATUM),
    (ContractSummary, CONTRACT),
    (RuleProof, PROOF),
    (Coverage, COVERAGE),
    (RunResult, (*HEADER, *FOOTER)),
)
"""The table of each class; a test holds it to the fields of the model."""
