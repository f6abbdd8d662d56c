"""Where else something exists: what this version calls it, and which versions have it under the old name."""

from __future__ import annotations

from functools import lru_cache

from conformance.base.coordinates import SchemaCoordinate
from conformance.base.versions import NEXT, VERSIONS
from conformance.contract.changelog import name_in
from conformance.contract.load import load_contract, versions_with_operation
from conformance.contract.model import Contract
from conformance.operations.finding import LONGEST_NAME, listed


def hint_for_operation(contract: Contract, name: str) -> str:
    """What to do about a query or mutation that this version lacks. Empty when no version has it."""
    renamed = _renamed(contract, name)
    if renamed:
        return renamed
    versions = versions_with_root_field(contract, name)
    dated = [version for version in versions if version != NEXT]
    if dated:
        return f"Send x-api-version: {dated[-1]}, or judge against that version"
    return "It is documented without a version: judge against next" if versions else ""


@lru_cache(maxsize=4096)
def hint(contract: Contract, type_name: str, member: str = "", argument: str = "") -> str:
    """What this version calls something that it lacks, or which other versions have it. Empty when none does."""
    if contract.version not in VERSIONS or len(member) > LONGEST_NAME or not (member or type_name).isidentifier():
        return ""
    coordinate = str(SchemaCoordinate(type_name, member, argument))
    renamed = _renamed(contract, coordinate)
    if renamed:
        return renamed
    versions = [
        version
        for version in VERSIONS
        if version != contract.version and _has(load_contract(version), type_name, member, argument)
    ]
    return f"{coordinate} exists in {listed(versions)}; judge against that version" if versions else ""


@lru_cache(maxsize=4096)
def versions_with_root_field(contract: Contract, name: str) -> tuple[str, ...]:
    """The other versions that have this query or mutation, oldest first."""
    return tuple(version for version in versions_with_operation(name) if version != contract.version)


def _renamed(contract: Contract, name: str) -> str:
    rename = name_in(contract, name)
    return f"Version {contract.version} calls it {rename.new}" if rename is not None else ""


def _has(contract: Contract, type_name: str, member: str, argument: str) -> bool:
    type_ = contract.schema.type_map.get(type_name)
    if not member:
        return type_ is not None
    members = getattr(type_, "fields", None) or getattr(type_, "values", {})
    if not argument:
        return member in members
    return argument in getattr(members.get(member), "args", {})
