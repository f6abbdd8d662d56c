"""The course of a case: its operations and events in order, judged by the rules about both."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.contract.model import Contract
from conformance.findings.model import Finding
from conformance.rules.catalogue import TIMELINE_RULES
from conformance.rules.model import RuleCase
from conformance.rules.timeline import Item, Scene, judge_scene, read_occurrence, remembering
from conformance.traffic.model import Event


@dataclass
class Course:
    """What happened so far. `is_complete`: every event of the target is shown, and all are of this case."""

    contract: Contract
    is_complete: bool = False
    items: tuple[Item, ...] = ()

    def operations(self, cases: tuple[RuleCase, ...]) -> tuple[Finding, ...]:
        """What the rules say about the operations of an exchange after what was before."""
        return tuple(finding for case in cases for finding in self._next(case))

    def event(self, event: Event) -> tuple[Finding, ...]:
        """What the rules say about an event after what was before; nothing about what is no event."""
        occurrence = read_occurrence(event)
        return self._next(occurrence) if occurrence is not None else ()

    def end(self) -> tuple[Finding, ...]:
        """What should have come, and did not."""
        return judge_scene(Scene(self.contract, None, self.items, self.is_complete), TIMELINE_RULES)

    def _next(self, item: Item) -> tuple[Finding, ...]:
        known = remembering(item, self.items)
        findings = judge_scene(Scene(self.contract, known, self.items, self.is_complete), TIMELINE_RULES)
        self.items = (*self.items, known)
        return findings
