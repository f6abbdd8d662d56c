"""What every maker of findings shares: the weaker of two grades, strangers' text made printable, reasons to doubt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from conformance.findings.model import Grade

KEY_CHARACTERS: Final = 200

UNCONFIRMED: Final[Mapping[Grade, str]] = MappingProxyType(
    {
        Grade.GUIDE: "only a guide says so",
        Grade.CHANGELOG: "only a changelog says so",
        Grade.INFERRED: "it is inferred",
    }
)
"""Why a fact of a weak grade might not hold, as messages say it."""

_STRENGTH: Final = tuple(Grade)


def weaker(first: Grade, second: Grade) -> Grade:
    """The grade that says less: what stands on two facts stands on the weaker one."""
    return max(first, second, key=_STRENGTH.index)


def printable(text: str) -> str:
    """The text with lone surrogates and control characters escaped, so that any encoding can write it."""
    if text.isprintable():
        return text
    escaped = text.encode("utf-8", "backslashreplace").decode()
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in escaped)


def key_for_path(key: str) -> str:
    """A key of a stranger's object as part of a path: printable, and of bounded length."""
    return printable(key if len(key) <= KEY_CHARACTERS else key[: KEY_CHARACTERS - 1] + "…")
