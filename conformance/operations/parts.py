"""Which parts of a decoded answer are clean: told in C, so that a walk over a faulty answer goes to the other parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import msgspec

from conformance.operations.selection import ObjectPlan

PartCheck: TypeAlias = Callable[[Any], bool]

LEAST_FIELDS: Final = 8
"""An object with fewer fields is walked: that takes no longer than to find out that it is not clean."""

_UNKNOWN: Final = object()


class Parts:
    """The checks of the objects of one selection; they go by the types that its decoder is made of.

    A check is one-sided: an object that passes has nothing to report, nor has anything below it, and keeps every proof
    that is built into the types. Nothing is said of another.
    """

    __slots__ = ("_checks", "_hook", "_type_of")

    def __init__(self, type_of: Callable[[ObjectPlan], Any], hook: Callable[[type, Any], Any] | None) -> None:
        self._type_of = type_of
        self._hook = hook
        self._checks: dict[ObjectPlan, PartCheck | None] = {}

    def check(self, plan: ObjectPlan) -> PartCheck | None:
        """The check of an object; None where walking it is as good."""
        known: Any = self._checks.get(plan, _UNKNOWN)
        if known is _UNKNOWN:
            known = self._checks[plan] = self._made(plan)
        made: PartCheck | None = known
        return made

    def _made(self, plan: ObjectPlan) -> PartCheck | None:
        if plan.is_abstract or not has_fields(plan, LEAST_FIELDS):
            return None
        try:
            type_ = self._type_of(plan)
        except (TypeError, RecursionError):
            return None
        return _check(type_, self._hook) if issubclass(type_, msgspec.Struct) else None


def has_fields(plan: ObjectPlan, least: int) -> bool:
    """Has an object, with what is below it, at least so many fields?"""
    return _missing(plan, least) <= 0


def _missing(plan: ObjectPlan, least: int) -> int:
    for variant in plan.variants[:1]:
        least -= len(variant.fields)
        for field in variant.fields:
            if least <= 0:
                return 0
            if field.child is not None:
                least = _missing(field.child, least)
    return least


def _check(type_: Any, hook: Callable[[type, Any], Any] | None) -> PartCheck:
    convert = msgspec.convert

    def is_clean(value: Any) -> bool:
        try:
            convert(value, type_, dec_hook=hook)
        except (msgspec.ValidationError, UnicodeEncodeError, RecursionError):
            return False
        return True

    return is_clean
