"""The finding about keys that stand twice in one object."""

from __future__ import annotations

from conformance.engine.duplicates import duplicate_keys
from conformance.findings.model import Blame, Finding, Verdict


def keys_twice(body: bytes, origin: str) -> tuple[Finding, ...]:
    """A finding for each key that stands twice in an object of the body. `origin` is `request` or `response`."""
    return tuple(
        Finding(
            rule="TRF-003",
            verdict=Verdict.FAIL,
            message=f"the key {str(path[-1])[:100]!r} stands twice in one object; which value holds is not said",
            blame=Blame.TARGET if origin == "response" else Blame.CLIENT,
            origin=origin,
            path=path,
            expected="each key once",
            actual="the key stands twice",
            source="RFC 8259, 4",
        )
        for path in duplicate_keys(body)
    )
