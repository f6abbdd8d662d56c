"""Defects of a run: a target that does not answer as its scenario expects, recordings and scenarios that are wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final, TypeAlias

from conformance.base.clock import FixedClock
from conformance.contract.model import Contract
from conformance.engine.execute import execute
from conformance.engine.plan import Case
from conformance.findings.model import CaseResult
from conformance.scenario.model import Step
from conformance.selftest.model import Recorded
from conformance.targets.protocol import Target, TargetProvider
from conformance.traffic.model import Event, Exchange, HttpRequest, HttpResponse

AlterAnswer: TypeAlias = Callable[[int, HttpResponse], HttpResponse]
"""Alters the answer of the step with this index."""
AlterPublished: TypeAlias = Callable[[int, tuple[Event, ...]], tuple[Event, ...]]
"""Alters the events that came after the step with this index."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What defects of runs are made of. `cassettes` plays recordings, `traffic` is what passed without a fault."""

    traffic: Sequence[Recorded]
    cassettes: TargetProvider
    recorded: Sequence[Case]
    """The cases that have a cassette."""


Made: TypeAlias = tuple[str, str, tuple[str, ...]]
"""The case, what was done to it, and the rules that found something."""


@dataclass(frozen=True, slots=True)
class RunFault:
    """A defect. `prove` makes it somewhere, by the given random, and tells what was found; None: no place for it."""

    name: str
    rule: str
    summary: str
    prove: Callable[[Workshop, Random], Made | None]


@dataclass(slots=True)
class RunFaultList:
    """Collects the faults of a module."""

    faults: list[RunFault] = field(default_factory=list)

    def __call__(
        self, name: str, rule: str, summary: str
    ) -> Callable[[Callable[[Workshop, Random], Made | None]], RunFault]:
        def made(prove: Callable[[Workshop, Random], Made | None]) -> RunFault:
            self.faults.append(RunFault(name, rule, summary, prove))
            return self.faults[-1]

        return made


CLOCK: Final = FixedClock()


@dataclass(slots=True)
class _Replay:
    """A target that gives the answers of a recording, one after the other, with a defect."""

    answers: Sequence[HttpResponse]
    alter: AlterAnswer
    origin: str = "embedded"
    published: Sequence[tuple[Event, ...]] = ()
    endpoint: str = "http://127.0.0.1/graphql"
    shows_all_events: bool = True
    sent: int = 0

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:  # noqa: ARG002 - a replay needs neither
        response = self.alter(self.sent, self.answers[min(self.sent, len(self.answers) - 1)])
        self.sent += 1
        return response

    def events(self) -> tuple[Event, ...]:
        return self.published[self.sent - 1] if 0 < self.sent <= len(self.published) else ()

    def unused(self) -> tuple[str, ...]:
        return ()


@dataclass(slots=True)
class _ReplayProvider:
    recorded: Recorded
    alter: AlterAnswer
    publish: AlterPublished
    name: str = "embedded"

    def open(self, scenario: str, contract: Contract) -> Target:  # noqa: ARG002 - it has one recording only
        answers = [each.response for each in exchanges_of(self.recorded)]
        published = [self.publish(at, events) for at, events in enumerate(published_by(self.recorded))]
        return _Replay(answers, self.alter, published=published)


def _same(_: int, response: HttpResponse) -> HttpResponse:
    return response


def _all(_: int, events: tuple[Event, ...]) -> tuple[Event, ...]:
    return events


def rules_of(result: CaseResult) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.rule for finding in result.all_findings))


def replayed(
    recorded: Recorded,
    alter: AlterAnswer = _same,
    steps: Sequence[Step] | None = None,
    publish: AlterPublished = _all,
) -> tuple[str, ...]:
    """The rules that find something when a case runs again, with other answers, steps or events."""
    case = recorded.case
    if steps is not None:
        case = replace(case, scenario=replace(case.scenario, steps=tuple(steps)))
    return rules_of(execute(case, _ReplayProvider(recorded, alter, publish), CLOCK))


def exchanges_of(recorded: Recorded) -> list[Exchange]:
    """The exchanges of a case, without its events."""
    return [each for each in recorded.items if isinstance(each, Exchange)]


def published_by(recorded: Recorded) -> list[tuple[Event, ...]]:
    """The events that came after each exchange of a case."""
    groups: list[tuple[Event, ...]] = []
    for item in recorded.items:
        if isinstance(item, Exchange):
            groups.append(())
        elif groups:
            groups[-1] = (*groups[-1], item)
    return groups


def asking(workshop: Workshop, random: Random) -> Iterator[tuple[Recorded, int, Step]]:
    """Every step that asks something, in an order by the seed, with its index among those that ask.

    Cases in which something happens outside of the API are left out: a replay cannot bring it about.
    """
    offers = [
        (recorded, index, step)
        for recorded in workshop.traffic
        for index, step in enumerate(each for each in recorded.case.scenario.steps if each.document)
        if exchanges_of(recorded) and not any(each.http or each.outside for each in recorded.case.scenario.steps)
    ]
    random.shuffle(offers)
    yield from offers


def other_value(value: Any, random: Random) -> Any:
    """A value of the same kind that is not this one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + random.randrange(1, 1000)
    if isinstance(value, str):
        return f"{value}-{random.randrange(1000)}"
    if isinstance(value, list):
        return [] if value else [None]
    return f"another-{random.randrange(1000)}"


def with_body(response: HttpResponse, change: Callable[[dict[str, Any]], None]) -> HttpResponse:
    body = json.loads(response.body)
    change(body)
    return replace(response, body=json.dumps(body).encode())


def put(root: Any, path: Sequence[str | int], value: Any) -> None:
    for part in path[:-1]:
        root = root[part]
    root[path[-1]] = value


def only(index: int, change: Callable[[HttpResponse], HttpResponse]) -> AlterAnswer:
    return lambda at, response: change(response) if at == index else response
