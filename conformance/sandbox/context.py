"""What a resolver gets beside its arguments."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.contract.model import Contract
from conformance.sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Context:
    """One request: the state, and the contract that its version picked."""

    store: Store
    contract: Contract
    version: str
