"""Reaches the values of a request by what the schema calls them, for the faults of business rules."""

from __future__ import annotations

import copy
from typing import Any, TypeAlias

from conformance.selftest.clients import Sending, input_places

Given: TypeAlias = dict[str, Any]


def given(sending: Sending, *types: str) -> list[Given]:
    """The input objects of these types."""
    return [place.value for place in input_places(sending) if isinstance(place.value, dict) and place.named in types]


def one_given(sending: Sending, type_name: str, *keys: str) -> Given | None:
    """One of the input objects of a type that have values under all these keys; None when there is none."""
    found = [each for each in given(sending, type_name) if all(each.get(key) is not None for key in keys)]
    return sending.random.choice(found) if found else None


def put(sending: Sending, type_name: str, key: str, *values: Any) -> bool:
    """Sends one of the values under a key that one of the input objects of a type has."""
    holder = one_given(sending, type_name, key)
    if holder is None:
        return False
    holder[key] = sending.random.choice([each for each in values if each != holder[key]])
    return True


def left_out(sending: Sending, type_name: str, key: str) -> bool:
    """Leaves out a value, or sends null for it."""
    holder = one_given(sending, type_name, key)
    if holder is None:
        return False
    without(sending, holder, key)
    return True


def without(sending: Sending, holder: Given, key: str) -> None:
    """Takes a value out of an input object, or puts null there."""
    if sending.random.random() < 0.5:
        holder.pop(key, None)
    else:
        holder[key] = None


def repeated(sending: Sending, items: list[Any]) -> None:
    """Sends one of the items a second time."""
    items.insert(sending.random.randrange(len(items) + 1), copy.deepcopy(sending.random.choice(items)))


def other_text(sending: Sending, value: Any) -> str:
    """Another text of the same form."""
    return f"{value}-{sending.random.randrange(10, 100)}"


def rows(value: Any, *path: str) -> list[Given]:
    """The objects of the list at a path; none when there is no such list."""
    found = at(value, *path)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def at(value: Any, *path: str) -> Any:
    """What stands at a path; None when nothing does."""
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value
