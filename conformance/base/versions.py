"""The dated versions of the Buy with Prime API, as `x-api-version` names them."""

from __future__ import annotations

from typing import Final

DATED_VERSIONS: Final = ("2024-01-01", "2024-04-01", "2024-11-01")
"""The published versions, oldest first."""

NEXT: Final = "next"
"""The overlay: what pages without a version describe, on top of the newest dated version."""

VERSIONS: Final = (*DATED_VERSIONS, NEXT)


def check_version(text: str) -> str:
    """The version itself. Raises ValueError naming the known ones."""
    if text not in VERSIONS:
        raise ValueError(f"unknown API version {text!r}; known are {', '.join(VERSIONS)}")
    return text
