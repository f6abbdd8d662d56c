"""The documented contradictions: what each page says, our choice, and why."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from conformance.base.data import data_folder
from conformance.base.yamlio import load_yaml_file
from conformance.findings.model import Erratum


@lru_cache(maxsize=1)
def load_errata() -> Mapping[str, Erratum]:
    """Every erratum by its id."""
    document = load_yaml_file(data_folder("schema") / "errata.yaml", positions=False)
    return {entry["id"]: _erratum(entry) for entry in document.value["errata"]}


def _erratum(entry: dict[str, Any]) -> Erratum:
    return Erratum(
        id=entry["id"],
        title=entry["title"],
        statements=tuple((statement["page"], statement["says"]) for statement in entry.get("statements", ())),
        choice=entry.get("choice", ""),
        why=entry.get("why", ""),
    )
