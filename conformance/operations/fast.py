"""The fast path: a selection made into types of msgspec, so that one decode in C parses an answer and proves it clean.

A decoder accepts an answer if and only if the precise path has nothing to report (but for numbers like `1.0` where a
whole number belongs: there it refuses, and the precise path accepts). What the types cannot say is asked of the
precise path for that part of the answer alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec

from conformance.contract.leaves import Leaf, accepts
from conformance.operations.leaftypes import simple_leaf_type
from conformance.operations.parts import Parts
from conformance.operations.precise import Walker
from conformance.operations.proofs import LeafProof, ObjectProof, Proof, UnprovableError, attribute
from conformance.operations.selection import TYPENAME, FieldPlan, ObjectPlan, Variant

AnswerDecoder: TypeAlias = Callable[[bytes], object]

MAX_STRUCT_FIELDS: Final = 2000


class _Checked:
    """Base of the types whose values are checked by a function, not by the decoder."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ProvingDecoder:
    """Decodes what is clean and keeps all proofs asked for, but those about `unproved`; refuses the rest.

    `proved` is what there was to prove; of anything else the selection has nothing. `parts` tell the same of a part.
    """

    decode: AnswerDecoder
    parts: Parts
    unproved: frozenset[str] = frozenset()
    proved: frozenset[str] = frozenset()


class DecoderBuilder:
    """Builds the types of one answer. `hooks` are the checks that the decoder has to call back for.

    `proofs` are what the types have to prove besides; those that they cannot are in `unproved` by what they are about.
    """

    def __init__(self, proofs: tuple[Proof, ...] = ()) -> None:
        self.hooks: dict[type, Callable[[Any], bool]] = {}
        self.unproved: set[str] = set()
        self.proved: set[str] = set()
        self._proofs = proofs
        self._exempting = {name for proof in proofs if isinstance(proof, LeafProof) for name in proof.unless_below}
        self._above: frozenset[str] = frozenset()
        self._instances: dict[type, Any] = {}
        self._objects: dict[tuple[int, frozenset[str]], Any] = {}
        self._structs: dict[tuple[Any, ...], Any] = {}
        self._count = 0

    def hook(self, type_: type, value: Any) -> Any:
        """msgspec's `dec_hook`: the value is refused by raising ValueError."""
        if self.hooks[type_](value):
            return self._instances[type_]
        raise ValueError("refused")

    def object_type(self, plan: ObjectPlan) -> Any:
        """The type of an object that is not null."""
        key = (id(plan), self._above)
        known = self._objects.get(key)
        if known is None:
            known = self._objects[key] = self._object_type(plan)
        return known

    def _object_type(self, plan: ObjectPlan) -> Any:
        if not plan.is_abstract:
            return self._struct(plan.variants[0], checks=self._checks(plan))
        self._give_up(plan)
        if plan.typename_key:
            types = [self._struct(variant, plan.typename_key) for variant in plan.variants]
            if len(types) == 1:
                return self._struct(plan.variants[0])
            union = types[0]
            for type_ in types[1:]:
                union |= type_
            return union
        if len(plan.candidates) == 1:
            return self._struct(plan.candidates[0])
        return self._alternatives(plan.candidates)

    def _checks(self, plan: ObjectPlan) -> tuple[Callable[[Any], None], ...]:
        """What has to be true of decoded objects of a plan beyond the types of their fields."""
        checks = []
        for proof in self._proofs_about(plan):
            if isinstance(proof, ObjectProof):
                try:
                    check = proof.check(plan)
                except UnprovableError:
                    self.unproved.add(proof.about)
                else:
                    if check is not None:
                        checks.append(check)
                        self.proved.add(proof.about)
        return tuple(checks)

    def _give_up(self, plan: ObjectPlan) -> None:
        """Of an object that may be of several types nothing is proved."""
        self.unproved.update(proof.about for proof in self._proofs_about(plan))

    def _proofs_about(self, plan: ObjectPlan) -> Iterator[Proof]:
        names = {plan.type_name, *(variant.type_name for variant in plan.variants)}
        return (proof for proof in self._proofs if not names.isdisjoint(proof.types))

    def _alternatives(self, candidates: tuple[Variant, ...]) -> Any:
        """An object whose type nothing tells: it is clean when it is clean as one of the candidates."""
        by_keys: dict[frozenset[str], list[Any]] = {}
        for variant in candidates:
            struct = self._struct(variant)
            known = by_keys.setdefault(frozenset(variant.by_key), [])
            if struct not in known:
                known.append(struct)

        def check(value: Any) -> bool:
            if type(value) is not dict:
                return False
            for struct in by_keys.get(frozenset(value), ()):
                try:
                    msgspec.convert(value, struct, dec_hook=self.hook)
                except msgspec.ValidationError:
                    continue
                return True
            return False

        return self._checked(check)

    def _struct(self, variant: Variant, tag_key: str = "", *, checks: tuple[Callable[[Any], None], ...] = ()) -> Any:
        fields = [(field.key, self._field_type(field, variant)) for field in variant.fields if field.key != tag_key]
        if len(fields) > MAX_STRUCT_FIELDS:
            self.unproved.update(proof.about for proof in self._proofs)
            return self._checked(_object_check(variant))
        shape = (variant.type_name if tag_key else "", tag_key, tuple(fields), checks)
        struct = self._structs.get(shape)
        if struct is None:
            self._count += 1
            struct = msgspec.defstruct(
                f"Object{self._count}",
                [(attribute(index), type_) for index, (_, type_) in enumerate(fields)],
                rename={attribute(index): key for index, (key, _) in enumerate(fields)},
                tag_field=tag_key or None,
                tag=variant.type_name if tag_key else None,
                forbid_unknown_fields=True,
                gc=False,
                namespace={"__post_init__": _refusing(checks)} if checks else None,
            )
            self._structs[shape] = struct
        return struct

    def _field_type(self, field: FieldPlan, variant: Variant) -> Any:
        if field.name == TYPENAME:
            return str if variant.any_name else Literal[variant.type_name]
        if field.opaque or (field.leaf is not None and field.leaf.kind == "any"):
            type_: Any = Any
        elif field.child is not None:
            type_ = self._nested(field.child, field.name)
        else:
            type_ = self.leaf_type(self._proving(field.leaf, field.name, variant)) if field.leaf is not None else Any
        levels = field.nullable
        if levels[-1] and type_ is not Any:
            type_ = type_ | None
        for level in range(len(levels) - 2, -1, -1):
            type_ = list[type_]
            limit = field.fact.limit if level == 0 else None
            if limit is not None and (limit.min_items is not None or limit.max_items is not None):
                type_ = Annotated[type_, msgspec.Meta(min_length=limit.min_items, max_length=limit.max_items)]
            if levels[level]:
                type_ = type_ | None
        return type_

    def _nested(self, plan: ObjectPlan, name: str) -> Any:
        """The type of an object below a field."""
        if name not in self._exempting:
            return self.object_type(plan)
        above, self._above = self._above, self._above | {name}
        try:
            return self.object_type(plan)
        finally:
            self._above = above

    def _proving(self, leaf: Leaf, name: str, variant: Variant) -> Leaf:
        """The leaf with what is to be proved of the field."""
        for proof in self._proofs:
            if (
                isinstance(proof, LeafProof)
                and proof.field == name
                and variant.type_name in proof.types
                and proof.unless_below.isdisjoint(self._above)
            ):
                self.proved.add(proof.about)
                try:
                    leaf = proof.leaf(leaf)
                except UnprovableError:
                    self.unproved.add(proof.about)
        return leaf

    def leaf_type(self, leaf: Leaf) -> Any:
        """The type of a leaf that is not null."""
        simple = simple_leaf_type(leaf)
        return simple if simple is not None else self._checked(lambda value: accepts(leaf, value))

    def _checked(self, check: Callable[[Any], bool]) -> Any:
        type_ = type("Checked", (_Checked,), {"__slots__": ()})
        self.hooks[type_] = check
        self._instances[type_] = type_()
        return type_


def _object_check(variant: Variant) -> Callable[[Any], bool]:
    plan = ObjectPlan(variant.type_name, (variant,))

    def check(value: Any) -> bool:
        if type(value) is not dict:
            return False
        walker = Walker()
        walker.object(plan, value, ())
        return not walker.findings

    return check


def _refusing(checks: tuple[Callable[[Any], None], ...]) -> Callable[[Any], None]:
    """As `__post_init__`: an object that is not as it has to be is refused."""
    if len(checks) == 1:
        return checks[0]

    def post_init_all(self: Any) -> None:
        for check in checks:
            check(self)

    return post_init_all


def decoder_for(plan: ObjectPlan) -> AnswerDecoder | None:
    """A decoder of whole answers `{"data": …, "extensions": …}` without errors. None when the types cannot be made."""
    made = proving_decoder(plan, ())
    return made.decode if made is not None else None


def proving_decoder(plan: ObjectPlan, proofs: tuple[Proof, ...]) -> ProvingDecoder | None:
    """As `decoder_for`, and the decoder refuses as well what does not keep the proofs.

    What it gives holds the root fields under `data`: `attribute(n)` the n-th.
    """
    builder = DecoderBuilder(proofs)
    try:
        data = builder.object_type(plan)
        envelope = msgspec.defstruct(
            "Answer",
            [("data", data), ("extensions", dict[str, Any] | msgspec.UnsetType, msgspec.UNSET)],
            forbid_unknown_fields=True,
            gc=False,
        )
        decode = msgspec.json.Decoder(envelope, dec_hook=builder.hook if builder.hooks else None).decode
        return ProvingDecoder(
            decode, Parts(builder.object_type, builder.hook), frozenset(builder.unproved), frozenset(builder.proved)
        )
    except (TypeError, RecursionError):
        # msgspec refuses some unions; the precise path judges these selections alone.
        return None
