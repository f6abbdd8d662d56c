"""The errors that the troubleshooting pages list, by operation and version: what flows have to provoke."""

from __future__ import annotations

from functools import lru_cache

from conformance.base.data import data_folder
from conformance.base.yamlio import load_yaml_file


@lru_cache(maxsize=1)
def load_documented_errors() -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Operation, error and versions. The error is its code, or its type where the page names no code.

    Errors that nothing a client does brings about have no versions. What is no operation stands under its own words.
    """
    pages = load_yaml_file(data_folder("schema") / "errors.yaml", positions=False).value["pages"]
    return tuple(
        (operation, error.get("code") or error["type"], frozenset(error.get("versions", ())))
        for operations in pages.values()
        for operation, errors in operations.items()
        for error in errors
    )
