"""What the schema command shows, as plain values: JSON prints them as they are, `schema_text` makes text of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    is_scalar_type,
    is_union_type,
)
from graphql.pyutils import suggestion_list

from conformance.base.coordinates import SchemaCoordinate
from conformance.base.data import data_folder
from conformance.base.errors import InputError
from conformance.base.versions import VERSIONS
from conformance.base.yamlio import load_yaml_file
from conformance.contract.errata import load_errata
from conformance.contract.facts import Fact
from conformance.contract.load import load_contract
from conformance.contract.model import PLACEHOLDER, Contract
from conformance.findings.model import Grade

_ROOTS = ("Query", "Mutation")
_SHARED = "shared"
_WEAK = (Grade.GUIDE, Grade.CHANGELOG, Grade.INFERRED)
_KINDS = (
    (is_object_type, "type"),
    (is_input_object_type, "input"),
    (is_interface_type, "interface"),
    (is_union_type, "union"),
    (is_scalar_type, "scalar"),
)


def version_summaries() -> list[dict[str, Any]]:
    """Every version: how many operations and types it has, and how many coordinates rest on which grade."""
    return [_summary(load_contract(version)) for version in VERSIONS]


def _summary(contract: Contract) -> dict[str, Any]:
    operations = contract.operations.values()
    grades = contract.grades()
    return {
        "version": contract.version,
        "interfaces": len({operation.interface for operation in operations}),
        "queries": sum(operation.kind == "query" for operation in operations),
        "mutations": sum(operation.kind == "mutation" for operation in operations),
        "types": sum(type_.name not in _ROOTS for type_ in contract.named_types()),
        "coordinates": grades.total(),
        "grades": _grades(grades),
        "names_without_facts": len(_unread(contract.version)),
        "digest": contract.digest,
    }


def describe_interfaces(contract: Contract) -> list[dict[str, Any]]:
    """Every interface of a version with its operations and types."""
    interfaces: dict[str, dict[str, Any]] = {}
    for operation in contract.operations.values():
        entry = interfaces.setdefault(operation.interface, {"interface": operation.interface, "operations": []})
        field = _field_of(contract, SchemaCoordinate(_root(operation.kind), operation.name))
        entry["operations"].append(
            {"name": operation.name, "kind": operation.kind, "type": str(field.type)} | _facts(operation.fact)
        )
    for type_ in contract.named_types():
        if type_.name in _ROOTS:
            continue
        name = _shared(contract.interface_of(type_.name))
        entry = interfaces.setdefault(name, {"interface": name, "operations": []})
        entry.setdefault("types", []).append(
            {"name": type_.name, "kind": _kind(contract, type_)} | _facts(contract.fact(type_.name))
        )
    return sorted(interfaces.values(), key=lambda entry: (entry["interface"] == _SHARED, str(entry["interface"])))


def find(contract: Contract, name: str) -> SchemaCoordinate:
    """The coordinate that a name means. Raises InputError with what may be meant, and where it exists."""
    if name in contract.operations:
        return SchemaCoordinate(_root(contract.operations[name].kind), name)
    try:
        coordinate = SchemaCoordinate.parse(name)
        contract.fact(coordinate.type_name, coordinate.member, coordinate.argument)
    except (KeyError, ValueError) as error:
        raise _unknown(contract, name) from error
    return coordinate


def describe(contract: Contract, name: str) -> dict[str, Any]:
    """Everything known about a type, a field or an operation.

    Raises InputError for a name that the version does not have.
    """
    coordinate = find(contract, name)
    common = {
        "coordinate": str(coordinate),
        "version": contract.version,
        "versions": list(_versions_with(coordinate)),
    }
    if not coordinate.member:
        return common | _describe_type(contract, contract.schema.type_map[coordinate.type_name])
    return (
        common | {"kind": "operation" if coordinate.type_name in _ROOTS else "member"} | _member(contract, coordinate)
    )


def _describe_type(contract: Contract, type_: GraphQLNamedType) -> dict[str, Any]:
    described: dict[str, Any] = {
        "kind": _kind(contract, type_),
        "name": type_.name,
        "interface": contract.interface_of(type_.name),
        "description": type_.description or "",
        **_facts(contract.fact(type_.name)),
    }
    if isinstance(type_, GraphQLEnumType):
        described["open"] = bool(contract.is_value_table(type_.name) and contract.value_table(type_.name).is_open)
    if isinstance(type_, GraphQLUnionType):
        described["members"] = [member.name for member in type_.types]
    else:
        names = getattr(type_, "fields", None) or getattr(type_, "values", None) or ()
        described["members"] = [
            _member(contract, SchemaCoordinate(type_.name, member)) for member in names if member != PLACEHOLDER
        ]
    described["used_by"] = list(_uses(contract, type_.name))
    return described


def _member(contract: Contract, coordinate: SchemaCoordinate) -> dict[str, Any]:
    """A field, an input field, an enum value or an argument."""
    field = _field_of(contract, coordinate)
    fact = contract.fact(coordinate.type_name, coordinate.member, coordinate.argument)
    described: dict[str, Any] = {
        "name": coordinate.argument or coordinate.member,
        "type": str(getattr(field, "type", "")),
        "description": field.description or "",
        "deprecated": field.deprecation_reason or "",
        **_facts(fact),
    }
    if isinstance(field, GraphQLField) and field.args:
        described["arguments"] = [
            _member(contract, SchemaCoordinate(coordinate.type_name, coordinate.member, argument))
            for argument in field.args
        ]
    if fact.values:
        table = contract.value_table(fact.values)
        described["values"] = {"table": table.name, "values": sorted(table.values), "open": table.is_open}
    return described


def _field_of(contract: Contract, coordinate: SchemaCoordinate) -> Any:
    type_ = contract.schema.type_map[coordinate.type_name]
    members = getattr(type_, "fields", None) or getattr(type_, "values", {})
    member = members[coordinate.member]
    return member.args[coordinate.argument] if coordinate.argument else member


def _facts(fact: Fact) -> dict[str, Any]:
    limit = fact.limit
    given = {name: getattr(limit, name) for name in limit.__slots__} if limit else {}
    bounds = {name: value for name, value in given.items() if value not in (None, "")}
    errata = load_errata()
    return {
        "grade": fact.grade.value,
        "source": fact.source,
        "note": fact.note,
        "partial": fact.partial,
        "name_inferred": fact.name_inferred,
        "format": fact.format,
        "limit": bounds,
        "exclusive": list(fact.exclusive),
        "scopes": list(fact.scopes),
        "sandbox_only": fact.sandbox_only,
        "added": fact.added,
        "errata": [{"id": key, "title": errata[key].title if key in errata else ""} for key in fact.errata],
    }


def evidence_of(contract: Contract) -> dict[str, Any]:
    """Grades by interface, the types that may have more than is known, and every weak coordinate with its reason."""
    by_interface: dict[str, Counter[Grade]] = {}
    weak: list[dict[str, Any]] = []
    for coordinate in contract.coordinates():
        fact = contract.fact(coordinate.type_name, coordinate.member, coordinate.argument)
        by_interface.setdefault(_interface(contract, coordinate), Counter())[fact.grade] += 1
        if fact.grade in _WEAK:
            weak.append({"coordinate": str(coordinate), "grade": fact.grade.value, "source": fact.source})
    partial = [
        {"type": type_.name, "why": contract.fact(type_.name).partial}
        for type_ in contract.named_types()
        if contract.fact(type_.name).partial
    ]
    return {
        "version": contract.version,
        "coordinates": sum(grades.total() for grades in by_interface.values()),
        "grades": _grades(contract.grades()),
        "interfaces": [
            {"interface": name, "grades": _grades(by_interface[name])}
            for name in sorted(by_interface, key=lambda name: (name == _SHARED, name))
        ],
        "partial": partial,
        "weak": sorted(
            weak, key=lambda entry: (-[grade.value for grade in _WEAK].index(entry["grade"]), entry["coordinate"])
        ),
        "names_without_facts": list(_unread(contract.version)),
    }


def _interface(contract: Contract, coordinate: SchemaCoordinate) -> str:
    if coordinate.type_name in _ROOTS:
        return contract.operations[coordinate.member].interface if coordinate.member else _SHARED
    return _shared(contract.interface_of(coordinate.type_name))


def _shared(interface: str) -> str:
    """The name for what no interface owns: the root types, and the scalars, which stand beside the directives."""
    return interface if interface not in ("", "directives", "common") else _SHARED


def _grades(grades: Counter[Grade]) -> dict[str, int]:
    return {grade.value: grades[grade] for grade in Grade if grade is not Grade.SPECIFICATION}


def _root(kind: str) -> str:
    return "Query" if kind == "query" else "Mutation"


def _kind(contract: Contract, type_: GraphQLNamedType) -> str:
    if is_enum_type(type_):
        return "value table" if contract.is_value_table(type_.name) else "enum"
    return next((name for is_kind, name in _KINDS if is_kind(type_)), "type")


def _uses(contract: Contract, wanted: str) -> Iterable[str]:
    """The coordinates whose type this is, and the fields whose values this table holds."""
    for coordinate in contract.coordinates():
        if not coordinate.member:
            continue
        type_ = getattr(_field_of(contract, coordinate), "type", None)
        named = get_named_type(type_) if type_ is not None else None
        fact = contract.fact(coordinate.type_name, coordinate.member, coordinate.argument)
        if (named is not None and named.name == wanted) or fact.values == wanted:
            yield str(coordinate)
    for type_ in contract.named_types():
        if (isinstance(type_, GraphQLUnionType) and wanted in [member.name for member in type_.types]) or (
            isinstance(type_, GraphQLObjectType) and wanted in [interface.name for interface in type_.interfaces]
        ):
            yield type_.name


def _versions_with(coordinate: SchemaCoordinate) -> Iterable[str]:
    for version in VERSIONS:
        try:
            load_contract(version).fact(coordinate.type_name, coordinate.member, coordinate.argument)
        except KeyError:
            continue
        yield version


def _unknown(contract: Contract, name: str) -> InputError:
    elsewhere = [version for version in VERSIONS if _is_known(load_contract(version), name)]
    if elsewhere:
        return InputError.at(name, f"not in {contract.version}", fix=f"It is in {', '.join(elsewhere)}")
    for version in VERSIONS:
        for entry in _unread(version):
            if entry["name"] == name:
                message = f"the documentation of {version} names this {entry['kind']} and says no more"
                return InputError.at(name, message, fix=entry["reason"])
    likely = suggestion_list(name, _known_names(contract, name))[:3]
    fix = f"Did you mean {' or '.join(likely)}?" if likely else "`schema show` lists every name"
    return InputError.at(name, f"no type, field or operation of {contract.version}", fix=fix)


def _is_known(contract: Contract, name: str) -> bool:
    if name in contract.operations:
        return True
    try:
        coordinate = SchemaCoordinate.parse(name)
        contract.fact(coordinate.type_name, coordinate.member, coordinate.argument)
    except (KeyError, ValueError):
        return False
    return True


def _known_names(contract: Contract, name: str) -> list[str]:
    if "." in name:
        return [str(coordinate) for coordinate in contract.coordinates() if coordinate.member]
    return [*contract.operations, *(type_.name for type_ in contract.named_types())]


@lru_cache(maxsize=8)
def _unread(version: str) -> tuple[dict[str, str], ...]:
    """The names that the documentation of a version mentions and nothing describes."""
    path = data_folder("schema") / version / "unread.yaml"
    if not path.is_file():
        return ()
    return tuple(load_yaml_file(path, positions=False).value["names"])
