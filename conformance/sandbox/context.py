"""What a resolver gets beside its arguments, and what a resolver is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from graphql import GraphQLError

from conformance.contract.model import Contract
from conformance.sandbox.scopes import Caller
from conformance.sandbox.store import Resource, Store

PARTIAL_ERROR: Final = "_partialError"
"""Under this key an object of partial data keeps its error, with its place in the answer."""


@dataclass(frozen=True, slots=True)
class Context:
    """One request: the state, the contract that its version picked, and who asks."""

    store: Store
    contract: Contract
    version: str
    caller: Caller = field(default_factory=Caller)
    partial_errors: list[GraphQLError] = field(default_factory=list)
    """Errors beside data, in the order in which they came up."""

    def tell(self, source: Resource) -> None:
        """Adds the error of partial data to the answer, once, because a field of this object is null for it."""
        error = source.get(PARTIAL_ERROR)
        if error is not None and not any(known is error for known in self.partial_errors):
            self.partial_errors.append(error)


@dataclass(frozen=True, slots=True)
class Partial:
    """An object that comes together with an error at its own place: the documented partial data.

    The error comes with the first field that it leaves null, by `Context.tell`; without such a field there is none.
    """

    value: Resource
    error: GraphQLError


Operation: TypeAlias = Callable[[Context, Resource], Any]
"""Answers a root field from its arguments."""

Shape: TypeAlias = Callable[[Resource, Context], Any]
"""What a field shows of a resource of the store, where that is not the value under its own name."""
