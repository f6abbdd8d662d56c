"""A leaf as a type of msgspec, for answers and for variables alike."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import msgspec

from conformance.contract.facts import Limit
from conformance.contract.leaves import (
    INT_RANGE,
    LONG_RANGE,
    PATTERN_FORMATS,
    TYPED_FORMATS,
    Leaf,
    accepts,
    pattern_of,
)


def simple_leaf_type(leaf: Leaf) -> Any:
    """The type that says all of a leaf, None when there is no such type."""
    if leaf.members is not None:
        members = sorted(member for member in leaf.members if accepts(leaf, member))
        return Literal[tuple(members)] if members else None
    limit = leaf.limit
    if leaf.is_string:
        return _string_type(leaf.format, limit)
    if leaf.kind == "boolean":
        return bool
    if leaf.kind in ("int", "long"):
        low, high = INT_RANGE if leaf.kind == "int" else LONG_RANGE
        if limit is not None and limit.min is not None:
            low = max(low, math.ceil(limit.min))
        if limit is not None and limit.max is not None:
            high = min(high, math.floor(limit.max))
        return Annotated[int, msgspec.Meta(ge=low, le=high)]
    if limit is not None and (limit.min is not None or limit.max is not None):
        return Annotated[float, msgspec.Meta(ge=limit.min, le=limit.max)]
    return float


def _string_type(form: str, limit: Limit | None) -> Any:
    patterns = []
    if limit is not None and limit.pattern and pattern_of(limit.pattern) is not None:
        patterns.append(limit.pattern)
    bounded = limit is not None and (limit.min_length is not None or limit.max_length is not None)
    if form in TYPED_FORMATS:
        return None if patterns or bounded else TYPED_FORMATS[form]
    if form in PATTERN_FORMATS:
        patterns.append(PATTERN_FORMATS[form])
    if len(patterns) > 1:
        return None
    if not patterns and not bounded:
        return str
    meta = msgspec.Meta(
        pattern=patterns[0] if patterns else None,
        min_length=limit.min_length if limit else None,
        max_length=limit.max_length if limit else None,
    )
    return Annotated[str, meta]
