"""What a rule is, what it sees, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Final, TypeAlias

from msgspec import field

from conformance.base.paths import JsonPath
from conformance.base.records import Record, record
from conformance.base.versions import DATED_VERSIONS, NEXT
from conformance.contract.model import Contract
from conformance.findings.model import Grade, Level
from conformance.operations.literals import VariableRef
from conformance.operations.selection import FieldPlan, ObjectPlan


class Scope(Enum):
    """What a rule looks at. REQUEST: the arguments alone. ANSWER: the data of an answer, with the arguments at hand.

    ERRORS: the errors of an answer. FLOW: an exchange and those before it.
    """

    REQUEST = "request"
    ANSWER = "answer"
    ERRORS = "errors"
    FLOW = "flow"


REQUEST, RESPONSE = "request", "response"

ENTERED: Final = ""
"""The key in `RuleCase.found` that says that it holds only the objects which are not known to be faultless."""


@record
class Violation(Record, frozen=True):
    """One place where a rule is broken.

    `path` starts with an argument's name when `origin` is `request`; when it is `response`, with a field of the
    operation's answer, or it is empty for the whole answer. Both are in the names of the schema, without aliases.
    """

    path: JsonPath
    message: str
    expected: str = ""
    actual: str = ""
    origin: str = RESPONSE


@record
class RuleCase(Record, frozen=True):
    """One operation of one exchange, as a rule sees it.

    `operation` is a root field. `arguments` are its arguments with variables put in, single values in lists where the
    schema has lists. `answer` is what stands under the root field, with the names of the schema for aliases; None when
    there is none. `errors` are the answer's errors. `earlier` are the operations before this one, oldest first.
    """

    contract: Contract
    operation: str
    arguments: Mapping[str, Any]
    answer: Any = None
    errors: tuple[Mapping[str, Any], ...] = ()
    earlier: tuple[RuleCase, ...] = ()
    key: str = ""
    sources: Mapping[str, Any] = field(default_factory=dict)
    field_plan: FieldPlan | None = None
    found: dict[str, list[tuple[JsonPath, Mapping[str, Any]]]] = field(default_factory=dict)
    """The objects of the answer by type, each type gathered at the first question. With ENTERED: all there are."""

    @property
    def version(self) -> str:
        """The dated version whose rules apply: the newest one for `next`, none for a schema of another origin."""
        version = self.contract.version
        if version == NEXT:
            return DATED_VERSIONS[-1]
        return version if version in DATED_VERSIONS else ""

    @property
    def accepted(self) -> bool:
        """Did the operation succeed?"""
        return self.answer is not None and not self.errors

    def objects(self, *type_names: str) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
        """The objects of these types in the answer, with their paths."""
        if self.field_plan is not None:
            found = self.found
            for name in type_names:
                objects = found.get(name)
                if objects is None:
                    objects = [] if ENTERED in found else list(_gather(self.field_plan, self.answer, (), name))
                    found[name] = objects
                yield from objects

    def place(self, violation: Violation) -> tuple[str, JsonPath]:
        """Origin and path of a violation as findings have them: into variables, the document or the response."""
        if violation.origin == RESPONSE:
            return RESPONSE, ("data", self.key or self.operation, *_keys(self.field_plan, violation.path))
        return self._request_place(violation.path)

    def _request_place(self, path: JsonPath) -> tuple[str, JsonPath]:
        source: Any = self.sources
        for index, part in enumerate(path):
            if isinstance(source, VariableRef):
                return "variables", ("variables", source.name, *path[index:])
            if isinstance(source, Mapping):
                source = source.get(str(part))
            elif isinstance(source, list | tuple) and isinstance(part, int) and part < len(source):
                source = source[part]
        if isinstance(source, VariableRef):
            return "variables", ("variables", source.name)
        return "document", (self.key or self.operation, *path)


Check: TypeAlias = Callable[[RuleCase], Iterable[Violation]]


@dataclass(frozen=True, slots=True)
class BusinessRule:
    """A documented rule. Ids are permanent: an id is never given another meaning, one that goes leaves its id unused.

    `source` is the slug of the page, `coordinate` the schema coordinate that the rule is about, `grade` the evidence:
    a rule of a reference page may fail an exchange, one that only a guide states warns. `operations` are the root
    fields where it applies, empty for all; `types` the object types that an ANSWER rule looks at, empty for the root.
    """

    id: str
    level: Level
    title: str
    source: str
    scope: Scope
    check: Check
    grade: Grade = Grade.GUIDE
    versions: tuple[str, ...] = DATED_VERSIONS
    operations: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    coordinate: str = ""
    fix: str = ""

    def applies(self, case: RuleCase) -> bool:
        """Does the rule hold for this version and this operation?"""
        if case.version not in self.versions or (self.operations and case.operation not in self.operations):
            return False
        if not self.types:
            return True
        plan = case.field_plan
        return plan is not None and plan.child is not None and not beneath(plan.child).isdisjoint(self.types)


def rule(  # noqa: PLR0913 - a rule has that many parts
    rule_id: str,
    level: Level,
    title: str,
    source: str,
    *,
    scope: Scope = Scope.REQUEST,
    grade: Grade = Grade.GUIDE,
    versions: tuple[str, ...] = DATED_VERSIONS,
    operations: tuple[str, ...] = (),
    types: tuple[str, ...] = (),
    coordinate: str = "",
    fix: str = "",
) -> Callable[[Check], BusinessRule]:
    """Makes the decorated function a rule. It counts once the catalogue lists it."""

    def made(check: Check) -> BusinessRule:
        return BusinessRule(
            rule_id, level, title, source, scope, check, grade, versions, operations, types, coordinate, fix
        )

    return made


@lru_cache(maxsize=4096)
def beneath(plan: ObjectPlan) -> frozenset[str]:
    """The types of the object and of everything selected below it."""
    names = {plan.type_name, *(variant.type_name for variant in plan.variants)}
    for field_plan in children(plan).values():
        if field_plan.child is not None:
            names |= beneath(field_plan.child)
    return frozenset(names)


@lru_cache(maxsize=4096)
def children(plan: ObjectPlan) -> Mapping[str, FieldPlan]:
    """The selected fields by their names in the schema; of one that is selected twice, the first."""
    found: dict[str, FieldPlan] = {}
    for variant in plan.variants:
        for field_plan in variant.fields:
            found.setdefault(field_plan.name, field_plan)
    return found


def _gather(
    field_plan: FieldPlan, value: Any, path: JsonPath, type_name: str
) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    """The objects of a type at a field and below it."""
    if field_plan.child is None:
        return
    is_one, composites = _layout(field_plan.child, type_name)
    if not is_one and not composites:
        return
    for place, one in _objects_at(value, path):
        if is_one:
            yield place, one
        for name, child in composites:
            nested = one.get(name)
            if nested is not None:
                yield from _gather(child, nested, (*place, name), type_name)


def _objects_at(value: Any, path: JsonPath) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    """The object, or the objects of the lists, that stand at a path."""
    if isinstance(value, dict):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield (*path, index), item
            elif isinstance(item, list):
                yield from _objects_at(item, (*path, index))


@lru_cache(maxsize=4096)
def _layout(plan: ObjectPlan, type_name: str) -> tuple[bool, tuple[tuple[str, FieldPlan], ...]]:
    """May an object be of a type? And those of its fields that may hold such objects, or have them below."""
    is_one = type_name == plan.type_name or any(variant.type_name == type_name for variant in plan.variants)
    fields = tuple(
        (name, field_plan)
        for name, field_plan in children(plan).items()
        if field_plan.child is not None and type_name in beneath(field_plan.child)
    )
    return is_one, fields


def _keys(field_plan: FieldPlan | None, path: JsonPath) -> JsonPath:
    """The path in the keys of the answer."""
    keys: list[str | int] = []
    for part in path:
        if isinstance(part, str):
            plan = field_plan.child if field_plan is not None else None
            field_plan = children(plan).get(part) if plan is not None else None
            keys.append(field_plan.key if field_plan is not None else part)
        else:
            keys.append(part)
    return tuple(keys)
