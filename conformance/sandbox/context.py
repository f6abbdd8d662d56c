"""What a resolver gets beside its arguments, and what a resolver is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from conformance.contract.model import Contract
from conformance.sandbox.store import Resource, Store


@dataclass(frozen=True, slots=True)
class Context:
    """One request: the state, and the contract that its version picked."""

    store: Store
    contract: Contract
    version: str


Operation: TypeAlias = Callable[[Context, Resource], Any]
"""Answers a root field from its arguments."""

Shape: TypeAlias = Callable[[Resource, Context], Any]
"""What a field shows of a resource of the store, where that is not the value under its own name."""
