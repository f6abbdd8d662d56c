"""GraphQL over HTTP: method, status, media types and charset of an exchange. Bodies are judged elsewhere."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

import msgspec

from conformance.findings.model import Blame, Finding
from conformance.findings.wording import printable
from conformance.operations.body import status_blame
from conformance.operations.document import parse_document
from conformance.operations.envelope import read_request
from conformance.operations.finding import found
from conformance.traffic.model import Headers, HttpRequest, HttpResponse, header

JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"

_CHARSET: Final = re.compile(r';\s*charset\s*=\s*"?([^";\s]*)', re.IGNORECASE)
_UTF8: Final = frozenset(("", "utf-8", "utf8"))
_JSON_RANGES: Final = frozenset((JSON, GRAPHQL_JSON, "*/*", "application/*"))
_CLIENT_STATUSES: Final = frozenset((400, 405, 406, 411, 413, 414, 415, 422, 431))


class _Peek(msgspec.Struct):
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    errors: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def judge_http(request: HttpRequest, response: HttpResponse) -> tuple[Finding, ...]:
    """Judges what is around the bodies. A side that has no header at all is taken for recorded without them."""
    if request.method == "POST" and response.status == 200:
        known = _usual_findings(request.headers, response.headers)
        if known is not None:
            return known
    return _all_findings(request, response)


@lru_cache(maxsize=1024)
def _usual_findings(sent: Headers, answered: Headers) -> tuple[Finding, ...] | None:
    """What the headers of a usual exchange show, as they repeat; None where its bodies have a say as well."""
    if answered and _media_type(answered) == GRAPHQL_JSON:
        return None
    return _all_findings(HttpRequest("POST", "", sent), HttpResponse(200, answered))


def _all_findings(request: HttpRequest, response: HttpResponse) -> tuple[Finding, ...]:
    findings = _request_findings(request)
    media_type = ""
    if response.headers:
        media_type = _media_type(response.headers)
        findings += _media_findings(response, media_type)
    if response.status != 200 or media_type == GRAPHQL_JSON:
        findings += _status_findings(request, response, media_type)
    return tuple(findings)


def _request_findings(request: HttpRequest) -> list[Finding]:
    findings: list[Finding] = []
    method = request.method.upper()
    if method != "POST":
        findings.append(
            _found("ENV-001", f"the request was sent with {printable(method)[:20]}", "POST", printable(method)[:20])
        )
        if method == "GET":
            asked, _ = read_request(request)
            operation = parse_document(asked.document, asked.operation_name).operation if asked else None
            if operation is not None and operation.operation.value == "mutation":
                findings.append(
                    _found("ENV-002", "a mutation was sent with GET, which must not change anything", "POST", "GET")
                )
    elif request.headers:
        media_type = _media_type(request.headers)
        if media_type != JSON:
            actual = printable(media_type) or "no Content-Type"
            findings.append(
                _found(
                    "ENV-003",
                    f"the request says {actual}",
                    JSON,
                    actual,
                    path=("headers", "content-type"),
                    fix=f"Send Content-Type: {JSON}",
                )
            )
    accept = header(request.headers, "accept")
    if accept and not any(part.partition(";")[0].strip().lower() in _JSON_RANGES for part in accept.split(",")):
        findings.append(
            _found(
                "ENV-008",
                "the request accepts no JSON",
                f"{GRAPHQL_JSON}, {JSON};q=0.9",
                printable(accept)[:80],
                path=("headers", "accept"),
            )
        )
    return findings


def _media_findings(response: HttpResponse, media_type: str) -> list[Finding]:
    blame = status_blame(response.status) if response.status != 200 else Blame.TARGET
    if media_type not in (JSON, GRAPHQL_JSON):
        actual = printable(media_type) or "no Content-Type"
        return [
            _found(
                "ENV-010",
                f"the answer says {actual}",
                f"{JSON} or {GRAPHQL_JSON}",
                actual,
                path=("headers", "content-type"),
                blame=blame,
                origin="http",
            )
        ]
    charset = _CHARSET.search(header(response.headers, "content-type") or "")
    if charset is not None and charset[1].lower() not in _UTF8:
        actual = printable(charset[1])[:40]
        return [
            _found(
                "ENV-011",
                f"the answer's charset is {actual}",
                "utf-8, or none",
                actual,
                path=("headers", "content-type"),
                blame=blame,
                origin="http",
            )
        ]
    return []


def _status_findings(  # noqa: PLR0911 - one return a kind of status
    request: HttpRequest, response: HttpResponse, media_type: str
) -> list[Finding]:
    status = response.status
    if status in (401, 403, 407):
        fix = "Check the credentials, the token's expiry and its scopes"
        return [_status("ENV-014", status, f"HTTP {status}: the target did not let the caller in", "200", fix)]
    if status == 429:
        return [
            _status("ENV-015", status, "HTTP 429: the target throttles", "200", "Send less, and back off exponentially")
        ]
    of_data = _graphql_json(status, _peek(response.body)) if media_type == GRAPHQL_JSON else []
    if status in (408, 425) or status >= 500:
        failed = _status("ENV-015", status, f"HTTP {status}: the target or something before it failed", "200", "")
        return [failed, *of_data]
    if media_type == GRAPHQL_JSON:
        return of_data
    if status == 200:
        return []
    if 300 <= status < 400:
        fix = "Use the address that the redirect names"
        return [_status("ENV-013", status, f"HTTP {status}: the endpoint redirects", "200", fix, Blame.CONFIGURATION)]
    if status == 404:
        return [
            _status(
                "ENV-013",
                status,
                "HTTP 404: nothing answers at this address",
                "200",
                "Check the endpoint",
                Blame.CONFIGURATION,
            )
        ]
    asked, faults = read_request(request)
    blame = Blame.CLIENT if status in _CLIENT_STATUSES and (asked is None or faults) else Blame.TARGET
    return [_status("ENV-013", status, f"HTTP {status} with an answer of {media_type or JSON}", "200", "", blame)]


def _graphql_json(status: int, peek: Any) -> list[Finding]:
    if peek is None:
        return []
    has_data = peek.data is not msgspec.UNSET
    is_null = has_data and bytes(peek.data) == b"null"
    if has_data and not is_null and not 200 <= status < 300:
        return [_status("ENV-012", status, f"HTTP {status} with data", "2xx, as data is not null", "")]
    if not has_data and status < 400:
        return [_status("ENV-012", status, f"HTTP {status} without data", "4xx or 5xx, as there is no data", "")]
    return []


def _peek(body: bytes) -> Any:
    """Which of data and errors an answer has; None when it is no JSON object."""
    try:
        return msgspec.json.decode(body, type=_Peek)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _media_type(headers: Headers) -> str:
    return (header(headers, "content-type") or "").partition(";")[0].strip().lower()[:100]


def _status(rule: str, status: int, message: str, expected: str, fix: str, blame: Blame | None = None) -> Finding:
    return _found(
        rule,
        message,
        f"HTTP {expected}",
        f"HTTP {status}",
        path=("status",),
        origin="http",
        fix=fix,
        blame=blame or status_blame(status),
    )


def _found(
    rule: str,
    message: str,
    expected: str,
    actual: str,
    *,
    path: tuple[str, ...] = ("method",),
    origin: str = "request",
    fix: str = "",
    blame: Blame = Blame.CLIENT,
) -> Finding:
    return found(rule, message, path=path, origin=origin, expected=expected, actual=actual, fix=fix, blame=blame)
