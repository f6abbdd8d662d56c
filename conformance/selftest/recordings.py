"""Defects of scenarios, recordings, ledgers and traffic files, and of the judge itself."""

from __future__ import annotations

import copy
import io
import json
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

from conformance.base.errors import SourcePosition, TargetError
from conformance.engine.execute import execute
from conformance.engine.judge import asked_version, judge_exchange, judge_fault
from conformance.engine.orphans import orphans
from conformance.findings.model import Finding
from conformance.findings.waivers import Waiver, apply_waivers
from conformance.selftest.runs import (
    CLOCK,
    Made,
    RunFaultList,
    Workshop,
    asking,
    exchanges_of,
    only,
    replayed,
    rules_of,
)
from conformance.targets.cassette import CassetteProvider
from conformance.traffic.cassette import CassetteHeader
from conformance.traffic.cassette_writer import write_cassette
from conformance.traffic.model import HttpResponse
from conformance.traffic.ndjson import ndjson_items
from conformance.traffic.stream import Fault as UnreadablePiece

FAULTS: Final = RunFaultList()


@FAULTS("request-not-recorded", "CAS-001", "A scenario asks for what its cassette does not hold")
def request_not_recorded(workshop: Workshop, random: Random) -> Made | None:
    case = random.choice(workshop.recorded)
    step = next(each for each in case.scenario.steps if each.document)
    alias = f"other{random.randrange(1000)}"
    document = step.document.replace("{", "{ " + f"{alias}: __typename ", 1)
    steps = tuple(replace(each, document=document) if each is step else each for each in case.scenario.steps)
    altered = replace(case, scenario=replace(case.scenario, steps=steps))
    return case.id, f"{step.name} also asks for {alias}", rules_of(execute(altered, workshop.cassettes, CLOCK))


@FAULTS("unused-recording", "CAS-002", "A cassette holds an exchange that its scenario never asks for")
def unused_recording(workshop: Workshop, random: Random) -> Made | None:
    for recorded, _, step in asking(workshop, random):
        case = recorded.case
        strangers = [each for each in workshop.traffic if each.case.version == case.version]
        stranger = random.choice([each for each in strangers if exchanges_of(each)])
        held = [*exchanges_of(recorded), random.choice(exchanges_of(stranger))]
        if stranger.case.scenario.interface == case.scenario.interface:
            continue
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / case.version / f"{case.scenario.id}.yaml"
            write_cassette(file, held, CassetteHeader("embedded", case.version, recorded="2026-01-01"))
            rules = rules_of(execute(case, CassetteProvider(Path(name)), CLOCK))
        return case.id, f"{step.name}, and a recording of {stranger.case.id}", rules
    return None


@FAULTS("orphaned-cassette", "CAS-003", "A cassette belongs to no scenario")
def orphaned_cassette(workshop: Workshop, random: Random) -> Made | None:
    case = random.choice(workshop.recorded)
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / case.version / f"{case.scenario.id}-{random.randrange(1000)}.yaml"
        file.parent.mkdir(parents=True)
        file.touch()
        found = orphans(Path(name), {f"{case.version}/{case.scenario.id}.yaml"})
    return case.id, file.name, tuple(finding.rule for finding in found)


@FAULTS("faulty-scenario", "SCN-001", "A scenario asks for a field that its contract does not have")
def faulty_scenario(workshop: Workshop, random: Random) -> Made | None:
    for recorded, _, step in asking(workshop, random):
        name = f"noField{random.randrange(1000)}"
        document = step.document.replace("{", "{ " + f"{name} ", 1)
        steps = [replace(each, document=document) if each is step else each for each in recorded.case.scenario.steps]
        return recorded.case.id, f"{step.name} asks for {name}", replayed(recorded, steps=steps)
    return None


@FAULTS("broken-judge", "SCN-002", "The judge itself breaks off")
def broken_judge(workshop: Workshop, random: Random) -> Made | None:
    for recorded, index, step in asking(workshop, random):
        broken = copy.copy(recorded.case.contract)
        broken.digest = f"broken-{random.random()}"

        def explode(*_: str) -> Any:
            raise RuntimeError("a fault put into the judge")

        setattr(broken, "fact", explode)  # noqa: B010 - a method is replaced on purpose, which types forbid
        exchange = exchanges_of(recorded)[index]
        found = judge_exchange(exchange, broken).findings
        return recorded.case.id, f"{step.name} judged by a broken contract", tuple(each.rule for each in found)
    return None


@FAULTS("silent-target", "TGT-001", "The target does not answer")
def silent_target(workshop: Workshop, random: Random) -> Made | None:
    for recorded, index, step in asking(workshop, random):

        def silent(_: HttpResponse) -> HttpResponse:
            raise TargetError("no answer in time")

        return recorded.case.id, f"{step.name} unanswered", replayed(recorded, only(index, silent))
    return None


@FAULTS("torn-line", "TRF-001", "A line of recorded traffic breaks off")
def torn_line(workshop: Workshop, random: Random) -> Made | None:
    for recorded, index, step in asking(workshop, random):
        exchange = exchanges_of(recorded)[index]
        line = json.dumps({"request": {"method": "POST", "body": exchange.request.body.decode()}}).encode()
        torn = line[: random.randrange(1, len(line) - 1)]
        found = [
            judge_fault(each) for each in ndjson_items(io.BytesIO(torn), "torn") if isinstance(each, UnreadablePiece)
        ]
        return recorded.case.id, f"{step.name} torn", tuple(each.findings[0].rule for each in found)
    return None


@FAULTS("unknown-version", "TRF-002", "A request asks for a version that was never published")
def unknown_version(workshop: Workshop, random: Random) -> Made | None:
    for recorded, index, step in asking(workshop, random):
        exchange = exchanges_of(recorded)[index]
        version = f"20{random.randrange(10, 99)}-0{random.randrange(1, 9)}-01"
        request = replace(exchange.request, headers=(("x-api-version", version),))
        _, found = asked_version(replace(exchange, request=request))
        return recorded.case.id, f"{step.name} asks for {version}", tuple(each.rule for each in found)
    return None


@FAULTS("key-twice", "TRF-003", "A key stands twice in an answer, with two values")
def key_twice(workshop: Workshop, random: Random) -> Made | None:
    for recorded, index, step in asking(workshop, random):
        exchange = exchanges_of(recorded)[index]
        value = str(random.randrange(1000)).encode()
        body = exchange.response.body[:-1] + b',"data":' + value + b"}"
        found = judge_exchange(
            replace(exchange, response=replace(exchange.response, body=body)), recorded.case.contract
        )
        return recorded.case.id, f"{step.name}: data twice", tuple(each.rule for each in found.findings)
    return None


def _waived(random: Random, expires: date) -> tuple[Finding, ...]:
    rule = f"RSP-0{random.randrange(10, 18)}"
    waiver = Waiver(rule, "a reason", "an owner", expires, SourcePosition("waivers.yaml", 2, 3), None, "some.scenario")
    return apply_waivers((), (waiver,), date(2026, 1, 1))[1]


@FAULTS("expired-waiver", "WVR-001", "A waiver is used after its last day")
def expired_waiver(_workshop: Workshop, random: Random) -> Made | None:
    day = date(2025, random.randrange(1, 13), random.randrange(1, 28))
    return "waivers.yaml", f"expired on {day}", tuple(each.rule for each in _waived(random, day))


@FAULTS("useless-waiver", "WVR-002", "A waiver waives nothing")
def useless_waiver(_workshop: Workshop, random: Random) -> Made | None:
    day = date(2027, random.randrange(1, 13), random.randrange(1, 28))
    return "waivers.yaml", f"holds until {day}", tuple(each.rule for each in _waived(random, day))
