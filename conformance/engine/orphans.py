"""Cassettes that belong to no scenario."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from conformance.base.data import display_path
from conformance.engine.rules import RULE
from conformance.findings.model import Blame, Finding, Verdict


def orphans(folder: Path, played: Collection[str]) -> tuple[Finding, ...]:
    """A finding for each cassette below a folder that is not among `played`, such as `2024-11-01/order.cancel.yaml`."""
    rule = RULE["CAS-003"]
    return tuple(
        Finding(
            rule.id,
            Verdict.FAIL,
            f"{display_path(path)} belongs to no scenario",
            rule.level,
            Blame.SUITE,
            origin="scenario",
            source=rule.source,
            fix="Remove it, or name it as its scenario",
        )
        for path in sorted(folder.rglob("*.yaml"))
        if path.relative_to(folder).as_posix() not in played
    )
