"""The tasks of the documented examples."""

from __future__ import annotations

from typing import Final

from conformance.sandbox.context import Context
from conformance.sandbox.privacy import tasks

DELETION_ID: Final = "3f0b9a52-6c1d-4d8e-8f27-5b6a7c8d9e0f"
RETRIEVAL_ID: Final = "8d2f6c1e-4b7a-4e53-9c0d-1a2b3c4d5e6f"
EMAIL: Final = "ada@example.org"


def add_tasks(context: Context, deletion: str, retrieval: str) -> None:
    """A deletion and a retrieval in these states, which they stay in; empty: none. Of a deletion on hold the time is
    still running."""
    subject = {"type": "SHOPPER", "email": EMAIL if retrieval != "FAILED" else "nobody@example.org"}
    if retrieval:
        tasks.put_retrieval(context, RETRIEVAL_ID, subject, retrieval)
    if deletion:
        tasks.put_deletion(context, DELETION_ID, {"type": "SHOPPER", "email": EMAIL}, deletion)
