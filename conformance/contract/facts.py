"""What the SDL's directives say about one coordinate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import ConstDirectiveNode, ListValueNode, ValueNode

from conformance.base.coordinates import SchemaCoordinate
from conformance.findings.model import Grade

GRADE_DIRECTIVES: Mapping[str, Grade] = {
    "page": Grade.PAGE,
    "example": Grade.EXAMPLE,
    "guide": Grade.GUIDE,
    "changelog": Grade.CHANGELOG,
    "inferred": Grade.INFERRED,
}
"""Directive name to grade, strongest first."""


@dataclass(frozen=True, slots=True)
class ValueTable:
    """The values that a String field is held to. Open: others may come."""

    name: str
    values: frozenset[str]
    is_open: bool
    grade: Grade
    source: str


@dataclass(frozen=True, slots=True)
class Limit:
    """Documented bounds. None: no bound stated. `inferred` is the reason when the bound itself is a guess."""

    min_items: int | None = None
    max_items: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    min: float | None = None
    max: float | None = None
    pattern: str | None = None
    inferred: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Evidence and constraints of one coordinate.

    `source` is a page slug for every grade but INFERRED, where it is the reason of the guess. `partial` is the reason
    why more may exist than the contract says, empty for a complete type.
    """

    coordinate: SchemaCoordinate
    grade: Grade
    source: str = ""
    note: str = ""
    partial: str = ""
    format: str = ""
    values: str = ""
    limit: Limit | None = None
    exclusive: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    sandbox_only: bool = False
    added: str = ""
    errata: tuple[str, ...] = ()
    name_inferred: bool = False

    @property
    def of_limit(self) -> Fact:
        """The evidence that the bounds stand on: the field's own, or their inference."""
        if self.limit is None or not self.limit.inferred:
            return self
        return replace(self, grade=Grade.INFERRED, source=self.limit.inferred)


def directives_of(nodes: Iterable[Any]) -> dict[str, list[dict[str, Any]]]:
    """Directive name to the arguments of each use, over a definition and its extensions."""
    found: dict[str, list[dict[str, Any]]] = {}
    for node in nodes:
        for directive in getattr(node, "directives", None) or ():
            found.setdefault(directive.name.value, []).append(_arguments(directive))
    return found


def _arguments(directive: ConstDirectiveNode) -> dict[str, Any]:
    return {argument.name.value: _plain(argument.value) for argument in directive.arguments or ()}


def _plain(node: ValueNode) -> Any:
    if isinstance(node, ListValueNode):
        return [_plain(item) for item in node.values]
    value = getattr(node, "value", None)
    if node.kind == "int_value":
        return int(str(value))
    if node.kind == "float_value":
        return float(str(value))
    return value


def read_fact(coordinate: SchemaCoordinate, nodes: Iterable[Any], inherited: Fact | None) -> Fact:
    """The fact that a definition's directives state; its grade is the inherited one where it states none."""
    uses = directives_of(nodes)
    grade, source, note = _grade(uses, inherited)
    return Fact(
        coordinate=coordinate,
        grade=grade,
        source=source,
        note=note,
        partial=_one(uses, "partial", "why"),
        format=_one(uses, "format", "as"),
        values=_one(uses, "values", "of"),
        limit=_limit(uses),
        exclusive=tuple(name for use in uses.get("exclusive", ()) for name in use["fields"]),
        scopes=tuple(name for use in uses.get("scope", ()) for name in use["names"]),
        sandbox_only="sandboxOnly" in uses,
        added=_one(uses, "added", "on"),
        errata=tuple(use["id"] for use in uses.get("erratum", ())),
        name_inferred="nameInferred" in uses,
    )


def _grade(uses: dict[str, list[dict[str, Any]]], inherited: Fact | None) -> tuple[Grade, str, str]:
    for name, grade in GRADE_DIRECTIVES.items():
        if name in uses:
            use = uses[name][0]
            return grade, str(use.get("slug") or use.get("why") or ""), str(use.get("note") or "")
    if inherited is not None:
        return inherited.grade, inherited.source, ""
    return Grade.PAGE, "", ""


def _one(uses: dict[str, list[dict[str, Any]]], name: str, argument: str) -> str:
    return str(uses[name][0].get(argument, "")) if name in uses else ""


def _limit(uses: dict[str, list[dict[str, Any]]]) -> Limit | None:
    if "limit" not in uses:
        return None
    use = uses["limit"][0]
    return Limit(
        use.get("minItems"),
        use.get("maxItems"),
        use.get("minLength"),
        use.get("maxLength"),
        use.get("min"),
        use.get("max"),
        use.get("pattern"),
        str(use.get("inferred") or ""),
    )
