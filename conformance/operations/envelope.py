"""GraphQL over HTTP, the way there: from the bytes of a request to a document with its variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import msgspec

from conformance.base.paths import JsonPath
from conformance.base.records import Record, record
from conformance.findings.model import Blame, Finding
from conformance.findings.wording import key_for_path
from conformance.operations.body import NO_VALUE, read_body
from conformance.operations.finding import found, kind_shown, listed
from conformance.traffic.model import HttpRequest, header

PARAMETERS: Final = ("query", "operationName", "variables", "extensions")
MAX_PARAMETERS: Final = 100


@record
class GraphQLRequest(Record, frozen=True):
    """What a client asks for: the document, the operation meant in it, the values of its variables."""

    document: str
    operation_name: str | None = None
    variables: Mapping[str, Any] | None = None
    extensions: Mapping[str, Any] | None = None


class _WireRequest(msgspec.Struct, forbid_unknown_fields=True):
    query: str
    operationName: str | None = None  # noqa: N815 - the name on the wire
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


_decode: Final = msgspec.json.Decoder(_WireRequest).decode


def read_request(request: HttpRequest) -> tuple[GraphQLRequest | None, tuple[Finding, ...]]:
    """Reads the parameters of a request: from the JSON body of a POST, or from the query of a GET.

    A malformed request gives findings, and None when it has no document.
    """
    if request.method.upper() == "GET":
        return _read_query(request.url)
    try:
        wire = _decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_body(request)
    return GraphQLRequest(wire.query, wire.operationName or None, wire.variables, wire.extensions), ()


def _read_body(request: HttpRequest) -> tuple[GraphQLRequest | None, tuple[Finding, ...]]:
    media_type = (header(request.headers, "content-type") or "").partition(";")[0].strip().lower()
    if media_type == "application/graphql":
        finding = _found(
            "ENV-004", "the body is a bare document", (), expected="a JSON object with query", actual=media_type
        )
        return GraphQLRequest(request.body.decode(errors="replace")), (finding,)
    read = read_body(request.body)
    findings = [
        _found(
            "ENV-004",
            finding.message.replace("the body", "the request body", 1),
            (),
            expected=finding.expected,
            actual=finding.actual,
            fix="Send the request as JSON in UTF-8",
        )
        for finding in read.findings
    ]
    if read.value is NO_VALUE:
        return None, tuple(findings)
    if not isinstance(read.value, dict):
        actual = kind_shown(read.value)
        fix = "Send each operation in a request of its own" if isinstance(read.value, list) else ""
        findings.append(
            _found("ENV-004", f"the request body is {actual}", (), expected="a JSON object", actual=actual, fix=fix)
        )
        return None, tuple(findings)
    made, more = _from_parameters(read.value)
    return made, (*findings, *more)


def _read_query(url: str) -> tuple[GraphQLRequest | None, tuple[Finding, ...]]:
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError as error:
        return None, (
            _found("ENV-005", f"the URL cannot be read: {error}", (), expected="?query=…", actual="no parameters"),
        )
    parameters: dict[str, Any] = {}
    findings: list[Finding] = []
    for name, text in pairs:
        if name in ("variables", "extensions") and text:
            read = read_body(text.encode(errors="replace"))
            if read.value is NO_VALUE:
                message = f"the parameter {name} is not JSON"
                findings.append(_found("ENV-006", message, (name,), expected="a JSON object", actual="another text"))
                continue
            parameters[name] = read.value
        else:
            parameters[name] = text or None
    made, more = _from_parameters(parameters)
    return made, (*findings, *more)


def _from_parameters(parameters: dict[str, Any]) -> tuple[GraphQLRequest | None, list[Finding]]:
    findings: list[Finding] = []
    given: dict[str, Any] = {}
    for name, kind in (("operationName", str), ("variables", dict), ("extensions", dict)):
        value = parameters.get(name)
        if value is None or isinstance(value, kind):
            given[name] = value
            continue
        expected = "a string or null" if kind is str else "an object or null"
        message = f"{name} is {kind_shown(value)}"
        fix = f"Send {name} as JSON, not as JSON in a string" if isinstance(value, str) else ""
        findings.append(_found("ENV-006", message, (name,), expected=expected, actual=kind_shown(value), fix=fix))
    findings += [
        _found(
            "ENV-007",
            f"the request has the parameter {key_for_path(name)}",
            (key_for_path(name),),
            expected=listed(PARAMETERS),
            actual=key_for_path(name),
        )
        for name in parameters
        if name not in PARAMETERS
    ]
    document = parameters.get("query")
    if not isinstance(document, str):
        actual = kind_shown(document) if "query" in parameters else "missing"
        findings.append(
            _found(
                "ENV-005",
                f"the parameter query is {actual}",
                ("query",),
                expected="the document, a string",
                actual=actual,
                fix="Send the GraphQL document as query",
            )
        )
        return None, findings
    return GraphQLRequest(
        document, given.get("operationName") or None, given.get("variables"), given.get("extensions")
    ), findings


def _found(rule: str, message: str, path: JsonPath, *, expected: str, actual: str, fix: str = "") -> Finding:
    return found(
        rule, message, path=path, origin="request", expected=expected, actual=actual, fix=fix, blame=Blame.CLIENT
    )
