"""Judges whatever traffic brings: exchanges, events, and pieces that could not be read.

A fault of ours while judging is a finding about that exchange, never the end of a run.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import msgspec

from conformance.base.errors import SourcePosition
from conformance.base.versions import DATED_VERSIONS, VERSIONS
from conformance.contract.model import Contract
from conformance.engine.duplicates import duplicate_keys
from conformance.engine.rules import RULE
from conformance.events.judge import judge_event as judge_event_body
from conformance.findings.model import Blame, Finding, Level, Rule, Verdict
from conformance.operations.compile import CompiledOperation, compile_operation
from conformance.operations.envelope import GraphQLRequest, read_request
from conformance.operations.exchange import judge_exchange as judge_whole_exchange
from conformance.operations.http import judge_http
from conformance.operations.request import judge_variables
from conformance.operations.response import judge_response
from conformance.traffic.model import Event, Exchange, HttpRequest, header
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


_SUITE_FAULT: Final = "SCN-002"
_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ExchangeJudgement:
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


def judge_exchange(exchange: Exchange, contract: Contract) -> ExchangeJudgement:
    """Judges an exchange: the HTTP around it, document, variables, answer. Never raises on its account."""
    try:
        judged = judge_whole_exchange(exchange, contract)
        compiled, findings = judged.compiled, judged.findings
    except Exception:  # noqa: BLE001 - step by step, the fault shows as a finding, and the other steps still judge
        compiled, findings = _judge_by_steps(exchange, contract)
    twice = (*_twice(exchange.request.body, "request"), *_twice(exchange.response.body, "response"))
    operation = ", ".join(compiled.root_fields) if compiled is not None else ""
    return ExchangeJudgement(exchange.index, (*findings, *twice), operation, exchange.position)


def judge_request(request: HttpRequest, contract: Contract) -> ExchangeJudgement:
    """Judges a request without an answer: envelope, document, variables. Never raises on its account."""
    findings: list[Finding] = []
    _, compiled = _judge_request(request, contract, findings)
    operation = ", ".join(compiled.root_fields) if compiled is not None else ""
    return ExchangeJudgement(0, (*findings, *_twice(request.body, "request")), operation, kind="request")


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


def _judge_by_steps(exchange: Exchange, contract: Contract) -> tuple[CompiledOperation | None, tuple[Finding, ...]]:
    """As the whole judge does, each step guarded by itself."""
    findings: list[Finding] = []
    request, response = exchange.request, exchange.response
    findings += _guarded(findings, judge_http, request, response) or ()
    asked, compiled = _judge_request(request, contract, findings)
    if asked is not None and compiled is not None:
        more = _guarded(
            findings, judge_response, compiled, response.body, variables=asked.variables, status=response.status
        )
        findings += more or ()
    return compiled, tuple(findings)


def _judge_request(
    request: HttpRequest, contract: Contract, findings: list[Finding]
) -> tuple[GraphQLRequest | None, CompiledOperation | None]:
    """What a request asks for, compiled; what is wrong with it is added to the findings."""
    asked, envelope = _guarded(findings, read_request, request) or (None, ())
    findings += envelope
    if asked is None:
        return None, None
    compiled = _guarded(findings, compile_operation, asked.document, asked.operation_name, contract)
    if compiled is not None:
        findings += compiled.request_findings
        findings += _guarded(findings, judge_variables, compiled, asked.variables) or ()
    return asked, compiled


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


def _twice(body: bytes, origin: str) -> Iterable[Finding]:
    for path in duplicate_keys(body):
        yield Finding(
            rule="TRF-003",
            verdict=Verdict.FAIL,
            message=f"the key {str(path[-1])[:100]!r} stands twice in one object; which value holds is not said",
            blame=Blame.TARGET if origin == "response" else Blame.CLIENT,
            origin=origin,
            path=path,
            expected="each key once",
            actual="the key stands twice",
            source="RFC 8259, 4",
        )
