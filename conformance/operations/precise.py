"""The precise path: walks an answer along its selection and reports every violation."""

from __future__ import annotations

from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.contract.model import Contract
from conformance.findings.model import Finding
from conformance.operations.parts import Parts
from conformance.operations.selection import TYPENAME, FieldPlan, ObjectPlan, Variant
from conformance.operations.violations import MAX_FINDINGS, Violations

MAX_CANDIDATES: Final = 8
_MISSING: Final = object()


class Walker:
    """Walks one answer.

    With a `contract`, findings tell what another version calls something. `key_order` also reports keys that stand in
    another order than selected; the compiled decoder cannot see that, so it is asked for apart. With `parts`, what they
    call clean is passed over; `entered` then is every other object with its plan and its path, in the order of the
    answer. `is_regular`: no object stands where none is selected, and none was left out.
    """

    def __init__(
        self, contract: Contract | None = None, *, key_order: bool = False, parts: Parts | None = None
    ) -> None:
        self._say = Violations(contract)
        self._key_order = key_order
        self._parts = None if key_order else parts
        self.entered: list[tuple[ObjectPlan, JsonPath, dict[str, Any]]] = []
        self.is_regular = True

    @property
    def findings(self) -> list[Finding]:
        """What was found so far."""
        return self._say.findings

    def object(self, plan: ObjectPlan, value: dict[str, Any], path: JsonPath) -> None:
        """Judges an object against its plan."""
        self.entered.append((plan, path, value))
        if plan.is_abstract:
            self._abstract(plan, value, path)
        else:
            self._variant(plan.variants[0], value, path)

    def _variant(  # noqa: C901, PLR0912 - each call that is left out saves a tenth of a walk
        self, variant: Variant, value: dict[str, Any], path: JsonPath
    ) -> None:
        if len(self._say.findings) >= MAX_FINDINGS:
            self.is_regular = False
            return
        present = 0
        get, parts = value.get, self._parts
        for key, whole_type, is_leaf, nullable, accept, single, field in variant.rows:
            item = get(key, _MISSING)
            if type(item) is whole_type:
                present += 1
                continue
            if item is _MISSING:
                self._say.missing(field, value, path, variant.by_key)
                continue
            present += 1
            if is_leaf:
                if item is None:
                    if not nullable:
                        self._say.null(field, (*path, key), 0)
                elif not accept(item):
                    self._say.refused(field, item, (*path, key))
            elif single is not None and type(item) is dict:
                # As `_value` does, without its calls: most of an answer is objects with a few leaves.
                check = parts.check(single) if parts is not None else None
                if check is None or not check(item):
                    place = (*path, key)
                    self.entered.append((single, place, item))
                    self._variant(single.variants[0], item, place)
            elif field.name == TYPENAME:
                self._say.typename(field, variant, item, path)
            else:
                self._value(field, item, (*path, key), 0)
        if present < len(value):
            self._say.surplus(value, path, variant.type_name, variant.by_key, variant.known)
        elif self._key_order:
            self._say.order(variant, value, path)

    def _value(self, field: FieldPlan, value: Any, path: JsonPath, level: int) -> None:
        """Judges what stands at one list level of a field; the last level is the item itself."""
        if value is None:
            if not field.nullable[level]:
                self._say.null(field, path, level)
            return
        if level < len(field.nullable) - 1:
            if type(value) is not list:
                self.is_regular = False
                self._say.not_a_list(field, value, path, level)
                return
            if level == 0 and field.fact.limit is not None:
                self._say.items(field, len(value), path)
            for index, item in enumerate(value):
                self._value(field, item, (*path, index), level + 1)
        elif field.child is not None:
            if type(value) is dict:
                check = self._parts.check(field.child) if self._parts is not None else None
                if check is None or not check(value):
                    self.object(field.child, value, path)
            else:
                self.is_regular = False
                self._say.not_an_object(field, value, path)
        elif not field.accept(value):
            self._say.refused(field, value, path)

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
        if len(plan.candidates) == 1:
            self._variant(plan.candidates[0], value, path)
            return
        self._best(plan.candidates, value, path)

    def _best(self, candidates: tuple[Variant, ...], value: dict[str, Any], path: JsonPath) -> None:
        """No `__typename` tells the type: the candidate that explains the object best counts."""
        best: list[Finding] | None = None
        for variant in _closest(candidates, value):
            trial = Walker(self._say.contract, key_order=self._key_order, parts=self._parts)
            trial._variant(variant, value, path)
            if best is None or len(trial.findings) < len(best):
                best = trial.findings
            if not best:
                return
        named = [one for one in candidates if _says_its_type(one, value)]
        if len(named) == 1:
            self._variant(named[0], value, path)
        else:
            self._say.findings += best or ()

    def _unknown_type(self, plan: ObjectPlan, value: dict[str, Any], path: JsonPath) -> None:
        """The type that an object says it has is none that may stand here: what all types share is still judged."""
        if plan.typename_key in value:
            self._say.unknown_type(plan, value[plan.typename_key], path)
        for field in plan.common.fields if plan.common else ():
            item = value.get(field.key, _MISSING)
            if item is _MISSING:
                self._say.missing(field, value, path, plan.allowed)
            elif field.name != TYPENAME:
                self._value(field, item, (*path, field.key), 0)
        self._say.surplus(value, path, plan.type_name, plan.allowed, ())


def _closest(candidates: tuple[Variant, ...], value: dict[str, Any]) -> list[Variant]:
    """The candidates whose keys differ least from an object's.

    Of those that differ alike, first the ones that select more of what is there: a key that only one of them selects
    is there on purpose, so that another key is missing.
    """
    keys = value.keys()
    distances = [len(variant.by_key.keys() ^ keys) for variant in candidates]
    least = min(distances)
    closest = [one for one, distance in zip(candidates, distances, strict=True) if distance == least]
    return sorted(closest, key=lambda variant: len(keys - variant.by_key.keys()))[:MAX_CANDIDATES]


def _says_its_type(variant: Variant, value: dict[str, Any]) -> bool:
    """Does the object name the variant's type under a key that the variant selects for it?"""
    return any(
        field.name == TYPENAME and not variant.any_name and value.get(field.key) == variant.type_name
        for field in variant.fields
    )
