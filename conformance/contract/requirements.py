"""The frozen set of rules that a version is scored on."""

from __future__ import annotations

from functools import lru_cache

from conformance.base.data import data_folder
from conformance.base.versions import DATED_VERSIONS, NEXT
from conformance.base.yamlio import load_yaml_file


@lru_cache(maxsize=8)
def required_rules(version: str) -> frozenset[str]:
    """The ids of the rules that count for a version. A rule added later runs, but is not scored."""
    folder = DATED_VERSIONS[-1] if version == NEXT else version
    document = load_yaml_file(data_folder("schema") / folder / "requirements.yaml", positions=False)
    return frozenset(document.value["rules"])
