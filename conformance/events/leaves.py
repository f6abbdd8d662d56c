"""Leaf values of an event's data, held against the contract's description of the leaf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from graphql import GraphQLLeafType

from conformance.base.paths import JsonPath
from conformance.contract.facts import Fact
from conformance.contract.leaves import FORMAT_TEXTS, Leaf, format_fits, in_range, kind_fits, leaf_of
from conformance.contract.model import Contract
from conformance.events.finding import described, found, quoted
from conformance.findings.model import Finding, Grade
from conformance.findings.wording import weaker

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_KIND_TEXTS: Final = {
    "string": "string",
    "id": "string",
    "int": "whole number of 32 bits",
    "long": "whole number of 64 bits",
    "float": "number",
    "decimal": "number",
    "boolean": "true or false",
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
    leaf = leaf_of(contract, type_, fact)
    if leaf.kind == "enum":
        if not isinstance(value, str) or value not in leaf.names:
            yield _no_member(
                "EVT-047", leaf, f"no member of {leaf.type_name}", value, path=path, fact=fact, grade=grade
            )
    elif not (_is_number_text(leaf, value) if as_text and isinstance(value, str) else _fits(leaf, value)):
        yield found(
            "EVT-043",
            path,
            f"{described(value)} where {type_.name} belongs",
            expected=_KIND_TEXTS[leaf.kind],
            actual=described(value),
            coordinate=str(fact.coordinate),
            grade=grade,
            source=fact.source,
        )
    elif isinstance(value, str):
        yield from _check_text(leaf, value, path, fact, grade)


def _fits(leaf: Leaf, value: Any) -> bool:
    return kind_fits(leaf, value) and in_range(leaf, value)


def _is_number_text(leaf: Leaf, value: str) -> bool:
    return leaf.kind in ("float", "decimal") and _NUMBER.fullmatch(value) is not None


def _check_text(leaf: Leaf, value: str, path: JsonPath, fact: Fact, grade: Grade) -> Iterator[Finding]:
    if leaf.members is not None and value not in leaf.members:
        rule, word = ("EVT-049", "known") if leaf.is_open else ("EVT-048", "documented")
        yield _no_member(
            rule, leaf, f"none of the {word} values of {leaf.table}", value, path=path, fact=fact, grade=grade
        )
    if leaf.format in FORMAT_TEXTS and not format_fits(leaf.format, value):
        yield found(
            "EVT-050",
            path,
            f"no {FORMAT_TEXTS[leaf.format]}",
            expected=FORMAT_TEXTS[leaf.format],
            actual=described(value),
            coordinate=str(fact.coordinate),
            grade=weaker(grade, fact.grade),
            source=fact.source,
        )


def _no_member(rule: str, leaf: Leaf, message: str, value: Any, *, path: JsonPath, fact: Fact, grade: Grade) -> Finding:
    is_cut = bool(leaf.members_partial) and not leaf.is_open
    return found(
        rule,
        path,
        message,
        expected=_listed(leaf.names),
        actual=quoted(value),
        coordinate=str(fact.coordinate),
        grade=Grade.INFERRED if is_cut else weaker(grade, leaf.members_grade),
        source=leaf.members_source,
    )


def _listed(names: tuple[str, ...]) -> str:
    return "one of " + ", ".join(names[:15]) + (f", … ({len(names)} in all)" if len(names) > 15 else "")
