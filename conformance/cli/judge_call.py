"""One call from files: a document or request body, its variables, its answer; and events from files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any, Final

from conformance.base.data import display_path
from conformance.base.errors import InputError, Problem, SourcePosition
from conformance.base.jsonio import decode_utf8, load_json, read_input
from conformance.base.paths import JsonPath
from conformance.contract.model import Contract
from conformance.engine.judge import ExchangeJudgement, judge_exchange, judge_request
from conformance.findings.model import Finding
from conformance.operations.compile import compile_operation
from conformance.traffic.jsonscan import locate, locate_all
from conformance.traffic.model import Event, Exchange, HttpRequest, HttpResponse

MAX_UNKNOWN: Final = 6
"""So many unknown variables of `@skip` and `@include` are tried both ways."""

_BOM = b"\xef\xbb\xbf"
_JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class CallFiles:
    """What the options name.

    Without a response only the request is judged; `status` and `content_type` None: not known.
    """

    operation: Path
    response: Path | None = None
    variables: Path | None = None
    operation_name: str | None = None
    status: int | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class _Document:
    """What the operation's file holds: the parameters of a request. `request_body` is None for a bare document."""

    file: str
    parameters: Mapping[str, Any]
    request_body: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Text:
    """A JSON text that findings can be placed in, and the file it stands in."""

    file: Path
    content: bytes


class Call:
    """A request and its answer, read from files.

    Raises InputError when one of them is faulty, with the faults of all of them.
    """

    def __init__(self, files: CallFiles) -> None:
        problems: list[Problem] = []
        document: _Document | None = None
        self._variables_text: bytes | None = None
        variables: Any = None
        self._answer: bytes | None = None
        try:
            document = _read_document(files.operation)
        except InputError as error:
            problems += error.problems
        try:
            if files.variables is not None:
                self._variables_text, variables = _read_variables(files.variables)
        except InputError as error:
            problems += error.problems
        try:
            if files.response is not None:
                self._answer = _read_json(files.response)[0]
        except InputError as error:
            problems += error.problems
        if problems or document is None:
            raise InputError(problems)
        self._files = files
        self._document = document
        self._body = _request_body(document, files, variables)

    def judge(self, contract: Contract, index: int) -> ExchangeJudgement:
        """Judges request and answer; findings are placed in the files where they can be."""
        judged = min(
            (self._judged(body, contract, index) for body in self._bodies(contract)),
            key=lambda one: sum(finding.origin == "response" for finding in one.findings),
        )
        findings = self._placed([finding for finding in judged.findings if self._is_known(finding)])
        position = SourcePosition(display_path(self._files.response or self._files.operation))
        return replace(judged, index=index, findings=findings, position=position)

    def _judged(self, body: bytes, contract: Contract, index: int) -> ExchangeJudgement:
        exchange = self._exchange(body, index)
        if self._answer is None:
            return judge_request(exchange.request, contract)
        return judge_exchange(exchange, contract)

    def _bodies(self, contract: Contract) -> Iterator[bytes]:
        """The requests that may have been sent: unknown variables of `@skip` and `@include` may be true or false."""
        yield self._body
        query = self._document.parameters.get("query")
        if self._answer is None or self._variables_known or not isinstance(query, str):
            return
        names = compile_operation(query, self._files.operation_name, contract).conditions[:MAX_UNKNOWN]
        for values in product((True, False), repeat=len(names)) if names else ():
            yield _request_body(self._document, self._files, dict(zip(names, values, strict=True)), known=True)

    def _exchange(self, body: bytes, index: int) -> Exchange:
        request = HttpRequest("POST", "", (), body)
        known = self._files.status is not None or self._files.content_type is not None
        headers = (("content-type", self._files.content_type or _JSON_TYPE),) if known else ()
        response = HttpResponse(self._files.status or 200, headers, self._answer or b"")
        return Exchange(request, response, index)

    def _is_known(self, finding: Finding) -> bool:
        """Variables that nobody gave are unknown, not missing; those of a request body are as they stand there."""
        return self._variables_known or finding.origin != "variables"

    @property
    def _variables_known(self) -> bool:
        return self._files.variables is not None or self._document.request_body is not None

    def _placed(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings with their places in the files that they are about."""
        paths: dict[_Text, list[JsonPath]] = {}
        for finding in findings:
            text, path = self._text_of(finding)
            if text is not None:
                paths.setdefault(text, []).append(path)
        places = {text: locate_all(text.content, paths[text], file=display_path(text.file)) for text in paths}
        placed = []
        for finding in findings:
            text, path = self._text_of(finding)
            position = finding.position
            if text is not None:
                position = places[text][path]
            elif position is not None and finding.origin == "document":
                position = SourcePosition(self._document.file, position.line, position.column)
            placed.append(replace(finding, position=position))
        return tuple(placed)

    def _text_of(self, finding: Finding) -> tuple[_Text | None, JsonPath]:
        """The JSON text that a finding is about, and where in it; None for a document, which says that itself."""
        files = self._files
        if finding.origin == "response" and self._answer is not None and files.response is not None:
            return _Text(files.response, self._answer), finding.path
        if finding.origin == "variables" and self._variables_text is not None and files.variables is not None:
            return _Text(files.variables, self._variables_text), finding.path[1:]
        if self._document.request_body is not None:
            path = finding.path if finding.origin in ("variables", "request") else ("query",)
            return _Text(files.operation, self._document.request_body), path
        return None, ()


def read_event(path: Path) -> Event:
    """The event of a file. Raises InputError when it is no JSON."""
    content, _ = _read_json(path)
    return Event(content, position=SourcePosition(display_path(path), 1, 1))


def _read_json(path: Path) -> tuple[bytes, Any]:
    """The bytes of a JSON file and their value; a byte order mark belongs to the file, not to the wire."""
    content = read_input(path).removeprefix(_BOM)
    return content, load_json(content, display_path(path))


def _read_variables(path: Path) -> tuple[bytes, Mapping[str, Any] | None]:
    content, value = _read_json(path)
    if value is not None and not isinstance(value, dict):
        raise InputError.at(
            display_path(path), "the variables are no object", line=1, column=1, expected="a JSON object"
        )
    return content, value


def _read_document(path: Path) -> _Document:
    """A GraphQL document or a JSON request body `{"query", "variables", …}`, told apart by the content."""
    content = read_input(path).removeprefix(_BOM)
    name = display_path(path)
    text = decode_utf8(content, name)
    start = "".join(text.split(None, 2)[:2])[:2]
    if start != '{"' and path.suffix.lower() != ".json":
        return _Document(name, {"query": text})
    value = load_json(content, name)
    if not isinstance(value, dict) or not isinstance(value.get("query"), str):
        place = locate(content, ("query",), file=name)
        raise InputError.at(
            name,
            "the request body has no query",
            line=place.line,
            column=place.column,
            expected='a GraphQL document, or {"query": "…", "variables": {…}}',
        )
    return _Document(name, value, content)


def _request_body(document: _Document, files: CallFiles, variables: Any, *, known: bool = False) -> bytes:
    """The body that the files mean; as it stands in its file when no option changes it."""
    changes: dict[str, Any] = {}
    if known or files.variables is not None:
        changes["variables"] = variables
    if files.operation_name is not None:
        changes["operationName"] = files.operation_name
    if document.request_body is not None and not changes:
        return document.request_body
    return json.dumps({**document.parameters, **changes}).encode()
