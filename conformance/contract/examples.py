"""The documented examples by their titles: what a suite that encodes the documentation has to have."""

from __future__ import annotations

from functools import lru_cache

from conformance.base.data import data_folder
from conformance.base.yamlio import load_yaml_file


@lru_cache(maxsize=1)
def load_examples() -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Page slug, title and versions of every documented example whose title was read, in the order of the file."""
    pages = load_yaml_file(data_folder("schema") / "examples.yaml", positions=False).value["pages"]
    return tuple(
        (page, title, frozenset(versions)) for page, examples in pages.items() for title, versions in examples.items()
    )
