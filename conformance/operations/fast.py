"""The fast path: a selection made into types of msgspec, so that one decode in C parses an answer and proves it clean.

A decoder accepts an answer if and only if the precise path has nothing to report (but for numbers like `1.0` where a
whole number belongs: there it refuses, and the precise path accepts). What the types cannot say is asked of the
precise path for that part of the answer alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, TypeAlias

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
from conformance.operations.precise import Walker
from conformance.operations.selection import TYPENAME, FieldPlan, ObjectPlan, Variant

AnswerDecoder: TypeAlias = Callable[[bytes], object]

MAX_STRUCT_FIELDS: Final = 2000


class _Checked:
    """Base of the types whose values are checked by a function, not by the decoder."""

    __slots__ = ()


class DecoderBuilder:
    """Builds the types of one answer. `hooks` are the checks that the decoder has to call back for."""

    def __init__(self) -> None:
        self.hooks: dict[type, Callable[[Any], bool]] = {}
        self._instances: dict[type, Any] = {}
        self._objects: dict[int, Any] = {}
        self._structs: dict[tuple[Any, ...], Any] = {}
        self._count = 0

    def hook(self, type_: type, value: Any) -> Any:
        """msgspec's `dec_hook`: the value is refused by raising ValueError."""
        if self.hooks[type_](value):
            return self._instances[type_]
        raise ValueError("refused")

    def object_type(self, plan: ObjectPlan) -> Any:
        """The type of an object that is not null."""
        known = self._objects.get(id(plan))
        if known is None:
            known = self._objects[id(plan)] = self._object_type(plan)
        return known

    def _object_type(self, plan: ObjectPlan) -> Any:
        if not plan.is_abstract:
            return self._struct(plan.variants[0])
        if plan.typename_key:
            types = [self._struct(variant, plan.typename_key) for variant in plan.variants]
            if len(types) == 1:
                return self._struct(plan.variants[0])
            union = types[0]
            for type_ in types[1:]:
                union |= type_
            return union
        if len(plan.candidates) == 1:
            return self._struct(plan.candidates[0])
        return self._alternatives(plan.candidates)

    def _alternatives(self, candidates: tuple[Variant, ...]) -> Any:
        """An object whose type nothing tells: it is clean when it is clean as one of the candidates."""
        by_keys: dict[frozenset[str], list[Any]] = {}
        for variant in candidates:
            struct = self._struct(variant)
            known = by_keys.setdefault(frozenset(variant.by_key), [])
            if struct not in known:
                known.append(struct)

        def check(value: Any) -> bool:
            if type(value) is not dict:
                return False
            for struct in by_keys.get(frozenset(value), ()):
                try:
                    msgspec.convert(value, struct, dec_hook=self.hook)
                except msgspec.ValidationError:
                    continue
                return True
            return False

        return self._checked(check)

    def _struct(self, variant: Variant, tag_key: str = "") -> Any:
        fields = [(field.key, self._field_type(field, variant)) for field in variant.fields if field.key != tag_key]
        if len(fields) > MAX_STRUCT_FIELDS:
            return self._checked(_object_check(variant))
        shape = (variant.type_name if tag_key else "", tag_key, tuple(fields))
        struct = self._structs.get(shape)
        if struct is None:
            self._count += 1
            struct = msgspec.defstruct(
                f"Object{self._count}",
                [(f"f{index}", type_) for index, (_, type_) in enumerate(fields)],
                rename={f"f{index}": key for index, (key, _) in enumerate(fields)},
                tag_field=tag_key or None,
                tag=variant.type_name if tag_key else None,
                forbid_unknown_fields=True,
                gc=False,
            )
            self._structs[shape] = struct
        return struct

    def _field_type(self, field: FieldPlan, variant: Variant) -> Any:
        if field.name == TYPENAME:
            return str if variant.any_name else Literal[variant.type_name]
        if field.opaque or (field.leaf is not None and field.leaf.kind == "any"):
            type_: Any = Any
        elif field.child is not None:
            type_ = self.object_type(field.child)
        else:
            type_ = self.leaf_type(field.leaf) if field.leaf is not None else Any
        levels = field.nullable
        if levels[-1] and type_ is not Any:
            type_ = type_ | None
        for level in range(len(levels) - 2, -1, -1):
            type_ = list[type_]
            limit = field.fact.limit if level == 0 else None
            if limit is not None and (limit.min_items is not None or limit.max_items is not None):
                type_ = Annotated[type_, msgspec.Meta(min_length=limit.min_items, max_length=limit.max_items)]
            if levels[level]:
                type_ = type_ | None
        return type_

    def leaf_type(self, leaf: Leaf) -> Any:
        """The type of a leaf that is not null."""
        simple = simple_leaf_type(leaf)
        return simple if simple is not None else self._checked(lambda value: accepts(leaf, value))

    def _checked(self, check: Callable[[Any], bool]) -> Any:
        type_ = type("Checked", (_Checked,), {"__slots__": ()})
        self.hooks[type_] = check
        self._instances[type_] = type_()
        return type_


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


def _object_check(variant: Variant) -> Callable[[Any], bool]:
    plan = ObjectPlan(variant.type_name, (variant,))

    def check(value: Any) -> bool:
        if type(value) is not dict:
            return False
        walker = Walker()
        walker.object(plan, value, ())
        return not walker.findings

    return check


def decoder_for(plan: ObjectPlan) -> AnswerDecoder | None:
    """A decoder of whole answers `{"data": …, "extensions": …}` without errors. None when the types cannot be made."""
    builder = DecoderBuilder()
    try:
        data = builder.object_type(plan)
        envelope = msgspec.defstruct(
            "Answer",
            [("data", data), ("extensions", dict[str, Any] | msgspec.UnsetType, msgspec.UNSET)],
            forbid_unknown_fields=True,
            gc=False,
        )
        hook = builder.hook if builder.hooks else None
        return msgspec.json.Decoder(envelope, dec_hook=hook).decode
    except (TypeError, RecursionError):
        # msgspec refuses some unions; the precise path judges these selections alone.
        return None
