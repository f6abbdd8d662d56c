"""The judge of input values: one walk for variables and for values in the document, every fault with its path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, Protocol

from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    get_named_type,
    is_required_input_field,
)

from conformance.base.errors import SourcePosition
from conformance.base.paths import JsonPath
from conformance.contract.facts import Fact
from conformance.contract.leaves import (
    FORMAT_TEXTS,
    INT_RANGE,
    Leaf,
    format_fits,
    in_range,
    is_integral,
    is_number,
    items_broken,
    leaf_of,
    limit_broken,
)
from conformance.contract.model import PLACEHOLDER, Contract
from conformance.findings.model import Blame, Finding
from conformance.findings.wording import key_for_path, weaker
from conformance.operations.elsewhere import hint
from conformance.operations.finding import code_shown, found, kind_shown, listed, near, shown
from conformance.operations.literals import EnumLiteral, VariableRef

MAX_FINDINGS: Final = 1000

_RANGES: Mapping[str, str] = {"int": f"{INT_RANGE[0]} to {INT_RANGE[1]}", "long": "64 bits"}


def quiet_number(text: str) -> bool:
    """Is a text a decimal number?"""
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False


class InputWatch(Protocol):
    """Is told what a value uses, beside the faults."""

    def variable(
        self, name: str, type_: GraphQLInputType, path: JsonPath, fact: Fact, has_default: bool, one_of: str
    ) -> None:
        """A variable stands where `type_` belongs; the place may have a default, or be a field of a oneOf input."""

    def use(self, fact: Fact) -> None:
        """An input field or an enum value is used."""


class InputJudge:
    """Judges values against input types of one contract, and gathers the findings.

    `place` gives the position of a path when the value stands in a document. `in_document` switches to the rules of
    literals: enum values stand without quotes, texts with them, and a variable inside is told to `watch`.
    """

    def __init__(
        self,
        contract: Contract,
        origin: str,
        *,
        in_document: bool = False,
        place: Callable[[JsonPath], SourcePosition | None] = lambda _: None,
        watch: InputWatch | None = None,
    ) -> None:
        self._contract = contract
        self._origin = origin
        self._in_document = in_document
        self._place = place
        self._watch = watch
        self.findings: list[Finding] = []

    def judge(
        self,
        type_: GraphQLInputType,
        value: Any,
        path: JsonPath,
        fact: Fact,
        *,
        has_default: bool = False,
        one_of: str = "",
    ) -> None:
        """Judges a value. `fact` is that of the argument, input field or variable whose value it is."""
        if len(self.findings) >= MAX_FINDINGS:
            return
        if isinstance(value, VariableRef):
            if self._watch is not None:
                self._watch.variable(value.name, type_, path, fact, has_default, one_of)
            return
        if isinstance(type_, GraphQLNonNull):
            if value is None:
                self._add(
                    "REQ-041", f"null where the contract says {type_}", path, fact, expected=str(type_), actual="null"
                )
                return
            type_ = type_.of_type
        if value is None:
            return
        if isinstance(type_, GraphQLList):
            self._list(type_, value, path, fact)
            return
        if isinstance(type_, GraphQLInputObjectType):
            self._object(type_, value, path, fact)
            return
        named = get_named_type(type_)
        self._leaf(leaf_of(self._contract, named, fact), named, value, path, fact)

    def _list(self, type_: GraphQLList[Any], value: Any, path: JsonPath, fact: Fact) -> None:
        if not isinstance(value, list | tuple):
            # GraphQL takes a single value for a list of one.
            self.judge(type_.of_type, value, path, fact)
            return
        broken = items_broken(fact.limit, len(value)) if fact.limit else ""
        if broken:
            actual = f"{len(value)} items"
            self._add("REQ-046", actual, path, fact.of_limit, expected=broken, actual=actual)
        for index, item in enumerate(value):
            self.judge(type_.of_type, item, (*path, index), fact)

    def _object(self, type_: GraphQLInputObjectType, value: Any, path: JsonPath, fact: Fact) -> None:
        if not isinstance(value, Mapping):
            self._wrong_kind(type_, value, path, fact)
            return
        own = self._contract.fact(type_.name)
        for name, field in type_.fields.items():
            if name in value:
                self._field(type_, name, field, value[name], path)
            elif is_required_input_field(field):
                field_fact = self._contract.fact(type_.name, name)
                self._add(
                    "REQ-042",
                    f"the required field {name} is missing",
                    (*path, name),
                    field_fact,
                    expected=str(field.type),
                    actual="missing",
                    fix=f"Give {name}",
                )
        for name in value:
            if (name not in type_.fields or name == PLACEHOLDER) and len(self.findings) < MAX_FINDINGS:
                self._unknown_field(type_, str(name), value[name], path, own)
        given = [name for name in own.exclusive if value.get(name) is not None]
        if len(given) > 1:
            self._add(
                "REQ-047",
                f"{listed(given)} exclude each other",
                path,
                own,
                expected=f"at most one of {listed(own.exclusive)}",
                actual=listed(given),
                fix="Give one of them",
            )
        if type_.is_one_of:
            self._one_of(type_, value, path, own)

    def _field(
        self, type_: GraphQLInputObjectType, name: str, field: GraphQLInputField, value: Any, path: JsonPath
    ) -> None:
        fact = self._contract.fact(type_.name, name)
        if field.deprecation_reason is not None:
            self._add(
                "REQ-062", f"{type_.name}.{name} is deprecated", (*path, name), fact, fix=field.deprecation_reason
            )
        if self._watch is not None:
            self._watch.use(fact)
        has_default = isinstance(field.type, GraphQLNonNull) and not is_required_input_field(field)
        one_of = type_.name if type_.is_one_of else ""
        self.judge(field.type, value, (*path, name), fact, has_default=has_default, one_of=one_of)

    def _one_of(self, type_: GraphQLInputObjectType, value: Mapping[str, Any], path: JsonPath, fact: Fact) -> None:
        if len(value) != 1 or any(item is None for item in value.values()):
            self._add(
                "REQ-049",
                f"{type_.name} takes exactly one field",
                path,
                fact,
                expected=f"one of {listed(type_.fields)}",
                actual=shown(dict(value)),
            )

    def _unknown_field(self, type_: GraphQLInputObjectType, name: str, value: Any, path: JsonPath, fact: Fact) -> None:
        known = [field for field in type_.fields if field != PLACEHOLDER]
        elsewhere = hint(self._contract, type_.name, name)
        if fact.partial or not known:
            self._add(
                "REQ-070",
                f"{type_.name} has no documented field {key_for_path(name)}, but not all of its page was read",
                (*path, key_for_path(name)),
                fact,
                actual=kind_shown(value),
                fix=elsewhere or "Check the field's name",
            )
            return
        self._add(
            "REQ-043",
            f"{type_.name} has no field {key_for_path(name)}",
            (*path, key_for_path(name)),
            fact,
            expected=f"a field of {type_.name}: {listed(known)}",
            actual=key_for_path(name),
            fix=elsewhere or near(name, known) or f"Leave {key_for_path(name)} out",
        )

    def _leaf(self, leaf: Leaf, type_: GraphQLNamedType, value: Any, path: JsonPath, fact: Fact) -> None:
        if leaf.kind == "any":
            return
        if leaf.kind == "enum":
            self._enum(leaf, type_, value, path, fact)
            return
        if (
            leaf.kind == "decimal"
            and isinstance(value, str)
            and not isinstance(value, EnumLiteral)
            and quiet_number(value)
        ):
            self._add(
                "REQ-051",
                "a Decimal in quotes: the documented requests write a number",
                path,
                fact,
                expected="number",
                actual="string",
                fix="Write the number without quotes",
            )
            return
        if not _input_kind_fits(leaf, value):
            self._wrong_kind(type_, value, path, fact)
        elif leaf.kind in _RANGES and not in_range(leaf, value):
            self._add(
                "REQ-040",
                f"the number is outside the range of {leaf.type_name}",
                path,
                fact,
                expected=_RANGES[leaf.kind],
                actual=shown(value),
            )
        elif leaf.members is not None and value not in leaf.members:
            self._outside_table(leaf, value, path, fact)
        else:
            if leaf.members is not None:
                self._known_value(leaf.table, value, path)
            self._form(leaf, value, path, fact)

    def _enum(self, leaf: Leaf, type_: GraphQLNamedType, value: Any, path: JsonPath, fact: Fact) -> None:
        right_form = isinstance(value, EnumLiteral) if self._in_document else isinstance(value, str)
        members = leaf.names
        if not right_form:
            fix = f"Write {value} without quotes" if isinstance(value, str) and value in members else ""
            self._wrong_kind(type_, value, path, fact, fix=fix)
            return
        if value not in members:
            self.findings.append(
                found(
                    "REQ-044",
                    f"{code_shown(value)} is no value of {leaf.type_name}",
                    path=path,
                    origin=self._origin,
                    coordinate=leaf.type_name,
                    expected=f"one of {listed(members)}",
                    actual=code_shown(value),
                    grade=weaker(leaf.members_grade, fact.grade),
                    source=leaf.members_source,
                    fix=hint(self._contract, leaf.type_name, value) or near(value, members),
                    unconfirmed="not all of its values are known" if leaf.members_partial else "",
                    position=self._place(path),
                    blame=Blame.CLIENT,
                )
            )
            return
        self._known_value(leaf.type_name, value, path)

    def _known_value(self, enum_name: str, value: str, path: JsonPath) -> None:
        """A value that an enum or a table has: it may be deprecated."""
        enum = self._contract.schema.type_map[enum_name]
        fact = self._contract.fact(enum_name, str(value))
        if self._watch is not None:
            self._watch.use(fact)
        reason = enum.values[value].deprecation_reason if isinstance(enum, GraphQLEnumType) else None
        if reason is not None:
            self._add("REQ-063", f"{enum_name}.{value} is deprecated", path, fact, fix=reason)

    def _outside_table(self, leaf: Leaf, value: str, path: JsonPath, fact: Fact) -> None:
        members = leaf.names
        self.findings.append(
            found(
                "REQ-071" if leaf.is_open else "REQ-045",
                f"{code_shown(value)} is not in the table {leaf.table}",
                path=path,
                origin=self._origin,
                coordinate=str(fact.coordinate),
                expected=f"one of {listed(members)}",
                actual=code_shown(value),
                grade=weaker(leaf.members_grade, fact.grade),
                source=leaf.members_source,
                fix=hint(self._contract, leaf.table, value) or near(value, members),
                unconfirmed="not all of its values are known" if leaf.members_partial and not leaf.is_open else "",
                position=self._place(path),
                blame=Blame.CLIENT,
            )
        )

    def _form(self, leaf: Leaf, value: Any, path: JsonPath, fact: Fact) -> None:
        if leaf.format and isinstance(value, str) and not format_fits(leaf.format, value):
            self._add(
                "REQ-048",
                f"{code_shown(value)} is not in the format {leaf.format}",
                path,
                fact,
                expected=FORMAT_TEXTS.get(leaf.format, leaf.format),
                actual=code_shown(value),
                fix=f"Give an {FORMAT_TEXTS[leaf.format]}" if leaf.format in FORMAT_TEXTS else "",
            )
        broken = limit_broken(leaf.limit, value) if leaf.limit else ""
        if broken:
            actual = f"{len(value)} characters" if "characters" in broken else code_shown(value)
            message = f"{actual} where the documentation asks for {broken}"
            self._add("REQ-046", message, path, fact.of_limit, expected=broken, actual=actual, fix=f"Give {broken}")

    def _wrong_kind(self, type_: object, value: Any, path: JsonPath, fact: Fact, fix: str = "") -> None:
        actual = f"the name {value}" if isinstance(value, EnumLiteral) else kind_shown(value)
        if isinstance(value, EnumLiteral) and str(type_) in ("String", "ID"):
            fix = fix or f'Write "{value}" with quotes'
        self._add(
            "REQ-040",
            f"{actual} where the contract says {type_}",
            path,
            fact,
            expected=str(type_),
            actual=actual,
            fix=fix,
        )

    def _add(self, rule: str, message: str, path: JsonPath, fact: Fact, **more: str) -> None:
        self.findings.append(
            found(
                rule,
                message,
                path=path,
                origin=self._origin,
                coordinate=str(fact.coordinate),
                grade=fact.grade,
                source=fact.source,
                position=self._place(path),
                blame=Blame.CLIENT,
                **more,
            )
        )


def _input_kind_fits(leaf: Leaf, value: Any) -> bool:
    match leaf.kind:
        case "string":
            return isinstance(value, str) and not isinstance(value, EnumLiteral)
        case "id":
            return (isinstance(value, str) and not isinstance(value, EnumLiteral)) or is_integral(value)
        case "int" | "long":
            return is_integral(value)
        case "boolean":
            return isinstance(value, bool)
        case _:
            return is_number(value) or isinstance(value, Decimal)
