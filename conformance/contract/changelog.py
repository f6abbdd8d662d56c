"""What the changelog says of names: how something that one version lacks is called in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from conformance.base.coordinates import SchemaCoordinate
from conformance.base.data import data_folder
from conformance.base.versions import DATED_VERSIONS, NEXT
from conformance.base.yamlio import load_yaml_file
from conformance.contract.model import Contract

_STEPS = 4


@dataclass(frozen=True, slots=True)
class Rename:
    """A name that changed. `old` and `new` are schema coordinates, or the bare names of operations and events."""

    kind: str
    old: str
    new: str
    since: str
    source: str
    note: str = ""


@lru_cache(maxsize=1)
def load_renames() -> tuple[Rename, ...]:
    """Every rename that the documentation tells of or shows, in the order of the file."""
    document = load_yaml_file(data_folder("schema") / "changelog.yaml", positions=False)
    return tuple(
        Rename(entry["kind"], entry["from"], entry["to"], entry["since"], entry["source"], entry.get("note", ""))
        for entry in document.value["renames"]
    )


def name_in(contract: Contract, name: str) -> Rename | None:
    """The rename that leads from a name unknown to this contract to the one that it has: newer or older.

    `name` is a schema coordinate or the name of an operation; the result's `new` is the name in this contract, whatever
    the direction. None when the changelog knows of none, and for a schema of the user's own.
    """
    if contract.version not in (*DATED_VERSIONS, NEXT):
        return None
    seen = {name}
    names = [name]
    for _ in range(_STEPS):
        found = [rename for known in names for rename in _steps(known, contract.version) if rename.new not in seen]
        for rename in found:
            if _exists(contract, rename.new):
                return Rename(rename.kind, name, rename.new, rename.since, rename.source, rename.note)
        names = [rename.new for rename in found]
        seen.update(names)
    return None


def _steps(name: str, version: str) -> Iterator[Rename]:
    """One step through the changelog towards a version."""
    release = DATED_VERSIONS[-1] if version == NEXT else version
    for rename in load_renames():
        if rename.old == name and rename.since <= release:
            yield rename
        elif rename.new == name and rename.since > release:
            yield Rename(rename.kind, name, rename.old, rename.since, rename.source, rename.note)


def _exists(contract: Contract, name: str) -> bool:
    if name in contract.operations:
        return True
    coordinate = SchemaCoordinate.parse(name)
    try:
        contract.fact(coordinate.type_name, coordinate.member, coordinate.argument)
    except KeyError:
        return False
    return True
