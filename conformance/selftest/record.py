"""Traffic without a fault: every scenario against the embedded sandbox, with all that was sent and answered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.base.clock import Clock
from conformance.base.errors import TargetError
from conformance.contract.model import Contract
from conformance.engine.execute import execute
from conformance.engine.plan import Case
from conformance.findings.model import CaseResult
from conformance.selftest.judging import judge_items, mark_of
from conformance.selftest.model import Recorded
from conformance.targets.protocol import Publisher, Target, TargetProvider, Worldly
from conformance.traffic.model import Event, Exchange, HttpRequest, HttpResponse


@dataclass(slots=True)
class _Recorder:
    """A target that keeps what passes through it."""

    target: Target
    items: list[Exchange | Event]
    origin: str = field(init=False)
    endpoint: str = field(init=False)

    def __post_init__(self) -> None:
        self.origin, self.endpoint = self.target.origin, self.target.endpoint

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        response = self.target.send(request, deadline_s=deadline_s)
        self.items.append(Exchange(request, response, index=len(self.items)))
        return response

    def unused(self) -> tuple[str, ...]:
        return self.target.unused()

    @property
    def shows_all_events(self) -> bool:
        return isinstance(self.target, Publisher) and self.target.shows_all_events

    def events(self) -> tuple[Event, ...]:
        events = self.target.events() if isinstance(self.target, Publisher) else ()
        self.items += events
        return events

    def transfer(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        return _worldly(self.target).transfer(request, deadline_s=deadline_s)

    def bring_about(self, what: str, options: Mapping[str, Any], *, deadline_s: float) -> Mapping[str, Any]:
        return _worldly(self.target).bring_about(what, options, deadline_s=deadline_s)


def _worldly(target: Target) -> Worldly:
    if not isinstance(target, Worldly):
        raise TargetError("nothing happens for this target outside of the API")
    return target


@dataclass(slots=True)
class _Provider:
    """Opens recorders around the targets of another provider."""

    provider: TargetProvider
    name: str = field(init=False)
    items: list[Exchange | Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name = self.provider.name

    def open(self, scenario: str, contract: Contract) -> Target:
        return _Recorder(self.provider.open(scenario, contract), self.items)


def record(cases: Iterable[Case], provider: TargetProvider, clock: Clock) -> Iterator[tuple[Recorded, CaseResult]]:
    """Each case that the target can run, with its traffic and what the suite said about it."""
    for case in cases:
        recorder = _Provider(provider)
        result = execute(case, recorder, clock)
        if not result.skipped:
            brought = [step.event for step in case.scenario.steps if step.event is not None]
            events = [Event(json.dumps(body).encode()) for body in brought]
            is_complete = bool(recorder.items) and not brought
            items = (*recorder.items, *events)
            found = judge_items(items, case.contract, is_complete=is_complete, like=items)
            known = tuple(mark_of(each) for each in found)
            yield Recorded(case, items, is_complete, known), result
