"""Null propagation: where the paths of errors lead in the selection and in the data."""

from __future__ import annotations

from typing import Any

from conformance.base.paths import JsonPath
from conformance.findings.model import Finding
from conformance.operations.errormodel import error_paths, path_text
from conformance.operations.finding import found, kind_shown, listed, shown
from conformance.operations.selection import ObjectPlan


def judge_error_paths(plan: ObjectPlan, data: Any, errors: Any) -> list[Finding]:
    """Does every error's path lead along the selection, to a null in the data?

    Partial data is documented: `inventoryItem` answers an object with a null inside, and an error whose path names
    the operation. So an error may also stand above the null that it explains.
    """
    findings: list[Finding] = []
    for index, path in error_paths(errors):
        fault = _off_selection(plan, path)
        at: JsonPath = ("errors", index, "path")
        if fault is not None:
            part, expected = fault
            findings.append(
                found(
                    "ERR-008",
                    f"the path {path_text(path)} leaves the selection at {shown(path[part])}",
                    path=(*at, part),
                    expected=expected,
                    actual=shown(path[part]),
                    fix="Use response keys: the alias where a field has one, and an index for each list",
                )
            )
            continue
        value, reached = _follow(data, path)
        if reached < len(path) and value is not None:
            findings.append(
                found(
                    "ERR-008",
                    f"the path {path_text(path)} leads nowhere in the data",
                    path=(*at, reached),
                    expected="a place of the answer, or below a null",
                    actual=f"{shown(path[reached])} of {kind_shown(value)}",
                )
            )
        elif value is not None and not _has_null(value):
            findings.append(
                found(
                    "ERR-009",
                    f"the error's path {path_text(path)} leads to {kind_shown(value)}",
                    path=at,
                    expected="null there, or inside it",
                    actual=kind_shown(value),
                    fix="Answer null for a field that failed",
                )
            )
    return findings


def _off_selection(plan: ObjectPlan, path: JsonPath) -> tuple[int, str] | None:
    """The part of a path that the selection has no place for, and what belongs there."""
    plans: list[ObjectPlan] = [plan]
    lists = 0
    opaque = False
    for position, part in enumerate(path):
        if lists:
            if isinstance(part, str):
                return position, "an index"
            lists -= 1
            continue
        if opaque:
            return None
        fields = [
            field
            for one in plans
            for variant in (*one.variants, *([one.common] if one.common else []))
            for field in variant.fields
            if field.key == part
        ]
        if not fields:
            keys = sorted({key for one in plans for key in one.allowed})
            return position, f"one of {listed(keys)}" if keys else "the end of the path"
        lists = len(fields[0].nullable) - 1
        plans = [field.child for field in fields if field.child is not None]
        opaque = any(field.opaque or (field.leaf is not None and field.leaf.kind == "any") for field in fields)
    return None


def _follow(data: Any, path: JsonPath) -> tuple[Any, int]:
    """The value that a path leads to, and how many of its parts could be followed."""
    value = data
    for position, part in enumerate(path):
        if value is None:
            return None, position
        if isinstance(part, str):
            is_there = isinstance(value, dict) and part in value
        else:
            is_there = isinstance(value, list) and 0 <= part < len(value)
        if is_there:
            value = value[part]
        else:
            return value, position
    return value, len(path)


def _has_null(value: Any) -> bool:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if item is None:
            return True
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return False
