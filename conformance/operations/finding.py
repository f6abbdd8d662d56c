"""How this package makes findings: level from the rule table, verdict from level and grade, values shown short."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from graphql.pyutils import did_you_mean, suggestion_list

from conformance.base.errors import SourcePosition
from conformance.base.paths import JsonPath
from conformance.findings.model import Blame, Finding, Grade, Level, Verdict, weigh
from conformance.findings.wording import UNCONFIRMED, printable
from conformance.operations.rules import RULES

SHOWN_CHARACTERS: Final = 60
SHOWN_KEYS: Final = 6
_CODE: Final = re.compile(r"[\w .:+/-]{1,32}")
LONGEST_NAME: Final = 100
NAMES_COMPARED: Final = 200

_WEIGHED: Final = {rule.id: (rule.level, weigh(rule.level, Grade.SPECIFICATION), rule.source) for rule in RULES}


def found(  # noqa: PLR0913 - a finding has that many parts
    rule: str,
    message: str,
    *,
    path: JsonPath = (),
    origin: str = "response",
    coordinate: str = "",
    expected: str = "",
    actual: str = "",
    grade: Grade = Grade.SPECIFICATION,
    source: str = "",
    position: SourcePosition | None = None,
    fix: str = "",
    blame: Blame = Blame.TARGET,
    unconfirmed: str = "",
) -> Finding:
    """A finding of a rule of this package.

    `unconfirmed` says why the fact might not hold although its grade is good (its type is read in part): the finding
    then warns at most.
    """
    level, verdict, own_source = _WEIGHED[rule]
    if unconfirmed or (grade is not Grade.SPECIFICATION and grade is not Grade.PAGE and grade is not Grade.EXAMPLE):
        verdict = weigh(level, grade)
        reason = unconfirmed or (UNCONFIRMED[grade] if level is Level.MUST else "")
        if reason:
            verdict = min(verdict, Verdict.WARN)
            message = f"{message} (unconfirmed: {reason})"
    # In the order of the fields: by name would cost an answer full of faults a fifth more.
    return Finding(
        rule, verdict, message, level, blame, origin, path, coordinate, expected, actual, grade, source or own_source,
        position, fix,
    )  # fmt: skip


def kind_of(value: Any) -> str:
    """The JSON kind of a value, as messages name it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list | tuple):
        return "list"
    return "number"


def shown(value: Any) -> str:
    """A value as messages show it: shortened, always printable."""
    if isinstance(value, str):
        text = value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 1] + "…"
        if text.isprintable() and '"' not in text and "\\" not in text:
            return f'"{text}"'
        return printable(json.dumps(text, ensure_ascii=False))
    if isinstance(value, dict):
        keys = ", ".join(printable(str(key))[:SHOWN_CHARACTERS] for key in list(value)[:SHOWN_KEYS])
        return f"object with {keys}{', …' if len(value) > SHOWN_KEYS else ''}" if value else "empty object"
    if isinstance(value, list | tuple):
        return f"list of {len(value)}" if value else "empty list"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return number_text(value)


def code_shown(value: Any) -> str:
    """As `shown` for what reads like a code, a date or a name of the API; of any other text only the length.

    An address, a token or a link that stands where a code belongs is told without being repeated.
    """
    if isinstance(value, str) and not _CODE.fullmatch(value):
        return f"string of {len(value):,} characters" if value else "empty string"
    return shown(value)


def kind_shown(value: Any) -> str:
    """The kind of a value, with the value itself where it can hold no secret."""
    kind = kind_of(value)
    if kind in ("boolean", "number"):
        return f"{kind} {shown(value)}"
    return shown(value) if kind in ("object", "list") else kind


def number_text(value: Any) -> str:
    """A number's digits, or how big it is when it has too many of them."""
    if isinstance(value, int) and abs(value) >= 10**SHOWN_CHARACTERS:
        return f"a number of {value.bit_length()} bits"
    return str(value)[:SHOWN_CHARACTERS]


def near(name: str, known: Iterable[str]) -> str:
    """`Did you mean …?` for a name that is like known ones, else empty."""
    return _near(name, tuple(known)) if len(name) <= LONGEST_NAME else ""


@lru_cache(maxsize=4096)
def _near(name: str, known: tuple[str, ...]) -> str:
    known = tuple(one for one in known[:NAMES_COMPARED] if len(one) <= LONGEST_NAME)
    return did_you_mean(suggestion_list(name, known)).strip()


def listed(names: Any, limit: int = 12) -> str:
    """Names as a message lists them."""
    names = list(names)
    return ", ".join(names[:limit]) + (f", … ({len(names)} in all)" if len(names) > limit else "")
