"""What a leaf value has to be: the scalar's kind, the enum's members, the table of values, the format, the bounds.

One description serves three readers: the walker over an answer, the compiled decoder, and the judge of input values.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Final

import msgspec
from graphql import GraphQLEnumType, GraphQLNamedType

from conformance.contract.facts import Fact, Limit
from conformance.contract.model import Contract
from conformance.findings.model import Grade

INT_RANGE: Final = (-(2**31), 2**31 - 1)
LONG_RANGE: Final = (-(2**63), 2**63 - 1)
DATE_TIME: Final = Annotated[datetime.datetime, msgspec.Meta(tz=True)]

KINDS: Final[Mapping[str, str]] = {
    "String": "string",
    "ID": "id",
    "Int": "int",
    "Long": "long",
    "Float": "float",
    "Decimal": "decimal",
    "Boolean": "boolean",
    "Unknown": "any",
}
"""Scalar to the kind of its values. Any other scalar: anything goes."""

TYPED_FORMATS: Final[Mapping[str, Any]] = {"date-time": DATE_TIME, "date": datetime.date, "uuid": uuid.UUID}
"""Formats that the decoder itself reads."""


def holder_of(type_: Any) -> type[msgspec.Struct]:
    """A record of one value. To convert `(value,)` to it takes a third of the time that the bare type takes."""
    return msgspec.defstruct("Holder", [("value", type_)], array_like=True, gc=False)


_HOLDERS: Final[Mapping[str, type[msgspec.Struct]]] = {name: holder_of(type_) for name, type_ in TYPED_FORMATS.items()}

_OTHER_DATE_TIME: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[Tt ](?P<minute>\d\d:\d\d)(?::(?:[0-5]\d|60)(?:[.,]\d+)?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)",
    re.ASCII,
)

PATTERN_FORMATS: Final[Mapping[str, str]] = {
    "email": r"\A[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+[.][A-Za-z]{2,}\Z",
    "uri": r"\A[A-Za-z][A-Za-z0-9+.-]*:[^\s]+\Z",
    "country-code": r"\A[A-Z]{2}\Z",
    "currency-code": r"\A[A-Z]{3}\Z",
}
FORMAT_TEXTS: Final[Mapping[str, str]] = {
    "date-time": "ISO 8601 date and time with a zone, like 2024-11-01T10:00:00Z",
    "date": "ISO 8601 date, like 2024-11-01",
    "uuid": "UUID",
    "email": "e-mail address",
    "uri": "absolute URI",
    "country-code": "two-letter ISO 3166 country code",
    "currency-code": "three-letter ISO 4217 currency code",
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a leaf of one type at one place of the contract has to be.

    `members` are an enum's members, or the values of a table for a String; None: not restricted. `table` names the
    table, empty for an enum. `is_open`: others may come. `members_partial` says why the members might not be all.
    """

    type_name: str
    kind: str
    members: frozenset[str] | None = None
    table: str = ""
    is_open: bool = False
    members_grade: Grade = Grade.SPECIFICATION
    members_source: str = ""
    members_partial: str = ""
    format: str = ""
    limit: Limit | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The members in alphabetical order."""
        return _sorted_names(self.members or frozenset())

    @property
    def is_string(self) -> bool:
        """Is a value of this leaf a JSON string?"""
        return self.kind in ("string", "id", "enum")


@lru_cache(maxsize=1024)
def _sorted_names(members: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(members))


def leaf_of(contract: Contract, type_: GraphQLNamedType, fact: Fact) -> Leaf:
    """The description of a leaf type where `fact` (of the field, input field or argument) says more about it."""
    name = type_.name
    type_fact = contract.fact(name)
    if isinstance(type_, GraphQLEnumType):
        members = frozenset(type_.values)
        return Leaf(
            name,
            "enum",
            members,
            members_grade=type_fact.grade,
            members_source=type_fact.source,
            members_partial=type_fact.partial,
        )
    kind = KINDS.get(name, "any")
    form = fact.format or type_fact.format
    if kind == "any" and form in FORMAT_TEXTS:
        kind = "string"
    if not fact.values or kind not in ("string", "id"):
        return Leaf(name, kind, format=form, limit=fact.limit)
    table = contract.value_table(fact.values)
    partial = contract.fact(fact.values).partial
    return Leaf(
        name,
        kind,
        table.values,
        table.name,
        table.is_open,
        table.grade,
        table.source,
        partial,
        form,
        fact.limit,
    )


@lru_cache(maxsize=1024)
def pattern_of(text: str) -> re.Pattern[str] | None:
    """A contract's regular expression; None for one that Python does not read."""
    try:
        return re.compile(text)
    except re.error:
        return None


def is_number(value: Any) -> bool:
    """Is it a JSON number?"""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_integral(value: Any) -> bool:
    """Is it a JSON number without a fraction? `1.0` is one, as JSON makes no difference."""
    return type(value) is int or (type(value) is float and value.is_integer())


def kind_fits(leaf: Leaf, value: Any) -> bool:
    """Is the value of the JSON kind of an answer's leaf? Ranges, members and formats are other questions."""
    match leaf.kind:
        case "string" | "id" | "enum":
            return isinstance(value, str)
        case "int" | "long":
            return is_integral(value)
        case "float" | "decimal":
            return is_number(value)
        case "boolean":
            return isinstance(value, bool)
        case _:
            return True


def in_range(leaf: Leaf, value: Any) -> bool:
    """Does an integer fit its scalar?"""
    if leaf.kind == "int":
        return bool(INT_RANGE[0] <= value <= INT_RANGE[1])
    if leaf.kind == "long":
        return bool(LONG_RANGE[0] <= value <= LONG_RANGE[1])
    return True


def format_fits(form: str, text: str) -> bool:
    """Has a string its documented format? An unknown format is never broken.

    The pages say ISO 8601 and no more, so a date and time may leave its seconds out, and a minute may have 61.
    """
    if form in TYPED_FORMATS:
        try:
            msgspec.convert((text,), _HOLDERS[form])
        except (msgspec.ValidationError, UnicodeEncodeError):
            return form == "date-time" and _is_other_date_time(text)
        return True
    pattern = PATTERN_FORMATS.get(form)
    return pattern is None or re.search(pattern, text) is not None


def _is_other_date_time(text: str) -> bool:
    """Is it a date and time of ISO 8601 that the decoder does not read?"""
    match = _OTHER_DATE_TIME.fullmatch(text)
    if match is None:
        return False
    try:
        datetime.datetime.fromisoformat(f"{match['day']}T{match['minute']}")
    except ValueError:
        return False
    return True


def limit_broken(limit: Limit, value: Any) -> str:
    """Which bound a leaf value breaks, as `expected` says it; empty when it keeps them all."""
    if isinstance(value, str):
        if limit.min_length is not None and len(value) < limit.min_length:
            return f"at least {limit.min_length} characters"
        if limit.max_length is not None and len(value) > limit.max_length:
            return f"at most {limit.max_length} characters"
        pattern = pattern_of(limit.pattern) if limit.pattern else None
        if pattern is not None and not pattern.search(value):
            return f"a text that matches {limit.pattern}"
    elif is_number(value):
        number = as_float(value)
        if limit.min is not None and number < limit.min:
            return f"at least {limit.min:g}"
        if limit.max is not None and number > limit.max:
            return f"at most {limit.max:g}"
    return ""


def items_broken(limit: Limit, count: int) -> str:
    """Which bound the length of a list breaks; empty when it keeps them."""
    if limit.min_items is not None and count < limit.min_items:
        return f"at least {limit.min_items} items"
    if limit.max_items is not None and count > limit.max_items:
        return f"at most {limit.max_items} items"
    return ""


def as_float(value: Any) -> float:
    """A JSON number as a double, an integer beyond them as infinity."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def accepts(leaf: Leaf, value: Any) -> bool:
    """Is an answer's leaf value faultless?"""
    if not kind_fits(leaf, value) or not in_range(leaf, value):
        return False
    if leaf.members is not None and value not in leaf.members:
        return False
    if leaf.format and isinstance(value, str) and not format_fits(leaf.format, value):
        return False
    return leaf.limit is None or not limit_broken(leaf.limit, value)


def acceptor(leaf: Leaf) -> Callable[[Any], bool]:  # noqa: PLR0911 - one return a kind of leaf
    """`accepts` with what is known beforehand taken out; the walker asks it for every leaf of an answer."""
    if leaf.format in TYPED_FORMATS and leaf.limit is None and leaf.members is None and leaf.is_string:
        return _typed_format(TYPED_FORMATS[leaf.format])
    if leaf.format or leaf.limit is not None:
        return lambda value: accepts(leaf, value)
    if leaf.members is not None:
        members = leaf.members
        return lambda value: type(value) is str and value in members
    match leaf.kind:
        case "string" | "id":
            return _is_text
        case "boolean":
            return _is_boolean
        case "float" | "decimal":
            return is_number
        case "any":
            return _is_anything
        case _:
            return lambda value: accepts(leaf, value)


def whole_type(leaf: Leaf) -> type | None:
    """The Python type all of whose values are faultless; None when there is none."""
    if leaf.members is not None or leaf.format or leaf.limit is not None:
        return None
    return {"string": str, "id": str, "boolean": bool}.get(leaf.kind)


def _typed_format(type_: Any) -> Callable[[Any], bool]:
    convert = msgspec.convert
    holder = holder_of(type_)

    def fits(value: Any) -> bool:
        try:
            convert((value,), holder)
        except (msgspec.ValidationError, UnicodeEncodeError):
            return type(value) is str and type_ is DATE_TIME and _is_other_date_time(value)
        return type(value) is str

    return fits


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_boolean(value: Any) -> bool:
    return type(value) is bool


def _is_anything(_: Any) -> bool:
    return True
