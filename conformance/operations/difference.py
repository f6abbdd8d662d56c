"""What makes two requests differ, in one sentence: for the message about a recording that was not found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.base.errors import InputError
from conformance.base.paths import JsonPath, format_path
from conformance.contract.model import Contract
from conformance.operations.envelope import GraphQLRequest
from conformance.operations.finding import shown
from conformance.operations.matching import normal_operation


def explain_difference(first: GraphQLRequest, second: GraphQLRequest, contract: Contract | None = None) -> str:
    """The first difference between two requests, with its path: `argument input.id of order: "b" instead of "a"`.

    `first` is what was expected (a recording), `second` what came. Empty when they ask for the same in the same form.
    """
    try:
        ours = normal_operation(first, contract)
    except InputError as error:
        return f"the first document cannot be read: {error}"
    try:
        theirs = normal_operation(second, contract)
    except InputError as error:
        return f"the second document cannot be read: {error}"
    difference = next(_differences(ours.tree, theirs.tree), "")
    if difference:
        return difference
    if (first.operation_name or "") != (second.operation_name or ""):
        return f"the operation name: {_name(second.operation_name)} instead of {_name(first.operation_name)}"
    if dict(first.variables or {}) != dict(second.variables or {}):
        return "only the form differs: values stand in the document in one and in variables in the other"
    return ""


def distance(first: GraphQLRequest, second: GraphQLRequest, contract: Contract | None = None) -> int:
    """How many differences two requests have. A document that cannot be read is far from everything."""
    try:
        ours, theirs = normal_operation(first, contract).tree, normal_operation(second, contract).tree
    except InputError:
        return 1_000_000
    return sum(1 for _ in _differences(ours, theirs))


def _name(name: str | None) -> str:
    return name or "none"


def _differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[str]:
    if first["operation"] != second["operation"]:
        yield f"the kind of operation: {second['operation']} instead of {first['operation']}"
    yield from _part_differences(first, second, ())


def _part_differences(first: Mapping[str, Any], second: Mapping[str, Any], at: tuple[str, ...]) -> Iterator[str]:
    """Differences of two fields, or of two fragments, and of what they select."""
    where = f" of {'.'.join(at)}" if at else ""
    for key, value, other in _unequal(first.get("arguments", {}), second.get("arguments", {})):
        for path, one, two in _value_differences(value, other, (key,)):
            yield f"argument {format_path(path)}{where}: {two} instead of {one}"
    if first.get("directives") != second.get("directives"):
        yield f"the directives{where} differ"
    ours, theirs = first.get("select", []), second.get("select", [])
    names, others = [_label(part) for part in ours], [_label(part) for part in theirs]
    if names != others:
        missing = [name for name in names if name not in others]
        extra = [name for name in others if name not in names]
        if extra or missing:
            for name in missing:
                yield f"the selection{where}: {name} is not selected"
            for name in extra:
                yield f"the selection{where}: {name} is selected beyond"
        else:
            yield f"the selection{where}: {', '.join(others)} instead of {', '.join(names)}"
    pairs = {_label(part): part for part in theirs}
    for part in ours:
        other = pairs.get(_label(part))
        if other is not None:
            yield from _part_differences(part, other, (*at, part.get("alias") or part.get("field") or _label(part)))


def _label(part: Mapping[str, Any]) -> str:
    if "field" in part:
        return f"{part['alias']}: {part['field']}" if "alias" in part else str(part["field"])
    return f"... {part['spread']}" if "spread" in part else f"... on {part.get('on', '')}".rstrip(" on")


_NOTHING = object()


def _unequal(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for key in sorted(first.keys() | second.keys()):
        one, two = first.get(key, _NOTHING), second.get(key, _NOTHING)
        if one is _NOTHING or two is _NOTHING or one != two:
            yield key, one, two


def _value_differences(first: Any, second: Any, path: JsonPath) -> Iterator[tuple[JsonPath, str, str]]:
    if isinstance(first, dict) and isinstance(second, dict):
        for key, one, two in _unequal(first, second):
            yield from _value_differences(one, two, (*path, key))
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for index, (one, two) in enumerate(zip(first, second, strict=True)):
            if one != two:
                yield from _value_differences(one, two, (*path, index))
    else:
        yield path, _shown(first), _shown(second)


def _shown(value: Any) -> str:
    return "nothing" if value is _NOTHING else shown(value)
