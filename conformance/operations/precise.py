"""The precise path: walks an answer along its selection and reports every violation."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.contract.facts import Fact
from conformance.findings.model import Finding, Grade
from conformance.operations.finding import (
    found,
    key_for_path,
    kind_shown,
    listed,
    near,
    shown,
    weaker,
)
from conformance.operations.leaves import (
    FORMAT_TEXTS,
    Leaf,
    format_fits,
    in_range,
    items_broken,
    kind_fits,
    limit_broken,
)
from conformance.operations.selection import TYPENAME, FieldPlan, ObjectPlan, Variant

MAX_FINDINGS: Final = 10_000
MAX_CANDIDATES: Final = 8
_MISSING: Final = object()
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


class Walker:
    """Walks answers. One walker for one answer: it gathers `findings`.

    `key_order` also reports keys that stand in another order than selected; the compiled decoder cannot see that, so
    it is asked for apart.
    """

    def __init__(self, *, key_order: bool = False) -> None:
        self.findings: list[Finding] = []
        self._key_order = key_order

    def object(self, plan: ObjectPlan, value: dict[str, Any], path: JsonPath) -> None:
        """Judges an object against its plan."""
        if plan.is_abstract:
            self._abstract(plan, value, path)
        else:
            self._variant(plan.variants[0], value, path)

    def _variant(self, variant: Variant, value: dict[str, Any], path: JsonPath) -> None:
        if len(self.findings) >= MAX_FINDINGS:
            return
        present = 0
        get = value.get
        for key, is_leaf, nullable, accept, field in variant.rows:
            item = get(key, _MISSING)
            if item is _MISSING:
                self._missing(field, value, path, variant.by_key)
                continue
            present += 1
            if is_leaf:
                if item is None:
                    if not nullable:
                        self._null(field, (*path, key), 0)
                elif not accept(item):
                    self._refused(field, item, (*path, key))
            elif field.name == TYPENAME:
                self._typename(field, variant, item, path)
            else:
                self._value(field, item, (*path, key), 0)
        if present < len(value):
            self._extra(value, path, variant.type_name, variant.by_key, variant.known)
        elif self._key_order:
            self._order(variant, value, path)

    def _value(self, field: FieldPlan, value: Any, path: JsonPath, level: int) -> None:
        """Judges what stands at one list level of a field; the last level is the item itself."""
        if value is None:
            if not field.nullable[level]:
                self._null(field, path, level)
            return
        if level < len(field.nullable) - 1:
            if type(value) is not list:
                self._not_a_list(field, value, path, level)
                return
            if level == 0 and field.fact.limit is not None:
                self._items(field, len(value), path)
            for index, item in enumerate(value):
                self._value(field, item, (*path, index), level + 1)
        elif field.child is not None:
            if type(value) is dict:
                self.object(field.child, value, path)
            else:
                self._not_an_object(field, value, path)
        elif not field.accept(value):
            self._refused(field, value, path)

    # --- interfaces and unions

    def _abstract(self, plan: ObjectPlan, value: dict[str, Any], path: JsonPath) -> None:
        if plan.typename_key:
            name = value.get(plan.typename_key)
            for variant in plan.variants:
                if variant.type_name == name:
                    self._variant(variant, value, path)
                    return
            self._unknown_type(plan, value, path)
            return
        candidates = list(plan.variants)
        if plan.partial and plan.common is not None:
            candidates.append(plan.common)
        if len(candidates) == 1:
            self._variant(candidates[0], value, path)
            return
        self._best(candidates, value, path)

    def _best(self, candidates: list[Variant], value: dict[str, Any], path: JsonPath) -> None:
        """No `__typename` tells the type: the candidate that explains the object best counts."""
        keys = value.keys()
        distances = [len(variant.by_key.keys() ^ keys) for variant in candidates]
        least = min(distances)
        closest = [one for one, distance in zip(candidates, distances, strict=True) if distance == least]
        best: list[Finding] | None = None
        for variant in closest[:MAX_CANDIDATES]:
            trial = Walker(key_order=self._key_order)
            trial._variant(variant, value, path)
            if best is None or len(trial.findings) < len(best):
                best = trial.findings
            if not best:
                return
        self.findings += best or ()

    def _unknown_type(self, plan: ObjectPlan, value: dict[str, Any], path: JsonPath) -> None:
        """The type that an object says it has is none that may stand here: what all types share is still judged."""
        names = [variant.type_name for variant in plan.variants]
        name = value.get(plan.typename_key, _MISSING)
        if name is not _MISSING:
            reason = plan.partial
            if any(variant.name_inferred for variant in plan.variants):
                reason = reason or "the documentation does not name every type"
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
                    unconfirmed="other types may exist" if isinstance(name, str) and reason else "",
                )
            )
        for field in plan.common.fields if plan.common else ():
            item = value.get(field.key, _MISSING)
            if item is _MISSING:
                self._missing(field, value, path, plan.allowed)
            elif field.name != TYPENAME:
                self._value(field, item, (*path, field.key), 0)
        self._extra(value, path, plan.type_name, plan.allowed, ())

    # --- findings

    def _typename(self, field: FieldPlan, variant: Variant, value: Any, path: JsonPath) -> None:
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

    def _missing(self, field: FieldPlan, value: dict[str, Any], path: JsonPath, selected: Collection[str]) -> None:
        others = tuple(key for key in value if key not in selected)
        fix = "Answer every selected field, with null where there is no value"
        if others:
            hint = near(field.key, others)
            fix = f"Answer it under its alias {field.key}" if field.name in others else hint or fix
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

    def _extra(
        self, value: dict[str, Any], path: JsonPath, type_name: str, selected: Collection[str], known: Collection[str]
    ) -> None:
        expected = f"the selected keys only: {listed(selected)}"
        for key, item in value.items():
            if key in selected:
                continue
            name = key_for_path(key)
            is_field = key in known
            self.findings.append(
                found(
                    "RSP-002",
                    f"the key {name} was not selected" + ("" if is_field else f", and {type_name} has no such field"),
                    path=(*path, name),
                    coordinate=f"{type_name}.{key}" if is_field else type_name,
                    expected=expected,
                    actual=kind_shown(item),
                    fix="Leave it out of the answer, or select it" if is_field else "Leave it out of the answer",
                )
            )

    def _order(self, variant: Variant, value: dict[str, Any], path: JsonPath) -> None:
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

    def _null(self, field: FieldPlan, path: JsonPath, level: int) -> None:
        where = "an item of" if level else "the field"
        self._fact_finding(
            "RSP-004",
            f"null where the contract says {field.type_text}: {where} {field.coordinate} is non-null",
            field,
            path,
            actual="null",
            fix="Give a value, or an error, and null at the nearest parent that may be null",
        )

    def _not_a_list(self, field: FieldPlan, value: Any, path: JsonPath, level: int) -> None:
        depth = len(field.nullable) - 1
        message = f"{kind_shown(value)} where a list belongs"
        if depth > 1:
            message += f" (level {level + 1} of {depth})"
        self._certain("RSP-006", message, field, path, value, fix="Wrap the value in a list")

    def _not_an_object(self, field: FieldPlan, value: Any, path: JsonPath) -> None:
        rule = "RSP-007" if type(value) is list else "RSP-005"
        self._certain(rule, f"{kind_shown(value)} where an object belongs", field, path, value)

    def _items(self, field: FieldPlan, count: int, path: JsonPath) -> None:
        limit = field.fact.limit
        broken = items_broken(limit, count) if limit else ""
        if broken:
            self._fact_finding("RSP-015", f"{count} items", field, path, expected=broken, actual=f"{count} items")

    def _refused(self, field: FieldPlan, value: Any, path: JsonPath) -> None:
        """Reports why a leaf's value was not accepted."""
        leaf = field.leaf
        if leaf is None:
            return
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
            message = f"{shown(value)} is not in the table {leaf.table}"
        else:
            rule, message = "RSP-008", f"{shown(value)} is no value of the enum {leaf.type_name}"
        partial = leaf.members_partial and not leaf.is_open
        self.findings.append(
            found(
                rule,
                message,
                path=path,
                coordinate=field.coordinate,
                expected=f"one of {listed(members)}",
                actual=shown(value),
                grade=weaker(leaf.members_grade, field.fact.grade),
                source=leaf.members_source,
                fix=near(value, members),
                unconfirmed="not all of its values are known" if partial else "",
            )
        )

    def _form(self, field: FieldPlan, leaf: Leaf, value: Any, path: JsonPath) -> None:
        if leaf.format and isinstance(value, str) and not format_fits(leaf.format, value):
            self._fact_finding(
                "RSP-014",
                f"not in the format {leaf.format}",
                field,
                path,
                expected=FORMAT_TEXTS.get(leaf.format, leaf.format),
                actual=shown(value),
            )
        broken = limit_broken(leaf.limit, value) if leaf.limit else ""
        if broken:
            actual = f"{len(value)} characters" if broken.endswith("characters") else shown(value)
            self._fact_finding("RSP-015", "outside the documented bounds", field, path, expected=broken, actual=actual)

    def _certain(self, rule: str, message: str, field: FieldPlan, path: JsonPath, value: Any, fix: str = "") -> None:
        self._fact_finding(
            rule, message, field, path, actual=kind_shown(value), certain=True, fix=fix or f"Answer {field.type_text}"
        )

    def _fact_finding(
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
    ) -> None:
        fact: Fact = field.fact
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
