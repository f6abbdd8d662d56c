"""What the fast path can be asked to prove beyond the shape of an answer, and the readers of decoded values for it.

A proof is one-sided: where it holds, what it stands for has nothing to report; where it does not, nothing is said, and
whoever asked has to look for himself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Final, TypeAlias

from conformance.contract.facts import Limit
from conformance.contract.leaves import Leaf
from conformance.operations.leaftypes import simple_leaf_type
from conformance.operations.selection import FieldPlan, ObjectPlan

Path: TypeAlias = tuple[str | tuple[str, ...], ...]
"""Names of fields from an object down. Lists on the way are gone through; several names at the end are one value."""

Reader: TypeAlias = Callable[[Any], Any]

MAX_LISTS: Final = 1
"""Lists of lists are not read."""


class UnprovableError(Exception):
    """The decoded value does not show what a proof has to see."""


@dataclass(frozen=True, slots=True)
class LeafProof:
    """The values of a field lie within bounds or within a set, wherever the field is selected.

    `about` names what is proved. Below one of the fields `unless_below` anything goes.
    """

    about: str
    types: frozenset[str]
    field: str
    minimum: float | None = None
    members: frozenset[str] | None = None
    unless_below: frozenset[str] = frozenset()

    def leaf(self, leaf: Leaf) -> Leaf:
        """The leaf with what is proved of it. Raises UnprovableError where the leaf cannot say it."""
        if self.members is not None and leaf.is_string:
            known = self.members if leaf.members is None else leaf.members & self.members
            return _sayable(replace(leaf, members=known))
        if self.minimum is not None and leaf.kind in ("int", "long", "float", "decimal"):
            limit = leaf.limit or Limit()
            low = self.minimum if limit.min is None else max(limit.min, self.minimum)
            return _sayable(replace(leaf, limit=replace(limit, min=low)))
        raise UnprovableError


@dataclass(frozen=True, slots=True)
class ObjectProof:
    """`holds` is true of the values at `paths`, for every object of these types.

    Where a path is not selected there is nothing to prove.
    """

    about: str
    types: frozenset[str]
    paths: tuple[Path, ...]
    holds: Callable[..., bool]

    def check(self, plan: ObjectPlan) -> Callable[[Any], None] | None:
        """Raises ValueError for a decoded object of a plan that does not keep the proof.

        None when there is nothing to prove. Raises UnprovableError.
        """
        readers = []
        for path in self.paths:
            reader = reader_of(plan, path)
            if reader is None:
                return None
            readers.append(reader)
        return _check(self.holds, readers)


def _check(holds: Callable[..., bool], readers: list[Reader]) -> Callable[[Any], None]:
    """Called for every object of an answer, so each number of readers has a function of its own."""
    match readers:
        case [only]:

            def check_one(decoded: Any) -> None:
                if not holds(only(decoded)):
                    raise ValueError("refused")

            return check_one
        case [first, second]:

            def check_two(decoded: Any) -> None:
                if not holds(first(decoded), second(decoded)):
                    raise ValueError("refused")

            return check_two
        case _:

            def check_all(decoded: Any) -> None:
                if not holds(*[read(decoded) for read in readers]):
                    raise ValueError("refused")

            return check_all


Proof: TypeAlias = LeafProof | ObjectProof


def attributes(plan: ObjectPlan) -> Mapping[str, tuple[str, FieldPlan]]:
    """By name in the schema: the attribute of a decoded object, and the field's plan; of a repeated one the first."""
    if plan.is_abstract:
        raise UnprovableError
    found: dict[str, tuple[str, FieldPlan]] = {}
    for index, field in enumerate(plan.variants[0].fields):
        found.setdefault(field.name, (attribute(index), field))
    return found


def attribute(index: int) -> str:
    """The name of the attribute that holds the field of this number."""
    return f"f{index}"


def reader_of(plan: ObjectPlan, path: Path) -> Reader | None:
    """Reads what stands at a path of a decoded object: a value, or the values of all lists on the way, nulls left out.

    None when the path is not selected. Raises UnprovableError where decoded objects do not show it.
    """
    head, rest = path[0], path[1:]
    known = attributes(plan)
    if isinstance(head, tuple):
        return _together([known[name] for name in head if name in known], len(head))
    if head not in known:
        return None
    name, field = known[head]
    if field.opaque or len(field.nullable) > MAX_LISTS + 1:
        raise UnprovableError
    child = field.child
    if not rest:
        if child is None:
            _plain_leaf(field)
        return attrgetter(name)
    if child is None:
        raise UnprovableError
    inner = reader_of(child, rest)
    if inner is None:
        return None
    through = _through_object if len(field.nullable) == 1 else _through_list
    return through(name, inner, _goes_through_lists(child, rest))


def _together(chosen: list[tuple[str, FieldPlan]], wanted: int) -> Reader | None:
    for _, field in chosen:
        _plain_leaf(field)
        if len(field.nullable) > 1:
            raise UnprovableError
    return attrgetter(*(name for name, _ in chosen)) if len(chosen) == wanted else None


def _sayable(leaf: Leaf) -> Leaf:
    if simple_leaf_type(leaf) is None:
        raise UnprovableError
    return leaf


def _plain_leaf(field: FieldPlan) -> None:
    leaf = field.leaf
    if leaf is None or leaf.kind == "any" or simple_leaf_type(leaf) is None:
        raise UnprovableError


def _goes_through_lists(plan: ObjectPlan, path: Path) -> bool:
    head = path[0]
    if isinstance(head, tuple):
        return False
    _, field = attributes(plan)[head]
    if len(field.nullable) > 1:
        return True
    return field.child is not None and len(path) > 1 and _goes_through_lists(field.child, path[1:])


def _through_object(name: str, inner: Reader, in_list: bool) -> Reader:
    def read(decoded: Any) -> Any:
        value = getattr(decoded, name)
        if value is None:
            return () if in_list else None
        return inner(value)

    return read


def _through_list(name: str, inner: Reader, nested: bool) -> Reader:
    def read(decoded: Any) -> Any:
        items = getattr(decoded, name)
        if not items:
            return ()
        if len(items) == 1 and not nested and items[0] is not None:
            return (inner(items[0]),)
        if nested:
            return [one for item in items if item is not None for one in inner(item) or ()]
        if None in items:
            return [inner(item) for item in items if item is not None]
        return list(map(inner, items))

    return read
