"""How the rules of the suite were proven when it was released: `schema/proven.yaml`, written by the selftest."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from conformance.base.data import data_folder
from conformance.base.yamlio import load_yaml_file
from conformance.findings.model import Level, RuleProof

FILE = "proven.yaml"


@lru_cache(maxsize=1)
def load_proofs() -> tuple[RuleProof, ...]:
    """The proof of every rule, in the order of the families."""
    return read_proofs(data_folder("schema") / FILE)


def read_proofs(path: Path) -> tuple[RuleProof, ...]:
    """The proofs that a file states. Raises InputError when there is no such file."""
    rules = load_yaml_file(path, positions=False).value["rules"]
    return tuple(
        RuleProof(
            rule=name,
            title=entry["title"],
            level=Level(entry["level"]),
            mutants=entry.get("mutants", 0),
            killed=entry.get("killed", 0),
            faults=tuple(entry.get("faults", ())),
            unprovable=entry.get("unprovable", ""),
        )
        for name, entry in rules.items()
    )


def proofs_text(proofs: tuple[RuleProof, ...]) -> str:
    """The file's text. Equal proofs give equal text."""
    lines = ["# Made by `bwp-conformance selftest --write`: how each rule was proven. Not to be edited.", "rules:"]
    for proof in proofs:
        lines += [f"  {proof.rule}:", f"    title: {_quoted(proof.title)}", f"    level: {proof.level.value}"]
        if proof.unprovable:
            lines.append(f"    unprovable: {_quoted(proof.unprovable)}")
        if proof.mutants:
            faults = ", ".join(proof.faults)
            lines += [f"    mutants: {proof.mutants}", f"    killed: {proof.killed}", f"    faults: [{faults}]"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
