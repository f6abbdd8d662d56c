"""A whole exchange, judged: what was sent, what came back, and the HTTP around both."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.contract.model import Contract
from conformance.findings.model import Finding
from conformance.operations.compile import CompiledOperation, compile_operation
from conformance.operations.envelope import GraphQLRequest, read_request
from conformance.operations.http import judge_http
from conformance.operations.request import judge_variables
from conformance.operations.response import judge_response
from conformance.traffic.model import Exchange


@dataclass(frozen=True, slots=True)
class JudgedExchange:
    """What judging an exchange gave. `request` and `compiled` are None when the request has no document."""

    findings: tuple[Finding, ...]
    request: GraphQLRequest | None = None
    compiled: CompiledOperation | None = None


def judge_exchange(exchange: Exchange, contract: Contract) -> JudgedExchange:
    """Judges an exchange: HTTP, document, variables, answer. An answer to no document is judged as HTTP alone."""
    http = judge_http(exchange.request, exchange.response)
    asked, envelope = read_request(exchange.request)
    if asked is None:
        return JudgedExchange((*http, *envelope))
    compiled = compile_operation(asked.document, asked.operation_name, contract)
    response = exchange.response
    findings = (
        *http,
        *envelope,
        *compiled.request_findings,
        *judge_variables(compiled, asked.variables),
        *judge_response(
            compiled, response.body, variables=asked.variables, status=response.status, headers=response.headers
        ),
    )
    return JudgedExchange(findings, asked, compiled)
