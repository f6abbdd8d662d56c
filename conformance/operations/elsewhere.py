"""Where else something exists: which versions have a field or an operation that this one lacks."""

from __future__ import annotations

from functools import lru_cache

from conformance.base.versions import VERSIONS
from conformance.contract.load import load_contract, versions_with_operation
from conformance.contract.model import Contract


def versions_with_root_field(contract: Contract, name: str) -> tuple[str, ...]:
    """The other versions that have this query or mutation, oldest first."""
    return tuple(version for version in _operation_versions(name) if version != contract.version)


def versions_with_member(contract: Contract, type_name: str, member: str) -> tuple[str, ...]:
    """The other versions whose type of this name has this field. A schema of the user's has no other versions."""
    if contract.version not in VERSIONS:
        return ()
    return tuple(version for version in _member_versions(type_name, member) if version != contract.version)


@lru_cache(maxsize=4096)
def _operation_versions(name: str) -> tuple[str, ...]:
    return versions_with_operation(name)


@lru_cache(maxsize=4096)
def _member_versions(type_name: str, member: str) -> tuple[str, ...]:
    found = []
    for version in VERSIONS:
        type_ = load_contract(version).schema.type_map.get(type_name)
        if member in getattr(type_, "fields", {}):
            found.append(version)
    return tuple(found)
