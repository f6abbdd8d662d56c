"""What rules across exchanges look at in an answered order, read in C, so that two answers can be held together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from conformance.operations.proofs import MAX_LISTS, Path, UnprovableError, attribute, attributes
from conformance.operations.selection import ObjectPlan
from conformance.rules.memory import COURSE

CourseReader: TypeAlias = Callable[[bytes], object]
"""Reads the course of the order in an answer; None where there is no order.

Another answer to the same selection with an equal course shows nothing new.
"""


def course_reader(plan: ObjectPlan) -> CourseReader | None:
    """The reader for clean answers to a selection; None for anything but one order, whose course they show."""
    fields = plan.variants[0].fields
    child = fields[0].child if fields else None
    if plan.is_abstract or len(fields) != 1 or fields[0].name != "order" or child is None:
        return None
    try:
        course = _type_of(child, COURSE)
    except UnprovableError:
        return None
    if course is None:
        return None
    data = msgspec.defstruct("Data", [("order", course | None)], rename={"order": fields[0].key}, gc=False)
    decode = msgspec.json.Decoder(msgspec.defstruct("CourseAnswer", [("data", data)], gc=False)).decode
    return lambda body: decode(body).data.order  # type: ignore[attr-defined]


def _type_of(plan: ObjectPlan, paths: tuple[Path, ...]) -> Any:
    """The type of an object with what stands at the paths alone; None where nothing of that is selected."""
    fields: list[tuple[str, Any]] = []
    keys: dict[str, str] = {}
    known = attributes(plan)
    for name in dict.fromkeys(path[0] for path in paths):
        if not isinstance(name, str) or name not in known:
            continue
        _, field = known[name]
        if field.opaque or len(field.nullable) > MAX_LISTS + 1:
            raise UnprovableError
        type_: Any = Any
        if field.child is not None:
            below = _type_of(field.child, tuple(path[1:] for path in paths if path[0] == name and len(path) > 1))
            if below is None:
                continue
            type_ = below | None
            if len(field.nullable) > 1:
                type_ = list[type_] | None
        keys[attribute(len(fields))] = field.key
        fields.append((attribute(len(fields)), type_))
    return msgspec.defstruct("Course", fields, rename=keys, gc=False) if fields else None
