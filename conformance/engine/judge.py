"""Judges whatever traffic brings: exchanges, events, and pieces that could not be read.

A fault of ours while judging is a finding about that exchange, never the end of a run.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import msgspec

from conformance.base.errors import SourcePosition
from conformance.base.records import Record, record
from conformance.base.versions import DATED_VERSIONS, VERSIONS
from conformance.contract.model import Contract
from conformance.contract.requirements import required_rules
from conformance.engine.asked import Asked, answer_rules, ask, decoded, request_rules, walked_rules
from conformance.engine.duplicates import keeps_every_key
from conformance.engine.flows import CleanAnswer, FlowMemory
from conformance.engine.rules import RULE
from conformance.engine.twice import keys_twice
from conformance.events.judge import judge_event as judge_event_body
from conformance.findings.model import Blame, Finding, Level, Rule, Verdict
from conformance.operations.compile import CompiledOperation, compile_operation
from conformance.operations.envelope import read_request
from conformance.operations.http import judge_http
from conformance.operations.request import judge_variables
from conformance.operations.response import walk_answer
from conformance.rules.catalogue import FINDING_RULES
from conformance.rules.judge import judge_again, judge_case
from conformance.rules.model import RuleCase, Scope
from conformance.rules.prepared import prepared_answer
from conformance.rules.reading import read_requests, with_answer
from conformance.traffic.model import Event, Exchange, HttpRequest, HttpResponse, header
from conformance.traffic.stream import Fault

RULES: Final = (
    Rule("TRF-001", Level.MUST, "A piece of recorded traffic can be read", "traffic"),
    Rule("TRF-002", Level.MUST, "x-api-version names a published version", "call-the-buy-with-prime-api"),
    Rule("TRF-003", Level.MUST, "No key stands twice in an object", "RFC 8259, 4"),
)
"""The rules of traffic as such, whatever it holds."""


class _DetailPeek(msgspec.Struct):
    api_version: str | None = msgspec.field(name="apiVersion", default=None)


class _EventPeek(_DetailPeek):
    detail: _DetailPeek | None = None


NOT_SCORED: Final = "not scored: the rule is newer than this version's requirement set"

_SUITE_FAULT: Final = "SCN-002"
_DOCUMENTED: Final = frozenset(rule.id for rule in FINDING_RULES)
_P = ParamSpec("_P")
_T = TypeVar("_T")


@record
class ExchangeJudgement(Record, frozen=True, gc=False):
    """What judging a piece of traffic found.

    `operation` is the root field asked for, or the type of the event; empty when it cannot be told. `kind` is
    `exchange`,
    `request`, `event`, or `fault` for a piece that could not be read.
    """

    index: int
    findings: tuple[Finding, ...]
    operation: str = ""
    position: SourcePosition | None = None
    kind: str = "exchange"

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings, waivers counted."""
        return Verdict.worst(finding.counted for finding in self.findings) if self.findings else Verdict.PASS


def judge_exchange(exchange: Exchange, contract: Contract, flows: FlowMemory | None = None) -> ExchangeJudgement:
    """Judges an exchange: the HTTP around it, document, variables, answer, and the documented rules about them.

    With `flows` also what it shows together with the exchanges of the same recording before it. Never raises on its
    account.
    """
    request, response = exchange.request, exchange.response
    try:
        asked = ask(request, contract)
        answered, clean = _judge_answer(asked, response)
        findings = (*judge_http(request, response), *asked.findings, *answered)
        if flows is not None and asked.cases:
            findings += flows.judge(exchange, asked, clean)
        operation = asked.operation
    except Exception:  # noqa: BLE001 - step by step, the fault shows as a finding, and the other steps still judge
        findings, operation = _judge_by_steps(exchange, contract)
    return ExchangeJudgement(
        exchange.index, scored(findings, contract) if findings else (), operation, exchange.position
    )


def judge_rules_so_far(
    exchange: Exchange, contract: Contract, earlier: tuple[RuleCase, ...]
) -> tuple[tuple[Finding, ...], tuple[RuleCase, ...]]:
    """What an exchange of a scenario shows together with those before it, beyond what `judge_exchange` finds.

    Returns the findings, and what the exchanges after it have to know of all of them. Never raises on its account.
    """
    findings: list[Finding] = []
    asked = _guarded([], ask, exchange.request, contract)
    cases = _guarded(findings, asked.placed_answers, exchange.response.body) if asked is not None else ()
    for case in cases or ():
        whole = replace(case, earlier=earlier)
        findings += judge_case(whole, scopes=(Scope.FLOW,))
        findings += judge_again(whole)
        earlier = (*earlier, whole)
    return tuple(findings), earlier


def scored(findings: tuple[Finding, ...], contract: Contract) -> tuple[Finding, ...]:
    """The findings, those of documented rules waived that are newer than the requirement set of the version."""
    version = contract.version
    if version not in VERSIONS:
        return findings
    required = required_rules(version)
    return tuple(
        replace(finding, waived=NOT_SCORED)
        if finding.rule in _DOCUMENTED and finding.rule not in required and not finding.waived
        else finding
        for finding in findings
    )


def judge_request(request: HttpRequest, contract: Contract) -> ExchangeJudgement:
    """Judges a request without an answer: envelope, document, variables. Never raises on its account."""
    findings: list[Finding] = []
    _, compiled = _ask_by_steps(request, contract, findings)
    return ExchangeJudgement(0, scored(tuple(findings), contract), _operation(compiled), kind="request")


def judge_event(event: Event, contract: Contract) -> ExchangeJudgement:
    """Judges an event. Never raises on its account."""
    findings: list[Finding] = []
    judged = _guarded(findings, judge_event_body, event, contract)
    if judged is not None:
        findings += judged.findings
    event_type = judged.event_type if judged is not None else ""
    return ExchangeJudgement(event.index, tuple(findings), event_type, event.position, "event")


def judge_fault(fault: Fault) -> ExchangeJudgement:
    """The finding about a piece of traffic that could not be read: nothing of it was judged, which is never a pass."""
    problem = fault.problem
    finding = Finding(
        rule="TRF-001",
        verdict=Verdict.ERROR,
        message=problem.message,
        blame=Blame.CONFIGURATION,
        origin="traffic",
        expected=problem.expected,
        source="traffic",
        position=problem.position,
        fix=problem.fix,
    )
    return ExchangeJudgement(fault.index, (finding,), position=problem.position, kind="fault")


def asked_version(item: Exchange | Event) -> tuple[str | None, tuple[Finding, ...]]:
    """The published version that a request's `x-api-version`, or an event's `apiVersion`, names.

    None when it names none; None, and a finding about the request, when it names an unknown one.
    """
    if isinstance(item, Event):
        return _event_version(item), ()
    asked = header(item.request.headers, "x-api-version")
    if asked is None or asked.strip() in VERSIONS:
        return (asked.strip() if asked else None), ()
    finding = Finding(
        rule="TRF-002",
        verdict=Verdict.FAIL,
        message=f"the request asks for the unknown version {asked[:40]!r}",
        blame=Blame.CLIENT,
        origin="request",
        path=("headers", "x-api-version"),
        expected=" or ".join(DATED_VERSIONS),
        actual=asked[:40],
        source="call-the-buy-with-prime-api",
        fix=f"Send x-api-version: {DATED_VERSIONS[-1]}",
    )
    return None, (finding,)


def _event_version(event: Event) -> str | None:
    try:
        peek = msgspec.json.decode(event.body, type=_EventPeek)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    version = peek.api_version or (peek.detail.api_version if peek.detail else None)
    return version if version in VERSIONS else None


def _judge_answer(asked: Asked, response: HttpResponse) -> tuple[tuple[Finding, ...], CleanAnswer | None]:
    """The answer's findings, and the answer itself when its shape is clean.

    A clean answer is decoded once: for its shape, for what the rules ask, and for keys that stand twice.
    """
    compiled, body = asked.compiled, response.body
    if compiled is None:
        return keys_twice(body, "response"), None
    judge = compiled.judge_for(asked.variables)
    prepared = prepared_answer(judge, compiled.contract) if judge is not None else None
    if prepared is not None:
        try:
            answer = prepared.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass  # not clean, or a rule is broken: the walks over the answer say what
        else:
            suspects = prepared.suspects(answer, asked.cases) if asked.cases else ()
            broken = () if suspects == () else answer_rules(asked.answered(body), suspects)
            twice = () if keeps_every_key(answer, body) else keys_twice(body, "response")
            return (*broken, *twice), CleanAnswer(prepared, answer)
    parts = prepared.parts if prepared is not None else None
    walked = walk_answer(compiled, body, variables=asked.variables, status=response.status, parts=parts)
    broken = walked_rules(asked.cases, walked, prepared) if asked.cases else ()
    whole = walked.value is not None and keeps_every_key(walked.value, body)
    return (*walked.findings, *broken, *(() if whole else keys_twice(body, "response"))), None


def _judge_by_steps(exchange: Exchange, contract: Contract) -> tuple[tuple[Finding, ...], str]:
    """As the whole judge does, each step guarded by itself."""
    findings: list[Finding] = []
    request, response = exchange.request, exchange.response
    findings += _guarded(findings, judge_http, request, response) or ()
    variables, compiled = _ask_by_steps(request, contract, findings)
    if compiled is not None:
        walked = _guarded(findings, walk_answer, compiled, response.body, variables=variables, status=response.status)
        findings += walked.findings if walked is not None else ()
        cases = _guarded(findings, read_requests, compiled, variables) or ()
        answered = _guarded(findings, with_answer, cases, decoded(response.body)) or ()
        findings += answer_rules(answered)
    findings += keys_twice(response.body, "response")
    return tuple(findings), _operation(compiled)


def _ask_by_steps(
    request: HttpRequest, contract: Contract, findings: list[Finding]
) -> tuple[Mapping[str, Any] | None, CompiledOperation | None]:
    """A request's variables, and its document compiled; what is wrong with it is added to the findings."""
    graphql, envelope = _guarded(findings, read_request, request) or (None, ())
    findings += envelope
    compiled = None
    if graphql is not None:
        compiled = _guarded(findings, compile_operation, graphql.document, graphql.operation_name, contract)
        if compiled is not None:
            findings += compiled.request_findings
            findings += _guarded(findings, judge_variables, compiled, graphql.variables) or ()
            findings += request_rules(_guarded(findings, read_requests, compiled, graphql.variables) or ())
    findings += keys_twice(request.body, "request")
    return (graphql.variables if graphql is not None else None), compiled


def _operation(compiled: CompiledOperation | None) -> str:
    return ", ".join(compiled.root_fields) if compiled is not None else ""


def _guarded(findings: list[Finding], step: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T | None:
    """What a step gives; None, and a finding that names where it broke, when it raises."""
    try:
        return step(*arguments, **named)
    except Exception as error:  # noqa: BLE001 - whatever a judging function raises is a fault of the suite, and data
        findings.append(_suite_finding(getattr(step, "__name__", "a step"), error))
        return None


def _suite_finding(step: str, error: Exception) -> Finding:
    frames = traceback.extract_tb(error.__traceback__)
    frame = frames[-1]
    message = f"{step} broke off in {Path(frame.filename).name}:{frame.lineno}, {frame.name}: {type(error).__name__}"
    rule = RULE[_SUITE_FAULT]
    return Finding(
        rule=rule.id,
        verdict=Verdict.ERROR,
        message=f"{message}: {' '.join(str(error).split())[:200]}",
        level=rule.level,
        blame=Blame.SUITE,
        origin="suite",
        source=rule.source,
        fix="This is a bug of the suite; please report it",
    )
