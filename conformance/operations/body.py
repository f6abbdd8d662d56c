"""The bytes of an answer as a JSON value, or the findings that say why they are none, each with its place."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import msgspec

from conformance.findings.model import Blame, Finding
from conformance.findings.wording import printable
from conformance.operations.finding import found, shown

MAX_DEPTH: Final = 500
NO_VALUE: Final = object()

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_TITLE: Final = re.compile(r"<title[^>]*>(.{0,200}?)</title", re.IGNORECASE | re.DOTALL)
_BRACKETS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]')


@dataclass(frozen=True, slots=True)
class Body:
    """A body's JSON value, `NO_VALUE` when there is none, and what is wrong with the bytes."""

    value: Any
    findings: tuple[Finding, ...] = ()


class _ConstantError(ValueError):
    """NaN or Infinity, which JSON does not have."""


def read_body(body: bytes, *, status: int = 200) -> Body:
    """Reads an answer's body. A faulty body that can still be understood gives both findings and a value."""
    try:
        return Body(msgspec.json.decode(body))
    except RecursionError:
        return _too_deep(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _diagnose(body, status)


def status_blame(status: int) -> Blame:
    """Whose fault an answer with this status is when it is no GraphQL answer."""
    if status in (401, 403, 407):
        return Blame.CONFIGURATION
    if status in (408, 425, 429, 502, 503, 504) or 520 <= status <= 530:
        return Blame.ENVIRONMENT
    return Blame.TARGET


def _diagnose(body: bytes, status: int) -> Body:  # noqa: PLR0911 - one return a kind of fault
    blame = status_blame(status)
    if not body.strip():
        return Body(NO_VALUE, (_no_json("the body is empty", "empty body", status, blame),))
    findings: list[Finding] = []
    text = _text(body, findings)
    if text.lstrip()[:1] == "<":
        title = _TITLE.search(text)
        name = f" titled {shown(' '.join(title[1].split()))}" if title else ""
        message = f"the body is an HTML or XML page{name}"
        return Body(NO_VALUE, (*findings, _no_json(message, "a page, not JSON", status, blame)))
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        return _too_deep(body)
    except json.JSONDecodeError as error:
        return Body(NO_VALUE, (*findings, _syntax(text, error, status, blame)))
    except _ConstantError as error:
        findings.append(_no_json(f"{error} is no JSON value", str(error), status, blame, fix="Answer null or a number"))
        return Body(json.loads(text), tuple(findings))
    except ValueError:
        message = "a number has more digits than can be read"
        return Body(NO_VALUE, (*findings, found("ENV-028", message, expected="at most 4,300 digits", actual="more")))
    if not findings:
        findings += _lenient(text)
    return Body(value, tuple(findings))


def _text(body: bytes, findings: list[Finding]) -> str:
    """The text of a body in any encoding; what is not UTF-8 is a finding."""
    for mark, encoding, name in _BOMS:
        if body.startswith(mark):
            findings.append(
                found("ENV-021", f"the body is {name}", expected="UTF-8", actual=name, fix="Send plain UTF-8")
            )
            return (
                body[len(mark) :].decode(encoding + ("-le" if mark.startswith(b"\xff") else "-be"), "replace")
                if (encoding != "utf-8")
                else body[len(mark) :].decode("utf-8", "replace")
            )
    if b"\x00" in body[:4]:
        encoding = "utf-16-be" if body[:1] == b"\x00" else "utf-16-le"
        if body[:3] == b"\x00\x00\x00":
            encoding = "utf-32-be"
        elif body[1:4] == b"\x00\x00\x00":
            encoding = "utf-32-le"
        findings.append(
            found("ENV-021", f"the body looks like {encoding.upper()}", expected="UTF-8", actual=encoding.upper())
        )
        return body.decode(encoding, "replace")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        column = error.start - (body.rfind(b"\n", 0, error.start) + 1) + 1
        findings.append(
            found(
                "ENV-021",
                f"the body is not UTF-8: byte 0x{body[error.start]:02x} at line {line}, column {column}",
                expected="UTF-8",
                actual=f"byte 0x{body[error.start]:02x} at offset {error.start}",
                fix="Encode the answer as UTF-8",
            )
        )
        return body.decode(errors="replace")


def _syntax(text: str, error: json.JSONDecodeError, status: int, blame: Blame) -> Finding:
    place = f"line {error.lineno}, column {error.colno}"
    if not text[error.pos :].strip() or error.msg.startswith("Unterminated string"):
        return _no_json(
            f"the body is cut off: it ends at {place} inside a value", f"{len(text):,} characters", status, blame
        )
    around = text[max(0, error.pos - 10) : error.pos + 20]
    return _no_json(f"the body is not JSON: {error.msg} at {place}", f"… {printable(around)} …", status, blame)


def _no_json(message: str, actual: str, status: int, blame: Blame, fix: str = "") -> Finding:
    if status != 200:
        message = f"HTTP {status}: {message}"
    return found("ENV-020", message, expected="a JSON object", actual=actual, blame=blame, fix=fix)


def _too_deep(body: bytes) -> Body:
    depth = max(_depths(body), default=0)
    return Body(
        NO_VALUE,
        (
            found(
                "ENV-027",
                f"the body nests {depth:,} levels deep, which no reader is bound to take",
                expected=f"at most {MAX_DEPTH} levels",
                actual=f"{depth:,} levels",
            ),
        ),
    )


def _depths(body: bytes) -> Iterator[int]:
    depth = 0
    for match in _BRACKETS.finditer(body):
        token = match[0]
        if token in (b"[", b"{"):
            depth += 1
            yield depth
        elif token in (b"]", b"}"):
            depth -= 1


def _lenient(text: str) -> list[Finding]:
    """Why one JSON reader takes a text that another refuses."""
    if re.search(r"\\u[dD][89a-fA-F]", text):
        return [
            found(
                "ENV-021",
                "a string has half of a surrogate pair, which is no character",
                expected="whole characters",
                actual="a lone surrogate",
            )
        ]
    return [
        found(
            "ENV-028",
            "a number is beyond what a JSON reader is bound to hold",
            expected="a number within IEEE 754 double precision",
            actual="a larger one",
        )
    ]


def _no_constant(name: str) -> NoReturn:
    raise _ConstantError(name)
