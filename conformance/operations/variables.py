"""The fast path for variables: input types made into types of msgspec, that one conversion in C proves faultless."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, Final

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    OperationDefinitionNode,
    get_named_type,
    is_input_type,
    is_required_input_field,
    type_from_ast,
)

from conformance.contract.facts import Fact
from conformance.contract.leaves import leaf_of
from conformance.contract.model import PLACEHOLDER, Contract
from conformance.operations.compile import CompiledOperation
from conformance.operations.leaftypes import simple_leaf_type

_KEY: Final = "variables"
_REFUSES: Final = object()


class _Unsaid(Exception):  # noqa: N818 - never leaves this module
    """The types cannot say what belongs here."""


def variables_are_clean(compiled: CompiledOperation, variables: Mapping[str, Any] | None) -> bool:
    """Are the variables faultless for certain? False when they are not, or when only the precise path can tell."""
    if compiled.operation is None:
        return False
    type_ = compiled.cache.get(_KEY)
    if type_ is None:
        type_ = compiled.cache[_KEY] = _variables_type(compiled, compiled.operation)
    if type_ is _REFUSES:
        return False
    try:
        msgspec.convert({} if variables is None else variables, type_)
    except (msgspec.ValidationError, UnicodeEncodeError, RecursionError):
        # A name that is half of a surrogate pair cannot even be compared.
        return False
    return True


def _variables_type(compiled: CompiledOperation, operation: OperationDefinitionNode) -> Any:
    types = _input_types(compiled.contract)
    fields: list[Any] = []
    names: dict[str, str] = {}
    try:
        for index, definition in enumerate(operation.variable_definitions or ()):
            type_ = type_from_ast(compiled.contract.schema, definition.type)
            if type_ is None or not is_input_type(type_):
                return _REFUSES
            name = definition.variable.name.value
            if name in names.values():
                return _REFUSES
            names[f"f{index}"] = name
            facts = compiled.variable_facts.get(name, ())
            if len(facts) > 1:
                return _REFUSES
            made = types.type_of(type_, facts[0] if facts else None)
            if isinstance(type_, GraphQLNonNull) and definition.default_value is None:
                fields.append((f"f{index}", made))
            else:
                fields.append((f"f{index}", made | msgspec.UnsetType if made is not Any else Any, msgspec.UNSET))
        fields.sort(key=len)
        return msgspec.defstruct("Variables", fields, rename=names, forbid_unknown_fields=True, gc=False)
    except (_Unsaid, TypeError, RecursionError):
        return _REFUSES


@lru_cache(maxsize=16)
def _input_types(contract: Contract) -> _InputTypes:
    return _InputTypes(contract)


class _InputTypes:
    """The types of one contract's inputs, each made at its first use."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._objects: dict[str, Any] = {}
        self._making: set[str] = set()

    def type_of(self, type_: Any, fact: Fact | None) -> Any:
        """The type of a value, null included where it may stand. Raises _Unsaid."""
        if isinstance(type_, GraphQLNonNull):
            return self._present(type_.of_type, fact)
        made = self._present(type_, fact)
        return made if made is Any else made | None

    def _present(self, type_: Any, fact: Fact | None) -> Any:
        if isinstance(type_, GraphQLList):
            item = self.type_of(type_.of_type, fact)
            made: Any = list.__class_getitem__(item)
            limit = fact.limit if fact else None
            if limit is not None and (limit.min_items is not None or limit.max_items is not None):
                return Annotated[made, msgspec.Meta(min_length=limit.min_items, max_length=limit.max_items)]
            return made
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_)
        return self._leaf(get_named_type(type_), fact)

    def _leaf(self, type_: Any, fact: Fact | None) -> Any:
        leaf = leaf_of(self._contract, type_, fact or self._contract.fact(type_.name))
        if leaf.kind == "any":
            return Any
        enum = self._contract.schema.type_map.get(leaf.table or type_.name)
        if leaf.members is not None and isinstance(enum, GraphQLEnumType):
            deprecated = {name for name, value in enum.values.items() if value.deprecation_reason is not None}
            leaf = replace(leaf, members=leaf.members - deprecated)
        made = simple_leaf_type(leaf)
        if made is None:
            raise _Unsaid
        return made

    def _object(self, type_: GraphQLInputObjectType) -> Any:
        name = type_.name
        if name in self._objects:
            made = self._objects[name]
            if made is None:
                raise _Unsaid
            return made
        if name in self._making:
            # A type that contains itself is left to the precise path.
            raise _Unsaid
        self._making.add(name)
        try:
            made = self._objects[name] = self._make(type_)
        except _Unsaid:
            self._objects[name] = None
            raise
        finally:
            self._making.discard(name)
        return made

    def _make(self, type_: GraphQLInputObjectType) -> Any:
        required: list[Any] = []
        optional: list[Any] = []
        names: dict[str, str] = {}
        for index, (name, field) in enumerate(type_.fields.items()):
            if name == PLACEHOLDER or field.deprecation_reason is not None:
                continue
            names[f"f{index}"] = name
            made = self.type_of(field.type, self._contract.fact(type_.name, name))
            if is_required_input_field(field):
                required.append((f"f{index}", made))
            else:
                optional.append((f"f{index}", made if made is Any else made | msgspec.UnsetType, msgspec.UNSET))
        check = self._check(type_, {name: attribute for attribute, name in names.items()})
        return msgspec.defstruct(
            type_.name,
            [*required, *optional],
            rename=names,
            forbid_unknown_fields=True,
            gc=False,
            namespace={"__post_init__": check} if check else None,
        )

    def _check(self, type_: GraphQLInputObjectType, attributes: dict[str, str]) -> Callable[[Any], None] | None:
        exclusive = tuple(attributes[name] for name in self._contract.fact(type_.name).exclusive if name in attributes)
        if type_.is_one_of:
            every = tuple(attributes.values())

            def one_of(self: Any) -> None:
                given = [getattr(self, attribute) for attribute in every]
                if len(given) - given.count(msgspec.UNSET) != 1 or None in given:
                    raise ValueError("refused")

            return one_of
        if len(exclusive) > 1:

            def at_most_one(self: Any) -> None:
                if sum(getattr(self, attribute) not in (None, msgspec.UNSET) for attribute in exclusive) > 1:
                    raise ValueError("refused")

            return at_most_one
        return None
