"""What can be wrong with an answer, one method for each kind of violation; they make the findings."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

from msgspec.structs import replace

from conformance.base.paths import JsonPath
from conformance.contract.facts import Fact
from conformance.contract.leaves import (
    FORMAT_TEXTS,
    Leaf,
    format_fits,
    in_range,
    items_broken,
    kind_fits,
    limit_broken,
)
from conformance.contract.model import Contract
from conformance.findings.model import Finding, Grade
from conformance.findings.wording import key_for_path, weaker
from conformance.operations.elsewhere import hint
from conformance.operations.finding import code_shown, found, kind_shown, listed, near, shown
from conformance.operations.selection import FieldPlan, ObjectPlan, Variant

_KIND_NAMES: Final = {
    "string": "string",
    "id": "string",
    "enum": "string",
    "int": "whole number",
    "long": "whole number",
    "float": "number",
    "decimal": "number",
    "boolean": "boolean",
}

MAX_FINDINGS: Final = 10_000


@lru_cache(maxsize=1024)
def _one_of(members: tuple[str, ...]) -> str:
    return f"one of {listed(members)}"


class Violations:
    """Gathers `findings` about one answer. With a `contract`, they tell what another version calls something."""

    def __init__(self, contract: Contract | None = None) -> None:
        self.contract = contract
        self.findings: list[Finding] = []
        self._selected: dict[int, str] = {}
        self._known: dict[tuple[Any, ...], Finding] = {}

    def _again(self, key: tuple[Any, ...], path: JsonPath) -> bool:
        """Repeats a finding that was made before for another path: a fault is seldom in one line of a list only."""
        known = self._known.get(key)
        if known is None:
            return False
        self.findings.append(replace(known, path=path))
        return True

    def unknown_type(self, plan: ObjectPlan, name: Any, path: JsonPath) -> None:
        """`__typename` names a type that may not stand here."""
        names = [variant.type_name for variant in plan.variants]
        is_open = bool(plan.partial) or any(variant.name_inferred for variant in plan.variants)
        self.findings.append(
            found(
                "RSP-010",
                f"{shown(name)} is no type that may stand where {plan.type_name} is declared",
                path=(*path, plan.typename_key),
                coordinate=plan.type_name,
                expected=f"one of {listed(names)}",
                actual=shown(name) if isinstance(name, str) else kind_shown(name),
                grade=plan.grade,
                source=plan.source,
                unconfirmed="other types may exist" if isinstance(name, str) and is_open else "",
            )
        )

    def typename(self, field: FieldPlan, variant: Variant, value: Any, path: JsonPath) -> None:
        """`__typename` is not the name of the one type that may stand here."""
        if value == variant.type_name or (variant.any_name and isinstance(value, str)):
            return
        inferred = variant.name_inferred and isinstance(value, str)
        self.findings.append(
            found(
                "RSP-010",
                f"{shown(value) if isinstance(value, str) else kind_shown(value)} instead of the type's name",
                path=(*path, field.key),
                coordinate=variant.type_name,
                expected=shown(variant.type_name),
                actual=shown(value) if isinstance(value, str) else kind_shown(value),
                unconfirmed="the documentation does not name this type" if inferred else "",
            )
        )

    def missing(self, field: FieldPlan, value: dict[str, Any], path: JsonPath, selected: Collection[str]) -> None:
        """A selected key is missing."""
        others = tuple(key for key in value if key not in selected)
        key = (field, *others)
        if self._again(key, (*path, field.key)):
            return
        fix = "Answer every selected field, with null where there is no value"
        if others:
            similar = near(field.key, others)
            fix = f"Answer it under its alias {field.key}" if field.name in others else similar or fix
        self.findings.append(
            found(
                "RSP-001",
                f"the selected key {field.key} is missing",
                path=(*path, field.key),
                coordinate=field.coordinate,
                expected=field.type_text,
                actual="missing",
                source=field.fact.source,
                fix=fix,
            )
        )
        self._known[key] = self.findings[-1]

    def surplus(
        self, value: dict[str, Any], path: JsonPath, type_name: str, selected: Collection[str], known: Collection[str]
    ) -> None:
        """Keys are present that were not selected."""
        expected = self._selected.get(id(selected))
        if expected is None:
            expected = self._selected[id(selected)] = f"the selected keys only: {listed(selected)}"
        for key, item in value.items():
            if key in selected:
                continue
            if len(self.findings) > MAX_FINDINGS:
                return
            name, kind = key_for_path(key), kind_shown(item)
            same = (type_name, id(selected), key, kind)
            if self._again(same, (*path, name)):
                continue
            is_field = key in known
            self.findings.append(
                found(
                    "RSP-002",
                    f"the key {name} was not selected" + ("" if is_field else f", and {type_name} has no such field"),
                    path=(*path, name),
                    coordinate=f"{type_name}.{key}" if is_field else type_name,
                    expected=expected,
                    actual=kind,
                    fix="Leave it out of the answer, or select it" if is_field else self._left_out(type_name, key),
                )
            )
            self._known[same] = self.findings[-1]

    def _left_out(self, type_name: str, key: str) -> str:
        elsewhere = self._hint(type_name, key)
        return "Leave it out of the answer" + (f". {elsewhere}" if elsewhere else "")

    def _hint(self, type_name: str, member: str) -> str:
        return hint(self.contract, type_name, member) if self.contract is not None else ""

    def order(self, variant: Variant, value: dict[str, Any], path: JsonPath) -> None:
        """Keys stand in another order than selected."""
        wanted = [field.key for field in variant.fields]
        for key, expected in zip(value, wanted, strict=False):
            if key != expected:
                self.findings.append(
                    found(
                        "RSP-016",
                        f"{key} stands where {expected} was selected",
                        path=(*path, key_for_path(key)),
                        coordinate=variant.type_name,
                        expected=listed(wanted),
                        actual=listed(map(key_for_path, value)),
                    )
                )
                return

    def null(self, field: FieldPlan, path: JsonPath, level: int) -> None:
        """Null stands where none may."""
        if self._again((field, level), path):
            return
        where = "an item of" if level else "the field"
        self._fact_finding(
            "RSP-004",
            f"null where the contract says {field.type_text}: {where} {field.coordinate} is non-null",
            field,
            path,
            actual="null",
            fix="Give a value, or an error, and null at the nearest parent that may be null",
        )
        self._known[field, level] = self.findings[-1]

    def not_a_list(self, field: FieldPlan, value: Any, path: JsonPath, level: int) -> None:
        """No list stands where one belongs."""
        depth = len(field.nullable) - 1
        message = f"{kind_shown(value)} where a list belongs"
        if depth > 1:
            message += f" (level {level + 1} of {depth})"
        self._certain("RSP-006", message, field, path, value, fix="Wrap the value in a list")

    def not_an_object(self, field: FieldPlan, value: Any, path: JsonPath) -> None:
        """No object stands where one belongs."""
        rule = "RSP-007" if type(value) is list else "RSP-005"
        self._certain(rule, f"{kind_shown(value)} where an object belongs", field, path, value)

    def items(self, field: FieldPlan, count: int, path: JsonPath) -> None:
        """A list may have more or fewer items than documented."""
        limit = field.fact.limit
        broken = items_broken(limit, count) if limit else ""
        if broken:
            actual, fact = f"{count} items", field.fact.of_limit
            self._fact_finding("RSP-015", actual, field, path, expected=broken, actual=actual, fact=fact)

    def refused(self, field: FieldPlan, value: Any, path: JsonPath) -> None:
        """Reports why a leaf's value was not accepted."""
        if field.leaf is None:
            return
        if not isinstance(value, str | int | float):
            self._refused(field, field.leaf, value, path)
            return
        key = (field, type(value), value)
        if not self._again(key, path):
            before = len(self.findings)
            self._refused(field, field.leaf, value, path)
            if len(self.findings) == before + 1:
                self._known[key] = self.findings[-1]

    def _refused(self, field: FieldPlan, leaf: Leaf, value: Any, path: JsonPath) -> None:
        if type(value) is list:
            self._certain("RSP-007", f"{kind_shown(value)} where a {leaf.type_name} belongs", field, path, value)
        elif not kind_fits(leaf, value):
            self._leaf_kind(field, leaf, value, path)
        elif not in_range(leaf, value):
            self._fact_finding(
                "RSP-011",
                f"outside the range of {leaf.type_name}",
                field,
                path,
                actual=shown(value),
                expected="-2147483648 to 2147483647" if leaf.kind == "int" else "a 64-bit integer",
            )
        elif leaf.members is not None and value not in leaf.members:
            self._member(field, leaf, value, path)
        else:
            self._form(field, leaf, value, path)

    def _leaf_kind(self, field: FieldPlan, leaf: Leaf, value: Any, path: JsonPath) -> None:
        rule = "RSP-003"
        if leaf.kind == "id":
            rule = "RSP-012"
        elif leaf.kind == "decimal" and isinstance(value, str):
            rule = "RSP-013"
        fraction = leaf.kind in ("int", "long") and isinstance(value, float)
        actual = kind_shown(value)
        self._fact_finding(
            rule,
            f"{actual} where the contract says {field.type_text}",
            field,
            path,
            expected=f"{_KIND_NAMES[leaf.kind]} ({leaf.type_name})",
            actual=actual,
            fix="Answer without a fraction" if fraction else f"Answer a JSON {_KIND_NAMES[leaf.kind]}",
        )

    def _member(self, field: FieldPlan, leaf: Leaf, value: str, path: JsonPath) -> None:
        members = leaf.names
        if leaf.table:
            rule = "RSP-017" if leaf.is_open else "RSP-009"
            message = f"{code_shown(value)} is not in the table {leaf.table}"
        else:
            rule, message = "RSP-008", f"{code_shown(value)} is no value of the enum {leaf.type_name}"
        partial = leaf.members_partial and not leaf.is_open
        self.findings.append(
            found(
                rule,
                message,
                path=path,
                coordinate=field.coordinate,
                expected=_one_of(members),
                actual=code_shown(value),
                grade=weaker(leaf.members_grade, field.fact.grade),
                source=leaf.members_source,
                fix=self._hint(leaf.table or leaf.type_name, value) or near(value, members),
                unconfirmed="not all of its values are known" if partial else "",
            )
        )

    def _form(self, field: FieldPlan, leaf: Leaf, value: Any, path: JsonPath) -> None:
        if leaf.format and isinstance(value, str) and not format_fits(leaf.format, value):
            self._fact_finding(
                "RSP-014",
                f"{code_shown(value)} is not in the format {leaf.format}",
                field,
                path,
                expected=FORMAT_TEXTS.get(leaf.format, leaf.format),
                actual=code_shown(value),
            )
        broken = limit_broken(leaf.limit, value) if leaf.limit else ""
        if broken:
            actual = f"{len(value)} characters" if broken.endswith("characters") else code_shown(value)
            self._fact_finding(
                "RSP-015",
                f"{actual} where the documentation asks for {broken}",
                field,
                path,
                expected=broken,
                actual=actual,
                fact=field.fact.of_limit,
            )

    def _certain(self, rule: str, message: str, field: FieldPlan, path: JsonPath, value: Any, fix: str = "") -> None:
        self._fact_finding(
            rule, message, field, path, actual=kind_shown(value), certain=True, fix=fix or f"Answer {field.type_text}"
        )

    def _fact_finding(  # noqa: PLR0913 - a finding has that many parts
        self,
        rule: str,
        message: str,
        field: FieldPlan,
        path: JsonPath,
        *,
        actual: str,
        expected: str = "",
        certain: bool = False,
        fix: str = "",
        fact: Fact | None = None,
    ) -> None:
        fact = fact or field.fact
        self.findings.append(
            found(
                rule,
                message,
                path=path,
                coordinate=field.coordinate,
                expected=expected or field.type_text,
                actual=actual,
                grade=Grade.SPECIFICATION if certain else fact.grade,
                source=fact.source,
                fix=fix,
            )
        )
