"""What the sandbox's log may show: one line a refused request, with nothing that a caller sent."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import Final

LOG: Final = logging.getLogger("conformance.sandbox")
LOG.addHandler(logging.NullHandler())  # who embeds a sandbox hears of refused requests only when it asks to

_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_PATHS: Final = ("/graphql", "/token")
_STARTS: Final = ("/_sandbox/", "/upload/", "/download/")
_MAX_FRAMES: Final = 5


def shown(method: str, path: str) -> str:
    """Method and path of a request, without a link's key, and without what a caller made up."""
    known = path if path in _PATHS else next((f"{start}…" for start in _STARTS if path.startswith(start)), "other path")
    return f"{method if method in _METHODS else 'other method'} {known}"


def where(error: BaseException) -> str:
    """An exception's type and where it came up. Its text is left out: it may quote the request."""
    frames = traceback.extract_tb(error.__traceback__)[-_MAX_FRAMES:]
    places = (f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames))
    return " < ".join((type(error).__name__, *places))
