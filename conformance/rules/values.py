"""Reading values of unknown shape: a rule never fails over one that is of another kind; other rules report that."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from conformance.base.paths import JsonPath
from conformance.contract.leaves import DATE_TIME, holder_of

_MOMENT: Final[Any] = holder_of(DATE_TIME)
_T = TypeVar("_T")


def at(value: Any, *path: str | int) -> Any:
    """What stands at a path; None when nothing does."""
    for part in path:
        if isinstance(part, str):
            value = value.get(part) if type(value) is dict or isinstance(value, Mapping) else None
        else:
            value = value[part] if isinstance(value, list) and part < len(value) else None
    return value


def rows(value: Any, *path: str | int) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    """The objects of the list at a path, each with its whole path."""
    found = at(value, *path)
    for index, item in enumerate(found if isinstance(found, list) else ()):
        if isinstance(item, Mapping):
            yield (*path, index), item


def text(value: Any) -> str:
    """The value when it is a text, else empty."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> Decimal | None:
    """The value as a decimal when it is a finite JSON number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    made = Decimal(str(value))
    return made if made.is_finite() else None


def total(values: Iterable[Any]) -> Decimal | None:
    """The sum; None when one of them is no number."""
    result = Decimal(0)
    for value in values:
        part = number(value)
        if part is None:
            return None
        result += part
    return result


def instant(value: Any) -> datetime.datetime | None:
    """The moment that an ISO 8601 text with a zone names, to the microsecond, as the decoder of answers reads it."""
    if not isinstance(value, str) or not value:
        return None
    try:
        found: datetime.datetime = msgspec.convert((value,), _MOMENT).value
    except (msgspec.ValidationError, UnicodeEncodeError):
        pass
    else:
        return found
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def repeated(keys: Iterable[tuple[JsonPath, _T]]) -> Iterator[tuple[JsonPath, _T]]:
    """The places whose key an earlier place has; keys are hashable."""
    seen: set[_T] = set()
    for path, key in keys:
        if key in seen:
            yield path, key
        seen.add(key)


def alias_key(alias: Any) -> tuple[str, str] | None:
    """Type and id of an alias; None when one of the two is missing."""
    kind, name = text(at(alias, "aliasType")), text(at(alias, "aliasId"))
    return (kind, name) if kind and name else None


def alias_rows(value: Any, *path: str | int) -> Iterator[tuple[JsonPath, tuple[str, str]]]:
    """The whole aliases of a list, with their paths."""
    for place, alias in rows(value, *path):
        key = alias_key(alias)
        if key is not None:
            yield place, key
