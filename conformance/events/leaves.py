"""Leaf values of an event's data: JSON kind, enum members, tables of values, formats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from graphql import GraphQLEnumType, GraphQLLeafType

from conformance.base.paths import JsonPath
from conformance.contract.facts import Fact, ValueTable
from conformance.contract.model import Contract
from conformance.events.envelope_checks import zone_of
from conformance.events.finding import described, found, quoted, weaker
from conformance.findings.model import Finding, Grade

_INT_BOUND: Final = 2**31
_LONG_BOUND: Final = 2**63
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)

_KINDS: Final[Mapping[str, str]] = {
    "String": "string",
    "ID": "string",
    "Int": "whole number of 32 bits",
    "Long": "whole number of 64 bits",
    "Float": "number",
    "Decimal": "number",
    "Boolean": "true or false",
}
_FORMATS: Final[Mapping[str, str]] = {
    "email": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+[.][A-Za-z]{2,}",
    "uri": r"[A-Za-z][A-Za-z0-9+.-]*:\S+",
    "uuid": r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "country-code": r"[A-Z]{2}",
    "currency-code": r"[A-Z]{3}",
}
_FORMAT_TEXTS: Final[Mapping[str, str]] = {
    "date-time": "an ISO 8601 date-time with a zone, such as 2024-11-01T12:34:56Z",
    "date": "an ISO 8601 date, such as 2024-11-01",
    "email": "an e-mail address",
    "uri": "an absolute URI",
    "uuid": "a UUID",
    "country-code": "a country code of two letters (ISO 3166)",
    "currency-code": "a currency code of three letters (ISO 4217)",
}


def check_leaf(
    contract: Contract,
    type_: GraphQLLeafType,
    value: Any,
    path: JsonPath,
    *,
    fact: Fact,
    grade: Grade,
    as_text: bool,
) -> Iterator[Finding]:
    """Findings about a value that is not null.

    `fact` is that of the field. `as_text`: an event page prints the number as a string.
    """
    if isinstance(type_, GraphQLEnumType):
        if not isinstance(value, str) or value not in type_.values:
            enum = contract.fact(type_.name)
            yield found(
                "EVT-047",
                path,
                f"no member of {type_.name}",
                expected=_listed(type_.values),
                coordinate=str(fact.coordinate),
                actual=quoted(value),
                grade=Grade.INFERRED if enum.partial else weaker(grade, enum.grade),
                source=enum.source,
            )
        return
    if not _is_of_kind(type_.name, value, as_text=as_text):
        yield found(
            "EVT-043",
            path,
            f"{described(value)} where {type_.name} belongs",
            expected=_KINDS[type_.name],
            actual=described(value),
            coordinate=str(fact.coordinate),
            grade=grade,
            source=fact.source,
        )
    elif isinstance(value, str):
        yield from _check_table(contract, value, path, fact, grade)
        if fact.format and not format_fits(fact.format, value):
            yield found(
                "EVT-050",
                path,
                f"not {_FORMAT_TEXTS[fact.format]}",
                expected=_FORMAT_TEXTS[fact.format],
                actual=described(value),
                coordinate=str(fact.coordinate),
                grade=weaker(grade, fact.grade),
                source=fact.source,
            )


def format_fits(form: str, text: str) -> bool:
    """Has a text its documented format? An unknown format is never broken."""
    if form == "date-time":
        return bool(zone_of(text))
    if form == "date":
        try:
            return len(text) == 10 and date.fromisoformat(text) is not None
        except ValueError:
            return False
    pattern = _FORMATS.get(form)
    return pattern is None or re.fullmatch(pattern, text) is not None


def _is_of_kind(scalar: str, value: Any, *, as_text: bool) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match scalar:
        case "String" | "ID":
            return isinstance(value, str)
        case "Boolean":
            return isinstance(value, bool)
        case "Int" | "Long":
            bound = _INT_BOUND if scalar == "Int" else _LONG_BOUND
            return is_number and value == value // 1 and -bound <= value < bound
        case "Float" | "Decimal":
            return is_number or (as_text and isinstance(value, str) and _NUMBER.fullmatch(value) is not None)
        case _:
            return True


def _check_table(contract: Contract, value: str, path: JsonPath, fact: Fact, grade: Grade) -> Iterator[Finding]:
    if not fact.values:
        return
    table = contract.value_table(fact.values)
    if value not in table.values:
        yield found(
            "EVT-049" if table.is_open else "EVT-048",
            path,
            _not_in(table),
            expected=_listed(table.values),
            actual=quoted(value),
            coordinate=str(fact.coordinate),
            grade=weaker(grade, table.grade),
            source=table.source,
        )


def _not_in(table: ValueTable) -> str:
    return f"none of the {'known' if table.is_open else 'documented'} values of {table.name}"


def _listed(names: Any) -> str:
    names = sorted(names)
    return "one of " + ", ".join(names[:15]) + (f", … ({len(names)} in all)" if len(names) > 15 else "")
