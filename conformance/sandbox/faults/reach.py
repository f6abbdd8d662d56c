"""Reaches the values of an answer by what the schema calls them, for the faults of business rules."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from graphql import get_named_type

from conformance.base.clock import timestamp
from conformance.sandbox.faults.model import Seen
from conformance.sandbox.faults.places import Place, pick, places

Holder: TypeAlias = dict[str, Any]


def fields(seen: Seen, *coordinates: str) -> Iterator[Place]:
    """The values of fields such as `Money.amount`, lists as a whole; without those that are null."""
    for place in places(seen):
        if not place.is_item and place.value is not None and str(place.fact.coordinate) in coordinates:
            yield place


def objects(seen: Seen, *types: str) -> Iterator[Holder]:
    """The objects of these types."""
    for place in places(seen):
        if isinstance(place.value, dict) and get_named_type(place.type).name in types:
            yield place.value


def one_of(seen: Seen, holders: Iterator[Holder], *keys: str) -> Holder | None:
    """One of the objects that have values under all these keys, by the seed; None when there is none."""
    found = [each for each in holders if all(each.get(key) is not None for key in keys)]
    return seen.random.choice(found) if found else None


def replaced(seen: Seen, coordinate: str, other: Callable[[Any], Any]) -> bool:
    """Puts another value into one field of this name; None from `other` leaves out a place."""
    found = [(place, made) for place in fields(seen, coordinate) if (made := other(place.value)) is not None]
    if not found:
        return False
    place, made = seen.random.choice(found)
    return place.put(made)


def doubled(seen: Seen, coordinate: str, key: str = "id") -> bool:
    """Answers one object of a list a second time."""
    place = pick(seen, (each for each in fields(seen, coordinate) if _with_key(each.value, key)))
    if place is None:
        return False
    item = seen.random.choice(_with_key(place.value, key))
    place.value.insert(seen.random.randrange(len(place.value) + 1), copy.deepcopy(item))
    return True


def same_key(seen: Seen, coordinate: str, key: str = "id") -> bool:
    """Gives one object of a list the id of another."""
    place = pick(seen, (each for each in fields(seen, coordinate) if len(_with_key(each.value, key)) > 1))
    if place is None:
        return False
    first, second = seen.random.sample(_with_key(place.value, key), 2)
    first[key] = copy.deepcopy(second[key])
    return True


def _with_key(value: Any, key: str) -> list[Holder]:
    """The objects of a list that have a value under the key."""
    return [each for each in value if isinstance(each, dict) and each.get(key)] if isinstance(value, list) else []


def moment(value: Any) -> datetime | None:
    """The moment that a text names; None for anything else."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def shifted(seen: Seen, value: Any, sign: int) -> str | None:
    """A time hours or days before (-1) or after (1) another; None when that is no time."""
    found = moment(value)
    return timestamp(found + sign * timedelta(hours=seen.random.randrange(1, 500))) if found is not None else None


def turned_round(seen: Seen, types: tuple[str, ...], first: str, second: str) -> bool:
    """Lets the second of two times of an object be before the first."""
    holder = one_of(seen, (each for each in objects(seen, *types) if moment(each.get(first))), first, second)
    if holder is None:
        return False
    holder[second] = shifted(seen, holder[first], -1)
    return True


def other_id(seen: Seen, value: Any) -> str:
    """The id of something else, in the form of this one."""
    return f"{str(value)[:-2]}{seen.random.randrange(10, 100)}x"


def other_than(seen: Seen, value: Any, *known: str) -> str:
    """One of the known values that is not this one."""
    return seen.random.choice([each for each in known if each != value])


def classified(seen: Seen) -> list[Holder]:
    """The classifications of the answer's errors that have a code."""
    errors = seen.body.get("errors") if isinstance(seen.body, dict) else None
    found = []
    for error in errors if isinstance(errors, list) else ():
        extensions = error.get("extensions") if isinstance(error, Mapping) else None
        one = extensions.get("classification") if isinstance(extensions, Mapping) else None
        if isinstance(one, dict) and isinstance(one.get("code"), str):
            found.append(one)
    return found
